"""What the server says about itself: metadata and keys (RFC 8414, OpenID Connect Discovery §3, RFC 7517 §5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response

from jwtlab.oauth import dpop, pkce, protocol
from jwtlab.oauth.authorization_server import answers
from jwtlab.oauth.authorization_server.authorize import LEGACY_RESPONSE_TYPES, RESPONSE_MODES, RESPONSE_TYPES
from jwtlab.oauth.registration import AUTHENTICATION_METHODS

if TYPE_CHECKING:
    from jwtlab.oauth.authorization_server.server import AuthorizationServer


def metadata(server: AuthorizationServer) -> dict[str, Any]:
    """The document, for OAuth and OpenID Connect alike."""
    grants = [each for each in protocol.GRANT_TYPES if server.legacy or each != protocol.PASSWORD]
    confidential = [each for each in AUTHENTICATION_METHODS if each != "none"]
    return {
        "issuer": server.issuer,
        "authorization_endpoint": server.endpoint("authorize"),
        "token_endpoint": server.endpoint("token"),
        "jwks_uri": server.endpoint("jwks"),
        "userinfo_endpoint": server.endpoint("userinfo"),
        "introspection_endpoint": server.endpoint("introspect"),
        "revocation_endpoint": server.endpoint("revoke"),
        "end_session_endpoint": server.endpoint("logout"),
        "device_authorization_endpoint": server.endpoint("device_authorization"),
        "pushed_authorization_request_endpoint": server.endpoint("par"),
        "scopes_supported": [
            *dict.fromkeys(
                (*protocol.OPENID_SCOPES, *(scope for each in server.resources for scope in each.scopes))
            )
        ],
        "response_types_supported": [
            each for each in RESPONSE_TYPES if server.legacy or each not in LEGACY_RESPONSE_TYPES
        ],
        "response_modes_supported": list(RESPONSE_MODES),
        # An ID token by the browser is the implicit grant too (OpenID Connect Registration §2).
        "grant_types_supported": [*grants, protocol.IMPLICIT],
        "code_challenge_methods_supported": [pkce.S256],
        "token_endpoint_auth_methods_supported": list(AUTHENTICATION_METHODS),
        "token_endpoint_auth_signing_alg_values_supported": list(dpop.ALGORITHMS),
        "introspection_endpoint_auth_methods_supported": confidential,
        "introspection_endpoint_auth_signing_alg_values_supported": list(dpop.ALGORITHMS),
        "revocation_endpoint_auth_methods_supported": list(AUTHENTICATION_METHODS),
        "revocation_endpoint_auth_signing_alg_values_supported": list(dpop.ALGORITHMS),
        "id_token_signing_alg_values_supported": sorted({*server.algorithms, "RS256"}),
        "dpop_signing_alg_values_supported": list(dpop.ALGORITHMS),
        "subject_types_supported": ["public"],
        "claims_supported": [
            *(
                "iss",
                "sub",
                "aud",
                "exp",
                "iat",
                "auth_time",
                "nonce",
                "at_hash",
                "c_hash",
                "amr",
                "azp",
                "sid",
            ),
            *("name", "preferred_username", "email", "email_verified"),
        ],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "authorization_response_iss_parameter_supported": True,
        "require_pushed_authorization_requests": False,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }


def discovery(server: AuthorizationServer) -> Response:
    """GET /.well-known/openid-configuration and /.well-known/oauth-authorization-server."""
    return _public(metadata(server))


def jwks(server: AuthorizationServer) -> Response:
    """GET /jwks: public keys only."""
    keys = [key.to_jwk() | {"use": "sig"} for key in server.keys.published]
    return _public({"keys": keys})


def _public(body: dict[str, Any]) -> Response:
    response = answers.json_answer(body)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
