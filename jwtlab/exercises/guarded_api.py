"""Judging an API by attacking it: ``jwtlab.testing``, and then the questions that a kit does not ask."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import NotYet, Wrong, mistakes
from jwtlab.exercises.safely import call

AUDIENCE, PATH, SCOPE = "https://notes.example", "/notes", "notes:read"
PATIENCE = 20
"""Seconds for a whole attack; it takes less than one."""

STRICT = ("expired:missing", "wrong-type:jwt", "wrong-type:logout")
"""What the kit only advises, and RFC 9068 §2.2 and §4 demand of access tokens."""

_SAID = "{count} of {tried} forgeries got in, first {title}. {why} Missing: {missing}."
_GOT_IN = (
    "token-present",
    "signature-valid",
    "algorithm-allowed",
    "key-found",
    "not-expired",
    "expiry-present",
    "already-valid",
    "audience-expected",
    "issuer-expected",
    "type-expected",
    "scope-allowed",
)
"""The checks that may be missing, as the kit calls them."""


@mistakes(
    {name: f"{_SAID} (Check: {name}.)" for name in _GOT_IN}
    | {
        "no-app": "Return your Flask application, or a test client; your function gives {what}.",
        "turned-away": "Good tokens first: {title} was refused; {said}. The path is /notes, the audience "
        "https://notes.example, the scope notes:read.",
        "crashes": "{title} crashes it ({said}). Whoever may choose what crashes you, chooses when: catch every "
        "jwt.PyJWTError.",
        "status": "{what} gets {status}. RFC 6750 §3.1 wants {wanted}.",
        "challenge": "{what} gets {status} without a WWW-Authenticate of the scheme Bearer{error} (RFC 6750 §3).",
        "says-too-much": "A request without a token is told an error, and there was no token to be wrong with "
        "(RFC 6750 §3.1): leave error out.",
    }
)
def judge_api(answer: Any) -> str:
    """Judge ``answer(issuer) -> Flask application``."""
    from jwtlab.testing import Issuer, attack_api  # takes a while to load, and is needed here alone

    with Issuer(audience=AUDIENCE) as issuer, _quiet():
        client = _client_of(call(answer, issuer, seconds=5))
        outcome = call(
            lambda: attack_api((client, PATH), issuer, audience=AUDIENCE, scope=SCOPE), seconds=PATIENCE
        )
        _examine(outcome)
        call(lambda: _listen(client, issuer), seconds=PATIENCE)
    return (
        f"{outcome.tried} forgeries, and none got in; good tokens did, and each refusal says what to do. Run the same "
        "line in the tests of your API at work."
    )


def _client_of(made: Any) -> Any:
    if made is None or made is ...:
        raise NotYet("Your function gives no application yet. Write it, and run this cell again.")
    if callable(getattr(made, "test_client", None)):
        return made.test_client()
    if callable(getattr(made, "get", None)) and not isinstance(made, dict):
        return made
    raise Wrong("no-app", what=kind(made))


def _examine(outcome: Any) -> None:
    for each in outcome.turned_away:
        raise Wrong("turned-away", title=each.title, said=each.said)
    strict = [each for each in outcome.advice if each.id in STRICT]
    missing = [*outcome.let_through, *strict]
    for each in missing:
        name = each.fault.check if each.fault.check in _GOT_IN else "signature-valid"
        raise Wrong(
            name,
            count=len(missing),
            tried=outcome.tried,
            title=each.title,
            why=each.why,
            missing=each.fault.missing,
        )
    for each in outcome.advice.of("crash"):
        raise Wrong("crashes", title=each.title.partition(":")[0].capitalize(), said=each.said)


def _listen(client: Any, issuer: Any) -> None:
    """What is said to those that are refused."""
    asked = (
        ("A request without a token", "", 401, ""),
        ("A token that has expired", issuer.token(scope=SCOPE, minutes=-1), 401, "invalid_token"),
        ("Text that is no token", "nonsense", 401, "invalid_token"),
        ("A token of another scope", issuer.token(scope="notes:write"), 403, "insufficient_scope"),
    )
    for what, token, wanted, error in asked:
        reply = client.get(PATH, headers={"Authorization": f"Bearer {token}"} if token else {})
        status, said = int(reply.status_code), str(reply.headers.get("WWW-Authenticate") or "")
        if status != wanted:
            raise Wrong("status", what=what, status=status, wanted=wanted)
        if not said.lower().startswith("bearer ") or error not in said:
            raise Wrong("challenge", what=what, status=status, error=f" and with {error}" if error else "")
        if not error and "error" in said.lower():
            raise Wrong("says-too-much")


@contextmanager
def _quiet() -> Iterator[None]:
    """What crashes is told in a sentence; the page needs no traceback of it."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
