"""Keys and headers that the two mends of assignment 3 are judged with."""

from __future__ import annotations

from typing import Any

from jwtlab.classroom.draw import Draw
from jwtlab.classroom.variants import Variant
from jwtlab.jose import base64url

ALGORITHMS = ("HS256", "HS512", "ES256", "RS256", "RS512", "PS256", "PS512")


def my_algorithms(my: Variant) -> list[str]:
    """The two algorithms that this student's API allows."""
    return my.draw("a3 algorithms").shuffled(ALGORITHMS)[:2]


def key_of(my: Variant, draw: Draw, alg: str | None, **changes: Any) -> dict[str, Any]:
    """A key of the service as a JWK: the public half, or a secret."""
    family = (alg or "")[:2]
    if family == "HS":
        members: dict[str, Any] = {"kty": "oct", "k": base64url.encode(draw.bytes(32))}
    elif family in ("RS", "PS"):
        modulus = bytes([0xC1]) + draw.bytes(254) + b"\x01"
        members = {"kty": "RSA", "n": base64url.encode(modulus), "e": "AQAB"}
    else:
        public = my.key.public().to_jwk()
        members = {name: public[name] for name in ("kty", "crv", "x", "y")}
    members |= {"kid": f"{my.place}-{draw.text(4)}", "alg": alg, **changes}
    return {name: value for name, value in members.items() if value is not None}


def header_of(alg: str, key: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"alg": alg, "typ": "at+jwt", "kid": key["kid"], **changes}
