"""Lesson 27: single sign-on. Two applications and one login, prompt=none, max_age, logout everywhere."""

from __future__ import annotations

import copy
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call

_ASKED: dict[str, Any] = {"client_id": "calendar-app", "scope": "openid profile", "prompt": "none"}
_SESSION: dict[str, Any] = {"auth_time": 1000, "allowed": {"calendar-app": ["openid", "profile"]}}
_NOW = 2800

# Changes to the request; the session; the answer; why.
_SILENT: tuple[tuple[dict[str, Any], dict[str, Any] | None, str, str], ...] = (
    ({}, _SESSION, "code", "Logged in, and allowed before."),
    ({}, None, "login_required", "Nobody is logged in."),
    (
        {},
        _SESSION | {"allowed": {}},
        "consent_required",
        "Logged in, but this application has never been allowed.",
    ),
    (
        {},
        _SESSION | {"allowed": {"notes-app": ["openid", "profile"]}},
        "consent_required",
        "Another application was allowed; that does not count for this one.",
    ),
    (
        {},
        _SESSION | {"allowed": {"calendar-app": ["openid"]}},
        "consent_required",
        "openid was allowed, profile is new: all of the scope has to be allowed.",
    ),
    (
        {"scope": "openid"},
        _SESSION,
        "code",
        "More was allowed than is asked for now; that is enough.",
    ),
    ({"max_age": 600}, _SESSION, "login_required", "The login is 1800 s old, and 600 were wanted."),
    ({"max_age": 3600}, _SESSION, "code", "The login is 1800 s old, and 3600 were allowed."),
    (
        {"max_age": 0},
        _SESSION,
        "login_required",
        "max_age is 0: just now, please. 0 is a number too, and is not the same as none.",
    ),
    (
        {"max_age": 600},
        _SESSION | {"allowed": {}},
        "login_required",
        "Login and consent are both missing; the login comes first, for nobody knows who would allow.",
    ),
    (
        {"prompt": "none login"},
        _SESSION,
        "invalid_request",
        "none and login contradict each other (Core §3.1.2.1).",
    ),
    ({"max_age": 1800}, _SESSION, "code", "The login is exactly 1800 s old; that is not older."),
    (
        {"prompt": "none consent"},
        _SESSION,
        "invalid_request",
        "none stands alone: whatever other word is beside it contradicts it.",
    ),
    (
        {"prompt": "login none"},
        None,
        "invalid_request",
        "The request contradicts itself, whoever is logged in: look at prompt first.",
    ),
)


def _judge_silent(answer: Any) -> str:
    def ask(changed: dict[str, Any], session: dict[str, Any] | None) -> Any:
        return call(answer, _ASKED | changed, copy.deepcopy(session), _NOW)

    if all(ask(changed, session) in (None, ...) for changed, session, _, _ in _SILENT):
        raise NotYet
    for changed, session, expected, advice in _SILENT:
        found = ask(changed, session)
        if found != expected:
            raise Wrong(
                f"For {_ASKED | changed}, session {session}, now {_NOW}, your function says {found!r}. {advice}"
            )
    return "Four answers and no page. An application that knows all of them never shows an error by mistake."


_FRESH: tuple[tuple[dict[str, Any], int | None, bool, str], ...] = (
    ({"iat": 5000, "auth_time": 4900}, 600, True, "The login was 100 s ago."),
    ({"iat": 5000, "auth_time": 1000}, 600, False, "The login was 4000 s ago."),
    ({"iat": 5000, "auth_time": 4400}, 600, True, "Exactly 600 s is not too old."),
    ({"iat": 5000, "auth_time": 4399}, 600, False, "601 s is too old."),
    ({"iat": 5000, "auth_time": 1000}, None, True, "Nobody asked for a fresh one."),
    ({"iat": 5000}, None, True, "Nobody asked, so auth_time may be missing."),
    ({"iat": 5000}, 600, False, "auth_time is missing although max_age was asked for: iat is no substitute."),
    (
        {"iat": 5000, "auth_time": 4999},
        0,
        False,
        "max_age is 0, and the login was a second ago. 0 is not None.",
    ),
    (
        {"iat": 5000, "auth_time": 10**10},
        600,
        False,
        "The login lies in the future: a clock is wrong, and it says nothing about how fresh it is.",
    ),
    ({"iat": 5000, "auth_time": 5000}, 0, True, "max_age is 0, and the login was just now."),
    (
        {"iat": 4000, "auth_time": 4990},
        600,
        True,
        "Compare auth_time with now; iat does not come into it.",
    ),
)


def _judge_fresh(answer: Any) -> str:
    def ask(claims: dict[str, Any], max_age: int | None) -> Any:
        return call(answer, dict(claims), max_age, 5000)

    if all(ask(claims, max_age) in (None, ...) for claims, max_age, _, _ in _FRESH):
        raise NotYet
    for claims, max_age, expected, advice in _FRESH:
        found = ask(claims, max_age)
        if not isinstance(found, bool):
            raise Wrong(f"Say True or False; your function gives {kind(found)}. The case: {advice}")
        if found is not expected:
            raise Wrong(f"For {claims}, max_age {max_age}, now 5000, your function says {found}. {advice}")
    return "The wish travels through the browser; auth_time is signed. You believe the second."


LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
ISSUER, CLIENT = "https://as.example", "notes-app"
_TOKEN: dict[str, Any] = {
    "iss": ISSUER,
    "sub": "alice",
    "aud": CLIENT,
    "iat": 940,
    "exp": 1060,
    "jti": "bye-3",
    "events": {LOGOUT: {}},
    "sid": "s-1",
}
_USED = ("bye-1", "bye-2")


def _lacks(*names: str) -> dict[str, Any]:
    return {name: value for name, value in _TOKEN.items() if name not in names}


_TOKENS: tuple[tuple[dict[str, Any], bool, str], ...] = (
    (_TOKEN, True, "This token is in order."),
    (_TOKEN | {"iss": "https://mallory.example"}, False, "Another issuer."),
    (_TOKEN | {"aud": "calendar-app"}, False, "It was made for another application."),
    (_TOKEN | {"aud": "notes-app-2"}, False, "notes-app-2 is not notes-app: compare whole names."),
    (_TOKEN | {"aud": [CLIENT]}, True, "aud may be a list."),
    (_TOKEN | {"aud": ["calendar-app"]}, False, "aud is a list, and we are not in it."),
    (_TOKEN | {"exp": 1000}, False, "exp is now: expired."),
    (_TOKEN | {"exp": 900}, False, "Expired."),
    (_lacks("exp"), False, "exp is missing: such a token would log people out for ever."),
    (_lacks("events"), False, "It announces nothing: without events it may be any token of the server."),
    (_TOKEN | {"events": {}}, False, "events is empty: it announces no logout."),
    (
        _TOKEN | {"events": {"http://schemas.example/event/new-password": {}}},
        False,
        "It announces another event than a logout.",
    ),
    (
        _TOKEN | {"events": [LOGOUT]},
        False,
        "events is a list here; it has to be a dict, with a dict behind the name of the event.",
    ),
    (_TOKEN | {"events": {LOGOUT: True}}, False, "Behind the name of the event there has to be a dict."),
    (_TOKEN | {"nonce": "n-1"}, False, "It has a nonce: that is an ID token."),
    (_TOKEN | {"nonce": None}, False, "nonce is there, though empty. It must not be there at all."),
    (_lacks("sid"), True, "sub alone will do."),
    (_lacks("sub"), True, "sid alone will do."),
    (_lacks("sub", "sid"), False, "Neither sub nor sid: nobody knows whose session ends."),
    (_TOKEN | {"jti": "bye-1"}, False, "This token has been used."),
    (_lacks("jti"), False, "jti is missing: nobody sees when it comes twice."),
    (_lacks("iat"), False, "iat is missing: it does not say when it was made (§2.4 asks for it)."),
    (_lacks("sid") | {"sub": None}, False, "sub is there and says nobody, and there is no sid."),
    (_lacks("iss"), False, "iss is missing."),
    (_lacks("aud"), False, "aud is missing."),
)


def _judge_logout(answer: Any) -> str:
    def ask(claims: dict[str, Any]) -> Any:
        used = set(_USED)
        found = call(answer, copy.deepcopy(claims), ISSUER, CLIENT, used, 1000)
        if used != set(_USED):
            raise Wrong("Your function changes used; whoever calls it writes the name down.")
        return found

    if all(ask(claims) in (None, ...) for claims, _, _ in _TOKENS[:2]):
        raise NotYet
    for claims, expected, advice in _TOKENS:
        found = ask(claims)
        if not isinstance(found, bool):
            raise Wrong(f"Say True or False; for {claims} your function gives {kind(found)}. {advice}")
        if found is not expected:
            raise Wrong(f"For {claims} your function says {found}. {advice}")
    return "An ID token from a log fails twice here: it announces nothing, and it has a nonce."


_SESSIONS: dict[str, dict[str, str]] = {
    "c1": {"iss": ISSUER, "sub": "alice", "sid": "s-1"},
    "c2": {"iss": ISSUER, "sub": "alice", "sid": "s-2"},
    "c3": {"iss": ISSUER, "sub": "bob", "sid": "s-3"},
    "c4": {"iss": "https://other.example", "sub": "alice", "sid": "s-1"},
    "c5": {"iss": ISSUER, "sub": "alice", "sid": "s-1"},
}
_ENDS: tuple[tuple[dict[str, str], tuple[str, ...], str], ...] = (
    (
        {"iss": ISSUER, "sid": "s-2"},
        ("c2",),
        "Only the session with this sid ends.",
    ),
    (
        {"iss": ISSUER, "sub": "alice", "sid": "s-2"},
        ("c2",),
        "With a sid it is that session and no other: Alice stays logged in at her other browser.",
    ),
    (
        {"iss": ISSUER, "sub": "alice"},
        ("c1", "c2", "c5"),
        "Without a sid all of Alice's sessions end, those of this issuer.",
    ),
    (
        {"iss": ISSUER, "sid": "s-1"},
        ("c1", "c5"),
        "Both sessions with this sid end; the one of the other issuer only happens to have the same name.",
    ),
    ({"iss": "https://other.example", "sub": "alice"}, ("c4",), "Another issuer's alice is another person."),
    ({"iss": ISSUER, "sub": "carol"}, (), "Nobody of that name is here: nothing ends, and nothing breaks."),
    ({"iss": ISSUER, "sub": "bob"}, ("c3",), "Bob has one session."),
)


def _judge_ends(answer: Any) -> str:
    def ask(claims: dict[str, str]) -> Any:
        return call(answer, copy.deepcopy(_SESSIONS), dict(claims))

    if all(ask(claims) in (None, ...) for claims, _, _ in _ENDS):
        raise NotYet
    for claims, expected, advice in _ENDS:
        found = ask(claims)
        if isinstance(found, str) or not hasattr(found, "__iter__"):
            raise Wrong(f"Return a list of cookies; for {claims} your function gives {kind(found)}.")
        cookies = call(list, found)
        if any(not isinstance(each, str) for each in cookies):
            raise Wrong(
                "Return the cookies, such as 'c1': the keys of sessions, not the sessions themselves."
            )
        if sorted(set(cookies)) != sorted(expected):
            raise Wrong(f"For {claims} your function ends {sorted(set(cookies))}. {advice}")
    return "Not one session too few, and not one too many. The token's issuer says for whom it may speak."


LESSON = Lesson(
    number="27",
    name="27_single_sign_on",
    title="Single sign-on",
    why="One login opens many applications. So one logout has to close them all, and an application that needs to "
    "know asks how old the login is.",
    minutes=55,
    needs=("26",),
    exercises=(
        Exercise(
            id="27.1",
            title="Answer without a page",
            judge_answer=_judge_silent,
            hints=(
                "Ask in this order: is the request clear, is somebody logged in, lately enough, and is all allowed?",
                'asked.get("max_age") may be None, and it may be 0: compare with "is not None".',
                'set(asked["scope"].split()) <= set(session["allowed"].get(asked["client_id"], []))',
            ),
            solution="""\
def answer(asked, session, now):
    if asked["prompt"].split() != ["none"]:
        return "invalid_request"
    limit = asked.get("max_age")
    if session is None or (limit is not None and now - session["auth_time"] > limit):
        return "login_required"
    allowed = session["allowed"].get(asked["client_id"], [])
    return "code" if set(asked["scope"].split()) <= set(allowed) else "consent_required\"""",
        ),
        Exercise(
            id="27.2",
            title="Fresh enough?",
            judge_answer=_judge_fresh,
            hints=(
                "Three cases: not asked, asked and no auth_time, asked and an auth_time to compare.",
                "if max_age is None: return True",
                'return "auth_time" in claims and 0 <= now - claims["auth_time"] <= max_age',
            ),
            solution="""\
def answer(claims, max_age, now):
    if max_age is None:
        return True
    at = claims.get("auth_time")
    return at is not None and 0 <= now - at <= max_age""",
        ),
        Exercise(
            id="27.3",
            title="Check a logout token",
            judge_answer=_judge_logout,
            hints=(
                "Make aud a list first. Then one question after the other; .get for what may be missing.",
                'isinstance(events, dict) and isinstance(events.get(LOGOUT), dict), with events = claims.get("events")',
                '"nonce" not in claims; claims.get("sub") or claims.get("sid")',
            ),
            solution="""\
def answer(claims, issuer, client_id, used, now):
    aud, events = claims.get("aud", []), claims.get("events")
    aud = [aud] if isinstance(aud, str) else aud
    if claims.get("iss") != issuer or client_id not in aud or claims.get("exp", 0) <= now:
        return False
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT), dict):
        return False
    if "nonce" in claims or "iat" not in claims or not (claims.get("sub") or claims.get("sid")):
        return False
    return "jti" in claims and claims["jti"] not in used""",
        ),
        Exercise(
            id="27.4",
            title="Whose session ends?",
            judge_answer=_judge_ends,
            hints=(
                "First: which claim decides, sid or sub?",
                'name = "sid" if "sid" in claims else "sub"',
                "Compare two things of each session: iss, and that claim.",
            ),
            solution="""\
def answer(sessions, claims):
    name = "sid" if "sid" in claims else "sub"
    wanted = (claims["iss"], claims[name])
    return [cookie for cookie, each in sessions.items() if (each["iss"], each[name]) == wanted]""",
        ),
    ),
    predictions=(
        Question(
            id="27.p1",
            text="Alice presses Log out at the notes app. The application forgets its session, and does "
            "nothing else. Then "
            "she presses Log in. What does she see?",
            options=(
                Option(
                    text="The login page: she has logged out",
                    why="She has, at the application. The server has not heard of it.",
                ),
                Option(
                    text="The notes app, which greets her at once",
                    why="The server still knows her browser. On a shared computer the next person is greeted as Alice.",
                    right=True,
                ),
                Option(
                    text="An error: her session is gone", why="A new code flow starts, as at every login."
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="27.q1",
            text="An application asks with prompt=none and gets login_required. What should it do?",
            options=(
                Option(
                    text="Ask again until it works",
                    why="It would go round in circles: nothing changes by asking.",
                ),
                Option(
                    text="Go on without a person, and offer a Log in button",
                    why="The error only says that a page would be needed (OpenID Connect Core §3.1.2.6).",
                    right=True,
                ),
                Option(
                    text="Show the error",
                    why="Nothing went wrong: nobody is logged in, and that was the question.",
                ),
            ),
        ),
        Question(
            id="27.q2",
            text="The application has asked with max_age=600. Why does it still look at auth_time?",
            options=(
                Option(
                    text="The parameter has passed through the browser",
                    why="Whoever sits there can take it out, and the server then knows nothing of it. "
                    "auth_time is signed.",
                    right=True,
                ),
                Option(
                    text="The server's clock may be wrong",
                    why="It may; but then auth_time would be wrong, too.",
                ),
                Option(text="It need not: the server has checked", why="It has, if the parameter arrived."),
            ),
        ),
        Question(
            id="27.q3",
            text="Why does a logout token never contain a nonce?",
            options=(
                Option(text="There is no room for it", why="A JWT may have any number of claims."),
                Option(
                    text="So that it can never pass for an ID token, nor an ID token for it",
                    why="Both are signed with the same key, for the same application (Back-Channel Logout §2.4).",
                    right=True,
                ),
                Option(text="Nobody could remember the nonce", why="The application does, at each login."),
            ),
        ),
    ),
)
