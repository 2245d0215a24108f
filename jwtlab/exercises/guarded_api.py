"""Judging an API by attacking it: ``jwtlab.testing``, and then the questions that a kit does not ask."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.challenges import parameters_of
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
        "https://notes.example, the scope notes:read. The issuer and its keys are those that your function is given "
        "(issuer.issuer, issuer.jwks_uri): another one each time, and not the one of the cells above.",
        "crashes": "{title} crashes it ({said}). Whoever may choose what crashes you, chooses when: catch every "
        "jwt.PyJWTError.",
        "status": "{what} gets {status}. RFC 6750 §3.1 wants {wanted}.",
        "challenge": "{what} gets {status} without a WWW-Authenticate of the scheme Bearer{error} (RFC 6750 §3).",
        "owner": 'To a good token of bob the answer is JSON with {{"owner": "bob"}}, out of the claims; yours is '
        "{text!r}.",
        "says-too-much": "A request without a token is told an error, and there was no token to be wrong with "
        "(RFC 6750 §3.1): leave error out.",
    }
)
def judge_api(answer: Any) -> str:
    """Judge ``answer(issuer) -> Flask application``."""
    from jwtlab.testing import Issuer, attack_api  # takes a while to load, and is needed here alone

    with Issuer(audience=AUDIENCE) as issuer, _quiet():
        client = _client_of(call(answer, issuer, seconds=5))
        status = call(lambda: int(client.get(PATH, headers=_good(issuer)).status_code), seconds=PATIENCE)
        if not 200 <= status < 300:  # the forgeries would prove nothing
            raise Wrong("turned-away", title="a good token", said=f"it answered {status}")
        outcome = call(
            lambda: attack_api((client, PATH), issuer, audience=AUDIENCE, scope=SCOPE), seconds=PATIENCE
        )
        _examine(outcome)
        _examine_answers(call(lambda: _ask(client, issuer), seconds=PATIENCE))
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


def _good(issuer: Any, sub: str = "alice") -> dict[str, str]:
    return {"Authorization": f"Bearer {issuer.token(sub, scope=SCOPE)}"}


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


@dataclass(frozen=True)
class _Question:
    """A request, and what has to come back.

    Attributes:
        what: it is, in a phrase.
        sent: the header ``Authorization``, or empty.
        status: of the answer.
        error: in the challenge; empty for none, ``None`` for any.
    """

    what: str
    sent: str
    status: int
    error: str | None = None


def _questions(issuer: Any) -> Iterator[_Question]:
    good = issuer.token(scope=SCOPE)
    yield _Question("A request without a token", "", 401, "")
    yield _Question(
        "A token that has expired", f"Bearer {issuer.token(scope=SCOPE, minutes=-1)}", 401, "invalid_token"
    )
    yield _Question("Text that is no token", "Bearer nonsense", 401, "invalid_token")
    yield _Question(
        "A token without sub", f"Bearer {issuer.token(scope=SCOPE, sub=None)}", 401, "invalid_token"
    )
    weak = issuer.token(scope="notes:write")
    yield _Question("A token of another scope", f"Bearer {weak}", 403, "insufficient_scope")
    for scheme in ("Bearers", "XBearer", "Bearer/", "Token"):
        yield _Question(f"A good token behind the scheme {scheme}", f"{scheme} {good}", 401)
    for typ in _NEARLY:
        sent = f"Bearer {issuer.token(scope=SCOPE, typ=typ)}"
        yield _Question(f"A token whose typ is {typ!r}", sent, 401, "invalid_token")


_NEARLY = ("at", "jwt", "at+jwts", "xat+jwt", "at+jwt/", " at+jwt", "", None)
"""What a careless comparison takes for ``at+jwt``."""

_Answered = tuple[_Question, int, str, str]


def _ask(client: Any, issuer: Any) -> list[_Answered]:
    """What is said to those that are refused; and at the end, to bob, who is not."""
    from jwtlab.testing.senders import finished_reply

    asked = [*_questions(issuer), _Question("", _good(issuer, "bob")["Authorization"], 200)]
    found = []
    for each in asked:
        reply = client.get(PATH, headers={"Authorization": each.sent} if each.sent else {})
        said = str(reply.headers.get("WWW-Authenticate") or "")
        found.append((each, int(reply.status_code), said, finished_reply(reply).text))
    return found


def _examine_answers(answered: list[_Answered]) -> None:
    for asked, status, said, _ in answered[:-1]:
        if status != asked.status:
            raise Wrong("status", what=asked.what, status=status, wanted=asked.status)
        challenge = parameters_of(said)
        if not challenge:
            raise Wrong("challenge", what=asked.what, status=status, error="")
        if asked.error == "" and "error" in challenge:
            raise Wrong("says-too-much")
        if asked.error and challenge.get("error") != asked.error:
            raise Wrong("challenge", what=asked.what, status=status, error=f" and error={asked.error}")
    text = answered[-1][3]
    if _owner(text) != "bob":
        raise Wrong("owner", text=text[:60])


def _owner(text: str) -> Any:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found.get("owner") if isinstance(found, dict) else None


@contextmanager
def _quiet() -> Iterator[None]:
    """What crashes is told in a sentence; the page needs no traceback of it."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
