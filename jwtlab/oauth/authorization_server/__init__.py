"""The authorization server and OpenID provider: one file for each endpoint or grant, its checks on top.

Read it in this order: `server` (what there is), `authorize` and `login` (the browser's side), `token_endpoint`
and the grants (the applications' side), `tokens` (what is handed out).
"""

from __future__ import annotations

from jwtlab.oauth.authorization_server.server import POLICIES, AuthorizationServer

__all__ = ["POLICIES", "AuthorizationServer"]
