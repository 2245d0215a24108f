"""Userinfo, the API's challenges, keys and metadata."""

import pytest
from driving import API, AS

import jwtlab


@pytest.mark.parametrize("method", ["GET", "POST", "form"])
def test_userinfo_says_what_the_scope_lets_it(place, method):
    token = place.tokens(scope="openid email")["access_token"]
    if method == "form":
        answer = place.http.post(f"{AS}/userinfo", data={"access_token": token})
    else:
        answer = place.http.request(method, f"{AS}/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert answer.json() == {"sub": "alice", "email": "alice@mail.example", "email_verified": True}


def test_userinfo_needs_openid(place):
    token = place.tokens(scope="profile")["access_token"]
    answer = place.http.get(f"{AS}/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401  # such a token is not even meant for the server
    assert "invalid_token" in answer.headers["www-authenticate"]


def test_api_challenges_as_rfc_6750_says(place):
    bare = place.http.get(f"{API}/notes")
    assert (bare.status_code, bare.headers["www-authenticate"]) == (
        401,
        f'Bearer realm="{API}", resource_metadata="{API}/.well-known/oauth-protected-resource"',
    )
    broken = place.api("a.b.c")
    assert 'error="invalid_token"' in broken.headers["www-authenticate"]
    narrow = place.tokens(scope="profile")["access_token"]
    answer = place.api(narrow)
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    assert 'scope="notes:read"' in answer.headers["www-authenticate"]
    assert place.api(narrow, "/me").json()["sub"] == "alice"


def test_api_fetches_keys_for_unknown_kids_at_a_limited_rate(place):
    place.api(place.tokens()["access_token"])

    def fetches():
        return sum(each.request.path == "/jwks" for each in place.world.network.trace)

    before = fetches()
    for number in range(20):
        place.api(jwtlab.issue({}, place.lab.key("ES256"), alg="ES256", header={"kid": f"unknown-{number}"}))
    assert fetches() == before + 1
    place.lab.clock.advance(10)
    place.server.keys.rotate()
    assert place.api(place.tokens()["access_token"]).status_code == 200
    assert fetches() == before + 2


def test_keys_rotate_without_a_token_falling_between(place):
    old = place.tokens()["access_token"]
    place.server.keys.rotate(delay=60)
    kids = {key["kid"] for key in place.http.get(f"{AS}/jwks").json()["keys"]}
    assert len(kids) == 2
    still = place.tokens()["access_token"]
    assert jwtlab.decode(still).header["kid"] == jwtlab.decode(old).header["kid"]
    place.lab.clock.advance(60)
    new = place.tokens()["access_token"]
    assert jwtlab.decode(new).header["kid"] != jwtlab.decode(old).header["kid"]
    assert place.api(old).status_code == place.api(new).status_code == 200
    place.lab.clock.advance(minutes=16)
    assert len(place.http.get(f"{AS}/jwks").json()["keys"]) == 1


def test_published_keys_are_public(place):
    for key in place.http.get(f"{AS}/jwks").json()["keys"]:
        assert not {"d", "p", "q", "k"} & set(key)


@pytest.mark.parametrize("name", ["openid-configuration", "oauth-authorization-server"])
def test_metadata_names_addresses_that_answer(place, name):
    found = place.http.get(f"{AS}/.well-known/{name}").json()
    assert found["issuer"] == AS
    for member, url in found.items():
        if member.endswith("_endpoint") or member == "jwks_uri":
            assert place.http.get(url).status_code != 404, member
    assert "token" not in found["response_types_supported"]
