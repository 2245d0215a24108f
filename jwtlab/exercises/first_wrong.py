"""Exercise 47.1: the first wrong message of four recorded logins, and the check that names it."""

from __future__ import annotations

from functools import cache
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import NotYet, Wrong, mistakes
from jwtlab.lab import Lab
from jwtlab.oauth.mishaps import MISHAPS

ASKED = ("prefetch", "less-scope", "old-nonce", "two-tabs")
"""The logins of exercise 47.1."""


@mistakes(
    {
        "not-a-dict": 'The answer is a dict: login → (message, check), such as {{"slash": (2, "request-taken")}}; '
        "this is {what}.",
        "no-such-login": "There is no login {name!r} in this exercise; there are: {names}.",
        "not-a-pair": "{name}: write (message, check), a number and the id of a check; this is {what}.",
        "too-early": "{name}: message {number} is as it should be. It goes wrong later.",
        "red-from-inside": "{name}: message {number} asks rightly. It ends in red because of a message that was sent "
        "before it was answered: that one stands further down.",
        "too-late": "{name}: at message {number} it has gone wrong already; that is what came of it.",
        "no-such-check": "{name}: the judge has no check {check!r}. Its id stands in brackets behind the title.",
        "symptom": "{name}: {check} fails too, and it is what came of the cause. Which check names the cause?",
        "holds": "{name}: {check} is not what is wrong here.",
        "missing": "So far so good. Still missing: {names}.",
    }
)
def judge_found(answer: Any) -> str:
    if not isinstance(answer, dict):
        raise Wrong("not-a-dict", what=kind(answer))
    if not answer or all(value is None or value is ... for value in answer.values()):
        raise NotYet
    for name in answer:
        if name not in ASKED:
            raise Wrong("no-such-login", name=str(name)[:40], names=", ".join(ASKED))
    given = {name: value for name, value in answer.items() if value is not None and value is not ...}
    for name, value in given.items():
        _look(name, value)
    left = [name for name in ASKED if name not in given]
    if left:
        raise Wrong("missing", names=", ".join(left))
    return "Four causes, each at its first message. What is red further down is only what came of it."


def _look(name: str, value: Any) -> None:
    """One login of the answer."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise Wrong("not-a-pair", name=name, what=kind(value))
    number, check = value
    if isinstance(number, bool) or not isinstance(number, int) or not isinstance(check, str):
        raise Wrong("not-a-pair", name=name, what=f"({kind(number)}, {kind(check)})")
    mishap = MISHAPS[name]
    if number not in mishap.messages:
        early = number < min(mishap.messages)
        red = early and number in _red_from_inside(name)
        fault = "red-from-inside" if red else "too-early" if early else "too-late"
        raise Wrong(fault, name=name, number=str(number)[:9])
    if check != mishap.check:
        known = check in _SYMPTOMS or check in _EVERY
        fault = "symptom" if check in _SYMPTOMS else "holds" if known else "no-such-check"
        raise Wrong(fault, name=name, check=check[:40])


@cache
def _red_from_inside(name: str) -> frozenset[int]:
    """Numbers of the messages that are answered with an error because of one that was sent meanwhile."""
    mishap = MISHAPS[name]
    return frozenset(each.number for each in Lab().mishap(name).trace if mishap.reddens(each))


_SYMPTOMS = frozenset(
    {"application-accepts", "api-accepts", "token-answer", "request-taken", "cookie-returned"}
)
_EVERY = frozenset(each for mishap in MISHAPS.values() for each in (mishap.check, *mishap.decoys))
