"""FlowChooser and the cheat sheet in Chromium: by keyboard alone, without barriers, in both themes and widths."""

from __future__ import annotations

from importlib import resources

import pytest
from playwright.sync_api import expect
from test_widgets import write

pytestmark = pytest.mark.browser
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
CELLS = (
    "import jwtlab\nfrom jwtlab.widgets import FlowChooser, lesson\nlesson('40')",
    "FlowChooser(who='person')",
    "FlowChooser(who='person', runs='browser', backend='no', wants='own', absent='yes', stakes='high')",
    "jwtlab.flows_cheat_sheet()",
)


def barriers(widget) -> list[str]:
    """What axe finds inside one output."""
    found = widget.evaluate(
        "node => axe.run(node, {rules: {region: {enabled: false}}}).then(found => found.violations)"
    )
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [900, 1400])
def test_no_barriers_and_no_overflow(new_page, server, screenshots, theme, width):
    page = new_page(width, 2400)
    page.open(write(server.folder, f"try_chooser_{theme}_{width}.ipynb", *CELLS), theme)
    page.run_all()
    shown = page.page.locator(".jp-OutputArea-output .jwtlab")
    expect(shown).to_have_count(4)
    page.page.evaluate(AXE)
    for name, widget in zip(("head", "asking", "advice", "sheet"), shown.all(), strict=True):
        widget.scroll_into_view_if_needed()
        assert not widget.evaluate("node => node.scrollWidth > node.clientWidth + 1"), name
        if name != "head":
            widget.screenshot(path=screenshots / f"chooser-{name}-{theme}-{width}.png")
            assert barriers(widget) == []
    assert page.complaints() == []


def test_advice_is_reached_by_keyboard_alone(new_page, server):
    page = new_page(1400, 1600)
    page.open(write(server.folder, "try_chooser_keys.ipynb", CELLS[0], "FlowChooser()"))
    page.run_all()
    widget = page.page.locator(".jp-OutputArea-output .jwtlab").last
    expect(widget.get_by_text("14 of 14 still possible")).to_be_visible()
    for question, answer in (
        ("Who is there when the application works?", "Nobody a job at night"),
        ("How can the program prove who it is?", "With a key pair of its own"),
        ("What if a token is stolen?", "Trouble for one person"),
    ):
        radio = widget.get_by_role("radiogroup", name=question).get_by_role("radio", name=answer)
        radio.focus()
        page.page.keyboard.press("Space")
        chosen = widget.get_by_role("radiogroup", name=question).get_by_role("radio", checked=True)
        expect(chosen).to_have_count(1)
        assert chosen.evaluate("node => node === document.activeElement")
    expect(widget.get_by_text("✓ Service with a key pair")).to_be_visible()
    first = widget.get_by_role("radiogroup", name="Who is there when the application works?")
    first.get_by_role("radio", checked=True).focus()
    page.page.keyboard.press("ArrowDown")  # to the answer below, as in every group of radio buttons
    expect(widget.get_by_text("2 of 14 still possible")).to_be_visible()
    widget.get_by_role("button", name="Begin again").focus()
    page.page.keyboard.press("Enter")
    expect(widget.get_by_text("14 of 14 still possible")).to_be_visible()
    assert page.complaints() == []
