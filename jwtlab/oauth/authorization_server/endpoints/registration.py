"""Dynamic client registration: an application registers itself (RFC 7591)."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from jwtlab.errors import JwtlabError, OAuthError
from jwtlab.jose import strict_json
from jwtlab.oauth.authorization_server import responses, strangers
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.authorization_server.server import Server


def register(server: Server) -> Response:
    """POST /register (RFC 7591 §3)."""
    try:
        if request.mimetype != "application/json":
            raise OAuthError("send the metadata as application/json", "invalid_client_metadata")
        read = strict_json.read(request.get_data())
        if read.value is None or read.fault or read.duplicates:
            raise OAuthError("the metadata is no JSON object", "invalid_client_metadata")
        client = strangers.register(server, read.value)
    except JwtlabError as error:
        return responses.json_error(error, "invalid_client_metadata")
    return responses.json_answer(_information(client, int(server.clock())), 201)


def _information(client: Client, now: int) -> dict[str, Any]:
    """Everything that is registered, as it is registered (§3.2.1)."""
    found: dict[str, Any] = {
        "client_id": client.client_id,
        "client_id_issued_at": now,
        "client_name": client.name,
        "redirect_uris": list(client.redirect_uris),
        "grant_types": list(client.grant_types),
        "response_types": list(client.response_types),
        "token_endpoint_auth_method": client.token_endpoint_auth_method,
        "scope": client.scope,
    }
    if client.client_secret is not None:
        found |= {"client_secret": client.client_secret, "client_secret_expires_at": now + strangers.KEPT}
    if client.jwks is not None:
        found["jwks"] = client.jwks.to_jwks()
    return found


def _metadata(server: Server) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if server.registration:
        found["registration_endpoint"] = server.endpoint("register")
    if server.documents is not None:
        found["client_id_metadata_document_supported"] = True
    return found


ENDPOINT = Endpoint(
    path="/register",
    answer=register,
    policies=strangers.POLICIES,
    metadata=_metadata,
    for_scripts=True,
)
