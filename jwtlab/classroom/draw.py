"""Draws that come out the same on every machine and every Python: SHA-256 of a seed and a counter.

``random.Random`` keeps its bits from version to version, but not what ``choice`` and ``shuffle`` make
of them; a class needs the same variant everywhere and for years.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """A stream of draws from a seed.

    Args:
        seed: any texts; the same texts give the same stream, and each other text another.
    """

    def __init__(self, *seed: str) -> None:
        self._seed = hashlib.sha256("\0".join(["jwtlab draw 1", *seed]).encode("utf-8")).digest()
        self._count = 0

    def bytes(self, count: int) -> bytes:
        """So many bytes."""
        found = b""
        while len(found) < count:
            found += hashlib.sha256(self._seed + self._count.to_bytes(8)).digest()
            self._count += 1
        return found[:count]

    def number(self, below: int) -> int:
        """A number from 0 to ``below - 1``, each equally likely."""
        size = (below.bit_length() + 7) // 8 + 8  # eight bytes more: the unevenness is below 2^-64
        return int.from_bytes(self.bytes(size)) % below

    def between(self, low: int, high: int) -> int:
        """A number from ``low`` to ``high``, both included."""
        return low + self.number(high - low + 1)

    def choice(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.number(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in another order (Fisher and Yates)."""
        left = list(items)
        return [left.pop(self.number(len(left))) for _ in items]

    def text(self, length: int, letters: str = "abcdefghijklmnopqrstuvwxyz0123456789") -> str:
        """So many letters."""
        return "".join(self.choice(letters) for _ in range(length))
