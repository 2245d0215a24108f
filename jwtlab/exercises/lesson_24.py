"""Lesson 24: implicit. Where the token ends up, and whose it is."""

from __future__ import annotations

import hashlib
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.jose import base64url

_ADDRESSES: tuple[tuple[str, str | None, str], ...] = (
    ("https://app.example/callback#access_token=abc&state=s", "access_token", "It stands behind the #."),
    ("https://app.example/callback?code=abc&state=s", None, "A code is no token."),
    ("https://app.example/callback#state=s&id_token=abc", "id_token", "An ID token, behind the #."),
    (
        "https://api.example/notes?access_token=abc",
        "access_token",
        "In the query it is even worse: servers log it.",
    ),
    ("https://app.example/access_token?x=1", None, "access_token is a path here, no parameter."),
    ("https://app.example/?next=access_token", None, "access_token is a value here, no parameter."),
    ("https://app.example/#my_access_token=abc", None, "my_access_token is another name."),
    ("https://app.example/", None, "There are no parameters at all."),
    ("https://app.example/callback#access_token=", None, "The parameter is empty: no token in it."),
)


def _judge_search(answer: Any) -> str:
    if all(call(answer, address) in (None, ...) for address, _, _ in _ADDRESSES):
        raise NotYet
    for address, expected, advice in _ADDRESSES:
        found = call(answer, address)
        if found != expected:
            raise Wrong(f"For {address} your function gives {found!r}. {advice}")
    return "Run it over the logs of an old application, and you know how many people could be somebody else."


def _at_hash(token: str) -> str:
    return base64url.encode(hashlib.sha256(token.encode()).digest()[:16])


_TOKENS: tuple[tuple[str, dict[str, Any], bool, str], ...] = (
    ("abc.def.ghi", {"sub": "alice", "at_hash": _at_hash("abc.def.ghi")}, True, "These two belong together."),
    ("abc.def.ghj", {"sub": "alice", "at_hash": _at_hash("abc.def.ghi")}, False, "This is another access token."),
    ("abc.def.ghi", {"sub": "alice"}, False, "Without at_hash nothing ties them together."),
    ("abc.def.ghi", {"sub": "alice", "at_hash": ""}, False, "An empty at_hash is none."),
    ("abc.def.ghi", {"at_hash": base64url.encode(hashlib.sha256(b"abc.def.ghi").digest())}, False,
     "That is the whole hash; at_hash is its left half, 16 bytes."),
    ("abc.def.ghi", {"at_hash": _at_hash("abc.def.ghi")[:8]}, False, "It only begins alike."),
    ("abc.def.ghi", {"at_hash": 5}, False, "A number is no at_hash; compare without falling over it."),
)  # fmt: skip


def _judge_belonging(answer: Any) -> str:
    if all(call(answer, token, dict(claims)) in (None, ...) for token, claims, _, _ in _TOKENS):
        raise NotYet
    for token, claims, expected, advice in _TOKENS:
        found = call(answer, token, dict(claims))
        if not isinstance(found, bool):
            raise Wrong(f"Say True or False; your function gives {kind(found)}. {advice}")
        if found is not expected:
            raise Wrong(f"Your function says {found} for {claims}. {advice}")
    return "The ID token vouches for the access token beside it. Without that, anybody's token would do."


_OLD = {
    "response_type": "token",
    "client_id": "notes-app",
    "redirect_uri": "https://app.example/callback",
    "scope": "notes:read",
    "state": "s-1",
}


def _judge_move(answer: Any) -> str:
    first = call(answer, dict(_OLD), "C" * 43)
    if first in (None, ...):
        raise NotYet
    if not isinstance(first, dict):
        raise Wrong(f"The new parameters are a dict; your function gives {kind(first)}.")
    cases = (
        (_OLD, _OLD | {"response_type": "code"}),
        (_OLD | {"response_mode": "fragment"}, _OLD | {"response_type": "code"}),
        (
            _OLD | {"response_mode": "form_post", "nonce": "n"},
            _OLD | {"response_type": "code", "response_mode": "form_post", "nonce": "n"},
        ),
        (
            _OLD | {"response_type": "id_token token", "nonce": "n"},
            _OLD | {"response_type": "code", "nonce": "n"},
        ),
    )
    for old, wanted in cases:
        mine, expected = dict(old), wanted | {"code_challenge": "C" * 43, "code_challenge_method": "S256"}
        found = call(answer, mine, "C" * 43)
        if mine != old:
            raise Wrong("Your function changes the old dict; make a new one: {**old, ...}.")
        if not isinstance(found, dict):
            raise Wrong(f"For {old} your function gives {kind(found)}.")
        for name, value in expected.items():
            if found.get(name) != value:
                raise Wrong(f"For {old}: {name} should be {value!r}, and is {found.get(name)!r}.")
        extra = next((name for name in found if name not in expected), None)
        if extra is not None:
            raise Wrong(f"For {old}: {extra} does not belong in the new request.")
    return (
        "One word, and two parameters more: that is the whole move. The rest is a POST to the token endpoint."
    )


LESSON = Lesson(
    number="24",
    name="24_implicit",
    title="Implicit",
    why="A flow that was made for the browsers of 2012, and why nobody should build it today. You will still "
    "meet it.",
    minutes=40,
    needs=("23",),
    exercises=(
        Exercise(
            id="24.1",
            title="Find it",
            judge_answer=_judge_search,
            hints=(
                "urlsplit gives query and fragment; parse_qs takes both to pieces.",
                "Look for the names access_token and id_token in either of the two.",
                "parse_qs leaves empty parameters out by itself.",
            ),
            solution="""\
def answer(address):
    parts = urlsplit(address)
    given = {**parse_qs(parts.query), **parse_qs(parts.fragment)}
    return next((name for name in ("access_token", "id_token") if name in given), None)""",
        ),
        Exercise(
            id="24.2",
            title="Does it belong to me?",
            judge_answer=_judge_belonging,
            hints=(
                "Compute the hash of the access token yourself, then compare.",
                "hashlib.sha256(access_token.encode()).digest()[:16] is the left half.",
                'jwtlab.base64url.encode(half) == claims.get("at_hash")',
            ),
            solution="""\
import hashlib


def answer(access_token, claims):
    half = hashlib.sha256(access_token.encode("ascii")).digest()[:16]
    return claims.get("at_hash") == jwtlab.base64url.encode(half)""",
        ),
        Exercise(
            id="24.3",
            title="Move it to the code flow",
            judge_answer=_judge_move,
            hints=(
                "response_type becomes code; the challenge comes with its method.",
                "A copy without response_mode=fragment: other modes stay.",
                '{**kept, "response_type": "code", "code_challenge": challenge, "code_challenge_method": "S256"}',
            ),
            solution="""\
def answer(old, challenge):
    kept = {name: value for name, value in old.items() if (name, value) != ("response_mode", "fragment")}
    return {**kept, "response_type": "code", "code_challenge": challenge, "code_challenge_method": "S256"}""",
        ),
    ),
    predictions=(
        Question(
            id="24.p1",
            text="A server redirects to https://app.example/callback#access_token=... . Who gets to see the "
            "token?",
            options=(
                Option(
                    text="The application's web server, in its log",
                    why="What comes after the # is never sent to a server.",
                ),
                Option(
                    text="Nobody: the # hides it",
                    why="It hides it from servers, not from the browser and what runs in it.",
                ),
                Option(
                    text="The browser: its history, its extensions, every script of that page",
                    why="So more parties get the token than anybody intended.",
                    right=True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="24.q1",
            text="Why is a code in the address bar less dangerous than a token?",
            options=(
                Option(text="It is shorter", why="Length has nothing to do with it."),
                Option(text="It is encrypted", why="It is a random word, and everybody can read it."),
                Option(
                    text="It works once, for a minute, and only with the verifier",
                    why="Whoever finds it in the history cannot redeem it.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="24.q2",
            text="An application calls userinfo with the access token that came, gets Alice's name, and logs "
            "Alice in. "
            "What is wrong?",
            options=(
                Option(text="userinfo may be down", why="Then nobody logs in; that is not the danger."),
                Option(
                    text="The token may have been made for another application",
                    why="Whoever runs that one can log in here as Alice.",
                    right=True,
                ),
                Option(
                    text="Names are not unique",
                    why="True, and iss with sub should be used. But the token has to be for this application "
                    "first.",
                ),
            ),
        ),
        Question(
            id="24.q3",
            text="What is left of implicit in today's practice?",
            options=(
                Option(
                    text="It is recommended for single-page applications",
                    why="It was, until about 2019. Today they use the code flow with PKCE.",
                ),
                Option(
                    text="An ID token alone by form_post is still met; access tokens in the address should not "
                    "be",
                    why="RFC 9700 §2.1.2 advises against access tokens in the address, and leaves ID tokens "
                    "alone.",
                    right=True,
                ),
                Option(text="Nothing: no server answers it any more", why="Many still do; yours should not."),
            ),
        ),
    ),
)
