"""Judging a dict that names one word for each of several things: which token goes where, what stops what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Mistake, NotYet, Wrong


@dataclass(frozen=True)
class Row:
    """One member of the dict.

    Attributes:
        name: the member.
        right: the word that belongs to it.
        wrong: each other word → the id of the mistake, and its hint.
    """

    name: str
    right: str
    wrong: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Words:
    """A judge of such dicts. The case of a word, and spaces around it, are forgiven.

    Attributes:
        rows: the members, in the order in which they are judged.
        praise: why a right answer is right.
    """

    rows: tuple[Row, ...]
    praise: str

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        hints = {
            "not-a-dict": "The answer is a dict with a word for each of {names}; this is {what}.",
            "missing": "{name} is still missing.",
            "no-such-word": "{name}: {said} is none of the words {words}.",
        }
        hints |= {mistake: hint for row in self.rows for mistake, hint in row.wrong.values()}
        return tuple(Mistake(id=name, hint=hint) for name, hint in hints.items())

    def __call__(self, answer: Any) -> str:
        if not isinstance(answer, Mapping):
            raise Wrong("not-a-dict", names=", ".join(row.name for row in self.rows), what=kind(answer))
        if answer and all(value is None for value in answer.values()):
            raise NotYet
        for row in self.rows:
            self._judge(row, answer.get(row.name))
        return self.praise

    def _judge(self, row: Row, found: Any) -> None:
        if found is None:
            raise Wrong("missing", name=row.name)
        words = {word.lower(): word for word in (row.right, *row.wrong)}
        said = words.get(found.strip().lower()) if isinstance(found, str) else None
        if said is None:
            known = ", ".join(sorted(words.values()))
            raise Wrong("no-such-word", name=row.name, said=repr(found)[:40], words=known)
        if said != row.right:
            mistake, _ = row.wrong[said]
            raise Wrong(mistake, f"{row.name}: not {said}.")
