"""What a trace tells: who knows which secret, how long tokens live, who is logged in where."""

from __future__ import annotations

import pytest

import jwtlab
from jwtlab.oauth.knowledge import who_knows
from jwtlab.oauth.lifetimes import lifetimes
from jwtlab.oauth.sessions import sessions
from jwtlab.oauth.trace import Exchange, Request, Response, Trace

lab = jwtlab.Lab()


def known(trace, *also):
    return {secret.name: secret.known for secret in who_knows(trace, also)}


@pytest.fixture(scope="module")
def code_flow():
    return lab.flow("authorization-code").run().trace


def test_the_browser_sees_the_code_and_never_a_token(code_flow):
    found = known(code_flow)
    assert found["authorization code"] == {"Alice's browser": 4, "Authorization server": 4, "Notes app": 5}
    assert set(found["access token"]) == {"Notes app", "Authorization server", "API"}
    assert set(found["refresh token"]) == {"Notes app", "Authorization server"}
    assert set(found["password"]) == {"Alice's browser", "Authorization server"}


def test_the_client_knows_its_verifier_before_it_sends_it(code_flow):
    assert known(code_flow)["code verifier"] == {"Notes app": 1, "Authorization server": 6}
    assert known(code_flow)["client secret"] == {"Notes app": 0, "Authorization server": 0}


def test_a_slice_knows_no_more_than_it_has_seen(code_flow):
    assert set(known(code_flow[:4])) == {"password", "authorization code"}
    assert "Notes app" not in known(code_flow[:4])["authorization code"]


def test_further_parameters_on_request(code_flow):
    assert "state" not in known(code_flow)
    assert known(code_flow, "state")["state"]["Alice's browser"] == 1


def test_implicit_gives_the_token_to_the_browser():
    assert known(lab.flow("implicit").run().trace)["access token"]["Alice's browser"] == 4


def test_what_a_page_posts_from_behind_the_hash_is_seen():
    found = known(lab.flow("hybrid").run().trace)
    assert found["ID token 1"]["Notes app"] == 6


def test_a_stolen_refresh_token_is_in_two_hands():
    found = known(lab.flow_attack("refresh-token-theft", weak=True).run().trace)
    assert {"Notes app", "Mallory"} <= set(found["refresh token 1"])


def test_odd_messages_do_no_harm():
    strange = Request("POST", "https://a.example/", (("Authorization", "Basic %%%"),), b"[1]")
    trace = Trace(
        [
            Exchange(1, "A", "B", strange, Response(200, body=b'{"access_token": 5}')),
            Exchange(2, "A", "B", Request("GET", "https://a.example/"), None),
        ]
    )
    assert who_knows(trace) == ()
    assert lifetimes(trace) == ()
    assert sessions(trace) == ()


def test_lives_across_a_refresh():
    one, two, three, four = lifetimes(lab.flow("refresh").run().trace)
    assert (one.name, one.start, one.end, one.how) == ("access token 1", 0, 900, "expires")
    assert [good for _, good in one.uses] == [True, False]
    assert (two.name, two.how, two.end) == ("refresh token 1", "used", 901)
    assert (three.name, three.start) == ("access token 2", 901)
    assert (four.name, four.end, four.how) == ("refresh token 2", None, "")


def test_reuse_revokes_the_family_and_no_rotation_does_not():
    sound = {
        each.name: each for each in lifetimes(lab.flow_attack("refresh-token-theft", weak=False).run().trace)
    }
    assert [good for _, good in sound["refresh token 1"].uses] == [True, False]
    assert sound["refresh token 2"].how == "revoked"
    careless = {
        each.name: each for each in lifetimes(lab.flow_attack("refresh-token-theft", weak=True).run().trace)
    }
    assert careless["refresh token 1"].how == ""
    assert careless["refresh token 2"].how == ""


def test_one_session_at_the_server_and_one_at_each_application():
    trace = lab.flow("single-sign-on").run().trace
    server, notes, calendar = sessions(trace)
    assert (server.place, server.begun_by, server.ended_by) == ("Authorization server", "password", "log-out")
    assert (notes.place, notes.ended_by) == ("Notes app", "log-out")
    assert (calendar.place, calendar.ended_by) == ("Calendar app", "log-out token")
    assert server.sid == notes.sid == calendar.sid != ""
    assert [each.until for each in sessions(trace[:17])] == [None, None, None]


def test_a_refused_logout_token_ends_nothing():
    trace = lab.flow_attack("logout-token-forgery", weak=False).run().trace
    assert any(each.response.status == 400 for each in trace if each.request.get("logout_token"))
    assert [each.until for each in sessions(trace)] == [None, None]
    careless = lab.flow_attack("logout-token-forgery", weak=True).run().trace
    assert [each.ended_by for each in sessions(careless)] == ["", "log-out token"]
