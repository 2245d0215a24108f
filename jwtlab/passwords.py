"""Passwords, kept as nobody can read them back: a salt and a slow hash (scrypt, RFC 7914)."""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

# Small, for a lab whose passwords are printed in its lessons and that logs in all the time. At work: n = 2**17 or
# more (RFC 7914 §2 explains the parameters), and a library.
COST = 2**10
SALT_BYTES = 16


def digest(password: str, salt: bytes) -> bytes:
    """The hash to store beside the salt, 32 bytes."""
    return Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(password.encode("utf-8", "surrogatepass"))


def matches(password: str, salt: bytes, stored: bytes) -> bool:
    """Is this the password? Compared in constant time."""
    return hmac.compare_digest(digest(password, salt), stored)
