"""A server that demands its nonce in each DPoP proof (RFC 9449 §8, §9), and a client that goes along."""

from __future__ import annotations

import pytest

from jwtlab import Key, Lab
from jwtlab.checks import Status
from jwtlab.oauth import client as rules
from jwtlab.oauth import dpop
from jwtlab.oauth.http.messages import Response
from jwtlab.oauth.world import API, ISSUER

KEY = Key.generate("ES256")


@pytest.fixture
def world():
    return Lab().world().demand_nonces()


def tokens(world, nonce=None):
    """A bound token for a service, with this nonce in the proof."""
    service = world.credentials["report-service"]
    proof = dpop.proof(KEY, "POST", f"{ISSUER}/token", now=world.clock(), jti=world.secret(), nonce=nonce)
    form = {"grant_type": "client_credentials", "scope": "notes:read"}
    with world.network.client("Service", ISSUER) as http:
        return http.post(
            "/token", data=form, headers={"DPoP": proof}, auth=(service.client_id, service.secret)
        )


def notes(world, token, nonce=None):
    proof = dpop.proof(
        KEY, "GET", f"{API}/me", now=world.clock(), jti=world.secret(), access_token=token, nonce=nonce
    )
    with world.network.client("Service", API) as http:
        return http.get("/me", headers={"Authorization": f"DPoP {token}", "DPoP": proof})


def test_the_token_endpoint_asks_and_is_content_with_its_nonce(world):
    first = tokens(world)
    assert (first.status_code, first.json()["error"]) == (400, "use_dpop_nonce")
    assert first.headers["Cache-Control"] == "no-store"
    second = tokens(world, first.headers["DPoP-Nonce"])
    assert (second.status_code, second.json()["token_type"]) == (200, "DPoP")


def test_the_api_asks_in_its_challenge_and_has_nonces_of_its_own(world):
    asked = tokens(world).headers["DPoP-Nonce"]
    token = tokens(world, asked).json()["access_token"]
    first = notes(world, token, asked)
    assert first.status_code == 401
    assert first.headers["WWW-Authenticate"].startswith("DPoP ")
    assert 'error="use_dpop_nonce"' in first.headers["WWW-Authenticate"]
    again = notes(world, token, first.headers["DPoP-Nonce"])
    assert "use_dpop_nonce" not in again.headers.get("WWW-Authenticate", "")
    assert again.status_code != 401


@pytest.mark.parametrize("nonce", ["", "guessed", 7, None, ["a"], "\u212a"])
def test_a_nonce_that_was_not_handed_out_does_not_do(world, nonce):
    assert tokens(world, nonce).json()["error"] == "use_dpop_nonce"


def test_a_nonce_is_good_for_its_time_and_the_next(world):
    nonces = dpop.Nonces(b"s" * 32, lambda: now)
    now = 1000 * dpop.Nonces.LIFETIME
    handed_out = nonces.current
    for later, good in ((0, True), (dpop.Nonces.LIFETIME, True), (2 * dpop.Nonces.LIFETIME, False)):
        now = 1000 * dpop.Nonces.LIFETIME + later
        assert nonces.fits(handed_out) is good
    assert not dpop.Nonces(b"t" * 32, lambda: now).fits(nonces.current)


def test_every_answer_to_a_proof_brings_the_nonce_for_the_next(world):
    asked = tokens(world).headers["DPoP-Nonce"]
    assert tokens(world, asked).headers["DPoP-Nonce"] == asked
    world.wait(dpop.Nonces.LIFETIME)
    assert tokens(world, asked).headers["DPoP-Nonce"] != asked


def test_without_the_option_nobody_asks():
    world = Lab().world()
    answer = tokens(world)
    assert answer.status_code == 200
    assert "DPoP-Nonce" not in answer.headers


def test_a_proof_that_was_refused_for_its_nonce_has_not_been_used_up():
    """The check comes before the one that remembers jti: the refusal costs the client nothing."""
    ids = [check.id for check in dpop.CHECKS]
    assert ids.index("dpop-nonce") < ids.index("dpop-unused")


def test_a_check_that_was_not_asked_is_no_tick():
    world = Lab().world()
    with world.network.client("Service", ISSUER):
        proof = dpop.proof(KEY, "POST", f"{ISSUER}/token", now=world.clock(), jti="a-name")
        case = dpop.ProofCase((proof,), "POST", f"{ISSUER}/token", world.clock(), lambda name: True)
    finding = dpop.examine(case)["dpop-nonce"]
    assert finding.status is Status.NOT_ASKED


def test_the_flow_meets_the_demand_at_both_and_refreshes_nothing():
    flow = Lab().flow("dpop", nonce=True).run()
    assert flow.outcome.title == "Notes of alice"
    refused = [(each.request.path, report) for each in flow.trace for _, report in each.reports]
    asked = [
        path for path, report in refused if not report.accepted and report.first_failure.id == "dpop-nonce"
    ]
    assert asked == ["/token", "/notes"]
    grants = [each.request.get("grant_type") for each in flow.trace if each.request.path == "/token"]
    assert grants == ["authorization_code", "authorization_code"]


def test_the_application_keeps_the_nonces_and_is_not_asked_twice():
    world = Lab().world()
    flow = Lab().flow("dpop", nonce=True, world=world).run()
    calls = [each for each in flow.trace if each.request.path == "/notes" and each.receiver == "API"]
    assert [each.response.status for each in calls] == [401, 200]
    assert set(world.app.nonces) == {ISSUER, API}


def test_a_server_that_is_never_content_is_asked_twice_and_no_more():
    class Never(dpop.Nonces):
        def fits(self, nonce):
            return False

    lab = Lab()
    world = lab.world()
    world.server.nonces = Never(b"s" * 32, world.clock)
    flow = lab.flow("dpop", world=world).run()
    assert [each.response.status for each in flow.trace if each.request.path == "/token"] == [400, 400]


@pytest.mark.parametrize(
    ("status", "headers", "body", "asks"),
    [
        (400, (), '{"error": "use_dpop_nonce"}', True),
        (400, (), '{"error": "invalid_dpop_proof"}', False),
        (400, (), "<html>", False),
        (400, (), "[]", False),
        (401, (("WWW-Authenticate", 'DPoP error="use_dpop_nonce", algs="ES256"'),), "", True),
        (401, (("www-authenticate", "DPoP error=use_dpop_nonce"),), "", True),
        (401, (("WWW-Authenticate", 'DPoP error="invalid_token"'),), "", False),
        (401, (), '{"error": "use_dpop_nonce"}', False),
        (200, (), '{"error": "use_dpop_nonce"}', False),
    ],
)
def test_asks_for_nonce(status, headers, body, asks):
    assert rules.asks_for_nonce(Response.make(status, body, headers=headers)) is asks
