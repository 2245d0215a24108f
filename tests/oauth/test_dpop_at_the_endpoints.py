"""Bound tokens: what a DPoP proof must say (RFC 9449)."""

import httpx
import pytest
from driving import API, AS, CALLBACK, error

from jwtlab.oauth import dpop


def proof(place, url=f"{AS}/token", method="POST", key="client", **changed):
    given = {"now": place.lab.now, "jti": place.world.secret()} | changed
    return dpop.proof(place.lab.key("ES256", key), method, url, **given)


def bound(place):
    code = place.code()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    return place.post("/token", headers={"DPoP": proof(place)}, **form, code_verifier=place.verifier).json()


def test_bound_token_needs_its_proof(place):
    tokens = bound(place)
    token = tokens["access_token"]
    assert tokens["token_type"] == "DPoP"
    url = f"{API}/notes"
    good = proof(place, url, "GET", access_token=token)
    assert place.api(token, scheme="DPoP", DPoP=good).status_code == 200
    assert place.api(token, scheme="DPoP", DPoP=good).status_code == 401
    assert place.api(token).status_code == 401
    assert place.api(token, scheme="DPoP").status_code == 401
    plain = place.tokens()["access_token"]
    fresh = proof(place, url, "GET", access_token=plain)
    assert place.api(plain, scheme="DPoP", DPoP=fresh).status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"url": f"{API}/me"},
        {"method": "POST"},
        {"now": 1_767_225_600 - 3600},
        {"now": 1_767_225_600 + 3600},
        {"access_token": "another"},
    ],
)
def test_proof_for_something_else_is_refused(place, changed):
    token = bound(place)["access_token"]
    wrong = proof(place, **({"url": f"{API}/notes", "method": "GET", "access_token": token} | changed))
    answer = place.api(token, scheme="DPoP", DPoP=wrong)
    assert answer.status_code == 401
    assert "invalid_dpop_proof" in answer.headers["www-authenticate"]
    assert answer.headers["www-authenticate"].startswith("DPoP ")


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_proof_is_refused(place, text):
    form = {"grant_type": "client_credentials", "scope": "notes:read"}
    answer = place.post("/token", "report-service", {"DPoP": text}, **form)
    assert error(answer) == "invalid_dpop_proof"


def test_refresh_token_of_a_public_client_is_bound_to_the_key(place):
    browser = place.world.browser("alice")
    asked = place.request(client_id="phone-app", redirect_uri="com.example.phone:/callback")
    browser.open(str(httpx.URL(f"{AS}/authorize", params=asked)))
    place.logged_in(browser)
    code = dict(httpx.QueryParams(browser.page.redirect.partition("?")[2]))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": "com.example.phone:/callback"}
    tokens = place.post(
        "/token", "phone-app", {"DPoP": proof(place)}, **form, code_verifier=place.verifier
    ).json()
    again = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert error(place.post("/token", "phone-app", **again)) == "invalid_dpop_proof"
    other = {"DPoP": proof(place, key="mallory")}
    assert error(place.post("/token", "phone-app", other, **again)) == "invalid_dpop_proof"
    assert "access_token" in place.post("/token", "phone-app", {"DPoP": proof(place)}, **again).json()
