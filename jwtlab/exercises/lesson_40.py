"""Lesson 40: which flow? Eight products, a rule of one's own, and a look at requests that others send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, Mistake, NotYet, Option, Question, Wrong, mistakes
from jwtlab.exercises.products import PRODUCTS
from jwtlab.exercises.reviewed_requests import judge_review
from jwtlab.exercises.table import Case, Table
from jwtlab.oauth.choosing import ROWS

_RETIRED = ("implicit", "password", "hybrid")
_KEPT = ("bank", "bicycles", "film-box", "invoices")
"""The products of exercise 40.2."""

_SHARED = (
    Mistake(
        id="not-a-dict",
        hint='The answer is a dict, product → what you choose, such as {{"bank": ...}}; this is {what}.',
    ),
    Mistake(id="no-such-product", hint="There is no product {name!r} in this exercise; there are: {names}."),
    Mistake(id="missing", hint="So far so good. Still missing: {names}."),
)


def _each(answer: Any, products: tuple[str, ...], look: Callable[[str, Any], None]) -> None:
    """Look at what was chosen for each product.

    Raises:
        NotYet: nothing was chosen.
        Wrong: not-a-dict, no-such-product, missing, or what ``look`` says.
    """
    if not isinstance(answer, dict):
        raise Wrong("not-a-dict", what=kind(answer))
    given = {name: value for name, value in answer.items() if value is not None and value is not ...}
    unknown = next((name for name in answer if name not in products), None)
    if unknown is not None:
        raise Wrong("no-such-product", name=str(unknown)[:40], names=", ".join(products))
    if not given:
        raise NotYet
    for name in products:
        if name in given:
            look(name, given[name])
    left = [name for name in products if name not in given]
    if left:
        raise Wrong("missing", names=", ".join(left))


@mistakes(
    {
        "not-a-row": '{name}: write the id of a kind of application, such as "web-app"; this is {what}.',
        "no-such-row": "{name}: there is no {row!r}; the ids stand in the table above.",
        "retired": "{name}: no new application uses {row}. RFC 9700 advises against the implicit flow (§2.1.2) and "
        "forbids the password grant (§2.4); what one wanted of hybrid, the code flow does.",
        "who": "{name}: {title!r} is for times when somebody else is there. The story says: {clue}.",
        "runs": "{name}: {title!r} fits code that runs elsewhere. The story says: {clue}.",
        "backend": "{name}: {title!r} leaves something unused. The story says: {clue}.",
        "browser": "{name}: {title!r} is for a program that cannot open a browser. The story says: {clue}.",
        "proof": "{name}: {title!r} would show another proof of who it is. The story says: {clue}.",
        "owner": "{name}: {title!r} is for an API of another house. The story says: {clue}.",
    },
    _SHARED,
)
def _judge_products(answer: Any) -> str:
    _each(answer, tuple(PRODUCTS), _look_at_row)
    return (
        "Eight applications, four grants, and not one of them implicit or password. Who is there, and what the "
        "client can keep to itself, decides nearly all of it."
    )


def _look_at_row(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise Wrong("not-a-row", name=name, what=kind(value))
    if value in _RETIRED:
        raise Wrong("retired", name=name, row=value)
    row = ROWS.get(value)
    if row is None:
        raise Wrong("no-such-row", name=name, row=value[:40])
    product = PRODUCTS[name]
    fault = product.why_not(row.when)
    if fault:
        raise Wrong(fault, name=name, title=row.title, clue=product.clue(fault))


@mistakes(
    {
        "not-a-pair": '{name}: write (client type, place), such as ("public", "memory"); this is {what}.',
        "no-such-type": '{name}: a client is "public" or "confidential" (RFC 6749 §2.1), not {given!r}.',
        "no-such-place": "{name}: there is no place {given!r} here; there are: {places}.",
        "keeps-no-secret": "{name}: everybody gets a copy of this program. What is in it is known to all, so it "
        "cannot be confidential.",
        "keeps-a-secret": "{name}: this client has something that nobody else gets to see, and can prove who it is. "
        "That makes it confidential.",
        "place": "{name}: not there. {tokens_of}",
    },
    _SHARED,
)
def _judge_places(answer: Any) -> str:
    _each(answer, _KEPT, _look_at_place)
    return "Public or confidential is no praise and no blame: it says whether the client can prove that it is itself."


_PLACES = tuple(dict.fromkeys(row.place for row in ROWS.values()))
_WHY_THERE = {
    "bank": "A script in the page reads whatever the page can read. Who else could hold them?",
    "bicycles": "Memory is gone when the app is closed, and files can be copied. Phones have a place for secrets.",
    "film-box": "There is no server behind it, and a simple box has no key store for people's secrets.",
    "invoices": "A new token is one request away, so nothing is kept beyond the run: no session, no file.",
}


def _look_at_place(name: str, value: Any) -> None:
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise Wrong("not-a-pair", name=name, what=kind(value))
    client, place = value
    row = PRODUCTS[name].advice.row
    if client not in ("public", "confidential"):
        raise Wrong("no-such-type", name=name, given=str(client)[:40])
    if client != row.client_type:
        raise Wrong("keeps-a-secret" if client == "public" else "keeps-no-secret", name=name)
    if place not in _PLACES:
        raise Wrong("no-such-place", name=name, given=str(place)[:40], places=", ".join(_PLACES))
    if place != row.place:
        raise Wrong("place", name=name, tokens_of=_WHY_THERE[name])


def _app(person: bool, browser: bool, secret: bool) -> dict[str, bool]:
    return {"person": person, "opens_browser": browser, "keeps_secret": secret}


_CODE, _DEVICE, _SELF = (
    "authorization_code",
    "urn:ietf:params:oauth:grant-type:device_code",
    "client_credentials",
)
_APPS = (
    ("code-flow", _app(True, True, True), (_CODE, "confidential"), "A person with a browser is there: the code flow."),
    ("public-code", _app(True, True, False), (_CODE, "public"), "A person is there, and the client keeps no secret: "
                                                                "the code flow all the same, as a public client."),
    ("device", _app(True, False, False), (_DEVICE, "public"), "No browser can be opened here: the device grant."),
    ("box-with-secret", _app(True, False, True), (_DEVICE, "confidential"), "The client type does not hang on the "
                                            "flow: what keeps a secret is confidential, with the device grant, too."),
    ("for-itself", _app(False, False, True), (_SELF, "confidential"), "Nobody is there, and the client can prove who "
                                                                      "it is: client credentials."),
    ("browser-alone", _app(False, True, True), (_SELF, "confidential"), "A browser without a person in front of it "
                                                                        "logs nobody in."),
    ("nothing-to-show", _app(False, False, False), (None, "public"), "Nobody is there and nothing can be proved: "
                                                                     "there is no flow for it, so None."),
    ("nothing-to-show", _app(False, True, False), (None, "public"), ""),
)  # fmt: skip


def _as_pair(found: Any) -> Any:
    if not isinstance(found, tuple | list) or len(found) != 2:
        raise Wrong("no-pair", what=kind(found))
    return tuple(found)


_judge_rule = Table(
    cases=tuple(Case(name, (app,), expected, why) for name, app, expected, why in _APPS),
    read=_as_pair,
    own={
        "no-pair": "Return a pair, (grant_type, client_type); your function gives {what}. Where there is no flow, the "
        "first of the two is None."
    },
    praise="Three facts, four answers. The rest of the questions says how to do it well.",
)

LESSON = Lesson(
    number="40",
    name="40_which_flow",
    title="Which flow",
    why="Most harm is done before the first line of code: by a flow that was made for another kind of application.",
    minutes=40,
    needs=("23", "31"),
    exercises=(
        Exercise(
            id="40.1",
            title="A flow for each of eight products",
            judge_answer=_judge_products,
            hints=(
                "Answer the chooser's questions for one product after the other, with the story beside you.",
                "Who is there: a person, nobody, or a program with a person's token? That leaves few rows.",
                "The id of each row stands in the table above the exercise: web-app, page-with-backend, and so on.",
            ),
            solution="""\
answer = {"newsroom": "web-app", "bank": "page-with-backend", "bicycles": "phone-app"}
answer |= {"film-box": "device", "operator": "desktop-program", "invoices": "service-with-key"}
answer |= {"release": "workload", "orders": "on-behalf"}""",
        ),
        Exercise(
            id="40.2",
            title="Client type, and where tokens live",
            judge_answer=_judge_places,
            hints=(
                "Confidential: it can keep a credential that nobody else sees (RFC 6749 §2.1).",
                "Does everybody have a copy of the program? Then it is public, whatever is hidden in it.",
                "For the place: who can read it there, and does it have to outlive the program?",
            ),
            solution="""\
answer = {"bank": ("confidential", "server"), "bicycles": ("public", "key-store")}
answer |= {"film-box": ("public", "device"), "invoices": ("confidential", "memory")}""",
        ),
        Exercise(
            id="40.3",
            title="The short rule",
            judge_answer=_judge_rule,
            hints=(
                'The client type hangs on one fact alone: "confidential" if app["keeps_secret"] else "public".',
                "Is a person there? Then the browser decides between the code flow and the device grant.",
                "Without a person: client credentials for whoever keeps a secret, and None for all others.",
            ),
            solution="""\
def answer(app):
    client = "confidential" if app["keeps_secret"] else "public"
    if app["person"]:
        grant = "authorization_code" if app["opens_browser"] else "urn:ietf:params:oauth:grant-type:device_code"
    else:
        grant = "client_credentials" if app["keeps_secret"] else None
    return grant, client""",
        ),
        Exercise(
            id="40.4",
            title="Find what is retired",
            judge_answer=judge_review,
            hints=(
                'request.get("response_type", "").split() is a list of words; look for whole words in it.',
                "PKCE is asked about only where a code is asked for.",
                'No challenge: "no-pkce". A challenge, and the method is not exactly S256: "plain-pkce".',
            ),
            solution="""\
def answer(request):
    found, words = set(), request.get("response_type", "").split()
    if "token" in words:
        found.add("implicit")
    if request.get("grant_type") == "password":
        found.add("password")
    if "code" in words and not request.get("code_challenge"):
        found.add("no-pkce")
    elif "code" in words and request.get("code_challenge_method") != "S256":
        found.add("plain-pkce")
    return found""",
        ),
    ),
    predictions=(
        Question(
            id="40.p1",
            text="You are asked which flow an application should use. What do you ask back first?",
            options=(
                Option(
                    text="Which language and framework is it written in?",
                    why="That decides which library you take. The flow is the same in all of them.",
                ),
                Option(
                    text="Which flow did the last application use?",
                    why="So a web application's flow comes into a phone, and its secret with it.",
                ),
                Option(
                    text="Who is there when it works, and where does its code run?",
                    why="These two leave two or three of fourteen kinds of application.",
                    right=True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="40.q1",
            text="A single-page application and its API share one domain, and the team owns both. Which tokens "
            "does the page need?",
            options=(
                Option(
                    text="Perhaps none: after a login with OpenID Connect, a session cookie will do",
                    why="RFC 10017 §7.1: OAuth was made for APIs of others. It may still be worth it, if more clients "
                    "are to come.",
                    right=True,
                ),
                Option(
                    text="An access token in localStorage, as always",
                    why="Every script of the page could read it, and it stays when the window is closed.",
                ),
                Option(
                    text="The client's secret, so that the page can redeem codes",
                    why="The page's source goes to every visitor, and the secret with it.",
                ),
            ),
        ),
        Question(
            id="40.q2",
            text="A nightly job exports every customer's data. Which token should it have?",
            options=(
                Option(
                    text="The refresh token of an administrator who was there when it was set up",
                    why="The job would be that person: with all her rights, and only as long as she stays.",
                ),
                Option(
                    text="One of its own, by client credentials, with the scope of this export",
                    why="It acts for itself, and what it may do stands in its own registration.",
                    right=True,
                ),
                Option(
                    text="Each customer's own token, by the password grant",
                    why="Nobody has these passwords, nobody should, and RFC 9700 §2.4 forbids the grant.",
                ),
            ),
        ),
        Question(
            id="40.q3",
            text="A library for phones asks for a client secret. What do you do?",
            options=(
                Option(
                    text="Hide it in the program so that nobody finds it",
                    why="Whoever unpacks the app finds it; one who does is enough.",
                ),
                Option(
                    text="Register the app as a public client, with PKCE and a claimed https address",
                    why="RFC 8252 §8.4, §8.5: a secret that all copies share proves nothing. PKCE and the address do.",
                    right=True,
                ),
                Option(
                    text="Use the device grant, which needs no secret",
                    why="A phone has a browser, so the code flow is the right one; and it needs no secret either.",
                ),
            ),
        ),
    ),
)
