"""Sound verifiers and logins, as their libraries' manuals describe them."""

from __future__ import annotations

import joserfc.jwk
import joserfc.jwt
import jwt
from authlib.integrations.flask_client import OAuth
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator
from flask import Flask, redirect, session, url_for

AUDIENCE = "https://notes.example"

LIKE = ("longer", "part", "before", "pattern", "case")
AUDIENCES = {
    f"wrong-audience:{each}" for each in ("other-service", "list", "missing", "empty", "nobody", *LIKE)
}
ISSUERS = {f"wrong-issuer:{each}" for each in ("other", "missing", *LIKE)}
EXPIRED = {
    f"expired:{each}" for each in ("last-year", "yesterday", "hour", "ten-minutes", "zero", "fraction")
}
LEEWAY = {"expired:hour", "expired:ten-minutes", "not-yet-valid:hour"}
"""What gets in where a whole question is not asked."""


def by_pyjwt(issuer, alg="RS256"):
    client = jwt.PyJWKClient(issuer.jwks_uri)

    def verify(token):
        key = client.get_signing_key_from_jwt(token)
        return jwt.decode(token, key, algorithms=[alg], audience=AUDIENCE, issuer=issuer.issuer)

    return verify


def by_joserfc(issuer, alg="RS256"):
    keys = joserfc.jwk.KeySet.import_key_set(issuer.jwks())
    rules = joserfc.jwt.JWTClaimsRegistry(
        exp={"essential": True},
        iss={"essential": True, "value": issuer.issuer},
        aud={"essential": True, "value": AUDIENCE},
    )

    def verify(token):
        found = joserfc.jwt.decode(token, keys, algorithms=[alg])
        rules.validate(found.claims)
        return found.claims

    return verify


def by_authlib(issuer, alg="RS256"):
    class Validator(JWTBearerTokenValidator):
        def get_jwks(self):
            return joserfc.jwk.KeySet.import_key_set(issuer.jwks())

    validator = Validator(issuer.issuer, AUDIENCE)

    def verify(token):
        claims = validator.authenticate_token(token)
        claims.validate()
        return claims

    return verify


def flask_login(issuer, pkce=True, callback=None):
    """A login with Authlib; ``callback(oauth_client)`` replaces its callback by a weak one."""
    app = Flask("notes")
    app.secret_key, app.testing = "only for this test", True
    more = {"code_challenge_method": "S256"} if pkce else {}
    oauth = OAuth(app)
    client = oauth.register(
        "lab",
        server_metadata_url=issuer.metadata_uri,
        client_id=issuer.client_id,
        client_secret=issuer.client_secret,
        client_kwargs={"scope": "openid profile", **more},
    )

    @app.get("/login")
    def login():
        return client.authorize_redirect(url_for("callback", _external=True))

    @app.get("/callback", endpoint="callback")
    def back():
        session["user"] = callback(client) if callback else client.authorize_access_token()["userinfo"]["sub"]
        return redirect("/")

    @app.get("/me")
    def me():
        return session.get("user") or ("nobody", 401)

    return app


OPTIONS = {
    "verify_exp": True,
    "verify_nbf": True,
    "verify_iat": True,
    "verify_aud": True,
    "verify_iss": True,
    "verify_sub": True,
    "verify_jti": True,
    "strict_aud": False,
    "require": [],
}
"""What PyJWT asks of claims by default."""


def pem_of(jwk):
    return joserfc.jwk.import_key(jwk).as_pem(private=False).decode()
