"""Which flow for which application: questions and answers as a table of data.

A question leads to another one or to an advice; an advice says how the application comes to its tokens, what
kind of client it is, where the tokens live, and what to leave alone, each with where it is written. The widget
`jwtlab.widgets.FlowChooser`, the cheat sheet and lesson 40 are made from these rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jwtlab.errors import UsageError

BROWSER_APPS = "draft-ietf-oauth-browser-based-apps"
RETIRED = ("implicit", "password")
"""Grants that RFC 9700 §2.1.2 and §2.4 take out of use; no advice names one of them as the way."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Something to do or to leave alone.

    Attributes:
        what: in a phrase.
        why: in a sentence.
        source: where it is written.
    """

    what: str
    why: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Advice:
    """Where the questions lead.

    Attributes:
        id: lower-case words joined by hyphens.
        title: what the application is.
        flow: the way, in words.
        grant: its ``grant_type``.
        client: ``"confidential"`` or ``"public"`` (RFC 6749 §2.1).
        shows: how the client shows who it is at the token endpoint.
        tokens: where tokens live.
        place: the same in a word: ``"server"``, ``"device"``, ``"memory"`` or ``"nowhere"``.
        why: in a sentence or two.
        source: where the flow is defined.
        do, avoid: what belongs to it, and what does not.
        lessons: where it is learned.
    """

    id: str
    title: str
    flow: str
    grant: str
    client: str
    shows: str
    tokens: str
    place: str
    why: str
    source: str
    do: tuple[Reason, ...]
    avoid: tuple[Reason, ...]
    lessons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Way:
    """An answer to a question.

    Attributes:
        says: the answer.
        leads: the id of the next question, or of an advice.
    """

    says: str
    leads: str


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A question about the application.

    Attributes:
        id: a word.
        text: the question.
        help: what it means, in a sentence.
        ways: the answers.
    """

    id: str
    text: str
    help: str
    ways: tuple[Way, ...]


_PKCE = Reason(
    what="PKCE with S256, always",
    why="Whoever gets hold of the code cannot redeem it, and nobody slips in another one.",
    source="RFC 9700 §2.1.1",
)
_STATE = Reason(
    what="state, and nonce where there is an ID token",
    why="The answer belongs to the login that this browser has begun.",
    source="RFC 9700 §2.1",
)
_EXACT = Reason(
    what="Exact redirect URIs, registered beforehand",
    why="A pattern lets codes go to pages that nobody thought of.",
    source="RFC 9700 §2.1",
)
_NO_IMPLICIT = Reason(
    what="The implicit flow",
    why="The token would stand in an address, and everybody who sees addresses has it.",
    source="RFC 9700 §2.1.2",
)
_NO_PASSWORD = Reason(
    what="Asking for the password yourself",
    why="The application would see it, and no second factor could be asked for.",
    source="RFC 9700 §2.4",
)
_NO_STORAGE = Reason(
    what="Tokens in localStorage",
    why="Every script of the page reads it, also the one that got in, and it outlives the page.",
    source=f"{BROWSER_APPS}, section on token storage",
)
_ROTATE = Reason(
    what="Rotate refresh tokens, or bind them to a key",
    why="A public client shows nothing else; a second use of a token gives the theft away.",
    source="RFC 9700 §2.2.2",
)
_KEY = Reason(
    what="A key instead of a secret, where the server takes it",
    why="private_key_jwt and mutual TLS never send what they prove.",
    source="RFC 9700 §2.5",
)
_BROWSER = Reason(
    what="The person's own browser",
    why="It knows who is logged in, and the application sees no password.",
    source="RFC 8252 §6",
)
_NO_WEBVIEW = Reason(
    what="A login window inside the application",
    why="It could read password and cookies, and nobody sees the address.",
    source="RFC 8252 §8.12",
)
_NO_SECRET = Reason(
    what="A client secret in the program",
    why="Everybody has a copy of it, so it proves nothing.",
    source="RFC 8252 §8.5",
)

QUESTIONS: tuple[Ask, ...] = (
    Ask(
        id="person",
        text="Is a person there when it wants a token?",
        help="Somebody who can log in and be asked.",
        ways=(
            Way(says="Yes, a person is there", leads="screen"),
            Way(says="No, it runs by itself", leads="acts"),
        ),
    ),
    Ask(
        id="screen",
        text="Can that person use a browser on the very device?",
        help="A television or a printer has none that anybody would like to type into.",
        ways=(
            Way(says="Yes", leads="code"),
            Way(says="No: there is no browser, or no keyboard", leads="device"),
        ),
    ),
    Ask(
        id="code",
        text="Where does its code run?",
        help="The place decides who can read what is in it.",
        ways=(
            Way(says="On a server of ours", leads="wants"),
            Way(says="In the browser: a page of scripts", leads="backend"),
            Way(says="On a telephone", leads="phone"),
            Way(says="On a desktop computer or in a terminal", leads="desktop"),
        ),
    ),
    Ask(
        id="wants",
        text="What does it want?",
        help="Logging people in and calling an API are two things.",
        ways=(
            Way(says="Only to know who somebody is", leads="login"),
            Way(says="To call an API for them", leads="web"),
        ),
    ),
    Ask(
        id="backend",
        text="Can it have a small server of its own?",
        help="One that keeps a session for it and passes calls on: a backend for frontend.",
        ways=(
            Way(says="Yes", leads="bff"),
            Way(says="No, it is files and nothing else", leads="page"),
        ),
    ),
    Ask(
        id="acts",
        text="For whom does it act?",
        help="For itself, or in the name of a person who is not there.",
        ways=(
            Way(says="For itself", leads="trust"),
            Way(says="For the person whose token it was called with", leads="exchange"),
            Way(says="For a person who is not there: an agreement allows it", leads="assertion"),
        ),
    ),
    Ask(
        id="trust",
        text="How can it show who it is?",
        help="The less there is to steal, the better.",
        ways=(
            Way(says="With a key or a secret that we give it", leads="service"),
            Way(says="With a token that its platform gives it: a build job, a cloud", leads="workload"),
        ),
    ),
)

ADVICE: tuple[Advice, ...] = (
    Advice(
        id="login",
        title="A web application that logs people in",
        flow="Authorization code with PKCE, and OpenID Connect",
        grant="authorization_code",
        client="confidential",
        shows="a key or a secret",
        tokens="nowhere: check the ID token, make a session of your own, and let go of the tokens",
        place="server",
        why="It wants to know who somebody is. The ID token says so, once; after that your own session does.",
        source="OpenID Connect Core §3.1",
        do=(_PKCE, _STATE, _EXACT, _KEY),
        avoid=(
            Reason(
                what="Calling an API with the ID token",
                why="It is for you, and says nothing about what you may do there.",
                source="OpenID Connect Core §2",
            ),
            Reason(
                what="Finding people by e-mail",
                why="Addresses change hands. iss and sub together name a person.",
                source="OpenID Connect Core §5.7",
            ),
        ),
        lessons=("23", "26"),
    ),
    Advice(
        id="web",
        title="A web application that calls an API",
        flow="Authorization code with PKCE",
        grant="authorization_code",
        client="confidential",
        shows="a key or a secret",
        tokens="in the session on the server; the browser has a cookie, and no token",
        place="server",
        why="The code goes through the browser, the tokens do not. The server can keep a secret.",
        source="RFC 6749 §4.1",
        do=(_PKCE, _STATE, _EXACT, _KEY),
        avoid=(_NO_IMPLICIT, _NO_PASSWORD),
        lessons=("22", "23"),
    ),
    Advice(
        id="bff",
        title="A page of scripts with a backend of its own",
        flow="Authorization code with PKCE, by the backend",
        grant="authorization_code",
        client="confidential",
        shows="a key or a secret",
        tokens="in the backend's session; the page has a cookie: HttpOnly, Secure, SameSite",
        place="server",
        why="A script that gets into the page can use the session while it is open. It can take no token away.",
        source=f"{BROWSER_APPS}, section on the backend for frontend",
        do=(
            _PKCE,
            _STATE,
            Reason(
                what="A guard against CSRF at the backend",
                why="Cookies come along by themselves: ask for a header that no foreign form can send.",
                source=f"{BROWSER_APPS}, section on the backend for frontend",
            ),
        ),
        avoid=(_NO_IMPLICIT, _NO_STORAGE),
        lessons=("42",),
    ),
    Advice(
        id="page",
        title="A page of scripts without a server",
        flow="Authorization code with PKCE, in the page",
        grant="authorization_code",
        client="public",
        shows="nothing: whatever is in the page, everybody reads",
        tokens="in memory, for short; better bound to a key that cannot be exported (DPoP)",
        place="memory",
        why="It works, and it is the weakest of these: a script that gets in can get tokens of its own. "
        "A small backend is worth its price.",
        source=f"{BROWSER_APPS}, section on browser-based clients",
        do=(_PKCE, _STATE, _ROTATE),
        avoid=(_NO_IMPLICIT, _NO_STORAGE, _NO_SECRET),
        lessons=("24", "33", "42"),
    ),
    Advice(
        id="phone",
        title="An app for telephones",
        flow="Authorization code with PKCE, in the person's browser",
        grant="authorization_code",
        client="public",
        shows="nothing that all copies share",
        tokens="in the system's key store",
        place="device",
        why="Everybody can unpack the app. A claimed https address makes sure that the code comes to yours.",
        source="RFC 8252 §7.2",
        do=(_PKCE, _BROWSER, _ROTATE),
        avoid=(_NO_SECRET, _NO_WEBVIEW),
        lessons=("23", "45"),
    ),
    Advice(
        id="desktop",
        title="A program on a desktop or in a terminal",
        flow="Authorization code with PKCE, back to a loopback port",
        grant="authorization_code",
        client="public",
        shows="nothing that all copies share",
        tokens="in the system's key store",
        place="device",
        why="A browser is on the same machine, so the answer need not leave it.",
        source="RFC 8252 §7.3",
        do=(_PKCE, _BROWSER, _ROTATE),
        avoid=(_NO_SECRET, _NO_WEBVIEW, _NO_PASSWORD),
        lessons=("23", "45"),
    ),
    Advice(
        id="device",
        title="A device without a browser",
        flow="Device authorization grant",
        grant="urn:ietf:params:oauth:grant-type:device_code",
        client="public",
        shows="nothing that all copies share",
        tokens="in the device's protected store",
        place="device",
        why="The person logs in on another device and types a code. That can be abused, so use it only here.",
        source="RFC 8628",
        do=(
            Reason(
                what="Say on the page which device asks, and for what",
                why="Somebody may have been sent a code that belongs to a stranger's device.",
                source="RFC 8628 §5.4",
            ),
            Reason(
                what="Wait as long as the server says",
                why="slow_down adds five seconds, for good.",
                source="RFC 8628 §3.5",
            ),
        ),
        avoid=(_NO_PASSWORD, _NO_SECRET),
        lessons=("31", "45"),
    ),
    Advice(
        id="service",
        title="A service that acts for itself",
        flow="Client credentials",
        grant="client_credentials",
        client="confidential",
        shows="best a key: private_key_jwt or mutual TLS",
        tokens="nowhere: in memory while it runs, and a new one afterwards; no refresh token",
        place="nowhere",
        why="Nobody is there who could be asked. It has rights of its own, and as few as it needs.",
        source="RFC 6749 §4.4",
        do=(_KEY,),
        avoid=(
            Reason(
                what="Logging in as a person made up for it",
                why="A password that a program types is a secret in a file, without an owner.",
                source="RFC 9700 §2.4",
            ),
        ),
        lessons=("20", "44"),
    ),
    Advice(
        id="workload",
        title="A build job, or a program in a cloud",
        flow="Client credentials, with a token of the platform in place of a secret",
        grant="client_credentials",
        client="confidential",
        shows="a signed token of its platform (client assertion, RFC 7523 §2.2)",
        tokens="nowhere: both tokens live for minutes",
        place="nowhere",
        why="There is no secret that could leak. All depends on the rule that says which job is meant.",
        source="RFC 7523 §2.2",
        do=(
            Reason(
                what="Check iss, aud and the whole sub",
                why="A rule without sub lets every repository of that platform in.",
                source="RFC 7523 §3",
            ),
        ),
        avoid=(
            Reason(
                what="A secret in the job's settings",
                why="It is copied, printed into logs, and forgotten.",
                source="RFC 9700 §2.5",
            ),
        ),
        lessons=("21", "44"),
    ),
    Advice(
        id="exchange",
        title="A service in the middle",
        flow="Token exchange",
        grant="urn:ietf:params:oauth:grant-type:token-exchange",
        client="confidential",
        shows="a key or a secret",
        tokens="nowhere: for the one call",
        place="nowhere",
        why="The token that it got is for itself. It asks for one that is for the next service, and says who acts.",
        source="RFC 8693",
        do=(
            Reason(
                what="One audience, and no more scope than the call needs",
                why="The next service could use it elsewhere.",
                source="RFC 8693 §2.1",
            ),
        ),
        avoid=(
            Reason(
                what="Handing the token on as it is",
                why="Then every service of the chain can call all the others as that person.",
                source="RFC 9700 §2.3",
            ),
        ),
        lessons=("31", "44"),
    ),
    Advice(
        id="assertion",
        title="A service that acts for people who are not there",
        flow="JWT bearer grant",
        grant="urn:ietf:params:oauth:grant-type:jwt-bearer",
        client="confidential",
        shows="the signed assertion, and its own key",
        tokens="nowhere: a new assertion brings a new token",
        place="nowhere",
        why="An administrator has agreed to it beforehand. The server knows for whom this key may speak.",
        source="RFC 7523 §2.1",
        do=(
            Reason(
                what="A list of the people it may speak for",
                why="Otherwise one key is everybody.",
                source="RFC 7521 §6.3",
            ),
        ),
        avoid=(
            Reason(
                what="Keeping people's passwords for it",
                why="One break-in would be everybody's.",
                source="RFC 9700 §2.4",
            ),
        ),
        lessons=("21",),
    ),
)

_QUESTIONS = {each.id: each for each in QUESTIONS}
_ADVICE = {each.id: each for each in ADVICE}


def question(name: str) -> Ask | None:
    """The question of this id; ``None`` if it is no question."""
    return _QUESTIONS.get(name)


def advice(name: str) -> Advice:
    """The advice of this id.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    if name not in _ADVICE:
        raise UsageError(f"there is no advice {name!r}; there are: {', '.join(_ADVICE)}")
    return _ADVICE[name]


def paths(start: str = QUESTIONS[0].id) -> Iterator[tuple[tuple[str, ...], Advice]]:
    """Every way through the questions: the answers, and where they lead."""
    asked = _QUESTIONS[start]
    for way in asked.ways:
        if way.leads in _QUESTIONS:
            for answers, found in paths(way.leads):
                yield (way.says, *answers), found
        else:
            yield (way.says,), advice(way.leads)
