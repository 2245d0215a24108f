"""Exercises 27.3 and 27.4: is this logout token in order, and whose session does it end?"""

from __future__ import annotations

from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Wrong
from jwtlab.exercises.safely import call
from jwtlab.exercises.table import TRUE_OR_FALSE, Case, Table, near, true_or_false

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


judge_logout = Table(
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


judge_ends = Table(
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
