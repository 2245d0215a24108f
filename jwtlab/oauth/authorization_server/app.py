"""The authorization server as a WSGI application: what its endpoints and grants declare, put together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from jwtlab.checks import Policy
from jwtlab.errors import OAuthError, StorageError
from jwtlab.oauth.authorization_server import client_authentication, responses
from jwtlab.oauth.authorization_server.authentication_method import AuthenticationMethod
from jwtlab.oauth.authorization_server.browser.cookies import with_cookies
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.endpoints import ENDPOINTS
from jwtlab.oauth.authorization_server.endpoints.metadata import discovery, metadata
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.authorization_server.token import endpoint as token
from jwtlab.oauth.authorization_server.token.grants import GRANT_TYPES
from jwtlab.oauth.authorization_server.token.request import GrantType
from jwtlab.oauth.protocol import RESPONSE_TYPES, ResponseType
from jwtlab.oauth.store import forget

MOST_BYTES = 64 * 1024
"""Of a request."""

_PURGE_AFTER = 60
"""Seconds between two looks for what need not be kept."""

KEPT_LONGER = 2 * 24 * 3600
"""Seconds for which everything is kept beyond its end: a clock may be wrong by a day, and nobody is refused for it."""


class AuthorizationServer(Server):
    """An authorization server and OpenID provider. What it knows and decides is described at `Server`.

    Args:
        issuer: its identifier and origin.
        grant_types: the ways to a token.
        endpoints: further addresses, or others in the place of its own of the same path and method.
        response_types, authentication_methods, policies: as for `Server`; other policies than the
            endpoints' own, by name.
        kept_longer: seconds for which used names and ended tokens are remembered beyond their end, because the
            clock may be set back; `math.inf` for a clock that one plays with: nothing is forgotten.
        settings: everything else that `Server` takes.

    Attributes:
        app: the WSGI application.
        endpoints: everything that it answers.
    """

    def __init__(
        self,
        issuer: str,
        *,
        grant_types: Iterable[GrantType] = GRANT_TYPES,
        endpoints: Iterable[Endpoint] = (),
        response_types: Iterable[ResponseType] = RESPONSE_TYPES,
        authentication_methods: Iterable[AuthenticationMethod] = client_authentication.METHODS,
        policies: Mapping[str, Policy] = {},
        kept_longer: float = KEPT_LONGER,
        **settings: Any,
    ) -> None:
        methods = tuple(authentication_methods)
        described = (*ENDPOINTS, token.endpoint(grant_types), *endpoints)
        self.endpoints = (*described, *discovery(described))
        super().__init__(
            issuer,
            policies={**policies_of(described), **client_authentication.policies(methods), **policies},
            response_types=response_types,
            authentication_methods=methods,
            **settings,
        )
        self._purged, self._kept_longer = self.clock(), kept_longer
        self.app = application(self, self.endpoints)
        self.app.before_request(self._purge)

    @property
    def metadata(self) -> dict[str, Any]:
        """What it says about itself (RFC 8414 §2)."""
        return metadata(self, self.endpoints)

    def _purge(self) -> None:
        now = self.clock()
        if abs(now - self._purged) > _PURGE_AFTER:  # also after the clock was set back
            self._purged = now
            if math.isfinite(self._kept_longer):
                forget(self.store, now - self._kept_longer)
            self.given_answers.purge(now)


def policies_of(endpoints: Iterable[Endpoint]) -> dict[str, Policy]:
    """Every decision of these endpoints, by name."""
    found: dict[str, Policy] = {}
    for each in endpoints:
        found |= each.policies
    return found


POLICIES: Mapping[str, Policy] = policies_of((*ENDPOINTS, token.endpoint(GRANT_TYPES)))
"""Every decision of the server, by name."""


def application(server: Server, endpoints: Iterable[Endpoint]) -> Flask:
    """The WSGI application: routes, CORS and error forms, as the endpoints declare them."""
    known = {(each.path, method): each for each in endpoints for method in each.methods}
    for_scripts = {each.path for each in known.values() if each.for_scripts}
    pages = {each.path for each in known.values() if each.page}
    app = Flask("jwtlab.oauth", static_folder=None)
    app.url_map.merge_slashes = False  # no redirect of the framework's own
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MOST_BYTES
    for (path, method), each in known.items():
        app.add_url_rule(path, f"{method} {path}", partial(each.answer, server), methods=[method])

    @app.before_request
    def first() -> Response | None:
        if request.method == "HEAD" and request.path in pages:
            raise MethodNotAllowed([method for path, method in known if path == request.path])
        if request.method == "OPTIONS" and request.path in for_scripts:
            return Response(status=204)
        return None

    @app.after_request
    def last(response: Response) -> Response:
        if request.path in for_scripts:
            # Applications in browsers call these; no cookie counts here, so every origin may (Fetch standard).
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, DPoP"
            response.headers["Access-Control-Allow-Methods"] = "GET, POST"
            response.headers["Access-Control-Expose-Headers"] = "WWW-Authenticate, DPoP-Nonce"
        if server.nonces is not None and "DPoP" in request.headers:
            response.headers["DPoP-Nonce"] = server.nonces.current
        response.headers["X-Content-Type-Options"] = "nosniff"
        return with_cookies(server, response)

    @app.errorhandler(StorageError)
    def cannot_keep(error: StorageError) -> Response:
        """A full disk, a damaged file: nothing has happened, and whoever asked may ask again."""
        if request.path in pages:
            return responses.error_page(error)
        return responses.json_error(error, error.code, server.issuer)

    @app.errorhandler(HTTPException)
    def not_for_us(error: HTTPException) -> Response:
        """No such address, wrong method, too long: in the words of the place."""
        status = error.code or 400
        told = OAuthError(error.description or error.name, "invalid_request", status)
        if request.path in pages:
            response = responses.error_page(told, status)
        else:
            body = {"error": told.code, "error_description": responses.plain(str(told))}
            response = responses.json_answer(body, status)
        allowed = error.get_response().headers.get("Allow")
        if allowed:
            response.headers["Allow"] = allowed
        return response

    return app
