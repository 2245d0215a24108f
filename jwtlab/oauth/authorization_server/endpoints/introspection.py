"""What is this token worth? (RFC 7662)"""

from __future__ import annotations

from typing import Any

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


def caller_confidential(case: TokenQuestion) -> str:
    if case.client.is_public:
        raise refuse("invalid_client", "whoever asks has to prove who they are", status=401)
    return ""


INTROSPECTION_CHECKS = Policy(
    (
        TOKEN_GIVEN,
        Check(
            id="caller-confidential",
            title="Whoever asks has proved who they are",
            spec="RFC 7662 §4",
            run=caller_confidential,
            group="Client",
            purpose="Strangers try tokens here until one is good.",
        ),
    ),
    "introspection",
)


def introspect(server: Server) -> Response:
    """POST /introspect: to whom it does not concern, every token is just not active (RFC 7662 §2.2)."""
    try:
        parameters = received.judged_form(server, TOKEN_QUESTION)
        case = TokenQuestion(server, parameters, authenticate(server, parameters))
        server.decide("introspection", case)
    except JwtlabError as error:
        return responses.json_error(error, "invalid_request", server.issuer)
    return responses.json_answer(_state(case))


def _state(case: TokenQuestion) -> dict[str, Any]:
    if case.claims is not None and _concerned(case):
        kept = ("scope", "client_id", "exp", "iat", "sub", "aud", "iss", "jti", "cnf", "act", "roles")
        answer = {name: case.claims[name] for name in kept if name in case.claims}
        kind = "DPoP" if "cnf" in case.claims else "Bearer"
        if answer.get("sub") != answer.get("client_id"):  # a service speaks for itself, and is no user
            answer["username"] = answer["sub"]
        return {"active": True, "token_type": kind, **answer}
    if case.refresh is not None and case.owner == case.client.client_id:
        record, grant = case.refresh
        now = case.server.clock()
        if not record["used"] and now < record["expires"] and grant.is_active(now):
            return {
                "active": True,
                "client_id": grant.client_id,
                "sub": grant.sub,
                "username": grant.sub,
                "scope": " ".join(grant.scope),
                "exp": int(record["expires"]),
                "iss": case.server.issuer,
            }
    return {"active": False}


def _concerned(case: TokenQuestion) -> bool:
    """The client that it was given to, or an API that it is meant for."""
    audience = (case.claims or {}).get("aud", ())
    names = [audience] if isinstance(audience, str) else audience
    return case.owner == case.client.client_id or case.client.resource in names


ENDPOINT = Endpoint(
    path="/introspect",
    answer=introspect,
    policies={
        "parameters": PARAMETER_CHECKS,
        **client_authentication.POLICIES,
        "introspection": INTROSPECTION_CHECKS,
        "access token": OWN_TOKEN,
    },
    metadata=lambda server: {
        "introspection_endpoint": server.endpoint("introspect"),
        "introspection_endpoint_auth_methods_supported": [
            each.id for each in server.authentication_methods if each.id != "none"
        ],
        "introspection_endpoint_auth_signing_alg_values_supported": list(dpop.ALGORITHMS),
    },
)
