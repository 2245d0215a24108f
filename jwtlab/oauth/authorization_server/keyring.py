"""The server's signing keys, and how one follows another without a token falling between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from jwtlab.errors import UsageError
from jwtlab.jose.key import Key
from jwtlab.jose.key_set import KeySet
from jwtlab.oauth.store import Record, Store

KIND = "key"
_FOR_EVER = 1e11


class _Entry(NamedTuple):
    key: Key
    public: Key
    begin: float
    until: float
    number: int


class KeyRing:
    """Keys with the time from which they sign, and the time until which they are published.

    Args:
        store: where they are kept.
        clock: ``() -> seconds since 1970``.
        make: ``number -> Key``, the private key with this number, from 0.
        tail: for how many seconds the last token of a key may live.
    """

    def __init__(
        self, store: Store, clock: Callable[[], float], make: Callable[[int], Key], tail: float
    ) -> None:
        self._store, self._clock, self._make, self._tail = store, clock, make, tail
        self._read: dict[str, tuple[Key, Key]] = {}
        self._cache: tuple[tuple[str, ...], list[_Entry]] = ((), [])
        with store.transaction():
            if not store.names(KIND):
                self._add(0, clock())

    @property
    def signing_key(self) -> Key:
        """The key that signs now: the youngest whose time has come; of two at the same instant the later one.

        A clock that was set back can stand before the time of every key: then the oldest signs.
        """
        now = self._clock()
        entries = sorted(self._all(), key=lambda each: (each.begin, each.number))
        return next((each for each in reversed(entries) if each.begin <= now), entries[0]).key

    @property
    def published(self) -> KeySet:
        """The public halves of all keys that a verifier may still meet, and of those to come."""
        now = self._clock()
        return KeySet(each.public for each in self._all() if each.until > now)

    @property
    def known(self) -> KeySet:
        """The public halves of all keys that ever signed: for what is read long after it has expired."""
        return KeySet(each.public for each in self._all())

    def rotate(self, delay: float = 0) -> Key:
        """Bring in a new key; the old ones stay published until their last token has expired.

        Args:
            delay: seconds for which the new key is published before it signs, so that every verifier has
                seen it by then (OpenID Connect Core §10.1.1).

        Returns:
            The new key.
        """
        if delay < 0:
            raise UsageError("the delay is a number of seconds from now, and not negative")
        begin = self._clock() + delay
        with self._store.transaction():
            for name in self._store.names(KIND):
                record = self._store.get(KIND, name)
                if record is not None and record["until"] > begin + self._tail:
                    self._store.put(KIND, name, record | {"until": begin + self._tail}, _FOR_EVER)
            self._cache = ((), [])
            return self._add(len(self._store.names(KIND)), begin)

    def _add(self, number: int, begin: float) -> Key:
        key = self._make(number)
        if key.kid is None or self._store.get(KIND, key.kid) is not None:
            raise UsageError("a signing key needs a kid of its own")
        record = {"jwk": key.to_jwk(private=True), "from": begin, "until": _FOR_EVER, "number": number}
        self._store.put(KIND, key.kid, record, _FOR_EVER)
        self._read[key.kid] = (key, key.public())
        self._cache = ((), [])
        return key

    def _all(self) -> list[_Entry]:
        names = tuple(self._store.names(KIND))
        if names != self._cache[0]:
            found = ((name, self._store.get(KIND, name)) for name in names)
            entries = [self._entry(name, record) for name, record in found if record]
            self._cache = (names, entries)
            return entries
        return self._cache[1]

    def _entry(self, name: str, record: Record) -> _Entry:
        if name not in self._read:
            # A key is read once: checking a private RSA key costs more than many signatures.
            key = Key.from_jwk(record["jwk"])
            self._read[name] = (key, key.public())
        return _Entry(*self._read[name], record["from"], record["until"], record.get("number", 0))
