"""The application: its page, its scripts, and for one design the backend that keeps the tokens for it.

VULNERABLE ON PURPOSE: the page shows notes without escaping them, and each defence can be down.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import urlencode

import httpx
from flask import Flask, Response, jsonify, redirect, request

from jwtlab.jose import base64url
from jwtlab.oauth import pkce
from jwtlab.oauth.browser_app import scripts
from jwtlab.oauth.browser_app.setting import Setting

PUBLIC, CONFIDENTIAL = "notes-page", "notes-backend"
SECRET = "notes-backend-secret-for-lessons"
SCOPE = "notes:read notes:write"

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Notes</title><link rel="icon" href="data:,"></head>
<body data-issuer="{issuer}" data-api="{api}" data-client="{client}" data-callback="{callback}">
<h1>Notes</h1>
<ul id="notes"></ul>
<input id="text" aria-label="New note"><button id="add">Add</button><button id="reload">Reload</button>
<script src="/library.js"></script>
<script src="/app.js"></script>
</body>
</html>
"""


def page_policy(stage: Setting) -> str:
    """The page's Content-Security-Policy: own scripts, own addresses; a frame of the issuer for silent renewal."""
    places = stage.places
    return (
        f"default-src 'none'; script-src 'self'; worker-src 'self'; img-src 'self' data:; "
        f"connect-src 'self' {places.api} {places.issuer}; frame-src 'self' {places.issuer}; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    )


class Application:
    """The whole of it.

    Args:
        stage: where it is.

    Attributes:
        flask: the WSGI application.
    """

    def __init__(self, stage: Setting) -> None:
        self.stage = stage
        self.flask = app = Flask("jwtlab.browser_app", static_folder=None)
        self._backend = _Backend(stage) if stage.design == "backend" else None
        app.add_url_rule("/", "page", self._page)
        app.add_url_rule("/callback", "callback", self._page)
        for name, source in (
            ("app", lambda: scripts.application(stage.design)),
            ("library", lambda: scripts.library(stage.in_library)),
            ("worker", scripts.worker),
        ):
            app.add_url_rule(f"/{name}.js", name, _script(source))
        if self._backend is not None:
            self._backend.add_to(app)
        app.after_request(self._policy)

    def forget(self) -> None:
        """Everybody is logged out."""
        if self._backend is not None:
            self._backend.sessions.clear()

    def _page(self) -> str:
        return PAGE.format(
            issuer=escape(self.stage.places.issuer),
            api=escape(self.stage.places.api),
            client=CONFIDENTIAL if self._backend else PUBLIC,
            callback="/backend/callback" if self._backend else "/callback",
        )

    def _policy(self, response: Response) -> Response:
        if "csp" in self.stage.defences:
            response.headers["Content-Security-Policy"] = page_policy(self.stage)
        return response


def _script(source: Callable[[], str]) -> Callable[[], Response]:
    return lambda: Response(source(), mimetype="text/javascript")


class _Backend:
    """The backend for frontend: a confidential client, which keeps the tokens (RFC 10017 §6.1).

    Sessions are kept in memory: cookie → what belongs to it.
    """

    def __init__(self, stage: Setting) -> None:
        self.stage = stage
        self.sessions: dict[str, dict[str, Any]] = {}

    def add_to(self, app: Flask) -> None:
        for path, method, answer in (
            ("/login", "GET", self.login),
            ("/callback", "GET", self.callback),
            ("/session", "GET", self.session),
            ("/notes", "GET", self.notes),
            ("/notes", "POST", self.notes),
        ):
            app.add_url_rule(f"/backend{path}", f"{method} {path}", answer, methods=[method])
        app.add_url_rule(
            "/backend/<path:any>", "preflight", lambda **_: Response(status=204), methods=["OPTIONS"]
        )
        app.after_request(self._cors)

    def _cors(self, response: Response) -> Response:
        origin = request.headers.get("Origin")
        if origin and "cors" not in self.stage.defences and request.path.startswith("/backend/"):
            _let_read(response, origin)
        return response

    def _secret(self) -> str:
        return base64url.encode(self.stage.random(24))

    def _session(self) -> dict[str, Any]:
        return self.sessions.get(request.cookies.get("session", ""), {})

    def login(self) -> Any:
        verifier = pkce.new_verifier(self.stage.random)
        name, state = self._secret(), self._secret()
        self.sessions[name] = {"verifier": verifier, "state": state}
        asked = {
            "response_type": "code",
            "client_id": CONFIDENTIAL,
            "redirect_uri": f"{self.stage.places.app}/backend/callback",
            "scope": SCOPE,
            "state": state,
            "code_challenge": pkce.challenge(verifier),
            "code_challenge_method": "S256",
        }
        return self._with_cookie(redirect(f"{self.stage.places.issuer}/authorize?{urlencode(asked)}"), name)

    def callback(self) -> Any:
        session = self._session()
        state = session.pop("state", "")
        if not state or not hmac.compare_digest(state.encode(), request.args.get("state", "").encode()):
            return "this browser did not ask for a login here", 400
        form = {
            "grant_type": "authorization_code",
            "code": request.args.get("code", ""),
            "redirect_uri": f"{self.stage.places.app}/backend/callback",
            "code_verifier": session.pop("verifier"),
        }
        asked = httpx.Request("POST", f"{self.stage.places.issuer}/token", data=form, headers=_basic())
        tokens = self.stage.network.deliver("Backend", asked).json()
        if "access_token" not in tokens:
            return "the login did not work", 400
        name = self._secret()  # another name after the login: against session fixation
        self.sessions.pop(request.cookies["session"], None)
        self.sessions[name] = {"tokens": tokens, "csrf": self._secret()}
        return self._with_cookie(redirect("/"), name)

    def _with_cookie(self, response: Any, name: str) -> Any:
        up = self.stage.defences
        response.set_cookie(
            "session",
            name,
            secure=True,
            httponly="http-only" in up,
            samesite="Strict" if "same-site" in up else "None",
            path="/",
        )
        return response

    def session(self) -> Any:
        session = self._session()
        if "tokens" not in session:
            return jsonify({"logged_in": False}), 401
        return jsonify({"logged_in": True, "csrf_token": session["csrf"]})

    def notes(self) -> Any:
        """Hand it on to the API, with the token in the place of the cookie."""
        session = self._session()
        if "tokens" not in session:
            return jsonify({"error": "log in first"}), 401
        body = None
        if request.method == "POST":
            given = request.headers.get("X-CSRF-Token", "")
            if "csrf-token" in self.stage.defences and not hmac.compare_digest(
                given.encode(), session["csrf"].encode()
            ):
                return jsonify({"error": "the token of the session is missing"}), 403
            sent = request.get_json(silent=True)
            text = sent.get("text") if isinstance(sent, dict) else request.form.get("text")
            body = {"text": text}
        bearer = {"Authorization": f"Bearer {session['tokens']['access_token']}"}
        asked = httpx.Request(request.method, f"{self.stage.places.api}/notes", json=body, headers=bearer)
        answer = self.stage.network.deliver("Backend", asked)
        return Response(answer.content, answer.status_code, mimetype="application/json")


def _let_read(response: Response, origin: str) -> None:
    """Let this origin read the answer, cookies and all."""
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Allow-Credentials"] = "true"
    response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, DPoP, X-CSRF-Token"
    response.headers["Access-Control-Allow-Methods"] = "GET, POST"
    response.headers["Vary"] = "Origin"


def strict_or_lax_cors(stage: Setting, response: Response) -> Response:
    """The API's CORS: the application's origin, or whoever asks."""
    if "cors" in stage.defences:
        response.headers["Access-Control-Allow-Origin"] = stage.places.app
    elif request.headers.get("Origin"):
        _let_read(response, request.headers["Origin"])
    return response


def _basic() -> dict[str, str]:
    request_ = httpx.BasicAuth(CONFIDENTIAL, SECRET).auth_flow(
        httpx.Request("POST", "https://unused.example")
    )
    return {"Authorization": next(request_).headers["Authorization"]}
