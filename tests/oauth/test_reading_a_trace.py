"""What a trace tells: who knows which secret, how long tokens live, who is logged in where."""

from __future__ import annotations

import dataclasses
import json

import pytest

import jwtlab
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.reading.knowledge import who_knows
from jwtlab.oauth.reading.session_lifetimes import session_lifetimes
from jwtlab.oauth.reading.token_lifetimes import token_lifetimes

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


def test_an_answer_that_comes_later_is_known_later():
    trace = lab.flow("par").run().trace
    found = known(trace)["request_uri"]
    assert found["Notes app"] == found["Authorization server"] == 2
    assert found["Alice's browser"] == 2  # message 1 is answered after message 2
    assert "request_uri" not in known(trace[:1])


def test_mallory_has_the_client_secret_only_since_she_uses_it():
    found = known(lab.flow_attack("code-replay", weak=True).run().trace)["client secret"]
    assert found["Notes app"] == found["Authorization server"] == 0
    assert found["Mallory"] > 0


def test_what_comes_by_mail_has_names_of_its_own():
    code = known(lab.flow("passwordless", method="code").run().trace)
    assert code["one-time code"]["Alice's browser"] == 4
    assert code["authorization code"]["Alice's browser"] == 5
    assert "magic link" in known(lab.flow("passwordless").run().trace)


TOKEN_URL, REVOKE_URL = "https://as.example/token", "https://as.example/revoke"


def said(number, at, url, answer, status=200, **form):
    request = Request.make("POST", url, form=form)
    return Exchange(number, "App", "AS", request, Response(status, body=json.dumps(answer).encode()), at=at)


BORN = said(1, 0, TOKEN_URL, {"access_token": "a1", "expires_in": 60, "refresh_token": "r1"})


@pytest.mark.parametrize("answer", [{"access_token": "a2"}, {"access_token": "a2", "refresh_token": "r1"}])
def test_without_rotation_the_refresh_token_lives_on(answer):
    trace = Trace([BORN, said(2, 30, TOKEN_URL, answer, refresh_token="r1")])
    life = {each.name: each for each in token_lifetimes(trace)}["refresh token"]
    assert (life.start, life.end, life.uses) == (0, None, [(30, True)])


def test_a_refusal_for_another_reason_revokes_nothing():
    rotated = said(2, 10, TOKEN_URL, {"access_token": "a2", "refresh_token": "r2"}, refresh_token="r1")
    for error, how in (("invalid_client", ""), ("invalid_grant", "revoked")):
        refused = said(3, 20, TOKEN_URL, {"error": error}, 400, refresh_token="r1")
        lives = {each.name: each for each in token_lifetimes(Trace([BORN, rotated, refused]))}
        assert lives["refresh token 2"].how == how


def test_a_refresh_token_given_back_ends_and_absurd_lives_have_no_end():
    lives = token_lifetimes(Trace([BORN, said(2, 10, REVOKE_URL, {}, token="r1")]))
    assert [(each.how, each.end) for each in lives] == [("expires", 60), ("revoked", 10)]
    absurd = said(1, 0, TOKEN_URL, {"access_token": "a1", "expires_in": 10**400})
    assert token_lifetimes(Trace([absurd]))[0].end is None


def test_a_logout_token_for_another_session_ends_none():
    trace = lab.flow("single-sign-on").run().trace[:21]
    told = next(each for each in trace if each.number == 21)
    claims = jwtlab.decode(told.request.get("logout_token")).claims | {"sid": "another"}
    token = jwtlab.issue(claims, lab.key("RS256"), alg="RS256")
    changed = dataclasses.replace(told, request=told.request.changed(logout_token=token))
    calendar = session_lifetimes(Trace([*trace[:20], changed]))[-1]
    assert (calendar.place, calendar.until) == ("Calendar app", None)


def test_odd_messages_do_no_harm():
    strange = Request("POST", "https://a.example/", (("Authorization", "Basic %%%"),), b"[1]")
    trace = Trace(
        [
            Exchange(1, "A", "B", strange, Response(200, body=b'{"access_token": 5}')),
            Exchange(2, "A", "B", Request("GET", "https://a.example/"), None),
            Exchange(
                3,
                "A",
                "B",
                Request("GET", "https://a.example/"),
                Response(302, headers=(("Location", "http://["),)),
            ),
        ]
    )
    assert who_knows(trace) == ()
    assert token_lifetimes(trace) == ()
    assert session_lifetimes(trace) == ()


def test_lives_across_a_refresh():
    one, two, three, four = token_lifetimes(lab.flow("refresh").run().trace)
    assert (one.name, one.start, one.end, one.how) == ("access token 1", 0, 900, "expires")
    assert [good for _, good in one.uses] == [True, False]
    assert (two.name, two.how, two.end) == ("refresh token 1", "used", 901)
    assert (three.name, three.start) == ("access token 2", 901)
    assert (four.name, four.end, four.how) == ("refresh token 2", None, "")


def test_reuse_revokes_the_family_and_no_rotation_does_not():
    sound = {
        each.name: each
        for each in token_lifetimes(lab.flow_attack("refresh-token-theft", weak=False).run().trace)
    }
    assert [good for _, good in sound["refresh token 1"].uses] == [True, False]
    assert sound["refresh token 2"].how == "revoked"
    careless = {
        each.name: each
        for each in token_lifetimes(lab.flow_attack("refresh-token-theft", weak=True).run().trace)
    }
    assert careless["refresh token 1"].how == ""
    assert careless["refresh token 2"].how == ""


def test_one_session_at_the_server_and_one_at_each_application():
    trace = lab.flow("single-sign-on").run().trace
    server, notes, calendar = session_lifetimes(trace)
    assert (server.place, server.begun_by, server.ended_by) == ("Authorization server", "password", "logout")
    assert (notes.place, notes.ended_by) == ("Notes app", "logout")
    assert (calendar.place, calendar.ended_by) == ("Calendar app", "logout token")
    assert server.sid == notes.sid == calendar.sid != ""
    assert [each.until for each in session_lifetimes(trace[:17])] == [None, None, None]


def test_a_refused_logout_token_ends_nothing():
    trace = lab.flow_attack("logout-token-forgery", weak=False).run().trace
    assert any(each.response.status == 400 for each in trace if each.request.get("logout_token"))
    assert [each.until for each in session_lifetimes(trace)] == [None, None]
    careless = lab.flow_attack("logout-token-forgery", weak=True).run().trace
    assert [each.ended_by for each in session_lifetimes(careless)] == ["", "logout token"]
