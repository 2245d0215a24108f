"""A proof that comes with a pushed request binds the code to its key (RFC 9449 §10.1)."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from jwtlab import Key, Lab
from jwtlab.oauth import dpop, pkce
from jwtlab.oauth.world import ISSUER


@pytest.fixture(scope="module")
def keys():
    return Key.generate("ES256"), Key.generate("ES256")


@pytest.fixture
def world():
    return Lab().world()


def push(world, key, *, proved_for="par", **more):
    """A pushed request of the phone app, with a proof of this key."""
    form = {
        "client_id": "phone-app",
        "redirect_uri": "com.example.phone:/callback",
        "response_type": "code",
        "scope": "notes:read",
        "code_challenge": pkce.challenge("v" * 43),
        "code_challenge_method": "S256",
        **more,
    }
    with world.network.client("Phone app", ISSUER) as client:
        return client.post("/par", data=form, headers=proof(world, key, proved_for))


def proof(world, key, endpoint):
    url = f"{ISSUER}/{endpoint}"
    made = key and dpop.proof(key, "POST", url, now=world.clock(), jti=world.secret())
    return {"DPoP": made} if made else {}


def redeem(world, pushed, key):
    """Log in with the pushed request, and show this key when the code is redeemed."""
    browser = world.browser("alice")
    browser.open(f"{ISSUER}/authorize?client_id=phone-app&request_uri={pushed.json()['request_uri']}")
    browser.submit({"username": "alice", "password": world.people["alice"].password})
    page = browser.submit(press="Allow")
    form = {
        "grant_type": "authorization_code",
        "client_id": "phone-app",
        "redirect_uri": "com.example.phone:/callback",
        "code": parse_qs(urlsplit(page.redirect).query)["code"][0],
        "code_verifier": "v" * 43,
    }
    with world.network.client("Phone app", ISSUER) as client:
        return client.post("/token", data=form, headers=proof(world, key, "token"))


def test_the_code_is_good_with_the_key_of_the_proof_only(world, keys):
    own, _ = keys
    assert redeem(world, push(world, own), own).json()["token_type"] == "DPoP"


@pytest.mark.parametrize("which", [1, None], ids=["another key", "no key"])
def test_the_code_is_refused_with_anything_else(world, keys, which):
    answer = redeem(world, push(world, keys[0]), keys[which] if which else None)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")


def test_the_proof_and_dpop_jkt_name_the_same_key(world, keys):
    own, other = keys
    contradicting = push(world, own, dpop_jkt=other.thumbprint())
    assert (contradicting.status_code, contradicting.json()["error"]) == (400, "invalid_dpop_proof")
    agreeing = push(world, own, dpop_jkt=own.thumbprint())
    assert redeem(world, agreeing, own).status_code == 200


def test_a_proof_for_another_endpoint_does_not_do(world, keys):
    answer = push(world, keys[0], proved_for="token")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")


def test_without_a_proof_nothing_is_bound(world):
    assert redeem(world, push(world, None), None).json()["token_type"] == "Bearer"
