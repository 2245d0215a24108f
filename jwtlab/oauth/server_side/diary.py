"""The application of lesson 41: a diary, in which Authlib does the login."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from authlib.common.errors import AuthlibBaseError
from flask import Flask, redirect, session, url_for
from joserfc.errors import JoseError

from jwtlab.oauth.server_side.library import LabOAuth
from jwtlab.oauth.server_side.place import CALLBACK, CLIENT, DIARY, NAME, SECRET
from jwtlab.oauth.server_side.sessions import StoredSessions
from jwtlab.oauth.world import ISSUER, World

PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


def by_iss_and_sub(claims: Mapping[str, Any]) -> Hashable:
    """Who somebody is (OpenID Connect Core §5.7)."""
    return claims["iss"], claims["sub"]


def create_diary(
    world: World,
    *,
    secret_key: str = "only for this lesson",
    redirect_uri: str | None = CALLBACK,
    scope: str = "openid profile email",
    response_mode: str | None = None,
    sender: str = NAME,
    stored: bool = False,
    begin_anew: bool = True,
    find: Callable[[Mapping[str, Any]], Hashable] = by_iss_and_sub,
) -> Flask:
    """The diary.

    Args:
        world: where it lives.
        secret_key: signs its session cookies.
        redirect_uri: where people come back to; ``None`` makes it of each request, as many tutorials do.
        scope: what it asks for.
        response_mode: how the code comes back; ``None`` leaves it to the server.
        sender: how the record calls it.
        stored: sessions are kept at the server, and the cookie holds a name; otherwise all is in the cookie.
        begin_anew: nothing of before the login goes on.
        find: ``claims -> whose diary it is``.
    """
    app = Flask("diary")
    app.config.update(SECRET_KEY=secret_key, SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
    lab = LabOAuth(app, world, sender).register(
        "lab",
        client_id=CLIENT,
        client_secret=SECRET,
        server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
        client_kwargs={"scope": scope, "code_challenge_method": "S256"},
    )
    if stored:
        app.session_interface = StoredSessions(world.random)
    owners: dict[Hashable, str] = {}  # whose diary → who began it

    @app.get("/login")
    def login() -> Any:
        more = {"response_mode": response_mode} if response_mode else {}
        return lab.authorize_redirect(redirect_uri or url_for("callback", _external=True), **more)

    @app.route("/callback", methods=["GET", "POST"])
    def callback() -> Any:
        token = lab.authorize_access_token()
        if "userinfo" not in token:  # OAuth alone tells an application what it may do, and not who is there
            return "no ID token has come: scope openid was not asked for", 403, PLAIN
        claims = (
            token["userinfo"] if "email" not in scope else {**lab.userinfo(token=token), **token["userinfo"]}
        )
        if begin_anew:
            session.clear()
            if isinstance(app.session_interface, StoredSessions):
                app.session_interface.rename(session)
        session["owner"] = owners.setdefault(find(claims), claims["sub"])
        return redirect("/")

    @app.get("/")
    def home() -> Any:
        owner = session.get("owner")
        return (f"This is {owner}'s diary." if owner else "Nobody is logged in."), PLAIN

    @app.get("/logout")
    def logout() -> Any:
        session.clear()
        return redirect(f"{DIARY}/")

    app.register_error_handler(AuthlibBaseError, refused)
    app.register_error_handler(JoseError, refused)
    return app


def refused(error: Exception) -> Any:
    """What the library says, as it says it: a lesson wants to see it. At work it goes into the log."""
    return f"{error}", 403, PLAIN


def raised_in(error: BaseException) -> str:
    """The innermost function of the library that an exception came from: ``"_format_state_params (sync_app.py)"``."""
    frames = [each for each in traceback.extract_tb(error.__traceback__) if "authlib" in each.filename]
    if not frames:
        return ""
    file = frames[-1].filename.replace("\\", "/").rpartition("/")[2]
    return f"{frames[-1].name} ({file})"
