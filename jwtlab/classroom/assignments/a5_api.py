"""Judges of assignment 5's API: is the token good, may it do this, and does this belong to the person?"""

from __future__ import annotations

import hmac
from dataclasses import replace
from typing import Any

from jwtlab.classroom.assignments.a5_product import access_token, documents, id_token, my_product
from jwtlab.classroom.assignments.asking import near
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Raised, Wrong
from jwtlab.classroom.variants import Variant
from jwtlab.jose import base64url

Case = tuple[str, Any, str, str, int]
"""Words for the student, token, method, document, the status that is right."""


class Shelf:
    """Documents, and tokens of those who come for them."""

    def __init__(self, my: Variant, draw: Draw) -> None:
        self.my, self.all = my, documents(draw)
        product = my_product(my)
        self.read, self.write = product["read"], product["write"]
        self.name = draw.choice(list(self.all))
        self.owner, (self.reader,) = self.all[self.name]["owner"], self.all[self.name]["readers"]
        people = {each["owner"] for each in self.all.values()} | {
            reader for each in self.all.values() for reader in each["readers"]
        }
        self.stranger = next(
            (each for each in sorted(people) if each not in (self.owner, self.reader)), "mallory"
        )

    def token(self, sub: str | None = None, scope: Any = None, changes: Any = None, **more: Any) -> str:
        """A token of the owner with both scopes, or of somebody else with others."""
        return access_token(self.my, sub or self.owner, scope or f"{self.read} {self.write}", changes, **more)

    def good(self) -> Case:
        return (
            "the owner cannot read what is theirs, and then this test says nothing",
            self.token(),
            "GET",
            self.name,
            200,
        )


def ask(answer: Answer, shelf: Shelf, cases: list[Case], draw: Draw, now: int | None = None) -> None:
    """Each case has to give its status, and never an exception.

    Raises:
        Wrong: another status; the words of the case.
    """
    for words, token, method, name, status in draw.shuffled([*cases, shelf.good()]):
        try:
            found = answer.call(token, method, name, shelf.all, shelf.my.now if now is None else now)
        except Raised as raised:
            if raised.kind == "NotImplementedError":
                raise
            raise Wrong(f"it raised {raised.kind} where a status is wanted: {words}") from None
        if isinstance(found, bool) or not isinstance(found, int):
            raise Wrong("return a status, a number such as 200")
        if found != status:
            raise Wrong(words if found == 200 or status == 200 else f"{words} (your status is {found})")


def good(answer: Answer, my: Variant, draw: Draw) -> None:
    shelf = Shelf(my, draw)
    ask(
        answer,
        shelf,
        [
            ("the owner cannot write what is theirs", shelf.token(), "PUT", shelf.name, 200),
            ("the owner cannot delete what is theirs", shelf.token(), "DELETE", shelf.name, 200),
            ("who may read it, cannot read it", shelf.token(shelf.reader), "GET", shelf.name, 200),
            ("without a token the answer is 401", None, "GET", shelf.name, 401),
        ],
        draw,
    )


def signed(answer: Answer, my: Variant, draw: Draw) -> None:
    shelf = Shelf(my, draw)
    token = shelf.token()
    text, claims = token.rpartition(".")[0], token.split(".")[1]
    words = "a token got in that your issuer never signed"
    none = base64url.encode(b'{"alg":"none","typ":"at+jwt"}')
    by_mac = base64url.encode(b'{"alg":"HS256","typ":"at+jwt"}')
    mac = f"{by_mac}.{claims}"
    tag = base64url.encode(hmac.digest(my.key.public().to_pem(), mac.encode(), "sha256"))
    forged = [shelf.token(key=my.other_key), shelf.token(key=replace(my.other_key, kid=my.key.kid))]
    forged += [f"{none}.{claims}.", f"{text}.", f"{mac}.{tag}"]
    forged.append(f"{text}.{base64url.encode(bytes(64))}")
    ask(answer, shelf, [(words, each, "GET", shelf.name, 401) for each in forged], draw)


def names(answer: Answer, my: Variant, draw: Draw) -> None:
    shelf = Shelf(my, draw)
    cases: list[Case] = []
    for name, right in (("iss", my.issuer), ("aud", my.audience)):
        words = f"a token with another {name} got in"
        cases += [
            (why, shelf.token(changes={name: text}), "GET", shelf.name, 401)
            for why, text in near(right, words)
        ]
        cases.append(
            (f"a token without {name} got in", shelf.token(changes={name: None}), "GET", shelf.name, 401)
        )
    cases.append(
        (
            "aud may be a list with your API in it",
            shelf.token(changes={"aud": ["x", my.audience]}),
            "GET",
            shelf.name,
            200,
        )
    )
    ask(answer, shelf, cases, draw)


def kind(answer: Answer, my: Variant, draw: Draw) -> None:
    shelf = Shelf(my, draw)
    words = "what is no access token got in: look at typ (RFC 9068 §4)"
    wrong = [shelf.token(typ=each) for each in ("JWT", None, "logout+jwt", "dpop+jwt", "at+jwt2", "at")]
    wrong.append(id_token(my, shelf.owner, "n", {"aud": my.audience, "scope": f"{shelf.read} {shelf.write}"}))
    ask(answer, shelf, [(words, each, "GET", shelf.name, 401) for each in wrong], draw)


def dates(answer: Answer, my: Variant, draw: Draw) -> None:
    shelf = Shelf(my, draw)
    cases: list[Case] = [
        (
            "an expired token got in: at exp it is over",
            shelf.token(changes={"exp": my.now}),
            "GET",
            shelf.name,
            401,
        ),
        (
            "an expired token got in",
            shelf.token(changes={"exp": my.now - draw.between(60, 9999)}),
            "GET",
            shelf.name,
            401,
        ),
        ("a token without exp got in", shelf.token(changes={"exp": None}), "GET", shelf.name, 401),
        ("a token got in before its time", shelf.token(changes={"nbf": my.now + 60}), "GET", shelf.name, 401),
    ]
    ask(answer, shelf, cases, draw)
    if answer.call(shelf.token(), "GET", shelf.name, shelf.all, my.now + my.lifetime) != 401:
        raise Wrong("the time is `now`, the last argument")


def scope(answer: Answer, my: Variant, draw: Draw) -> None:
    shelf = Shelf(my, draw)
    words = "the scope does not cover the call, and it got through (403 is wanted)"
    cases: list[Case] = []
    for method, right in (("GET", shelf.read), ("PUT", shelf.write), ("DELETE", shelf.write)):
        other = shelf.write if right == shelf.read else shelf.read
        cases.append((words, shelf.token(scope=other), method, shelf.name, 403))
        cases.append(
            (
                f"{words}: there is no scope",
                shelf.token(scope="openid", changes={"scope": None}),
                method,
                shelf.name,
                403,
            )
        )
        for piece in (
            f"{right}only",
            f"x{right}",
            right.partition(":")[0],
            right.upper(),
            right.replace(":", "."),
        ):
            cases.append(
                (
                    f"{words}: compare whole words",
                    shelf.token(scope=f"openid {piece}"),
                    method,
                    shelf.name,
                    403,
                )
            )
        cases.append(
            (
                "one scope of several covers the call",
                shelf.token(scope=f"openid {right}"),
                method,
                shelf.name,
                200,
            )
        )
    ask(answer, shelf, cases, draw)


def owner(answer: Answer, my: Variant, draw: Draw) -> None:
    shelf = Shelf(my, draw)
    words = "somebody got at what belongs to others: the scope says what a token may, not whose things"
    cases: list[Case] = [
        (words, shelf.token(shelf.stranger), method, shelf.name, 404) for method in ("GET", "PUT", "DELETE")
    ]
    cases += [
        (f"{words}: compare sub with the owner, letter by letter", shelf.token(text), "PUT", shelf.name, 404)
        for _, text in near(shelf.owner, words)
        if text
    ]
    ask(answer, shelf, cases, draw)


def readers(answer: Answer, my: Variant, draw: Draw) -> None:
    shelf = Shelf(my, draw)
    words = "who may only read has changed something: 403, for they know that it is there"
    cases: list[Case] = [
        (words, shelf.token(shelf.reader), method, shelf.name, 403) for method in ("PUT", "DELETE")
    ]
    ask(answer, shelf, cases, draw)


def hidden(answer: Answer, my: Variant, draw: Draw) -> None:
    shelf = Shelf(my, draw)
    words = "what is not there gets another answer than what is not theirs: so strangers learn what exists"
    cases: list[Case] = []
    for method in ("GET", "PUT", "DELETE"):
        for name in (draw.text(6), "", "owner", f"{shelf.name} "):
            cases.append((words, shelf.token(shelf.stranger), method, name, 404))
            cases.append((words, shelf.token(), method, name, 404))
    ask(answer, shelf, cases, draw)


def order(answer: Answer, my: Variant, draw: Draw) -> None:
    shelf = Shelf(my, draw)
    bad = shelf.token(scope="openid", changes={"exp": my.now - 1})
    cases: list[Case] = [
        ("first the token: a bad one is 401, whatever it asks for", bad, "GET", "nothing", 401),
        (
            "then the scope: who may not read at all learns nothing about documents",
            shelf.token(scope="openid"),
            "GET",
            "nothing",
            403,
        ),
        ("another method than the three is 405", shelf.token(), "PATCH", shelf.name, 405),
        ("a bad token is 401 before the method is looked at", bad, "PATCH", shelf.name, 401),
    ]
    ask(answer, shelf, cases, draw)


def nonsense(answer: Answer, my: Variant, draw: Draw) -> None:
    shelf = Shelf(my, draw)
    words = "what is no token gets 401, and never an exception"
    things: list[Any] = [
        "",
        ".",
        "a.b.c",
        f"{shelf.token()}=",
        f"Bearer {shelf.token()}",
        7,
        True,
        [shelf.token()],
        {},
        "é.é.é",
    ]
    ask(answer, shelf, [(words, each, "GET", shelf.name, 401) for each in things], draw)
