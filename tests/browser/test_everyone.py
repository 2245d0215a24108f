"""Widgets for everyone: by keyboard alone, at 200 % zoom, in forced colours, without motion, and read aloud.

The widgets are live in a plain page (see bare.py); what axe finds in lessons is in test_axe.py.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from bare import Bare
from playwright.sync_api import expect
from short_form import few

import jwtlab
from jwtlab import widgets

pytestmark = pytest.mark.browser
SNAPSHOTS = Path(__file__).parent / "read_aloud"


def inspector():
    lab = jwtlab.Lab()  # its own for each: the same token whatever was made before
    return widgets.TokenInspector(lab.token(admin=False), key=lab.key("ES256").public(), lab=lab)


def bench():
    lab = jwtlab.Lab()
    return widgets.VerifierBench(lab.token(), lab=lab, examples={"as issued": lab.token()})


MAKE = {
    "inspector": inspector,
    "bench": bench,
    "builder": lambda: widgets.TokenBuilder(lab=jwtlab.Lab()),
    "stepper": lambda: widgets.SignatureStepper(alg="HS256", lab=jwtlab.Lab()),
    "attack": lambda: widgets.AttackBench("key-confusion"),
    "crack": lambda: widgets.CrackBench(lab=jwtlab.Lab(), workers=1),
    "flow": widgets.FlowStepper,
    "chooser": widgets.FlowChooser,
    "issuer": widgets.IssuerExplorer,
    "trace": widgets.TraceReader,
    "quiz": lambda: widgets.Quiz("01"),
    "predict": lambda: widgets.Predict("01.p1"),
    "map": widgets.LessonMap,
    "glossary": widgets.Glossary,
    "why": widgets.WhyIndex,
}
LISTS = ("map", "glossary", "why")
"""They grow with every lesson: of these the beginning is kept."""
FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  const name = at.ariaLabel || at.labels?.[0]?.innerText || at.innerText || at.getAttribute("placeholder") || at.title;
  return {tag: at.localName, type: at.type ?? "", name: (name ?? "").trim().slice(0, 60),
    group: at.type === "radio" ? at.name : "", seen: box.width > 0 && box.height > 0,
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none"};
}"""


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("JWTLAB_PROGRESS", str(tmp_path / "progress.json"))


@pytest.fixture
def bare(browser):
    """``bare(theme, **context) -> Bare``"""
    contexts = []

    def make(theme="light", width=1200, **more):
        more = {"reduced_motion": "reduce", **more}
        context = browser.new_context(viewport={"width": width, "height": 900}, **more)
        contexts.append(context)
        return Bare(context, theme)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def reading(browser):
    """One page for all widgets, one below the other."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
    yield Bare(context)
    context.close()


def test_two_widgets_of_one_kind_have_regions_of_different_names(bare):
    show = bare()
    for number in range(3):
        show.mount(f"attack-{number}", MAKE["attack"]())
    names = "() => [...document.querySelectorAll('section[aria-label]')].map(each => each.ariaLabel)"
    found = show.page.evaluate(names)
    assert len(set(found)) == len(found) == 9
    show.page.locator("#attack-1").get_by_role("button", name="the good token").click()
    show.page.wait_for_function("() => window.models['attack-1'].state.ack === 1")
    assert show.page.evaluate(names) == found
    assert show.barriers() == []


# --- by keyboard --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", few(MAKE, *(name for name in MAKE if name not in LISTS[1:])))
def test_tab_reaches_every_control_and_leaves_again(bare, name):
    """Each control has a name and shows that it has the focus; no control keeps it."""
    show = bare()
    page = show.page
    place = show.mount(name, MAKE[name]())
    wanted = place.evaluate(
        """node => [...node.querySelectorAll("button, input, select, textarea, summary, a[href], [tabindex='0']")]
          .filter(each => each.checkVisibility() && !each.disabled && each.tabIndex >= 0)
          .filter(each => each.type !== "radio").length"""
    )
    reached = []
    for _ in range(wanted + 60):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at is None:
            break
        reached.append(at)
    else:
        pytest.fail("the focus never leaves the widget")
    assert [each for each in reached if not each["name"] and each["tag"] != "div"] == []
    assert [each for each in reached if not each["ring"]] == []
    assert len([each for each in reached if each["type"] != "radio"]) >= wanted
    assert show.wrong == []


def until(page, name: str, key: str = "Tab") -> None:
    """Press the key until the control of this name has the focus."""
    for _ in range(150):
        at = page.evaluate(FOCUS)
        if at and re.search(name, at["name"]):
            return
        page.keyboard.press(key)
    pytest.fail(f"{name} is not reached")


def test_walk_through_inspector_bench_stepper_and_chooser(bare):
    """From the first key press to what one wanted to see, without a mouse."""
    show = bare()
    inspector = show.mount("inspector", MAKE["inspector"]())
    until(show.page, "^Token$")
    show.page.keyboard.press("Control+a")
    show.page.keyboard.insert_text(jwtlab.Lab().token("carol"))
    expect(inspector.get_by_text("carol", exact=True).first).to_be_visible()

    bench = show.mount("bench", MAKE["bench"]())
    until(show.page, "What time")
    show.page.keyboard.press("End")
    expect(bench.get_by_text("Refused").first).to_be_visible()
    until(show.page, "Not expired")
    show.page.keyboard.press("Space")
    expect(bench.get_by_text("Accepted by a weakened verifier")).to_be_visible()

    stepper = show.mount("stepper", MAKE["stepper"]())
    until(show.page, "^Next")
    for number in range(2, 10):
        show.page.keyboard.press("Enter")
        expect(stepper.get_by_text(f"step {number} of 9")).to_be_visible()

    chooser = show.mount("chooser", MAKE["chooser"]())
    until(show.page, "A person")
    show.page.keyboard.press("ArrowDown")  # a group of radio buttons is one stop; the arrows go through it
    expect(chooser.get_by_role("radio", checked=True)).to_have_count(1)
    assert show.wrong == []


# --- seen otherwise -----------------------------------------------------------------------------------------------


def test_twice_as_large_nothing_is_cut_off(bare, screenshots):
    """A window of 1280 pixels at 200 % has 640: nothing needs scrolling in two directions (WCAG 2.2, 1.4.10)."""
    show = bare(width=640, device_scale_factor=2)
    for name, make in MAKE.items():
        show.mount(name, make())
    assert show.wide() == []
    assert show.page.evaluate("document.documentElement.scrollWidth") <= 640
    show.page.screenshot(path=screenshots / "everyone-zoom.png", full_page=True)


def test_colours_of_the_system_are_followed(bare, screenshots):
    """Forced colours: borders, focus and what is chosen are still seen, because none hangs on a background alone."""
    show = bare(forced_colors="active")
    for name in ("inspector", "bench", "flow", "quiz", "stepper"):
        show.mount(name, MAKE[name]())
    show.page.screenshot(path=screenshots / "everyone-forced-colours.png", full_page=True)
    invisible = show.page.evaluate(
        """() => [...document.querySelectorAll(".jwtlab :is(button:not(.jl-hit), input, select, textarea)")]
          .filter(each => each.checkVisibility() && !["range", "radio", "checkbox"].includes(each.type))
          .filter(each => { const s = getComputedStyle(each); return s.borderTopStyle === "none"
            && s.outlineStyle === "none" && s.textDecorationLine === "none"; })
          .map(each => each.outerHTML.slice(0, 120))"""
    )
    assert invisible == []
    assert show.wrong == []


def test_nothing_moves_for_whoever_wants_no_motion(bare):
    show = bare(reduced_motion="reduce")
    for name, make in MAKE.items():
        show.mount(name, make())
    moving = show.page.evaluate(
        """() => [...document.querySelectorAll(".jwtlab, .jwtlab *")].filter(each => {
          const style = getComputedStyle(each);
          const long = list => list.split(",").some(each => parseFloat(each) > 0.01);
          return long(style.transitionDuration) || style.animationName !== "none" && long(style.animationDuration);
        }).map(each => each.outerHTML.slice(0, 100))"""
    )
    assert moving == []
    assert show.page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("theme", few(["light", "dark"], "light"))
def test_no_widget_has_a_barrier(bare, theme):
    """Contrast AA too; in a lesson: test_axe.py."""
    show = bare(theme, color_scheme=theme)
    for name, make in MAKE.items():
        show.mount(name, make())
    assert show.barriers() == []


# --- read aloud ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MAKE)
def test_a_screen_reader_reads_it_in_this_order(reading, name):
    """The accessibility tree, kept in read_aloud/. JWTLAB_READ_ALOUD=write writes it anew; then read the difference."""
    said = reading.mount(name, MAKE[name]()).aria_snapshot()
    nameless = r"^\s*- (button|link|textbox|combobox|checkbox|switch|slider|radio|searchbox|spinbutton)(:|$)"
    assert not re.search(nameless, said, re.M)
    if name in LISTS:
        said = "\n".join(said.splitlines()[:8])
    path = SNAPSHOTS / f"{name}.yaml"
    if os.environ.get("JWTLAB_READ_ALOUD") == "write":
        SNAPSHOTS.mkdir(exist_ok=True)
        path.write_text(said + "\n", "utf-8")
    assert said + "\n" == path.read_text("utf-8")
