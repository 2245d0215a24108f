"""Lesson 34: ask the server or check alone. Introspection, revocation, and when not to use a JWT."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false

API, ARCHIVE = "https://api.example", "https://archive.example"

_REPLY: dict[str, Any] = {"active": True, "aud": API, "sub": "alice", "scope": "profile notes:read"}


def _lacks(name: str, whole: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in whole.items() if key != name}


def _said(
    mistake: str,
    reply: dict[str, Any],
    expected: bool,
    why: str = "",
    me: str = API,
    needed: str = "notes:read",
) -> Case:
    return Case(mistake, (reply, me, needed), expected, why)


_judge_reply = Table(
    cases=(
        _said("in-order", _REPLY, True, "Active, for this API, and the scope is in it."),
        _said("in-order", _REPLY | {"scope": "notes:read"}, True),
        _said("in-order", _REPLY | {"scope": "notes:read profile", "extra": 7}, True),
        _said("not-active", {"active": False}, False, "The token is not active, and active decides first."),
        _said("not-active", _REPLY | {"active": False}, False),
        _said("error", {"error": "invalid_client"}, False, "The server answered with an error. No active, no entry."),
        _said("no-active", _lacks("active", _REPLY), False,
              "Nobody has said that it is active: a missing word is no yes."),
        _said("truthy", _REPLY | {"active": "false"}, False,
              'active is not true here. Only the value true counts; the text "false" is truthy, and so is 1.'),
        _said("truthy", _REPLY | {"active": "true"}, False),
        _said("truthy", _REPLY | {"active": 1}, False),
        _said("truthy", _REPLY | {"active": None}, False),
        _said("other-api", _REPLY | {"aud": ARCHIVE}, False, "Active, but made for another API."),
        _said("aud-list", _REPLY | {"aud": [ARCHIVE, API]}, True, "aud may be a list, and we are in it."),
        _said("aud-list", _REPLY | {"aud": [API]}, True),
        _said("not-in-list", _REPLY | {"aud": [ARCHIVE]}, False, "aud is a list, and we are not in it."),
        _said("not-in-list", _REPLY | {"aud": []}, False),
        _said("no-aud", _lacks("aud", _REPLY), False, "aud is missing: nobody says that the token is for us."),
        _said("no-scope", _lacks("scope", _REPLY), False, "scope is missing: the token covers nothing."),
        _said("scope", _REPLY | {"scope": "profile"}, False, "The scope does not cover the call."),
        _said("scope", _REPLY | {"scope": ""}, False),
        _said("needed", _REPLY, False, "Writing was needed, and the token reads: use needed, not a fixed scope.",
              needed="notes:write"),
        _said("needed", _REPLY | {"scope": "notes:write"}, True, needed="notes:write"),
        _said("piece", _REPLY | {"scope": "mynotes:read"}, False,
              "The scope only ends like notes:read: split it at the spaces, and compare whole words."),
        _said("piece", _REPLY | {"scope": "notes:readonly"}, False),
        _said("capitals", _REPLY | {"scope": "Admin"}, True, "Capital letters count in a scope.", needed="Admin"),
        _said("capitals", _REPLY | {"scope": "admin"}, False, needed="Admin"),
        _said("me", _REPLY | {"aud": ARCHIVE}, True, "Asked as the archive: use me, not a fixed name.", me=ARCHIVE),
        _said("me", _REPLY, False, me=ARCHIVE),
        _said("me", _REPLY | {"aud": "Notes"}, False, me="notes"),
        _said("me", _REPLY | {"aud": "Notes"}, True, me="Notes"),
        *near("aud", API, lambda text: (_REPLY | {"aud": text}, API, "notes:read"), False),
        *near("aud", API, lambda text: (_REPLY | {"aud": [ARCHIVE, text]}, API, "notes:read"), False),
        *near("scope", "notes:read", lambda text: (_REPLY | {"scope": f"profile {text}"}, API, "notes:read"), False,
              without="space pattern longer"),
        *near("scope", "notes:read", lambda text: (_REPLY | {"scope": f"profile {text}x"}, API, "notes:read"), False,
              without="space"),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="active says that the token lives. Whether it is for you, and for this, you still decide yourself.",
)  # fmt: skip


def _a_dict(found: Any) -> Any:
    if not isinstance(found, dict):
        raise Wrong("no-dict", what=kind(found))
    return found


def _revoke(
    mistake: str,
    revoked: dict[str, int],
    until: int,
    expected: dict[str, int],
    why: str = "",
    now: int = 1000,
) -> Case:
    return Case(mistake, (revoked, "t1", until, now), expected, why)


_judge_list = Table(
    cases=(
        _revoke("added", {}, 2000, {"t1": 2000}, "The token is added."),
        _revoke("others", {"t0": 1500}, 2000, {"t0": 1500, "t1": 2000}, "The others are still alive: they stay."),
        _revoke("over", {"old": 900, "t0": 1500}, 2000, {"t0": 1500, "t1": 2000},
                "The time of old has come, so it goes."),
        _revoke("over", {"old": 1, "older": 0}, 2000, {"t1": 2000}),
        _revoke("edge", {"edge": 1000, "t0": 1001}, 2000, {"t0": 1001, "t1": 2000},
                "At its time a token goes: until <= now."),
        _revoke("edge", {"t0": 1500}, 1000, {"t0": 1500}),
        _revoke("dead-already", {"t0": 1500}, 900, {"t0": 1500},
                "No API takes the new one any more, so it need not be kept."),
        _revoke("twice", {"t1": 2000, "t0": 1500}, 2000, {"t1": 2000, "t0": 1500}, "Revoked twice is revoked."),
        _revoke("twice", {"t1": 1500}, 2000, {"t1": 2000}),
        _revoke("now", {"t0": 1500}, 2000, {"t1": 2000}, "It is later now: use now, and no fixed time.", now=1700),
    ),
    read=_a_dict,
    own={"no-dict": "Return a dict of jti → time; this is {what}."},
    praise="The list is never longer than the tokens that are still alive: one more reason for short lives.",
)  # fmt: skip


_LIVES: dict[str, Any] = {"active": True, "aud": API, "sub": "alice", "exp": 2000}


def _seconds(found: Any) -> Any:
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise Wrong("no-seconds", what=kind(found))
    return found


def _kept(
    mistake: str, reply: dict[str, Any], now: int, expected: int, why: str = "", longest: int = 60
) -> Case:
    return Case(mistake, (reply, now, longest), expected, why)


_judge_kept = Table(
    cases=(
        _kept("longest", _LIVES, 1000, 60, "The token lives longer than the house keeps an answer."),
        _kept("beyond-exp", _LIVES, 1980, 20,
              "The token expires sooner than that; an answer is never kept beyond exp (RFC 7662 §4)."),
        _kept("beyond-exp", _LIVES, 1999, 1),
        _kept("beyond-exp", _LIVES, 1940, 60),
        _kept("over", _LIVES, 2000, 0, "The token has expired: the time to keep is zero, and never below."),
        _kept("over", _LIVES, 2030, 0),
        _kept("house", _LIVES, 1000, 5, "Another house keeps answers for 5 s: use longest.", 5),
        _kept("house", _LIVES, 1000, 300, "", 300),
        _kept("house", _LIVES, 1000, 0, "", 0),
        _kept("no-exp", _lacks("exp", _LIVES), 1000, 60, "There is no exp: longest decides alone."),
        _kept("no-exp", _lacks("exp", _LIVES), 5000, 5, "", 5),
        _kept("no-exp", _lacks("exp", _LIVES), 3, 60),
        _kept("not-active", _LIVES | {"active": False}, 1000, 0,
              "The token is not active. There is nothing worth keeping."),
        _kept("not-active", {"active": False}, 1000, 0),
        _kept("truthy", _LIVES | {"active": "false"}, 1000, 0, 'Only the value true counts, and "false" is truthy.'),
        _kept("truthy", _LIVES | {"active": 1}, 1000, 0),
        _kept("error", {"error": "invalid_client"}, 1000, 0, "This is an error, and says nothing about the token."),
        _kept("error", {"error": "server_error", "exp": 2000}, 1000, 0),
    ),
    read=_seconds,
    fits=lambda found, expected: bool(found == expected),
    own={"no-seconds": "Return a number of seconds; this is {what}."},
    praise="The cache saves most questions, and a revoked token is refused after longest seconds at the latest.",
)  # fmt: skip


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
                    text="A JWT for a day in local storage",
                    why="It cannot be ended, and every script can read it.",
                ),
                Option(
                    text="A session cookie and a table on the server",
                    why="One lookup for each request, and the session ends when its line is deleted. A JWT "
                    "would bring trouble and no gain.",
                    right=True,
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
                    text="The API is not supposed to know that a token expired",
                    why="It may; exp is in the JWT anyway.",
                ),
                Option(
                    text="A reason would help whoever tries tokens",
                    why="Expired, revoked, made for somebody else: each word would be a hint (RFC 7662 §2.2).",
                    right=True,
                ),
            ),
        ),
    ),
)
