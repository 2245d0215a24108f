"""Judges of assignment 5's login: from the ID token to the person, and to where they wanted to go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from jwtlab.classroom.assignments.a5_product import id_token, my_product
from jwtlab.classroom.assignments.asking import near
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Raised, Wrong
from jwtlab.classroom.variants import Variant

Case = tuple[str, Any, Any]
"""Words for the student, keep, tokens."""


class Login:
    """A login that somebody has begun: what is kept, and what comes back."""

    def __init__(self, my: Variant, draw: Draw, place: str = "/") -> None:
        self.my, self.sub = my, f"{my.place}-{draw.text(6)}"
        self.keep = {"state": draw.text(24), "nonce": draw.text(24), "verifier": draw.text(43), "next": place}
        self.pairs = {"code": draw.text(20), "state": self.keep["state"], "iss": my.issuer}

    def url(self, **changes: str | None) -> str:
        pairs = {name: value for name, value in {**self.pairs, **changes}.items() if value is not None}
        return f"{my_product(self.my)['redirect_uri']}?{urlencode(pairs)}"

    def tokens(self, changes: dict[str, Any] | None = None, nonce: Any = None, **more: Any) -> dict[str, Any]:
        token = id_token(self.my, self.sub, self.keep["nonce"] if nonce is None else nonce, changes, **more)
        return {"access_token": "x", "token_type": "Bearer", "id_token": token}

    @property
    def person(self) -> dict[str, Any]:
        return {"user": [self.my.issuer, self.sub], "next": self.keep["next"]}


def refuse(answer: Answer, login: Login, cases: list[Case], draw: Draw) -> None:
    """Each gives ``None``, without an exception, and the good one its person."""
    good = ("a good login is refused, and then this test says nothing", login.keep, login.tokens())
    for case in draw.shuffled([*cases, good]):
        words, keep, tokens = case
        try:
            found = answer.call(keep, tokens, login.my.now)
        except Raised as raised:
            if case is good or raised.kind == "NotImplementedError":
                raise
            raise Wrong(f"it raised {raised.kind} where it should return None: {words}") from None
        if (found is None) == (case is good):
            raise Wrong(words)


def good(answer: Answer, my: Variant, draw: Draw) -> None:
    for place in ("/", f"/{my.thing}/{draw.text(4)}?page=2"):
        login = Login(my, draw, place)
        found = answer.call(login.keep, login.tokens(), my.now)
        if found is None:
            raise Wrong("a good login is refused")
        if not isinstance(found, dict) or set(found) != {"user", "next"}:
            raise Wrong('return {"user": [iss, sub], "next": …}, or None')
        if found["user"] != login.person["user"]:
            raise Wrong(
                "user is the list of iss and sub, as they stand in the ID token (OpenID Connect Core §5.7)"
            )
        if found["next"] != place:
            raise Wrong("next is where the person wanted to go, if that is a path of your own")


def token(answer: Answer, my: Variant, draw: Draw) -> None:
    login = Login(my, draw)
    wrong: dict[str, Any] = {
        "an ID token got through that your issuer never signed": login.tokens(key=my.other_key),
        "an ID token got through that carries your key's name, and another's signature": login.tokens(
            key=replace(my.other_key, kid=my.key.kid)
        ),
        "an ID token for another application got through": login.tokens({"aud": my.audience}),
        "an ID token of another issuer got through": login.tokens({"iss": "https://mallory.example"}),
        "an expired ID token got through": login.tokens({"exp": my.now}),
        "an ID token made for another got through: look at azp": login.tokens({"azp": my.audience}),
        "there is no ID token": {"access_token": "x"},
        "the access token is no ID token": {"id_token": "x", "access_token": login.tokens()["id_token"]},
    }
    refuse(answer, login, [(words, login.keep, tokens) for words, tokens in wrong.items()], draw)


def nonce(answer: Answer, my: Variant, draw: Draw) -> None:
    login = Login(my, draw)
    words = "an ID token of another login got through: compare nonce"
    cases: list[Case] = [
        (why, login.keep, login.tokens(nonce=text)) for why, text in near(login.keep["nonce"], words) if text
    ]
    cases.append((words, login.keep, login.tokens({"nonce": None})))
    cases.append((words, {**login.keep, "nonce": None}, login.tokens({"nonce": None})))
    never = "this browser was never sent away, and somebody is logged in"
    cases += [(never, {}, each) for each in (login.tokens(), login.tokens({"nonce": None}))]
    refuse(answer, login, cases, draw)


def person(answer: Answer, my: Variant, draw: Draw) -> None:
    login = Login(my, draw)
    claims = {"email": "alice@mail.example", "preferred_username": "alice", "name": "Alice"}
    found = answer.call(login.keep, login.tokens(claims), my.now)
    if not isinstance(found, dict) or found.get("user") != login.person["user"]:
        raise Wrong(
            "only iss and sub together name a person; e-mail and user name change, and are given away again"
        )


def elsewhere(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "somebody is sent to another place than your own: only a path that begins with one slash is yours"
    bad: list[Any] = [
        "https://mallory.example/",
        "//mallory.example",
        "/\\mallory.example",
        "\\\\mallory.example",
        "mallory.example",
    ]
    bad += [
        "http:mallory.example",
        "/\t/mallory.example",
        "/\n/mallory.example",
        "javascript:alert(1)",
        "",
        " /x",
        "///x",
        None,
        7,
    ]
    for place in draw.shuffled(bad):
        login = Login(my, draw)
        keep = {**login.keep, "next": place}
        found = answer.call(keep, login.tokens(), my.now)
        if not isinstance(found, dict) or found.get("user") != login.person["user"]:
            raise Wrong("a strange next loses the place, not the login: send them to /")
        if found.get("next") != "/":
            raise Wrong(words)


def nonsense(answer: Answer, my: Variant, draw: Draw) -> None:
    login = Login(my, draw)
    words = "what is no keep or no tokens gives None"
    keeps: list[Any] = [None, 7, "state", []]
    answers: list[Any] = [
        *keeps,
        {"id_token": 7},
        {"id_token": None},
        {"id_token": [login.tokens()["id_token"]]},
    ]
    cases: list[Case] = [(words, each, login.tokens()) for each in keeps]
    cases += [(words, login.keep, each) for each in answers]
    refuse(answer, login, cases, draw)
