"""Ten small applications, each with one known fault, and the sound ones beside them. Do not copy from here.

Each is made by ``(issuer) -> (what attack_api is given, further arguments)``.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import warnings
from functools import cache

import joserfc.jws
import joserfc.jwt
import jwt
import sound
from flask import Flask, abort, jsonify, request

AUDIENCE = sound.AUDIENCE
SECRET = "a secret of the application, 48 letters long, no word"
SIMPLE = {"token_type": "access", "user_id": 1}


def flask_app(verify):
    """An API whose ``verify(token) -> claims`` is sound or weak."""
    app = Flask("notes-api")

    @app.get("/notes")
    def notes():
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            abort(401)
        try:
            claims = verify(token)
        except Exception:
            abort(401)
        return jsonify(owner=claims["sub"])

    return app


# 1 Flask with PyJWT: the token chooses the algorithm, and none is one


def flask_alg_none(issuer):
    right = sound.by_pyjwt(issuer)

    def verify(token):
        header = jwt.get_unverified_header(token)
        if header["alg"].lower() == "none":
            return jwt.decode(token, options={"verify_signature": False})
        return right(token)

    return (flask_app(verify), "/notes"), {}


# 2 FastAPI: aud is not compared


def fastapi_app(verify, scope=""):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Starlette wants to move on to another HTTP library
        from fastapi import Depends, FastAPI, HTTPException
        from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
        from fastapi.testclient import TestClient

    app = FastAPI()

    def user(credentials: HTTPAuthorizationCredentials = Depends(HTTPBearer())):  # noqa: B008
        try:
            claims = verify(credentials.credentials)
        except Exception as error:
            raise HTTPException(401) from error
        if scope and scope not in claims.get("scope", ""):  # a part of the text: weak, and asked only here
            raise HTTPException(403)
        return claims

    user.__annotations__["credentials"] = HTTPAuthorizationCredentials

    @app.get("/notes")
    async def notes(claims=Depends(user)):  # noqa: B008
        return {"owner": claims["sub"]}

    return TestClient(app)


def fastapi_audience(issuer):
    keys = jwt.PyJWKClient(issuer.jwks_uri)

    def verify(token):
        key = keys.get_signing_key_from_jwt(token)
        return jwt.decode(
            token, key, algorithms=["RS256"], issuer=issuer.issuer, options={"verify_aud": False}
        )

    return (fastapi_app(verify), "/notes"), {}


# 3 Starlette: the scope is looked for as a part of the text


def starlette_scope(issuer):
    return (fastapi_app(sound.by_pyjwt(issuer), "notes:read"), "/notes"), {"scope": "notes:read"}


# 4 Django: exp is not compared


@cache
def django():
    import django
    from django.conf import settings

    settings.configure(
        DEBUG=False,
        SECRET_KEY="only for this test",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        SIMPLE_JWT={"ALGORITHM": "HS256", "SIGNING_KEY": SECRET, "AUDIENCE": AUDIENCE, "ISSUER": "-"},
        USE_TZ=True,
    )
    django.setup()
    return django


urlpatterns = []


def django_client(view):
    django()
    from django.test import Client
    from django.urls import clear_url_caches, path

    urlpatterns[:] = [path("notes", view)]
    clear_url_caches()
    return Client()


def django_expired(issuer):
    keys = jwt.PyJWKClient(issuer.jwks_uri)
    django()
    from django.http import HttpResponse, JsonResponse

    def view(request):
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(
                token,
                keys.get_signing_key_from_jwt(token),
                algorithms=["RS256"],
                audience=AUDIENCE,
                issuer=issuer.issuer,
                options={"verify_exp": False},
            )
        except jwt.PyJWTError:
            return HttpResponse(status=401)
        return JsonResponse({"owner": claims["sub"]})

    return (django_client(view), "/notes"), {}


# 5 joserfc: claims are never validated beyond the signature and the time


def joserfc_issuer(issuer):
    keys = joserfc.jwk.KeySet.import_key_set(issuer.jwks())
    rules = joserfc.jwt.JWTClaimsRegistry(exp={"essential": True}, aud={"essential": True, "value": AUDIENCE})

    def verify(token):
        found = joserfc.jwt.decode(token, keys, algorithms=["RS256"])
        rules.validate(found.claims)
        return found.claims

    return (flask_app(verify), "/notes"), {}


# 6 Authlib: the key set is the one that the token brings


def authlib_embedded(issuer):
    from authlib.oauth2.rfc9068 import JWTBearerTokenValidator

    def verify(token):
        head = jwt.get_unverified_header(token)

        class Validator(JWTBearerTokenValidator):
            def get_jwks(self):
                own = [{**head["jwk"], "kid": head.get("kid")}] if "jwk" in head else issuer.jwks()["keys"]
                return joserfc.jwk.KeySet.import_key_set({"keys": own})

        claims = Validator(issuer.issuer, AUDIENCE).authenticate_token(token)
        claims.validate()
        return claims

    return (flask_app(verify), "/notes"), {}


# 7 flask-jwt-extended: a leeway of two hours


def flask_jwt_extended(issuer, **settings):
    from flask_jwt_extended import JWTManager, get_jwt_identity, jwt_required

    app = Flask("notes-api")
    app.config |= {
        "JWT_SECRET_KEY": SECRET,
        "JWT_DECODE_AUDIENCE": AUDIENCE,
        "JWT_DECODE_ISSUER": issuer.issuer,
        **settings,
    }
    JWTManager(app)

    @app.get("/notes")
    @jwt_required()
    def notes():
        return jsonify(owner=get_jwt_identity())

    more = {"claims": {"type": "access", "fresh": False}, "typ": "JWT"}
    return (app.test_client(), "/notes"), more


def flask_jwt_extended_leeway(issuer):
    return flask_jwt_extended(issuer, JWT_DECODE_LEEWAY=7200)


# 8 djangorestframework-simplejwt: the audience is not configured


def simplejwt(issuer, **settings):
    django()
    from django.conf import settings as django_settings
    from django.test.signals import setting_changed
    from rest_framework.decorators import api_view, authentication_classes, permission_classes
    from rest_framework.permissions import IsAuthenticated
    from rest_framework.response import Response
    from rest_framework.test import APIClient
    from rest_framework_simplejwt.authentication import JWTStatelessUserAuthentication

    django_settings.SIMPLE_JWT = {
        "ALGORITHM": "HS256",
        "SIGNING_KEY": SECRET,
        "AUDIENCE": AUDIENCE,
        "ISSUER": issuer.issuer,
    } | settings
    setting_changed.send(sender=None, setting="SIMPLE_JWT", value=django_settings.SIMPLE_JWT, enter=True)
    from rest_framework_simplejwt import state

    made = type(state.token_backend)(
        "HS256",
        SECRET,
        audience=django_settings.SIMPLE_JWT["AUDIENCE"],
        issuer=issuer.issuer,
    )
    state.token_backend = made

    @api_view(["GET"])
    @authentication_classes([JWTStatelessUserAuthentication])
    @permission_classes([IsAuthenticated])
    def view(request):
        return Response({"owner": request.user.id})

    django_client(view)
    return (APIClient(), "/notes"), {"claims": SIMPLE, "typ": "JWT"}


def simplejwt_audience(issuer):
    return simplejwt(issuer, AUDIENCE=None)


# 9 PyJWT by hand: kid goes into a query


class _Database(sqlite3.Connection):
    """It ends with the application that has it: since Python 3.13 one that nobody closed is told as a fault."""

    def __del__(self):
        self.close()


def pyjwt_sql(issuer):
    database = _Database(":memory:", check_same_thread=False)
    database.execute("CREATE TABLE keys (kid TEXT, pem TEXT)")
    for each in issuer.jwks()["keys"]:
        pem = sound.pem_of(each)
        database.execute("INSERT INTO keys VALUES (?, ?)", [each["kid"], pem])

    def verify(token):
        kid = jwt.get_unverified_header(token)["kid"]
        row = database.execute(f"SELECT pem FROM keys WHERE kid = '{kid}'").fetchone()  # the fault
        return jwt.decode(token, row[0], algorithms=["RS256"], audience=AUDIENCE, issuer=issuer.issuer)

    return (flask_app(verify), "/notes"), {}


# 10 A plain WSGI function: the payload is decoded, and nobody asks for the signature


def plain_unverified(issuer):
    right = sound.by_pyjwt(issuer)

    def verify(token):
        header, payload, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        good = jwt.encode(claims, SECRET, algorithm="HS256")  # looks like work, proves nothing
        assert good
        if json.loads(base64.urlsafe_b64decode(header + "=="))["alg"] != "RS256":
            return right(token)
        jwt.api_jwt.PyJWT()._validate_claims(claims, sound.OPTIONS, audience=AUDIENCE, issuer=issuer.issuer)
        return claims

    app = flask_app(verify)
    return (app.test_client(), "/notes"), {}
