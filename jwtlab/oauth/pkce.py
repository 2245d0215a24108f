"""Proof Key for Code Exchange: whoever redeems a code shows that they asked for it (RFC 7636)."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable

from jwtlab.errors import UsageError
from jwtlab.jose import base64url

S256 = "S256"
"""The only method the lab knows: ``plain`` protects nobody who can read the request (RFC 9700 §2.1.1)."""

VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")
"""43 to 128 unreserved characters (RFC 7636 §4.1)."""

CHALLENGE = re.compile(r"[A-Za-z0-9\-_]{43}")
"""A SHA-256 value in base64url (RFC 7636 §4.2)."""


def new_verifier(random: Callable[[int], bytes]) -> str:
    """A fresh ``code_verifier``: 32 random bytes as 43 characters (RFC 7636 §4.1).

    Args:
        random: ``count -> bytes``, such as ``lab.random.bytes`` or ``secrets.token_bytes``.
    """
    return base64url.encode(random(32))


def challenge(verifier: str) -> str:
    """The ``code_challenge`` of a verifier: BASE64URL(SHA256(ASCII(verifier))) (RFC 7636 §4.2).

    Raises:
        UsageError: it is no verifier.
    """
    if not VERIFIER.fullmatch(verifier):
        raise UsageError(
            "a code_verifier has 43 to 128 characters out of A-Z a-z 0-9 - . _ ~ (RFC 7636 §4.1); "
            f"this one has {len(verifier)}"
        )
    return base64url.encode(hashlib.sha256(verifier.encode("ascii")).digest())


def fits(verifier: object, expected: str) -> bool:
    """Does this verifier belong to the challenge (RFC 7636 §4.6)? Compared in constant time; never raises."""
    if not isinstance(verifier, str) or not VERIFIER.fullmatch(verifier):
        return False
    return hmac.compare_digest(challenge(verifier).encode(), expected.encode("utf-8", "surrogatepass"))
