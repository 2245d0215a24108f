// The one front end of every jwtlab widget.
//
// The kernel renders HTML from a template (everything in it escaped there); this module shows it,
// keeps focus, caret and scroll while it changes, and sends actions back. It decides nothing.
//
// In the HTML:  data-action="name"   the element acts: buttons on click, the rest on input
//               data-value="..."     what a button sends
//               data-key="..."       identity of an element among its siblings; what stands in it may come for itself
//               data-tick            ask for more work as soon as the last answer is there
//               data-follow          kept in view inside its data-scroller
//               data-reset           scrolled back to its top when this changes
//               data-token           a token editor: coloured here at once, while the kernel thinks

const LONGEST = 65537; // one more than the kernel accepts, so that it still says "too long"
const PATIENCE = 10_000; // milliseconds without an answer, after which the page says so

const AGAIN = "Run the cell that this belongs to again; if it needs another cell first, it says which.";
const GONE = ["No kernel answers here any more", `it was restarted, or has ended. ${AGAIN} What you solved is kept.`];
const LATE = [
  "No answer yet",
  "the kernel is busy with a cell, or the connection is interrupted; then it goes on by itself. " +
    `The button ■ above the notebook stops a cell that does not end. If nothing helps: ${AGAIN}`,
];

function render({ model, el }) {
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // keys pressed here are not JupyterLab's
  const root = document.createElement("div");
  root.className = "jwtlab";
  const picture = document.createElement("div");
  const say = speaker(root);
  root.append(picture);
  el.append(root);

  let shown = [];
  const show = () => {
    const [page, parts] = [model.get("page"), model.get("seldom") ?? {}];
    if (page === shown[0] && parts === shown[1]) return; // both have changed, and one of them has told it already
    shown = [page, parts];
    patchChildren(picture, parse(page));
    for (const [key, part] of Object.entries(parts)) fill(picture.querySelector(`[data-key="${key}"]`), part);
    for (const editor of root.querySelectorAll("textarea[data-token]")) colour(editor);
    for (const region of root.querySelectorAll("section[aria-label]")) distinguish(region);
    // JupyterLab would take the arrow keys, with which one goes through a group of radio buttons.
    for (const radio of root.querySelectorAll("input[type=radio]")) radio.dataset.lmSuppressShortcuts = "true";
    requestAnimationFrame(() => {
      // Where something stands is asked in the frame: asked before, the whole page would be laid out twice.
      root.querySelectorAll("[data-reset]").forEach(backToTop);
      root.querySelectorAll("[data-follow]").forEach(follow);
    });
    tick();
  };

  // At most one message is on its way. Of the values of a field that wait, the last one wins; every click counts.
  let number = 0;
  let clicks = 0;
  let busy = false;
  let patience = 0;
  const waiting = new Map();
  const flush = () => {
    if (busy || waiting.size === 0) return;
    const [key, message] = waiting.entries().next().value;
    waiting.delete(key);
    busy = true;
    number += 1;
    clearTimeout(patience);
    patience = setTimeout(overdue, PATIENCE);
    if (!sent({ ...message, number })) lost();
  };
  // JupyterLab marks a widget whose kernel was restarted, and throws where the kernel ended by itself.
  const sent = (message) => {
    if (el.closest(".jupyter-widgets-disconnected")) return false;
    try {
      model.send(message);
      return true;
    } catch {
      return false;
    }
  };
  const lost = () => {
    clearTimeout(patience);
    waiting.clear();
    busy = false; // the next click tries again, and says it again
    picture.classList.add("jl-lost");
    say("bad", ...GONE);
  };
  // The answer may still come. If it does not, because its message went astray, the next click is sent all the same.
  const overdue = () => {
    busy = false;
    if (sent({ action: "", number: (number += 1) })) say("warn", ...LATE);
    else lost();
  };
  const restarted = () => setTimeout(() => el.closest(".jupyter-widgets-disconnected") && number > 0 && lost());
  const trouble = () => {
    const words = model.get("trouble");
    if (words) say("warn", "That was broken off", words);
    else say();
  };
  const act = (target, value, more = {}) => {
    const { action, name = "" } = target.dataset;
    const click = target.localName === "button" ? (clicks += 1) : "";
    waiting.set(`${action} ${name} ${click}`, { action, name, value, ...more });
    flush();
  };
  const answered = () => {
    clearTimeout(patience);
    picture.classList.remove("jl-lost");
    busy = false;
    trouble();
    flush();
    tick();
  };
  const tick = () => {
    const target = root.querySelector("[data-tick]");
    if (target && !busy && waiting.size === 0) act(target, "");
  };

  const clicked = (event) => {
    const link = event.target.closest("a[data-lesson]");
    if (link && root.contains(link)) return aim(link);
    const target = event.target.closest("button[data-action]");
    if (target?.getAttribute("aria-disabled") === "true") return; // it keeps the focus, and does nothing
    if (target && root.contains(target)) act(target, target.dataset.value ?? "");
  };
  const changed = (event) => {
    const target = event.target;
    if (!target.dataset?.action) return;
    if (target.type === "checkbox") return act(target, target.checked);
    if (target.type === "radio") return act(target, target.value);
    let more = {};
    if (target.value.length > LONGEST) {
      more = { cut: target.value.length };
      target.value = target.value.slice(0, LONGEST);
    }
    if (target.matches("[data-token]")) colour(target);
    act(target, target.value, more);
  };
  root.addEventListener("click", clicked);
  root.addEventListener("input", changed);
  model.on("change:page", show);
  model.on("change:seldom", show);
  model.on("change:ack", answered);
  model.on("comm_live_update", restarted);
  show();
  return () => {
    clearTimeout(patience);
    model.off("comm_live_update", restarted);
    model.off("change:page", show);
    model.off("change:seldom", show);
    model.off("change:ack", answered);
  };
}

// A place for what is to be said beside the picture: always there, so that a screen reader hears what comes into it.
function speaker(root) {
  const frame = document.createElement("div");
  frame.className = "jl-said";
  frame.setAttribute("aria-live", "polite"); // no role: an empty place is nothing to read aloud
  root.append(frame);
  return (kind, title, words) => {
    frame.replaceChildren();
    if (!kind) return;
    const note = document.createElement("p");
    note.className = `jl-note ${kind}`;
    const strong = document.createElement("strong");
    strong.textContent = `${title}: `;
    note.append(strong, words);
    frame.append(note);
    frame.scrollIntoView({ block: "nearest" });
  };
}

// A lesson opens as a tab of JupyterLab; elsewhere the link is an ordinary one.
function aim(link) {
  if (!document.querySelector(".jp-LabShell")) return;
  const here = openFile();
  const path = here.slice(0, here.lastIndexOf("/") + 1) + link.dataset.lesson;
  link.dataset.commandlinkerCommand = "docmanager:open";
  link.dataset.commandlinkerArgs = JSON.stringify({ path });
}

// Where the open notebook is: the address says it, and, as long as JupyterLab has not renewed that, the title of
// its tab ("Name: ...", then the path, in the reader's language). The lessons' own folder is the server's root.
function openFile() {
  const address = decodeURIComponent(location.pathname);
  const at = address.indexOf("/tree/");
  if (at >= 0) return address.slice(at + "/tree/".length);
  const title = document.querySelector(".lm-DockPanel-tabBar .jp-mod-current")?.title ?? "";
  return title.split("\n")[1]?.replace(/^[^:：]*[:：]\s*/, "") ?? "";
}

// Of two regions of one name the later one has a number: a screen reader lists them by their names.
const named = new WeakMap();
function distinguish(region) {
  const label = region.getAttribute("aria-label");
  named.set(region, label);
  let count = 1;
  for (const other of document.querySelectorAll(".jwtlab section[aria-label]")) {
    if (other === region) break;
    if ((named.get(other) ?? other.getAttribute("aria-label")) === label) count += 1;
  }
  if (count > 1) region.setAttribute("aria-label", `${label}, ${count}`);
}

// A box with a new subject is read from its beginning.
const subjects = new WeakMap();
function backToTop(box) {
  if (subjects.has(box) && subjects.get(box) !== box.dataset.reset) box.scrollTop = 0;
  subjects.set(box, box.dataset.reset);
}

// Keep what goes on in a diagram in view, without moving the page.
function follow(mark) {
  const box = mark.closest("[data-scroller]");
  if (!box) return;
  const here = mark.getBoundingClientRect();
  const view = box.getBoundingClientRect();
  const top = view.top + (box.querySelector("[data-sticky]")?.getBoundingClientRect().height ?? 0);
  if (here.bottom > view.bottom - 12) box.scrollTop += here.bottom - view.bottom + 40;
  if (here.top < top) box.scrollTop -= top - here.top + 10;
}

// Colour a token under the letters that are being typed: header, payload, the rest.
function colour(editor) {
  const mirror = editor.parentElement.querySelector("[data-mirror]");
  if (!mirror) return;
  const parts = editor.value.split(".");
  const pieces = [parts[0], parts[1], parts.slice(2).join(".")];
  const nodes = [];
  ["h", "p", "s"].forEach((name, index) => {
    if (index >= parts.length) return;
    if (index) nodes.push(piece("dot", "."));
    nodes.push(piece(name, pieces[index]));
  });
  nodes.push(document.createTextNode("\u200b")); // an empty last line still has a height
  mirror.replaceChildren(...nodes);
}

function piece(name, text) {
  const span = document.createElement("span");
  span.className = `jl-${name}`;
  span.textContent = text;
  return span;
}

function parse(html) {
  const parsed = document.createElement("template");
  parsed.innerHTML = html;
  return parsed.content;
}

// What changes seldom comes for itself, and is compared only when it has changed.
const filled = new WeakMap();
function fill(place, html) {
  if (filled.get(place) === html) return settle(place, place);
  filled.set(place, html);
  patchChildren(place, parse(html));
}

// Turn the children of one element into those of another, keeping every node that can stay.
function patchChildren(from, to) {
  const keyed = new Map();
  for (const child of from.children) if (child.dataset.key) keyed.set(child.dataset.key, child);
  let current = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const key = wanted.dataset?.key;
    const kept = key ? keyed.get(key) : current;
    if (kept && alike(kept, wanted)) {
      if (kept !== current) from.insertBefore(kept, current);
      else current = current.nextSibling;
      patch(kept, wanted);
    } else {
      from.insertBefore(wanted, current);
    }
  }
  while (current) {
    const next = current.nextSibling;
    current.remove();
    current = next;
  }
}

function alike(one, other) {
  if (one.nodeType !== other.nodeType || one.nodeName !== other.nodeName) return false;
  return one.nodeType !== Node.ELEMENT_NODE || one.dataset?.key === other.dataset?.key;
}

function patch(from, to) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  if (from.isEqualNode(to)) return settle(from, to); // most of a page: the browser compares it at once
  const isDetails = from.localName === "details"; // once opened by hand it stays open
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !(isDetails && name === "open")) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  if (from.localName !== "textarea" && !filled.has(from)) patchChildren(from, to);
  patchControl(from, to);
}

// What a person has set in a control stands in no attribute.
const CONTROLS = "input, select, textarea";
function settle(from, to) {
  patchControl(from, to);
  const wanted = to.querySelectorAll(CONTROLS);
  from.querySelectorAll(CONTROLS).forEach((control, index) => patchControl(control, wanted[index]));
}

function patchControl(from, to) {
  if (from.localName === "textarea") patchValue(from, to.textContent);
  if (from.localName === "input") {
    if (from.type === "checkbox" || from.type === "radio") from.checked = to.hasAttribute("checked");
    else patchValue(from, to.getAttribute("value") ?? "");
  }
  if (from.localName === "select") {
    const chosen = [...from.options].findIndex((option) => option.hasAttribute("selected"));
    if (from.selectedIndex !== Math.max(chosen, 0)) from.selectedIndex = Math.max(chosen, 0);
  }
}

// What somebody is typing is theirs: the kernel's older idea of it must not overwrite it.
function patchValue(control, value) {
  if (control !== control.getRootNode().activeElement && control.value !== value) control.value = value;
}

export default { render };
