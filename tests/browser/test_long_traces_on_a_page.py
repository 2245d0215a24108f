"""Long traces and large widgets on a page: what is looked at is in view, and what has not changed is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bare import Bare
from playwright.sync_api import expect

from jwtlab import Lab
from jwtlab.oauth.http.trace import Trace
from jwtlab.widgets import FlowStepper, TraceReader

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    yield Bare(context)
    context.close()


def reader(count):
    said = tuple(Lab().flow("openid-connect").run().trace)
    rows = (said[at % len(said)] for at in range(count))
    return TraceReader(Trace(replace(each, number=at, answered_after=0) for at, each in enumerate(rows, 1)))


def in_view(place):
    """Is the arrow that is looked at inside its box?"""
    place.page.wait_for_function(
        """id => {
          const mark = document.querySelector(`#${id} [data-follow]`)?.getBoundingClientRect();
          const box = document.querySelector(`#${id} [data-scroller]`).getBoundingClientRect();
          return mark && mark.top >= box.top && mark.bottom <= box.bottom;
        }""",
        arg="reader",
    )
    return True


def test_through_a_thousand_messages_by_buttons(page):
    place = page.mount("reader", reader(1_000))
    place.get_by_role("button", name="↓ 950 later messages").click()
    place.get_by_text("message 51 of 1000").wait_for()
    assert in_view(place)
    place.get_by_role("button", name="↑ 30 earlier messages").click()
    place.get_by_text("message 30 of 1000").wait_for()
    assert in_view(place)
    for _ in range(12):  # over the edge of a part
        place.get_by_role("button", name="Next ▶").click()
    place.get_by_text("message 42 of 1000").wait_for()
    assert in_view(place)
    assert place.locator("button.jl-hit").count() == 120
    assert not page.wrong


def test_what_has_not_changed_stays_the_same_node_and_a_control_shows_what_the_kernel_knows(page):
    stepper = FlowStepper("authorization-code")
    place = page.mount("stepper", stepper)
    switches = place.locator("details[data-key=switches] input[type=checkbox]")
    switches.first.wait_for(state="attached")
    assert switches.first.is_checked()
    # A person's click that never reached the kernel: no attribute tells of it.
    switches.first.evaluate("control => { control.checked = false; control.ours = true; }")
    place.get_by_role("button", name="Next ▶").click()
    place.get_by_text("Message 1 ·").wait_for()
    assert switches.first.evaluate("control => control.ours === true")
    assert switches.first.is_checked()
    assert not page.wrong


def test_a_part_that_changes_seldom_is_left_alone_and_still_obeys_the_kernel(page):
    stepper = FlowStepper("authorization-code")
    place = page.mount("stepper", stepper)
    checks = place.locator("[data-key='switches']")
    checks.locator("summary").first.click()
    inner = checks.locator("details", has_text="authorization code").last
    inner.locator("summary").click()
    switch = inner.locator("input[type=checkbox]").first
    switch.evaluate("element => { window.kept = element; }")
    place.get_by_role("button", name="Next ▶").click()
    expect(place.get_by_text("message 2 of")).to_be_visible()
    assert switch.evaluate("element => element === window.kept")
    expect(switch).to_be_visible()  # what was opened stays open
    # What the kernel does not take is put back, though nothing is sent for it.
    stepper.switches.turn = lambda target, on: None
    switch.click()
    expect(switch).to_be_checked()
    del stepper.switches.turn
    switch.click()
    expect(switch).not_to_be_checked()
    expect(checks.get_by_text("1 switched off")).to_be_visible()
    place.get_by_role("button", name="Reset").click()
    expect(place.get_by_text("message 1 of")).to_be_visible()
    expect(switch).not_to_be_checked()
    assert page.wrong == []
