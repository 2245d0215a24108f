"""What an assignment's notebook uses: the visible tests, judged in the student's own kernel."""

from __future__ import annotations

from typing import Any

from jwtlab.classroom.assignments import task
from jwtlab.classroom.model import LocalAnswer, judge
from jwtlab.classroom.variants import Variant
from jwtlab.errors import UsageError, kind
from jwtlab.widgets.view import Card


def check(task_id: str, answer: Any, my: Variant, seed: str = "visible") -> Card:
    """Run the visible tests of a task.

    Args:
        task_id: such as ``"a1.2"``.
        answer: the function or value; ``None`` or ``...`` mean "not yet".
        my: your own world: ``variant(STUDENT)``.
        seed: from which inputs are drawn.

    Returns:
        A card with one line for each part. Hidden parts are judged where marks are made.
    """
    if not isinstance(my, Variant):
        raise UsageError(f"check wants your variant as its third argument; this is {kind(my)}")
    found = task(task_id)
    result = judge(found, LocalAnswer(answer), my, seed, hidden=False)
    hidden = sum(part.hidden for part in found.parts)
    lines = [
        f"{'✓' if each.earned else '✕'} {each.part.title}" + (f": {each.words}" if each.words else "")
        for each in result.parts
    ]
    text = "\n".join([f"{found.id} {found.title}", *lines])
    return Card("classroom_check.html", text, result=result, hidden=hidden)


def judged(task_id: str, answer: Any, my: Variant) -> float:
    """All tests of a task, the hidden ones too: for a teacher who runs nbgrader alone, without our sandbox.

    Returns:
        The points, which nbgrader takes as the cell's partial credit. ``jwtlab classroom grade`` does
        not ask here: it judges outside the student's process.
    """
    return judge(task(task_id), LocalAnswer(answer), my, "teacher").earned
