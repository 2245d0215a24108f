"""The token endpoint: one address, and a rule for each way to deserve a token (RFC 6749 §3.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Response, request

from jwtlab.errors import JwtlabError
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server import (
    answers,
    assertion_grant,
    code_grant,
    credentials_grant,
    device,
    exchange,
    password_grant,
    received,
    refresh_grant,
)
from jwtlab.oauth.authorization_server.client_authentication import authenticate
from jwtlab.oauth.authorization_server.token_request import TokenRequest
from jwtlab.oauth.protocol import TOKEN_REQUEST
from jwtlab.oauth.registration import Client

if TYPE_CHECKING:
    from jwtlab.oauth.authorization_server.server import AuthorizationServer

GRANT_TYPES: Mapping[str, Callable[[TokenRequest], dict[str, Any]]] = {
    protocol.AUTHORIZATION_CODE: code_grant.by_code,
    protocol.REFRESH_TOKEN: refresh_grant.by_refresh,
    protocol.CLIENT_CREDENTIALS: credentials_grant.by_credentials,
    protocol.JWT_BEARER: assertion_grant.by_assertion,
    protocol.DEVICE_CODE: device.by_device_code,
    protocol.TOKEN_EXCHANGE: exchange.by_exchange,
    protocol.PASSWORD: password_grant.by_password,
}
"""Every way to a token."""


def token(server: AuthorizationServer) -> Response:
    """POST /token."""
    parameters = received.form(TOKEN_REQUEST)
    try:
        case = TokenRequest(server, parameters)
        server.decide("token request", case)
        client = _sender(case)
        case = TokenRequest(server, parameters, client)
        server.decide("grant type", case)
        jkt = server.shown_key(needed=client.dpop_bound_access_tokens)
        answer = GRANT_TYPES[case.grant_type](TokenRequest(server, parameters, client, jkt))
        return answers.json_answer(answer)
    except JwtlabError as error:
        return answers.json_error(error, "invalid_grant", server.issuer)


def _sender(case: TokenRequest) -> Client:
    """Who sends it. An assertion names its client and proves it at once (RFC 7523 §3.1): no other proof is needed."""
    proofs = {"client_secret", "client_assertion", "client_assertion_type"}
    if case.grant_type == protocol.JWT_BEARER and proofs.isdisjoint(case.parameters):
        signer = assertion_grant.signer(case)
        if signer is not None and "Authorization" not in request.headers:
            return signer
    return authenticate(case.server, case.parameters)
