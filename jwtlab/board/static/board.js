// The teacher's pages stay up to date: every moment they ask whether anything has changed.
//
// The server draws; view.js, the front end of the widgets, puts what it has drawn into the page so that
// focus, what was opened and what was scrolled stay as they are.

import view from "./view.js";

const PAUSE = 1500; // milliseconds
const host = document.querySelector("[data-live]");
const notice = document.querySelector("[data-notice]");
const clock = document.querySelector("[data-clock]");

let html = host.innerHTML;
let version = host.dataset.version;
const told = {};
const model = {
  get: (name) => (name === "page" ? html : undefined),
  on: (what, call) => (told[what] = call),
  off: () => {},
  send: async ({ action, value }) => {
    try {
      await fetch(host.dataset.act, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ action, value }),
      });
      await look();
    } catch {
      silent();
    } finally {
      told["change:ack"]?.();
    }
  },
};

async function look() {
  const address = new URL(location.href);
  address.hash = "";
  address.searchParams.set("part", "1");
  address.searchParams.set("seen", version);
  const answer = await fetch(address, { redirect: "manual" });
  if (answer.status === 200) {
    html = await answer.text();
    version = answer.headers.get("X-Version");
    told["change:page"]?.();
  } else if (answer.status !== 204) {
    return say("The board does not know this page any more. Open the address that jwtlab board prints.");
  }
  say("");
  clock.textContent = new Date().toLocaleTimeString([], { hour12: false });
}

const silent = () => say("The board does not answer. What you see is what it last said; it is asked again.");

function say(words) {
  if (notice.textContent !== words) notice.textContent = words;
  notice.hidden = words === "";
}

async function goOn() {
  try {
    if (!document.hidden) await look();
  } catch {
    silent();
  }
  setTimeout(goOn, PAUSE);
}

host.replaceChildren();
host.classList.remove("jwtlab"); // view.js brings the element of this class
view.render({ model, el: host });
setTimeout(goOn, PAUSE);
