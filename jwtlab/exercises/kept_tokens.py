"""Exercise 20.3: an access token that is kept as long as it is good."""

from __future__ import annotations

from typing import Any

from jwtlab.exercises.model import NotYet, Wrong, mistakes
from jwtlab.exercises.safely import call
from jwtlab.exercises.table import NOTHING


class _Issuer:
    """Counts how often it is asked for a token."""

    def __init__(self, lifetime: int, *names: str) -> None:
        self.lifetime, self.names, self.count = lifetime, names, 0

    def fetch(self) -> dict[str, Any]:
        name = self.names[self.count % len(self.names)]
        self.count += 1
        return {"access_token": name, "expires_in": self.lifetime, "token_type": "Bearer"}


_TIMES = (
    (1001, 1, "again"),
    (1869, 1, "again"),
    (1870, 1, "exactly-30"),
    (1871, 2, "too-late"),
    (2700, 2, "again"),
    (2742, 3, "too-late"),
    (9000, 4, "too-late"),
)
"""When the token of a server is asked for whose tokens live for 900 s, first at 1000; which one is right."""


@mistakes(
    {
        "whole-answer": "Your function returns the whole answer; return the token in it.",
        "first": "With an empty store your function should fetch once, and return the token that came.",
        "again": "At {now} the token of {since} is good for {left} more seconds: keep it, do not fetch again.",
        "exactly-30": "At {now} the token of {since} is good for another 30 seconds, and that is enough: keep it.",
        "too-late": "At {now} the token of {since} is good for {left} more seconds: too late to begin a call with it. "
        "Fetch a new one.",
        "twice": "Your function fetches twice for one token.",
        "lifetime": "The tokens of this server live for 60 s. The lifetime is in the answer, expires_in; do not "
        "assume 900.",
        "other-store": "With another store, empty again, your function gives the token of the first. Keep everything "
        "in the store that is handed over.",
    }
)
def judge_cache(answer: Any) -> str:
    names = ("red", "green", "blue", "grey", "pink")
    issuer, store = _Issuer(900, *names), {}  # type: ignore[var-annotated]
    first = call(answer, store, 1000, issuer.fetch)
    if first in (None, ...) and not issuer.count:
        raise NotYet(NOTHING)
    if isinstance(first, dict):
        raise Wrong("whole-answer")
    if issuer.count > 1:
        raise Wrong("twice")
    if first != names[0] or not issuer.count:
        raise Wrong("first", after=f" It gives {first!r}."[:80])
    since = 1000
    for now, number, mistake in _TIMES:
        before = issuer.count
        found = call(answer, store, now, issuer.fetch)
        if issuer.count - before > 1:
            raise Wrong("twice")
        if found != names[number - 1] or issuer.count != number:
            raise Wrong(mistake, now=now, since=since, left=since + 900 - now)
        since = now if issuer.count > before else since
    _ask_another_store(answer)
    return "Few requests, and no call with a token that expires on the way. expires_in is all a client needs to know."


def _ask_another_store(answer: Any) -> None:
    issuer, store = _Issuer(60, "one", "two"), {}  # type: ignore[var-annotated]
    if call(answer, store, 5000, issuer.fetch) != "one":
        raise Wrong("other-store")
    if [call(answer, store, now, issuer.fetch) for now in (5029, 5031)] != ["one", "two"]:
        raise Wrong("lifetime")
