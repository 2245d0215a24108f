"""What a token is worth, who may take it back, who may ask for a device, and whose session ends."""

from __future__ import annotations

import httpx
import pytest
from driving import AS, Place

from jwtlab.oauth.authorization_server.endpoints.device_authorization import (
    AUTHORIZATION_CHECKS,
    DeviceAuthorizationRequest,
)
from jwtlab.oauth.authorization_server.endpoints.introspection import INTROSPECTION_CHECKS
from jwtlab.oauth.authorization_server.endpoints.revocation import REVOCATION_CHECKS
from jwtlab.oauth.authorization_server.token_question import TokenQuestion
from jwtlab.oauth.protocol import Parameters
from jwtlab.oauth.store import fingerprint

LONG = {"scope": "openid offline_access notes:read"}


def worth(place, token, client="notes-app"):
    return place.post("/introspect", client, token=token).json()


def test_refresh_token_is_worth_what_was_granted_to_its_client(place):
    token = place.tokens(**LONG)["refresh_token"]
    answer = worth(place, token)
    assert answer.pop("exp") > place.lab.now
    assert answer == {
        "active": True,
        "client_id": "notes-app",
        "sub": "alice",
        "username": "alice",
        "scope": "openid offline_access notes:read",
        "iss": AS,
    }
    for other in ("calendar-app", "notes-api"):
        assert worth(place, token, other) == {"active": False}


@pytest.mark.parametrize("change", [{"used": True}, {"expires": 0}, {"grant": "gone"}], ids=str)
def test_refresh_token_that_is_spent_is_worth_nothing(place, change):
    token = place.tokens(**LONG)["refresh_token"]
    record = place.server.store.get("refresh", fingerprint(token))
    place.server.store.put("refresh", fingerprint(token), record | change, place.lab.now + 99)
    assert worth(place, token) == {"active": False}


def test_refresh_token_of_what_was_revoked_or_has_just_ended_is_worth_nothing(place):
    token = place.tokens(**LONG)["refresh_token"]
    record = place.server.store.get("refresh", fingerprint(token))
    place.server.store.put(
        "refresh", fingerprint(token), record | {"expires": place.lab.now}, place.lab.now + 99
    )
    assert worth(place, token) == {"active": False}
    place.server.store.put("refresh", fingerprint(token), record, place.lab.now + 99)
    grant = place.server.store.get("grant", record["grant"])
    place.server.store.put("grant", record["grant"], grant | {"revoked": True}, place.lab.now + 99)
    assert worth(place, token) == {"active": False}


def test_access_token_is_worth_its_claims_to_whom_it_concerns(place):
    token = place.tokens()["access_token"]
    for concerned in ("notes-app", "notes-api"):
        answer = worth(place, token, concerned)
        assert (answer["active"], answer["token_type"], answer["username"]) == (True, "Bearer", "alice")
        assert "auth_time" not in answer
    assert worth(place, token, "calendar-app") == {"active": False}
    form = {"grant_type": "client_credentials", "scope": "notes:read"}
    service = place.post("/token", "report-service", **form).json()["access_token"]
    answer = worth(place, service, "report-service")
    assert (answer["active"], answer["sub"], "username" in answer) == (True, "report-service", False)


def judged(policy, case):
    failed = policy.run(case).first_failure
    return failed and (failed.id, failed.error.code, failed.reason, failed.claim)


def test_who_may_ask_and_who_may_take_back(place):
    server, token = place.server, place.tokens(**LONG)["refresh_token"]

    def asks(client, text=token):
        return TokenQuestion(server, Parameters([("token", text)]), server.clients[client])

    missing = ("token-given", "invalid_request", "the token is missing", "token")
    for policy in (INTROSPECTION_CHECKS, REVOCATION_CHECKS):
        assert judged(policy, asks("notes-app")) is None
        assert judged(policy, asks("notes-app", "")) == missing
        assert judged(policy, asks("notes-app", "unheard-of")) is None
    prove = ("caller-confidential", "invalid_client", "whoever asks has to prove who they are", None)
    assert judged(INTROSPECTION_CHECKS, asks("game")) == prove
    assert INTROSPECTION_CHECKS.run(asks("game")).first_failure.error.status == 401
    other = ("owner-asks", "unauthorized_client", "this token was given to another client", "token")
    assert judged(REVOCATION_CHECKS, asks("game")) == other


def test_client_that_is_registered_for_devices_may_ask_for_codes(place):
    def asks(client, **form):
        return DeviceAuthorizationRequest(
            place.server, Parameters(form.items()), place.server.clients[client]
        )

    assert judged(AUTHORIZATION_CHECKS, asks("television")) is None
    assert judged(AUTHORIZATION_CHECKS, asks("television", scope="notes:read")) is None
    said = "the client is not registered for the device grant"
    refused = ("device-grant-allowed", "unauthorized_client", said, None)
    assert judged(AUTHORIZATION_CHECKS, asks("notes-app")) == refused
    assert judged(AUTHORIZATION_CHECKS, asks("television", scope="x"))[0] == "scope-granted"


def test_hint_of_another_session_ends_none(place):
    people = {}
    for name in ("alice", "bob"):
        browser = place.world.browser(name)
        browser.open(str(httpx.URL(f"{AS}/authorize", params=place.request())))
        place.logged_in(browser, name)
        code = httpx.URL(browser.page.redirect).params["code"]
        people[name] = browser, place.redeem(code).json()["id_token"]
    for name, other in (("alice", "bob"), ("bob", "alice")):
        browser = people[name][0]
        page = browser.open(str(httpx.URL(f"{AS}/logout", params={"id_token_hint": people[other][1]})))
        assert "Log out?" in page.text_shown
    for browser, hint in people.values():
        page = browser.open(str(httpx.URL(f"{AS}/logout", params={"id_token_hint": hint})))
        assert "Log out?" not in page.text_shown


PAGES = ["/login", "/logout", "/logout/confirm", "/magic", "/magic/send", "/magic/code"]


@pytest.mark.parametrize("path", PAGES)
def test_error_where_people_come_is_a_page(path):
    answer = Place().http.request("PUT", f"{AS}{path}")
    assert answer.status_code == 405
    assert answer.headers["content-type"].startswith("text/html")
    assert Place().http.request("HEAD", f"{AS}{path}").status_code == 405
