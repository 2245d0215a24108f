"""Each check of a client stands alone: one bad token that it refuses, and that passes without it."""

from __future__ import annotations

import dataclasses

import pytest

import jwtlab
from jwtlab.oauth.client import (
    ID_TOKEN_CHECKS,
    LOGOUT_TOKEN_CHECKS,
    Credentials,
    LoginExpected,
    Provider,
    examine_id_token,
    examine_logout_token,
)
from jwtlab.oauth.protocol import half_hash

lab = jwtlab.Lab()
NOW = int(lab.now)
KEY = lab.key("RS256")
AS = "https://as.example"
PROVIDER = Provider(
    issuer=AS,
    credentials=Credentials("notes-app"),
    metadata={"id_token_signing_alg_values_supported": ["RS256"]},
    keys=jwtlab.KeySet([KEY.public()]),
)
EXPECTED = LoginExpected(
    "notes-app", nonce="n-1", access_token="abc", code="xyz", max_age=600, subject="alice", front=True
)
ID_TOKEN = {
    "iss": AS,
    "sub": "alice",
    "aud": "notes-app",
    "iat": NOW,
    "exp": NOW + 300,
    "auth_time": NOW - 60,
    "nonce": "n-1",
    "at_hash": half_hash("abc", "RS256"),
    "c_hash": half_hash("xyz", "RS256"),
}
LOGOUT = {
    "iss": AS,
    "sub": "alice",
    "aud": "notes-app",
    "iat": NOW,
    "exp": NOW + 120,
    "jti": "l-1",
    "sid": "s-1",
    "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
}
GONE = object()


def signed(claims, changes, typ):
    content = {name: value for name, value in (claims | changes).items() if value is not GONE}
    return jwtlab.issue(content, KEY, alg="RS256", header={"typ": typ})


def examine(policy, **changes):
    return examine_id_token(signed(ID_TOKEN, changes, "JWT"), PROVIDER, EXPECTED, NOW, policy)


def examine_logout(policy, **changes):
    return examine_logout_token(signed(LOGOUT, changes, "logout+jwt"), PROVIDER, NOW, set(), policy)


BAD_ID_TOKENS = [
    ("issuer-expected", {"iss": "https://mallory.example"}),
    ("audience-expected", {"aud": "game"}),
    ("not-expired", {"exp": NOW - 60}),
    ("issued-in-past", {"iat": NOW + 60}),
    ("party-authorized", {"azp": "game"}),
    ("party-authorized", {"aud": ["notes-app", "game"], "azp": "game"}),
    ("nonce-matches", {"nonce": "n-2"}),
    ("nonce-matches", {"nonce": GONE}),
    ("access-token-hash", {"at_hash": half_hash("other", "RS256")}),
    ("access-token-hash", {"at_hash": GONE}),
    ("code-hash", {"c_hash": half_hash("other", "RS256")}),
    ("code-hash", {"c_hash": GONE}),
    ("login-fresh", {"auth_time": NOW - 700}),
    ("login-fresh", {"auth_time": NOW + 700}),
    ("login-fresh", {"auth_time": GONE}),
    ("subject-same", {"sub": "mallory"}),
    ("subject-same", {"sub": GONE}),
    ("issued-at-present", {"iat": GONE}),
]
BAD_LOGOUT_TOKENS = [
    ("issuer-expected", {"iss": "https://mallory.example"}),
    ("audience-expected", {"aud": "game"}),
    ("not-expired", {"exp": NOW - 60}),
    ("logout-event", {"events": {}}),
    ("logout-event", {"events": GONE}),
    ("logout-without-nonce", {"nonce": "n-1"}),
    ("logout-subject", {"sub": GONE, "sid": GONE}),
    ("issued-at-present", {"iat": GONE}),
    ("not-replayed", {"jti": GONE}),
]


def test_good_tokens_are_accepted():
    assert examine(ID_TOKEN_CHECKS).accepted
    assert examine_logout(LOGOUT_TOKEN_CHECKS).accepted
    assert examine_logout(LOGOUT_TOKEN_CHECKS, sub=GONE).accepted
    assert examine_logout(LOGOUT_TOKEN_CHECKS, sid=GONE).accepted


@pytest.mark.parametrize(("check", "changes"), BAD_ID_TOKENS)
def test_id_token_is_refused_by_this_check_alone(check, changes):
    assert examine(ID_TOKEN_CHECKS, **changes).first_failure.id == check
    assert examine(ID_TOKEN_CHECKS.without(check), **changes).accepted


@pytest.mark.parametrize(("check", "changes"), BAD_LOGOUT_TOKENS)
def test_logout_token_is_refused_by_this_check_alone(check, changes):
    assert examine_logout(LOGOUT_TOKEN_CHECKS, **changes).first_failure.id == check
    assert examine_logout(LOGOUT_TOKEN_CHECKS.without(check), **changes).accepted


def test_every_check_beyond_the_standard_has_its_bad_token():
    for policy, bad in ((ID_TOKEN_CHECKS, BAD_ID_TOKENS), (LOGOUT_TOKEN_CHECKS, BAD_LOGOUT_TOKENS)):
        own = {each.id for each in policy.checks} - {each.id for each in jwtlab.STANDARD.checks}
        assert own <= {check for check, _ in bad}


def test_auth_time_is_asked_for_only_with_max_age():
    expected = dataclasses.replace(EXPECTED, max_age=None)
    token = signed(ID_TOKEN, {"auth_time": GONE}, "JWT")
    assert examine_id_token(token, PROVIDER, expected, NOW, ID_TOKEN_CHECKS).accepted


@pytest.mark.parametrize(
    ("token", "status"), [({}, 200), ({"form_token": "guessed"}, 400), ({"form_token": None}, 400)]
)
def test_application_writes_only_what_its_own_form_brought(token, status):
    flow = jwtlab.Lab().flow("custom", user="alice")
    while flow.pending.request.path != "/team":
        flow.send()
    number = len(flow.trace)
    flow.send(flow.pending.request.changed(**token))
    flow.run()
    assert flow.trace[number].response.status == status
    assert ("hello" in flow.world.api.notes_of("team")) is (status == 200)
