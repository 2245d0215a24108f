"""Wrong guesses are counted (RFC 6749 §10.10)."""

from __future__ import annotations

from dataclasses import dataclass

from jwtlab.checks import Check, Policy
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.protocol import refuse
from jwtlab.oauth.store import fingerprint

MOST_ATTEMPTS = 10
ATTEMPTS_WINDOW = 15 * 60
"""Wrong guesses for one name, and the seconds after which they are forgotten."""


@dataclass(frozen=True)
class Attempts:
    """How often somebody has guessed wrong lately."""

    count: int


def attempts_left(case: Attempts) -> str:
    if case.count >= MOST_ATTEMPTS:
        raise refuse("access_denied", "too many wrong attempts; wait a quarter of an hour", status=429)
    return f"{case.count} wrong so far"


ATTEMPT_CHECKS = Policy(
    (
        Check(
            id="attempts-left",
            title="Not too many wrong guesses",
            spec="RFC 6749 §10.10",
            run=attempts_left,
            group="Login",
            purpose="Whoever may guess for ever, guesses right.",
        ),
    ),
    "attempts",
)


def lately(server: Server, who: str) -> Attempts:
    """Wrong guesses for this name lately."""
    place = fingerprint(who)
    with server.store.transaction():
        record = server.store.get("attempts", place)
        if record is None or record["until"] <= server.clock():
            return Attempts(0)
        latest = server.clock() + ATTEMPTS_WINDOW
        if record["until"] > latest:  # the clock was set back: the wait begins again, and lasts no day
            server.store.put("attempts", place, record | {"until": latest}, latest)
        return Attempts(record["count"])


def check(server: Server, who: str) -> None:
    """May somebody guess once more?

    Raises:
        OAuthError: there were too many wrong guesses.
    """
    server.decide("attempts", lately(server, who))


def count(server: Server, who: str) -> None:
    """A wrong guess more."""
    until = server.clock() + ATTEMPTS_WINDOW
    with server.store.transaction():
        record = {"count": lately(server, who).count + 1, "until": until}
        server.store.put("attempts", fingerprint(who), record, until)


POLICIES = {"attempts": ATTEMPT_CHECKS}
