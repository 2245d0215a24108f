"""Lesson 40: which flow. An application's facts lead to its flow, its client type and the place of its tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong, mistakes
from jwtlab.exercises.table import Case, Table
from jwtlab.oauth import choice

PRODUCTS: dict[str, tuple[str, str]] = {
    "library": ("A city's library: a web site on its own server. Members log in and order through its API.", "web"),
    "music": ("An app for telephones that plays music. It stays logged in for months.", "phone"),
    "film": ("A program for television sets. One chooses with four arrow keys.", "device"),
    "ledger": ("A program at a company. At night it fetches the company's own accounts from the bank.", "service"),
    "sketch": ("A page for drawing: files on a file server, scripts in the browser, and no server of its own.", "page"),
    "grocer": ("A shop: scripts in the browser, and a small server that keeps a session and passes calls on.", "bff"),
    "deploy": ("A command for developers' own computers, which all have a browser.", "desktop"),
    "parcels": ("A delivery's API. It is called with a customer's token, and asks the map service on that customer's "
                "behalf.", "exchange"),
}  # fmt: skip
"""Eight products: what is told of them, and the advice that fits."""

GRANTS = ("authorization_code", "device_code", "client_credentials", "token_exchange")
PLACES = ("server", "device", "memory", "nowhere")


def _grant(advice: choice.Advice) -> str:
    """The short word for a grant: the end of its name."""
    return advice.grant.rpartition(":")[2].replace("-", "_")


def _products(answer: Any) -> Mapping[str, Any]:
    if answer is None or answer is ...:
        raise NotYet("Your answer is still empty. Fill in the dict, and run this cell again.")
    if not isinstance(answer, Mapping):
        raise Wrong("no-dict", what=kind(answer))
    if all(each is None or each is ... for each in answer.values()):
        raise NotYet("Nothing is chosen yet. Fill in the dict, and run this cell again.")
    missing = [name for name in PRODUCTS if name not in answer]
    if missing:
        raise Wrong("missing", name=missing[0])
    return answer


_SHARED = {
    "no-dict": "The answer is a dict: product → your choice; this is {what}.",
    "missing": "{name} is missing.",
}


@mistakes(
    {
        **_SHARED,
        "word": "{name}: {found!r} is none of the four words in the text.",
        "person": "{name}: a person is there and can be asked. So somebody logs in.",
        "nobody": "{name}: nobody is there who could log in or be asked; it acts for itself.",
        "no-browser": "{name}: the person cannot use a browser on this very device.",
        "browser": "{name}: the person has a browser on this very device; nothing has to be typed elsewhere.",
        "behalf": "{name}: it has a person's token, and that one is for itself. The next service needs another.",
        "no-token": "{name}: nobody calls it with a person's token that it could exchange.",
    }
)
def _judge_grants(answer: Any) -> str:
    found = _products(answer)
    for name, (_, fits) in PRODUCTS.items():
        right, given = _grant(choice.advice(fits)), found[name]
        if given not in GRANTS:
            raise Wrong("word", name=name, found=given)
        if given != right:
            raise Wrong(_mistake(right, given), name=name)
    return "Who is there, and where can they be asked? Two questions decide most of it."


def _mistake(right: str, given: str) -> str:
    if right == "token_exchange":
        return "behalf"
    if given == "token_exchange":
        return "no-token"
    if right == "client_credentials":
        return "nobody"
    if right == "device_code":
        return "no-browser"
    return "browser" if given == "device_code" else "person"


@mistakes(
    {
        **_SHARED,
        "pair": "{name}: give two words, the client and the place; this is {found!r}.",
        "client-word": '{name}: a client is "confidential" or "public"; this is {found!r}.',
        "place-word": "{name}: {found!r} is none of the four places in the text.",
        "no-secret": "{name}: everybody has a copy of this code and can read it. So no secret in it is one.",
        "secret": "{name}: nobody but us reads what lies on our server. It can prove who it is.",
        "storage": "{name}: a page has no protected store; every script reads the browser's storage. Keep it in a "
        "variable.",
        "session": "{name}: a server keeps the tokens, in the session of that browser.",
        "store": "{name}: it stays logged in, and the system has a protected store for that.",
        "nothing": "{name}: it gets a new token when it needs one, so there is nothing to keep.",
    }
)
def _judge_clients(answer: Any) -> str:
    found = _products(answer)
    for name, (_, fits) in PRODUCTS.items():
        right, given = choice.advice(fits), found[name]
        if not isinstance(given, tuple | list) or len(given) != 2:
            raise Wrong("pair", name=name, found=given)
        client, place = given
        if client not in ("confidential", "public"):
            raise Wrong("client-word", name=name, found=client)
        if place not in PLACES:
            raise Wrong("place-word", name=name, found=place)
        if client != right.client:
            raise Wrong("no-secret" if right.client == "public" else "secret", name=name)
        if place != right.place:
            told = {"memory": "storage", "server": "session", "device": "store", "nowhere": "nothing"}
            raise Wrong(told[right.place], name=name)
    return "Whoever can read the code decides what kind of client it is. Where it runs decides where tokens can rest."


def _facts(person: bool, browser: bool, runs: str, behalf: bool) -> dict[str, Any]:
    return {"person": person, "browser": browser, "runs": runs, "behalf": behalf}


_CODE, _DEVICE, _SELF, _EXCHANGE = "authorization_code", "device_code", "client_credentials", "token_exchange"
_RUNS = ("server", "page", "phone", "desktop")


def _word(found: Any) -> Any:
    if not isinstance(found, tuple | list) or len(found) != 2 or found[0] not in GRANTS:
        raise Wrong("kind", what=repr(found)[:60])
    return tuple(found)


def _way(mistake: str, facts: dict[str, Any], expected: tuple[str, str] | None, why: str = "") -> Case:
    return Case(mistake, (facts,), expected, why)


_judge_way = Table(
    cases=(
        *(_way("code", _facts(True, True, runs, False),
               (_CODE, "confidential" if runs == "server" else "public"),
               "A person with a browser: the code flow. Only what runs on a server keeps a secret.") for runs in _RUNS),
        *(_way("device", _facts(True, False, runs, False), (_DEVICE, "public"),
               "A person without a browser on this device types a code elsewhere. Such a device keeps no secret.")
          for runs in ("desktop", "phone")),
        _way("device-server", _facts(True, False, "server", False), (_DEVICE, "confidential"),
             "The person has no browser here, and what runs on a server can keep a secret all the same."),
        _way("self", _facts(False, False, "server", False), (_SELF, "confidential"),
             "Nobody is there: it acts for itself, and proves who it is."),
        _way("self", _facts(False, True, "server", False), (_SELF, "confidential")),
        _way("behalf", _facts(False, False, "server", True), (_EXCHANGE, "confidential"),
             "It acts on behalf of the person whose token it got: it exchanges it."),
        _way("behalf", _facts(False, True, "server", True), (_EXCHANGE, "confidential")),
        _way("nobody-elsewhere", _facts(False, False, "desktop", False), None,
             "Nobody is there, and what runs on other people's machines cannot prove who it is: there is no good "
             "way, so return None."),
        *(_way("nobody-elsewhere", _facts(False, browser, runs, behalf), None) for runs in ("page", "phone", "desktop")
          for browser in (True, False) for behalf in (True, False)),
    ),
    read=lambda found: None if found is None else _word(found),
    fits=lambda found, expected: bool(found == expected),
    none_counts=True,
    own={"kind": 'Return two words, such as ("device_code", "public"), or None; this is {what}.'},
    praise="Four facts, and the way is clear. For the last case the honest answer is: not like this.",
)  # fmt: skip


LESSON = Lesson(
    number="40",
    name="40_which_flow",
    title="Which flow",
    why="There are many flows, and one of them fits your application. A few questions lead there.",
    minutes=30,
    needs=("23", "31"),
    exercises=(
        Exercise(
            id="40.1",
            title="Eight products: which way?",
            judge_answer=_judge_grants,
            hints=(
                "First: is a person there? library, music, film, sketch, grocer and deploy have one.",
                "Then: can that person use a browser on the very device? Not before a television set.",
                "parcels holds a token that is for itself; ledger has nobody and nothing.",
            ),
            solution="""\
answer = {
    "library": "authorization_code",
    "music": "authorization_code",
    "film": "device_code",
    "ledger": "client_credentials",
    "sketch": "authorization_code",
    "grocer": "authorization_code",
    "deploy": "authorization_code",
    "parcels": "token_exchange"}""",
        ),
        Exercise(
            id="40.2",
            title="Eight products: which client, and where do tokens live?",
            judge_answer=_judge_clients,
            hints=(
                "Confidential is what runs where only we can read it: library, ledger, grocer, parcels.",
                "A session on a server, the system's protected store, a variable of the page, or nothing at all.",
                "ledger and parcels keep nothing; sketch has only a variable.",
            ),
            solution="""\
answer = {
    "library": ("confidential", "server"),
    "music": ("public", "device"),
    "film": ("public", "device"),
    "ledger": ("confidential", "nowhere"),
    "sketch": ("public", "memory"),
    "grocer": ("confidential", "server"),
    "deploy": ("public", "device"),
    "parcels": ("confidential", "nowhere")}""",
        ),
        Exercise(
            id="40.3",
            title="Write the questions down",
            judge_answer=_judge_way,
            hints=(
                'The client first: "confidential" if facts["runs"] == "server", else "public".',
                "With a person: the code flow or, without a browser, the device grant.",
                "Without a person: only a server has a way; on behalf of somebody it exchanges.",
            ),
            solution="""\
def answer(facts):
    ours = facts["runs"] == "server"
    client = "confidential" if ours else "public"
    if facts["person"]:
        return ("authorization_code" if facts["browser"] else "device_code"), client
    if not ours:
        return None
    return ("token_exchange" if facts["behalf"] else "client_credentials"), client""",
        ),
    ),
    predictions=(
        Question(
            id="40.p1",
            text="A company has a web shop, an app for telephones and a program that counts at night. All three call "
            "the same API. How many flows do they need?",
            options=(
                Option(text="One: the API decides, and it is one", why="The API looks at the token, and not at how it "
                       "was got."),
                Option(text="Two: one with a person, and one without", why="Shop and app log people in with the code "
                       "flow; the night program has nobody to ask.", right=True),
                Option(text="Three: one for each", why="Shop and app share their flow. They differ in what kind of "
                       "client they are."),
            ),
        ),
    ),
    quiz=(
        Question(
            id="40.q1",
            text="A colleague wants the implicit flow for a page of scripts: \"it has no server, so it cannot redeem a "
            "code\". What do you say?",
            options=(
                Option(text="Right: without a secret there is no code flow", why="A public client redeems a code with "
                       "PKCE and without a secret."),
                Option(text="The page can redeem a code itself, with PKCE", why="RFC 9700 §2.1.2 advises against "
                       "implicit; the code flow keeps the token out of addresses.", right=True),
                Option(text="Then let it ask for the password", why="RFC 9700 §2.4: that grant must not be used."),
            ),
        ),
        Question(
            id="40.q2",
            text="Which of these is a confidential client?",
            options=(
                Option(text="An app whose secret is well hidden in the program", why="Everybody has a copy; somebody "
                       "finds it (RFC 8252 §8.5)."),
                Option(text="A page of scripts that was delivered over TLS", why="TLS hides it on the way. In the "
                       "browser everybody reads it."),
                Option(text="A program on our server that keeps a key", why="RFC 6749 §2.1: it can keep what it shows "
                       "from everybody else.", right=True),
            ),
        ),
        Question(
            id="40.q3",
            text="A service only wants to know who somebody is, to make a session of its own. What does it keep of the "
            "tokens?",
            options=(
                Option(text="All of them, encrypted", why="What is not kept cannot be stolen, and it does not need "
                       "them."),
                Option(text="Nothing: it checks the ID token once, and lets go", why="From then on its own session "
                       "says who is there.", right=True),
                Option(text="The ID token, as the session", why="It expires in minutes, and nobody can end it."),
            ),
        ),
    ),
)  # fmt: skip
