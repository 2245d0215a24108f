"""Lesson 05: verifying is a list of checks. What each is for, and how to write the verifier at work."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt as pyjwt

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.jose.jwk import KeySet
from jwtlab.lab import ISSUER, Lab

NOTES = "https://notes.example"
VARIABLE = "NOTES_SECRET"

_LAB = Lab("05")
KEYS = KeySet([_LAB.key("ES256").public(), _LAB.key("RS256").public()])
"""What the verifier of exercise 05.3 trusts."""

TOKENS: Mapping[str, str] = {
    "one": _LAB.token("alice"),
    "two": _LAB.token("bob", minutes=0),
    "three": _LAB.token("bob", aud=["https://photos.example", "https://api.example.evil.example"]),
    "four": _LAB.token("alice", nbf=_LAB.now + 1),
    "five": _LAB.token(
        "mallory", admin=True, key=_LAB.key("ES256", owner="mallory"), header={"kid": "lab-es256"}
    ),
    "six": _LAB.token("bob", exp=None),
}
"""The tokens of exercise 05.1."""


def set_up() -> None:
    """Put a secret into the environment, unless there is one: nobody's source has to contain it."""
    os.environ.setdefault(VARIABLE, secrets.token_urlsafe(48))


def _judge_names(answer: Any) -> str:
    if not isinstance(answer, Mapping):
        raise Wrong(f"The answer is a dict from each token's name to a check's id; this is {kind(answer)}.")
    missing = [name for name in TOKENS if name not in answer]
    if missing:
        raise Wrong(f"{missing[0]!r} is missing. There are {len(TOKENS)} tokens.")
    for name, token in TOKENS.items():
        failure = _LAB.verify(token).first_failure
        truth, said = failure.id if failure else "accepted", answer[name]
        if said is None or said is True or said is False:
            raise Wrong(f"For {name!r} your answer is {said!r}. Write the id of the check, or 'accepted'.")
        if str(getattr(said, "id", said)).strip() != truth:
            raise Wrong(_not_that(name, said, truth))
    return "Five refusals, five different reasons. Four of the refused tokens carry a perfect signature."


def _not_that(name: str, said: Any, truth: str) -> str:
    if truth == "accepted":
        return f"Nothing is wrong with {name!r}. What does lab.verify(tokens[{name!r}]).accepted say?"
    if str(said).strip() == "accepted":
        return f"{name!r} is refused. lab.verify(tokens[{name!r}]).first_failure says by which check."
    if str(said).startswith(("✓", "✕")) or " " in str(said).strip():
        return f"For {name!r} this is a sentence. The name of the check is first_failure.id."
    return f"{name!r} is refused by another check than {str(said)[:40]!r}. Ask lab.verify again."


_LIVES: tuple[tuple[dict[str, Any], float, float, bool, str], ...] = (
    ({"exp": 1000}, 999, 0, True, "One second before exp it is still good."),
    ({"exp": 1000}, 1000, 0, False, "At the very second of exp it is void: on or after (RFC 7519 §4.1.4)."),
    ({"exp": 1000}, 1001, 0, False, "After exp it is void."),
    ({"exp": 1000}, 1030, 60, True, "With a leeway of 60 it lives until 1059."),
    ({"exp": 1000}, 1060, 60, False, "The leeway widens the window by 60 seconds and not by 61."),
    ({}, 5, 0, False, "Without exp a token is dead: it must not live for ever."),
    ({"exp": 0}, 5, 0, False, "exp is there, and it is 0: a date long ago, not a missing date."),
    ({"exp": 1000, "nbf": 500}, 499, 0, False, "Before nbf it is not good yet."),
    ({"exp": 1000, "nbf": 500}, 500, 0, True, "At the second of nbf it is good."),
    ({"exp": 1000, "nbf": 500}, 441, 60, True, "The leeway widens the window at its beginning as well."),
    ({"exp": 1000.5}, 1000, 0, True, "A NumericDate may have a fraction (RFC 7519 §2)."),
    (
        {"exp": "1000"},
        5,
        0,
        False,
        "A text is no date, even if digits stand in it. Return False, raise nothing.",
    ),
    ({"exp": True}, 0, 0, False, "True is no date, although Python counts it as 1."),
    (
        {"exp": 1000, "nbf": "soon"},
        5,
        0,
        False,
        "nbf is a text here, so nobody can say from when on it is good.",
    ),
    ({"exp": 1000, "nbf": None}, 5, 0, False, "nbf is there and is no number (JSON's null)."),
)


def _judge_alive(answer: Any) -> str:
    if call(answer, {"exp": 1000}, 1, 0) in (None, ...):
        raise NotYet
    for claims, now, leeway, expected, advice in _LIVES:
        found = call(answer, dict(claims), now, leeway)
        if not isinstance(found, bool):
            raise Wrong(f"For {claims} your function returns {kind(found)} instead of True or False.")
        if found is not expected:
            raise Wrong(f"For {claims}, now {now} and leeway {leeway} it should be {expected}. {advice}")
    return "Fifteen cases, and no shortcut: is it there, is it a date, has it passed."


def _notes_tokens() -> Iterator[tuple[str, bool, str]]:
    typ: dict[str, Any] = {"header": {"typ": "at+jwt"}}
    lab, mallory = Lab("05 notes"), _LAB.key("ES256", owner="mallory")
    named: dict[str, Any] = {"aud": NOTES, **typ}
    yield (
        lab.token("alice", **named),
        True,
        "A good access token for the notes has to be let in; print(report.first_failure) says why it was not.",
    )
    yield lab.token("bob", aud=["https://photos.example", NOTES], **typ), True, "aud may be a list of names."
    yield (
        lab.token("alice", **named, iat=int(lab.now) - 900, exp=lab.now - 20),
        True,
        "It expired 20 seconds ago, and 30 are allowed for clocks.",
    )
    yield (
        lab.token("mallory", key=mallory, **{**named, "header": {"typ": "at+jwt", "kid": "lab-es256"}}),
        False,
        "Mallory signed it with a key of her own. Did you verify, or only decode?",
    )
    yield (
        lab.token("alice", **named, iat=int(lab.now) - 900, exp=lab.now - 30),
        False,
        "It expired 30 seconds ago; only a leeway below that is allowed.",
    )
    yield lab.token("alice", **typ), False, "It is meant for another service: say who you are, audience=..."
    yield lab.token("alice", aud=NOTES), False, "Its typ is JWT, not at+jwt: say what you expect, typ=..."
    yield (
        lab.token("alice", iss=f"{ISSUER}.evil.example", **named),
        False,
        "It comes from another issuer: say whom you trust, issuer=...",
    )
    yield (
        lab.token("alice", alg="RS256", **named),
        False,
        "It is signed with RS256, and only ES256 is allowed.",
    )
    yield "what is this", False, "This is no token at all; return None."


def _judge_guard(answer: Any) -> str:
    cases = tuple(_notes_tokens())
    first = call(answer, cases[0][0])
    if first is None and not getattr(getattr(answer, "__code__", None), "co_names", True):
        raise NotYet  # nothing is called in it: the cell as it was
    for token, welcome, advice in cases:
        result = call(answer, token)
        if hasattr(result, "accepted"):
            raise Wrong("This is the report. Return report.claims if it was accepted, else None.")
        if welcome and isinstance(result, bool):
            raise Wrong("Return the claims themselves, not only whether they are good.")
        if welcome and not isinstance(result, Mapping):
            raise Wrong(f"Your function refuses this token, or returns no claims for it. {advice}")
        if not welcome and result is not None:
            raise Wrong(f"Your function lets in a token that it should refuse. {advice}")
    return "Three let in, seven kept out. Every expectation in that call stops one of them."


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
    claims = {
        "iss": ISSUER,
        "sub": "alice",
        "aud": NOTES,
        "iat": now,
        "exp": now + timedelta(minutes=5),
    } | more
    return pyjwt.encode({n: v for n, v in claims.items() if v is not None}, secret, algorithm=alg)


def _judge_pyjwt(answer: Any) -> str:
    ours, other = secrets.token_urlsafe(64), secrets.token_urlsafe(64)
    with _environment_secret(ours):
        ask: Callable[[str], Any] = lambda token: call(answer, token)  # noqa: E731
        good = ask(_make(ours))
        if good in (None, ...):
            raise NotYet
        if isinstance(good, Mapping):
            raise Wrong('These are all the claims. Only the subject is asked for: claims["sub"].')
        if good != "alice" and isinstance(good, str) and "alice" in good:
            raise Wrong(f"For a good token your function returns {good[:60]!r}. Return the subject alone.")
        if good != "alice" and ask(_make(ours, aud=None)) == "alice":
            raise Wrong(
                "A good token of Alice is refused. It has an aud, and PyJWT refuses that as long as you do not say "
                "who you are: audience=..."
            )
        if good != "alice":
            raise Wrong(
                f"For a good token of Alice, signed with the secret that stands in the environment now, your "
                f'function returns {good!r}. Read os.environ["{VARIABLE}"] inside the function.'
            )
        past = datetime.now(UTC) - timedelta(seconds=5)
        for token, expected, advice in (
            (
                _make(ours, exp=past),
                "expired",
                "It expired five seconds ago: ExpiredSignatureError, and no leeway.",
            ),
            (_make(other), "invalid", "It was signed with another secret: InvalidTokenError."),
            (_make(ours, exp=None), "invalid", "It has no exp: options={'require': ['exp']}."),
            (
                _make(ours, aud="https://photos.example"),
                "invalid",
                "It is meant for another service: audience=...",
            ),
            (_make(ours, iss="https://evil.example"), "invalid", "It comes from another issuer: issuer=..."),
            (
                _make(ours, alg="HS512"),
                "invalid",
                "It is signed with HS512; algorithms=['HS256'] allows one.",
            ),
            ("what is this", "invalid", "This is no token at all: DecodeError is an InvalidTokenError too."),
        ):
            found = ask(token)
            if found != expected:
                raise Wrong(f"Your function returns {str(found)[:60]!r} instead of {expected!r}. {advice}")
    return (
        "This is a verifier that one can take to work: it requires, it compares, and it says no in two ways."
    )


LESSON = Lesson(
    number="05",
    name="05_verifying",
    title="Verifying",
    why="A token is worth as much as the checks of whoever accepts it.",
    minutes=55,
    needs=("04",),
    exercises=(
        Exercise(
            "05.1",
            "Which check refuses it?",
            _judge_names,
            (
                'lab.verify(tokens["one"]) gives a report. Look at .accepted and at .first_failure.',
                "first_failure is None for a good token; else first_failure.id is the name of the check.",
                "Make a dict with a loop over tokens.items().",
            ),
            """\
answer = {}
for name, token in tokens.items():
    failure = lab.verify(token).first_failure
    answer[name] = failure.id if failure else "accepted" """.rstrip(),
        ),
        Exercise(
            "05.2",
            "Is it alive?",
            _judge_alive,
            (
                "Three questions for each date: is it there, is it a date, has it passed?",
                "A date is an int or a float, and no bool: isinstance(value, bool) tells them apart.",
                "It is dead if now >= exp + leeway, and not good yet if now < nbf - leeway.",
            ),
            """\
def answer(claims, now, leeway):
    def is_date(value):
        return isinstance(value, int | float) and not isinstance(value, bool)

    if not is_date(claims.get("exp")) or now >= claims["exp"] + leeway:
        return False
    if "nbf" not in claims:
        return True
    return is_date(claims["nbf"]) and now >= claims["nbf"] - leeway""",
        ),
        Exercise(
            "05.3",
            "Guard the notes",
            _judge_guard,
            (
                "Everything that the text names is an argument of jwtlab.verify. Count them: there are eight.",
                "jwtlab.verify(token, KEYS, algorithms=..., issuer=..., audience=..., typ=..., now=..., leeway=...)",
                "Keep the report, and return report.claims if report.accepted else None.",
            ),
            """\
def answer(token):
    report = jwtlab.verify(
        token,
        lesson_05.KEYS,
        algorithms=["ES256"],
        issuer=lab.issuer,
        audience=lesson_05.NOTES,
        typ="at+jwt",
        now=lab.now,
        leeway=30,
    )
    return report.claims if report.accepted else None""",
        ),
        Exercise(
            "05.4",
            "Do it yourself, with PyJWT",
            _judge_pyjwt,
            (
                "Begin with the function of the lesson, and change what it returns.",
                "Read the secret inside the function. Require exp with options={'require': ['exp']}.",
                "try jwt.decode(...), then except jwt.ExpiredSignatureError, then except jwt.InvalidTokenError.",
            ),
            """\
import os
import jwt

def answer(token):
    try:
        claims = jwt.decode(
            token,
            os.environ["NOTES_SECRET"],
            algorithms=["HS256"],
            issuer="https://as.example",
            audience="https://notes.example",
            options={"require": ["exp"]},
        )
    except jwt.ExpiredSignatureError:
        return "expired"
    except jwt.InvalidTokenError:
        return "invalid"
    return claims["sub"]""",
        ),
    ),
    predictions=(
        Question(
            "05.p1",
            "A token says exp: 12:15:00. A request with it arrives at 12:15:00, to the second. The verifier "
            "allows no leeway. Is the token still good?",
            (
                Option(
                    "Yes, it expires one second later",
                    "exp is the first moment at which it has expired, not the last at which it is valid.",
                ),
                Option(
                    "No", "On or after the date in exp a token must not be accepted (RFC 7519 §4.1.4).", True
                ),
                Option(
                    "That is up to the library",
                    "The RFC leaves no choice here. Libraries that differ by a second have a bug.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            "05.q1",
            "A token has a perfect signature, made by the issuer that you trust. What do you know?",
            (
                Option(
                    "That it is meant for you",
                    "The issuer signs tokens for many services. Only aud says for which.",
                ),
                Option(
                    "That Alice sent it",
                    "Whoever has a copy can send it. The signature is the issuer's, not the sender's.",
                ),
                Option(
                    "That the issuer once said this",
                    "This and no more. For whom, until when and which kind of token are checks of their own.",
                    True,
                ),
            ),
        ),
        Question(
            "05.q2",
            "Users complain that they are logged out too often. Somebody sets the leeway to an hour. Good idea?",
            (
                Option(
                    "Yes, that is what leeway is for",
                    "It is for clocks that disagree by seconds. Longer life is the issuer's decision, in exp.",
                ),
                Option(
                    "No, now every token lives an hour longer, stolen ones too",
                    "Give users a way to get a new token instead; lesson 22 is about that.",
                    True,
                ),
                Option(
                    "It makes no difference, exp stays the same",
                    "The claim stays the same, but the verifier now accepts it until exp plus an hour.",
                ),
            ),
        ),
        Question(
            "05.q3",
            "What does jwt.decode(token, key, algorithms=['HS256']) in PyJWT do with a token that has no exp?",
            (
                Option(
                    "It refuses it",
                    "It compares exp with the clock if it is there. To insist on it is your job.",
                ),
                Option(
                    "It accepts it, for ever",
                    "So require it: options={'require': ['exp']}.",
                    True,
                ),
                Option(
                    "It takes iat plus an hour",
                    "No library guesses a date. iat says how old a token is, not how long it is good.",
                ),
            ),
        ),
    ),
    checks=(
        "algorithm-allowed",
        "signature-valid",
        "type-expected",
        "issuer-expected",
        "audience-expected",
        "expiry-present",
        "not-expired",
        "already-valid",
    ),
)
