"""What an authentication method of clients is (RFC 6749 §2.3, OpenID Connect Core §9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jwtlab.checks import Check


@dataclass(frozen=True, kw_only=True)
class AuthenticationMethod:
    """A way in which a client shows who it is.

    Attributes:
        id: its name in ``token_endpoint_auth_method`` (RFC 7591 §2).
        spec: where it is described.
        uses: ``request -> how often it uses this method``; the request is a `ClientAuthentication`.
        check: proves the client, if the request uses the method. Methods may share one.
    """

    id: str
    spec: str
    uses: Callable[[Any], int]
    check: Check | None = None
