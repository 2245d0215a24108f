"""What a lesson is made of: exercises that judge an answer, questions, and the lesson itself.

An exercise's judge is a function of the answer. It returns the reason why a right answer is
right, and raises `Wrong` with the id of a mistake, or `NotYet`. The mistakes are declared with the
judge, each with the sentence that names it: `mistakes`. Whatever a learner hands in, of any type,
gets a sentence back and never a traceback: `Exercise.judge` sees to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypeVar

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


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A way in which an answer can be wrong.

    Attributes:
        id: in one or a few words with hyphens, such as ``"padding"``; unique within its exercise.
        hint: the sentence that names the mistake and the way on. Fields in braces are filled in by `Wrong`.
    """

    id: str
    hint: str = field(repr=False)


class Wrong(Exception):
    """Raised by a judge: the answer is wrong.

    Args:
        mistake: the id of a `Mistake` that is declared with the judge.
        before, after: what stands around its sentence: for which input, with which result; what was asked.
        values: what its hint has in braces.
    """

    def __init__(self, mistake: str, /, before: str = "", after: str = "", **values: Any) -> None:
        super().__init__(mistake)
        self.mistake, self.before, self.after, self.values = mistake, before, after, values

    def __str__(self) -> str:
        return next((self.words(each.hint) for each in EVERYWHERE if each.id == self.mistake), self.mistake)

    def words(self, hint: str) -> str:
        """The whole sentence."""
        said = hint.format(**self.values) if self.values else hint
        return f"{self.before} {said}{self.after}".strip()


EVERYWHERE = (
    Mistake(
        id="no-function",
        hint="This exercise wants a function: write def ... and hand over its name, without brackets.",
    ),
    Mistake(
        id="endless",
        hint="Your function did not come to an end within {seconds:g} seconds. Is there an endless loop?",
    ),
    Mistake(id="raised", hint="Your function raised {error}{said}{called}"),
    Mistake(id="lab", hint="The lab could not use this answer: {error}"),
    Mistake(
        id="unforeseen",
        hint="Your answer is {what}, and this exercise does not know what to do with it{said}.",
    ),
)
"""Mistakes that can be made in every exercise."""


class Judge(Protocol):
    """``answer(s) -> why it is right``; raises `Wrong` or `NotYet`."""

    mistakes: tuple[Mistake, ...]

    def __call__(self, *answers: Any) -> str: ...


_Function = TypeVar("_Function", bound=Callable[..., str])


def mistakes(hints: Mapping[str, str], *shared: Iterable[Mistake]) -> Callable[[_Function], _Function]:
    """Declare the mistakes that a judge tells apart.

    Args:
        hints: id → the sentence that names the mistake.
        shared: mistakes of helpers that the judge calls.
    """

    def declare(judge: _Function) -> _Function:
        own = tuple(Mistake(id=name, hint=hint) for name, hint in hints.items())
        judge.mistakes = (*own, *(each for group in shared for each in group))  # type: ignore[attr-defined]
        return judge

    return declare


@dataclass(frozen=True)
class Feedback:
    """The answer to an answer.

    Attributes:
        exercise: the `Exercise`.
        verdict: not yet, try again or right.
        message: one to three sentences.
        mistake: the id of the mistake, if one was made.
    """

    exercise: Exercise
    verdict: Verdict
    message: str
    mistake: str = ""

    @property
    def right(self) -> bool:
        return self.verdict is Verdict.RIGHT

    def __str__(self) -> str:
        return f"{self.exercise.id} {self.verdict}: {self.message}"


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """A task that is judged at once.

    Attributes:
        id: lesson and number: ``"02.3"``.
        title: what to do, in a few words.
        judge_answer: see `Judge`.
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

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes that its judge tells apart; those of `EVERYWHERE` come on top."""
        found: tuple[Mistake, ...] = getattr(self.judge_answer, "mistakes", ())
        return found

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
            return self._wrong(reason)
        except JwtlabError as error:
            return self._wrong(Wrong("lab", error=error))
        except Exception as error:
            return self._wrong(_unforeseen(answers, error))

    def _wrong(self, reason: Wrong) -> Feedback:
        hint = next(
            (each.hint for each in (*self.mistakes, *EVERYWHERE) if each.id == reason.mistake), reason.mistake
        )
        return Feedback(self, Verdict.WRONG, _cut(reason.words(hint)), reason.mistake)


def _unforeseen(answers: tuple[Any, ...], error: Exception) -> Wrong:
    what = kind(answers[0]) if len(answers) == 1 else f"{len(answers)} values"
    words = in_words(error)
    said = f" ({type(error).__name__}: {words})" if words else f" ({type(error).__name__})"
    return Wrong("unforeseen", what=what, said=said[:160])


def in_words(error: BaseException) -> str:
    """What an exception says; a learner's own may be unable to say anything."""
    try:
        return str(error)
    except Exception:
        return ""


def _cut(message: str) -> str:
    """A message without the middle of a megabyte that a learner's function returned."""
    return message if len(message) <= LONGEST else f"{message[:400]} … {message[-300:]}"


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer to choose, with the reason why it is right or wrong."""

    text: str
    why: str
    right: bool = False


@dataclass(frozen=True, kw_only=True)
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
