"""The authorization server and OpenID provider.

Read it in this order: `server` (what it knows and decides), `endpoint` and `endpoints` (where it answers),
`interaction` and `proceed` (what a browser's request still needs), `token.grants` (the ways to a token),
`tokens` (what is handed out), `app` (all of it put together).
"""

from __future__ import annotations

from jwtlab.oauth.authorization_server.app import POLICIES, AuthorizationServer
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.endpoints import ENDPOINTS
from jwtlab.oauth.authorization_server.token.grants import GRANT_TYPES
from jwtlab.oauth.authorization_server.token.request import GrantType

__all__ = ["ENDPOINTS", "GRANT_TYPES", "POLICIES", "AuthorizationServer", "Endpoint", "GrantType"]
