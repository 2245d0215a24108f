"""Judges of a2.7: the whole verifier, with the forgeries that the lessons know."""

from __future__ import annotations

import json
from typing import Any

from jwtlab.attacks import ATTACKS
from jwtlab.attacks.confusion import key_forms
from jwtlab.classroom.assignments.a2_world import (
    NUMBER_OF,
    TYP,
    as_json,
    good_claims,
    good_header,
    make_token,
    my_rules,
)
from jwtlab.classroom.assignments.asking import near
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Raised, Wrong
from jwtlab.classroom.variants import Variant
from jwtlab.jose import base64url
from jwtlab.jose.key import Key


def own(answer: Answer, my: Variant, draw: Draw) -> None:
    for claims in (good_claims(my, draw), good_claims(my, draw, name="Zoë", admin=False)):
        found = answer.call(make_token(my, claims), my.now)
        if found is None:
            raise Wrong("a good token is refused: try each of your steps with it, one after the other")
        if found != claims:
            raise Wrong("a good token gives its claims, as they stand in it")


def _accepts(answer: Answer, token: str, now: float) -> bool:
    found = answer.call(token, now)
    if found is None:
        return False
    if not isinstance(found, dict):
        raise Wrong("verify gives the claims as a dict, or None")
    return True


def good(answer: Answer, my: Variant, draw: Draw) -> None:
    leeway = my_rules(my)["leeway"]
    other = f"https://{draw.text(8)}.example"
    later = my.now + draw.between(100_000, 900_000)
    tomorrow = make_token(my, good_claims(my, draw, iat=later, nbf=later, exp=later + 60))
    cases = [
        ("a token of a later day, on that day", tomorrow, later),
        ("an audience in a list", make_token(my, good_claims(my, draw, aud=[other, my.audience])), my.now),
        (
            "exp gone by less than the leeway",
            make_token(my, good_claims(my, draw, exp=my.now - leeway + 1)),
            my.now,
        ),
        ("nbf ahead by the leeway", make_token(my, good_claims(my, draw, nbf=my.now + leeway)), my.now),
        ("a fraction in exp", make_token(my, good_claims(my, draw, exp=my.now + 60.5)), my.now),
        ("a fraction in now", make_token(my, good_claims(my, draw)), my.now + 0.5),
        ("a clock that has moved on", make_token(my, good_claims(my, draw)), my.now + my.lifetime - 1),
        (
            "application/ before typ",
            make_token(my, good_claims(my, draw), good_header(my, typ=f"application/{TYP}")),
            my.now,
        ),
        (
            "a kid in the header",
            make_token(my, good_claims(my, draw), good_header(my, kid=draw.text(6))),
            my.now,
        ),
        (
            "JSON with spaces in it",
            make_token(my, json.dumps(good_claims(my, draw), indent=2).encode()),
            my.now,
        ),
        (
            "claims that you do not know",
            make_token(my, good_claims(my, draw, **{draw.text(6): [1, None]})),
            my.now,
        ),
    ]
    for what, token, now in draw.shuffled(cases):
        if not _accepts(answer, token, now):
            raise Wrong(f"a good token is refused: {what}")
    foreign = {"iss": other, "aud": other, "exp": 1, "sub": f"admin-{draw.text(5)}"}
    stranger: bytes | Key = draw.bytes(32) if my_rules(my)["algorithm"] == "HS256" else my.other_key
    if _accepts(
        answer, make_token(my, foreign, good_header(my, typ="JWT", crit=["x"]), key=stranger), my.now
    ):
        raise Wrong("it lets in a token in which everything is wrong")


def _keeps_out(answer: Answer, my: Variant, draw: Draw, bad: list[tuple[str, Any]]) -> None:
    """Each is refused, at `my.now`, and a good token let in before and after."""
    cases: list[tuple[str, Any, bool]] = [(words, token, False) for words, token in bad]
    cases += [("", make_token(my, good_claims(my, draw)), True) for _ in range(2)]
    for words, token, wanted in draw.shuffled(cases):
        try:
            found = _accepts(answer, token, my.now)
        except Raised as raised:
            if wanted or raised.kind == "NotImplementedError":
                raise
            raise Wrong(f"it raised {raised.kind} where it should return None: {words}") from None
        if found != wanted:
            raise Wrong(words or "a good token is refused too, and then this test says nothing")


def _goal(draw: Draw) -> dict[str, Any]:
    return {"sub": f"admin-{draw.text(6)}"}


def _confused(my: Variant, draw: Draw) -> list[tuple[str, Any]]:
    """Key confusion: of an algorithm that is not allowed, or else with a secret that is none."""
    forge, good = ATTACKS["key-confusion"].forge, make_token(my, good_claims(my, draw))
    return [
        ("HS256 with the public key as the secret", forge(_goal(draw), original=good, public_key=octets))
        for octets in key_forms(my.key).values()
    ]


def unsigned(answer: Answer, my: Variant, draw: Draw) -> None:
    good = make_token(my, good_claims(my, draw))
    none, stripped = ATTACKS["alg-none"], ATTACKS["signature-stripped"]
    bad: list[tuple[str, Any]] = [
        ("a token that says it is not signed", none.forge(_goal(draw), original=good, spelling=each))
        for each in ("none", "None", "NONE", "nOnE", "none ")
    ]
    bad += [
        ("a token whose signature was cut off", stripped.forge(_goal(draw), original=good)),
        ("a token whose signature was cut off", good.rpartition(".")[0] + "."),
    ]
    _keeps_out(answer, my, draw, bad)


def changed(answer: Answer, my: Variant, draw: Draw) -> None:
    good, alg = make_token(my, good_claims(my, draw)), my_rules(my)["algorithm"]
    stranger: bytes | Key = draw.bytes(32) if alg == "HS256" else my.other_key
    jwk = my.other_key.public().to_jwk()
    blank = base64url.encode(bytes(NUMBER_OF[alg]))
    words = "claims that were changed after they were signed"
    bad: list[tuple[str, Any]] = [
        *((words, ATTACKS["unverified"].forge(_goal(draw), original=good)) for _ in range(2)),
        (words, f"{good.rpartition('.')[0]}.{make_token(my, good_claims(my, draw)).rpartition('.')[2]}"),
        (
            "a token signed with a key that you do not trust",
            make_token(my, good_claims(my, draw), key=stranger),
        ),
        (
            "a token that brings its own key along",
            make_token(my, good_claims(my, draw), good_header(my, jwk=jwk), key=stranger),
        ),
        ("a token with a blank signature", f"{good.rpartition('.')[0]}.{blank}"),
    ]
    if alg == "HS256":
        bad += _confused(my, draw)
    _keeps_out(answer, my, draw, bad)


def algorithm(answer: Answer, my: Variant, draw: Draw) -> None:
    other = next(each for each in NUMBER_OF if each != my_rules(my)["algorithm"])
    words = "a token that is signed by an algorithm which your rules do not allow"
    bad: list[tuple[str, Any]] = [(words, make_token(my, good_claims(my, draw), alg=other)) for _ in range(2)]
    if other == "HS256":
        bad += _confused(my, draw)
    bad.append(("a token with crit", make_token(my, good_claims(my, draw), good_header(my, crit=["x"], x=1))))
    _keeps_out(answer, my, draw, bad)


def dates(answer: Answer, my: Variant, draw: Draw) -> None:
    leeway = my_rules(my)["leeway"]
    changes: list[tuple[str, dict[str, Any]]] = [
        ("an expired token", {"exp": my.now - leeway}),
        ("an expired token", {"exp": my.now - draw.between(1000, 99999)}),
        ("a token without exp", {"exp": None}),
        ("a token whose exp is a text", {"exp": str(my.now + 600)}),
        ("a token that is not valid yet", {"nbf": my.now + leeway + 1}),
        ("a token whose nbf is no number", {"nbf": True}),
    ]
    _keeps_out(
        answer, my, draw, [(words, make_token(my, good_claims(my, draw, **each))) for words, each in changes]
    )
    if _accepts(answer, make_token(my, good_claims(my, draw)), my.now + my.lifetime + leeway):
        raise Wrong("a token that is expired at the time which is handed over")


def names(answer: Answer, my: Variant, draw: Draw) -> None:
    bad: list[tuple[str, Any]] = [
        (words, make_token(my, good_claims(my, draw, iss=text)))
        for words, text in near(my.issuer, "another issuer")
    ]
    bad += [
        (words, make_token(my, good_claims(my, draw, aud=text)))
        for words, text in near(my.audience, "another audience")
    ]
    bad += [
        ("a token without iss", make_token(my, good_claims(my, draw, iss=None))),
        ("a token without aud", make_token(my, good_claims(my, draw, aud=None))),
        ("a token for others", make_token(my, good_claims(my, draw, aud=[my.issuer, f"{my.audience}/x"]))),
        ("a token for others", make_token(my, good_claims(my, draw, aud={my.audience: True}))),
    ]
    _keeps_out(answer, my, draw, bad)


def type(answer: Answer, my: Variant, draw: Draw) -> None:
    words = "a token of another type"
    headers = [good_header(my, typ=each) for each in ("JWT", "id+jwt", "application/jwt", f"{TYP} ", "at")]
    headers += [good_header(my, typ=None), good_header(my) | {"typ": None}, good_header(my, typ=[TYP])]
    _keeps_out(answer, my, draw, [(words, make_token(my, good_claims(my, draw), each)) for each in headers])


def required(answer: Answer, my: Variant, draw: Draw) -> None:
    name = my_rules(my)["required"]
    words = f"a token without a good {name}: the rules want a text that is not empty"
    values: list[Any] = ["", True, 1, 0, [], ["x"], {}, {"x": "y"}, 1.5]
    claims = [good_claims(my, draw) | {name: each} for each in [*values, None]]
    claims.append({other: value for other, value in good_claims(my, draw).items() if other != name})
    _keeps_out(answer, my, draw, [(words, make_token(my, each)) for each in claims])


def hostile(answer: Answer, my: Variant, draw: Draw) -> None:
    good = make_token(my, good_claims(my, draw))
    text, _, signature = good.rpartition(".")
    words = "what is no token"
    things: list[Any] = ["", ".", "..", "...", text, f"{good}.", f"{good}=", f"{good}\n", f" {good}", None, 7]
    things += [[], {}, good.encode(), "é.é.é", "\0", draw.text(40), f"Bearer {good}", f"{text}..{signature}"]
    things += [make_token(my, each) for each in (b"[]", b"null", b"", b"\xff", b"[" * 100_000)]
    things += [make_token(my, good_claims(my, draw), each) for each in (b"[]", b"null", b"7", b"{")]
    things.append(make_token(my, as_json(good_claims(my, draw))[:-1] + b',"sub":"admin"}'))
    things.append(make_token(my, good_claims(my, draw), {}))
    _keeps_out(answer, my, draw, [(words, each) for each in things])
