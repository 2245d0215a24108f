"""Sound verifiers as people write them: asynchronous, with objects for answers, with odd ways to say no."""

from __future__ import annotations

import json
from collections import namedtuple
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace

import aiohttp
import httpx
import joserfc.jwk
import joserfc.jwt
import jwt
import pydantic
import sound

import jwtlab

AUDIENCE = sound.AUDIENCE


def complete(issuer):
    keys = jwt.PyJWKClient(issuer.jwks_uri)

    def verify(token):
        key = keys.get_signing_key_from_jwt(token)
        return jwt.decode_complete(
            token, key, algorithms=["RS256", "ES256"], audience=AUDIENCE, issuer=issuer.issuer
        )

    return verify


def joserfc_token(issuer):
    keys = joserfc.jwk.KeySet.import_key_set(httpx.get(issuer.jwks_uri).json())
    rules = joserfc.jwt.JWTClaimsRegistry(
        exp={"essential": True},
        iss={"essential": True, "value": issuer.issuer},
        aud={"essential": True, "value": AUDIENCE},
    )

    def verify(token):
        found = joserfc.jwt.decode(token, keys, algorithms=["RS256"])
        rules.validate(found.claims)
        return found

    return verify


def _then(make):
    """The same verifier, whose claims become something else."""

    def made(issuer):
        right = sound.by_pyjwt(issuer)
        return lambda token: make(right(token))

    made.__name__ = make.__name__
    return made


@dataclass(frozen=True, slots=True)
class User:
    username: str
    scopes: frozenset[str]


class Claims(pydantic.BaseModel, extra="allow"):
    sub: str
    exp: int


Pair = namedtuple("Pair", "sub scope")


@_then
def a_dataclass(claims):
    return User(claims["sub"], frozenset(claims.get("scope", "").split()))


@_then
def a_model(claims):
    return Claims(**claims)


@_then
def a_named_tuple(claims):
    return Pair(claims["sub"], claims.get("scope"))


@_then
def a_namespace(claims):
    return SimpleNamespace(id=claims["sub"], is_authenticated=True)


@_then
def json_text(claims):
    return json.dumps(claims).encode()


def _saying_no(no):
    """The same verifier, which says no in another way."""

    def made(issuer):
        right = sound.by_pyjwt(issuer)

        def verify(token):
            try:
                return right(token)
            except jwt.PyJWTError:
                return no()

        return verify

    made.__name__ = no.__name__
    return made


class Mute(Exception):
    def __str__(self):
        raise ValueError("I have no words")


@_saying_no
def false():
    return False


@_saying_no
def empty_claims():
    return {}


@_saying_no
def nobody():
    return SimpleNamespace(id=None, is_authenticated=False)


@_saying_no
def nothing_within():
    return SimpleNamespace(claims=None, error="expired")


@_saying_no
def a_mute_exception():
    raise Mute


@_saying_no
def a_group():
    raise ExceptionGroup("several", [ValueError("a"), ValueError("b")])


def a_report(issuer):
    keys = jwtlab.KeySet.from_jwks(issuer.jwks())

    def verify(token):
        return jwtlab.verify(
            token, keys, algorithms=["RS256"], issuer=issuer.issuer, audience=AUDIENCE, now=issuer.now
        )

    return verify


def kept_answers(issuer):
    return lru_cache(sound.by_pyjwt(issuer))


def talkative(issuer):
    right = sound.by_pyjwt(issuer)

    def verify(token):
        print("verifying", token[:20])
        return right(token)

    return verify


class Bearer:
    """A callable object."""

    def __init__(self, issuer):
        self.right = sound.by_pyjwt(issuer)

    def __call__(self, token):
        return self.right(token)


def _decoded(issuer, token, keys):
    kid = jwt.get_unverified_header(token).get("kid")
    found = next((each for each in keys if each["kid"] == kid), None)
    if found is None:
        raise jwt.InvalidTokenError("no such key")
    key = jwt.PyJWK(found, algorithm="RS256")
    return jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=issuer.issuer)


def one_async_client(issuer):
    """The client is kept, with its connection: it lives in one event loop, and so must all answers."""
    client = httpx.AsyncClient()

    async def verify(token):
        return _decoded(issuer, token, (await client.get(issuer.jwks_uri)).json()["keys"])

    return verify


def by_aiohttp(issuer):
    async def verify(token):
        async with aiohttp.ClientSession() as session, session.get(issuer.jwks_uri) as answer:
            return _decoded(issuer, token, (await answer.json())["keys"])

    return verify


def by_requests(issuer):
    """Looks again when it does not know the key."""
    import requests

    session, known = requests.Session(), []

    def verify(token):
        if jwt.get_unverified_header(token).get("kid") not in [each["kid"] for each in known]:
            known[:] = session.get(issuer.jwks_uri, timeout=5).json()["keys"]
        return _decoded(issuer, token, known)

    return verify


SOUND = [
    complete,
    joserfc_token,
    a_dataclass,
    a_model,
    a_named_tuple,
    a_namespace,
    json_text,
    false,
    empty_claims,
    nobody,
    nothing_within,
    a_mute_exception,
    a_group,
    a_report,
    kept_answers,
    talkative,
    Bearer,
    one_async_client,
    by_aiohttp,
    by_requests,
]
