"""The keys of an issuer, as an API keeps them: fetched, cached for a while, searched at a limited rate."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from jwtlab.checks import Check, Policy
from jwtlab.errors import JwtlabError
from jwtlab.jose.key_set import KeySet
from jwtlab.oauth.protocol import refuse

KEYS_LIFETIME = 300
"""Seconds for which fetched keys are taken for current."""

FETCH_PAUSE = 10
"""Seconds between two searches for an unknown kid, however many arrive (OpenID Connect Core §10.1.1), and after a
fetch that failed."""


@dataclass(frozen=True)
class KeyCache:
    """What an API knows of its issuer's keys: the case of `KEY_CACHE_CHECKS`.

    Attributes:
        fetched: when, or ``None`` for never.
        now: seconds since 1970.
    """

    fetched: float | None
    now: float


def keys_fresh(case: KeyCache) -> str:
    if (
        case.fetched is not None and not 0 <= case.now - case.fetched < KEYS_LIFETIME
    ):  # or a clock was set back
        raise refuse("invalid_token", "the keys were fetched too long ago to be trusted", status=401)
    return "fetched lately"


KEY_CACHE_CHECKS = Policy(
    (
        Check(
            id="keys-fresh",
            title="The issuer's keys are not yesterday's",
            spec="OpenID Connect Core §10.1.1",
            run=keys_fresh,
            group="Keys",
            purpose="A key that the issuer has withdrawn, because it was stolen, counts for ever.",
        ),
    ),
    "keys",
)


class IssuerKeys:
    """The keys of one issuer, found by its metadata and kept for a while.

    Args:
        issuer: its identifier.
        client: an HTTP client.
        clock: ``() -> seconds since 1970``.
        policy: ``() -> Policy``: when they are to be fetched again.
    """

    def __init__(
        self,
        issuer: str,
        client: httpx.Client,
        clock: Callable[[], float],
        policy: Callable[[], Policy] = lambda: KEY_CACHE_CHECKS,
    ) -> None:
        self.issuer = issuer
        self._client, self._clock, self._policy = client, clock, policy
        self._keys = KeySet([])
        self._address: str | None = None
        self._fetched: float | None = None
        self._searched: float | None = None  # for an unknown kid
        self._failed: float | None = None
        self._lock = threading.Lock()

    def keys(self) -> KeySet:
        """The keys, fetched if there are none yet or they are too old."""
        with self._lock:
            cache = KeyCache(self._fetched, self._clock())
            stale = self._fetched is None or not self._policy().run(cache).accepted
            if stale and self._may(self._failed):
                self._fetch()
            return self._keys

    def keys_for(self, kid: str | None) -> KeySet:
        """The keys, fetched again if this name is unknown: at a limited rate, since strangers choose it."""
        known = self.keys()
        with self._lock:
            if kid is None or known.find(kid):
                return self._keys
            if self._may(self._searched) and self._may(self._failed):
                self._searched = self._clock()
                self._fetch()
            return self._keys

    def _may(self, before: float | None) -> bool:
        # After the clock was set back nobody knows how long ago that was.
        return before is None or not 0 <= self._clock() - before < FETCH_PAUSE

    def _fetch(self) -> None:
        self._failed = self._clock()  # until the keys are there
        try:
            if self._address is None:
                found = self._client.get(f"{self.issuer}/.well-known/oauth-authorization-server").json()
                if found.get("issuer") != self.issuer:  # RFC 8414 §3.3: the document speaks for somebody else
                    return
                self._address = str(found["jwks_uri"])
            answer = self._client.get(self._address)
            self._keys = KeySet.from_jwks(answer.content)
            self._fetched, self._failed = self._clock(), None
        except (httpx.HTTPError, JwtlabError, ValueError, KeyError, AttributeError):
            return  # the issuer does not answer; what is known still counts
