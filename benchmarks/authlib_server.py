"""The flow openid-connect (14 messages) on Authlib's authorization server, in process: what ours is measured beside.

The same parties send the same messages: an application with a page to log in at, an authorization server with
pages for password and consent, an API that takes JWT access tokens (RFC 9068). Everything is kept in memory.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator, JWTBearerTokenValidator
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, redirect, render_template_string, request, session
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from jwtlab import passwords

AS, APP, API = "https://as.example", "https://app.example", "https://api.example"
REDIRECT = f"{APP}/callback"
SECRET, PASSWORD, SALT = "application secret", "wonderland", b"salt of 16 bytes"
STORED = passwords.digest(PASSWORD, SALT)  # as slow as the lab's own
KEY = RSAKey.generate_key(2048, parameters={"kid": "bench", "use": "sig", "alg": "RS256"})
KEYS = KeySet([KEY])
PUBLIC = {"keys": [KEY.as_dict(private=False)]}
METADATA = {
    "issuer": AS,
    "authorization_endpoint": f"{AS}/authorize",
    "token_endpoint": f"{AS}/token",
    "userinfo_endpoint": f"{AS}/userinfo",
    "jwks_uri": f"{AS}/jwks",
}
PAGE = """<!doctype html><html lang="en"><title>{{ title }}</title><h1>{{ title }}</h1>
<form method="post" action="{{ action }}">{% for name, kind in fields %}
<label>{{ name }} <input name="{{ name }}" type="{{ kind }}"></label>{% endfor %}<button>Go on</button></form></html>"""
ALICE = SimpleNamespace(id="alice", get_user_id=lambda: "alice")


class Client(ClientMixin):
    """The one application that is registered."""

    client_id, client_secret = "notes-app", SECRET

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return REDIRECT

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == REDIRECT

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(self.client_secret, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


CLIENT = Client()


class Code(SimpleNamespace):
    """A code and what it was given out for."""

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


CODES: dict[str, Code] = {}


class Grant(grants.AuthorizationCodeGrant):
    """RFC 6749 §4.1, codes in a dict."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def save_authorization_code(self, code: str, request: Any) -> None:
        data = request.payload.data
        CODES[code] = Code(
            code=code,
            redirect_uri=request.payload.redirect_uri,
            scope=request.payload.scope,
            nonce=data.get("nonce"),
            code_challenge=data.get("code_challenge"),
            code_challenge_method=data.get("code_challenge_method"),
            auth_time=int(time.time()),
            user=request.user,
        )

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return CODES.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        del CODES[authorization_code.code]

    def authenticate_user(self, authorization_code: Code) -> Any:
        return authorization_code.user


class IdToken(OpenIDCode):
    """OpenID Connect Core §3.1.3.3."""

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return any(each.nonce == nonce for each in CODES.values())

    def resolve_client_private_key(self, client: Client) -> Any:
        return KEY

    def get_client_algorithm(self, client: Client) -> str:
        return "RS256"

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        return {"iss": AS, "aud": [client.client_id]}

    def generate_user_info(self, user: Any, scope: str) -> UserInfo:
        return UserInfo(sub=user.id, name="Alice")


class Tokens(JWTBearerTokenGenerator):
    """RFC 9068 §2."""

    def get_jwks(self) -> KeySet:
        return KEYS

    def get_audiences(self, client: Client, user: Any, scope: str) -> str:
        return API


class Validator(JWTBearerTokenValidator):
    """RFC 9068 §4; the API fetches the issuer's keys, as ours does in the flow."""

    fetch: Any = None

    def get_jwks(self) -> KeySet:
        return KeySet.import_key_set(self.fetch()) if self.fetch else KEYS


def _page(title: str, action: str, *fields: tuple[str, str]) -> str:
    return render_template_string(PAGE, title=title, action=action, fields=fields)


def _server() -> Flask:
    app = Flask("as")
    app.secret_key = secrets.token_bytes(32)
    server = AuthorizationServer(app, query_client=lambda _: CLIENT, save_token=lambda token, request: None)
    server.register_grant(Grant, [IdToken(require_nonce=True), CodeChallenge(required=True)])
    server.register_token_generator("default", Tokens(AS, alg="RS256"))
    guard = ResourceProtector()
    guard.register_token_validator(Validator(AS, API))
    app.add_url_rule("/.well-known/openid-configuration", "openid", lambda: jsonify(METADATA))
    app.add_url_rule("/.well-known/oauth-authorization-server", "oauth", lambda: jsonify(METADATA))
    app.add_url_rule("/jwks", "jwks", lambda: jsonify(PUBLIC))

    @app.get("/authorize")
    def authorize() -> Any:
        server.get_consent_grant(end_user=ALICE)
        session["asked"] = request.query_string.decode()
        return _page("Log in", "/login", ("username", "text"), ("password", "password"))

    @app.post("/login")
    def login() -> Any:
        if not passwords.matches(request.form["password"], SALT, STORED):
            return _page("Log in", "/login", ("username", "text"), ("password", "password"))
        session["user"] = request.form["username"]
        return _page("May the notes app read your notes?", f"/consent?{session['asked']}")

    @app.post("/consent")
    def consent() -> Any:
        assert session["user"] == "alice"
        grant = server.get_consent_grant(end_user=ALICE)
        return server.create_authorization_response(grant=grant, grant_user=ALICE)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/userinfo")
    @guard("openid")
    def userinfo() -> Any:
        return jsonify(sub=current_token["sub"], name="Alice")

    return app


def _api(network: Network) -> Flask:
    app = Flask("api")
    validator = Validator(AS, API)

    def fetch() -> Any:
        metadata = network.get(f"{AS}/.well-known/oauth-authorization-server").json()
        return network.get(metadata["jwks_uri"]).json()

    validator.fetch = fetch
    guard = ResourceProtector()
    guard.register_token_validator(validator)

    @app.get("/notes")
    @guard("notes:read")
    def notes() -> Any:
        return jsonify(notes=[f"a note of {current_token['sub']}"])

    return app


def _application(network: Network) -> Flask:
    app = Flask("app")
    app.secret_key = secrets.token_bytes(32)

    @app.get("/login")
    def login() -> Any:
        metadata = network.get(f"{AS}/.well-known/openid-configuration").json()
        kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        session["login"] = kept
        hashed = base64.urlsafe_b64encode(hashlib.sha256(kept["verifier"].encode()).digest()).rstrip(b"=")
        asked = {
            "response_type": "code",
            "client_id": CLIENT.client_id,
            "redirect_uri": REDIRECT,
            "scope": "openid profile notes:read",
            "state": kept["state"],
            "nonce": kept["nonce"],
            "code_challenge": hashed.decode(),
            "code_challenge_method": "S256",
        }
        return redirect(f"{metadata['authorization_endpoint']}?{urlencode(asked)}", 303)

    @app.get("/callback")
    def callback() -> Any:
        kept = session.pop("login")
        assert secrets.compare_digest(kept["state"], request.args["state"])
        form = {
            "grant_type": "authorization_code",
            "code": request.args["code"],
            "redirect_uri": REDIRECT,
            "code_verifier": kept["verifier"],
        }
        told = network.post(f"{AS}/token", data=form, auth=(CLIENT.client_id, SECRET)).json()
        keys = KeySet.import_key_set(network.get(f"{AS}/jwks").json())
        claims = jwt.decode(told["id_token"], keys, algorithms=["RS256"]).claims
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": AS},
            aud={"essential": True, "value": CLIENT.client_id},
            nonce={"essential": True, "value": kept["nonce"]},
        ).validate(claims)
        bearer = {"Authorization": f"Bearer {told['access_token']}"}
        person = network.get(f"{AS}/userinfo", headers=bearer).json()
        assert person["sub"] == claims["sub"]
        session["user"], session["token"] = person, told["access_token"]
        return redirect("/", 303)

    @app.get("/")
    def home() -> Any:
        return render_template_string("<h1>Hello {{ name }}</h1>", name=session["user"]["name"])

    @app.get("/notes")
    def notes() -> Any:
        answer = network.get(f"{API}/notes", headers={"Authorization": f"Bearer {session['token']}"})
        return jsonify(answer.json())

    return app


class Network:
    """Three applications behind their addresses, and how many messages they were sent."""

    def __init__(self) -> None:
        self.count = 0
        applications = {AS: _server(), API: _api(self), APP: _application(self)}
        self.mounts = {name: httpx.WSGITransport(app) for name, app in applications.items()}
        self.servers = self.browser()

    def browser(self) -> httpx.Client:
        # With a transport of its own it makes no TLS context, which would take longer than the flow.
        nowhere = httpx.MockTransport(lambda request: httpx.Response(404))
        return httpx.Client(transport=nowhere, mounts=self.mounts, event_hooks={"request": [self._seen]})

    def _seen(self, _: httpx.Request) -> None:
        self.count += 1

    def get(self, url: str, **more: Any) -> httpx.Response:
        return self.servers.get(url, **more)

    def post(self, url: str, **more: Any) -> httpx.Response:
        return self.servers.post(url, **more)


def play(network: Network) -> list[Any]:
    """From the button "Log in" to the notes.

    Returns:
        Alice's notes, as the API told them.
    """
    browser = network.browser()
    away = browser.get(f"{APP}/login").headers["Location"]
    browser.get(away)
    browser.post(f"{AS}/login", data={"username": "alice", "password": PASSWORD})
    back = browser.post(f"{AS}/consent?{urlsplit(away).query}").headers["Location"]
    assert "code" in parse_qs(urlsplit(back).query), back
    browser.get(back)
    browser.get(f"{APP}/")
    found: list[Any] = browser.get(f"{APP}/notes").json()["notes"]
    return found
