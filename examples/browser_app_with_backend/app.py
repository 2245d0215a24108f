"""A single-page application with a backend for frontend: the tokens stay here, the browser has a cookie."""

import json
import os
import secrets
import sys
import time

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, abort, g, jsonify, redirect, request, send_from_directory

LIFETIME = 8 * 3600  # seconds, of a session
OPEN = {("GET", "notes"): "/notes", ("POST", "notes"): "/notes"}  # what is handed on, and nothing else
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
POLICY += "form-action 'self'; frame-ancestors 'none'"


def create_app(issuer, client_secret, client_id="web", api="", origin="http://127.0.0.1:5000"):
    secure = origin.startswith("https://")
    cookie = "__Host-session" if secure else "session"
    sessions = {}
    app = Flask(__name__, static_folder=None)
    # Flask's own session holds a login that has begun: the issuer may be of another site, so this cookie is Lax.
    app.config.update(SECRET_KEY=os.environ.get("SECRET_KEY") or secrets.token_bytes(32))
    app.config.update(SESSION_COOKIE_NAME="__Host-login" if secure else "login")
    app.config.update(SESSION_COOKIE_SECURE=secure, SESSION_COOKIE_SAMESITE="Lax")
    os.environ.setdefault("AUTHLIB_INSECURE_TRANSPORT", "" if secure else "1")  # http: on this machine only

    def remember(
        token, refresh_token=None, access_token=None
    ):  # Authlib has refreshed: the old token is used up
        g.session["tokens"] = token

    client = OAuth(app).register(
        "lab",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile notes:read notes:write", "code_challenge_method": "S256"},
        update_token=remember,
    )

    def session():
        g.session = sessions.get(request.cookies.get(cookie), {"ends": 0})
        return g.session if g.session["ends"] > time.time() else abort(401)

    @app.before_request
    def only_our_page():  # a form cannot send this header, and a script elsewhere asks first: nobody answers yes
        if request.path.startswith("/backend/") and request.headers.get("X-From-Page") != "1":
            abort(403)

    @app.get("/login")
    def login():
        return client.authorize_redirect(f"{origin}/callback")

    @app.get("/callback")
    def callback():
        try:
            tokens = client.authorize_access_token()  # checks state, nonce, PKCE, signature, iss, aud, exp
        except OAuthError:
            abort(403)
        for old in [name for name, known in sessions.items() if known["ends"] < time.time()]:
            del sessions[old]
        sessions.pop(request.cookies.get(cookie), None)
        name = secrets.token_urlsafe(32)  # a new one after each login: against session fixation
        sessions[name] = {"tokens": tokens, "user": tokens["userinfo"], "ends": time.time() + LIFETIME}
        response = redirect("/")
        response.set_cookie(cookie, name, secure=secure, httponly=True, samesite="Strict", path="/")
        return response

    @app.get("/backend/session")
    def who():
        return jsonify(sub=session()["user"]["sub"])

    @app.route("/backend/api/<path:name>", methods=["GET", "POST"])
    def hand_on(name):  # the cookie becomes a token, if the path is one of those that are open
        token = session()["tokens"]
        path = OPEN.get((request.method, name)) or abort(404)
        body = request.get_json() if request.method == "POST" else None
        try:
            answer = client.request(request.method, (api or f"{issuer}/api") + path, token=token, json=body)
        except OAuthError:  # the refresh token is no longer good
            abort(401)
        return answer.content, answer.status_code, {"Content-Type": answer.headers["Content-Type"]}

    @app.post("/backend/logout")
    def logout():
        session()
        del sessions[request.cookies[cookie]]
        return "", 204

    @app.get("/")
    @app.get("/<any('app.js'):name>")
    def page(name="index.html"):
        return send_from_directory(os.path.join(app.root_path, "page"), name)

    @app.after_request
    def policy(response):
        response.headers.update({"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})
        return response

    return app


if __name__ == "__main__":
    served = json.loads(sys.stdin.readline())  # of "jwtlab serve --json"
    web = next(each for each in served["clients"] if each["client_id"] == "web")
    port = int(os.environ.get("PORT", "5000"))
    here = f"http://127.0.0.1:{port}"
    create_app(served["issuer"], web["client_secret"], api=served["api"], origin=here).run(port=port)
