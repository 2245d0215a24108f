"""An authorization server as a client knows it, and its metadata document (RFC 8414)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jwtlab.checks import Check, Policy
from jwtlab.errors import OAuthError
from jwtlab.jose.key_set import KeySet
from jwtlab.oauth.client.credentials import Credentials
from jwtlab.oauth.protocol import refuse


@dataclass(frozen=True)
class Provider:
    """An authorization server as a client knows it.

    Attributes:
        issuer: its identifier.
        credentials: the client's at this server.
        metadata: its metadata; empty until they are fetched.
        keys: its public keys, or ``None`` until they are fetched.
    """

    issuer: str
    credentials: Credentials
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)
    keys: KeySet | None = None

    def endpoint(self, name: str) -> str:
        """An address from the metadata.

        Raises:
            OAuthError: the metadata do not have it.
        """
        found = self.metadata.get(name)
        if not isinstance(found, str):
            raise OAuthError(f"{self.issuer} names no {name}", "server_error", 502)
        return found


# Metadata


@dataclass(frozen=True)
class Discovered:
    """A metadata document, and for whom it was asked."""

    issuer: str
    document: Any


def issuer_same(case: Discovered) -> str:
    found = case.document.get("issuer") if isinstance(case.document, dict) else None
    return speaks_for(case.issuer, found)


def speaks_for(issuer: str, found: object) -> str:
    """The issuer, if a metadata document names it to the letter (RFC 8414 §3.3); refuses otherwise."""
    if found != issuer:
        raise refuse(
            "server_error",
            "the document speaks for another issuer than the one that was asked",
            "issuer",
            expected=issuer,
            found=found,
        )
    return issuer


DISCOVERY_CHECKS = Policy(
    (
        Check(
            id="issuer-same",
            title="The document speaks for the issuer that was asked",
            spec="RFC 8414 §3.3",
            run=issuer_same,
            group="Discovery",
            purpose="One server passes for another, and gets its codes.",
        ),
    ),
    "discovery",
)
