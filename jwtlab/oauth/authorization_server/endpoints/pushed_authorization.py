"""Pushed authorization requests: the request goes by the back channel, the browser carries its name only (RFC 9126)."""

from __future__ import annotations

from flask import Response

from jwtlab.errors import JwtlabError
from jwtlab.oauth import dpop
from jwtlab.oauth.authorization_server import client_authentication, received, responses, strangers
from jwtlab.oauth.authorization_server.authorization.checks import REQUEST_CHECKS
from jwtlab.oauth.authorization_server.authorization.pushed import LIFETIME, REQUEST_URI
from jwtlab.oauth.authorization_server.authorization.request import CLIENT_CHECKS, AuthorizationRequest
from jwtlab.oauth.authorization_server.client_authentication import authenticate
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.protocol import (
    AUTHORIZATION_REQUEST,
    CLIENT_AUTHENTICATION,
    PARAMETER_CHECKS,
    Parameters,
)
from jwtlab.oauth.store import fingerprint

_CREDENTIALS = CLIENT_AUTHENTICATION - {"client_id"}


def push(server: Server) -> Response:
    """POST /par (RFC 9126 §2)."""
    try:
        parameters = received.judged_form(server, AUTHORIZATION_REQUEST | CLIENT_AUTHENTICATION)
        strangers.meet(server, parameters.one("client_id"))
        client = authenticate(server, parameters, (server.endpoint("par"),))  # RFC 9126 §2
        pairs = [pair for pair in parameters.pairs if pair[0] not in _CREDENTIALS]
        if "client_id" not in parameters:  # the credentials have said it
            pairs.append(("client_id", client.client_id))
        case = AuthorizationRequest(
            server, Parameters(pairs, form_encoded=parameters.form_encoded), pushed=True
        )
        server.decide("client and redirect URI", case)
        server.decide("authorization request", case)
        jkt = received.shown_key(server, "par", announced=case.parameters.get("dpop_jkt"))
    except JwtlabError as error:
        return responses.json_error(error, "invalid_request", server.issuer)
    uri = REQUEST_URI + server.secret()
    expires = server.clock() + LIFETIME
    # A proof says for which key the code is meant, as dpop_jkt does (RFC 9449 §10.1).
    proved = [("dpop_jkt", jkt)] if jkt and "dpop_jkt" not in case.parameters else []
    record = {
        "pairs": [*case.parameters.pairs, *proved],
        "client_id": client.client_id,
        "used": False,
        "expires": expires,
    }
    server.store.put("pushed", fingerprint(uri), record, expires + LIFETIME)
    return responses.json_answer({"request_uri": uri, "expires_in": LIFETIME}, 201)


ENDPOINT = Endpoint(
    path="/par",
    answer=push,
    policies={
        "parameters": PARAMETER_CHECKS,
        **client_authentication.POLICIES,
        "client and redirect URI": CLIENT_CHECKS,
        "authorization request": REQUEST_CHECKS,
        "DPoP proof": dpop.CHECKS,
    },
    metadata=lambda server: {
        "pushed_authorization_request_endpoint": server.endpoint("par"),
        "require_pushed_authorization_requests": False,
    },
    for_scripts=True,
)
