"""Take this token back (RFC 7009)."""

from __future__ import annotations

from flask import Response

from jwtlab.checks import Check, Policy
from jwtlab.errors import JwtlabError
from jwtlab.oauth import dpop
from jwtlab.oauth.authorization_server import client_authentication, received, responses
from jwtlab.oauth.authorization_server.client_authentication import authenticate
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.authorization_server.token_question import TOKEN_GIVEN, TokenQuestion
from jwtlab.oauth.authorization_server.tokens import OWN_TOKEN
from jwtlab.oauth.protocol import PARAMETER_CHECKS, TOKEN_QUESTION, refuse


def owner_asks(case: TokenQuestion) -> str:
    if case.owner is not None and case.owner != case.client.client_id:
        raise refuse("unauthorized_client", "this token was given to another client", "token")
    return ""


REVOCATION_CHECKS = Policy(
    (
        TOKEN_GIVEN,
        Check(
            id="owner-asks",
            title="The token was given to whoever wants it revoked",
            spec="RFC 7009 §2.1",
            run=owner_asks,
            group="Client",
            purpose="One application logs out the users of another.",
        ),
    ),
    "revocation",
)


def revoke(server: Server) -> Response:
    """POST /revoke: a token that is not known is answered like one that is (RFC 7009 §2.2)."""
    try:
        parameters = received.judged_form(server, TOKEN_QUESTION)
        case = TokenQuestion(server, parameters, authenticate(server, parameters))
        server.decide("revocation", case)
    except JwtlabError as error:
        return responses.json_error(error, "invalid_request", server.issuer)
    if case.claims is not None:
        server.store.put("revoked", case.claims["jti"], {}, case.claims["exp"])
    elif case.refresh is not None:
        # With the refresh token goes everything that came of the same permission (RFC 7009 §2.1).
        case.refresh[1].revoke(server)
    return Response(status=200, headers={"Cache-Control": "no-store"}, content_type="text/plain")


ENDPOINT = Endpoint(
    path="/revoke",
    answer=revoke,
    policies={
        "parameters": PARAMETER_CHECKS,
        **client_authentication.POLICIES,
        "revocation": REVOCATION_CHECKS,
        "access token": OWN_TOKEN,
    },
    metadata=lambda server: {
        "revocation_endpoint": server.endpoint("revoke"),
        "revocation_endpoint_auth_methods_supported": [each.id for each in server.authentication_methods],
        "revocation_endpoint_auth_signing_alg_values_supported": list(dpop.ALGORITHMS),
    },
    for_scripts=True,
)
