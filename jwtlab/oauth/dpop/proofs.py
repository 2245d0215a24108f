"""Proofs of possession, as a client makes them (RFC 9449 §4.2)."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from jwtlab.jose import algorithms as jwa
from jwtlab.jose import base64url, jwt
from jwtlab.jose.key import Key

TYPE = "dpop+jwt"


ALGORITHMS = tuple(alg.name for alg in jwa.ALGORITHMS.values() if alg.kty != "oct")


def proof(
    key: Key,
    method: str,
    url: str,
    *,
    now: float,
    jti: str,
    access_token: str | None = None,
    nonce: str | None = None,
) -> str:
    """A DPoP proof for one request (RFC 9449 §4.2).

    Args:
        key: the private key; its public half travels in the header.
        method, url: of the request; query and fragment are left off.
        now: seconds since 1970.
        jti: a name that is used once.
        access_token: the token that is sent along, at an API.
        nonce: what the server asked for, if it did (§8).
    """
    claims: dict[str, Any] = {"jti": jti, "htm": method, "htu": address(url), "iat": int(now)}
    if access_token is not None:
        claims["ath"] = token_hash(access_token)
    if nonce is not None:
        claims["nonce"] = nonce
    alg = key.alg or key.algorithms[0]
    jwk = {name: value for name, value in key.public().to_jwk().items() if name in _KEY_MEMBERS}
    # No kid: the key itself is in the header.
    return jwt.issue(claims, nameless(key), alg=alg, header={"typ": TYPE, "jwk": jwk})


_KEY_MEMBERS = ("kty", "crv", "x", "y", "n", "e")


def nameless(key: Key) -> Key:
    return Key(key.kty, key.crv, key.octets, None, key.use, key.key_ops, key.alg)


def token_hash(access_token: str) -> str:
    """``ath``: BASE64URL(SHA256(token)) (RFC 9449 §4.2)."""
    return base64url.encode(hashlib.sha256(access_token.encode("ascii", "replace")).digest())


def address(url: str) -> str:
    """``htu``: the address without query and fragment (RFC 9449 §4.2)."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", "", ""))
