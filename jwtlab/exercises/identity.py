"""Exercise 26.3: the key under which an application looks somebody up (OpenID Connect Core §5.7)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import NotYet, Wrong, mistakes
from jwtlab.exercises.safely import call
from jwtlab.exercises.table import NOTHING, near_misses

_ISSUER = "https://as.example"
_ALICE = {"iss": _ISSUER, "sub": "7", "email": "alice@mail.example", "name": "Alice"}
_LONG = {
    "iss": "https://login.a-longer-name.example/realms/notes",
    "sub": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
}
_LEGAL = "-._~:/@!$&'()*+,;=%0aA"
"""What may stand in an issuer's address (RFC 3986 §2), which has no ? and no # (OpenID Connect Core §2)."""


class _Elsewhere(str):
    """A text as another process has it: every text has another ``hash()`` there."""

    __slots__ = ()

    def __hash__(self) -> int:
        return super().__hash__() ^ 1


@mistakes(
    {
        "same-each-time": "The same claims give another key each time; nobody would ever be found again.",
        "iss": "Two issuers may both have a user 7: iss belongs in the key.",
        "sub": "Another sub at the same issuer is another person.",
        "email": "Alice has a new e-mail address, and is still Alice (§5.7).",
        "name": "Alice has a new name, and is still Alice.",
        "email-missing": "Claims such as email may be missing, and Alice is still Alice.",
        "hash": "hash() gives another number each time Python starts, and two people may get the same one. Keep iss "
        "and sub themselves.",
        "short": "The key is so short that two people can have the same one. Keep iss and sub themselves.",
        "loosely": "{one} and {other} are two people, and your function gives them one key. Capital letters, spaces "
        "and slashes count.",
        "swapped": "iss and sub are two different things: whoever may choose a sub can choose one that looks like an "
        "issuer. Keep their order.",
        "glued": "Glued together, two pairs can become one text: {one} and {other}. Keep them apart, in a tuple.",
        "unhashable": "This cannot be the key of a dict: {what}. A tuple can.",
    }
)
def judge_identity(answer: Any) -> str:
    """Judge a function ``claims -> key`` by what it makes one of, and what it keeps apart.

    Raises:
        NotYet, Wrong: as every judge.
    """

    def key(claims: Mapping[str, Any]) -> Any:
        return call(answer, dict(claims))

    first = key(_ALICE)
    if first in (None, ...):
        raise NotYet(NOTHING)
    if key(_ALICE) != first:
        raise Wrong("same-each-time")
    for mistake, same, claims in (
        ("iss", False, _ALICE | {"iss": "https://other.example"}),
        ("sub", False, _ALICE | {"sub": "8"}),
        ("email", True, _ALICE | {"email": "alice@new.example"}),
        ("name", True, _ALICE | {"name": "Alice Liddell"}),
        ("email-missing", True, {"iss": _ISSUER, "sub": "7"}),
    ):
        if (key(claims) == first) is not same:
            raise Wrong(mistake)
    if isinstance(first, int | float):
        raise Wrong("hash")
    for mistake, one, other in (*_loose_pairs(), *_pairs()):
        if key(one) == key(other):
            raise Wrong(mistake, one=tuple(one.values()), other=tuple(other.values()))
    _look_at_key(key)
    try:
        hash(first)
    except TypeError:
        raise Wrong("unhashable", what=kind(first)) from None
    return "iss and sub together, and nothing else. E-mail addresses are handed on to other people."


def _look_at_key(key: Callable[[Mapping[str, Any]], Any]) -> None:
    found, elsewhere = key(_LONG), key({name: _Elsewhere(value) for name, value in _LONG.items()})
    if found != elsewhere:
        raise Wrong("hash")
    if isinstance(found, str | bytes) and len(found) < 22:  # of base64url: fewer than 128 bits
        raise Wrong("short")


def _loose_pairs() -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Two people whose names look alike."""
    for claims in (_LONG, _LONG | {"iss": "https://Login.example/", "sub": "Carol-S.k/"}):
        for name in ("iss", "sub"):
            for _, _, text in near_misses(claims[name]):
                yield "loosely", claims, claims | {name: text}


def _pairs() -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Two people whose issuer and sub become one text, with any separator that may stand in an issuer's address."""
    one, other = "https://as.example/a", "https://as.example/c"
    yield "swapped", {"iss": one, "sub": other}, {"iss": other, "sub": one}
    for letter, count in itertools.product(["", *_LEGAL], (1, 2, 3)):
        with_it = letter * count
        yield "glued", {"iss": one, "sub": f"b{with_it}c"}, {"iss": f"{one}{with_it}b", "sub": "c"}
        yield (
            "glued",
            {"iss": f"{one}{with_it}{other}", "sub": "x"},
            {"iss": other, "sub": f"x{with_it}{one}"},
        )
