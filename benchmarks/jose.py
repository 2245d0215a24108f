"""Tokens: signing, verifying, reading, importing; jwtlab beside PyJWT and joserfc."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import jwt as pyjwt
from joserfc import jwk as joserfc_jwk
from joserfc import jwt as joserfc_jwt
from measure import Row, in_turn, start_up

import jwtlab

ALGORITHMS = ("HS256", "RS256", "PS256", "ES256", "EdDSA")
NAMES = ("jwtlab", "PyJWT", "joserfc")
LAB = jwtlab.Lab()
CLAIMS = LAB.claims(exp=4_102_444_800)
EXPECTED = {"issuer": LAB.issuer, "audience": LAB.audience}

warnings.filterwarnings("ignore", "EdDSA is deprecated")


def signing(seconds: float) -> Iterator[Row]:
    """Claims to token, with keys that are loaded already."""
    return (_signing(alg, seconds) for alg in ALGORITHMS)


def _signing(alg: str, seconds: float) -> Row:
    key = LAB.key(alg)
    theirs = key.secret if key.is_symmetric else key.private_crypto
    third, header = joserfc_jwk.import_key(key.to_jwk(private=True)), {"alg": alg, "typ": "JWT"}
    return _row(
        f"sign {alg}",
        seconds,
        lambda: jwtlab.issue(CLAIMS, key, alg=alg),
        lambda: pyjwt.encode(CLAIMS, theirs, algorithm=alg),
        lambda: joserfc_jwt.encode(header, CLAIMS, third, algorithms=[alg]),
    )


def verifying(seconds: float) -> Iterator[Row]:
    """Token to claims: signature, exp, iss and aud (joserfc: through its claims registry)."""
    return (_verifying(alg, seconds) for alg in ALGORITHMS)


def _verifying(alg: str, seconds: float) -> Row:
    key = LAB.verifying_keys(alg).keys[0]
    token = jwtlab.issue(CLAIMS, LAB.key(alg), alg=alg)
    theirs = key.secret if key.is_symmetric else key.public_crypto
    third = joserfc_jwk.import_key(key.to_jwk(private=key.is_symmetric))
    registry = joserfc_jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": LAB.issuer}, aud={"essential": True, "value": LAB.audience}
    )
    return _row(
        f"verify {alg}",
        seconds,
        lambda: jwtlab.verify(token, key, algorithms=[alg], now=LAB.now, **EXPECTED).claims,
        lambda: pyjwt.decode(token, theirs, algorithms=[alg], options={"verify_iat": False}, **EXPECTED),
        lambda: registry.validate(joserfc_jwt.decode(token, third, algorithms=[alg]).claims),
    )


def reading(seconds: float) -> Iterator[Row]:
    """A look at a token, verifying nothing."""
    token = jwtlab.issue(CLAIMS, LAB.key("ES256"), alg="ES256")
    unverified = {"verify_signature": False}
    yield _row(
        f"decode {len(token)} characters",
        seconds,
        lambda: jwtlab.decode(token).claims,
        lambda: pyjwt.decode_complete(token, options=unverified),
        None,
    )


def importing(seconds: float) -> Iterator[Row]:
    """Fresh interpreters; what a program pays before its first token."""
    rsa = "from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa"
    yield Row(
        "import (PyJWT with cryptography)",
        "ms",
        {
            "jwtlab": start_up("import jwtlab"),
            "PyJWT": start_up(f"import jwt\n{rsa}"),
            "joserfc": start_up("import joserfc.jwt"),
        },
    )
    yield Row(
        "import and verify",
        "ms",
        {"jwtlab": start_up("import jwtlab; lab = jwtlab.Lab(); lab.verify(lab.token()).claims")},
    )


def _row(what: str, seconds: float, *calls: Callable[[], object] | None) -> Row:
    named = [(name, call) for name, call in zip(NAMES, calls, strict=True) if call]
    values = in_turn([call for _, call in named], seconds)
    found = dict(zip((name for name, _ in named), values, strict=True))
    return Row(what, "per second", found)


BENCHMARKS = [signing, verifying, reading, importing]
