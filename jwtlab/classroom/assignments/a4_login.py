"""The judge of assignment 4's whole client: it logs people in, and Mallory tries to get in, on the lab's network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from jwtlab.classroom.assignments.a4_responses import id_token
from jwtlab.classroom.assignments.a4_world import Place, Refused
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Wrong
from jwtlab.classroom.variants import Variant
from jwtlab.jose.token import decode

CARELESS = ("code-verifier", "code-verifier-asked")
"""Checks of PKCE that an old server does not make: there the nonce has to notice."""


class Session:
    """A browser's session with the student's application: its keep, and what the application said last.

    Args:
        answer: the student's ``client``.
        place: where it happens.
    """

    def __init__(self, answer: Answer, place: Place) -> None:
        self._answer, self.place = answer, place
        self.keep: dict[str, Any] = {}

    def tell(self, event: dict[str, Any]) -> dict[str, Any]:
        """Hand an event to the client; what it keeps is kept.

        Raises:
            Wrong: its answer is of no known kind.
        """
        found = self._answer.call(event, self.keep)
        if not isinstance(found, dict) or not isinstance(found.get("keep"), dict):
            raise Wrong('return a dict with "keep", a dict, whatever happens')
        kinds = [name for name in ("go", "post", "user", "stop") if name in found]
        if len(kinds) != 1:
            raise Wrong('return exactly one of "go", "post", "user" and "stop" beside "keep"')
        self.keep = found["keep"]
        return found

    def begin(self) -> str:
        """Press Log in: where the browser is sent."""
        found = self.tell({"type": "login"}).get("go")
        if not isinstance(found, str):
            raise Wrong('login gives "go", the address that the browser is sent to')
        return found

    def come_back(self, url: str) -> Any:
        """The callback: what the application posts, or ``None`` if it stops."""
        found = self.tell({"type": "callback", "url": url})
        if "go" in found or "user" in found:
            raise Wrong('a callback gives "post" or "stop"')
        return found.get("post")

    def redeem(self, request: Any) -> str | None:
        """Send the token request, and hand its answer to the client: who is logged in, if anybody is."""
        return self.receive(self.place.post(request))

    def receive(self, answer: dict[str, Any]) -> str | None:
        """The answer of the token endpoint: who is logged in, if anybody is."""
        found = self.tell({"type": "tokens", "now": self.place.my.now, **answer})
        if "go" in found or "post" in found:
            raise Wrong('tokens give "user" or "stop"')
        user = found.get("user")
        if user is not None and not isinstance(user, str):
            raise Wrong('"user" is the claim sub, a text')
        return user

    def log_in(self, username: str) -> str | None:
        """A whole login, as it should be."""
        return self.redeem(self.come_back(self.place.log_in(self.begin(), username)))


Test = Callable[[Answer, Variant, Draw], None]


def _on_the_network(test: Test) -> Test:
    """What the server says to a client that it refuses is told to the student."""

    def run(answer: Answer, my: Variant, draw: Draw) -> None:
        try:
            test(answer, my, draw)
        except Refused as reason:
            raise Wrong(f"the login leads nowhere: {reason}") from None

    return run


def _sound(answer: Answer, my: Variant, draw: Draw) -> None:
    """Whoever stops always stops nobody: without a login that works, the other tests say nothing."""
    place = Place(my, draw.text(8))
    if Session(answer, place).log_in("bob") != "bob":
        raise Wrong("an ordinary login does not work, and then this test says nothing")


@_on_the_network
def logs_in(answer: Answer, my: Variant, draw: Draw) -> None:
    place = Place(my, draw.text(8))
    for username in ("alice", "bob"):
        session = Session(answer, place)
        url = place.log_in(session.begin(), username)
        request = session.come_back(url)
        if request is None:
            raise Wrong("your application stops at a callback that is as it should be")
        answered = place.post(request)
        if answered["status"] != 200:
            body = answered["body"] if isinstance(answered["body"], dict) else {}
            told = body.get("error_description") or body.get("error") or answered["status"]
            raise Wrong(f"the server does not take the token request: {told}")
        if session.receive(answered) != username:
            raise Wrong('"user" has to be the claim sub of the ID token')
    if Session(answer, place).receive({"status": 200, "body": {}}) is not None:
        raise Wrong("somebody is logged in without any login: does it look at what it is given?")


@_on_the_network
def two_at_once(answer: Answer, my: Variant, draw: Draw) -> None:
    """Nothing may be remembered outside of keep: an application serves many browsers at once."""
    place = Place(my, draw.text(8))
    one, other = Session(answer, place), Session(answer, place)
    urls = [each.begin() for each in (one, other)]
    ways = [place.log_in(url, name) for url, name in zip(urls, ("alice", "bob"), strict=True)]
    posts = [each.come_back(way) for each, way in zip((one, other), ways, strict=True)]
    users = [each.redeem(post) for each, post in zip((other, one), reversed(posts), strict=True)]
    if users != ["bob", "alice"]:
        raise Wrong("two browsers at the same time get in each other's way: everything belongs into keep")


@_on_the_network
def another_ones_callback(answer: Answer, my: Variant, draw: Draw) -> None:
    """Mallory logs in, and makes Alice's browser open Mallory's callback (RFC 6749 §10.12)."""
    _sound(answer, my, draw)
    place = Place(my, draw.text(8))
    mallorys = Session(answer, place)
    url = place.log_in(mallorys.begin(), "mallory")
    fresh, waiting = Session(answer, place), Session(answer, place)
    waiting.begin()
    for victim in (fresh, waiting):
        if victim.come_back(url) is not None:
            raise Wrong("Alice's browser opens Mallory's callback, and her session becomes Mallory's")


@_on_the_network
def used_twice(answer: Answer, my: Variant, draw: Draw) -> None:
    """A login is used once: what was kept for it is gone after its callback, however that ended."""
    place = Place(my, draw.text(8))
    session = Session(answer, place)
    url = place.log_in(session.begin(), "alice")
    first = session.come_back(url)
    if session.come_back(url) is not None:
        raise Wrong("the same callback is taken twice: what was kept for a login is used once")
    if first is None:
        raise Wrong("your application stops at a callback that is as it should be")
    session = Session(answer, place)
    begun = session.begin()
    url = place.log_in(begun, "alice")
    session.come_back(url.replace("state=", "state=x"))
    if session.come_back(url) is not None:
        raise Wrong("after a callback that was refused, the login goes on: somebody may try again and again")


@_on_the_network
def another_server(answer: Answer, my: Variant, draw: Draw) -> None:
    """Mallory's server answers in the name of another one: mix-up (RFC 9207 §1)."""
    _sound(answer, my, draw)
    place = Place(my, draw.text(8))
    for iss in (f"https://{draw.text(7)}.example", None):
        session = Session(answer, place)
        parts = urlsplit(place.log_in(session.begin(), "alice"))
        pairs = [pair for pair in parse_qsl(parts.query) if pair[0] != "iss"]
        pairs += [("iss", iss)] if iss else []
        if session.come_back(parts._replace(query=urlencode(pairs)).geturl()) is not None:
            raise Wrong("a code that another server sent is handed on")


@_on_the_network
def stolen_code(answer: Answer, my: Variant, draw: Draw) -> None:
    """Mallory puts Alice's code into a callback of her own: PKCE stops it, and with an old server the nonce."""
    _sound(answer, my, draw)
    for without in ((), CARELESS):
        place = Place(my, draw.text(8), without)
        alices, mallorys = Session(answer, place), Session(answer, place)
        stolen = dict(parse_qsl(urlsplit(place.log_in(alices.begin(), "alice")).query))["code"]
        parts = urlsplit(place.log_in(mallorys.begin(), "mallory"))
        pairs = [(name, stolen if name == "code" else value) for name, value in parse_qsl(parts.query)]
        request = mallorys.come_back(parts._replace(query=urlencode(pairs)).geturl())
        if request is not None and mallorys.redeem(request) is not None:
            raise Wrong("Mallory is logged in as Alice, with a code that was stolen from Alice")


@_on_the_network
def refused(answer: Answer, my: Variant, draw: Draw) -> None:
    """Alice says no; the server says no; the answer is not what a token endpoint says."""
    _sound(answer, my, draw)
    place = Place(my, draw.text(8))
    session = Session(answer, place)
    if session.come_back(place.log_in(session.begin(), "alice", press="Deny")) is not None:
        raise Wrong("Alice pressed Deny, and the login goes on")
    for status, body in _bad_answers(my, draw):
        session = Session(answer, place)
        request = session.come_back(place.log_in(session.begin(), "alice"))
        good = place.post(request)["body"]
        nonce = decode(good["id_token"]).claims["nonce"]
        if session.receive({"status": status, "body": body(good, nonce)}) is not None:
            raise Wrong("somebody is logged in, although the answer of the token endpoint is no good one")
        if session.keep.get("user") is not None:
            raise Wrong("after a login that was refused, somebody stands in keep")


def _bad_answers(my: Variant, draw: Draw) -> list[tuple[Any, Callable[[Any, str], Any]]]:
    """Status, and a function that makes the body out of a good one and its nonce."""
    nothings: list[Any] = [None, [], "id_token", 7, {}]
    return [
        (400, lambda good, nonce: {"error": "invalid_grant"}),
        (400, lambda good, nonce: good),
        (500, lambda good, nonce: None),
        (200, lambda good, nonce: {name: value for name, value in good.items() if name != "id_token"}),
        (200, lambda good, nonce: {**good, "id_token": None}),
        (200, lambda good, nonce: {**good, "id_token": good["access_token"]}),
        (200, lambda good, nonce: {**good, "id_token": id_token(my, draw.text(24))}),
        (200, lambda good, nonce: {**good, "id_token": id_token(my, nonce, {"aud": my.audience})}),
        (200, lambda good, nonce: {**good, "id_token": id_token(my, nonce, key=my.other_key)}),
        *((200, _always(each)) for each in nothings),
    ]


def _always(body: Any) -> Callable[[Any, str], Any]:
    return lambda good, nonce: body
