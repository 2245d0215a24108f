(() => {
    const table = mode => new Promise(done => {
      const opening = indexedDB.open("keys", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
      opening.onsuccess = () => done(opening.result.transaction("keys", mode).objectStore("keys"));
    });
    const asked = request => new Promise(done => { request.onsuccess = () => done(request.result); });
    const pair = async () => {
      const known = await asked((await table("readonly")).get("dpop"));
      if (known) return known;
      const made = await crypto.subtle.generateKey({name: "ECDSA", namedCurve: "P-256"}, false, ["sign"]);
      await asked((await table("readwrite")).put(made, "dpop"));
      return made;
    };
    const proof = async (method, url, token) => {
      const {privateKey, publicKey} = await pair();
      const {kty, crv, x, y} = await crypto.subtle.exportKey("jwk", publicKey);
      const claims = {jti: random(), htm: method, htu: url, iat: Math.floor(Date.now() / 1000)};
      if (token) claims.ath = await hash(token);
      const [head, body] = [{typ: "dpop+jwt", alg: "ES256", jwk: {kty, crv, x, y}}, claims]
        .map(part => encode(new TextEncoder().encode(JSON.stringify(part))));
      const signed = new TextEncoder().encode(`${head}.${body}`);
      return `${head}.${body}.${encode(await crypto.subtle.sign({name: "ECDSA", hash: "SHA-256"}, privateKey, signed))}`;
    };
    return {
      open: async () => {},
      has: async () => localStorage.getItem("access_token"),
      logIn,
      redeem: async form => {
        const headers = {DPoP: await proof("POST", `${issuer}/token`)};
        const answer = await fetch(`${issuer}/token`, {method: "POST", body: new URLSearchParams(form), headers});
        const tokens = await answer.json();
        localStorage.setItem("access_token", tokens.access_token);
        localStorage.setItem("refresh_token", tokens.refresh_token);
      },
      call: async (method, path, body) => {
        const token = localStorage.getItem("access_token");
        return fetch(api + path, {
          method, body, headers: {
            Authorization: `DPoP ${token}`, DPoP: await proof(method, api + path, token),
            ...(body && {"Content-Type": "application/json"}),
          },
        });
      },
    };
  })()
