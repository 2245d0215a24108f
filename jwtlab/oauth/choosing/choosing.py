"""From answers to advice: which row fits, which question comes next, every way through."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jwtlab.errors import UsageError, kind
from jwtlab.oauth.choosing.advice import ROWS, AdviceRow
from jwtlab.oauth.choosing.habits import AVOID, BESIDES, Avoid, Besides
from jwtlab.oauth.choosing.questions import QUESTIONS, Ask, holds

WIDTH = 84
"""Columns of an advice as text: what fits into a narrow window."""


@dataclass(frozen=True)
class Advice:
    """What is advised to an application.

    Attributes:
        answers: question → answer, all of them.
        row: the row that fits.
        avoid: what to leave.
        besides: what to do besides.
    """

    answers: Mapping[str, str]
    row: AdviceRow
    avoid: tuple[Avoid, ...]
    besides: tuple[Besides, ...]

    @property
    def spec(self) -> tuple[str, ...]:
        """Every section that stands behind it, each once."""
        besides = [one for each in self.besides for one in each.spec]
        avoid = [one for each in self.avoid for one in each.spec]
        return tuple(dict.fromkeys([*self.row.spec, *besides, *avoid]))

    @property
    def lessons(self) -> tuple[str, ...]:
        """Numbers of the lessons in which it is played, each once; what the row says itself comes first."""
        besides = [one for each in self.besides for one in each.lessons]
        return tuple(dict.fromkeys([*self.row.lessons, *besides]))

    def __str__(self) -> str:
        row = self.row
        lines = [
            f"{row.title}: {row.flow}",
            f"  client: {row.client_type}, shows: {row.shows}",
            f"  tokens: {row.tokens}",
            f"  why: {row.why}  ({', '.join(row.spec)})",
        ]
        lines += [
            f"  {'careful' if each.warns else 'besides'}: {each.text}  ({', '.join(each.spec)})"
            for each in self.besides
        ]
        lines += [f"  leave: {each.title}. {each.why}  ({', '.join(each.spec)})" for each in self.avoid]
        return "\n".join(map(_filled, lines))


def _filled(line: str) -> str:
    """A line in several, none of which parts an RFC from its section."""
    held = textwrap.fill(line.replace(" §", "\u00a0§"), WIDTH, subsequent_indent="      ")
    return held.replace("\u00a0", " ")


def next_question(answers: Mapping[str, str]) -> Ask | None:
    """The first question that is to be asked and has no answer yet."""
    return next(
        (each for each in QUESTIONS.values() if each.id not in answers and holds(each.when, answers)), None
    )


def open_rows(answers: Mapping[str, str]) -> tuple[AdviceRow, ...]:
    """The rows that these answers leave possible."""
    return tuple(
        row for row in ROWS.values()
        if all(name not in answers or answers[name] in allowed for name, allowed in row.when.items())
        and not any(name in answers for name in _out_of_place(row))
    )  # fmt: skip


def _out_of_place(row: AdviceRow) -> tuple[str, ...]:
    """Questions that nobody is asked on the way to this row."""
    return tuple(
        each.id for each in QUESTIONS.values()
        if any(name in row.when and not set(row.when[name]) & set(allowed) for name, allowed in each.when.items())
    )  # fmt: skip


def advise(**answers: str) -> Advice:
    """The advice for an application.

    Args:
        answers: question → answer, such as ``advise(who="nobody", proof="key", stakes="some")``.

    Raises:
        UsageError: there is no such question or answer, one is missing, or one does not belong to the others;
            the message says which, and what can be answered.
    """
    for name, answer in answers.items():
        check_known(name, answer)
    asked: dict[str, str] = {}
    while (question := next_question(asked)) is not None:
        if question.id not in answers:
            raise UsageError(f"still to be answered: {_in_words(question)}")
        asked[question.id] = answers[question.id]
    extra = next((name for name in answers if name not in asked), "")
    if extra:
        raise UsageError(f"{extra} is not asked of such an application; leave it out")
    (row,) = open_rows(asked)
    besides = tuple(each for each in BESIDES.values() if holds(each.when, asked))
    return Advice(asked, row, tuple(AVOID[each] for each in row.avoid), besides)


def check_known(name: str, answer: object) -> None:
    """Is there such a question, with such an answer?

    Raises:
        UsageError: there is not; the message says which there are.
    """
    if name not in QUESTIONS:
        raise UsageError(f"there is no question {name!r}; there are: {', '.join(QUESTIONS)}")
    question = QUESTIONS[name]
    if not isinstance(answer, str):
        raise UsageError(f"an answer is a text; {name} is {kind(answer)}. Write {_in_words(question)}")
    if answer not in [choice.id for choice in question.choices]:
        raise UsageError(f"{answer!r} is no answer to {_in_words(question)}")


def _in_words(question: Ask) -> str:
    return f"{question.id} ({question.text}): {', '.join(choice.id for choice in question.choices)}"


def paths(answers: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """Every way through the questions, as answers.

    Args:
        answers: only those that begin like this.
    """
    begun = dict(answers or {})
    question = next_question(begun)
    if question is None:
        yield begun
        return
    for choice in question.choices:
        yield from paths({**begun, question.id: choice.id})
