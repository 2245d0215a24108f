"""True tokens in the wrong place or at the wrong time, tokens of two meanings, and what is no token at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from jwtlab.jose import base64url
from jwtlab.jose.token import decode
from jwtlab.testing.forgery import Bench, Make
from jwtlab.testing.forging import forge

DAY = 86_400
ORDERS = {
    "ES256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
}
"""Of the curve's group: an ECDSA signature has a twin, n - s for s."""


def with_claims(bench: Bench, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A true token of the issuer, with other claims than it should have."""
    return bench.good(header=header, **{**bench.goal, **claims})


# Claims


def expired(seconds: int) -> Make:
    return lambda bench: with_claims(bench, iat=bench.now - seconds - 900, exp=bench.now - seconds)


def exp_of(value: Any) -> Make:
    def make(bench: Bench) -> str:
        past = bench.now - DAY
        exp = {
            "missing": None,
            "milliseconds": past * 1000,
            "text": str(bench.now + 900),
            "zero": 0,
            "fraction": past + 0.1,
        }[value]
        return with_claims(
            bench, iat=min(bench.now, past - 900) if value == "fraction" else bench.now, exp=exp
        )

    return make


def not_yet(seconds: int) -> Make:
    return lambda bench: with_claims(bench, nbf=bench.now + seconds, exp=bench.now + seconds + DAY)


def like(own: str, kind: str) -> str:
    """What a careless comparison takes for a text: it begins, ends or goes on like it, or differs in case only."""
    return {
        "longer": f"{own}.mallory.example",
        "part": own[:-1],
        "before": f"https://mallory.example/{own}",
        "case": own.swapcase(),
        "pattern": own.replace(".", "x"),
    }[kind]


def differs(kind: str) -> Callable[[Bench], bool]:
    """Another text than yours comes of it: a name without dots has no other letters for them."""
    return lambda bench: kind not in ("pattern", "case") or like(bench.audience, kind) != bench.audience


def audience(kind: str) -> Make:
    def make(bench: Bench) -> str:
        others: dict[str, Any] = {
            "other-service": "https://cafe.example",
            "list": ["https://cafe.example", "https://shop.example"],
            "missing": None,
            "empty": "",
            "nobody": [],
        }
        aud = others[kind] if kind in others else like(bench.audience, kind)
        claims = bench.claims_of_good(**bench.goal)
        claims.pop("aud")
        if aud is not None:
            claims["aud"] = aud
        return bench.issuer.sign(claims, alg=bench.alg, typ=bench.typ, header=bench.header)

    return make


def of_issuer(kind: str) -> Make:
    def make(bench: Bench) -> str:
        others = {"other": "https://mallory.example", "missing": None}
        iss = others[kind] if kind in others else like(bench.issuer.issuer, kind)
        return with_claims(bench, iss=iss)

    return make


def id_token(bench: Bench) -> str:
    """As the issuer gives it to the application: aud is the client."""
    client = bench.issuer.client_id
    return with_claims(
        bench, header={"typ": "JWT"}, aud=client, nonce="n-0S6_WzA2Mj", scope=None, client_id=None
    )


def id_token_fits(bench: Bench) -> bool:
    """Where ID tokens themselves are verified, a true one is no forgery."""
    return bench.audience != bench.issuer.client_id


def access_token(bench: Bench) -> str:
    return with_claims(bench, header={"typ": "at+jwt"}, nonce=None)


def of_type(typ: str) -> Make:
    return lambda bench: with_claims(bench, header={"typ": typ})


# Two readers


def critical(bench: Bench) -> str:
    name = "https://issuer.example/only-on-device"
    return with_claims(bench, header={"crit": [name], name: "alice-laptop"})


def unencoded(bench: Bench) -> str:
    """``b64`` is false: the payload would be the very text between the dots (RFC 7797 §3)."""
    return with_claims(bench, header={"crit": ["b64"], "b64": False})


def duplicate(bench: Bench) -> str:
    members = json.dumps(bench.claims_of_good(**bench.goal))
    payload = f'{{"sub":"somebody-else","admin":false,{members[1:]}'.encode()
    return bench.issuer.sign(payload, alg=bench.alg, typ=bench.typ, header=bench.header)


def polyglot(bench: Bench) -> str:
    return forge("polyglot", bench, original=bench.good())


def spelling(name: str) -> Make:
    def make(bench: Bench) -> str:
        token = bench.good(**bench.goal)
        if name == "high-s":
            return _high_s(token, bench.alg)
        if name == "padding":
            return token + "=" * (-len(token.rpartition(".")[2]) % 4 or 1)
        return forge("malleable-token", bench, revoked=token, spelling=name)

    return make


def _high_s(token: str, alg: str) -> str:
    text, _, signature = token.rpartition(".")
    octets = base64url.decode(signature)
    half = len(octets) // 2
    s = int.from_bytes(octets[half:])
    twin = octets[:half] + (ORDERS[alg] - s).to_bytes(half)
    return f"{text}.{base64url.encode(twin)}"


def with_twin(bench: Bench) -> bool:
    return bench.alg in ORDERS


def with_spare_bits(bench: Bench) -> bool:
    """The last character of the signature has bits that count for nothing."""
    return bench.alg not in ("ES384", "ES512", "HS384")  # 96, 132 and 48 bytes: a whole number of characters


def used_before(bench: Bench) -> str:
    return bench.good(jti="used-before")


# No tokens at all

GARBAGE = {
    "word": "token",
    "dots": "..",
    "five-parts": "a.b.c.d.e",
    "no-json": "bm90.anNvbg.AAAA",
    "list": "W10.W10.AAAA",
    "long": "e" * 6_000,
    "letters": "\u00e9.\u00e9.\u00e9".encode().decode("latin-1"),
}


def garbage(name: str) -> Make:
    return lambda bench: GARBAGE[name]


def strange_header(**header: Any) -> Make:
    """A header whose parameters are of the wrong type, sealed with a made-up signature."""

    def make(bench: Bench) -> str:
        good = decode(bench.good())
        text = json.dumps({**good.header, **header}).encode()
        return f"{base64url.encode(text)}.{bench.good().split('.')[1]}.{base64url.encode(good.signature)}"

    return make


def any_token(bench: Bench) -> bool:
    return True
