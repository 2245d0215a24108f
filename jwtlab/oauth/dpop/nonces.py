"""The nonces that a server wants back in a proof (RFC 9449 §8, §9)."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from jwtlab.jose import base64url


class Nonces:
    """The nonces that one server hands out and wants back in a proof (RFC 9449 §8, §9).

    Nobody can know the next one in advance, so nobody can sign proofs in advance. They follow from a secret and
    the time: nothing has to be kept, and several processes with the same secret agree.

    Args:
        secret: random bytes, known to this server only.
        clock: ``() -> seconds since 1970``.
    """

    LIFETIME = 300
    """Seconds until the next nonce; the one before is good for as long again."""

    def __init__(self, secret: bytes, clock: Callable[[], float]) -> None:
        self._secret, self._clock = secret, clock

    @property
    def current(self) -> str:
        """The nonce for the next proof."""
        return self._of(self._turn())

    def fits(self, nonce: str) -> bool:
        """Is this the current one, or the one before?"""
        turn = self._turn()
        found = nonce.encode("utf-8", "replace")
        return any(hmac.compare_digest(self._of(each).encode(), found) for each in (turn, turn - 1))

    def _turn(self) -> int:
        return int(self._clock() // self.LIFETIME)

    def _of(self, turn: int) -> str:
        return base64url.encode(hmac.digest(self._secret, str(turn).encode(), "sha256")[:16])
