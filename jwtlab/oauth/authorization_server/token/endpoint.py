"""The token endpoint: one address, and a grant type for each way to deserve a token (RFC 6749 §3.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, request

from jwtlab.errors import JwtlabError, OAuthError
from jwtlab.oauth import dpop, protocol
from jwtlab.oauth.authorization_server import client_authentication, received, responses
from jwtlab.oauth.authorization_server.client_authentication import authenticate
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.authorization_server.token.request import (
    CLIENT_CHECKS,
    REQUEST_CHECKS,
    GrantType,
    TokenRequest,
)


def endpoint(grant_types: Iterable[GrantType]) -> Endpoint:
    """The token endpoint of a server that knows these grants."""
    known = {each.id: each for each in grant_types}
    policies = {
        "token request": REQUEST_CHECKS,
        **client_authentication.POLICIES,
        "grant type": CLIENT_CHECKS,
        "DPoP proof": dpop.CHECKS,
    }
    for each in known.values():
        policies |= each.policies
    return Endpoint(
        path="/token",
        answer=lambda server: token(server, known),
        policies=policies,
        metadata=lambda server: _metadata(server, known),
        for_scripts=True,
    )


def token(server: Server, grant_types: Mapping[str, GrantType]) -> Response:
    """POST /token."""
    names = protocol.TOKEN_REQUEST.union(*(each.parameters for each in grant_types.values()))
    parameters = received.form(names)
    try:
        case = TokenRequest(server, parameters, grant_types)
        server.decide("token request", case)
        grant_type = grant_types.get(case.grant_type)
        if grant_type is None:  # only where the check was taken out
            raise OAuthError("there is no such grant_type to go by", "unsupported_grant_type")
        client = _sender(case, grant_type)
        server.decide("grant type", TokenRequest(server, parameters, grant_types, client))
        jkt = received.shown_key(server, "token", needed=client.dpop_bound_access_tokens)
        return responses.json_answer(
            grant_type.redeem(TokenRequest(server, parameters, grant_types, client, jkt))
        )
    except JwtlabError as error:
        return responses.json_error(error, "invalid_grant", server.issuer)


def _sender(case: TokenRequest, grant_type: GrantType) -> Client:
    """Who sends it. An assertion names its client and proves it at once (RFC 7523 §3.1): no other proof is needed."""
    proofs = protocol.CLIENT_AUTHENTICATION - {"client_id"}
    if proofs.isdisjoint(case.parameters) and "Authorization" not in request.headers:
        signer = grant_type.signer(case)
        if signer is not None:
            return signer
    return authenticate(case.server, case.parameters)


def _metadata(server: Server, grant_types: Mapping[str, GrantType]) -> dict[str, Any]:
    methods = [each.id for each in server.authentication_methods]
    answered = [name for name, each in grant_types.items() if server.legacy or not each.retired]
    # A token by the browser is the implicit grant, an ID token too (OpenID Connect Registration §2).
    implicit = [protocol.IMPLICIT] if any(each.mode == "fragment" for each in server.response_types) else []
    found: dict[str, Any] = {
        "token_endpoint": server.endpoint("token"),
        "grant_types_supported": [*answered, *implicit],
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": list(dpop.ALGORITHMS),
        "dpop_signing_alg_values_supported": list(dpop.ALGORITHMS),
    }
    for each in grant_types.values():
        found |= each.metadata(server)
    return found
