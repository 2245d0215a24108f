"""The server's signing keys, and how one follows another without a token falling between them."""

from __future__ import annotations

from collections.abc import Callable

from jwtlab.errors import UsageError
from jwtlab.jose.jwk import Key, KeySet
from jwtlab.oauth.store import Store

KIND = "key"
_FOR_EVER = 1e11


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
        self._cache: tuple[tuple[str, ...], list[tuple[Key, float, float]]] = ((), [])
        with store.transaction():
            if not store.names(KIND):
                self._add(0, clock())

    @property
    def signing_key(self) -> Key:
        """The key that signs now: the youngest whose time has come."""
        now = self._clock()
        return max((each for each in self._all() if each[1] <= now), key=lambda each: each[1])[0]

    @property
    def published(self) -> KeySet:
        """The public halves of all keys that a verifier may still meet, and of those to come."""
        now = self._clock()
        return KeySet(key.public() for key, _, until in self._all() if until > now)

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
            return self._add(len(self._store.names(KIND)), begin)

    def _add(self, number: int, begin: float) -> Key:
        key = self._make(number)
        if key.kid is None or self._store.get(KIND, key.kid) is not None:
            raise UsageError("a signing key needs a kid of its own")
        record = {"jwk": key.to_jwk(private=True), "from": begin, "until": _FOR_EVER}
        self._store.put(KIND, key.kid, record, _FOR_EVER)
        self._cache = ((), [])
        return key

    def _all(self) -> list[tuple[Key, float, float]]:
        names = tuple(self._store.names(KIND))
        if names != self._cache[0]:
            # A key is read once: checking a private RSA key costs more than a signature.
            found = [(name, self._store.get(KIND, name)) for name in names]
            keys = [(Key.from_jwk(each["jwk"]), each["from"], each["until"]) for _, each in found if each]
            self._cache = (names, keys)
        return self._cache[1]
