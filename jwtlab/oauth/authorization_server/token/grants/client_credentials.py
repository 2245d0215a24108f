"""A token for a client itself (RFC 6749 §4.4)."""

from __future__ import annotations

from typing import Any

from jwtlab.checks import Check, Policy
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server.asked_rights import SCOPE_GRANTED
from jwtlab.oauth.authorization_server.token.request import GrantType, TokenRequest
from jwtlab.oauth.authorization_server.token.response import access_token_response, impersonal_scope
from jwtlab.oauth.protocol import refuse


def client_confidential(case: TokenRequest) -> str:
    if case.client is None or case.client.is_public:
        raise refuse("unauthorized_client", "a client without a secret speaks for nobody")
    return ""


def no_person_in_scope(case: TokenRequest) -> str:
    if "openid" in case.scope:
        raise refuse("invalid_scope", "nobody logs in here, so there is no ID token", "scope")
    return ""


CREDENTIALS_CHECKS = Policy(
    (
        Check(
            id="client-confidential",
            title="The client has proved who it is",
            spec="RFC 6749 §4.4",
            run=client_confidential,
            group="Client",
            purpose="Whoever knows the public client_id is the client.",
        ),
        SCOPE_GRANTED,
        Check(
            id="scope-impersonal",
            title="It does not ask who a person is",
            spec="OpenID Connect Core §3.1.2.1",
            run=no_person_in_scope,
            group="Request",
            purpose="",
        ),
    ),
    "client credentials",
)


def by_credentials(asked: TokenRequest) -> dict[str, Any]:
    """A token for the client itself; no refresh token (RFC 6749 §4.4.3)."""
    server, client = asked.server, asked.client
    server.decide("client credentials", asked)
    assert client is not None
    scope = asked.scope or impersonal_scope(client)
    audience = server.audience(scope, asked.parameters.all("resource"))
    return access_token_response(server, client, client.client_id, scope, audience, asked.jkt)


GRANT_TYPE = GrantType(
    id=protocol.CLIENT_CREDENTIALS,
    title="Client credentials",
    spec="RFC 6749 §4.4",
    redeem=by_credentials,
    policies={"client credentials": CREDENTIALS_CHECKS},
)
