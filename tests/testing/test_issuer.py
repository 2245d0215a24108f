"""The issuer of a test: tokens, keys, its clock, its end, and people who log in."""

from __future__ import annotations

import socket
from urllib.parse import parse_qsl, urlsplit

import httpx
import jwt
import pytest

from jwtlab import Key, UsageError
from jwtlab.testing import Issuer

AUDIENCE = "https://notes.example"


def read(issuer, token, **more):
    key = jwt.PyJWKClient(issuer.jwks_uri).get_signing_key_from_jwt(token)
    return jwt.decode(token, key, algorithms=[issuer.alg], issuer=issuer.issuer, audience=AUDIENCE, **more)


def test_fixture_comes_by_the_entry_point(issuer):
    assert issuer.issuer.startswith("http://127.0.0.1:")
    assert httpx.get(issuer.metadata_uri).json()["jwks_uri"] == issuer.jwks_uri


@pytest.mark.parametrize("alg", ["RS256", "PS384", "ES256", "ES512", "EdDSA"])
def test_token_is_verified_with_the_published_key(alg):
    with Issuer(alg) as issuer:
        claims = read(issuer, issuer.token(sub="bob", scope="notes:read", aud=AUDIENCE, roles=["reader"]))
        assert (claims["sub"], claims["scope"], claims["roles"]) == ("bob", "notes:read", ["reader"])
        assert jwt.get_unverified_header(issuer.token())["typ"] == "at+jwt"
        assert "jti" not in jwt.decode(issuer.token(jti=None), options={"verify_signature": False})


def test_rotated_key_signs_and_the_old_one_stays_until_its_last_token_has_expired(issuer):
    old = issuer.token(aud=AUDIENCE)
    issuer.rotate_keys()
    new = issuer.token(aud=AUDIENCE)
    assert jwt.get_unverified_header(old)["kid"] != jwt.get_unverified_header(new)["kid"]
    assert read(issuer, old)["sub"] == read(issuer, new)["sub"] == "alice"
    issuer.later(minutes=16)
    assert [each["kid"] for each in httpx.get(issuer.jwks_uri).json()["keys"]] == [
        jwt.get_unverified_header(new)["kid"]
    ]


def test_clock_is_in_the_hand_of_the_test(issuer):
    issuer.later(minutes=-20)
    with pytest.raises(jwt.ExpiredSignatureError):
        read(issuer, issuer.token(aud=AUDIENCE))
    issuer.later(minutes=20)
    assert read(issuer, issuer.token(aud=AUDIENCE))
    with Issuer(clock=lambda: 1_000) as other:
        assert other.later(minutes=10) == other.now == 1_600


def test_down_refuses_connections_and_up_takes_the_same_address(issuer):
    before = issuer.jwks_uri
    with issuer.down(), pytest.raises(httpx.ConnectError):
        httpx.get(before)
    assert httpx.get(issuer.jwks_uri).status_code == 200
    assert issuer.jwks_uri == before
    issuer.down()
    with pytest.raises(httpx.ConnectError):
        httpx.get(before)
    issuer.up()
    assert httpx.get(before).status_code == 200


def authorize(issuer, **more):
    asked = {
        "response_type": "code",
        "client_id": issuer.client_id,
        "redirect_uri": "http://testserver/any/callback",
        "scope": "openid profile",
        "state": "s",
        "nonce": "n",
    }
    return httpx.get(issuer.authorization_endpoint, params=asked | more)


@pytest.mark.parametrize("prompt", ["", "login", "consent"])
def test_logs_in_without_a_form(issuer, prompt):
    issuer.logs_in("bob")
    answer = authorize(issuer, **({"prompt": prompt} if prompt else {}))
    code = dict(parse_qsl(urlsplit(answer.headers["location"]).query))["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": "http://testserver/any/callback",
        "client_id": issuer.client_id,
        "client_secret": issuer.client_secret,
    }
    body = httpx.post(issuer.token_endpoint, data=form).json()
    assert jwt.decode(body["id_token"], options={"verify_signature": False})["sub"] == "bob"
    issuer.logs_in(None)
    assert "password" in authorize(issuer).text


def test_shared_secret_signs_and_is_never_published():
    secret = "a-secret-of-the-application-that-is-long"
    with Issuer(secret=secret) as issuer:
        claims = jwt.decode(issuer.token(), secret, algorithms=["HS256"], audience=issuer.audience)
        assert claims["iss"] == issuer.issuer
        published = httpx.get(issuer.jwks_uri).text
        assert '"oct"' not in published
        with pytest.raises(UsageError, match="not rotated"):
            issuer.rotate_keys()


def test_a_key_of_ones_own_signs():
    own = Key.generate("ES256")
    with Issuer(key=own) as issuer:
        assert issuer.alg == "ES256"
        assert jwt.decode(
            issuer.token(), own.public().to_pem(), algorithms=["ES256"], audience=issuer.audience
        )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"alg": "HS256"}, "secret"),
        ({"alg": "RS256", "secret": "x"}, "HS256"),
        ({"secret": "x", "key": Key.generate("ES256")}, "not both"),
        ({"key": Key.generate("ES256").public()}, "private half"),
    ],
)
def test_arguments_that_contradict_each_other_are_told(arguments, words):
    with pytest.raises(UsageError, match=words):
        Issuer(**arguments)


def test_what_is_asked_too_early_or_of_nobody_is_told(issuer):
    with pytest.raises(UsageError, match="with Issuer"):
        _ = Issuer().issuer
    with pytest.raises(UsageError, match="alice, bob, mallory"):
        issuer.logs_in("carol")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="is taken"):
            Issuer(port=taken.getsockname()[1]).start()
