"""FlowChooser: each question in its turn, answers that may change, advice with its sources."""

from __future__ import annotations

import pytest
from page import Page

from jwtlab.errors import UsageError
from jwtlab.oauth.choosing import QUESTIONS, ROWS, advise, paths
from jwtlab.widgets import FlowChooser


def answered(answers):
    chooser = FlowChooser()
    for name, answer in answers.items():
        chooser.act("answer", answer, name)
    return chooser


ONE_OF_EACH = {advise(**each).row.id: each for each in paths()}


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_reached_and_shown_with_its_sources(row):
    chooser = answered(ONE_OF_EACH[row])
    text, advice = Page(chooser.html).text, chooser.advice
    assert advice.row.id == row
    for part in (advice.row.title, advice.row.flow, advice.row.tokens, advice.row.why, *advice.spec):
        assert part in text
    for each in (*advice.avoid, *advice.besides):
        assert (each.title if hasattr(each, "title") else each.text) in text
    assert ("Careful:" in text) is any(each.warns for each in advice.besides)
    chooser.close()


def test_questions_come_one_after_the_other():
    chooser = FlowChooser()
    assert "14 of 14 still possible" in Page(chooser.html).text
    assert QUESTIONS["runs"].text not in Page(chooser.html).text
    chooser.act("answer", "person", "who")
    assert QUESTIONS["runs"].text in Page(chooser.html).text
    assert "7 of 14 still possible" in Page(chooser.html).text
    assert chooser.advice is None


def test_earlier_answer_may_change_and_later_ones_stay_if_they_fit():
    chooser = FlowChooser(who="person", runs="browser", backend="no", wants="own", absent="no", stakes="high")
    assert chooser.advice.row.id == "page-alone"
    chooser.act("answer", "yes", "backend")
    assert chooser.advice.row.id == "page-with-backend"
    chooser.act("answer", "phone", "runs")
    assert chooser.answers == {"who": "person", "runs": "phone"} | {
        "wants": "own",
        "absent": "no",
        "stakes": "high",
    }
    chooser.act("answer", "nobody", "who")
    assert chooser.answers == {"who": "nobody"}
    chooser.act("reset")
    assert chooser.answers == {}


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("robot", "who"),
        ("person", "nothing"),
        ("key", "proof"),
        (None, "who"),
        ({}, "who"),
        ("yes", "absent"),
    ],
)
def test_answers_that_nobody_asked_for_change_nothing(value, target):
    chooser = FlowChooser()
    chooser.act("answer", value, target)
    assert chooser.answers == {}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"who": "robot"}, "no answer"),
        ({"colour": "red"}, "no question"),
        ({"runs": "phone"}, "not asked"),
        ({"who": "nobody", "runs": "phone"}, "not asked"),
        ({"who": 1}, "a number"),
    ],
)
def test_wrong_beginnings_are_told(answers, said):
    with pytest.raises(UsageError, match=said):
        FlowChooser(**answers)


def test_radio_buttons_of_two_choosers_are_apart():
    names = [
        {e.attributes["name"] for e in Page(chooser.html).elements if e.name == "input"}
        for chooser in (FlowChooser(), FlowChooser(who="person"))
    ]
    assert not names[0] & names[1]


def test_static_stand_in_is_the_same_twice():
    one, other = (FlowChooser(who="nobody")._repr_mimebundle_()[0]["text/html"] for _ in range(2))
    assert one == other
    assert "How can the program prove who it is?" in one
