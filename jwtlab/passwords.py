"""Passwords, kept as nobody can read them back: a salt and a slow hash (scrypt, RFC 7914)."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from jwtlab.errors import UsageError

# Small, for a lab whose passwords are printed in its lessons and that logs in all the time. At work: n = 2**17 or
# more (RFC 7914 §2 explains the parameters), and a library.
COST = 2**10
FILE_COST = 2**15
"""For passwords that are kept in a file: 32 MiB of memory for each try."""
SALT_BYTES = 16
HASH_BYTES = 32
LARGEST_COST = 2**20
_FORM = "scrypt$N$r$p$SALT$HASH"


def digest(password: str, salt: bytes, cost: int = COST) -> bytes:
    """The hash to store beside the salt, 32 bytes."""
    return _scrypt(password, salt, cost, 8, 1)


def matches(password: str, salt: bytes, stored: bytes) -> bool:
    """Is this the password? Compared in constant time."""
    return hmac.compare_digest(digest(password, salt), stored)


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return Scrypt(salt=salt, length=HASH_BYTES, n=n, r=r, p=p).derive(
        password.encode("utf-8", "surrogatepass")
    )


@dataclass(frozen=True)
class Hashed:
    """A password as it stands in a file: with everything that is needed to check it, and not to read it back.

    Attributes:
        n, r, p: the parameters of RFC 7914 §2.
        salt, hash: bytes.
    """

    n: int
    r: int
    p: int
    salt: bytes
    hash: bytes

    @classmethod
    def of(cls, password: str, salt: bytes | None = None, cost: int = FILE_COST) -> Hashed:
        """Hash a password, with a salt of its own."""
        salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
        return cls(cost, 8, 1, salt, digest(password, salt, cost))

    @classmethod
    def parse(cls, text: str) -> Hashed:
        """Read what `str` wrote.

        Raises:
            UsageError: it is no such text, or asks for more work than a server should do for a stranger's try.
        """
        name, *rest = text.split("$")
        if name != "scrypt" or len(rest) != 5:
            raise UsageError(f"a hashed password has the form {_FORM}")
        if not all(each.isascii() and each.isdigit() and len(each) < 8 for each in rest[:3]):
            raise UsageError(f"N, r and p in {_FORM} are numbers")
        n, r, p = (int(each) for each in rest[:3])
        if n < 2 or n & (n - 1) or n > LARGEST_COST or not 1 <= r <= 16 or not 1 <= p <= 16:
            raise UsageError(
                f"N is a power of two up to {LARGEST_COST}, r and p are from 1 to 16 (RFC 7914 §2)"
            )
        try:
            salt, stored = (_octets(each) for each in rest[3:])
        except (ValueError, binascii.Error) as error:
            raise UsageError(f"the salt or the hash is no base64url: {error}") from None
        if len(salt) < 8 or len(stored) != HASH_BYTES:
            raise UsageError(f"the salt has 8 bytes or more, the hash {HASH_BYTES}; a part is missing")
        return cls(n, r, p, salt, stored)

    def __str__(self) -> str:
        parts = (self.n, self.r, self.p, _text(self.salt), _text(self.hash))
        return "$".join(("scrypt", *map(str, parts)))

    def matches(self, password: str) -> bool:
        """Is this the password? Compared in constant time."""
        return hmac.compare_digest(_scrypt(password, self.salt, self.n, self.r, self.p), self.hash)


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _octets(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


# Without letters and digits that are taken for one another when somebody reads them from paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def make_up() -> str:
    """A new password that can be read out and typed: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
