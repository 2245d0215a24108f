"""What an API says about itself: protected resource metadata (RFC 9728)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jwtlab.oauth.http.addresses import split

WELL_KNOWN = "/.well-known/oauth-protected-resource"


def metadata_address(resource: str) -> str:
    """Where an API's metadata is: the well-known path stands between its host and its own path (RFC 9728 §3.1).

    Args:
        resource: its identifier, such as ``"https://api.example/notes"``.

    Raises:
        UsageError: this is no address.
    """
    parts = split(resource)
    path = "" if parts.path == "/" else parts.path
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}{WELL_KNOWN}{path}{query}"


def metadata(resource: str, issuer: str, scopes: Iterable[str] = (), name: str = "") -> dict[str, Any]:
    """The document (RFC 9728 §2): who it is, who gives out tokens for it, and how it takes them.

    Args:
        resource: the API's identifier. Whoever reads the document compares it with the one that was asked (§3.3).
        issuer: the authorization server.
        scopes: that it knows.
        name: for people.
    """
    found: dict[str, Any] = {
        "resource": resource,
        "authorization_servers": [issuer],
        "bearer_methods_supported": ["header"],
    }
    if scopes:
        found["scopes_supported"] = list(scopes)
    if name:
        found["resource_name"] = name
    return found
