"""What a lesson is made of: exercises that judge an answer, questions, and the lesson itself.

An exercise's judge is a function of the answer. It returns the reason why a right answer is
right, and raises `Wrong` with a hint that names the mistake, or `NotYet`. Whatever a learner hands
in, of any type, gets a sentence back and never a traceback: `Exercise.judge` sees to that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from jwtlab.errors import JwtlabError, kind

LONGEST = 800
"""Characters of a message; nobody reads more."""


class Verdict(StrEnum):
    """What became of an answer."""

    NOT_YET = "not yet"
    WRONG = "try again"
    RIGHT = "right"


class NotYet(Exception):
    """Raised by a judge: there is no answer to judge yet."""


class Wrong(Exception):
    """Raised by a judge: the answer is wrong; the message names the mistake and the way on."""


@dataclass(frozen=True)
class Feedback:
    """The answer to an answer.

    Attributes:
        exercise: the `Exercise`.
        verdict: not yet, try again or right.
        message: one to three sentences.
    """

    exercise: Exercise
    verdict: Verdict
    message: str

    @property
    def right(self) -> bool:
        return self.verdict is Verdict.RIGHT

    def __str__(self) -> str:
        return f"{self.exercise.id} {self.verdict}: {self.message}"


@dataclass(frozen=True)
class Exercise:
    """A task that is judged at once.

    Attributes:
        id: lesson and number: ``"02.3"``.
        title: what to do, in a few words.
        judge_answer: ``answer(s) -> why it is right``; raises `Wrong` or `NotYet`.
        hints: from gentle to plain.
        solution: Python code that assigns ``answer`` (and what it needs), as one would write it in
            the exercise's cell after the lesson's first cell.
        points: its weight where lessons are graded.
    """

    id: str
    title: str
    judge_answer: Callable[..., str] = field(repr=False)
    hints: tuple[str, ...] = field(repr=False)
    solution: str = field(repr=False)
    points: int = 1

    def judge(self, *answers: Any) -> Feedback:
        """Judge an answer of any type; never raises."""
        if not answers or any(answer is None or answer is ... for answer in answers):
            return Feedback(self, Verdict.NOT_YET, "Write your answer in this cell and run it again.")
        try:
            return Feedback(self, Verdict.RIGHT, self.judge_answer(*answers))
        except NotYet as reason:
            return Feedback(
                self, Verdict.NOT_YET, _cut(str(reason)) or "Write your answer in this cell and run it again."
            )
        except Wrong as reason:
            return Feedback(self, Verdict.WRONG, _cut(str(reason)))
        except JwtlabError as error:
            return Feedback(self, Verdict.WRONG, _cut(f"The lab could not use this answer: {error}"))
        except Exception as error:
            return Feedback(self, Verdict.WRONG, _unforeseen(answers, error))


def _unforeseen(answers: tuple[Any, ...], error: Exception) -> str:
    what = kind(answers[0]) if len(answers) == 1 else f"{len(answers)} values"
    words = in_words(error)
    said = f" ({type(error).__name__}: {words})" if words else f" ({type(error).__name__})"
    return f"Your answer is {what}, and this exercise does not know what to do with it{said[:160]}."


def in_words(error: BaseException) -> str:
    """What an exception says; a learner's own may be unable to say anything."""
    try:
        return str(error)
    except Exception:
        return ""


def _cut(message: str) -> str:
    """A message without the middle of a megabyte that a learner's function returned."""
    return message if len(message) <= LONGEST else f"{message[:400]} … {message[-300:]}"


@dataclass(frozen=True)
class Option:
    """One answer to choose, with the reason why it is right or wrong."""

    text: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question with options, exactly one of which is right.

    Attributes:
        id: ``"02.q1"`` in a quiz, ``"02.p1"`` for a prediction before the explanation.
        text: the question.
        options: what can be chosen; every one is explained.
    """

    id: str
    text: str
    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        if sum(option.right for option in self.options) != 1:
            raise ValueError(f"question {self.id} needs exactly one right option")


@dataclass(frozen=True)
class Lesson:
    """One notebook.

    Attributes:
        number: ``"02"``.
        name: the notebook's file name without its ending.
        title: as it stands on the map.
        why: one sentence of why it matters.
        minutes: how long it takes.
        needs: numbers of the lessons that come before.
        exercises, predictions, quiz: what it asks.
        checks: ids of the checks that it teaches; its checklists begin with them.
    """

    number: str
    name: str
    title: str
    why: str
    minutes: int
    needs: tuple[str, ...] = ()
    exercises: tuple[Exercise, ...] = field(default=(), repr=False)
    predictions: tuple[Question, ...] = field(default=(), repr=False)
    quiz: tuple[Question, ...] = field(default=(), repr=False)
    checks: tuple[str, ...] = ()
