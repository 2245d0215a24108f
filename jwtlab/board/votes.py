"""A question to the whole room: what was chosen before the discussion, and after it."""

from __future__ import annotations

from dataclasses import dataclass

from jwtlab.board.reports import question_of
from jwtlab.board.store import BoardStore
from jwtlab.exercises import Option, Question


@dataclass(frozen=True)
class Bar:
    """An option, with how many chose it before and after, and these as parts of a hundred."""

    letter: str
    option: Option
    before: int
    after: int
    before_share: int
    after_share: int


@dataclass(frozen=True)
class Vote:
    """A question as the room answers it.

    Attributes:
        question: what is asked.
        bars: one for each option.
        before, after: how many have chosen in each round.
        discussed: the discussion has begun.
        shown: the right answer is shown.
        changed: learners whose choice after the discussion is another one than before.
    """

    question: Question
    bars: tuple[Bar, ...]
    before: int
    after: int
    discussed: bool
    shown: bool
    changed: int

    @property
    def is_prediction(self) -> bool:
        return ".p" in self.question.id


def look(store: BoardStore, question_id: str) -> Vote:
    """One question.

    Raises:
        KeyError: there is none of this name.
    """
    return _vote(store, question_of()[question_id], store.choices())


def all_votes(store: BoardStore) -> list[Vote]:
    """Every question that somebody has answered or that is being discussed."""
    choices = store.choices()
    asked = {question for _, question, _, _ in choices}
    return [_vote(store, question_of()[name], choices) for name in question_of() if name in asked]


def _vote(store: BoardStore, question: Question, choices: list[tuple[int, str, int, int]]) -> Vote:
    rounds: dict[int, dict[int, int]] = {1: {}, 2: {}}
    for learner, name, round_, chosen in choices:
        if name == question.id:
            rounds[round_][learner] = chosen
    before, after = rounds[1], rounds[2]
    round_, shown = store.vote(question.id)
    bars = []
    for number, option in enumerate(question.options):
        first, second = (list(each.values()).count(number) for each in (before, after))
        letter = chr(ord("A") + number)
        bars.append(
            Bar(letter, option, first, second, _percent(first, len(before)), _percent(second, len(after)))
        )
    moved = sum(before[who] != chosen for who, chosen in after.items() if who in before)
    return Vote(question, tuple(bars), len(before), len(after), round_ == 2, shown, moved)


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
