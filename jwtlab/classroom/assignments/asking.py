"""What the judges of several assignments ask of a function that says yes or no."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Raised, Wrong
from jwtlab.exercises.table import near_misses

_NEAR = {
    "case": "capital and small letters are not the same",
    "space": "a space or a line break is a letter too",
    "letter": "some letters look alike in only one of the two cases",
    "longer": "it is not enough that yours stands somewhere in it",
    "shorter": "it is not enough that it stands somewhere in yours",
    "pattern": "a text is no pattern",
    "null": "a zero byte ends no text",
    "slash": "a slash more or less makes another text",
    "port": "a port belongs to the name",
    "scheme": "http is not https",
    "user": "what stands before an @ is not the host",
    "host": "a host that begins or ends alike is another host",
    "spelling": "percent signs make another text",
}


@dataclass(frozen=True)
class Bad:
    """Arguments that have to be refused.

    Attributes:
        words: for the student, if they are not; no input is given away in them.
        arguments: for the function.
    """

    words: str
    arguments: tuple[Any, ...]


def near(right: str, words: str) -> Iterator[tuple[str, str]]:
    """Texts that are nearly the right one, each with words for the student.

    Args:
        right: the right one.
        words: what it means that another one is accepted.
    """
    for sort, _, text in near_misses(right):
        yield f"{words}: {_NEAR.get(sort, 'compare all of it')}", text


def said(answer: Answer, arguments: Sequence[Any]) -> bool:
    """What a function of yes or no says.

    Raises:
        Wrong: something else than ``True`` or ``False``.
        Raised: it raised an exception.
    """
    found = answer.call(*arguments)
    if not isinstance(found, bool):
        raise Wrong("your function has to say True or False")
    return found


def yes(answer: Answer, cases: Iterable[tuple[str, tuple[Any, ...]]]) -> None:
    """Each of the cases has to be accepted.

    Args:
        answer: a function of yes or no.
        cases: words for the student, and arguments.
    """
    for words, arguments in cases:
        if not said(answer, arguments):
            raise Wrong(words)


def no(answer: Answer, bad: Iterable[Bad], draw: Draw, good: Iterable[tuple[Any, ...]]) -> None:
    """Each of the bad has to be refused, without an exception, and the good accepted all the same.

    Whoever refuses everything refuses nothing: without the good ones a function that says ``False``
    would have these points.
    """
    cases: list[tuple[str, tuple[Any, ...], bool]] = [(each.words, each.arguments, False) for each in bad]
    cases += [("a good one is refused too, and then this test says nothing", each, True) for each in good]
    for words, arguments, wanted in draw.shuffled(cases):
        try:
            found = said(answer, arguments)
        except Raised as raised:
            if wanted or raised.kind == "NotImplementedError":
                raise
            raise Wrong(f"it raised {raised.kind} where it should say False: {words}") from None
        if found != wanted:
            raise Wrong(words)
