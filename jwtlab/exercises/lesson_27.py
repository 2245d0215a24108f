"""Lesson 27: single sign-on. Two applications and one login, prompt=none, max_age, logout everywhere."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false

_ASKED: dict[str, Any] = {"client_id": "calendar-app", "scope": "openid profile", "prompt": "none"}
_ALLOWED = {"calendar-app": ["openid", "profile"]}
_SESSION: dict[str, Any] = {"auth_time": 1000, "allowed": _ALLOWED}
_ANSWERS = ("code", "login_required", "consent_required", "invalid_request")


def _one_of_four(found: Any) -> Any:
    if found not in _ANSWERS:
        raise Wrong("word", found=found)
    return found


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
    read=_one_of_four,
    own={"word": "Return one of the four answers in the text; this is {found!r}."},
    praise="Four answers and no page. An application that knows all of them never shows an error by mistake.",
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


def _logout(
    mistake: str,
    changes: dict[str, Any],
    expected: bool,
    why: str = "",
    *,
    lacks: str = "",
    client: str = CLIENT,
    issuer: str = ISSUER,
) -> Case:
    claims = {name: value for name, value in {**_TOKEN, **changes}.items() if name not in lacks.split()}
    return Case(mistake, (claims, issuer, client, {"bye-1", "bye-2"}, 1000), expected, why)


_judge_logout = Table(
    cases=(
        _logout("in-order", {}, True, "This token is in order."),
        _logout("in-order", {"exp": 1001, "jti": "x", "sub": "bob"}, True),
        _logout("issuer", {"iss": "https://mallory.example"}, False, "Another issuer says this, or nobody does."),
        _logout("issuer", {}, False, lacks="iss"),
        _logout("slash", {}, False, "A slash at the end counts: this is another issuer.", issuer=f"{ISSUER}/"),
        _logout("audience", {"aud": "calendar-app"}, False, "It was made for another application."),
        _logout("audience", {}, False, lacks="aud"),
        _logout("audience", {"aud": "notes-app-2"}, False),
        _logout("audience-list", {"aud": [CLIENT]}, True, "aud may be a list, and we are in it."),
        _logout("audience-list", {"aud": ["calendar-app", CLIENT]}, True),
        _logout("not-in-list", {"aud": ["calendar-app"]}, False, "aud is a list, and we are not in it."),
        _logout("not-in-list", {"aud": ["notes-app-2"]}, False),
        _logout("not-in-list", {"aud": []}, False),
        _logout("expired", {"exp": 1000}, False, "At exp it is over: exp > now."),
        _logout("expired", {"exp": 900}, False),
        _logout("no-exp", {}, False, "exp is missing: such a token would log people out for ever.", lacks="exp"),
        _logout("no-events", {}, False, "It announces nothing: without events it may be any token of the server.",
                lacks="events"),
        _logout("no-events", {"events": {}}, False),
        _logout("other-event", {"events": {"http://schemas.example/event/new-password": {}}}, False,
                "It announces another event than a logout."),
        _logout("events-kind", {"events": [LOGOUT]}, False,
                "events has to be a dict, with a dict behind the name of the event."),
        _logout("events-kind", {"events": LOGOUT}, False),
        _logout("events-kind", {"events": {LOGOUT: True}}, False),
        _logout("events-kind", {"events": {LOGOUT: []}}, False),
        _logout("more-events", {"events": {LOGOUT: {}, "urn:example:more": {}}}, True,
                "Another event beside the logout does no harm."),
        _logout("nonce", {"nonce": "n-1"}, False, "It has a nonce: that is an ID token."),
        _logout("nonce-empty", {"nonce": None}, False, "nonce is there, though empty. It must not be there at all."),
        _logout("nonce-empty", {"nonce": ""}, False),
        _logout("sub-alone", {}, True, "sub alone will do.", lacks="sid"),
        _logout("sid-alone", {}, True, "sid alone will do.", lacks="sub"),
        _logout("nobody", {}, False, "Neither sub nor sid: nobody knows whose session ends.", lacks="sub sid"),
        _logout("nobody", {"sub": None}, False, lacks="sid"),
        _logout("nobody", {"sub": ""}, False, lacks="sid"),
        _logout("nobody", {"sid": ""}, False, lacks="sub"),
        _logout("used", {"jti": "bye-1"}, False, "This token has been used."),
        _logout("used", {"jti": "bye-2"}, False),
        _logout("new", {"jti": "bye"}, True, "This jti is only a piece of a used one, so it is new."),
        _logout("new", {"jti": "1"}, True),
        _logout("capitals", {"aud": "Shop"}, True, "Capital letters count in a client's name, too.", client="Shop"),
        _logout("capitals", {"aud": "shop"}, False, client="Shop"),
        _logout("no-jti", {}, False, "jti is missing: nobody sees when it comes twice.", lacks="jti"),
        _logout("no-iat", {}, False, "iat is missing: it does not say when it was made (§2.4 asks for it).",
                lacks="iat"),
        *near("iss", ISSUER, lambda text: _logout("", {"iss": text}, False).given, False),
        *near("aud", CLIENT, lambda text: _logout("", {"aud": text}, False).given, False),
        *near("aud", CLIENT, lambda text: _logout("", {"aud": ["calendar-app", text]}, False).given, False),
        *near("jti", "bye-1", lambda text: _logout("", {"jti": text}, True).given, True, without="shorter"),
        *near("event", LOGOUT, lambda text: _logout("", {"events": {text: {}}}, False).given, False),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="An ID token from a log fails twice here: it announces nothing, and it has a nonce.",
)  # fmt: skip


_SESSIONS: dict[str, dict[str, str]] = {
    "c1": {"iss": ISSUER, "sub": "alice", "sid": "s-1"},
    "c2": {"iss": ISSUER, "sub": "alice", "sid": "s-2"},
    "c3": {"iss": ISSUER, "sub": "bob", "sid": "s-3"},
    "c4": {"iss": "https://other.example", "sub": "alice", "sid": "s-1"},
    "c5": {"iss": ISSUER, "sub": "alice", "sid": "s-1"},
    "c6": {"iss": ISSUER, "sub": "s-3", "sid": "alice"},
}


def _cookies(found: Any) -> Any:
    if isinstance(found, str) or not hasattr(found, "__iter__"):
        raise Wrong("no-list", what=kind(found))
    cookies = call(list, found)
    if any(not isinstance(each, str) for each in cookies):
        raise Wrong("no-cookies")
    return sorted(set(cookies))


def _ends(mistake: str, claims: dict[str, str], expected: str, why: str = "") -> Case:
    return Case(mistake, (_SESSIONS, {"iss": ISSUER} | claims), expected.split(), why)


_judge_ends = Table(
    cases=(
        _ends("sid", {"sid": "s-2"}, "c2", "Only the session with this sid ends."),
        _ends("sid-decides", {"sub": "alice", "sid": "s-2"}, "c2",
              "With a sid it is that session and no other: Alice stays logged in at her other browser."),
        _ends("sub", {"sub": "alice"}, "c1 c2 c5", "Without a sid all of Alice's sessions end, those of this issuer."),
        _ends("sub", {"sub": "bob"}, "c3"),
        _ends("sid-twice", {"sid": "s-1"}, "c1 c5",
              "Both sessions with this sid end; the one of the other issuer only happens to have the same name."),
        _ends("issuer", {"iss": "https://other.example", "sub": "alice"}, "c4",
              "Another issuer's alice is another person."),
        _ends("issuer", {"iss": "https://other.example", "sid": "s-2"}, ""),
        _ends("nobody", {"sub": "carol"}, "", "Nobody of that name is here: nothing ends, and nothing breaks."),
        _ends("mixed-up", {"sub": "s-3"}, "c6", "A sid is looked for among the sids, and a sub among the subs."),
        _ends("mixed-up", {"sid": "s-3"}, "c3"),
        *near("sid", "s-2", lambda text: _ends("", {"sid": text}, "").given, []),
        *near("sub", "bob", lambda text: _ends("", {"sub": text}, "").given, []),
        *near("iss", ISSUER, lambda text: _ends("", {"iss": text, "sub": "bob"}, "").given, []),
    ),
    read=_cookies,
    own={
        "no-list": "Return a list of cookies; your function gives {what}.",
        "no-cookies": "Return the cookies, such as 'c1': the keys of sessions, not the sessions themselves.",
    },
    praise="Not one session too few, and not one too many. The token's issuer says for whom it may speak.",
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
