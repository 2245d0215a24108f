"""The token endpoint: codes, refresh tokens and client credentials."""

import pytest
from driving import API, AS, error

import jwtlab


def test_code_gives_tokens_that_say_for_whom_and_what(place):
    tokens = place.tokens()
    access, identity = (jwtlab.decode(tokens[name]) for name in ("access_token", "id_token"))
    assert access.header["typ"] == "at+jwt"
    claims = access.claims
    assert {"iss", "exp", "aud", "sub", "client_id", "iat", "jti", "scope", "auth_time"} <= set(claims)
    assert claims["aud"] == [API, AS]
    assert claims["roles"] == ["reader", "writer"]
    assert identity.claims["aud"] == "notes-app"
    assert identity.claims["nonce"] == "nonce"
    assert tokens["token_type"] == "Bearer"
    assert tokens["scope"] == "openid profile notes:read"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"code": "wrong"}, "invalid_grant"),
        ({"code": ""}, "invalid_request"),
        ({"redirect_uri": "https://app.example/other"}, "invalid_grant"),
        ({"redirect_uri": ""}, "invalid_grant"),
        ({"code_verifier": "x" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_grant"),
        ({"grant_type": "nonsense"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
        ({"grant_type": "client_credentials"}, "unauthorized_client"),
        ({"resource": "https://elsewhere.example"}, "invalid_target"),
    ],
)
def test_code_with_something_wrong_is_refused(place, changed, code):
    answer = place.redeem(**({"code": place.code()} | changed))
    assert (answer.status_code, error(answer)) == (400, code)
    assert answer.headers["Cache-Control"] == "no-store"


def test_code_of_another_client_is_refused_and_still_good(place):
    code = place.code()
    assert error(place.redeem(code, "calendar-app")) == "invalid_grant"
    assert place.redeem(code).status_code == 200


def test_code_is_good_for_a_minute(place):
    code = place.code()
    place.lab.clock.advance(60)
    assert error(place.redeem(code)) == "invalid_grant"


def test_replayed_code_takes_back_everything_it_gave(place):
    code = place.code()
    tokens = place.redeem(code).json()
    assert place.active(tokens["access_token"])
    assert error(place.redeem(code)) == "invalid_grant"
    assert not place.active(tokens["access_token"])
    assert not place.active(tokens["refresh_token"])
    again = place.post("/token", grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert error(again) == "invalid_grant"
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert place.http.get(f"{AS}/userinfo", headers=headers).status_code == 401


def test_verifier_for_a_code_without_a_challenge_is_refused(place):
    place.world.without("code-challenge-present")
    code = place.code(code_challenge=None, code_challenge_method=None)
    assert error(place.redeem(code)) == "invalid_grant"


def test_refresh_rotates_and_reuse_ends_the_family(place):
    first = place.tokens()
    second = place.post("/token", grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    before, after = (jwtlab.decode(each["id_token"]).claims for each in (first, second))
    assert (before["iss"], before["sub"], before["auth_time"]) == (
        after["iss"],
        after["sub"],
        after["auth_time"],
    )
    reused = place.post("/token", grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert error(reused) == "invalid_grant"
    newest = place.post("/token", grant_type="refresh_token", refresh_token=second["refresh_token"])
    assert error(newest) == "invalid_grant"
    assert not place.active(second["access_token"])


@pytest.mark.parametrize(
    ("client", "changed", "code"),
    [
        ("notes-app", {"refresh_token": "wrong"}, "invalid_grant"),
        ("notes-app", {"refresh_token": ""}, "invalid_request"),
        ("notes-app", {"scope": "openid notes:write"}, "invalid_scope"),
        ("calendar-app", {}, "invalid_grant"),
    ],
)
def test_refresh_with_something_wrong_is_refused(place, client, changed, code):
    form = {"grant_type": "refresh_token", "refresh_token": place.tokens()["refresh_token"]} | changed
    assert error(place.post("/token", client, **form)) == code


def test_refresh_may_ask_for_less(place):
    form = {"refresh_token": place.tokens()["refresh_token"], "scope": "notes:read"}
    answer = place.post("/token", grant_type="refresh_token", **form).json()
    assert answer["scope"] == "notes:read"
    assert "id_token" not in answer
    assert jwtlab.decode(answer["access_token"]).claims["aud"] == API


def test_refresh_token_expires_when_it_is_not_used(place):
    token = place.tokens()["refresh_token"]
    place.lab.clock.advance(days=14)
    assert error(place.post("/token", grant_type="refresh_token", refresh_token=token)) == "invalid_grant"


def test_client_credentials_give_a_token_for_the_client_itself(place):
    answer = place.post(
        "/token", "report-service", grant_type="client_credentials", scope="notes:read"
    ).json()
    assert "refresh_token" not in answer
    assert jwtlab.decode(answer["access_token"]).claims["sub"] == "report-service"


@pytest.mark.parametrize(
    ("client", "form", "code"),
    [
        ("report-service", {"scope": "profile"}, "invalid_scope"),
        ("report-service", {"scope": "openid"}, "invalid_scope"),
        ("phone-app", {}, "unauthorized_client"),
    ],
)
def test_client_credentials_with_something_wrong_are_refused(place, client, form, code):
    assert error(place.post("/token", client, grant_type="client_credentials", **form)) == code


def test_public_client_with_the_grant_still_speaks_for_nobody(place):
    from dataclasses import replace

    clients = place.server.clients
    clients["phone-app"] = replace(clients["phone-app"], grant_types=("client_credentials",))
    assert error(place.post("/token", "phone-app", grant_type="client_credentials")) == "unauthorized_client"
