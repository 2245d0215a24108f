"""What the server says about itself: metadata and keys (RFC 8414, OpenID Connect Discovery §3, RFC 7517 §5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response

from jwtlab.oauth.authorization_server import responses
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.server import Server


def metadata(server: Server, endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """The document, for OAuth and OpenID Connect alike: what each endpoint says of itself."""
    found: dict[str, Any] = {"issuer": server.issuer}
    for each in endpoints:
        found |= each.metadata(server)
    return found


def discovery(endpoints: Iterable[Endpoint]) -> tuple[Endpoint, ...]:
    """The endpoints that publish the metadata of these (OpenID Connect Discovery §4, RFC 8414 §3)."""
    described = tuple(endpoints)

    def answer(server: Server) -> Response:
        return _public(metadata(server, described))

    return tuple(
        Endpoint(path=f"/.well-known/{name}", methods=("GET",), answer=answer, for_scripts=True)
        for name in ("openid-configuration", "oauth-authorization-server")
    )


def jwks(server: Server) -> Response:
    """GET /jwks: public keys only."""
    keys = [key.to_jwk() | {"use": "sig"} for key in server.keys.published]
    return _public({"keys": keys})


def _public(body: dict[str, Any]) -> Response:
    response = responses.json_answer(body)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


ENDPOINT = Endpoint(
    path="/jwks",
    methods=("GET",),
    answer=jwks,
    metadata=lambda server: {
        "jwks_uri": server.endpoint("jwks"),
        # A provider has to name RS256 (OpenID Connect Discovery §3).
        "id_token_signing_alg_values_supported": sorted({*server.algorithms, "RS256"}),
        "subject_types_supported": ["public"],
    },
    for_scripts=True,
)
