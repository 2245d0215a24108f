"""Lesson 32's explorer at issuers with real sockets: a started ``jwtlab serve``, and npm's oidc-provider."""

from __future__ import annotations

import time

import pytest

from jwtlab.widgets import IssuerExplorer

SECRET = "explorer-secret-of-the-test"
CALLBACK = "http://127.0.0.1/callback"
REGISTRATION = {
    "client_id": "explorer",
    "client_secret": SECRET,
    "token_endpoint_auth_method": "client_secret_basic",
    "redirect_uris": ["https://app.example/callback"],
    "grant_types": ["authorization_code"],
    "response_types": ["code"],
}


@pytest.fixture
def explorer():
    """As in the lesson: the real clock, real randomness, and an HTTP client of its own."""
    made = IssuerExplorer(clock=time.time)
    yield made
    made.close()


def log_in(explorer, person, fields, **typed):
    for name, value in typed.items():
        explorer.act("field", value, name)
    explorer.act("begin")
    landed = person(fields, home=typed["redirect_uri"]).visit(explorer.login.address)
    explorer.act("field", landed, "landed")
    explorer.act("finish")
    assert not explorer.problem
    assert all(report.accepted for report in explorer.said)


def test_at_oidc_provider(explorer, person, oidc_provider):
    with oidc_provider([REGISTRATION]) as description:
        explorer.act("address", description["issuer"])
        explorer.act("fetch")
        assert explorer.report.accepted, explorer.report
        assert len(explorer.issuer.keys) >= 1
        log_in(
            explorer,
            person,
            {"login": "alice", "password": "anything"},
            client_id="explorer",
            secret=SECRET,
            redirect_uri="https://app.example/callback",
            scope="openid profile",
        )
        assert explorer.tokens["id_token"].count(".") == 2
        assert SECRET not in explorer.html
        explorer.act("token", explorer.tokens["id_token"])
        assert "Accepted" in explorer.html


def test_at_a_started_server(explorer, person, served):
    web = next(each for each in served["clients"] if each["client_id"] == "spa")
    user = served["users"][0]
    explorer.act("address", served["issuer"])
    explorer.act("fetch")
    assert explorer.report.accepted, explorer.report
    log_in(
        explorer,
        person,
        {"username": user["username"], "password": user["password"]},
        client_id=web["client_id"],
        redirect_uri=web["redirect_uris"][0],
        scope="openid profile",
    )
    assert {"id_token", "access_token"} <= set(explorer.tokens)
    assert user["username"] in explorer.html
