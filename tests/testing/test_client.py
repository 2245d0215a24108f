"""Attacks on logins: a sound one with Flask and Authlib passes, and each check left out is found."""

from __future__ import annotations

import base64
import hashlib
import secrets
from urllib.parse import urlencode

import httpx
import joserfc.jwk
import jwt
import pytest
import sound
from flask import Flask, redirect, request, session
from short_form import few

from jwtlab import UsageError
from jwtlab.testing import Issuer, RefusedAddress, attack_client
from jwtlab.testing.login_attacks import LOGIN_ATTACKS
from jwtlab.testing.sockets import LoopbackServer

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


@pytest.mark.parametrize("pkce", [True, False])
@pytest.mark.parametrize("who", ["/me", None])
def test_authlib_passes(issuer, pkce, who):
    app = sound.flask_login(issuer, pkce)
    outcome = attack_client((app, "/login"), "/callback", issuer, who=who).check()
    assert set(outcome.advice.ids) == {"mix-up", "mix-up:missing"}
    assert {"csrf:other-browser", "swapped-code", "other-clients-id-token", "replayed-nonce"} <= set(
        outcome.refused
    )


def test_mix_up_is_a_hole_where_there_are_several_issuers(issuer):
    app = sound.flask_login(issuer)
    outcome = attack_client((app, "/login"), None, issuer, who="/me", several_issuers=True)
    assert outcome.let_through.ids == ("mix-up", "mix-up:missing")

    def careful(client):
        if request.args.get("iss") != client.load_server_metadata()["issuer"]:
            raise ValueError("mixed up")
        return client.authorize_access_token()["userinfo"]["sub"]

    app = sound.flask_login(issuer, callback=careful)
    attack_client((app, "/login"), None, issuer, who="/me", several_issuers=True).check()


class HandMade:
    """A login without a library, whose checks can be left out one by one."""

    def __init__(self, issuer, without=(), send=("state", "nonce", "pkce"), userinfo=False):
        self.issuer, self.without, self.send, self.userinfo = issuer, set(without), send, userinfo
        self.keys = jwt.PyJWKClient(issuer.jwks_uri)
        self.app = Flask("hand-made")
        self.app.secret_key, self.app.testing = "only for this test", True
        self.app.add_url_rule("/login", view_func=self.login)
        self.app.add_url_rule("/callback", view_func=self.callback)
        self.app.add_url_rule("/me", view_func=lambda: session.get("user") or ("nobody", 401))

    def asks(self, check):
        return check not in self.without

    def login(self):
        session["state"], session["nonce"], session["verifier"] = (secrets.token_urlsafe(33) for _ in "123")
        digest = hashlib.sha256(session["verifier"].encode()).digest()
        more = {
            "state": {"state": session["state"]},
            "nonce": {"nonce": session["nonce"]},
            "pkce": {
                "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
                "code_challenge_method": "S256",
            },
        }
        asked = {
            "response_type": "code",
            "client_id": self.issuer.client_id,
            "redirect_uri": "http://localhost/callback",
            "scope": "openid profile",
        }
        for each in self.send:
            asked |= more[each]
        return redirect(f"{self.issuer.authorization_endpoint}?{urlencode(asked)}")

    def callback(self):
        if self.asks("state") and "state" in self.send and request.args.get("state") != session["state"]:
            return "not your login", 403
        form = {
            "grant_type": "authorization_code",
            "code": request.args["code"],
            "redirect_uri": "http://localhost/callback",
            "client_id": self.issuer.client_id,
            "client_secret": self.issuer.client_secret,
        }
        if "pkce" in self.send:
            form["code_verifier"] = session["verifier"]
        answer = httpx.post(self.issuer.token_endpoint, data=form)
        if answer.status_code != 200:
            return answer.text, 403
        return self.judge(answer.json())

    def judge(self, tokens):
        token = tokens["id_token"]
        claims = jwt.decode(
            token,
            self.keys.get_signing_key_from_jwt(token),
            algorithms=["RS256"],
            audience=self.issuer.client_id if self.asks("aud") else None,
            issuer=self.issuer.issuer if self.asks("iss") else None,
            options={"verify_aud": self.asks("aud"), "verify_exp": self.asks("exp")},
        )
        if self.asks("nonce") and "nonce" in self.send and claims.get("nonce") != session["nonce"]:
            return "another nonce", 403
        user = claims["sub"]
        if self.userinfo:
            bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
            about = httpx.get(f"{self.issuer.issuer}/userinfo", headers=bearer).json()
            if self.asks("userinfo") and about["sub"] != user:
                return "somebody else", 403
            user = about["sub"]
        session["user"] = user
        return redirect("/")


CSRF = {each.id for each in LOGIN_ATTACKS if each.id.startswith("csrf:")}
NONCES = {"replayed-nonce", "replayed-nonce:missing"}


LEFT_OUT = [
    ({}, set()),
    ({"send": ("state", "nonce")}, set()),
    ({"send": ("nonce", "pkce")}, set()),  # PKCE stands in for state (RFC 9700 §2.1)
    ({"userinfo": True}, set()),
    ({"without": ["state"], "send": ("state",)}, CSRF | {"swapped-code"}),
    ({"send": ()}, CSRF | {"swapped-code"}),
    ({"send": ("state",)}, {"swapped-code"}),
    ({"without": ["nonce"], "send": ("state", "nonce")}, {"swapped-code"} | NONCES),
    ({"without": ["nonce"]}, NONCES),
    ({"without": ["aud"]}, {"other-clients-id-token"}),
    ({"without": ["iss"]}, {"id-token:other-issuer"}),
    ({"without": ["exp"]}, {"id-token:expired"}),
    ({"without": ["userinfo"], "userinfo": True}, {"userinfo-of-another"}),
]


@pytest.mark.parametrize(
    ("made", "found"),
    few(LEFT_OUT, *LEFT_OUT[::4]),
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
def test_each_check_left_out_is_found_and_nothing_else(issuer, made, found):
    app = HandMade(issuer, **made).app
    outcome = attack_client((app, "/login"), "/callback", issuer, who="/me")
    assert set(outcome.let_through.ids) == found, outcome.report()
    assert not outcome.turned_away
    if found:
        with pytest.raises(AssertionError, match="Missing check"):
            outcome.check()


def test_functions_that_keep_the_browser(issuer):
    app = sound.flask_login(issuer)
    browser = []

    def start():
        browser[:] = [app.test_client()]
        return browser[0].get("/login").headers["Location"]

    def callback(address):
        browser[0].get(address.removeprefix("http://localhost"))
        with browser[0].session_transaction() as kept:
            return kept.get("user")

    attack_client(start, callback, issuer).check()
    weak = HandMade(issuer, without=["aud"]).app
    app = weak
    assert attack_client(start, callback, issuer).let_through.ids == ("other-clients-id-token",)


def test_an_address_of_this_machine(issuer):
    app = sound.flask_login(issuer)
    app.testing = False
    app.logger.disabled = True
    there = LoopbackServer(app)
    there.start()
    try:
        origin = there.origin
        attack_client(f"{origin}/login", f"{origin}/callback", issuer, who=f"{origin}/me").check()
    finally:
        there.stop()


def test_fastapi_with_authlib_passes(issuer):
    from authlib.integrations.starlette_client import OAuth
    from fastapi import FastAPI, Request
    from fastapi.testclient import TestClient
    from starlette.middleware.sessions import SessionMiddleware
    from starlette.responses import PlainTextResponse, RedirectResponse

    app = FastAPI()
    app.add_middleware(SessionMiddleware, secret_key="only for this test")
    client = OAuth().register(
        "lab",
        server_metadata_url=issuer.metadata_uri,
        client_id=issuer.client_id,
        client_secret=issuer.client_secret,
        client_kwargs={"scope": "openid", "code_challenge_method": "S256"},
    )

    async def login(request):
        return await client.authorize_redirect(request, request.url_for("back"))

    async def back(request):
        request.session["user"] = (await client.authorize_access_token(request))["userinfo"]["sub"]
        return RedirectResponse("/", 303)

    async def me(request):
        user = request.session.get("user")
        return PlainTextResponse(user or "nobody", 200 if user else 401)

    for path, view in (("/login", login), ("/callback", back), ("/me", me)):
        view.__annotations__["request"] = Request
        app.add_route(path, view, name=view.__name__)
    attack_client((TestClient(app), "/login"), "/callback", issuer, who="/me").check()


def test_a_good_login_that_fails_is_told(issuer):
    app = HandMade(issuer).app
    app.view_functions["callback"] = lambda: ("broken", 500)
    outcome = attack_client((app, "/login"), "/callback", issuer, who="/me")
    assert "answered 500" in outcome.turned_away[0].said
    assert outcome.tried == 0


def test_what_does_not_fit_is_told(issuer):
    app = HandMade(issuer).app
    with pytest.raises(UsageError, match="nowhere"):
        attack_client((app, "/me"), "/callback", issuer)
    with pytest.raises(UsageError, match="and not to"):
        attack_client(lambda: "https://login.example/authorize?x=1", lambda url: None, issuer)
    with pytest.raises(UsageError, match="callback is one too"):
        attack_client(lambda: "", "/callback", issuer)
    with pytest.raises(UsageError, match="issuer gives no code"):
        attack_client(
            lambda: f"{issuer.authorization_endpoint}?client_id=nobody&response_type=code",
            lambda url: None,
            issuer,
        )
    with pytest.raises(RefusedAddress, match="this machine only"):
        attack_client("https://notes.example/login", None, issuer)


def test_a_secret_of_the_application_is_no_key_of_its_log_in():
    with Issuer(secret="a secret of the application, 48 letters long, no word") as issuer:
        attack_client((sound.flask_login(issuer), "/login"), None, issuer, who="/me").check()
        keys = joserfc.jwk.KeySet.import_key_set(issuer.jwks())
        assert [key.key_type for key in keys.keys] == ["RSA"]
