"""A login that has begun: what the client keeps in the session until the browser is back (RFC 6749 §4.1.1)."""

from __future__ import annotations

from dataclasses import dataclass

from jwtlab.oauth import pkce


@dataclass(frozen=True)
class PendingLogin:
    """What the client remembers of its authorization request.

    Attributes:
        provider: the short name of the server that was asked.
        state: ties the answer to this browser; ``None`` if the client takes no such precaution.
        nonce: ties the ID token to this login (OpenID Connect Core §3.1.2.1).
        code_verifier: ties the code to this client (RFC 7636 §4.1).
        max_age: how old the login at the server may be, in seconds, as the request said it.
    """

    provider: str
    state: str | None = None
    nonce: str | None = None
    code_verifier: str | None = None
    max_age: str | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """Its part of the authorization request."""
        found: dict[str, str] = {}
        if self.state is not None:
            found["state"] = self.state
        if self.nonce is not None:
            found["nonce"] = self.nonce
        if self.code_verifier is not None:
            found["code_challenge"] = pkce.challenge(self.code_verifier)
            found["code_challenge_method"] = pkce.S256
        return found
