"""Keys that everybody knows, and keys that are unfit: what lessons 04 and 07 show and ask about."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from jwtlab.attacks import material
from jwtlab.checks import Policy
from jwtlab.jose import jwt
from jwtlab.jose.key import Key
from jwtlab.jose.key_set import KeySet
from jwtlab.lab import Lab

NO_QUESTIONS = Policy((), "no questions asked")
"""Signing with unfit keys: the lab has to be able to make what it then refuses."""


@cache
def lesson_key(name: str) -> Key:
    """A P-256 key of this lesson, made from its name; so everybody knows it. For learning only."""
    number = int.from_bytes(hashlib.sha256(f"jwtlab lesson 04: {name}".encode()).digest())
    pair = ec.derive_private_key(number, ec.SECP256R1())
    pem = pair.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Key.from_pem(pem, kid=name, alg="ES256")


@dataclass(frozen=True)
class Unfit:
    """An otherwise good token in front of a verifier that trusts something it should not.

    Attributes:
        title: what is wrong with the key, or with the set.
        token: a token that would otherwise be accepted.
        keys: what the verifier trusts.
        algorithms: the verifier's allow-list.
    """

    title: str
    token: str
    keys: KeySet
    algorithms: tuple[str, ...]


SMALL: Mapping[str, Any] = {
    "kty": "RSA",
    "n": "u5QIGG4XfNEMPNXtKlHitRE9lIQmuBjH68cYLi4GRYvWWrjrHYHQHwMPnmH7ezJT9eMufAtrpPCUOGEU_uiYV-0ZVzSXDC4Thl_r"
    "VmqFE7NRoWKDNcg9FBmwmb6BhXSoLgkudHvSGgJhRUuG3Y-raHY5miADFgswko2MZMm0rlc",
    "e": "AQAB",
    "kid": "small",
    "alg": "RS256",
}
"""An RSA key of 1024 bits: too short."""

SMALL_TOKEN = (
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InNtYWxsIn0."
    "eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUiLCJzdWIiOiJhbGljZSIsImF1ZCI6Imh0dHBzOi8vYXBpLmV4YW1wbGUiLCJpYXQiOjE3Njcy"
    "MjU2MDAsImV4cCI6MTc2NzIyNjUwMH0."
    "p8LBLminkKsnOz_0DNyu8ZuHqY8vSQkC79HXOUwZs_NztUkTVj4iuhNTm04JCPCzGPDS_VuVK5o2cdTwI-sE_gzkd_P9P1eTzGZCO00wqhMx"
    "48Z3hBH3EkPvvflbVbrL0LLbAz35F534mbYEhCaPTWdrQSMJH4M5uBgMjftLZ8k"
)
"""Signed once with a 1024-bit key, which was then thrown away."""


def _token(key: Key, alg: str) -> str:
    return jwt.issue(Lab("04").claims("alice", jti=None), key, alg=alg, policy=NO_QUESTIONS)


def _held(key: Key, **changes: Any) -> Key:
    """A key as a verifier holds it."""
    return replace(key if key.is_symmetric else key.public(), **changes)


@cache
def unfit() -> tuple[Unfit, ...]:
    """Ten ways in which a key, or a set of keys, can be unfit."""
    lab = Lab("04")
    es, rs, hs = lab.key("ES256"), lab.key("RS256"), lab.key("HS256")
    hello = Key.from_secret("hello", kid="hello")
    pem = Key.from_secret(rs.to_pem(), kid="pem")
    roca = material.special_key("roca")
    off = Key.from_jwk(es.public().to_jwk() | {"y": lesson_key("elsewhere").to_jwk()["y"]})
    twin = _held(lab.key("ES256", "mallory"), kid=es.kid)
    good, rsa = _token(es, "ES256"), _token(rs, "RS256")
    return (
        Unfit("a secret of five letters", _token(hello, "HS256"), KeySet([hello]), ("HS256",)),
        Unfit("RSA, 1024 bits", SMALL_TOKEN, KeySet([Key.from_jwk(SMALL)]), ("RS256",)),
        Unfit("RSA from a faulty chip (ROCA)", _token(roca, "RS256"), KeySet([_held(roca)]), ("RS256",)),
        Unfit("meant for encrypting (use enc)", good, KeySet([_held(es, use="enc")]), ("ES256",)),
        Unfit("may only sign (key_ops)", good, KeySet([_held(es, key_ops=("sign",))]), ("ES256",)),
        Unfit("meant for PS256 (alg)", rsa, KeySet([_held(rs, alg="PS256")]), ("RS256",)),
        Unfit("a public key taken for a secret", _token(pem, "HS256"), KeySet([pem]), ("HS256",)),
        Unfit("a point that is not on its curve", good, KeySet([off]), ("ES256",)),
        Unfit("a set with a secret among public keys", good, KeySet([_held(es), hs]), ("ES256", "HS256")),
        Unfit("a set with two keys of one kid", good, KeySet([_held(es), twin]), ("ES256",)),
    )


@cache
def bad_ring() -> tuple[KeySet, dict[str, str]]:
    """A set in which every key but one is unfit in its own way, and a token for each."""
    rs = Lab("04").key("RS256")
    roca = material.special_key("roca")
    signers = {
        "sound": rs,
        "faulty chip": replace(roca, kid="faulty chip"),
        "for encrypting": replace(rs, kid="for encrypting", use="enc"),
        "may only sign": replace(rs, kid="may only sign", key_ops=("sign",)),
    }
    held = [replace(key.public(), key_ops=key.key_ops) for key in signers.values()]
    tokens = {name: _token(key, "RS256") for name, key in signers.items()}
    return KeySet([*held, Key.from_jwk(SMALL)]), {**tokens, "1024 bits": SMALL_TOKEN}
