"""What was said on the network, in order."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any, overload

from jwtlab.oauth.http import export
from jwtlab.oauth.http.exchange import Exchange, SeenToken


class Trace(Sequence[Exchange]):
    """All exchanges, in the order in which they began."""

    def __init__(self, exchanges: Iterable[Exchange] = ()) -> None:
        self._lock = threading.Lock()
        self._exchanges = sorted(exchanges, key=_number)

    @overload
    def __getitem__(self, index: int) -> Exchange: ...
    @overload
    def __getitem__(self, index: slice) -> Trace: ...
    def __getitem__(self, index: int | slice) -> Exchange | Trace:
        found = self._exchanges[index]
        return Trace(found) if isinstance(found, list) else found

    def __len__(self) -> int:
        return len(self._exchanges)

    def add(self, exchange: Exchange) -> None:
        """Put an exchange where its number belongs, in place of what was known of it before."""
        with self._lock:  # several threads may add at once
            place = bisect_left(self._exchanges, exchange.number, key=_number)
            known = self._exchanges[place : place + 1]
            self._exchanges[place : place + (bool(known) and known[0].number == exchange.number)] = [exchange]

    @property
    def messages(self) -> tuple[tuple[Exchange, bool], ...]:
        """Every request (``True``) and every answer (``False``) in the order in which they were sent."""
        times = []
        for each in self:
            times.append(((each.number, 0, 0), each, True))
            if not each.waiting:
                times.append(((max(each.answered_after, each.number), 1, -each.number), each, False))
        return tuple((each, asks) for _, each, asks in sorted(times, key=lambda one: one[0]))

    def clear(self) -> None:
        """Forget everything."""
        self._exchanges.clear()

    @property
    def parties(self) -> tuple[str, ...]:
        """Everybody who took part, in the order of their first appearance."""
        return tuple(dict.fromkeys(name for each in self for name in (each.sender, each.receiver)))

    @property
    def tokens(self) -> tuple[SeenToken, ...]:
        """Every token that travelled, each once."""
        found: dict[str, SeenToken] = {}
        for exchange in self:
            for seen in exchange.tokens:
                found.setdefault(seen.text, seen)
        return tuple(found.values())

    def __str__(self) -> str:
        return "\n\n".join(str(each) for each in self)

    def __repr__(self) -> str:
        return f"<Trace: {len(self)} exchanges between {', '.join(self.parties) or 'nobody'}>"

    def to_har(self) -> dict[str, Any]:
        """HTTP Archive 1.2, which browsers' developer tools and proxies open."""
        from jwtlab import __version__

        entries = [export.har_entry(each) for each in self]
        return {
            "log": {
                "version": "1.2",
                "creator": {"name": "jwtlab", "version": __version__},
                "entries": entries,
            }
        }

    def to_mermaid(self) -> str:
        """A sequence diagram in Mermaid's notation."""
        return export.mermaid(self.parties, self.messages)


def _number(exchange: Exchange) -> int:
    return exchange.number
