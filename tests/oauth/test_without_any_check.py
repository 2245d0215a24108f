"""A server whose checks were all taken out, one decision after the other: it gives away much, and stumbles nowhere.

Whoever takes checks out wants to see what happens then. An error of Python would show nothing.
"""

from __future__ import annotations

import pytest
from driving import AS, Place

from jwtlab.oauth import protocol

NOTHING = {"error": "invalid_grant", "error_description": "there is nothing to redeem"}


def without(*decisions):
    """A place whose server has nothing to say against whatever these decisions are about."""
    place = Place(legacy=True)
    place.world.admit_strangers()
    for name in decisions or tuple(place.server.policies):
        policy = place.server.policies[name]
        place.server.policies[name] = policy.without(*policy.ids)
    return place


OF_ENDPOINTS = {
    f"{method} {each.path}": (None, *each.policies)
    for each in Place().server.endpoints
    for method in each.methods
}


@pytest.mark.parametrize(
    ("decision", "form"),
    [
        ("authorization code", {"grant_type": protocol.AUTHORIZATION_CODE}),
        ("refresh token", {"grant_type": protocol.REFRESH_TOKEN}),
        ("device code", {"grant_type": protocol.DEVICE_CODE}),
        ("token exchange", {"grant_type": protocol.TOKEN_EXCHANGE}),
    ],
)
def test_nothing_is_redeemed_for_nothing(decision, form):
    names = ("code", "refresh_token", "device_code", "subject_token")
    for given in ({}, *({name: "nothing of ours"} for name in names)):
        answer = without(decision, "grant type").post("/token", "notes-app", **{**form, **given})
        assert (answer.status_code, answer.json()) == (400, NOTHING)


@pytest.mark.parametrize("endpoint", OF_ENDPOINTS)
def test_empty_request_is_answered(endpoint):
    method, path = endpoint.split()
    for decision in OF_ENDPOINTS[endpoint]:
        place = without(*[decision] if decision else [])
        assert place.http.request(method, AS + path).status_code < 500


def test_without_the_check_what_was_revoked_is_good_at_userinfo_too():
    for weak in (False, True):
        place = Place()
        if weak:
            place.world.without("not-revoked")
        token = place.tokens()["access_token"]
        place.post("/revoke", token=token)
        answer = place.http.get(f"{AS}/userinfo", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == (200 if weak else 401)


def test_way_to_a_token_that_nobody_knows_is_refused_without_the_check_too():
    place = Place()
    place.world.without("grant-type-known")
    for form in ({}, {"grant_type": "everything"}):
        answer = place.post("/token", **form)
        assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")
