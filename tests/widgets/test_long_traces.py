"""A thousand messages: a diagram shows the part that is looked at, and every other message is a click away."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import pytest

from jwtlab import Lab
from jwtlab.figures.sequence_layout import LONG, sequence_layout
from jwtlab.oauth.http.trace import Trace
from jwtlab.widgets import FlowStepper, TraceReader

SAID = tuple(Lab().flow("openid-connect").run().trace)


def said(count):
    rows = (SAID[at % len(SAID)] for at in range(count))
    return Trace(replace(each, number=at, answered_after=0) for at, each in enumerate(rows, 1))


def shown(html):
    """Numbers of the messages in the diagram."""
    return sorted(
        {int(number) for number in re.findall(r'class="jl-hit" data-action="look" data-value="(\d+)"', html)}
    )


def more(html):
    """What stands above and below: the button's words, and what it sends."""
    found = re.findall(r'data-value="(\d+)">[↑↓] ([\d,]+ \w+ messages?)</button>', html)
    return {words: int(number) for number, words in found}


def stepper_with(count):
    stepper = FlowStepper("openid-connect")
    for each in said(count):
        stepper.session.trace.add(each)
    stepper.refresh()
    return stepper


def test_a_trace_that_is_not_long_is_shown_whole():
    reader = TraceReader(said(LONG))
    assert shown(reader.html) == list(range(1, LONG + 1))
    assert not more(reader.html)
    assert "Messages 1 to" not in reader.html


@pytest.mark.parametrize("count", [LONG + 1, 1_000])
def test_every_message_is_reached_and_each_part_says_what_is_beside_it(count):
    reader = TraceReader(said(count))
    seen = set(shown(reader.html))
    assert len(seen) < count
    while True:
        before = shown(reader.html)[0] - 1
        after = count - shown(reader.html)[-1]
        words = {
            f"{n:,} {where} message{'s' if n != 1 else ''}"
            for n, where in ((before, "earlier"), (after, "later"))
            if n
        }
        assert set(more(reader.html)) == words
        later = next((number for said, number in more(reader.html).items() if "later" in said), None)
        if later is None:
            break
        reader.act("look", str(later))
        assert reader.shown == later
        assert later in shown(reader.html)
        seen |= set(shown(reader.html))
    assert seen == set(range(1, count + 1))
    earlier = next(number for said, number in more(reader.html).items() if "earlier" in said)
    reader.act("look", str(earlier))
    assert earlier in shown(reader.html)


def test_the_message_that_is_looked_at_is_always_shown_and_marked():
    reader = TraceReader(said(200))
    for number in range(1, 201):
        assert reader.shown == number
        assert number in shown(reader.html)
        assert reader.html.count("data-follow") == 1
        reader.act("next")


def test_a_click_to_the_neighbour_seldom_moves_the_rest():
    reader = TraceReader(said(200))
    parts = []
    for _ in range(199):
        parts.append(tuple(shown(reader.html)))
        reader.act("next")
    assert len(set(parts)) <= 200 / 40


def test_the_page_of_a_long_trace_is_no_larger_than_that_of_its_part():
    assert len(TraceReader(said(1_000)).html) < 1.5 * len(TraceReader(said(LONG)).html)
    assert len(stepper_with(1_000).html) < 1.5 * len(stepper_with(LONG).html)


def test_the_words_for_whoever_cannot_see_it_say_which_part_it_is():
    assert sequence_layout(said(1_000), around=500).words.startswith("Messages 471 to 530 of 1,000. ")
    whole = sequence_layout(said(1_000))
    assert len(whole.arrows) == 2_000
    assert whole.words.startswith("Sequence diagram of ")


def test_the_stepper_shows_the_next_message_at_the_end_of_a_long_trace():
    stepper = stepper_with(1_000)
    assert "message 1001" in stepper.html
    assert 1_001 in shown(stepper.html)
    stepper.act("look", "3")
    assert 3 in shown(stepper.html)
    assert 1_001 not in shown(stepper.html)
    assert more(stepper.html) == {"950 later messages": 51}
    stepper.act("look", "51")
    assert 51 in shown(stepper.html)


def test_the_file_and_the_printed_page_hold_all_of_it():
    reader = TraceReader(said(LONG + 40))
    assert reader.to_html().count('<g class="msg') == 2 * (LONG + 40)


def test_a_click_is_drawn_once(monkeypatch):
    stepper = FlowStepper("bearer")
    drawn = []
    draw = FlowStepper.context
    monkeypatch.setattr(FlowStepper, "context", lambda self: drawn.append(1) or draw(self))
    stepper.act("next")
    assert len(drawn) == 1
    stepper.act("back")
    assert len(drawn) == 2
    stepper.shown = 0  # by a cell
    assert len(drawn) == 3


def test_a_lesson_loads_its_own_exercises_and_no_flow_that_it_does_not_use():
    code = """
import sys, jwtlab
from jwtlab.widgets import Quiz, TokenInspector, check, hint, lesson
lesson("01"); Quiz("01"); jwtlab.Lab()
print(*sorted(name for name in sys.modules if name.startswith(("jwtlab.exercises.lesson_", "flask", "httpx"))))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # Lesson 01 names the lesson that it needs.
    assert done.stdout.split() == ["jwtlab.exercises.lesson_00", "jwtlab.exercises.lesson_01"]
