"""A login by hand whose every step can be replaced by a weak one, and weak ones. Do not copy from here."""

from __future__ import annotations

import base64
import hashlib
import secrets
from urllib.parse import urlencode, urlsplit

import httpx
import jwt
from flask import Flask, Response, abort, redirect, request, session

CLIENT = httpx.Client(verify=False, limits=httpx.Limits(max_keepalive_connections=0))
"""Of all of them: to make one takes longer than to log in."""
CALLBACK = "http://localhost/callback"


class Notes:
    """A sound one. Its accounts are found by ``sub``; where somebody wanted to go is kept in the session."""

    scope = "openid profile email"

    def __init__(self, issuer):
        self.issuer, self.keys = issuer, jwt.PyJWKClient(issuer.jwks_uri)
        self.accounts = {}
        self.app = Flask("notes")
        self.app.secret_key = "only for this test"
        self.app.add_url_rule("/login", view_func=self.login)
        self.app.add_url_rule("/callback", view_func=self.callback)
        self.app.add_url_rule("/me", view_func=self.me)
        self.app.add_url_rule("/", view_func=lambda: "welcome")

    # Steps

    def keep(self, name, value):
        session[name] = value

    def kept(self, name):
        return session.pop(name, None)

    def login(self):
        state, nonce, verifier = (secrets.token_urlsafe(33) for _ in "123")
        for name, value in (("state", state), ("nonce", nonce), ("verifier", verifier)):
            self.keep(name, value)
        self.keep("next", request.args.get("next", "/"))
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.issuer.client_id,
            "redirect_uri": CALLBACK,
            "scope": self.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return redirect(f"{self.issuer.authorization_endpoint}?{urlencode(self.asked(asked))}")

    def asked(self, asked):
        return asked

    def state_is_right(self):
        expected = self.kept("state")
        return bool(expected) and secrets.compare_digest(expected, request.args.get("state", ""))

    def nonce_is_right(self, claims):
        return claims.get("nonce") == self.kept("nonce")

    def callback(self):
        if not self.state_is_right() or "code" not in request.args:
            abort(403)
        claims = self.identity(self.tokens())
        session["user"] = self.account(claims)
        return redirect(self.where(self.kept("next") or "/"))

    def tokens(self):
        form = {
            "grant_type": "authorization_code",
            "code": request.args["code"],
            "redirect_uri": CALLBACK,
            "client_id": self.issuer.client_id,
            "client_secret": self.issuer.client_secret,
        }
        verifier = self.kept("verifier")
        if verifier:
            form["code_verifier"] = verifier
        answer = CLIENT.post(self.issuer.token_endpoint, data=form)
        if answer.status_code != 200:
            abort(403)
        return answer.json()

    def identity(self, tokens):
        token = tokens["id_token"]
        key = self.keys.get_signing_key_from_jwt(token)
        try:
            claims = jwt.decode(
                token, key, algorithms=["RS256"], audience=self.issuer.client_id, issuer=self.issuer.issuer
            )
        except jwt.PyJWTError:
            abort(403)
        if claims.get("azp", self.issuer.client_id) != self.issuer.client_id:
            abort(403)
        if not self.nonce_is_right(claims):
            abort(403)
        about = self.userinfo(tokens)
        if about["sub"] != claims["sub"]:
            abort(403)
        return about | claims

    def userinfo(self, tokens):
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        return CLIENT.get(f"{self.issuer.issuer}/userinfo", headers=bearer).json()

    def account(self, claims):
        return self.accounts.setdefault(claims["sub"], claims["sub"])

    def where(self, place):
        own = place.startswith("/") and place[1:2] not in ("/", "\\") and place.isprintable()
        return place if own and "\\" not in place else "/"

    def me(self):
        return session.get("user") or ("nobody", 401)


def _browser(app, cookie="sid"):
    """Sessions kept on the server, under a cookie."""
    if cookie not in request.cookies:
        return None
    return app.store.get(request.cookies[cookie])


class ServerSide(Notes):
    """Sound: sessions live on the server, and a login takes a new one."""

    renews = True

    def __init__(self, issuer):
        super().__init__(issuer)
        self.app.store = {}
        self.app.after_request(self.hand_out)

    def hand_out(self, response: Response):
        sid = request.environ.get("new-sid")
        if sid:
            response.set_cookie("sid", sid, httponly=True, samesite="Lax")
        return response

    def room(self):
        room = _browser(self.app)
        return self.new_room({}) if room is None else room

    def new_room(self, content):
        sid = request.environ["new-sid"] = secrets.token_urlsafe(16)
        self.app.store[sid] = content
        return content

    def keep(self, name, value):
        room = request.environ.get("room")
        if room is None:
            room = request.environ["room"] = self.room()
        room[name] = value

    def kept(self, name):
        return (_browser(self.app) or {}).pop(name, None)

    def callback(self):
        place = (_browser(self.app) or {}).get("next") or "/"
        if not self.state_is_right() or "code" not in request.args:
            abort(403)
        user = self.account(self.identity(self.tokens()))
        if self.renews:
            self.app.store.pop(request.cookies.get("sid"), None)
            self.new_room({"user": user})
        else:
            self.room()["user"] = user
        return redirect(self.where(place))

    def me(self):
        return (_browser(self.app) or {}).get("user") or ("nobody", 401)


# Weak ones


class FixedSession(ServerSide):
    renews = False


class GlobalState(Notes):
    """What was given to anybody is right for everybody; and so is what belongs to it."""

    def __init__(self, issuer):
        super().__init__(issuer)
        self.given = {}

    def asked(self, asked):
        self.given[asked["state"]] = {name: session.get(name) for name in ("nonce", "verifier")}
        return asked

    def state_is_right(self):
        return request.args.get("state") in self.given

    def kept(self, name):
        if name in ("nonce", "verifier"):
            return self.given[request.args["state"]][name]
        return super().kept(name)


class StateWithItself(Notes):
    """It compares what came with what came. PKCE and nonce are not used."""

    def asked(self, asked):
        return {
            name: value for name, value in asked.items() if name not in ("nonce",) and "code_" not in name
        }

    def kept(self, name):
        return None if name in ("nonce", "verifier") else super().kept(name)

    def state_is_right(self):
        state = request.args.get("state")
        return state == state


class NothingIsNothing(StateWithItself):
    """What the session has not is equal to what the address has not."""

    def state_is_right(self):
        return session.pop("state", None) == request.args.get("state")


class NoStateNoQuestion(StateWithItself):
    """It compares if there is something to compare."""

    def state_is_right(self):
        state = request.args.get("state")
        return not state or state == session.get("state")


class NonceIfThere(Notes):
    def nonce_is_right(self, claims):
        return "nonce" not in claims or super().nonce_is_right(claims)


class ByEmail(Notes):
    """mozilla-django-oidc finds people so, unless it is told otherwise."""

    def account(self, claims):
        return self.accounts.setdefault(claims["email"], claims["sub"])


class ByVerifiedEmail(ByEmail):
    def account(self, claims):
        return super().account(claims) if claims.get("email_verified") else Notes.account(self, claims)


class EmailAsName(Notes):
    def account(self, claims):
        return claims["email"]


class AnyPlace(Notes):
    def where(self, place):
        return place


class NoSchemeIsOwn(Notes):
    def where(self, place):
        return place if not urlsplit(place).scheme else "/"


class BeginsLikeOurs(Notes):
    def where(self, place):
        return place if place.startswith("http://localhost") else "/"


class OnlyUserInfo(Notes):
    """Sound enough, and no OpenID Connect: it asks UserInfo who it is, and reads no ID token."""

    def identity(self, tokens):
        return self.userinfo(tokens)


class ShowsEmail(Notes):
    """Sound: accounts are found by sub, and the page shows the address of whoever it is."""

    def __init__(self, issuer):
        super().__init__(issuer)
        self.address = {}

    def account(self, claims):
        self.address[claims["sub"]] = claims.get("email")
        return claims["sub"]

    def me(self):
        user = session.get("user")
        return f"<p>Signed in as {self.address[user]}</p>" if user else ("nobody", 401)


CSRF_ALL = {"other-browser", "no-state", "empty-state", "made-up-state", "no-login"} | {
    f"{place}{state}" for place in ("no-login", "second-try") for state in ("-no-state", "-empty-state", "")
} - {"no-login", "second-try-no-state"}
WEAK = [
    (FixedSession, {"fixed-session"}),
    (GlobalState, {"csrf:other-browser", "csrf:no-login"}),
    (StateWithItself, {f"csrf:{each}" for each in CSRF_ALL} | {"swapped-code"}),
    (NothingIsNothing, {"csrf:no-login-no-state", "csrf:second-try", "swapped-code"}),
    (
        NoStateNoQuestion,
        {f"csrf:{each}" for each in CSRF_ALL if "no-state" in each or "empty" in each}
        | {"csrf:second-try", "swapped-code"},
    ),
    (NonceIfThere, {"replayed-nonce:missing"}),
    (ByEmail, {"taken-for-another:email", "taken-for-another:verified-email"}),
    (ByVerifiedEmail, {"taken-for-another:verified-email"}),
    (EmailAsName, {"taken-for-another:email", "taken-for-another:verified-email"}),
    (AnyPlace, {f"open-redirect:{each}" for each in ("address", "slashes", "tab", "user", "longer")}),
    (NoSchemeIsOwn, {"open-redirect:slashes", "open-redirect:tab"}),
    (BeginsLikeOurs, {"open-redirect:user", "open-redirect:longer"}),
]
SOUND = [Notes, ServerSide, OnlyUserInfo, ShowsEmail]
