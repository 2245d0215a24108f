"""What a lesson shows beside the widgets: its head, the answer to an exercise, hints, solutions."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from IPython import get_ipython

from jwtlab import cell_order, exercises
from jwtlab.errors import UsageError, kind
from jwtlab.exercises import Progress, Verdict, gauntlet, happenings
from jwtlab.lab import Lab
from jwtlab.style import STYLE_MARK, style_element
from jwtlab.widgets.view import Card, View, open_lesson, static

_hints_given: dict[str, int] = {}


class LessonHead(View):
    """The first output of a lesson. It also brings the style for everything that follows.

    In a page with a kernel the style comes with the widget. In the HTML that stays in the file a
    mark holds its place (`jwtlab.lessons.put_style` fills it), so that a changed style sheet
    changes no committed lesson.
    """

    template = "head.html"

    def __init__(self, text: str, **context: Any) -> None:
        self._text, self._context = text, context
        super().__init__()

    def context(self) -> dict[str, Any]:
        return self._context

    def __repr__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        style = style_element() if os.environ.get("JWTLAB_STYLE") == "inline" else STYLE_MARK
        return style + static(self.draw())

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return {**data, "text/html": self._repr_html_()}, metadata


def lesson(number: str) -> LessonHead:
    """Open a lesson: its first cell ends with this.

    Args:
        number: such as ``"01"``.

    Raises:
        UsageError: no such lesson.
    """
    found = exercises.lesson(number)
    open_lesson(found)
    cell_order.watch(get_ipython(), Path.cwd() / f"{found.name}.ipynb")
    needs = [exercises.lesson(n) for n in found.needs if n in exercises.numbers()]
    text = f"Lesson {found.number} · {found.title} · about {found.minutes} minutes · the lab is ready"
    notices = Progress().notices()
    return LessonHead("\n".join([text, *notices]), lesson=found, needs=needs, notices=notices)


def check(exercise_id: str, *answers: Any) -> Card:
    """Judge the answer to an exercise.

    Args:
        exercise_id: such as ``"01.2"``.
        answers: the answer; ``None`` or ``...`` mean "not yet".

    Returns:
        A card that says "not yet", "try again" with a hint that names the mistake, or "right" with
        the reason. It never raises for an answer, whatever its type.
    """
    try:
        feedback = exercises.judge(exercise_id, *answers)
        happenings.judged(feedback)
    except UsageError as error:
        return _problem(str(error))
    except (
        Exception
    ) as error:  # the learner may have put something of their own in the place of Python's or ours
        return _problem(
            f"{exercise_id} could not be judged ({type(error).__name__}: {error}). Has something been replaced that "
            "others need, in Python or in jwtlab? Kernel > Restart Kernel, then run the lesson from its first cell."
        )
    tone = {Verdict.RIGHT: "ok", Verdict.WRONG: "bad", Verdict.NOT_YET: "mute"}[feedback.verdict]
    icon = {Verdict.RIGHT: "✓", Verdict.WRONG: "✕", Verdict.NOT_YET: "○"}[feedback.verdict]
    return Card("feedback.html", str(feedback), feedback=feedback, tone=tone, icon=icon)


def scoreboard(verify: Any) -> Card:
    """Send every forgery and every good token to a verifier, and show how it did.

    Args:
        verify: ``token -> claims``, or ``None`` for a refusal; see `jwtlab.exercises.gauntlet.run`.
    """
    score = gauntlet.run(verify)
    return Card("scoreboard.html", str(score), score=score, goods=len(gauntlet.good_tokens()))


def flow_board(mends: Any) -> Card:
    """Play every attack on flows in its careless world, each with one check put back, and show what holds.

    Args:
        mends: a mapping, attack → check, by id or title; see `jwtlab.exercises.breaking.play`.
    """
    if not isinstance(mends, Mapping):
        return _problem(f"The board wants a dict, attack → check; this is {kind(mends)}.")
    from jwtlab.exercises import breaking  # the flows, which most lessons do without

    rounds = breaking.board(mends)
    holding = sum(each.holds for each in rounds)
    lines = [f"{holding} of {len(rounds)} hold"]
    lines += [
        f"{'✓' if each.holds else '✕'} {each.id}: {each.mend or 'no mend yet'}. {each.words}"
        for each in rounds
    ]
    return Card("flow_board.html", "\n".join(lines), rounds=rounds, holding=holding)


def hint(exercise_id: str) -> Card:
    """The next hint for an exercise; called again, a plainer one."""
    try:
        found = exercises.exercise(exercise_id)
    except UsageError as error:
        return _problem(str(error))
    number = min(_hints_given.get(exercise_id, 0), len(found.hints) - 1)
    _hints_given[exercise_id] = number + 1
    text = f"{exercise_id} hint {number + 1} of {len(found.hints)}: {found.hints[number]}"
    return Card("hint.html", text, exercise=found, number=number)


def solution(exercise_id: str) -> Card:
    """One way to solve an exercise. Try first: what one has tried, one remembers."""
    try:
        found = exercises.exercise(exercise_id)
    except UsageError as error:
        return _problem(str(error))
    return Card("solution.html", f"{exercise_id} solution:\n{found.solution}", exercise=found)


def lab_check() -> Card:
    """Is everything in order that a lesson needs, as far as the kernel can tell?"""
    items = [
        (
            "Python",
            sys.version_info >= (3, 11),
            "Python 3.11 or newer is needed; make the environment anew with one.",
        ),
        ("signatures", _signs(), "The package cryptography does not work here; install jwtlab again."),
        (
            "widgets",
            _has("anywidget", "ipywidgets"),
            "anywidget or ipywidgets is missing; install jwtlab again.",
        ),
        ("pictures", _has("matplotlib"), "matplotlib is missing; install jwtlab again."),
        ("services", _has("flask", "httpx"), "Flask or httpx is missing; install jwtlab again."),
        ("lessons", bool(exercises.numbers()), "The lessons' files are missing; install jwtlab again."),
    ]
    bad = [name for name, fine, _ in items if not fine]
    text = "The lab works." if not bad else f"Not in order: {', '.join(bad)}"
    return Card("lab_check.html", text, items=items, good=not bad)


def _signs() -> bool:
    lab = Lab()
    return lab.verify(lab.token()).accepted


def _has(*modules: str) -> bool:
    return all(importlib.util.find_spec(module) is not None for module in modules)


def table(rows: Any, *columns: str, caption: str = "") -> Card:
    """A small table of anything, every cell escaped.

    Args:
        rows: an iterable of rows, each an iterable of cells.
        columns: the headings.
        caption: what it shows.
    """
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(line[i]) for line in [list(columns), *cells]) for i in range(len(columns))]
    lines = [
        "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip()
        for line in [columns, *cells]
    ]
    return Card("table.html", "\n".join(lines), columns=columns, rows=cells, caption=caption)


def _problem(message: str) -> Card:
    return Card("problem.html", message, message=message)
