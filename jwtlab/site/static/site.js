// What a page can do beside being read: theme, search, the score of a quiz, filters, where one is.
// Without this script everything is there all the same: questions and hints open by themselves.
"use strict";
const body = document.body;

// --- Theme: the system's, or the reader's own choice.
const themeButton = document.querySelector("[data-theme]");
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const isLight = () => (body.dataset.jpThemeLight ?? String(!systemDark.matches)) === "true";
const nameTheme = () => { themeButton.textContent = isLight() ? "Dark" : "Light"; themeButton.setAttribute("aria-label", isLight() ? "Dark theme" : "Light theme"); };
themeButton.hidden = false;
nameTheme();
systemDark.addEventListener("change", nameTheme);
themeButton.addEventListener("click", () => {
  const light = !isLight();
  body.dataset.jpThemeLight = String(light);
  try { localStorage.setItem("jwtlab-theme", light ? "light" : "dark"); } catch { /* only for this page, then */ }
  nameTheme();
});

// --- Search: a list of passages in a script, because a page from a folder may load scripts and nothing else.
const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}_.:+/-]+/gu) ?? [];
const startsIn = (text, word) => { // where a word of the text begins like this
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1])) return at;
  return -1;
};
function score(entry, words) {
  let sum = 0;
  for (const word of words) {
    const inTitle = startsIn(entry.title, word), found = startsIn(entry.low, word);
    if (inTitle < 0 && found < 0) return 0;
    if (entry.title === word) sum += 40;
    if (inTitle >= 0) sum += inTitle === 0 ? 12 : 8;
    if (found >= 0) sum += Math.min(4, entry.low.split(word).length - 1);
  }
  return sum;
}
function excerpt(entry, words) {
  const at = Math.max(0, Math.min(...words.map((word) => startsIn(entry.low, word)).filter((place) => place >= 0), Infinity));
  const start = Number.isFinite(at) ? Math.max(0, entry.t.lastIndexOf(" ", Math.max(0, at - 50))) : 0;
  return (start > 0 ? "… " : "") + entry.t.slice(start, start + 170).trim() + (entry.t.length > start + 170 ? " …" : "");
}
function marked(text, words) { // text nodes and <mark>: nothing is ever read as markup
  const parts = document.createDocumentFragment();
  const low = text.toLowerCase();
  let place = 0;
  while (place < text.length) {
    const next = words.map((word) => [low.indexOf(word, place), word.length]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0] || b[1] - a[1])[0];
    if (!next) break;
    parts.append(text.slice(place, next[0]));
    const mark = document.createElement("mark");
    mark.textContent = text.slice(next[0], next[0] + next[1]);
    parts.append(mark);
    place = next[0] + next[1];
  }
  parts.append(text.slice(place));
  return parts;
}
const dialog = document.querySelector("[data-dialog]");
const field = document.querySelector("#search");
const hits = document.querySelector("[data-hits]");
const count = document.querySelector("[data-count]");
let index = null; // a promise: asked for once, however fast somebody types
function load() {
  index ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "assets/search.js";
    script.onload = () => resolve(window.JWTLAB_SEARCH.map((entry) => ({ ...entry, low: entry.t.toLowerCase(), title: entry.h.toLowerCase() })));
    script.onerror = reject;
    document.head.append(script);
  });
  return index;
}
async function look() {
  const entries = await load().catch(() => null);
  const words = wordsOf(field.value); // as it is now: while the index came, somebody may have typed on
  if (!entries) { count.textContent = "The index of the search is missing: assets/search.js."; return; }
  const found = words.length === 0 ? [] : entries.map((entry) => [score(entry, words), entry]).filter(([points]) => points > 0).sort((a, b) => b[0] - a[0]);
  count.textContent = words.length === 0 ? "Type a word; all words have to occur." : found.length === 0 ? "Nothing has these words. Try fewer letters." : `${found.length} passages${found.length > 30 ? ", the first 30" : ""}`;
  hits.replaceChildren(...found.slice(0, 30).map(([, entry]) => {
    const item = document.createElement("li"), link = document.createElement("a"), where = document.createElement("small"), what = document.createElement("small");
    link.href = entry.u;
    const title = document.createElement("b");
    title.append(marked(entry.h, words));
    where.textContent = entry.p;
    what.append(marked(excerpt(entry, words), words));
    link.append(title, where, what);
    link.addEventListener("click", () => dialog.close());
    item.append(link);
    return item;
  }));
}
function openSearch() { if (!dialog.open) { dialog.showModal(); field.select(); look(); } }
const searchButton = document.querySelector("[data-search]");
searchButton.hidden = false;
searchButton.addEventListener("click", openSearch);
field.addEventListener("input", look);
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter") { event.preventDefault(); hits.querySelector("a")?.click(); }
  if (event.key === "Escape") { event.preventDefault(); dialog.close(); } // at once: by itself the field is only emptied
});
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
dialog.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const all = [field, ...hits.querySelectorAll("a")];
  const next = all[all.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) { event.preventDefault(); next.focus(); }
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select");
  if (!typing && event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); openSearch(); }
});

// --- Questions: the first choice counts.
for (const card of document.querySelectorAll("[data-ask]")) {
  const questions = [...card.querySelectorAll(".s-question")];
  const first = new Map();
  card.addEventListener("toggle", (event) => {
    const option = event.target, question = option.closest(".s-question");
    if (!option.open || !question) return;
    if (!first.has(question)) first.set(question, option.classList.contains("right"));
    const right = [...first.values()].filter(Boolean).length;
    const line = card.querySelector("[data-score]");
    if (questions.length > 1) line.textContent = `${right} of ${questions.length} right at the first choice`;
    else line.textContent = option.classList.contains("right") ? "Right." : "Not quite. Read why, then choose again if you like.";
  }, true);
}

// --- Filters: in the glossary, and in its picture in lesson 00.
function filter(input, entries, said) {
  const texts = entries.map((entry) => entry.textContent.toLowerCase());
  input.addEventListener("input", () => {
    const words = wordsOf(input.value);
    let left = 0;
    entries.forEach((entry, place) => { entry.hidden = !words.every((word) => texts[place].includes(word)); left += !entry.hidden; });
    if (said) said.textContent = words.length ? `${left} of ${entries.length}` : String(entries.length);
  });
}
for (const line of document.querySelectorAll("[data-filter-for]")) {
  line.hidden = false;
  filter(line.querySelector("input"), [...document.getElementById(line.dataset.filterFor).children], line.querySelector("[role=status]"));
}
for (const input of document.querySelectorAll(".jwtlab input[data-filter]")) {
  const card = input.closest(".jl-card");
  input.hidden = false;
  filter(input, [...card.querySelectorAll(".jl-term, .jl-why")], input.parentElement.querySelector(".jl-small"));
}

// --- Contents: open where there is room, and with a mark where one is.
const contents = document.querySelector("[data-contents]");
if (contents) {
  contents.open = matchMedia("(min-width: 1241px)").matches;
  const links = [...contents.querySelectorAll("a")];
  const targets = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const mark = () => {
    const passed = targets.filter((target) => target.getBoundingClientRect().top < 140).length;
    links.forEach((link, place) => link.classList.toggle("now", place === passed - 1));
  };
  addEventListener("scroll", mark, { passive: true });
  mark();
}
const list = document.querySelector(".s-lessons"), current = list.querySelector("[aria-current]");
if (current) list.scrollTop = current.offsetTop - list.clientHeight / 2; // the list alone, never the page

// --- An address may lead into something folded.
function unfold() {
  const target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  for (let each = target?.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
}
addEventListener("hashchange", unfold);
unfold();
