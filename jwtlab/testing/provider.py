"""The OpenID provider behind an `Issuer`: the lab's authorization server, with every door a test needs open."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Response, request

from jwtlab.jose.key import Key
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server import AuthorizationServer
from jwtlab.oauth.authorization_server.browser.sessions import log_in
from jwtlab.oauth.authorization_server.registration import Client, Resource
from jwtlab.testing.people import Somebody

SCOPE = "openid profile email offline_access"
LOOPBACK = ("http://127.0.0.1/callback", "http://localhost/callback")
ASKS_AGAIN = {"login", "consent", "select_account"}

Change = Callable[[dict[str, Any]], dict[str, Any]]


class LoopbackProvider:
    """A server whose client may come back to any address, and whose people log in without a form.

    Args:
        issuer: its origin.
        make_key: ``number -> Key``, the signing keys.
        clock: ``() -> seconds since 1970``.
        people: who has an account.
        audience: the API that its access tokens are for.
        scopes: what they may be for.
        client_id, client_secret: of the application under test.

    Attributes:
        server: the `AuthorizationServer`.
        visitor: who logs in at the authorization endpoint; ``None`` shows the form.
        extra_keys: published beside the signing keys.
        changes: path → what becomes of the JSON that is answered there.
        seen: ``path -> how often`` it was asked.
    """

    def __init__(
        self,
        issuer: str,
        *,
        make_key: Callable[[int], Key],
        clock: Callable[[], float],
        people: Iterable[Somebody],
        audience: str,
        scopes: Iterable[str],
        client_id: str,
        client_secret: str | None,
    ) -> None:
        self.visitor: str | None = None
        self.extra_keys: list[Key] = []
        self.changes: dict[str, Change] = {}
        self.seen: dict[str, int] = {}
        self._scopes = tuple(scopes)
        ready = False

        def time() -> float:
            """While it is made it is 1970: its first key signs however far the test turns the clock back."""
            return clock() if ready else 0.0

        self.server = AuthorizationServer(
            issuer,
            people=people,
            clients=[self.client(client_id, client_secret)],
            resources=[Resource(audience, {each: each for each in self._scopes})],
            make_key=make_key,
            clock=time,
            random=secrets.token_bytes,
        )
        ready = True
        # The application under test may do without PKCE: whether that is a fault is for the attacks to say.
        asked = self.server.policies["authorization request"]
        self.server.policies["authorization request"] = asked.without("code-challenge-present")
        self.server.app.before_request(self._before)
        self.server.app.after_request(self._after)

    def client(self, client_id: str, client_secret: str | None, redirect_uris: Iterable[str] = ()) -> Client:
        """A registration in which nothing has to be allowed by hand."""
        browser = (protocol.AUTHORIZATION_CODE, protocol.REFRESH_TOKEN)
        more = (protocol.CLIENT_CREDENTIALS,) if client_secret else ()
        return Client(
            client_id,
            client_id,
            "client_secret_basic" if client_secret else "none",
            client_secret,
            redirect_uris=(*LOOPBACK, *redirect_uris),
            grant_types=(*browser, *more),
            scope=" ".join((SCOPE, *self._scopes)),
            trusted=True,
        )

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = environ.get("PATH_INFO", "")
        self.seen[path] = self.seen.get(path, 0) + 1
        if path == "/authorize":
            self._prepare(environ)
        if path == "/token":
            self._any_method(environ)
        return self.server.app(environ, start_response)

    def _prepare(self, environ: dict[str, Any]) -> None:
        """Register the address that the application names, and ask no person anything."""
        pairs = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        named = dict(pairs)
        client = self.server.clients.get(named.get("client_id", ""))
        uri = named.get("redirect_uri", "")
        if client is not None and uri and uri not in client.redirect_uris:
            try:
                known = replace(client, redirect_uris=(*client.redirect_uris, uri))
            except ValueError:
                return
            self.server.clients[client.client_id] = known
        if self.visitor is not None and ASKS_AGAIN & set(named.get("prompt", "").split()):
            # Whoever is asked again, answers again: the login below is as fresh as can be.
            kept = [(name, value) for name, value in pairs if name != "prompt"]
            environ["QUERY_STRING"] = urlencode(kept)

    def _any_method(self, environ: dict[str, Any]) -> None:
        """A secret in the header and one in the form are the same to a test (RFC 6749 §2.3.1)."""
        in_header = environ.get("HTTP_AUTHORIZATION", "").lower().startswith("basic ")
        method = "client_secret_basic" if in_header else "client_secret_post"
        for name, client in list(self.server.clients.items()):
            if not client.is_public and client.token_endpoint_auth_method != method:
                self.server.clients[name] = replace(client, token_endpoint_auth_method=method)

    def _before(self) -> None:
        if request.path == "/authorize" and self.visitor is not None:
            log_in(self.server, self.visitor, ["pwd"])

    def _after(self, response: Response) -> Response:
        change = self.changes.get(request.path)
        if request.path == "/jwks":
            body = json.loads(response.get_data())
            body["keys"] += [key.public().to_jwk() | {"use": "sig"} for key in self.extra_keys]
            response.set_data(json.dumps(body))
        if change is not None and response.status_code == 200 and response.is_json:
            response.set_data(json.dumps(change(json.loads(response.get_data()))))
        return response
