"""Lesson 21: the JWT bearer grant. A note that the service signs, two keys, and the errors people meet."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from jwtlab.errors import InvalidToken, kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.jose.token import decode
from jwtlab.lab import EPOCH, Lab
from jwtlab.oauth import protocol

ME = "https://as.example"
_SPENT = ("note-1", "audience", "clock", "over", "not approved")


def _judge_note(answer: Any) -> str:
    if isinstance(answer, Mapping):
        raise Wrong("These are claims. jwtlab.issue(claims, key, alg=...) signs them.")
    if not isinstance(answer, str):
        raise Wrong(f"A JWT is a text; this is {kind(answer)}.")
    try:
        note = decode(answer)
        claims = note.claims
    except InvalidToken as error:
        raise Wrong(f"This is no JWT: {error}.") from None
    if claims.get("aud") in ("https://api.example", f"{ME}/"):
        raise Wrong(
            f"aud is {claims['aud']!r}: the note is for the authorization server, {ME}, character by character."
        )
    if claims.get("aud") == f"{ME}/token":
        raise Wrong(
            "The lab's server still takes this old form; the revision of RFC 7523 wants the issuer alone."
        )
    if claims.get("sub") == "crm-sync":
        raise Wrong("sub is the service itself; it acts for alice here, so sub is alice.")
    if claims.get("jti") in (*_SPENT, "", None):
        if claims.get("jti"):
            raise Wrong(
                f"A note called {claims['jti']!r} was redeemed in this lesson. Give yours a new name."
            )
        raise Wrong("Give it a name of its own (jti), so that it can be taken once only.")
    exp = claims.get("exp")
    if isinstance(exp, int | float) and not isinstance(exp, bool):
        if exp > EPOCH * 100:
            raise Wrong("exp looks like milliseconds; it counts seconds: int(lab.now) + 60.")
        if exp - EPOCH > 300:
            raise Wrong(
                f"It is good for {exp - EPOCH:g} seconds; five minutes are 300. A leaked note is a key."
            )
    with Lab().world("judge").network.client("Judge") as http:
        form = {"grant_type": protocol.JWT_BEARER, "assertion": answer, "scope": "notes:read"}
        got = http.post(f"{ME}/token", data=form).json()
    if "access_token" not in got:
        raise Wrong(f"The server refuses it: {got.get('error_description')}")
    if decode(got["access_token"]).claims.get("sub") != "alice":
        raise Wrong("The access token is about somebody else; sub should be alice.")
    return "The server knows your public key, you are approved for alice, and the note was fresh: one access token."


_HELD = {
    "service": (
        {"service private"},
        "The service signs notes: it needs its own private half, and no key of the server.",
    ),
    "server": (
        {"service public", "server private"},
        "The server checks notes with the service's public half, and signs access tokens with its own "
        "private half.",
    ),
    "API": ({"server public"}, "The API checks access tokens, and never sees a note."),
}


def _judge_keys(answer: Any) -> str:
    if not isinstance(answer, Mapping):
        raise Wrong(f"The answer is a dict with the keys service, server and API; this is {kind(answer)}.")
    if all(answer.get(each) is None for each in _HELD):
        raise NotYet
    words = {"service private", "service public", "server private", "server public"}
    for party, (expected, advice) in _HELD.items():
        found = answer.get(party)
        given = {found} if isinstance(found, str) else found
        if not isinstance(given, set | frozenset | list | tuple) or not given:
            raise Wrong(f"{party}: write a set of words, such as {{'service public'}}.")
        strange = [each for each in given if each not in words]
        if strange:
            raise Wrong(f"{party}: {strange[0]!r} is none of the four words.")
        # Whoever holds a private half can always compute the public one.
        halves = set(given) | {each.replace("private", "public") for each in given}
        wanted = expected | {each.replace("private", "public") for each in expected}
        if halves != wanted or not expected <= set(given):
            raise Wrong(f"{party}: {advice}")
    return "Each signs with its own private half; only public halves travel, and they were handed over once."


_NOTE: dict[str, Any] = {"iss": "crm", "sub": "alice", "aud": ME, "exp": 1060, "jti": "n1"}
_APPROVED = {"crm": {"alice"}, "shop": {"bob"}}
_CASES: tuple[tuple[dict[str, Any], bool, str], ...] = (
    (_NOTE, True, "This note is good."),
    (_NOTE | {"aud": [ME]}, True, "A list of one is one."),
    (_NOTE | {"aud": "https://other.example"}, False, "It is for another server."),
    (
        _NOTE | {"aud": [ME, "https://other.example"]},
        False,
        "It is for two servers: the other one could use it here.",
    ),
    (_NOTE | {"aud": f"{ME}.mallory.example"}, False, "The audience only begins like us."),
    (_NOTE | {"exp": 1000}, False, "exp is now: over."),
    (_NOTE | {"exp": 5000}, False, "It would be good for more than an hour."),
    ({k: v for k, v in _NOTE.items() if k != "exp"}, False, "It has no end."),
    (_NOTE | {"jti": "old"}, False, "It has been used."),
    (
        _NOTE | {"iss": "shop", "sub": "bob", "jti": "old"},
        True,
        "old was used by crm; the name belongs to its issuer.",
    ),
    ({k: v for k, v in _NOTE.items() if k != "jti"}, False, "It has no name."),
    (_NOTE | {"sub": "bob"}, False, "crm is not approved for bob; shop is."),
    (_NOTE | {"iss": "nobody"}, False, "Nobody has approved this service; do not fall over it."),
    (_NOTE | {"aud": []}, False, "aud is an empty list: it is for nobody, and so not for us."),
    ({k: v for k, v in _NOTE.items() if k != "aud"}, False, "aud is missing; do not fall over it."),
    ({k: v for k, v in _NOTE.items() if k != "sub"}, False, "sub is missing: it acts for nobody."),
    ({k: v for k, v in _NOTE.items() if k != "iss"}, False, "iss is missing: nobody has signed it."),
)


def _judge_decision(answer: Any) -> str:
    def ask(claims: dict[str, Any], used: set[tuple[str, str]]) -> Any:
        return call(answer, copy.deepcopy(claims), ME, {k: set(v) for k, v in _APPROVED.items()}, used, 1000)

    if all(ask(claims, {("crm", "old")}) in (None, ...) for claims, _, _ in _CASES):
        raise NotYet
    for claims, expected, advice in _CASES:
        used = {("crm", "old")}
        found = ask(claims, used)
        if used != {("crm", "old")}:
            raise Wrong("Your function changes used; noting the name comes after the decision.")
        if not isinstance(found, bool):
            raise Wrong(f"Say True or False; for {claims} your function gives {kind(found)}. {advice}")
        if found is not expected:
            raise Wrong(f"For {claims} your function says {found}. {advice}")
    return "For me alone, in time, once, and approved: four questions besides the signature."


LESSON = Lesson(
    number="21",
    name="21_jwt_bearer_grant",
    title="The JWT bearer grant",
    why="Two services work together every night, with no browser and no password: one of them signs a short "
    "note, and the other's server gives it a token for that.",
    minutes=40,
    needs=("20",),
    exercises=(
        Exercise(
            id="21.1",
            title="Write the note",
            judge_answer=_judge_note,
            hints=(
                "It is the note of the lesson, with your own jti.",
                "iss is crm-sync, sub is alice, aud is the authorization server.",
                'now = int(lab.now); {"iss": "crm-sync", "sub": "alice", "aud": AS, "exp": now + 60, "jti": ...}',
            ),
            solution="""\
now = int(lab.now)
claims = {"iss": "crm-sync", "sub": "alice", "aud": AS, "iat": now, "exp": now + 60, "jti": "my-note"}
answer = jwtlab.issue(claims, key, alg="ES256")""",
        ),
        Exercise(
            id="21.2",
            title="Who holds which key?",
            judge_answer=_judge_keys,
            hints=(
                "Who signs the note, and who checks it? Who signs the access token, and who checks that?",
                "The API never sees the note.",
                "The server is the only one that deals with both.",
            ),
            solution="""\
holds = {
    "service": {"service private"},
    "server": {"service public", "server private"},
    "API": {"server public"},
}
answer = holds""",
        ),
        Exercise(
            id="21.3",
            title="The server's decision",
            judge_answer=_judge_decision,
            hints=(
                "Make aud a list; it has to be exactly [me].",
                "now < exp <= now + 3600, and a note without exp is refused.",
                'iss = claims.get("iss"); (iss, jti) in used; claims.get("sub") in approved.get(iss, set())',
            ),
            solution="""\
def answer(claims, me, approved, used, now):
    aud = claims.get("aud")
    if (aud if isinstance(aud, list) else [aud]) != [me]:
        return False
    if not now < claims.get("exp", 0) <= now + 3600:
        return False
    iss, jti = claims.get("iss"), claims.get("jti")
    if jti is None or (iss, jti) in used:
        return False
    return claims.get("sub") in approved.get(iss, set())""",
        ),
    ),
    predictions=(
        Question(
            id="21.p1",
            text="A service reads Alice's notes every night, while she sleeps. How should it prove that it may?",
            options=(
                Option(
                    text="With Alice's password in its settings",
                    why="Then it can do everything that Alice can, and so can whoever steals the settings.",
                ),
                Option(
                    text="With a short note that it signs itself, with a key registered for it",
                    why="Alice or an administrator has approved that once. The key can be withdrawn, and "
                    "nothing else has to change.",
                    right=True,
                ),
                Option(
                    text="It cannot: somebody has to log in",
                    why="Somebody has to approve, once. Nobody has to be there.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="21.q1",
            text="Which key does the API need to check the access token?",
            options=(
                Option(
                    text="The service's public key",
                    why="That one is for the assertion, which the API never sees.",
                ),
                Option(
                    text="The server's public key",
                    why="The server has signed the access token; the service has not.",
                    right=True,
                ),
                Option(text="Both", why="The assertion stays between service and server."),
            ),
        ),
        Question(
            id="21.q2",
            text="Why is the assertion's aud the authorization server, and not the API?",
            options=(
                Option(
                    text="Because the server is the one who reads it",
                    why="aud names whoever a token is for. The API gets another token.",
                    right=True,
                ),
                Option(
                    text="Because APIs have no names", why="They have: the API's name is in the access token."
                ),
                Option(
                    text="It does not matter",
                    why="An assertion for somebody else is refused, and rightly so.",
                ),
            ),
        ),
        Question(
            id="21.q3",
            text="The private key of the service has been copied. What has to be done?",
            options=(
                Option(text="Wait until the assertions expire", why="The thief signs others."),
                Option(text="Change Alice's password", why="No password is involved."),
                Option(
                    text="Remove the public key at the server, and register a new one",
                    why="From then on its assertions are refused. Access tokens given before live on until "
                    "exp, or until they are revoked where the API asks.",
                    right=True,
                ),
            ),
        ),
    ),
)
