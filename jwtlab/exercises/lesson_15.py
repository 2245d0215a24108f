"""Lesson 15: true tokens in the wrong place, and tokens that two readers read differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jwt as pyjwt

from jwtlab.attacks import ATTACKS
from jwtlab.errors import kind
from jwtlab.exercises.forging import as_token
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes
from jwtlab.exercises.table import Case, Table, near, near_misses
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


@mistakes(
    {
        "not-a-set": "The answer is a set of names; this is {what}.",
        "no-such-service": "There is no service {name!r}; there are: {names}.",
        "closed": "Not {name}: it asks for {asks}. Compare that with the token, letter by letter.",
        "photos": "One is missing. Which service does not ask for whom the token is meant?",
        "api": "One is missing. Read the aud of the token again: how does it begin?",
    }
)
def _judge_doors(answer: Any) -> str:
    if isinstance(answer, str):
        answer = {answer}
    if not isinstance(answer, set | frozenset | list | tuple):
        raise Wrong("not-a-set", what=kind(answer))
    said = {str(name).strip().lower() for name in answer}
    for name in sorted(said - set(DOORS)):
        raise Wrong("no-such-service", name=name[:40], names=", ".join(DOORS))
    for name in sorted(said - _OPEN):
        raise Wrong("closed", name=name, asks=DOORS[name])
    for name in ("photos", "api"):
        if name not in said:
            raise Wrong(name)
    return "photos never asks for aud, and api asks only how it begins. The token is genuine in both cases."


_BAKERY = "https://login.bakery.example"
_OTHERS = {"https://Login.Bakery.example": ("Key-A", "Key-B"), _BAKERY: ("own-1",)}


def _tenant(mistake: str, iss: Any, kid: Any, expected: bool, why: str = "", tenants: Any = TENANTS) -> Case:
    return Case(mistake, (iss, kid, dict(tenants)), expected, why)


_judge_tenants = Table(
    cases=(
        _tenant("own-key", _BAKERY, "bakery-1", True, "An issuer with its own key."),
        _tenant("own-key", "https://login.florist.example", "florist-1", True),
        _tenant("own-key", "https://mallory.example", "mallory-1", True),
        _tenant("several-keys", _BAKERY, "bakery-2", True, "An issuer may have several keys."),
        _tenant("given-dict", "https://Login.Bakery.example", "Key-A", True,
                "Look into the dict that is handed over, letter by letter.", _OTHERS),
        _tenant("given-dict", _BAKERY, "bakery-1", False, "", _OTHERS),
        _tenant("given-dict", _BAKERY, "Key-A", False, "", _OTHERS),
        _tenant("others-key", _BAKERY, "mallory-1", False,
                "Somebody speaks for another tenant here, with a key of their own."),
        _tenant("others-key", "https://mallory.example", "bakery-1", False),
        _tenant("others-key", "https://login.florist.example", "bakery-2", False),
        _tenant("begins-like-it", "https://login.bakery", "bakery-1", False,
                "The beginning of a name is not the name."),
        _tenant("longer", f"{_BAKERY}.mallory.example", "bakery-1", False, "It is not in the dict: it only begins so."),
        _tenant("nobody", "https://nobody.example", "bakery-1", False, "An issuer that is not in the dict is nobody."),
        _tenant("nobody", "", "bakery-1", False),
        _tenant("no-iss", None, "bakery-1", False, "iss may be missing."),
        _tenant("iss-list", [_BAKERY], "bakery-1", False, "iss may be a list, which no dict looks up. Raise nothing."),
        _tenant("iss-list", {_BAKERY: 1}, "bakery-1", False),
        _tenant("iss-list", [_BAKERY, "https://mallory.example"], "mallory-1", False),
        _tenant("no-kid", _BAKERY, None, False, "Without the key that verified it, nobody vouches for it."),
        _tenant("no-kid", "https://nobody.example", None, False),
        _tenant("kid-piece", _BAKERY, "bakery", False, "The beginning of a kid is not the kid."),
        *near("iss", _BAKERY, lambda text: (text, "bakery-1", dict(TENANTS)), False),
        *near("kid", "bakery-1", lambda text: (_BAKERY, text, dict(TENANTS)), False),
        *near("kid", "Key-A", lambda text: ("https://Login.Bakery.example", text, _OTHERS), False),
        *near("kid", "florist-1", lambda text: ("https://login.florist.example", text, dict(TENANTS)), False),
    ),
    read=bool,
    praise="Each issuer with its own keys, and nobody for another. One common set of keys would have lost that.",
)  # fmt: skip


def _typ(mistake: str, header: dict[str, Any], claims: dict[str, Any], expected: bool, why: str = "") -> Case:
    return Case(mistake, (header, claims), expected, why)


_AT, _FOR_API = {"typ": "at+jwt"}, {"aud": API, "sub": "alice"}
_KINDS = {"at+jwt", "application/at+jwt"}
_LOOKALIKES = [
    "not-at+jwt", "x/at+jwt", "text/at+jwt", "application/x/at+jwt", "application//at+jwt", "/at+jwt", "at+jwt/",
    "application/application/at+jwt", "at-jwt", "at jwt", "at%2Bjwt", "rt+jwt", "logout+jwt", "dpop+jwt", "id+jwt",
    "applicationx/at+jwt", "application/jwt", "application/at+jwt;q=1",
]  # fmt: skip
_LOOKALIKES += [
    text for kind in sorted(_KINDS) for _, _, text in near_misses(kind) if text.lower() not in _KINDS
]

_judge_type = Table(
    cases=(
        _typ("access-token", _AT, _FOR_API, True, "This is an access token for the API."),
        _typ("long-spelling", {"typ": "application/at+jwt"}, _FOR_API, True, "The long spelling of the same kind."),
        _typ("capitals", {"typ": "AT+JWT"}, _FOR_API, True, "Capital letters do not matter in typ."),
        _typ("capitals", {"typ": "Application/AT+jwt"}, _FOR_API, True),
        _typ("capitals", {"typ": "APPLICATION/at+jwt"}, _FOR_API, True),
        _typ("aud-list", _AT, {"aud": ["https://notes.example", API]}, True, "aud may be a list, and we are in it."),
        _typ("aud-list", _AT, {"aud": [API]}, True),
        _typ("jwt", {"typ": "JWT"}, _FOR_API, False, "JWT says nothing about the kind: this may be an ID token."),
        _typ("no-typ", {}, _FOR_API, False, "typ may be missing."),
        _typ("no-typ", {"typ": ""}, _FOR_API, False),
        _typ("typ-kind", {"typ": None}, _FOR_API, False, "typ may be null, a list, a number. Raise nothing."),
        *(_typ("typ-kind", {"typ": other}, _FOR_API, False) for other in (["at+jwt"], {"at+jwt": 1}, 7, True)),
        *(_typ("typ-loosely", {"typ": text}, _FOR_API, False, "It only looks like the kind: but for capital letters, "
               "the whole text has to be one of the two.") for text in _LOOKALIKES),
        _typ("other-audience", _AT, {"aud": "web-shop"}, False, "The kind is right, the audience is not."),
        _typ("other-audience", _AT, {"aud": ["web-shop", "https://notes.example"]}, False),
        _typ("piece", _AT, {"aud": f"{API}.mallory.example"}, False,
             "in on a text looks for a piece. Is aud a text here?"),
        _typ("no-aud", _AT, {}, False, "aud may be missing."),
        _typ("aud-kind", _AT, {"aud": 7}, False, "aud may be a number, null, a list of anything. Raise nothing."),
        *(_typ("aud-kind", _AT, {"aud": other}, False) for other in (None, True, [], [7], [None], [[API]])),
        _typ("aud-object", _AT, {"aud": {API: 1}}, False, "aud is an object: neither a text nor a list of texts."),
        _typ("both", {"typ": "JWT"}, {"aud": "web-shop"}, False, "Neither the kind nor the audience is right."),
        *near("aud", API, lambda text: (_AT, {"aud": text}), False),
        *near("aud", API, lambda text: (_AT, {"aud": ["https://notes.example", text]}), False),
    ),
    read=bool,
    praise="{count} pairs. An ID token that leaks from a browser no longer opens this API.",
)  # fmt: skip


@mistakes(
    {
        "bytes": "Almost: these are bytes, and a token is text. Call .decode() on them.",
        "not-text": "The answer is a token, a text; this is {what}.",
        "very-text": "This is the very text on the list.",
        "another-token": "This is another token, which nobody has revoked. Spell the revoked one differently.",
        "beginning": "The beginning has changed. Header and payload are signed as they stand; the signature is not.",
        "changed": "Header or payload has changed, so the signature no longer fits. Leave both as they are.",
        "refused": "The service says {said}. What does plain base64 write at its end that base64url leaves off?",
    }
)
def _judge_spelling(answer: Any) -> str:
    token = as_token(answer) if not isinstance(answer, str) else answer
    if token == REVOKED:
        raise Wrong("very-text")
    said, same = service(token), token.split(".")[:2] == REVOKED.split(".")[:2]
    if said.startswith("200") and not same:
        raise Wrong("another-token")
    if said.startswith("200") and read(token).signature != decode(REVOKED).signature:
        return (
            "Another signature, and as good as the first: whoever has (r, s) can compute (r, n - s). "
            "No strict reader stops that one; jti on the list does."
        )
    if said.startswith("200"):
        return "Same bytes, another text. A list of texts is a list of spellings; put jti on it."
    if not same:
        raise Wrong("beginning" if decode(REVOKED).segments[1] in token else "changed")
    raise Wrong("refused", said=said)


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
                    text="For a text it looks for a piece",
                    why="https://api.example is a piece of https://api.example.evil.",
                    right=True,
                ),
                Option(
                    text="Nothing, it handles list and text alike",
                    why="It runs for both, and asks two different questions.",
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
