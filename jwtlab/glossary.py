"""The words of the field, each in two sentences, with where it is defined and where it is taught.

::

    jwtlab.glossary.term("nonce").meaning
    jwtlab.glossary.find("redirect")              # terms that fit, the best first
    jwtlab.glossary.questions()                   # "I want to know why ..." → lesson
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from jwtlab.errors import UsageError
from jwtlab.jose.algorithms import ALGORITHMS
from jwtlab.jose.claims import CLAIMS, Claim
from jwtlab.jose.curves import CURVES
from jwtlab.jose.header_parameters import HEADER_PARAMETERS, HeaderParameter
from jwtlab.jose.key_types import KEY_TYPES

_DATA = Path(__file__).parent / "data" / "glossary.toml"


@dataclass(frozen=True)
class Term:
    """A word of the field.

    Attributes:
        name: as the specifications write it.
        meaning: one or two plain sentences.
        spec: where it is defined, such as ``"RFC 7519 §4.1.4"``; empty if no specification defines it.
        lesson: number of the lesson that teaches it; empty where none does.
        also: other names, and words under which one may look for it.
    """

    name: str
    meaning: str
    spec: str
    lesson: str = ""
    also: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What a search looks at, the name first."""
        return " ".join((self.name, *self.also, self.meaning, self.spec))


@dataclass(frozen=True)
class Asked:
    """Something that people want to know.

    Attributes:
        question: goes on after "I want to know ...".
        lesson: number of the lesson that answers it.
        where: the heading there.
    """

    question: str
    lesson: str
    where: str = ""

    @property
    def text(self) -> str:
        """What a search looks at."""
        return f"{self.question} {self.where}"


def _term(entry: Mapping[str, Any]) -> Term:
    """A term of the file; what it does not say of itself, a row says."""
    row = _rows().get(entry["name"])
    said = {} if row is None else {"meaning": row.meaning, "spec": row.spec}
    return Term(**{**said, **entry, "also": tuple(entry.get("also", ()))})


@cache
def _rows() -> Mapping[str, Term]:
    """What the tables of `jwtlab.jose` say: each algorithm, curve, key type, header parameter and claim."""
    terms = [Term(row.name, f"Header: {_sentence(row)}", row.spec) for row in HEADER_PARAMETERS.values()]
    for claim in CLAIMS.values():
        of = f" of {claim.of}" if claim.of else ""
        terms.append(Term(claim.name, f"Claim{of}: {_sentence(claim)}", claim.spec))
    for alg in ALGORITHMS.values():
        terms.append(Term(alg.name, f"Algorithm: {alg.meaning}. {alg.explanation}".strip(), alg.spec))
    terms += [Term(curve.name, f"Curve (crv): {curve.meaning}.", curve.spec) for curve in CURVES.values()]
    terms += [Term(row.kty, f"Type of key (kty): {row.meaning}.", row.spec) for row in KEY_TYPES.values()]
    return {term.name: term for term in reversed(terms)}


def _sentence(row: HeaderParameter | Claim) -> str:
    return row.explanation or f"{row.meaning}."


@cache
def _read() -> tuple[tuple[Term, ...], tuple[Asked, ...]]:
    data = tomllib.loads(_DATA.read_text("utf-8"))
    written = [_term(each) for each in data["term"]]
    names = {name.lower() for each in written for name in (each.name, *each.also)}
    terms = [*written, *(each for each in _rows().values() if each.name.lower() not in names)]
    return (
        tuple(sorted(terms, key=lambda each: each.name.lower())),
        tuple(sorted((Asked(**each) for each in data["asked"]), key=lambda each: each.lesson)),
    )


def terms() -> tuple[Term, ...]:
    """All terms, in alphabetical order."""
    return _read()[0]


def questions() -> tuple[Asked, ...]:
    """All questions, in the order of the lessons."""
    return _read()[1]


def term(name: str) -> Term:
    """The term of this name, or the one that has it as another name.

    Raises:
        UsageError: there is none; the message names those that come near.
    """
    wanted = name.strip().lower()
    for each in terms():
        if wanted == each.name.lower() or wanted in (other.lower() for other in each.also):
            return each
    near = ", ".join(each.name for each in find(name)[:5])
    raise UsageError(f"the glossary has no {name!r}" + (f"; near it: {near}" if near else ""))


def find(words: str) -> tuple[Term, ...]:
    """The terms that contain all these words (their beginnings are enough); those whose name does come first.

    Args:
        words: such as ``"redirect"``; all terms if there are none.
    """
    return tuple(_found(words, terms()))


def find_questions(words: str) -> tuple[Asked, ...]:
    """The questions that contain all these words (their beginnings are enough)."""
    return tuple(_found(words, questions()))


_Entry = TypeVar("_Entry", Term, Asked)


def _found(words: str, entries: Iterable[_Entry]) -> list[_Entry]:
    """Those that have a word for each of these beginnings; a name that fits whole or in part goes first."""
    wanted = _words(words)
    if words.strip() and not wanted:  # nothing but other signs
        return []
    hits = [(_distance(wanted, each), each) for each in entries if _has_all(wanted, _words(each.text))]
    return [each for _, each in sorted(hits, key=lambda hit: hit[0])]


def _has_all(wanted: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(start) for word in words) for start in wanted)


def _distance(wanted: Sequence[str], entry: Term | Asked) -> int:
    names = [_words(name) for name in (entry.name, *entry.also)] if isinstance(entry, Term) else []
    if wanted in names:
        return 0
    return 1 if any(_has_all(wanted, name) for name in names) else 2


def _words(text: str) -> list[str]:
    found = re.findall(r"[a-z0-9_.:+]+", text.lower().replace("-", " "))
    return [word for each in found if (word := each.strip(".:"))]
