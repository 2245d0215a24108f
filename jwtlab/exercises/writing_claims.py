"""Exercises 02.4 and 02.5: claims that are written, and claims that are taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jwtlab.errors import InvalidToken, kind
from jwtlab.exercises.model import Wrong, mistakes
from jwtlab.jose import jws, times
from jwtlab.jose.token import decode
from jwtlab.lab import AUDIENCE, EPOCH, ISSUER, Lab

NOTES = "https://notes.example"

LEAKY: Mapping[str, Any] = {
    "iss": ISSUER,
    "sub": "alice",
    "aud": AUDIENCE,
    "iat": EPOCH,
    "exp": EPOCH + 900,
    "roles": ["reader", "writer"],
    "password_hash": "5f4dcc3b5aa765d61d8327deb882cf99",
    "card": "4111 1111 1111 1111",
    "diagnosis": "hay fever",
    "jti": "ticket-7",
}
"""The payload that exercise 02.5 asks to clean."""

SECRETS = {
    "password_hash": "A hash is no lock: whoever holds it can try passwords at home until one fits.",
    "card": "A card number in a token is a card number on a postcard.",
    "diagnosis": "Health data is nobody's business on the way.",
}


@mistakes(
    {
        "claims": 'These are the claims. Sign them: jwtlab.issue(visit, lab.key("ES256"), alg="ES256").',
        "not-text": "The answer is a signed token, a text; this is {what}.",
        "unreadable": "This cannot be read as a token: {error}.",
        "other-key": 'The signature is not that of the lab\'s key. Sign with lab.key("ES256").',
        "missing": "The claim {name} is missing; it should be {value!r}.",
        "other-value": "{name} is {said!r}; it should be {value!r}.",
        "aud-one-text": "Both audiences stand in one text. No service has such a name: write a list of two texts.",
        "aud-no-list": "aud should be a list with the two audiences; it is {what}.",
        "aud-other": "aud should name {one} and {two}, and nobody else.",
        "date-missing": "The claim {name} is missing.",
        "date-kind": "{name} is {what}; a NumericDate is a number, without quotes.",
        "milliseconds": "{name} looks like milliseconds. A NumericDate counts seconds.",
        "iat-past": "iat lies long before the lab's present. It is the instant of issuing: lab.now.",
        "iat": "iat should be the lab's present, {now}: the lab's clock stands still there (lab.now).",
        "exp-span": "exp is an instant, in seconds: iat plus 10 times 60.",
        "nbf": "nbf is {when} as seen from iat; it should be one minute after it.",
        "exp-from-nbf": "exp counts from nbf here; the ten minutes begin at iat.",
        "exp": "exp is {when} as seen from iat; it should be in 10 minutes.",
        "jti": "The pass needs a name of its own: a jti, as text. lab.random.token() makes one up.",
    }
)
def judge_pass(answer: Any) -> str:
    if isinstance(answer, Mapping):
        raise Wrong("claims")
    if not isinstance(answer, str):
        raise Wrong("not-text", what=kind(answer))
    try:
        claims = decode(answer).claims
    except InvalidToken as error:
        raise Wrong("unreadable", error=error) from None
    try:
        jws.verify(answer, Lab().key("ES256").public(), algorithms=["ES256"])
    except InvalidToken:
        raise Wrong("other-key") from None
    _judge_who(claims)
    _judge_when(claims)
    if not isinstance(claims.get("jti"), str) or not claims["jti"]:
        raise Wrong("jti")
    return "Who, for whom, from when, until when, which one: a verifier can decide with this."


def _judge_who(claims: Mapping[str, Any]) -> None:
    for name, value in (("iss", ISSUER), ("sub", "bob")):
        if name not in claims:
            raise Wrong("missing", name=name, value=value)
        if claims[name] != value:
            raise Wrong("other-value", name=name, said=str(claims[name])[:60], value=value)
    aud = claims.get("aud")
    if isinstance(aud, str) and AUDIENCE in aud and NOTES in aud:
        raise Wrong("aud-one-text")
    if not isinstance(aud, list) or not all(isinstance(each, str) for each in aud):
        raise Wrong("aud-no-list", what=kind(aud))
    if sorted(aud) != sorted([AUDIENCE, NOTES]):
        raise Wrong("aud-other", one=AUDIENCE, two=NOTES)


def _judge_when(claims: Mapping[str, Any]) -> None:
    for name in ("iat", "nbf", "exp"):
        if name not in claims:
            raise Wrong("date-missing", name=name)
        value = claims[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Wrong("date-kind", name=name, what=kind(value))
        if value > times.LATEST:
            raise Wrong("milliseconds", name=name)
    iat, nbf, exp = claims["iat"], claims["nbf"], claims["exp"]
    if iat < EPOCH - 86_400:
        raise Wrong("iat-past")
    if iat != EPOCH:
        raise Wrong("iat", now=EPOCH)
    if exp in (600, 60, 10) or exp - iat == 10:
        raise Wrong("exp-span")
    if nbf != iat + 60:
        raise Wrong("nbf", when=times.relative(nbf, iat))
    if exp == nbf + 600:
        raise Wrong("exp-from-nbf")
    if exp != iat + 600:
        raise Wrong("exp", when=times.relative(exp, iat))


@mistakes(
    {
        "text": "The answer is the cleaned payload, a dict; there is no need to encode or sign it.",
        "not-a-dict": "The answer is the cleaned payload, a dict; this is {what}.",
        "still-there": "{name} is still there. {why}",
        "emptied": "{name} is empty, but its name still tells that there is one. Take the claim out.",
        "disguised": "{name} is only spelled differently. What can be turned back is not hidden: take it out.",
        "new-claim": "There is a new claim, {name!r}. Only take out; put nothing in.",
        "too-much": "{name} is gone, but a verifier or the service needs it, and it is no secret.",
        "changed": "{name} has changed. What may stay, stays as it is.",
    }
)
def judge_cleaning(answer: Any) -> str:
    if isinstance(answer, str | bytes):
        raise Wrong("text")
    if not isinstance(answer, Mapping):
        raise Wrong("not-a-dict", what=kind(answer))
    for name, why in SECRETS.items():
        if name not in answer:
            continue
        if answer[name] == LEAKY[name]:
            raise Wrong("still-there", name=name, why=why)
        raise Wrong("disguised" if answer[name] else "emptied", name=name)
    for extra in answer:
        if extra not in LEAKY:
            raise Wrong("new-claim", name=str(extra)[:40])
    for name in LEAKY:
        if name not in SECRETS and name not in answer:
            raise Wrong("too-much", name=name)
    for name in answer:
        if type(answer[name]) is not type(LEAKY[name]) or answer[name] != LEAKY[name]:
            raise Wrong("changed", name=name)
    return (
        "The service can look up the rest in its own database by sub, where it is guarded, "
        "and where it can be changed."
    )
