"""What a learner's kernel may report, and nothing else: a try, a choice, a call for help.

A report carries no counts. How often somebody tried is counted by the board, so an impossible number cannot
be written down. What it names is looked up in the lessons: the exercise, the mistake, the option.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jwtlab import exercises
from jwtlab.errors import UsageError, kind
from jwtlab.exercises import Exercise, Mistake, Question, Verdict
from jwtlab.exercises.model import EVERYWHERE

MOST = 50
"""Events in one report."""
HIGHEST = 10_000_000
"""The highest number of an event: more than anybody makes in one session."""


@dataclass(frozen=True)
class Try:
    """An answer was judged."""

    number: int
    exercise: str
    verdict: Verdict
    mistake: str


@dataclass(frozen=True)
class OptionChosen:
    """An option was chosen."""

    number: int
    question: str
    option: int


@dataclass(frozen=True)
class Help:
    """Somebody is stuck, or no longer is; ``exercise`` may be empty."""

    number: int
    exercise: str
    on: bool


Event = Try | OptionChosen | Help


@dataclass(frozen=True)
class BoardReport:
    """What came in one request.

    Attributes:
        session: the kernel that sent it, a random text of its own.
        events: those that can be true.
        refused: those that cannot: the place, and why.
    """

    session: str
    events: tuple[Event, ...]
    refused: tuple[str, ...]


def read(body: object) -> BoardReport:
    """Read a report.

    Raises:
        UsageError: it is no report at all; the message names the place.
    """
    if not isinstance(body, Mapping):
        raise UsageError(f"a report is a JSON object; this is {kind(body)}")
    session, given = body.get("session"), body.get("events")
    if (
        not isinstance(session, str)
        or not 16 <= len(session) <= 64
        or not (session.isascii() and session.isalnum())
    ):
        raise UsageError("session: 16 to 64 letters and digits")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST:
        raise UsageError(f"events: a list of 1 to {MOST}")
    events: list[Event] = []
    refused = []
    for place, each in enumerate(given):
        try:
            events.append(_event(each))
        except UsageError as error:
            refused.append(f"events[{place}]: {error}")
    return BoardReport(session, tuple(events), tuple(refused))


def _event(given: object) -> Event:
    if not isinstance(given, Mapping):
        raise UsageError(f"an event is a JSON object; this is {kind(given)}")
    sort = given.get("kind")
    if not isinstance(sort, str) or sort not in KINDS:
        raise UsageError(f"kind: one of {', '.join(KINDS)}")
    make, members = KINDS[sort]
    strange = set(given) - {"kind", "number", *members}
    if strange:
        raise UsageError(f"{_brief(min(strange))} does not belong here")
    number = given.get("number")
    if type(number) is not int or not 1 <= number <= HIGHEST:
        raise UsageError(f"number: from 1 to {HIGHEST:,}")
    return make(number, given)


def _try(number: int, given: Mapping[str, Any]) -> Try:
    exercise = _known(given.get("exercise"), exercise_of(), "exercise")
    try:
        verdict = Verdict(given["verdict"])
    except (ValueError, KeyError):
        raise UsageError(f"verdict: one of {', '.join(Verdict)}") from None
    mistake = given.get("mistake", "")
    if verdict is not Verdict.WRONG and mistake:
        raise UsageError(f"mistake: none was made where the verdict is {str(verdict)!r}")
    if verdict is Verdict.WRONG and (not isinstance(mistake, str) or mistake not in mistakes_of(exercise.id)):
        raise UsageError(f"mistake: exercise {exercise.id} has none of this name: {_brief(mistake)}")
    return Try(number, exercise.id, verdict, mistake)


def _choice(number: int, given: Mapping[str, Any]) -> OptionChosen:
    question = _known(given.get("question"), question_of(), "question")
    option = given.get("option")
    if type(option) is not int or not 0 <= option < len(question.options):
        raise UsageError(f"option: question {question.id} has 0 to {len(question.options) - 1}")
    return OptionChosen(number, question.id, option)


def _help(number: int, given: Mapping[str, Any]) -> Help:
    exercise = given.get("exercise", "")
    if exercise != "":
        exercise = _known(exercise, exercise_of(), "exercise").id
    if not isinstance(given.get("on"), bool):
        raise UsageError("on: true or false")
    return Help(number, exercise, given["on"])


KINDS: Mapping[str, tuple[Callable[[int, Mapping[str, Any]], Event], tuple[str, ...]]] = {
    "try": (_try, ("exercise", "verdict", "mistake")),
    "choice": (_choice, ("question", "option")),
    "help": (_help, ("exercise", "on")),
}
"""Name → what reads it, and the members it has beside ``kind`` and ``number``."""


def _known(name: object, there: Mapping[str, Any], noun: str) -> Any:
    if not isinstance(name, str) or name not in there:
        raise UsageError(f"{noun}: there is none of this name: {_brief(name)}")
    return there[name]


def _brief(given: object) -> str:
    text = repr(given) if isinstance(given, str | int | float | bool) or given is None else kind(given)
    return text if len(text) <= 60 else f"{text[:56]} …"


@cache
def exercise_of() -> dict[str, Exercise]:
    """Every exercise by its id."""
    return _by_id(each for lesson in exercises.lessons().values() for each in lesson.exercises)


@cache
def question_of() -> dict[str, Question]:
    """Every question by its id."""
    return _by_id(
        each for lesson in exercises.lessons().values() for each in (*lesson.predictions, *lesson.quiz)
    )


def _by_id(things: Iterable[Any]) -> dict[str, Any]:
    return {each.id: each for each in things}


@cache
def mistakes_of(exercise_id: str) -> dict[str, Mistake]:
    """Every mistake that can be made in an exercise, by its id."""
    return _by_id((*EVERYWHERE, *exercise_of()[exercise_id].mistakes))
