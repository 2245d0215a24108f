// A deck: one slide at a time, step by step; the speaker's window shows notes, the clock and what comes then.
// Two windows of a folder may talk to each other by messages alone, so that is what they do.
"use strict";
const body = document.body;
const slides = [...document.querySelectorAll(".d-slide")];
const isSpeaker = location.search === "?speaker";
let place = 0, step = 0, other = isSpeaker ? window.opener : null;
let begun = null;

// What the next key shows: single steps, or all reasons of a question together.
const stepsOf = (slide) => {
  const found = [];
  for (const each of slide.querySelectorAll(".d-face .step")) {
    if (each.parentElement.closest(".step")?.querySelector(".step") === each) { found.at(-1)?.push(each); continue; } // a list and its first point
    if ("together" in each.dataset && found.length && "together" in found[0][0].dataset) found[0].push(each);
    else found.push([each]);
  }
  return found;
};

function fit(slide) {
  const frame = slide.querySelector(".d-body"), inner = slide.querySelector(".d-fit");
  const least = slide.classList.contains("d-picture") ? 0.85 : 0.6; // below that nobody reads it from the last row
  for (let size = 1; ; size -= 0.05) {
    inner.style.zoom = String(size);
    if (size - 0.05 < least || inner.getBoundingClientRect().height <= frame.clientHeight) break;
  }
  const over = inner.getBoundingClientRect().height > frame.clientHeight + 1; // the largest widgets can be scrolled
  frame.style.overflow = over ? "auto" : "";
  frame.style.justifyContent = over ? "flex-start" : "";
  if (over) { frame.tabIndex = 0; frame.setAttribute("role", "group"); frame.setAttribute("aria-label", "Slide"); } else { frame.removeAttribute("tabindex"); frame.removeAttribute("role"); frame.removeAttribute("aria-label"); }
}

function show(newPlace, newStep, tell = true, focus = true) {
  place = Math.max(0, Math.min(slides.length - 1, newPlace));
  const now = slides[place], steps = stepsOf(now);
  step = Math.max(0, Math.min(steps.length, newStep));
  slides.forEach((slide) => slide.classList.toggle("now", slide === now));
  steps.forEach((group, number) => group.forEach((each) => each.classList.toggle("later", number >= step)));
  fit(now);
  document.querySelector("[data-progress]").value = place + 1;
  document.querySelector("[data-then]").textContent = slides[place + 1]?.querySelector("h1").textContent ?? "the end";
  history.replaceState(null, "", `${location.pathname}${location.search}#slide-${place + 1}`);
  if (focus) now.querySelector("h1").focus({ preventScroll: true });
  if ((place || step) && begun === null) begun = Date.now();
  if (tell) other?.postMessage({ jwtlab: body.dataset.deck, place, step }, "*"); // a folder's pages have no origin to name
}
function next() { step < stepsOf(slides[place]).length ? show(place, step + 1) : place + 1 < slides.length && show(place + 1, 0); }
function back() { step > 0 ? show(place, step - 1) : place > 0 && show(place - 1, stepsOf(slides[place - 1]).length); }

function toggleOverview() {
  const on = body.classList.toggle("d-overview");
  for (const slide of slides) slide.querySelector(".d-fit").style.zoom = "";
  if (on) slides[place].scrollIntoView({ block: "center" });
  else show(place, step);
}
function theme() {
  const light = (body.dataset.jpThemeLight ?? String(!matchMedia("(prefers-color-scheme: dark)").matches)) === "true";
  body.dataset.jpThemeLight = String(!light);
  try { localStorage.setItem("jwtlab-theme", light ? "dark" : "light"); } catch { /* only for this page, then */ }
}
function speaker() {
  if (isSpeaker) return;
  other = window.open(`${location.pathname.split("/").pop()}?speaker#slide-${place + 1}`, "jwtlab-speaker", "popup,width=1200,height=760");
}
const keys = {
  ArrowRight: next, ArrowDown: next, PageDown: next, " ": next, Enter: next, ArrowLeft: back, ArrowUp: back, PageUp: back, Backspace: back,
  Home: () => show(0, 0), End: () => show(slides.length - 1, 0), o: toggleOverview, s: speaker, t: theme,
  n: () => { body.classList.toggle("d-withnotes"); show(place, step); },
  f: () => { document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.().catch(() => {}); },
  Escape: () => { if (body.classList.contains("d-overview")) toggleOverview(); },
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const onControl = event.target.closest?.("a, button, summary, [tabindex='0']");
  if (onControl && ["Enter", " ", "ArrowDown", "ArrowUp", "PageDown", "PageUp"].includes(event.key)) return;
  const action = keys[event.shiftKey && event.key === " " ? "ArrowLeft" : event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-key]");
  if (button) keys[button.dataset.key]();
  const slide = body.classList.contains("d-overview") && event.target.closest(".d-slide");
  if (slide) { event.preventDefault(); body.classList.remove("d-overview"); show(slides.indexOf(slide), 0); }
});
addEventListener("message", (event) => {
  if (event.source !== other && event.source !== window.opener) return;
  const said = event.data;
  if (said?.jwtlab !== body.dataset.deck) return;
  if (said.hello) { other = event.source; other.postMessage({ jwtlab: body.dataset.deck, place, step }, "*"); }
  else if (Number.isInteger(said.place) && Number.isInteger(said.step)) show(said.place, said.step, false, false);
});
addEventListener("resize", () => { if (!body.classList.contains("d-overview")) fit(slides[place]); });
addEventListener("hashchange", () => { const wanted = Number(location.hash.replace("#slide-", "")) - 1; if (wanted >= 0 && wanted !== place) show(wanted, 0); });

const two = (number) => String(number).padStart(2, "0");
function tick() {
  const time = new Date(), gone = begun === null ? 0 : Math.floor((Date.now() - begun) / 1000);
  document.querySelector("[data-clock]").textContent = `${two(time.getHours())}:${two(time.getMinutes())}`;
  document.querySelector("[data-since]").textContent = `${two(Math.floor(gone / 60))}:${two(gone % 60)}`;
}
body.classList.add("d-on");
document.querySelector("[data-bar]").hidden = false;
if (isSpeaker) {
  body.classList.add("d-speaker");
  document.querySelector("[data-desk]").hidden = false;
  document.querySelector("[data-restart]").addEventListener("click", () => { begun = Date.now(); tick(); });
  setInterval(tick, 500);
  tick();
}
show(Math.max(0, Number(location.hash.replace("#slide-", "")) - 1 || 0), 0, false);
addEventListener("load", () => slides[place].querySelector("h1").focus({ preventScroll: true })); // the browser goes to the #slide last
if (isSpeaker) other?.postMessage({ jwtlab: body.dataset.deck, hello: true }, "*");
