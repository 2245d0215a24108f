"""Exercises with instant feedback, quizzes and progress.

One file per lesson: ``lesson_01.py`` holds a ``LESSON``. This module finds them; the judges are
the same for lessons, tests and grading.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any

from jwtlab.errors import UsageError
from jwtlab.exercises.model import (
    Exercise,
    Feedback,
    Lesson,
    Mistake,
    NotYet,
    Option,
    Question,
    Verdict,
    Wrong,
)
from jwtlab.exercises.progress import MOVED, Progress

__all__ = [
    "Exercise",
    "Feedback",
    "Lesson",
    "Mistake",
    "NotYet",
    "Option",
    "Progress",
    "Question",
    "Verdict",
    "Wrong",
    "exercise",
    "judge",
    "lesson",
    "lessons",
    "numbers",
    "question",
]


@cache
def numbers() -> tuple[str, ...]:
    """Of all lessons, in order; none of them is loaded for it."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name.removeprefix("lesson_") for name in found if name.startswith("lesson_")))


@cache
def lessons() -> dict[str, Lesson]:
    """All lessons, by number, in order. It loads every one; `lesson` loads only the one that is wanted."""
    return {number: lesson(number) for number in numbers()}


def lesson(number: str) -> Lesson:
    """The lesson of this number.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    wanted = str(number).zfill(2)
    if wanted not in numbers():
        raise UsageError(f"there is no lesson {number!r}; there are: {', '.join(numbers())}")
    found: Lesson = importlib.import_module(f"{__name__}.lesson_{wanted}").LESSON
    return found


def exercise(exercise_id: str) -> Exercise:
    """The exercise of this id, such as ``"02.3"``.

    Raises:
        UsageError: there is none; the message lists those of its lesson.
    """
    found: Exercise = _find(exercise_id, "exercises", "exercise")
    return found


def question(question_id: str) -> Question:
    """The question of this id, such as ``"02.q1"`` or ``"02.p1"``.

    Raises:
        UsageError: there is none; the message lists those of its lesson.
    """
    kind = "predictions" if ".p" in str(question_id) else "quiz"
    found: Question = _find(question_id, kind, "question")
    return found


def judge(exercise_id: str, *answers: Any) -> Feedback:
    """Judge an answer; see `Exercise.judge`."""
    return exercise(exercise_id).judge(*answers)


def _find(wanted: str, attribute: str, noun: str) -> Any:
    if not isinstance(wanted, str) or "." not in wanted:
        raise UsageError(f"the id of an {noun} is a text such as '02.3'; this is {wanted!r}")
    wanted = MOVED.get(wanted, wanted)
    members = getattr(lesson(wanted.partition(".")[0]), attribute)
    for member in members:
        if member.id == wanted:
            return member
    there = ", ".join(member.id for member in members) or "none"
    raise UsageError(f"there is no {noun} {wanted!r}; in this lesson there are: {there}")
