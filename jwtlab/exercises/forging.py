"""Judging forged tokens: what counts is that the victim accepts them and reads the attacker's claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jwtlab.attacks import GOAL, Scenario
from jwtlab.errors import kind
from jwtlab.exercises.model import Mistake, Wrong
from jwtlab.jose.jwt import STANDARD
from jwtlab.jose.token import Reading, read

_WHATEVER_KID = STANDARD.without("key-found")
"""Sound, but for the key's name: an honest signature stays one under any kid."""


FORGED = (
    Mistake(id="bytes", hint="Almost: these are bytes, and a token is text. Call .decode() on them."),
    Mistake(id="not-text", hint="The answer is a token, a text; this is {what}."),
    Mistake(
        id="original",
        hint="This is the token as the issuer made it. The victim accepts it, and Mallory stays Mallory.",
    ),
    Mistake(
        id="no-header", hint="The first part cannot be read as a header: JSON in base64url, without padding."
    ),
    Mistake(id="refused", hint="The weak verifier refuses this token: {reason}."),
    Mistake(
        id="honest",
        hint="A sound verifier accepts this token too: it carries the issuer's own signature, and Mallory does not "
        "have that key. Forge one without it.",
    ),
    Mistake(id="goal", hint="The weak verifier lets you in, but {name} is {said}; it should be {goal!r}."),
)
"""What `forged` tells apart."""


def as_token(answer: Any) -> str:
    """The learner's token as text.

    Raises:
        Wrong: it is something else.
    """
    if isinstance(answer, bytes):
        raise Wrong("bytes")
    if not isinstance(answer, str):
        raise Wrong("not-text", what=kind(answer))
    return answer.strip()


def forged(answer: Any, scenario: Scenario, goal: Mapping[str, Any] = GOAL) -> Reading:
    """Send the learner's token to the victim.

    Args:
        answer: what the learner handed in.
        scenario: whose victim it has to get past.
        goal: the claims that the victim must read.

    Returns:
        The token, read, for a closer look.

    Raises:
        Wrong: it is no token, the issuer made it, the victim refuses it, or reads other claims (`FORGED`).
    """
    token = as_token(answer)
    if token == scenario.good:
        raise Wrong("original")
    reading = read(token)
    if reading.header is None:
        raise Wrong("no-header")
    report = scenario.run(scenario.victim, token=token)
    if report.first_failure:
        raise Wrong("refused", reason=report.first_failure.reason)
    if scenario.run(_WHATEVER_KID, token=token).accepted:
        raise Wrong("honest")
    for name, value in goal.items():
        if not _same(report.claims.get(name), value):
            said = repr(report.claims[name]) if name in report.claims else "missing"
            raise Wrong("goal", name=name, said=said, goal=value)
    return reading


def _same(found: Any, wanted: Any) -> bool:
    """Equal, and of one type: 1 is not True."""
    return type(found) is type(wanted) and found == wanted


def stopped(answer: str, scenario: Scenario) -> str:
    """Who would have stopped this token, in a clause: ``"algorithm-allowed"``."""
    report = scenario.run(token=answer, keep_going=True)
    return " and ".join(finding.id for finding in report.failures)
