"""What a client of key sets does over a day: how often it asks the issuer, and what it then says of a token."""

from __future__ import annotations

import jwt

from jwtlab.testing.issuer import Issuer

JWKS_PATH = "/jwks"


class KeyWatch:
    """A `jwt.PyJWKClient` that is watched while time passes.

    Args:
        issuer: whose keys it looks for; started.
        options: for `jwt.PyJWKClient`, such as ``lifespan`` and ``cooldown_duration``.

    Attributes:
        keys: the client itself.
    """

    def __init__(self, issuer: Issuer, **options: float) -> None:
        self._issuer = issuer
        self.keys = jwt.PyJWKClient(issuer.jwks_uri, **options)  # type: ignore[arg-type]
        self._before = self._seen()

    def _seen(self) -> int:
        return self._issuer.provider.seen.get(JWKS_PATH, 0)

    @property
    def asked(self) -> int:
        """How often the issuer was asked for its keys since the watch began."""
        return self._seen() - self._before

    def ask(self, token: str) -> str:
        """What the client says of a token: ``"key found"``, ``"no such key"`` or ``"issuer not reached"``."""
        try:
            self.keys.get_signing_key_from_jwt(token)
        except jwt.PyJWKClientConnectionError:
            return "issuer not reached"
        except jwt.PyJWKClientError:
            return "no such key"
        return "key found"

    def later(self, seconds: float) -> None:
        """Let time pass for the client, as if it had fetched its keys that much earlier.

        The library looks at the machine's clock, which nobody here may move; so its notes are changed instead.
        """
        cache = self.keys.jwk_set_cache
        if cache is not None and cache.jwk_set_with_timestamp is not None:
            cache.jwk_set_with_timestamp.timestamp -= seconds
        if self.keys._last_successful_fetch is not None:
            self.keys._last_successful_fetch -= seconds


__all__ = ["KeyWatch"]
