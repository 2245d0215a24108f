/* twin: app */
(() => {
  const {issuer, api, client} = document.body.dataset;
  const encode = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const random = () => encode(crypto.getRandomValues(new Uint8Array(32)));
  const hash = async text => encode(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

  const logIn = async () => {
    const pending = {verifier: random(), state: random()};
    sessionStorage.setItem("pending", JSON.stringify(pending));
    const asked = new URLSearchParams({
      response_type: "code", client_id: client, redirect_uri: `${location.origin}/callback`,
      scope: "notes:read notes:write", state: pending.state,
      code_challenge: await hash(pending.verifier), code_challenge_method: "S256",
    });
    location.href = `${issuer}/authorize?${asked}`;
  };

  const answered = () => {
    const got = new URLSearchParams(location.search);
    const pending = JSON.parse(sessionStorage.getItem("pending") ?? "{}");
    if (!got.has("code") || got.get("state") !== pending.state) return null;
    sessionStorage.removeItem("pending");
    history.replaceState(null, "", "/");
    return {
      grant_type: "authorization_code", client_id: client, code: got.get("code"),
      redirect_uri: `${location.origin}/callback`, code_verifier: pending.verifier,
    };
  };

  const keeper = KEEPER;

  const show = async () => {
    const {notes} = await (await keeper.call("GET", "/notes")).json();
    document.querySelector("#notes").innerHTML = notes.map(note => `<li>${note}</li>`).join("");
    document.body.dataset.shown = Number(document.body.dataset.shown ?? 0) + 1;
    window.library.shown();
  };
  const add = async () => {
    await keeper.call("POST", "/notes", JSON.stringify({text: document.querySelector("#text").value}));
    await show();
  };

  (async () => {
    await keeper.open();
    const form = answered();
    if (form) await keeper.redeem(form);
    else if (location.search) return;
    else if (!await keeper.has()) return keeper.logIn();
    document.querySelector("#reload").onclick = show;
    document.querySelector("#add").onclick = add;
    await show();
  })();
})();
