"""Tokens for a person's name and password (RFC 6749 §4.3): retired, and only where the server was told to allow it."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import OAuthError
from jwtlab.oauth.authorization_server.grants import Grant, token_answer
from jwtlab.oauth.authorization_server.token_request import TokenRequest


def by_password(asked: TokenRequest) -> dict[str, Any]:
    """Tokens for a person's name and password: what the rest of this house exists to avoid."""
    server, client = asked.server, asked.client
    assert client is not None
    username = asked.parameters.get("username", "")
    server.decide("attempts", server.attempts(f"password:{username}"))
    person = server.accounts.authenticate(username, asked.parameters.get("password", ""))
    if person is None:
        server.count_attempt(f"password:{username}")
        raise OAuthError("wrong user name or password", "invalid_grant")
    allowed = [each for each in client.scopes if each not in ("openid", "offline_access")]
    scope = asked.parameters.words("scope") or tuple(allowed)
    wrong = next((each for each in scope if each not in allowed), None)
    if wrong is not None:
        raise OAuthError(f"the client may not have {wrong[:40]!r}", "invalid_scope")
    session = {"sub": person.username, "auth_time": int(server.clock()), "amr": ["pwd"], "sid": ""}
    grant = Grant.make(server, client, {"scope": scope}, session)
    with server.store.transaction():
        grant.save(server)
        return token_answer(server, client, grant, jkt=asked.jkt)
