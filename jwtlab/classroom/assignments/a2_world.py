"""A student's world in assignment 2: the rules of an API, its keys, and tokens for it, good or not."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jwtlab.classroom.assignments.asking import Bad, near, said
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Raised, Wrong
from jwtlab.classroom.variants import Variant
from jwtlab.jose import base64url
from jwtlab.jose.algorithms import Algorithm
from jwtlab.jose.key import Key

NUMBER_OF = {"HS256": 32, "ES256": 64}
"""Bytes of a signature."""
TYP = "at+jwt"
OTHER_ALGORITHMS = ("none", "None", "NONE", "HS384", "HS512", "RS256", "PS256", "ES384", "EdDSA", "dir")
"""Names that no rule here allows."""


def my_rules(my: Variant) -> dict[str, Any]:
    """The rules of this student's API.

    Returns:
        ``algorithm``: the only one that is allowed. ``typ``: what a token has to be.
        ``leeway``: seconds by which clocks may differ. ``required``: a claim that has to be there, a
        text that is not empty.
    """
    draw = my.draw("a2 rules")
    return {
        "algorithm": draw.choice(("HS256", "ES256")),
        "typ": TYP,
        "leeway": draw.between(5, 90),
        "required": draw.choice(("client_id", "tenant", "scope", "device", "sid")),
    }


def my_keys(my: Variant) -> dict[str, Any]:
    """The keys of this student's API: algorithm → secret bytes, or a public key as a JWK."""
    return {"HS256": my.secret, "ES256": my.key.public().to_jwk()}


def good_token(my: Variant) -> str:
    """A token that this student's API has to accept."""
    return make_token(my, good_claims(my, my.draw("a2 good token")))


def good_claims(my: Variant, draw: Draw, **changes: Any) -> dict[str, Any]:
    """Claims of a good token, about somebody new."""
    fresh = {
        "sub": f"user-{draw.text(8)}",
        "jti": draw.text(12),
        my_rules(my)["required"]: f"{my.thing}-{draw.text(5)}",
    }
    return my.claims(**(fresh | changes))


def good_header(my: Variant, **changes: Any) -> dict[str, Any]:
    header = {"alg": my_rules(my)["algorithm"], "typ": TYP, **changes}
    return {name: value for name, value in header.items() if value is not None}


def as_json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("utf-8")


def sign(my: Variant, alg: str, text: bytes, key: bytes | Key | None = None) -> bytes:
    """A signature by the key that is trusted for this algorithm, or by another one."""
    if alg == "HS256":
        secret = my.secret if key is None else key
        assert isinstance(secret, bytes)
        return hmac.digest(secret, text, "sha256")
    private = my.key if key is None else key
    assert isinstance(private, Key)
    return Algorithm.named("ES256").sign(private, text)


def make_token(
    my: Variant,
    claims: Mapping[str, Any] | bytes,
    header: Mapping[str, Any] | bytes | None = None,
    *,
    alg: str | None = None,
    key: bytes | Key | None = None,
) -> str:
    """A token, signed by the algorithm of the rules, or by another one; the bytes may be any."""
    alg = alg or my_rules(my)["algorithm"]
    header = good_header(my, alg=alg) if header is None else header
    parts = [each if isinstance(each, bytes) else as_json(each) for each in (header, claims)]
    text = ".".join(base64url.encode(each) for each in parts)
    return f"{text}.{base64url.encode(sign(my, alg, text.encode('ascii'), key))}"


def near_texts(right: str, words: str, make: Callable[[str], tuple[Any, ...]]) -> Iterator[Bad]:
    for why, text in near(right, words):
        yield Bad(why, make(text))


def not_everything(answer: Answer, *arguments: Any) -> None:
    """Asked beside good ones: something in which everything is wrong."""
    if said(answer, arguments):
        raise Wrong("it says True to what is wrong in every way: does it look at what it is given?")


def works(answer: Answer, arguments: tuple[Any, ...]) -> bool:
    try:
        return said(answer, arguments)
    except Raised as raised:
        if raised.kind == "NotImplementedError":
            raise
        return False
