"""An API: who is let in, whose keys it trusts, what a person may do."""

from __future__ import annotations

from jwtlab.oauth.resource_server.issuer_keys import FETCH_PAUSE, IssuerKeys
from jwtlab.oauth.resource_server.server import ALGORITHMS, ResourceServer

__all__ = ["ALGORITHMS", "FETCH_PAUSE", "IssuerKeys", "ResourceServer"]
