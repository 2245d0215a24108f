"""What hardly anybody comes across, mostly where a check was taken out: each of these sentences is said somewhere."""

from __future__ import annotations

import pytest
from driving import AS, Place, login_page

import jwtlab
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server.authorization.request import (
    AuthorizationRequest,
    redirect_uri_registered,
)
from jwtlab.oauth.protocol import Parameters


def without(*decisions):
    place = Place()
    for name in decisions:
        policy = place.server.policies[name]
        place.server.policies[name] = policy.without(*policy.ids)
    return place


def words(text):
    return " ".join(text.split())


def sent(place, path, **form):
    return place.http.post(AS + path, data=form)


@pytest.mark.parametrize(
    "path", ["/login", "/consent", "/magic/send", "/magic/code", "/logout/confirm", "/device"]
)
def test_form_of_nobody_leads_nowhere(path):
    answer = sent(without("form"), path, interaction="nothing")
    assert (answer.status_code, "there is nothing to go on with" in words(answer.text).lower()) == (400, True)


def test_client_that_nobody_knows_is_no_client():
    place = without("client authentication")
    for path in ("/token", "/par", "/introspect", "/revoke", "/device_authorization"):
        answer = sent(place, path, client_id="nobody", grant_type="client_credentials", token="x")
        assert (answer.status_code, answer.json()) == (
            401,
            {"error": "invalid_client", "error_description": "no such client"},
        )


def test_assertion_of_a_client_without_a_key():
    place = Place()
    place.world.without("client-method")
    now = int(place.lab.now)
    claims = {"iss": "notes-app", "sub": "notes-app", "aud": AS, "exp": now + 60, "jti": "one"}
    form = {
        "client_assertion": jwtlab.issue(claims, place.lab.key("ES256", "client"), alg="ES256"),
        "client_assertion_type": protocol.ASSERTION_TYPE,
        "grant_type": "client_credentials",
    }
    answer = sent(place, "/token", **form)
    assert (answer.status_code, answer.json()) == (
        401,
        {"error": "invalid_client", "error_description": "no key is registered for this client"},
    )


def test_name_that_nobody_has_logs_in_nobody():
    place = without("login")
    page = login_page(place).submit({"username": "nobody", "password": "wrong"})
    assert page.status == 403
    assert "There is no such person." in page.text_shown
    assert not place.server.store.names("session")


def test_page_for_one_thing_is_not_good_for_another():
    """The form of the login page, sent to where somebody logs out."""
    place = Place()
    browser = login_page(place)
    fields = dict(browser.page.forms[0].fields)
    hidden = {name: fields[name] for name in ("interaction", "csrf_token")}
    going = browser.submitting({"username": "alice", "password": "x"})
    cookie = going.request.to_httpx().headers["Cookie"]
    answer = place.http.post(f"{AS}/logout/confirm", data=hidden, headers={"Cookie": cookie})
    assert answer.status_code == 400
    assert "page is not for logging out" in words(answer.text)


def test_link_of_nobody_logs_in_nobody():
    place = without("magic link")
    answer = sent(place, "/magic", token="nothing")
    assert answer.status_code == 403
    assert "We did not send this link." in words(answer.text)
    assert not place.server.store.names("session")


def test_address_of_nobody_is_not_asked_for():
    for redirect_uri in (None, "https://anywhere.example/"):
        pairs = [] if redirect_uri is None else [("redirect_uri", redirect_uri)]
        asked = AuthorizationRequest(Place().server, Parameters(pairs), False)
        assert asked.client is None
        assert redirect_uri_registered(asked) == ""
