"""Pushed requests, devices, introspection and revocation."""

import pytest
from driving import AS, error

from jwtlab.oauth import protocol


def test_pushed_request_belongs_to_its_client_for_a_while(place):
    pushed = place.post("/par", **place.request(client_id=None))
    assert pushed.status_code == 201
    uri = pushed.json()["request_uri"]
    for client, wanted in (("calendar-app", 400), ("notes-app", 200)):
        query = {"client_id": client, "request_uri": uri}
        assert place.http.get(f"{AS}/authorize", params=query).status_code == wanted
    late = place.post("/par", **place.request(client_id=None)).json()["request_uri"]
    place.lab.clock.advance(seconds=91)
    query = {"client_id": "notes-app", "request_uri": late}
    assert place.http.get(f"{AS}/authorize", params=query).status_code == 400


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"redirect_uri": "https://mallory.example"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "request_uri_not_supported"),
    ],
)
def test_wrong_request_cannot_be_pushed(place, changed, code):
    asked = place.request(client_id=None) | changed
    assert error(place.post("/par", **asked)) == code


def test_device_waits_asks_too_often_and_gets_its_answer(place):
    shown = place.post("/device_authorization", "television", scope="notes:read").json()
    form = {"grant_type": protocol.DEVICE_CODE, "device_code": shown["device_code"]}

    def poll():
        return place.post("/token", "television", **form)

    assert error(poll()) == "authorization_pending"
    assert error(poll()) == "slow_down"
    place.lab.clock.advance(6)
    assert error(poll()) == "slow_down"
    browser = place.world.browser("alice")
    browser.open(shown["verification_uri"])
    browser.submit({"username": "alice", "password": "wonderland"})
    assert "No device shows this code" in browser.submit({"user_code": "BBBB-BBBB"}).text_shown
    browser.submit({"user_code": shown["user_code"].lower().replace("-", " ")})
    browser.submit(press="Deny")
    place.lab.clock.advance(60)
    assert error(poll()) == "access_denied"


def test_device_code_expires(place):
    shown = place.post("/device_authorization", "television", scope="notes:read").json()
    place.lab.clock.advance(minutes=11)
    form = {"grant_type": protocol.DEVICE_CODE, "device_code": shown["device_code"]}
    assert error(place.post("/token", "television", **form)) == "expired_token"
    assert error(place.post("/token", "television", **(form | {"device_code": "x"}))) == "invalid_grant"


def test_user_codes_cannot_be_guessed_for_ever(place):
    browser = place.world.browser("mallory")
    browser.open(f"{AS}/device")
    browser.submit({"username": "mallory", "password": "let-me-in"})
    for _ in range(10):
        browser.submit({"user_code": "BBBB-BBBB"})
    assert "Too many wrong attempts" in browser.submit({"user_code": "BBBB-BBBB"}).text_shown


def test_introspection_tells_only_whom_it_concerns(place):
    tokens = place.tokens()
    for client, wanted in (("notes-app", True), ("notes-api", True), ("calendar-app", False)):
        answer = place.post("/introspect", client, token=tokens["access_token"]).json()
        assert answer["active"] is wanted
        assert wanted or answer == {"active": False}
    assert place.post("/introspect", token="unknown").json() == {"active": False}
    assert place.post("/introspect", "phone-app", token="x").status_code == 401
    place.lab.clock.advance(minutes=15)
    assert place.post("/introspect", token=tokens["access_token"]).json() == {"active": False}


def test_revocation_of_either_token(place):
    tokens = place.tokens()
    assert (
        error(place.post("/revoke", "calendar-app", token=tokens["refresh_token"])) == "unauthorized_client"
    )
    assert place.post("/revoke", token=tokens["access_token"]).status_code == 200
    assert not place.active(tokens["access_token"])
    assert place.active(tokens["refresh_token"])
    assert place.post("/revoke", token=tokens["refresh_token"]).status_code == 200
    assert not place.active(tokens["refresh_token"])
    assert place.post("/revoke", token="unknown").status_code == 200
    assert place.api(tokens["access_token"]).status_code == 200  # the API looks at the token alone: until exp
