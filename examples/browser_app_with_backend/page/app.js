const find = id => document.getElementById(id);
const ask = (path, method = "GET", body) => fetch(`/backend/${path}`, {
  method, body: body && JSON.stringify(body),
  headers: {"X-From-Page": "1", ...(body && {"Content-Type": "application/json"})},
});

const show = async () => {
  const session = await ask("session");
  for (const id of ["add", "logout"]) find(id).hidden = !session.ok;
  find("login").hidden = session.ok;
  find("who").textContent = session.ok ? `Logged in as ${(await session.json()).sub}` : "Nobody is logged in";
  const {notes} = session.ok ? await (await ask("api/notes")).json() : {notes: []};
  find("notes").replaceChildren(...notes.map(note => {
    const row = document.createElement("li");
    row.textContent = note;  // text, never HTML: a note is no script
    return row;
  }));
};

find("add").onsubmit = async event => {
  event.preventDefault();
  await ask("api/notes", "POST", {text: event.target.elements[0].value});
  event.target.reset();
  await show();
};
find("logout").onclick = async () => { await ask("logout", "POST"); await show(); };
show();
