"""How much one sender may ask for: a bucket of tokens that fills again, for each."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

_MOST = 4096
"""Senders that are remembered; who has not been heard of for longest is forgotten first."""


class Limit:
    """At most so many at once, and so many a second.

    Args:
        burst: how many may come at once.
        rate: how many come back in a second.
        clock: seconds, from anywhere.
    """

    def __init__(self, burst: float, rate: float, clock: Callable[[], float]) -> None:
        self.burst, self.rate, self.clock = burst, rate, clock
        self._lock = threading.Lock()
        self._left: OrderedDict[object, tuple[float, float]] = OrderedDict()

    def wait(self, sender: object, cost: float = 1) -> float:
        """Take what this costs; gives 0, or the seconds to wait when there is too little left.

        Args:
            sender: anything that can be a key of a dict.
            cost: 0 only looks whether there is anything left.
        """
        with self._lock:
            now = self.clock()
            left, then = self._left.pop(sender, (self.burst, now))
            left = min(self.burst, left + max(0.0, now - then) * self.rate)
            needed = cost or 1
            enough = left >= needed
            self._left[sender] = (left - cost if enough else left, now)
            while len(self._left) > _MOST:
                self._left.popitem(last=False)
            return 0.0 if enough else (needed - left) / self.rate
