"""Which server answered: the parameter ``iss``, or the ID token that came along (RFC 9207 §2.4 and §4)."""

from __future__ import annotations

import pytest

from jwtlab import Lab, decode, issue
from jwtlab.oauth.client import RESPONSE_CHECKS, AuthorizationResponse, ClientSettings
from jwtlab.oauth.protocol import Parameters
from jwtlab.oauth.world import APP

ISSUER = "https://as.example"


def refused_by(promised, **parameters):
    given = Parameters({"state": "s", "code": "c", **parameters}.items())
    failure = RESPONSE_CHECKS.run(AuthorizationResponse(given, "s", ISSUER, promised)).first_failure
    return failure and failure.id


@pytest.mark.parametrize("promised", [True, False])
def test_a_name_is_compared_wherever_there_is_one(promised):
    assert refused_by(promised, iss=ISSUER) is None
    assert refused_by(promised, iss="https://evil.example") == "issuer-matches"
    assert refused_by(promised, iss="https://evil.example", id_token="x") == "issuer-matches"


def test_a_promised_name_may_be_left_out_where_an_id_token_says_it():
    assert refused_by(True) == "issuer-matches"
    assert refused_by(True, id_token="x") is None
    assert refused_by(False) is None


@pytest.mark.parametrize(("issuer", "status"), [(ISSUER, 303), ("https://evil.example", 400)])
def test_then_the_id_token_decides_before_the_code_is_redeemed(issuer, status):
    lab = Lab()
    world = lab.world()
    world.configure(ClientSettings(response_type="code id_token", response_mode="form_post"))
    browser = world.browser("alice")
    browser.open(f"{APP}/login")
    browser.follow_all()
    browser.submit({"username": "alice", "password": world.people["alice"].password})
    answer = dict(browser.submit(press="Allow").forms[0].fields)
    del answer["iss"]
    token = decode(answer["id_token"])
    answer["id_token"] = issue(
        {**token.claims, "iss": issuer}, lab.key("RS256"), alg="RS256", header={"kid": token.header["kid"]}
    )
    before = len(world.network.trace)
    with world.network.client("Alice's browser") as client:
        client.cookies = browser.cookies
        page = client.post(f"{APP}/callback", data=answer)
    assert page.status_code == status
    redeemed = "/token" in [each.request.path for each in world.network.trace[before:]]
    assert redeemed == (status == 303)
