"""Lesson 27: single sign-on. Two applications and one login, prompt=none, max_age, logout everywhere."""

from __future__ import annotations

from typing import Any

from jwtlab.exercises.logouts import judge_ends, judge_logout
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false

_ASKED: dict[str, Any] = {"client_id": "calendar-app", "scope": "openid profile", "prompt": "none"}
_ALLOWED = {"calendar-app": ["openid", "profile"]}
_SESSION: dict[str, Any] = {"auth_time": 1000, "allowed": _ALLOWED}
_ANSWERS = ("code", "login_required", "consent_required", "invalid_request", "interaction_required")
_FOR_OTHER_CASES = {
    "account_selection_required": "somebody who has several accounts here",
    "access_denied": "somebody who was asked, and said no",
    "invalid_scope": "a scope that this client cannot have",
    "unauthorized_client": "a client that may not ask in this way",
    "unsupported_response_type": "a response type that the server does not know",
    "server_error": "a fault of the server's own",
    "temporarily_unavailable": "a server that is too busy",
    "invalid_request_uri": "a request_uri that cannot be read",
    "invalid_request_object": "a request object that is not valid",
    "request_not_supported": "a request parameter that the server does not take",
    "request_uri_not_supported": "a request_uri parameter that the server does not take",
    "registration_not_supported": "a registration parameter that the server does not take",
}
"""The other errors of OpenID Connect Core §3.1.2.6 and RFC 6749 §4.1.2.1, and what each is for."""


def _one_answer(found: Any) -> Any:
    if isinstance(found, str) and found in _FOR_OTHER_CASES:
        raise Wrong("other-error", found=found, what=_FOR_OTHER_CASES[found])
    if found not in _ANSWERS:
        raise Wrong("word", found=found)
    return found


def _allowed(found: Any, expected: str) -> bool:
    """The standard has a wider word for both kinds of page that may not be shown (Core §3.1.2.1, §3.1.2.6)."""
    if found == "interaction_required":
        return expected in ("login_required", "consent_required")
    return bool(found == expected)


def _silent(
    mistake: str, changes: dict[str, Any], session: dict[str, Any] | None, expected: str, why: str = ""
) -> Case:
    return Case(mistake, (_ASKED | changes, session, 2800), expected, why)


def _with(allowed: dict[str, list[str]]) -> dict[str, Any]:
    return _SESSION | {"allowed": allowed}


_judge_silent = Table(
    cases=(
        _silent("in-order", {}, _SESSION, "code", "Somebody is logged in, and has allowed this before."),
        _silent("nobody", {}, None, "login_required", "Nobody is logged in."),
        _silent("never-allowed", {}, _with({}), "consent_required",
                "Logged in, but this application has never been allowed."),
        _silent("other-application", {}, _with({"notes-app": ["openid", "profile"]}), "consent_required",
                "Another application was allowed; that does not count for this one."),
        _silent("part-of-scope", {}, _with({"calendar-app": ["openid"]}), "consent_required",
                "openid was allowed, profile is new: all of the scope has to be allowed."),
        _silent("part-of-scope", {"scope": "openid profile notes:read"}, _SESSION, "consent_required"),
        _silent("more-allowed", {"scope": "openid"}, _SESSION, "code",
                "More was allowed than is asked for now; that is enough."),
        _silent("order-of-scope", {"scope": "profile openid"}, _SESSION, "code",
                "The words of a scope have no order (RFC 6749 §3.3)."),
        _silent("old-login", {"max_age": 600}, _SESSION, "login_required",
                "The login is 1800 s old, and 600 were wanted."),
        _silent("old-login", {"max_age": 1799}, _SESSION, "login_required"),
        _silent("young-login", {"max_age": 3600}, _SESSION, "code", "The login is 1800 s old, and 3600 were allowed."),
        _silent("exactly", {"max_age": 1800}, _SESSION, "code",
                "The login is exactly max_age seconds old; that is not older."),
        _silent("zero", {"max_age": 0}, _SESSION, "login_required",
                "max_age is 0: just now, please. 0 is a number too, and is not the same as none."),
        _silent("login-first", {"max_age": 600}, _with({}), "login_required",
                "Login and consent are both missing; the login comes first, for nobody knows who would allow."),
        _silent("contradiction", {"prompt": "none login"}, _SESSION, "invalid_request",
                "none stands alone: whatever other word is beside it contradicts it (Core §3.1.2.1)."),
        _silent("contradiction", {"prompt": "none consent"}, _SESSION, "invalid_request"),
        _silent("contradiction", {"prompt": "select_account none"}, _SESSION, "invalid_request"),
        _silent("request-first", {"prompt": "login none"}, None, "invalid_request",
                "The request contradicts itself, whoever is logged in: look at prompt first."),
        _silent("request-first", {"prompt": "none login", "max_age": 600}, _SESSION, "invalid_request"),
        *near("client_id", "calendar-app",
              lambda text: _silent("", {}, _with({text: ["openid", "profile"]}), "").given, "consent_required"),
        *near("scope", "profile",
              lambda text: _silent("", {}, _with({"calendar-app": ["openid", text]}), "").given, "consent_required"),
    ),
    read=_one_answer,
    fits=_allowed,
    own={
        "word": "Return one of the answers that the text names; this is {found!r}.",
        "other-error": "The standard has {found}, and it is for another case: {what}.",
    },
    praise="One word, and no page. An application that knows all of them never shows an error by mistake.",
)  # fmt: skip


def _fresh(
    mistake: str, at: float | None, max_age: int | None, expected: bool, why: str = "", iat: int = 5000
) -> Case:
    claims = {"iat": iat} if at is None else {"iat": iat, "auth_time": at}
    return Case(mistake, (claims, max_age, 5000), expected, why)


_judge_fresh = Table(
    cases=(
        _fresh("young", 4900, 600, True, "The login was 100 s ago."),
        _fresh("old", 1000, 600, False, "The login was 4000 s ago."),
        _fresh("exactly", 4400, 600, True, "The login is exactly max_age seconds old: that is not too old."),
        _fresh("not-asked", 1000, None, True, "Nobody asked for a fresh one."),
        _fresh("not-asked", None, None, True),
        _fresh("not-asked", 10**10, None, True),
        _fresh("missing", None, 600, False,
               "auth_time is missing although max_age was asked for: iat is no substitute."),
        _fresh("missing", None, 0, False),
        _fresh("missing", None, 5000, False),
        _fresh("first-second", 0, 5000, True, "0 is a time like others, and max_age is 5000: that is not too old."),
        _fresh("tolerance", 4340, 600, True, "660 s: exactly max_age and the 60 s that clocks may differ."),
        _fresh("too-much", 4339, 600, False, "661 s is more than max_age and the 60 s that clocks may differ."),
        _fresh("too-much", 3800, 600, False),
        _fresh("zero", 4939, 0, False, "max_age is 0, and the login was 61 s ago. 0 is not None."),
        _fresh("zero", 1000, 0, False),
        _fresh("just-now", 5000, 0, True, "max_age is 0, and the login was just now, as far as clocks can tell."),
        _fresh("just-now", 4940, 0, True),
        _fresh("clock-ahead", 5060, 600, True, "The server's clock is 60 s ahead: that is allowed."),
        _fresh("clock-ahead", 5060, 0, True),
        _fresh("future", 5061, 600, False,
               "The login lies more than 60 s in the future: a clock is wrong, and it says nothing about how fresh "
               "it is."),
        _fresh("future", 10**10, 600, False),
        _fresh("iat", 4990, 600, True, "Compare auth_time with now; iat does not come into it.", iat=4000),
        _fresh("iat", 1000, 600, False, iat=1100),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="The wish travels through the browser; auth_time is signed. You believe the second.",
)  # fmt: skip


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
                'return "auth_time" in claims and -60 <= now - claims["auth_time"] <= max_age + 60',
            ),
            solution="""\
def answer(claims, max_age, now):
    if max_age is None:
        return True
    at = claims.get("auth_time")
    return at is not None and -60 <= now - at <= max_age + 60""",
        ),
        Exercise(
            id="27.3",
            title="Check a logout token",
            judge_answer=judge_logout,
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
            judge_answer=judge_ends,
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
                Option(text="It need not: the server has checked", why="It has, if the parameter arrived."),
                Option(
                    text="The server's clock may be wrong",
                    why="It may; but then auth_time would be wrong, too.",
                ),
                Option(
                    text="The parameter has passed through the browser",
                    why="Whoever sits there can take it out, and the server then knows nothing of it. "
                    "auth_time is signed.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="27.q3",
            text="Why does a logout token never contain a nonce?",
            options=(
                Option(
                    text="So that it can never pass for an ID token, nor an ID token for it",
                    why="Both are signed with the same key, for the same application (Back-Channel Logout §2.4).",
                    right=True,
                ),
                Option(text="There is no room for it", why="A JWT may have any number of claims."),
                Option(text="Nobody could remember the nonce", why="The application does, at each login."),
            ),
        ),
    ),
)
