"""A web application that logs people in: Authlib checks the messages, the session remembers who it is."""

import functools
import json
import os
import secrets
import sys
from urllib.parse import urlencode

from authlib.common.errors import AuthlibBaseError
from flask import Flask, abort, jsonify, redirect, render_template_string, request, session, url_for
from joserfc.errors import JoseError
from requests import RequestException

PAGE = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Diary</title>
<style>body {font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; padding: 0 1rem}
:root {color-scheme: light dark} button, textarea {font: inherit} textarea {width: 100%} form {margin: 1rem 0}</style>
<h1>Diary</h1>
{% if session.user %}
  <p>Logged in as <strong>{{ session.user.name }}</strong></p>
  <ul>{% for line in lines %}<li>{{ line }}</li>{% endfor %}</ul>
  <form method="post" action="{{ url_for('write') }}">
  <input type="hidden" name="form_key" value="{{ session.form_key }}">
  <label>Today <textarea name="line" required maxlength="500"></textarea></label> <button>Write</button></form>
  <form method="post" action="{{ url_for('logout') }}">
  <input type="hidden" name="form_key" value="{{ session.form_key }}">
  <button>Log out</button></form>
{% else %}<p>Nobody is logged in. <a href="{{ url_for('login') }}">Log in</a></p>{% endif %}</html>"""


def create_app(issuer, client_secret, client_id="web", origin="http://127.0.0.1:5000"):
    # The address at which people reach this application is told, and not read from a request: behind a proxy
    # the request's own would be wrong, and whoever writes its headers would choose where the code goes.
    from authlib.integrations.flask_client import OAuth

    secure = origin.startswith("https://")
    app = Flask(__name__)
    app.config.update(SECRET_KEY=os.environ.get("SECRET_KEY") or secrets.token_bytes(32))
    app.config.update(SESSION_COOKIE_NAME="__Host-session" if secure else "session")
    app.config.update(
        SESSION_COOKIE_SECURE=secure, SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax"
    )
    diaries = {}
    lab = OAuth(app).register(
        "lab",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
    )

    def person():  # a name may change, and an address may get a new owner: iss and sub together do not
        return session["user"]["iss"], session["user"]["sub"]

    def for_people(view):
        @functools.wraps(view)
        def guarded(**parts):
            if "user" in session:
                return view(**parts)
            if request.method != "GET":
                abort(401)
            session["wanted"] = url_for(request.endpoint, **parts)  # one of our own pages, whatever was asked
            return redirect(url_for("login"))

        return guarded

    @app.before_request
    def forms_of_our_own():
        sent, kept = request.form.get("form_key", ""), session.get("form_key", "")
        if request.method == "POST" and not (kept and secrets.compare_digest(sent.encode(), kept.encode())):
            abort(403)

    @app.get("/login")
    def login():
        return lab.authorize_redirect(origin + url_for("callback"))  # makes state, nonce and PKCE's verifier

    @app.get("/callback")
    def callback():
        try:
            claims = lab.authorize_access_token()[
                "userinfo"
            ]  # of the ID token: signature, iss, aud, exp, nonce
        except (AuthlibBaseError, JoseError, KeyError, ValueError) as error:
            app.logger.warning("a login was refused: %s", error)
            abort(403)
        wanted = session.get("wanted") or url_for("home")
        session.clear()  # nothing of before the login goes on
        session["user"] = {
            "iss": claims["iss"],
            "sub": claims["sub"],
            "name": claims.get("name") or claims["sub"],
        }
        session["form_key"] = secrets.token_urlsafe(32)
        return redirect(wanted)

    @app.get("/")
    def home():
        return render_template_string(PAGE, lines=diaries.get(person(), []) if "user" in session else [])

    @app.get("/diary")
    @for_people
    def diary():
        return render_template_string(PAGE, lines=diaries.get(person(), []))

    @app.post("/diary")
    @for_people
    def write():
        diaries.setdefault(person(), []).append(request.form.get("line", "")[:500])
        return redirect(url_for("diary"))

    @app.get("/me")
    @for_people
    def me():
        return jsonify(sub=session["user"]["sub"])

    @app.post("/logout")
    def logout():
        session.clear()  # here, and then at the issuer (OpenID Connect RP-Initiated Logout §2)
        asked = urlencode({"client_id": client_id, "post_logout_redirect_uri": f"{origin}/"})
        return redirect(f"{lab.load_server_metadata()['end_session_endpoint']}?{asked}")

    @app.errorhandler(RequestException)
    def issuer_is_down(error):
        app.logger.error("the issuer does not answer: %s", error)
        return "Logging in does not work just now. Try again in a minute.", 503

    @app.after_request
    def for_this_person(response):
        response.headers.update({"Cache-Control": "no-store", "X-Frame-Options": "DENY"})
        return response

    return app


if __name__ == "__main__":
    served = json.loads(sys.stdin.readline())  # of "jwtlab serve --json"
    web = next(each for each in served["clients"] if each["client_id"] == "web")
    port = int(os.environ.get("PORT", "5000"))
    os.environ.setdefault("AUTHLIB_INSECURE_TRANSPORT", "1")  # http: on this machine only
    create_app(served["issuer"], web["client_secret"], origin=f"http://127.0.0.1:{port}").run(port=port)
