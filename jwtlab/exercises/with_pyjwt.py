"""Exercise 05.4: a verifier of one's own, with PyJWT, that is asked with tokens of this minute."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt as pyjwt

from jwtlab.exercises.model import NotYet, Wrong, mistakes
from jwtlab.exercises.safely import call
from jwtlab.exercises.table import near_misses
from jwtlab.lab import ISSUER

NOTES = "https://notes.example"
VARIABLE = "NOTES_SECRET"


def set_up() -> None:
    """Put a secret into the environment, unless there is one: nobody's source has to contain it."""
    os.environ.setdefault(VARIABLE, secrets.token_urlsafe(48))


@contextmanager
def _environment_secret(secret: str) -> Iterator[None]:
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = secret
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


def _make(secret: str, alg: str = "HS256", **more: Any) -> str:
    now = datetime.now(UTC)  # PyJWT looks at the machine's clock, so these tokens do too
    claims = {"iss": ISSUER, "sub": "alice", "aud": NOTES, "iat": now, "exp": now + timedelta(minutes=5)}
    return pyjwt.encode({n: v for n, v in (claims | more).items() if v is not None}, secret, algorithm=alg)


_PYJWT = {
    "expired": "It expired five seconds ago: ExpiredSignatureError, and no leeway.",
    "secret": "It was signed with another secret, and yours did not notice: is the signature verified?",
    "exp": "It has no exp: options={'require': ['exp']}.",
    "audience": "It is meant for another service: audience=...",
    "no-audience": "It has no aud at all, so it is not meant for you: audience=...",
    "issuer": "It comes from another issuer: issuer=...",
    "no-issuer": "It has no iss, so nobody has issued it: issuer=...",
    "algorithm": "It is signed with HS512; algorithms=['HS256'] allows one.",
    "none": "It has alg none and no signature at all.",
    "not-yet": "It is good from tomorrow on; PyJWT looks at nbf by itself, if nobody switches that off.",
    "no-sub": "It names no subject, so there is none to return: options={'require': ['exp', 'sub']}.",
    "no-token": "This is no token at all: DecodeError is an InvalidTokenError too.",
}


def _bad_tokens(ours: str, other: str) -> Iterator[tuple[str, str]]:
    day = datetime.now(UTC) + timedelta(days=1)
    yield "expired", _make(ours, exp=datetime.now(UTC) - timedelta(seconds=5))
    yield "secret", _make(other)
    yield "exp", _make(ours, exp=None)
    yield "audience", _make(ours, aud="https://photos.example")
    yield from (("audience", _make(ours, aud=text)) for _, _, text in near_misses(NOTES))
    yield "no-audience", _make(ours, aud=None)
    yield "issuer", _make(ours, iss="https://evil.example")
    yield from (("issuer", _make(ours, iss=text)) for _, _, text in near_misses(ISSUER))
    yield "no-issuer", _make(ours, iss=None)
    yield "algorithm", _make(ours, alg="HS512")
    yield (
        "none",
        pyjwt.encode({"iss": ISSUER, "sub": "alice", "aud": NOTES, "exp": day}, "", algorithm="none"),
    )
    yield "not-yet", _make(ours, nbf=day, exp=day + timedelta(days=1))
    yield "no-sub", _make(ours, sub=None)
    yield "no-token", "what is this"


@mistakes(
    {
        "claims": 'These are all the claims. Only the subject is asked for: claims["sub"].',
        "subject-alone": "For a good token your function returns {found!r}. Return the subject alone.",
        "no-algorithms": "For a good token your function fell over: PyJWT asks for the list of algorithms, "
        "algorithms=['HS256'].",
        "whose-audience": "A good token of Alice is refused. It has an aud, and PyJWT refuses that as long as you do "
        "not say who you are: audience=...",
        "other-audience": "A good token of Alice is refused, and one for another service is not: compare the audience "
        "that you expect with the one that the text names.",
        "other-issuer": "A good token of Alice is refused because of its issuer: compare yours with the one that the "
        "text names.",
        "fixed-secret": "A good token of Alice, signed with the secret that stands in the environment now, gives "
        '{found!r}. Read os.environ["NOTES_SECRET"] inside the function.',
        "unsigned": "Your function does not verify the signature: options switch it off, or decode is not given the "
        "secret.",
    }
    | _PYJWT
)
def judge_pyjwt(answer: Any) -> str:
    ours, other = secrets.token_urlsafe(64), secrets.token_urlsafe(64)
    with _environment_secret(ours):
        good = _ask_pyjwt(answer, _make(ours))
        if good is None or good is ...:
            raise NotYet
        if isinstance(good, Mapping):
            raise Wrong("claims")
        if good != "alice":
            raise Wrong(_why_refused(answer, good, ours), found=str(good)[:60])
        if _ask_pyjwt(answer, _make(ours, sub="bob")) != "bob":
            raise Wrong("subject-alone", found=good)
        if all(_ask_pyjwt(answer, _make(other, alg=alg)) == "alice" for alg in ("HS256", "HS512")):
            raise Wrong("unsigned")
        for mistake, token in _bad_tokens(ours, other):
            found, expected = _ask_pyjwt(answer, token), "expired" if mistake == "expired" else "invalid"
            if found != expected:
                raise Wrong(mistake, f"Your function returns {str(found)[:60]!r} instead of {expected!r}.")
    return (
        "This is a verifier that one can take to work: it requires, it compares, and it says no in two ways."
    )


def _ask_pyjwt(answer: Any, token: str) -> Any:
    try:
        return call(answer, token)
    except Wrong as problem:
        if isinstance(problem.__cause__, pyjwt.DecodeError) and "algorithms" in str(problem.__cause__):
            raise Wrong("no-algorithms") from None
        raise


def _why_refused(answer: Any, good: Any, ours: str) -> str:
    if isinstance(good, str) and "alice" in good:
        return "subject-alone"
    if _ask_pyjwt(answer, _make(ours, aud=None)) == "alice":
        return "whose-audience"
    for aud in ("https://api.example", "https://photos.example", "notes", NOTES + "/"):
        if _ask_pyjwt(answer, _make(ours, aud=aud)) == "alice":
            return "other-audience"
    for iss in ("https://as.example/", "https://issuer.example", NOTES):
        if _ask_pyjwt(answer, _make(ours, iss=iss)) == "alice":
            return "other-issuer"
    return "fixed-secret"
