"""Lesson 15: true tokens in the wrong place, and tokens that two readers read differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jwt as pyjwt

from jwtlab.attacks import ATTACKS
from jwtlab.errors import kind
from jwtlab.exercises.forging import as_token
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.jose.token import decode, read
from jwtlab.lab import Lab

_LAB = Lab("15")
API = "https://api.example"

MINE = _LAB.token("mallory", admin=True, iss="https://as.example", aud="https://api.example.mallory.example")
"""The true token of exercise 15.1, typ JWT."""

DOORS: Mapping[str, str] = {
    "notes": 'iss == "https://as.example" and aud == "https://notes.example"',
    "photos": 'iss == "https://as.example"',
    "api": 'iss == "https://as.example" and aud.startswith("https://api.example")',
    "bank": 'iss == "https://as.example" and typ == "at+jwt"',
}
"""What each service of exercise 15.1 compares, beside signature and dates."""
_OPEN = {"photos", "api"}

TENANTS: Mapping[str, tuple[str, ...]] = {
    "https://login.bakery.example": ("bakery-1", "bakery-2"),
    "https://login.florist.example": ("florist-1",),
    "https://mallory.example": ("mallory-1",),
}
"""Issuer → the kids of its keys."""

_SPELLING = ATTACKS["malleable-token"].scenario("padding")
REVOKED: str = _SPELLING.knowledge["revoked"]
"""A token that stands on the deny list of the service in exercise 15.4."""


def service(token: str) -> str:
    """The service of exercise 15.4: a deny list of texts, and then today's PyJWT."""
    if token == REVOKED:
        return "401: this token was revoked"
    key = next(iter(_SPELLING.verifier.keys)).to_pem()
    options: Any = {"verify_exp": False, "verify_iat": False}  # the lab's clock stands still
    try:
        claims = pyjwt.decode(token, key, algorithms=["ES256"], audience=API, options=options)
    except (pyjwt.PyJWTError, ValueError, TypeError) as error:
        return f"401: {type(error).__name__}: {error}"
    return f"200: welcome, {claims['sub']}"


def _judge_doors(answer: Any) -> str:
    if isinstance(answer, str):
        answer = {answer}
    if not isinstance(answer, set | frozenset | list | tuple):
        raise Wrong(f"The answer is a set of names; this is {kind(answer)}.")
    said = {str(name).strip().lower() for name in answer}
    unknown = said - set(DOORS)
    if unknown:
        raise Wrong(f"There is no service {sorted(unknown)[0]!r}; there are: {', '.join(DOORS)}.")
    for name in sorted(said - _OPEN):
        raise Wrong(f"Not {name}: it asks for {DOORS[name]}. Compare that with the token, letter by letter.")
    missing = _OPEN - said
    if "photos" in missing:
        raise Wrong("One is missing. Which service does not ask for whom the token is meant?")
    if missing:
        raise Wrong("One is missing. Read the aud of the token again: how does it begin?")
    return "photos never asks for aud, and api asks only how it begins. The token is genuine in both cases."


_TENANT_CASES: tuple[tuple[Any, Any, bool, str], ...] = (
    ("https://login.bakery.example", "bakery-1", True, "The bakery with its own key."),
    ("https://login.bakery.example", "bakery-2", True, "An issuer may have several keys."),
    ("https://login.bakery.example", "mallory-1", False, "Mallory speaks for the bakery, with her own key."),
    ("https://mallory.example", "mallory-1", True, "Mallory is a customer too, and may speak for herself."),
    ("https://login.bakery", "bakery-1", False, "The beginning of a name is not the name."),
    ("https://login.bakery.example.mallory.example", "mallory-1", False, "It is not in the dict."),
    ("https://nobody.example", "bakery-1", False, "An issuer that is not in the dict is nobody."),
    (None, "bakery-1", False, "iss may be missing."),
    (
        ["https://login.bakery.example"],
        "bakery-1",
        False,
        "iss may be a list, which no dict looks up. Raise nothing.",
    ),
    ("https://login.bakery.example", None, False, "Without the key that verified it, nobody vouches for it."),
    ("https://login.bakery.example", "bakery", False, "The beginning of a kid is not the kid."),
)


def _judge_tenants(answer: Any) -> str:
    if call(answer, "https://mallory.example", "mallory-1", dict(TENANTS)) in (None, ...):
        raise NotYet
    for iss, kid, expected, advice in _TENANT_CASES:
        found = call(answer, iss, kid, dict(TENANTS))
        if bool(found) is not expected:
            raise Wrong(f"For iss {iss!r} and the key {kid!r} it should be {expected}. {advice}")
    return (
        "Each issuer with its own keys, and nobody for another. One common set of keys would have lost that."
    )


_TYPE_CASES: tuple[tuple[dict[str, Any], dict[str, Any], bool, str], ...] = (
    ({"typ": "at+jwt"}, {"aud": API}, True, "An access token for the API."),
    ({"typ": "application/at+jwt"}, {"aud": API}, True, "The long spelling of the same kind."),
    (
        {"typ": "AT+JWT"},
        {"aud": ["https://notes.example", API]},
        True,
        "Capital letters do not matter; aud may be a list.",
    ),
    ({"typ": "JWT"}, {"aud": API}, False, "JWT says nothing about the kind: this may be an ID token."),
    ({}, {"aud": API}, False, "typ may be missing."),
    ({"typ": None}, {"aud": API}, False, "typ may be null."),
    ({"typ": ["at+jwt"]}, {"aud": API}, False, "typ may be a list; then it is no kind. Raise nothing."),
    ({"typ": "not-at+jwt"}, {"aud": API}, False, "It only ends like the kind."),
    ({"typ": "at+jwt"}, {"aud": "web-shop"}, False, "The kind is right, the audience is not."),
    (
        {"typ": "at+jwt"},
        {"aud": f"{API}.mallory.example"},
        False,
        "in on a text looks for a piece. Is aud a text here?",
    ),
    ({"typ": "at+jwt"}, {}, False, "aud may be missing."),
    ({"typ": "at+jwt"}, {"aud": 7}, False, "aud may be a number. Raise nothing."),
)


def _judge_type(answer: Any) -> str:
    if call(answer, {"typ": "at+jwt"}, {"aud": API}) in (None, ...):
        raise NotYet
    for header, claims, expected, advice in _TYPE_CASES:
        found = call(answer, dict(header), dict(claims))
        if bool(found) is not expected:
            raise Wrong(f"For {header} and {claims} it should be {expected}. {advice}")
    return "Twelve pairs. An ID token that leaks from a browser no longer opens this API."


def _judge_spelling(answer: Any) -> str:
    token = as_token(answer) if not isinstance(answer, str) else answer
    if token == REVOKED:
        raise Wrong("This is the very text on the list.")
    said = service(token)
    if said.startswith("200") and token.split(".")[:2] != REVOKED.split(".")[:2]:
        raise Wrong("This is another token, which nobody has revoked. Spell the revoked one differently.")
    if said.startswith("200") and read(token).signature != decode(REVOKED).signature:
        return (
            "Another signature, and as good as the first: whoever has (r, s) can compute (r, n - s). "
            "No strict reader stops that one; jti on the list does."
        )
    if said.startswith("200"):
        return "Same bytes, another text. A list of texts is a list of spellings; put jti on it."
    if token.split(".")[:2] != REVOKED.split(".")[:2]:
        if decode(REVOKED).segments[1] in token:
            raise Wrong(
                "The beginning has changed. Header and payload are signed as they stand; the signature is not."
            )
        raise Wrong("Header or payload has changed, so the signature no longer fits. Leave both as they are.")
    raise Wrong(
        f"The service says {said}. What does plain base64 write at its end that base64url leaves off?"
    )


LESSON = Lesson(
    number="15",
    name="15_wrong_token_wrong_place",
    title="Wrong token, wrong place",
    why="A genuine token at the wrong door is an attack as well.",
    minutes=50,
    needs=("14",),
    exercises=(
        Exercise(
            id="15.1",
            title="Find the door",
            judge_answer=_judge_doors,
            hints=(
                "Go through the four one by one, with the token's header and claims in front of you.",
                "One asks for no audience at all. Another asks for it, but not exactly.",
                "The token's aud begins with https://api.example, and goes on.",
            ),
            solution='answer = {"photos", "api"}',
        ),
        Exercise(
            id="15.2",
            title="One service, many tenants",
            judge_answer=_judge_tenants,
            hints=(
                "Look the issuer up first; then see whether the kid is among its own.",
                "iss may be anything: isinstance(iss, str) before you look it up.",
                "tenants.get(iss, ()) gives the kids of an issuer, or none.",
            ),
            solution="""\
def answer(iss, kid, tenants):
    return isinstance(iss, str) and kid in tenants.get(iss, ())""",
        ),
        Exercise(
            id="15.3",
            title="Only access tokens",
            judge_answer=_judge_type,
            hints=(
                "Two questions: the kind, and the audience. Both have to be answered with yes.",
                'isinstance(typ, str) and typ.lower() in ("at+jwt", "application/at+jwt")',
                "aud == API, or aud is a list and API in aud.",
            ),
            solution="""\
def answer(header, claims):
    typ, aud = header.get("typ"), claims.get("aud")
    right_kind = isinstance(typ, str) and typ.lower() in ("at+jwt", "application/at+jwt")
    for_me = aud == "https://api.example" or (isinstance(aud, list) and "https://api.example" in aud)
    return right_kind and for_me""",
        ),
        Exercise(
            id="15.4",
            title="Past the deny list",
            judge_answer=_judge_spelling,
            hints=(
                "Header and payload are signed as text. Which part is not signed itself?",
                "The signature has 86 characters. Plain base64 would have written a multiple of four.",
                'revoked + "=="',
            ),
            solution='answer = revoked + "=="',
        ),
    ),
    predictions=(
        Question(
            id="15.p1",
            text="One issuer serves a swimming pool and a town hall. Mallory is an administrator at the "
            "pool, and her token "
            "says so. She sends it to the town hall. What must the town hall look at?",
            options=(
                Option(text="The signature", why="It is genuine: the same issuer signs for both."),
                Option(text="The expiry date", why="It was issued a minute ago."),
                Option(
                    text="For whom the token is meant",
                    why="Only aud tells the pool from the town hall.",
                    right=True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="15.q1",
            text="expected in aud, with aud a text: what is wrong with it?",
            options=(
                Option(
                    text="Nothing, it handles list and text alike",
                    why="It runs for both, and asks two different questions.",
                ),
                Option(
                    text="For a text it looks for a piece",
                    why="https://api.example is a piece of https://api.example.evil.",
                    right=True,
                ),
                Option(text="It raises an error for lists", why="For a list it is the right question."),
            ),
        ),
        Question(
            id="15.q2",
            text="Why is an ID token no good as an access token, if issuer, key and user are the same?",
            options=(
                Option(text="It is signed more weakly", why="The very same key may sign both."),
                Option(
                    text="It says who has logged in, not what its bearer may do",
                    why="It is also passed around more freely. typ at+jwt keeps the two apart.",
                    right=True,
                ),
                Option(text="It expires sooner", why="It may, but an expiry date is no purpose."),
            ),
        ),
        Question(
            id="15.q3",
            text="How does one revoke a token so that no other spelling of it slips through?",
            options=(
                Option(
                    text="Put its text on the list, in several spellings", why="There is always one more."
                ),
                Option(text="Put its SHA-256 hash on the list", why="Another spelling has another hash."),
                Option(
                    text="Put its iss and jti on the list",
                    why="They stay the same, however the token is spelled.",
                    right=True,
                ),
            ),
        ),
    ),
    checks=(
        "type-expected",
        "issuer-expected",
        "audience-expected",
        "critical-understood",
        "claims-unique",
        "base64url-strict",
        "compact-form",
        "not-replayed",
    ),
)
