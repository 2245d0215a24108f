"""The half hashes that tie an ID token to what came along with it: ``at_hash`` and ``c_hash``."""

from __future__ import annotations

import hashlib

from jwtlab.jose import base64url
from jwtlab.jose.algorithms import Algorithm


def half_hash(value: str, alg: str) -> str:
    """The left half of a hash (OpenID Connect Core §3.1.3.6, §3.3.2.11).

    Args:
        value: the access token or the code.
        alg: of the ID token that carries it; it decides which hash is used.
    """
    size = {"256": "sha256", "384": "sha384", "512": "sha512"}.get(Algorithm.named(alg).name[-3:], "sha512")
    digest = hashlib.new(size, value.encode("ascii", "replace")).digest()
    return base64url.encode(digest[: len(digest) // 2])
