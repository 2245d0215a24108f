"""A widget is interrupted in the middle of its work (the button ■): it says so, is whole, and goes on."""

from __future__ import annotations

import inspect
import os
import re
import sys
from pathlib import Path

import pytest
from short_form import few

import jwtlab
from jwtlab import widgets
from jwtlab.widgets.view import View

TOKEN = jwtlab.Lab().token("alice", admin=False)
OTHER = jwtlab.Lab().token("bob")
OURS = str(Path(jwtlab.__file__).parent) + os.sep  # and not a checkout that is called jwtlab
"""A widget, and what a learner does with it: (action, value, target) one after the other."""


def _issuer():
    from jwtlab.oauth.world import ISSUER

    world = jwtlab.Lab().world()
    client = world.network.client("Explorer")
    return widgets.IssuerExplorer(ISSUER, client=client, clock=world.clock, random=bytes)


CASES = {
    "TokenInspector": (
        lambda: widgets.TokenInspector(TOKEN, key=jwtlab.Lab().key("ES256").public()),
        [("token", OTHER, ""), ("token", "a.b", ""), ("key", "secret", ""), ("secret_as", "text", "")],
    ),
    "VerifierBench": (
        lambda: widgets.VerifierBench(TOKEN, examples={"as issued": TOKEN}),
        [("token", OTHER, ""), ("switch", False, "not-expired"), ("time", "900", ""), ("reset", "", "")],
    ),
    "TokenBuilder": (
        lambda: widgets.TokenBuilder(lab=jwtlab.Lab()),
        [("alg", "RS256", ""), ("add", "", "claims"), ("value", '"bob"', "claims:0")],
    ),
    "SignatureStepper": (
        lambda: widgets.SignatureStepper(),
        [
            ("next", "", ""),
            ("alg", "ES256", ""),
            ("change", "mallory", ""),
            ("next", "", ""),
            ("undo", "", ""),
        ],
    ),
    "AttackBench": (
        lambda: widgets.AttackBench("key-confusion"),
        [("attack", "alg-none", ""), ("goal", "become Alice", ""), ("switch", False, "algorithm-allowed")],
    ),
    "CrackBench": (
        lambda: widgets.CrackBench(workers=1),
        [("start", "", ""), ("tick", "", ""), ("tick", "", ""), ("start", "", ""), ("stop", "", "")],
    ),
    "FlowStepper": (
        lambda: widgets.FlowStepper(),
        [("reset", "", ""), ("next", "", ""), ("next", "", ""), ("run", "", ""), ("look", "3", "")],
    ),
    "FlowStepper, attack": (
        lambda: widgets.FlowStepper(attack="code-interception"),
        [("reset", "", ""), ("next", "", ""), ("world", "sound", ""), ("run", "", "")],
    ),
    "FlowChooser": (lambda: widgets.FlowChooser(), [("reset", "", ""), ("answer", "yes", "person")]),
    "TraceReader": (
        lambda: widgets.TraceReader(),
        [("login", "1", ""), ("next", "", ""), ("here", "", ""), ("look", "1", "")],
    ),
    "IssuerExplorer": (_issuer, [("fetch", "", ""), ("field", "spa", "client_id"), ("begin", "", "")]),
    "Quiz": (lambda: widgets.Quiz("01"), [("choose", "0", "01.q1"), ("choose", "1", "01.q1")]),
    "Predict": (lambda: widgets.Predict("01.p1"), [("choose", "0", "01.p1")]),
    "LessonMap": (lambda: widgets.LessonMap(), [("refresh", "", ""), ("path", "", "")]),
    "Glossary": (lambda: widgets.Glossary(), [("search", "nonce", ""), ("search", "", "")]),
    "WhyIndex": (lambda: widgets.WhyIndex(), [("search", "state", "")]),
}


def press(widget: View, action: str, value: object, target: str) -> None:
    widget._handle_custom_msg({"action": action, "value": value, "name": target}, [])


class Interrupting:
    """Ctrl+C at the n-th call of a function of ours: ``with Interrupting(n) as calls``."""

    def __init__(self, number: int) -> None:
        self.number, self.count = number, 0

    def __enter__(self) -> Interrupting:
        sys.setprofile(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _called(self, frame, event, argument) -> None:
        if event != "call" or not frame.f_code.co_filename.startswith(OURS):
            return
        if frame.f_code.co_flags & inspect.CO_GENERATOR:
            return  # it may be on its end, in a destructor, where nothing can be raised
        if frame.f_code.co_name in ("_answer", "_broken_off", "mend"):
            return
        self.count += 1
        if self.count == self.number:
            sys.setprofile(None)
            raise KeyboardInterrupt


def test_every_widget_is_here():
    named = {name.split(",")[0] for name in CASES}
    all_of_them = {name for name in widgets.__all__ if isinstance(getattr(widgets, name), type)}
    assert named == all_of_them


SHORT = [(name, 1 if name == "FlowStepper" else 2) for name in CASES if "attack" not in name]
PLACES = [*SHORT, *((name, 9) for name in CASES)]


@pytest.mark.parametrize(("name", "places"), few(PLACES, *SHORT))
def test_interrupted_anywhere_a_widget_says_so_and_works(name, places, tmp_path, monkeypatch):
    monkeypatch.setenv("JWTLAB_PROGRESS", str(tmp_path / "progress.json"))
    make, actions = CASES[name]
    for number, each in enumerate(actions):
        before = actions[:number]
        # The interrupted action has happened or not; what comes then shows what it would show anyway.
        possible = {
            _still(_played(make, [*before, *actions])),
            _still(_played(make, [*before, each, *actions])),
        }
        counted = _played(make, before)
        with Interrupting(0) as calls:
            press(counted, *each)
        counted.close()
        for place in sorted({1 + calls.count * (2 * part + 1) // (2 * places) for part in range(places)}):
            widget = _played(make, before)
            with Interrupting(place) as until:
                press(widget, *each)
            assert widget.ack == number + 1, "the page would wait for ever"
            assert until.count < place or widget.trouble.startswith("It was interrupted."), (each, place)
            assert widget.html == widget.draw(), (each, place)
            for again in actions:
                press(widget, *again)
                assert widget.trouble == "", (each, place)
            assert _still(widget) in possible, (each, place)
            widget.close()


def _played(make, actions) -> View:
    widget = make()
    for each in actions:
        press(widget, *each)
    return widget


def _still(widget: View) -> str:
    """What it shows, without figures of speed."""
    return re.sub(r"[\d.,]+", "0", str(widget.draw()))


def test_interrupted_search_is_not_a_search_that_found_nothing():
    widget = widgets.CrackBench(workers=1)
    widget.act("list", "all words of 4 small letters")
    press(widget, "start", "", "")
    press(widget, "tick", "", "")
    with Interrupting(3):
        press(widget, "tick", "", "")
    assert widget.state == "stopped"
    assert "Start begins again" in widget.trouble
    assert "data-tick" not in widget.html


def test_flow_in_a_cell_that_was_interrupted_says_that_it_is_over(monkeypatch):
    flow = jwtlab.Lab().flow("authorization-code")
    flow.send()
    with pytest.raises(KeyboardInterrupt), Interrupting(40):
        flow.send()
    assert flow.done
    assert "interrupted" in repr(flow)
    with pytest.raises(jwtlab.UsageError, match="begins a new one"):
        flow.send()


def test_mistake_of_ours_is_told_and_not_swallowed(caplog, monkeypatch):
    widget = widgets.TokenInspector(TOKEN)

    def broken(self, *_):
        raise ZeroDivisionError("<b>by zero</b>")

    monkeypatch.setitem(type(widget).actions, "token", broken)
    press(widget, "token", OTHER, "")
    assert widget.trouble.startswith("Something went wrong in the kernel: ZeroDivisionError: <b>by zero</b>")
    assert widget.ack == 1
    press(widget, "key", "x", "")
    assert widget.trouble == ""
