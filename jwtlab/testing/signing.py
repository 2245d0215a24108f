"""The keys that an issuer of a test signs with."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from jwtlab.checks import Policy
from jwtlab.errors import UsageError
from jwtlab.jose.key import Key

ANY_KEY = Policy((), "no question")
"""A test's secret may be as short as the application's own."""


@lru_cache(maxsize=64)
def nameless(key: Key) -> Key:
    """The same key without a name and without an algorithm, for a header that says what it likes.

    It is kept: to read a private RSA key anew takes longer than to sign with it.
    """
    return replace(key, kid=None, alg=None)


def given_key(alg: str, secret: str | bytes | None, key: Key | None) -> Key | None:
    """The key that a test brings.

    Raises:
        UsageError: it cannot sign, or there are two.
    """
    if secret is not None and key is not None:
        raise UsageError("give a secret or a key, not both")
    if secret is not None:
        if alg and not alg.startswith("HS"):
            raise UsageError(f"a secret signs with HS256, HS384 or HS512, not with {alg}")
        return Key.from_secret(secret, alg=alg or "HS256")
    if key is not None and not key.is_private and not key.is_symmetric:
        raise UsageError("this is a public key; an issuer needs the private half to sign")
    return key


def alg_of(key: Key) -> str:
    return key.alg or key.algorithms[0]
