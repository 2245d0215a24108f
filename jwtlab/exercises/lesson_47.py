"""Lesson 47: debug this login. Twelve recordings that went wrong, and one of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.first_wrong import judge_found
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong
from jwtlab.exercises.table import Case, Table


def _form(**members: str) -> dict[str, str]:
    return members


_CODE, _FRESH = (
    _form(grant_type="authorization_code", code="c1"),
    _form(grant_type="refresh_token", refresh_token="r1"),
)
_SELF = _form(grant_type="client_credentials", scope="notes:read")
_TWICE: tuple[tuple[str, list[dict[str, str]], int | None, str], ...] = (
    ("nothing-asked", [], None, "Nothing was asked, so nothing comes twice: return None."),
    ("nothing-twice", [_CODE, _FRESH], None, "Each code and each refresh token was shown once. If your function "
                                             "remembers None for what is not there, it meets None again."),
    ("nothing-twice", [_CODE, _CODE | {"code": "c2"}], None, ""),
    ("nothing-twice", [_FRESH, _FRESH | {"refresh_token": "r2"}, _FRESH | {"refresh_token": "r3"}], None, ""),
    ("a-code-twice", [_CODE, _CODE], 2, "The code c1 is shown again in the second request."),
    ("a-code-twice", [_CODE, _FRESH, _CODE | {"redirect_uri": "x"}], 3, ""),
    ("a-refresh-token-twice", [_CODE, _FRESH, _FRESH], 3, "The refresh token r1 is shown again in the third request."),
    ("a-refresh-token-twice", [_FRESH, _CODE, _FRESH | {"scope": "notes:read"}], 3, ""),
    ("the-first", [_CODE, _CODE, _CODE], 2, "It is the first request in which something comes again that is "
                                            "asked for."),
    ("the-first", [_FRESH, _CODE, _CODE, _FRESH], 3, ""),
    ("no-secret-at-all", [_SELF, _SELF], None,
     "Client credentials bring neither a code nor a refresh token: two such requests share no secret."),
    ("no-secret-at-all", [_SELF, _CODE, _SELF], None, ""),
    ("empty", [_CODE | {"code": ""}, _CODE | {"code": ""}], None, "A code is there, and it is empty: no secret was "
                                                                  "shown. The server refuses it anyway."),
    ("not-beside-it", [_CODE, _FRESH, _SELF, _CODE], 4, "The two need not stand beside each other."),
    ("whole-values", [_CODE | {"code": "c12"}, _CODE], None, "c1 is a piece of c12, and another code."),
    ("whole-values", [_CODE, _CODE | {"code": "C1"}], None, "Capital letters count."),
    ("whole-values", [_CODE, _CODE | {"code": "c1 "}], None, ""),
    ("whole-values", [_CODE, _CODE | {"code": "xc1"}, _CODE | {"code": "1"}], None, ""),
)  # fmt: skip
_judge_twice = Table(
    cases=tuple(Case(name, (forms,), expected, why) for name, forms, expected, why in _TWICE),
    none_counts=True,
    raised={
        "KeyError": "Not every request has a code, or a refresh token: .get(name) gives None where there is none."
    },
    praise="Codes and rotated refresh tokens are good for one use. Whoever shows one again looks like a thief.",
)

_CLOCKS: tuple[tuple[str, list[tuple[str, int, int]], set[str], str], ...] = (
    ("all-agree", [("App", 1000, 1000), ("Server", 1001, 1002)], set(), "No clock is off: an empty set."),
    ("all-agree", [], set(), ""),
    ("slow", [("App", 1000, 820), ("Server", 1001, 1001)], {"App"}, "The app says 820 at 1000: its clock is slow."),
    ("fast", [("App", 1000, 1000), ("Server", 1001, 1201)], {"Server"}, "The server says 1201 at 1001: its "
                                                                        "clock is fast."),
    ("two-off", [("App", 1000, 700), ("API", 1000, 1400), ("Server", 1, 1)], {"App", "API"}, "Two clocks are off."),
    ("a-minute", [("App", 1000, 940), ("Server", 1000, 1060)], set(), "A minute, to the second, is still allowed."),
    ("more-than-a-minute", [("App", 1000, 939), ("Server", 1000, 1061)], {"App", "Server"}, "61 seconds are too many."),
    ("each-once", [("App", 1000, 700), ("App", 1010, 710)], {"App"}, "Each name once: a set."),
    ("several-answers", [("App", 1000, 1000), ("App", 1010, 1300)], {"App"}, "Look at every answer, not at "
                                                                             "the first alone."),
    ("several-answers", [("App", 1000, 1300), ("App", 1010, 1010)], {"App"}, ""),
)  # fmt: skip


def _as_set(found: Any) -> set[Any]:
    if isinstance(found, str) or not isinstance(found, set | frozenset | list | tuple):
        raise Wrong("not-a-set", what=kind(found))
    return set(found)


_judge_clocks = Table(
    cases=tuple(Case(name, (answers,), expected, why) for name, answers, expected, why in _CLOCKS),
    read=_as_set,
    own={"not-a-set": "Return a set of names; your function gives {what}."},
    praise="A clock that is off is mended at the clock. Leeway is for seconds, not for minutes.",
)

_HERE = "https://app.example/callback"
_URIS = (
    ("same", _HERE, _HERE, "same", "Not one character differs."),
    ("same", "http://127.0.0.1:5000/cb?x=1", "http://127.0.0.1:5000/cb?x=1", "same", ""),
    ("scheme", "http://app.example/callback", _HERE, "scheme", "http is not https."),
    ("scheme", "com.example.app:/callback", "https:/callback", "scheme", ""),
    ("host", "https://www.app.example/callback", _HERE, "host", "www. makes another host."),
    ("host", "http://localhost:5000/cb", "http://127.0.0.1:5000/cb", "host", "localhost is not 127.0.0.1."),
    ("port", "https://app.example:8443/callback", _HERE, "port", "Only one of them names a port."),
    ("port", "http://127.0.0.1:5001/cb", "http://127.0.0.1:5000/cb", "port", ""),
    ("port", "https://app.example:443/callback", _HERE, "port",
     "443 is the port of https anyway, and to a server that compares texts it is another address."),
    ("path", "https://app.example/callback/", _HERE, "path", "A slash at the end is part of the path."),
    ("path", "https://app.example/Callback", _HERE, "path", "Capital letters count in a path."),
    ("path", "https://app.example/", _HERE, "path", ""),
    ("path", _HERE, "https://app.example/callback/", "path", ""),
    ("path", "https://app.example/callbacks", _HERE, "path", ""),
    ("path", "https://app.example/callbac", _HERE, "path", ""),
    ("path", "https://app.example/x/callback", _HERE, "path", ""),
    ("path", _HERE, "https://app.example/x/callback", "path", ""),
    ("path", "https://app.example/callback%20", _HERE, "path", ""),
    ("path", f"{_HERE} ", _HERE, "path", ""),
    ("path", "https://app.example", _HERE, "path", ""),
    ("path", _HERE, "https://app.example", "path", ""),
    ("path", "https://app.example/c.llback", _HERE, "path", ""),
    ("path", _HERE, "https://app.example/c.llback", "path", ""),
    ("query", "https://app.example/callback?next=/", _HERE, "query", "Only one of them has a query."),
    ("query", "https://app.example/callback?a=1", "https://app.example/callback?a=2", "query", ""),
    ("the-first", "http://www.app.example:1/x?y", _HERE, "scheme", "Several things differ: say the first, in "
                                                                   "the order given."),
    ("the-first", "https://www.app.example:1/x?y", _HERE, "host", ""),
    ("the-first", "https://app.example:1/x?y", _HERE, "port", ""),
    ("the-first", "https://app.example/x?y", _HERE, "path", ""),
    ("spelling", "https://APP.example/callback", _HERE, "spelling",
     "A browser finds the same host, and a server that compares texts refuses it: no part differs, and the text does."),
    ("spelling", "HTTPS://app.example/callback", _HERE, "spelling", ""),
    ("spelling", f"{_HERE}#", _HERE, "spelling", ""),
    ("spelling", _HERE, f"{_HERE}?", "spelling", ""),
    ("spelling", f" {_HERE}", _HERE, "spelling", ""),
    ("spelling", _HERE, f" {_HERE}", "spelling", ""),
    ("spelling", f"{_HERE}#x/", f"{_HERE}#x", "spelling", ""),
    ("spelling", f"{_HERE}#x", f"{_HERE}#x/", "spelling", ""),
)  # fmt: skip
_judge_uris = Table(
    cases=tuple(Case(name, (one, other), expected, why) for name, one, other, expected, why in _URIS),
    praise="The sentence that you wish every server's error page would say.",
)

_MINDS: Mapping[str, tuple[str, str, bool]] = {
    "cause": (
        "The first message in which something is not as it should be",
        "Everything after it may be sound work on wrong material. Mend it there.",
        True,
    ),
    "red": (
        "The message that ends in red, with 400 or 500",
        "That is where somebody noticed. Most of these twelve went wrong several messages earlier.",
        False,
    ),
    "last": ("The last message of all", "It is only where the browser gave up.", False),
}

LESSON = Lesson(
    number="47",
    name="47_debug_this_login",
    title="Debug this login",
    why="A login that fails says at the end that it failed, and nearly always went wrong several messages before.",
    minutes=60,
    needs=("23", "26"),
    exercises=(
        Exercise(
            id="47.1",
            title="First wrong message and check of four logins",
            judge_answer=judge_found,
            hints=(
                "Choose each of the four in the trace reader, and go through its messages from the top.",
                "Ask at each message: would a sound login say this? Compare with what an earlier message said.",
                "Once you have mended a login in the reader, its list of findings names the check and the message.",
            ),
            solution="""\
answer = {"prefetch": (5, "code-used-once"), "less-scope": (6, "scope-given")}
answer |= {"old-nonce": (3, "nonce-fresh"), "two-tabs": (16, "refresh-used-once")}""",
        ),
        Exercise(
            id="47.2",
            title="Find what is used twice",
            judge_answer=_judge_twice,
            hints=(
                "Keep a set of the secrets that were shown so far.",
                'form.get("code") or form.get("refresh_token") is the secret, if there is one.',
                "enumerate(requests, 1) counts from one; return the number as soon as a secret is in the set.",
            ),
            solution="""\
def answer(requests):
    shown = set()
    for number, form in enumerate(requests, 1):
        secret = form.get("code") or form.get("refresh_token")
        if secret and secret in shown:
            return number
        shown.add(secret)""",
        ),
        Exercise(
            id="47.3",
            title="Whose clock is wrong?",
            judge_answer=_judge_clocks,
            hints=(
                "abs(date - at) is how far a clock is off, in either direction.",
                "More than 60 seconds: 60 itself is allowed.",
                "{name for name, at, date in answers if ...}",
            ),
            solution="""\
def answer(answers):
    return {name for name, at, date in answers if abs(date - at) > 60}""",
        ),
        Exercise(
            id="47.4",
            title="Say what is different",
            judge_answer=_judge_uris,
            hints=(
                "urlsplit(text) has .scheme, .hostname, .port, .path and .query.",
                "Compare one part after the other, and return the name of the first that differs.",
                'If no part differs: "same" if the two texts are equal, and "spelling" if they are not.',
            ),
            solution="""\
def answer(sent, registered):
    one, other = urlsplit(sent), urlsplit(registered)
    for part in ("scheme", "hostname", "port", "path", "query"):
        if getattr(one, part) != getattr(other, part):
            return part.removesuffix("name")
    return "same" if sent == registered else "spelling\"""",
        ),
    ),
    predictions=(
        Question(
            id="47.p1",
            text="A login fails. Which message do you look for?",
            options=tuple(Option(text=text, why=why, right=right) for text, why, right in _MINDS.values()),
        ),
    ),
    quiz=(
        Question(
            id="47.q1",
            text='The callback answers "state not equal". The state in the request and the state in the answer are the '
            "same. What do you look at?",
            options=(
                Option(
                    text="The server, which must have changed the state",
                    why="It brought back what it was sent; the two are equal.",
                ),
                Option(
                    text="The library: its check is too strict",
                    why="It says that it has nothing to compare with. Switching it off lets in everybody's answers.",
                ),
                Option(
                    text="The cookie that belongs to it: was it set, at which host, and did it come back?",
                    why="The application compares with what its session knows. Without the cookie there is no session.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="47.q2",
            text="A recording shows no token request at all. Is something wrong?",
            options=(
                Option(
                    text="No: an application with a server behind it asks for the tokens itself, past the browser",
                    why="The recording is the browser's. What servers say to one another is in their logs.",
                    right=True,
                ),
                Option(
                    text="Yes: without it nobody can be logged in", why="It was sent, and not by the browser."
                ),
                Option(
                    text="Yes: the browser has hidden it",
                    why="Developer tools show every request of the page; this one the page never made.",
                ),
            ),
        ),
        Question(
            id="47.q3",
            text="A colleague asks for your recording. What do you send?",
            options=(
                Option(
                    text="The file as it is; the login is over",
                    why="The session cookie in it may be good for days, and so may the refresh token.",
                ),
                Option(
                    text="A recording with stand-ins for secrets, tokens, cookies and people",
                    why="What is equal stays equal, so that the fault can still be found.",
                    right=True,
                ),
                Option(
                    text="The file, without the lines that say password",
                    why="A code, a cookie or a token opens the door as well, and needs no password.",
                ),
            ),
        ),
    ),
)
