"""A token in front of a verifier: what the checks look at, computed once."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any, TypeVar

from jwtlab.checks import Memory, NotReadable
from jwtlab.errors import AlgorithmRefused, KeyRefused, MalformedToken, UnknownAlgorithm
from jwtlab.jose import times
from jwtlab.jose.algorithms import Algorithm
from jwtlab.jose.key import Key
from jwtlab.jose.key_set import KeySet
from jwtlab.jose.token import MAX_KEPT, Reading, read

T = TypeVar("T")


class Case:
    """A token, and what its verifier brings.

    Attributes:
        token: whatever was handed over as a token.
        keys: the keys that the verifier trusts.
        algorithms: the algorithms that it accepts.
        issuers, audiences, typ, now, leeway, seen: what it expects (`jwtlab.Verifier`).
        context: whatever further checks want to look at.
        reading: the token as far as it could be read.
        about_header: what is known already of a token with this header at this verifier (`Check.memory`).
    """

    operation = "verify"

    def __init__(
        self,
        token: object,
        keys: KeySet,
        algorithms: tuple[str, ...],
        issuers: tuple[str, ...] | None = None,
        audiences: tuple[str, ...] | None = None,
        typ: str | None = None,
        now: float = 0,
        leeway: float = 0,
        seen: Container[str] | None = None,
        context: Any = None,
    ) -> None:
        self.token = token
        self.keys = keys
        self.algorithms = algorithms
        self.issuers = issuers
        self.audiences = audiences
        self.typ = typ
        self.now = now
        self.leeway = leeway
        self.seen = seen
        self.context = context
        self.reading: Reading = read(token)
        self.about_header: Memory = self._about_header()

    def _about_header(self) -> Memory:
        segment = self.reading.segments[0]
        kept = not self.reading.faults and len(segment) <= MAX_KEPT
        return self.keys.answers((segment, self.algorithms)) if kept else {}

    @property
    def about_key(self) -> Memory:
        """What is known already of the key with this algorithm, for verifying."""
        return self.key.answers(self.algorithm.name, self.operation)

    @property
    def header(self) -> dict[str, Any]:
        return readable(self.reading.header, "the header")

    @property
    def payload(self) -> bytes:
        return readable(self.reading.payload, "the payload")

    @property
    def claims(self) -> dict[str, Any]:
        return readable(self.reading.claims, "the claims")

    @property
    def signature(self) -> bytes:
        return readable(self.reading.signature, "the signature")

    def date(self, name: str) -> float | None:
        """A date claim, or ``None`` if it is missing or no date (which `numeric_dates` refuses)."""
        value = self.claims.get(name)
        return value if times.is_numeric_date(value) else None

    @property
    def algorithm(self) -> Algorithm:
        try:
            return Algorithm.named(self.header.get("alg"))
        except UnknownAlgorithm as error:
            raise NotReadable(str(error), claim="alg", error=AlgorithmRefused) from error

    @property
    def candidates(self) -> tuple[Key, ...]:
        """The keys that the token can mean: by ``kid``, and of these the ones that fit (RFC 7515 §6)."""
        known = self.about_header.get("candidates")
        if known is None:
            known = self.about_header["candidates"] = self._candidates()
        candidates: tuple[Key, ...] = known
        return candidates

    def _candidates(self) -> tuple[Key, ...]:
        kid, keys = self.header.get("kid"), self.keys.keys
        if not isinstance(kid, str):
            return keys if len(keys) == 1 else _different(key for key in keys if self._fits(key))
        named = self.keys.find(kid)
        if len(named) > 1:
            return self._narrowed(named)
        # A hint that leads nowhere: only a single key without a name of its own is left.
        return named or (keys if len(keys) == 1 and keys[0].kid is None else ())

    def _narrowed(self, keys: tuple[Key, ...]) -> tuple[Key, ...]:
        """Of keys of one name those that fit: by type, then ``alg``, ``use`` and ``key_ops``.

        A question that none of them answers well is passed over: its own check will say so.
        """
        name = self.algorithm.name
        for fits in (self.algorithm.fits, lambda key: key.alg in (None, name), Key.signs, Key.verifies):
            keys = tuple(filter(fits, keys)) or keys
        return _different(keys)

    def _fits(self, key: Key) -> bool:
        named = key.alg in (None, self.algorithm.name)
        return self.algorithm.fits(key) and named and key.signs() and key.verifies()

    @property
    def key(self) -> Key:
        """The key to verify with: the first candidate, or what a careless verifier would take."""
        known = self.about_header.get("key")
        if known is None:
            known = self.about_header["key"] = self._key()
        key: Key = known
        return key

    def _key(self) -> Key:
        fitting = [key for key in self.candidates if self.algorithm.fits(key)]
        choice = (*fitting, *self.candidates, *filter(self.algorithm.fits, self.keys))
        if not choice:
            raise NotReadable("there is no key to verify with", error=KeyRefused)
        return choice[0]


def _different(keys: Iterable[Key]) -> tuple[Key, ...]:
    """The keys without those that are the same key once more."""
    return tuple({key.material: key for key in keys}.values())


def readable(value: T | None, name: str) -> T:
    """The value, or a refusal that says what could not be read."""
    if value is None:
        raise NotReadable(f"{name} cannot be read", error=MalformedToken)
    return value
