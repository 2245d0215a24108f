"""Keys and tokens that several test modules here use."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from jwtlab import ALGORITHMS, Key, Lab, base64url
from jwtlab.checks import Policy

LAB = Lab()
NOW = int(LAB.now)
CLAIMS = {"iss": LAB.issuer, "sub": "alice", "aud": LAB.audience, "iat": NOW, "exp": NOW + 900, "jti": "one"}
EXPECTED: dict[str, Any] = {"issuer": LAB.issuer, "audience": LAB.audience, "now": NOW}
NO_KEY_CHECKS = Policy((), "none")
ONE_OF_EACH_FAMILY = ("HS256", "RS256", "PS256", "ES256", "EdDSA")


def nameless(alg: str, /, **changes: Any) -> Key:
    """A key of the lab without kid and alg, so that nothing but its mathematics limits it."""
    return replace(LAB.key(alg), **{"kid": None, "alg": None, **changes})


def forge(header: bytes | Mapping[str, Any], payload: bytes | Mapping[str, Any], key: Key, alg: str) -> str:
    """A token with exactly these bytes as header and payload, signed without asking any check."""
    parts = [
        part if isinstance(part, bytes) else json.dumps(part, separators=(",", ":")).encode()
        for part in (header, payload)
    ]
    signing_input = ".".join(map(base64url.encode, parts))
    signature = ALGORITHMS[alg].sign(key, signing_input.encode())
    return f"{signing_input}.{base64url.encode(signature)}"


def good_token(alg: str = "ES256") -> str:
    return LAB.token(alg=alg, jti="one")


def verifying(key: Key) -> Key:
    """The half that a verifier holds."""
    return key if key.is_symmetric else key.public()


@cache
def small_rsa_key() -> Key:
    """1024 bits: half of what RFC 7518 §3.3 asks for."""
    return replace(Key.generate("RS256", bits=1024), alg=None, kid=None)


@cache
def roca_key() -> Key:
    """A key as the faulty generator made them; its primes follow the published structure."""
    primes = [p for p in range(2, 168) if all(p % q for q in range(2, p))]
    product = math.prod(primes[:39])
    data = json.loads(Path(__file__).with_name("data").joinpath("roca.json").read_text("utf-8"))
    p, q = (int(each["k"], 16) * product + pow(65537, int(each["a"], 16), product) for each in data["primes"])
    n, d = p * q, pow(65537, -1, math.lcm(p - 1, q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=rsa.rsa_crt_dmp1(d, p),
        dmq1=rsa.rsa_crt_dmq1(d, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(65537, n),
    )
    return Key._from_crypto(numbers.private_key())


def with_octets(key: Key, **octets: bytes) -> Key:
    return replace(key, octets=MappingProxyType({**key.octets, **octets}))


def off_curve_key() -> Key:
    """A public P-256 key whose point was pushed off the curve."""
    key = nameless("ES256").public()
    y = int.from_bytes(key.octets["y"]) ^ 1
    return with_octets(key, y=y.to_bytes(32))


SMALL_ORDER = tuple(
    bytes.fromhex(text)
    for text in (
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    )
)
"""The eight points of small order on Ed25519, as public keys."""


def small_order_key(octets: bytes = SMALL_ORDER[0]) -> Key:
    return Key("OKP", "Ed25519", MappingProxyType({"x": octets}))
