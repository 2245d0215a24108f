"""The authorization endpoint: what an application may ask a browser for (RFC 6749 §3.1, OpenID Connect Core §3)."""

from __future__ import annotations

from typing import Any

from flask import Response

from jwtlab.errors import OAuthError
from jwtlab.oauth import pkce
from jwtlab.oauth.authorization_server import interaction, received, responses, strangers
from jwtlab.oauth.authorization_server.authorization import pushed
from jwtlab.oauth.authorization_server.authorization.checks import REQUEST_CHECKS
from jwtlab.oauth.authorization_server.authorization.request import CLIENT_CHECKS, AuthorizationRequest
from jwtlab.oauth.authorization_server.authorization.response import refuse_to
from jwtlab.oauth.authorization_server.browser.cookies import browser_id
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.proceed import proceed
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.protocol import AUTHORIZATION_REQUEST, PROMPTS, RESPONSE_MODES


def authorize(server: Server) -> Response:
    """GET or POST /authorize."""
    parameters = received.query_or_form(AUTHORIZATION_REQUEST)
    by_reference = (parameters.one("request_uri") or "").startswith(pushed.REQUEST_URI)
    try:
        if by_reference:  # a request that cannot be taken has no address to answer to
            parameters = pushed.take(server, parameters)
        strangers.meet(server, parameters.one("client_id"))
        case = AuthorizationRequest(server, parameters, by_reference)
        server.decide("client and redirect URI", case)
    except OAuthError as error:
        return responses.error_page(error)
    try:
        server.decide("authorization request", case)
    except OAuthError as error:
        # For the application (RFC 6749 §4.1.2.1): its address has been checked.
        return refuse_to(server, case.redirect_uri, case.error_mode, parameters.one("state"), error)
    waiting = interaction.begin(server, interaction.AUTHORIZATION, _kept(case), browser_id(server))
    return proceed(server, *waiting)


def _kept(case: AuthorizationRequest) -> dict[str, Any]:
    """What will be needed when the person has logged in."""
    names = ("state", "nonce", "code_challenge", "id_token_hint", "login_hint", "dpop_jkt")
    return {
        "client_id": case.client.client_id if case.client else "",
        "redirect_uri": case.redirect_uri,
        "redirect_uri_given": "redirect_uri" in case.parameters,
        "response_type": case.response_type,
        "response_mode": case.response_mode,
        "scope": list(case.scope),
        "prompt": list(case.prompt),
        "max_age": case.max_age,
        "resources": list(case.parameters.all("resource")),
        **{name: case.parameters.get(name) for name in names},
    }


def _metadata(server: Server) -> dict[str, Any]:
    answered = [each.id for each in server.response_types if server.legacy or not each.retired]
    return {
        "authorization_endpoint": server.endpoint("authorize"),
        "response_types_supported": answered,
        "response_modes_supported": list(RESPONSE_MODES),
        "code_challenge_methods_supported": [pkce.S256],
        "prompt_values_supported": list(PROMPTS),
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }


ENDPOINT = Endpoint(
    path="/authorize",
    methods=("GET", "POST"),
    answer=authorize,
    policies={
        "pushed request": pushed.CHECKS,
        "client and redirect URI": CLIENT_CHECKS,
        "authorization request": REQUEST_CHECKS,
    },
    metadata=_metadata,
    page=True,
)
