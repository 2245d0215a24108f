"""What the token endpoint asks of device codes, grant types and clients that speak for themselves, to the letter."""

from __future__ import annotations

import pytest
from desk import GRANT, INVALID, KNOWN, Desk
from driving import API

from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server.token.grants.client_credentials import CREDENTIALS_CHECKS
from jwtlab.oauth.authorization_server.token.grants.device_code import CODE_CHECKS, DeviceRequest
from jwtlab.oauth.authorization_server.token.request import CLIENT_CHECKS, REQUEST_CHECKS, TokenRequest
from jwtlab.oauth.store import fingerprint

REFRESH = {"grant_type": protocol.REFRESH_TOKEN, "refresh_token": "r"}
DEVICE = {"grant_type": protocol.DEVICE_CODE, "device_code": "d"}


def device(form=(), **record):
    desk = Desk()
    desk.keep("device", fingerprint("d"), **record)
    return desk.judge(CODE_CHECKS, DeviceRequest, DEVICE | dict(form))


NOW = Desk().now


@pytest.mark.parametrize("polled", [None, NOW - 5, NOW - 6, NOW + 1])
def test_good_device_code(polled):
    assert device(polled=polled) == {}


@pytest.mark.parametrize(
    ("form", "record", "said"),
    [
        (
            {"device_code": None},
            {},
            ("device-code-known", INVALID, "the device_code is missing", "device_code"),
        ),
        ({"device_code": "e"}, {}, ("device-code-known", GRANT, "no such device_code", "device_code")),
        (
            {},
            {"client_id": "game"},
            ("device-code-client", GRANT, "this device_code was given to another client", "device_code"),
        ),
        (
            {},
            {"expires": NOW},
            (
                "device-code-fresh",
                "expired_token",
                "the device_code has expired; ask for a new one",
                "device_code",
            ),
        ),
        (
            {},
            {"polled": NOW - 4},
            ("device-patient", "slow_down", "5 seconds between two questions", None, 5, 4),
        ),
        ({}, {"polled": NOW}, ("device-patient", "slow_down", "5 seconds between two questions", None, 5, 0)),
        ({}, {"state": "denied"}, ("device-answered", "access_denied", "the person pressed Deny")),
        (
            {},
            {"state": "redeemed"},
            ("device-answered", GRANT, "this device_code has been used", "device_code"),
        ),
        (
            {},
            {"state": "waiting"},
            (
                "device-answered",
                "authorization_pending",
                "nobody has approved it yet; ask again later",
            ),
        ),
    ],
)
def test_bad_device_code(form, record, said):
    assert device(form, **record) == said + (None,) * (6 - len(said))


def client(name, form, policy=CLIENT_CHECKS, legacy=False):
    desk = Desk(legacy)
    return desk.judge(policy, TokenRequest, form, client=desk.server.clients.get(name))


def test_grant_type_is_known_current_and_the_clients_own():
    kinds, password = tuple(KNOWN), {"grant_type": protocol.PASSWORD}
    missing = ("grant-type-known", INVALID, "the grant_type is missing", "grant_type", None, None)
    assert client("notes-app", {}, REQUEST_CHECKS) == missing
    unknown = ("grant-type-known", "unsupported_grant_type", "no such grant_type", "grant_type", kinds, "x")
    assert client("notes-app", {"grant_type": "x"}, REQUEST_CHECKS) == unknown
    retired = client("notes-app", password, REQUEST_CHECKS)
    assert retired[:2] == ("grant-type-current", "unsupported_grant_type")
    assert retired[2:4] == (KNOWN[protocol.PASSWORD].retired, "grant_type")
    assert client("notes-app", password, REQUEST_CHECKS, legacy=True)["grant-type-known"] == protocol.PASSWORD
    said = "the client is not registered for this grant_type"
    refused = ("grant-type-allowed", "unauthorized_client", said, "grant_type", None, None)
    assert client("notes-app", {"grant_type": protocol.CLIENT_CREDENTIALS}) == refused
    assert client("notes-app", REFRESH | {"resource": API}) == {}
    assert client("notes-app", REFRESH | {"resource": "x"})[:2] == ("resource-known", "invalid_target")


@pytest.mark.parametrize(
    ("name", "scope", "said"),
    [
        (
            "game",
            None,
            (
                "client-confidential",
                "unauthorized_client",
                "a client without a secret speaks for nobody",
                None,
            ),
        ),
        (
            "nobody",
            None,
            (
                "client-confidential",
                "unauthorized_client",
                "a client without a secret speaks for nobody",
                None,
            ),
        ),
        (
            "notes-app",
            "openid",
            ("scope-impersonal", "invalid_scope", "nobody logs in here, so there is no ID token", "scope"),
        ),
        (
            "crm-sync",
            "x" * 50,
            ("scope-granted", "invalid_scope", f"the client may not have '{'x' * 40}'", "scope"),
        ),
        ("crm-sync", " ", ("scope-granted", "invalid_scope", "nothing is left of the scope", "scope")),
    ],
)
def test_client_that_speaks_for_itself(name, scope, said):
    form = {"grant_type": protocol.CLIENT_CREDENTIALS, "scope": scope}
    assert client(name, form, CREDENTIALS_CHECKS)[:4] == said
    assert client("crm-sync", form | {"scope": "notes:read"}, CREDENTIALS_CHECKS) == {}
