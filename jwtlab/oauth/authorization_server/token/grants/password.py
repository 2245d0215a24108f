"""Tokens for a person's name and password (RFC 6749 §4.3): retired, and only where the server was told to allow it."""

from __future__ import annotations

from typing import Any

from jwtlab.errors import OAuthError
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server import attempts
from jwtlab.oauth.authorization_server.grant import Grant
from jwtlab.oauth.authorization_server.token.request import GrantType, TokenRequest
from jwtlab.oauth.authorization_server.token.response import token_response


def by_password(asked: TokenRequest) -> dict[str, Any]:
    """Tokens for a person's name and password: what the rest of this house exists to avoid."""
    server, client = asked.server, asked.client
    assert client is not None
    username = asked.parameters.get("username", "")
    attempts.check(server, f"password:{username}")
    person = server.accounts.authenticate(username, asked.parameters.get("password", ""))
    if person is None:
        attempts.count(server, f"password:{username}")
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
        return token_response(server, client, grant, jkt=asked.jkt)


GRANT_TYPE = GrantType(
    id=protocol.PASSWORD,
    title="Password",
    spec="RFC 6749 §4.3",
    redeem=by_password,
    policies={"attempts": attempts.ATTEMPT_CHECKS},
    parameters=frozenset({"username", "password"}),
    refreshable=True,
    retired="the password grant is retired: an application should never see a password",
)
