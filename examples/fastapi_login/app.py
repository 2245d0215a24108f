"""A web application that logs people in: FastAPI, with Authlib's client for Starlette."""

import json
import os
import secrets
import sys
from typing import Annotated
from urllib.parse import parse_qs, urlencode

import httpx2
from authlib.common.errors import AuthlibBaseError
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from jinja2 import Environment
from joserfc.errors import JoseError
from starlette.middleware.sessions import SessionMiddleware

PAGE = Environment(autoescape=True).from_string("""<!doctype html><html lang="en">
<meta name="viewport" content="width=device-width"><title>Diary</title>
<style>body {font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; padding: 0 1rem}
:root {color-scheme: light dark} button, textarea {font: inherit} textarea {width: 100%} form {margin: 1rem 0}</style>
<h1>Diary</h1>
{% if session.user %}
  <p>Logged in as <strong>{{ session.user.name }}</strong></p>
  <ul>{% for line in lines %}<li>{{ line }}</li>{% endfor %}</ul>
  <form method="post" action="/diary"><input type="hidden" name="form_key" value="{{ session.form_key }}">
  <label>Today <textarea name="line" required maxlength="500"></textarea></label> <button>Write</button></form>
  <form method="post" action="/logout"><input type="hidden" name="form_key" value="{{ session.form_key }}">
  <button>Log out</button></form>
{% else %}<p>Nobody is logged in. <a href="/login">Log in</a></p>{% endif %}</html>""")


class LoginNeeded(Exception):
    """Somebody asks for a page of people's own."""


def person(request: Request):
    """Who is there. A name may change, and an address may get a new owner: iss and sub together do not."""
    if "user" not in request.session:
        raise LoginNeeded
    return request.session["user"]["iss"], request.session["user"]["sub"]


async def form_of_ours(request: Request):
    """What a form sent; one of another site does not know the key."""
    sent = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
    kept = request.session.get("form_key", "")
    if not (kept and secrets.compare_digest(sent.get("form_key", "").encode(), kept.encode())):
        raise HTTPException(403)
    return sent


Person = Annotated[tuple, Depends(person)]
Form = Annotated[dict, Depends(form_of_ours)]


def create_app(issuer, client_secret, client_id="web", origin="http://127.0.0.1:8000"):
    # The address at which people reach this application is told, and not read from a request: behind a proxy
    # the request's own would be wrong, and whoever writes its headers would choose where the code goes.
    from authlib.integrations.starlette_client import OAuth

    secure = origin.startswith("https://")
    app = FastAPI(title="Diary", openapi_url=None)
    app.add_middleware(
        SessionMiddleware,
        secret_key=os.environ.get("SECRET_KEY") or secrets.token_urlsafe(32),
        session_cookie="__Host-session" if secure else "session",
        https_only=secure,
        same_site="lax",
        max_age=None,  # until the browser is closed
    )
    diaries = {}
    lab = OAuth().register(
        "lab",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
    )

    def page(request, lines=()):
        return HTMLResponse(PAGE.render(session=request.session, lines=lines))

    @app.get("/login")
    async def login(request: Request):
        return await lab.authorize_redirect(request, f"{origin}/callback")  # state, nonce, PKCE's verifier

    @app.get("/callback")
    async def callback(request: Request):
        try:  # checks signature, iss, aud, exp and nonce of the ID token
            claims = (await lab.authorize_access_token(request))["userinfo"]
        except (AuthlibBaseError, JoseError, KeyError, ValueError) as error:
            raise HTTPException(403, "This login was refused.") from error
        wanted = request.session.get("wanted", "/")
        request.session.clear()  # nothing of before the login goes on
        name = claims.get("name") or claims["sub"]
        request.session["user"] = {"iss": claims["iss"], "sub": claims["sub"], "name": name}
        request.session["form_key"] = secrets.token_urlsafe(32)
        return RedirectResponse(wanted, 303)

    @app.exception_handler(LoginNeeded)
    async def log_in_first(request: Request, error):
        if request.method != "GET":
            return PlainTextResponse("Log in first.", 401)
        request.session["wanted"] = request.scope["route"].path  # one of our own pages, whatever was asked
        return RedirectResponse("/login", 303)

    @app.get("/")
    async def home(request: Request):
        return page(request, diaries.get(person(request), []) if "user" in request.session else [])

    @app.get("/diary")
    async def diary(request: Request, who: Person):
        return page(request, diaries.get(who, []))

    @app.post("/diary")
    async def write(who: Person, form: Form):
        diaries.setdefault(who, []).append(form.get("line", "")[:500])
        return RedirectResponse("/diary", 303)

    @app.post("/logout", dependencies=[Depends(form_of_ours)])
    async def logout(request: Request):
        request.session.clear()  # here, and then at the issuer (OpenID Connect RP-Initiated Logout §2)
        asked = urlencode({"client_id": client_id, "post_logout_redirect_uri": f"{origin}/"})
        about = await lab.load_server_metadata()
        return RedirectResponse(f"{about['end_session_endpoint']}?{asked}", 303)

    @app.exception_handler(httpx2.HTTPError)
    async def issuer_is_down(request: Request, error):
        return PlainTextResponse("Logging in does not work just now. Try again in a minute.", 503)

    @app.middleware("http")
    async def for_this_person(request: Request, call_next):
        response = await call_next(request)
        response.headers.update({"Cache-Control": "no-store", "X-Frame-Options": "DENY"})
        return response

    return app


if __name__ == "__main__":
    import uvicorn

    served = json.loads(sys.stdin.readline())  # of "jwtlab serve --json"
    client_id = os.environ.get("CLIENT_ID", "web")
    client = next(each for each in served["clients"] if each["client_id"] == client_id)
    port = int(os.environ.get("PORT", "8000"))
    app = create_app(served["issuer"], client["client_secret"], client_id, origin=f"http://127.0.0.1:{port}")
    uvicorn.run(app, port=port)
