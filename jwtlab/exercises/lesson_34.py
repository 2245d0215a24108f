"""Lesson 34: ask the server or check alone. Introspection, revocation, and when not to use a JWT."""

from __future__ import annotations

import copy
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call

API, ARCHIVE = "https://api.example", "https://archive.example"

_REPLY: dict[str, Any] = {"active": True, "aud": API, "sub": "alice", "scope": "profile notes:read"}
_REPLIES: tuple[tuple[dict[str, Any], bool, str], ...] = (
    (_REPLY, True, "Active, for this API, and the scope is in it."),
    ({"active": False}, False, "The token is not active; there is nothing else to read."),
    (_REPLY | {"active": False}, False, "active decides first, whatever else is there."),
    (
        {"error": "invalid_client"},
        False,
        "The server answered with an error. No active, no entry.",
    ),
    (
        {k: v for k, v in _REPLY.items() if k != "active"},
        False,
        "Nobody has said that it is active: a missing word is no yes.",
    ),
    (
        _REPLY | {"active": "false"},
        False,
        'active is a text here. Only the value true counts; "false" is truthy.',
    ),
    (_REPLY | {"aud": ARCHIVE}, False, "Active, but made for another API."),
    (_REPLY | {"aud": f"{API}.evil"}, False, "Compare whole names: this one only begins like ours."),
    (_REPLY | {"aud": [ARCHIVE, API]}, True, "aud may be a list, and we are in it."),
    (_REPLY | {"aud": [ARCHIVE]}, False, "aud is a list, and we are not in it."),
    (
        {k: v for k, v in _REPLY.items() if k != "aud"},
        False,
        "aud is missing: nobody says that the token is for us.",
    ),
    (_REPLY | {"scope": "profile"}, False, "The scope does not cover the call."),
    (
        _REPLY | {"scope": "notes:readonly"},
        False,
        "notes:readonly is another word than notes:read: split the scope at the spaces.",
    ),
    (
        {k: v for k, v in _REPLY.items() if k != "scope"},
        False,
        "scope is missing: the token covers nothing.",
    ),
    (_REPLY | {"scope": "notes:read"}, True, "One scope, the right one."),
)


def _judge_reply(answer: Any) -> str:
    def ask(reply: dict[str, Any]) -> Any:
        return call(answer, copy.deepcopy(reply), API, "notes:read")

    if all(ask(reply) in (None, ...) for reply, _, _ in _REPLIES[:2]):
        raise NotYet
    for reply, expected, advice in _REPLIES:
        found = ask(reply)
        if not isinstance(found, bool):
            raise Wrong(f"Say True or False; for {reply} your function gives {kind(found)}. {advice}")
        if found is not expected:
            raise Wrong(f"For {reply} your function says {found}. {advice}")
    found = call(answer, copy.deepcopy(_REPLY), ARCHIVE, "notes:read")
    if found is not False:
        raise Wrong(
            "Asked as the archive, your function still takes the API's token: use me, not a fixed name."
        )
    if call(answer, copy.deepcopy(_REPLY), API, "notes:write") is not False:
        raise Wrong("Writing was needed, and the token reads: use needed, not a fixed scope.")
    return "active says that the token lives. Whether it is for you, and for this, you still decide yourself."


def _judge_list(answer: Any) -> str:
    cases: tuple[tuple[dict[str, int], str, int, dict[str, int], str], ...] = (
        ({}, "t1", 2000, {"t1": 2000}, "The token is added."),
        ({"old": 900, "t0": 1500}, "t1", 2000, {"t0": 1500, "t1": 2000}, "The time of old has come, so it goes."),
        ({"edge": 1000}, "t1", 2000, {"t1": 2000}, "At its time a token goes: until <= now."),
        ({"t0": 1500}, "t1", 900, {"t0": 1500}, "No API takes the new one any more, so it need not be kept."),
        ({"t1": 2000, "t0": 1500}, "t1", 2000, {"t1": 2000, "t0": 1500}, "Revoked twice is revoked."),
    )  # fmt: skip
    if all(call(answer, dict(r), j, e, 1000) in (None, ...) for r, j, e, _, _ in cases):
        raise NotYet
    for revoked, jti, exp, expected, advice in cases:
        mine = dict(revoked)
        found = call(answer, mine, jti, exp, 1000)
        if mine != revoked:
            raise Wrong("Your function changes the old dict; build a new one.")
        if not isinstance(found, dict):
            raise Wrong(f"Return a dict of jti → time; this is {kind(found)}.")
        if found != expected:
            raise Wrong(f"From {revoked}, with {jti} until {exp}, at 1000 you make {found}. {advice}")
    return "The list is never longer than the tokens that are still alive: one more reason for short lives."


_LIVES: dict[str, Any] = {"active": True, "aud": API, "sub": "alice", "exp": 2000}

# The answer, the time, the house's longest time; for how many seconds it may be kept; why.
_KEPT: tuple[tuple[dict[str, Any], int, int, int, str], ...] = (
    (_LIVES, 1000, 60, 60, "The token lives longer than the house keeps an answer."),
    (_LIVES, 1980, 60, 20, "The token expires in 20 s; an answer is never kept beyond exp (RFC 7662 §4)."),
    (_LIVES, 2000, 60, 0, "The token expires now."),
    (_LIVES, 2030, 60, 0, "exp has passed: the time to keep is never below zero."),
    (_LIVES, 1000, 5, 5, "Another house keeps answers for 5 s: use longest."),
    (
        {k: v for k, v in _LIVES.items() if k != "exp"},
        1000,
        60,
        60,
        "There is no exp: longest decides alone.",
    ),
    ({"active": False}, 1000, 60, 0, "The token is not active. There is nothing worth keeping."),
    ({"error": "invalid_client"}, 1000, 60, 0, "This is an error, and says nothing about the token."),
)


def _judge_kept(answer: Any) -> str:
    if all(
        call(answer, copy.deepcopy(reply), now, longest) in (None, ...) for reply, now, longest, _, _ in _KEPT
    ):
        raise NotYet
    for reply, now, longest, expected, advice in _KEPT:
        found = call(answer, copy.deepcopy(reply), now, longest)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise Wrong(f"Return a number of seconds; for {reply} it is {kind(found)}. {advice}")
        if found != expected:
            raise Wrong(f"For {reply} at {now}, longest {longest}, you return {found}. {advice}")
    return (
        "The cache saves most questions, and a revoked token is refused after longest seconds at the latest."
    )


LESSON = Lesson(
    number="34",
    name="34_ask_or_check",
    title="Ask or check",
    why="An API that checks a token alone is fast, and hears late that it was revoked; one that asks is slower, and "
    "hears at once.",
    minutes=45,
    needs=("22",),
    exercises=(
        Exercise(
            id="34.1",
            title="Read the answer of introspection",
            judge_answer=_judge_reply,
            hints=(
                "Three questions: is it active, is it for me, does it cover this?",
                'reply.get("active") is True; a text such as "false" is not True.',
                'needed in reply.get("scope", "").split()',
            ),
            solution="""\
def answer(reply, me, needed):
    aud = reply.get("aud", [])
    aud = [aud] if isinstance(aud, str) else aud
    return reply.get("active") is True and me in aud and needed in reply.get("scope", "").split()""",
        ),
        Exercise(
            id="34.2",
            title="A revocation list that does not grow for ever",
            judge_answer=_judge_list,
            hints=(
                "{**revoked, jti: until} is a new dict with one more.",
                "Keep those whose end is later than now.",
                "{name: end for name, end in {**revoked, jti: until}.items() if end > now}",
            ),
            solution="""\
def answer(revoked, jti, until, now):
    return {name: end for name, end in {**revoked, jti: until}.items() if end > now}""",
        ),
        Exercise(
            id="34.3",
            title="How long may an answer be kept?",
            judge_answer=_judge_kept,
            hints=(
                'Only an answer with active True is kept: reply.get("active") is True.',
                'reply["exp"] - now are the seconds that the token has left, if there is an exp.',
                "max(0, min(longest, left)) is the shorter of the two, and never below zero.",
            ),
            solution="""\
def answer(reply, now, longest):
    if reply.get("active") is not True:
        return 0
    left = reply["exp"] - now if "exp" in reply else longest
    return max(0, min(longest, left))""",
        ),
    ),
    predictions=(
        Question(
            id="34.p1",
            text="Alice presses Log out, and the application has its access token, a JWT, revoked at the "
            "server. When does "
            "an API that checks tokens by itself refuse it?",
            options=(
                Option(
                    text="At once", why="Nobody has told the API; it asks the server for keys, not for news."
                ),
                Option(
                    text="When it expires",
                    why="Signature and expiry are as good as before. That is why access tokens are short-lived.",
                    right=True,
                ),
                Option(
                    text="When it fetches the keys again",
                    why="The keys have not changed: the token's signature still fits.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="34.q1",
            text="A shop with one server and one website wants a login, and a logout that works at once. "
            "What do you take?",
            options=(
                Option(
                    text="A session cookie and a table on the server",
                    why="One lookup for each request, and the session ends when its line is deleted. A JWT "
                    "would bring trouble and no gain.",
                    right=True,
                ),
                Option(
                    text="A JWT for a day in local storage",
                    why="It cannot be ended, and every script can read it.",
                ),
                Option(text="A JWT without exp", why="Whoever steals it has it for ever."),
            ),
        ),
        Question(
            id="34.q2",
            text="An API keeps each answer of introspection for a minute. A token is revoked. When does "
            "this API refuse it?",
            options=(
                Option(
                    text="After a minute at the latest",
                    why="The answer that it keeps is at most a minute old; then it asks again.",
                    right=True,
                ),
                Option(
                    text="At once",
                    why="The server knows at once. The API does not ask while it keeps an answer.",
                ),
                Option(text="When the token expires", why="That is so for an API that never asks."),
            ),
        ),
        Question(
            id="34.q3",
            text="Why does introspection say nothing but active: false for a token that it does not know?",
            options=(
                Option(text="It saves time", why="A reason would cost nothing."),
                Option(
                    text="A reason would help whoever tries tokens",
                    why="Expired, revoked, made for somebody else: each word would be a hint (RFC 7662 §2.2).",
                    right=True,
                ),
                Option(
                    text="The API is not supposed to know that a token expired",
                    why="It may; exp is in the JWT anyway.",
                ),
            ),
        ),
    ),
)
