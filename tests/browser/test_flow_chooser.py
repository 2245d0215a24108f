"""FlowChooser and the cheat sheet in Chromium: by keyboard alone, without barriers, in both themes and widths."""

from __future__ import annotations

import itertools

import pytest
from bare import Bare
from playwright.sync_api import expect
from short_form import few

import jwtlab
from jwtlab.widgets import FlowChooser

pytestmark = pytest.mark.browser
SHAPES = tuple(itertools.product((900, 1400), ("light", "dark")))
BROWSER = {"runs": "browser", "backend": "no", "wants": "own", "absent": "yes", "stakes": "high"}


@pytest.fixture
def page_of(browser):
    """``page_of(width, theme) -> Bare``, closed at the end."""
    contexts = []

    def make(width: int, theme: str = "light") -> Bare:
        context = browser.new_context(
            viewport={"width": width, "height": 1600}, reduced_motion="reduce", color_scheme=theme
        )
        contexts.append(context)
        return Bare(context, theme)

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "theme"), few(SHAPES, (900, "dark")))
def test_no_barriers_and_no_overflow(page_of, screenshots, theme, width):
    bare = page_of(width, theme)
    shown = {
        "asking": bare.mount("asking", FlowChooser(who="person")),
        "advice": bare.mount("advice", FlowChooser(who="person", **BROWSER)),
        "sheet": bare.still("sheet", jwtlab.flows_cheat_sheet()._repr_html_()),
    }
    for name, place in shown.items():
        place.scroll_into_view_if_needed()
        place.screenshot(path=screenshots / f"chooser-{name}-{theme}-{width}.png")
    assert bare.wide() == []
    assert bare.barriers() == []
    assert bare.wrong == []


def test_advice_is_reached_by_keyboard_alone(page_of):
    bare = page_of(1400)
    page, widget = bare.page, bare.mount("chooser", FlowChooser())
    expect(widget.get_by_text("14 of 14 still possible")).to_be_visible()
    for question, answer in (
        ("Who is there when the application works?", "Nobody a job at night"),
        ("How can the program prove who it is?", "With a key pair of its own"),
        ("What if a token is stolen?", "Trouble for one person"),
    ):
        radio = widget.get_by_role("radiogroup", name=question).get_by_role("radio", name=answer)
        radio.focus()
        page.keyboard.press("Space")
        chosen = widget.get_by_role("radiogroup", name=question).get_by_role("radio", checked=True)
        expect(chosen).to_have_count(1)
        assert chosen.evaluate("node => node === document.activeElement")
    expect(widget.get_by_text("✓ Service with a key pair")).to_be_visible()
    first = widget.get_by_role("radiogroup", name="Who is there when the application works?")
    first.get_by_role("radio", checked=True).focus()
    page.keyboard.press("ArrowDown")  # to the answer below, as in every group of radio buttons
    expect(widget.get_by_text("2 of 14 still possible")).to_be_visible()
    widget.get_by_role("button", name="Begin again").focus()
    page.keyboard.press("Enter")
    expect(widget.get_by_text("14 of 14 still possible")).to_be_visible()
    assert bare.wrong == []
