"""What every lab has in common: its first instant, its names, and its keys.

The keys are public to everybody and the same for every learner. Use them for nothing but learning.

Key pairs of RSA are kept in a file, since drawing one takes its time; for an algorithm that is not in it
the key is derived from its own name, which is as public.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from jwtlab.errors import UsageError
from jwtlab.jose.algorithms import Algorithm
from jwtlab.jose.key import Key
from jwtlab.jose.key_types import KEY_TYPES

PEM, PKCS8 = Encoding.PEM, PrivateFormat.PKCS8

EPOCH = 1_767_225_600
"""1 January 2026, 00:00:00 UTC: the instant at which every lab begins."""
ISSUER = "https://as.example"
AUDIENCE = "https://api.example"

_DERIVED = ("lab", "mallory")
"""Who has a key for every algorithm."""


@cache
def demo_key(alg: str = "ES256", owner: str = "lab") -> Key:
    """A demo key, with private half. Kept, because ``cryptography`` takes its time to check a private RSA key.

    Args:
        alg: the algorithm that it is for.
        owner: whose it is: ``"lab"``, ``"mallory"``, ``"rotated"`` or ``"client"``.

    Raises:
        UnknownAlgorithm: no such algorithm.
        UsageError: no such owner, or no such key of that owner.
    """
    algorithm = Algorithm.named(alg)
    if owner not in _owners():
        raise UsageError(f"keys are kept for {', '.join(_owners())}; not for {owner!r}")
    key = _kept(algorithm, owner) or (_derived(algorithm, owner) if owner in _DERIVED else None)
    if key is None:
        raise UsageError(f"there is no {alg} key of {owner}; there are: {', '.join(_owners()[owner])}")
    return replace(key, kid=f"{owner}-{alg.lower()}", alg=alg)


@cache
def _owners() -> Mapping[str, Mapping[str, Any]]:
    text = resources.files("jwtlab").joinpath("data/demo_keys.json").read_text("utf-8")
    owners: dict[str, dict[str, Any]] = json.loads(text)["owners"]
    return owners


def _kept(algorithm: Algorithm, owner: str) -> Key | None:
    """The first key in the file that fits; RSA keys serve one way of signing each, as they should."""
    kept = _owners()[owner]
    name = next((n for n in (algorithm.name, algorithm.crv, algorithm.name[:2]) if n in kept), None)
    key = None if name is None else Key.from_jwk(kept[name])
    return key if key is not None and algorithm.fits(key) else None


def _derived(algorithm: Algorithm, owner: str) -> Key | None:
    seed = hashlib.shake_256(f"jwtlab demo key: {algorithm.name} of {owner}".encode()).digest(128)
    if algorithm.symmetric:
        return Key.from_secret(seed[: algorithm.minimum_key_bits // 8])
    private = KEY_TYPES[algorithm.kty].derive(algorithm.crv, seed)
    return None if private is None else Key.from_pem(private.private_bytes(PEM, PKCS8, NoEncryption()))
