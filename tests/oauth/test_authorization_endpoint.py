"""The authorization endpoint: what it answers, and how it says no."""

import httpx
import pytest
from driving import AS, CALLBACK, Place, ask, redirected

import jwtlab


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", "nobody"),
        ("client_id", None),
        ("redirect_uri", "https://app.example/callback/"),
        ("redirect_uri", "https://app.example/Callback"),
        ("redirect_uri", "https://app.example.mallory.example/callback"),
        ("redirect_uri", "https://app.example/callback?x=1"),
        ("redirect_uri", "http://app.example/callback"),
        ("redirect_uri", "https://user@app.example/callback"),
        ("redirect_uri", "javascript:alert(1)"),
    ],
)
def test_doubtful_addressee_is_shown_a_page_and_sent_nowhere(place, name, value):
    answer = ask(place, **{name: value})
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "nonsense"}, "unsupported_response_type"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "id_token token"}, "unsupported_response_type"),
        ({"response_mode": "nonsense"}, "invalid_request"),
        ({"response_type": "code id_token", "response_mode": "query"}, "invalid_request"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"response_type": "code id_token", "nonce": None}, "invalid_request"),
        ({"response_type": "code id_token", "scope": "profile"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "nonsense"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"resource": "https://elsewhere.example"}, "invalid_target"),
        ({"request": "a.b.c"}, "request_not_supported"),
        ({"request_uri": "https://mallory.example/r"}, "request_uri_not_supported"),
        ({"registration": "{}"}, "registration_not_supported"),
    ],
)
def test_wrong_request_is_told_to_the_application(place, changed, code):
    told = redirected(ask(place, **changed))
    assert told["error"] == code
    assert told["state"] == "state"
    assert told["iss"] == AS


def test_unregistered_response_type_is_refused(place):
    request = place.request(
        client_id="phone-app", redirect_uri="com.example.phone:/callback", response_type="code id_token"
    )
    answer = place.http.get(f"{AS}/authorize", params=request)
    assert "unauthorized_client" in answer.headers["location"]


def test_client_that_promised_par_is_held_to_it(place):
    from dataclasses import replace

    clients = place.server.clients
    clients["notes-app"] = replace(clients["notes-app"], require_pushed_authorization_requests=True)
    assert redirected(ask(place))["error"] == "invalid_request"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_request_comes_by_get_or_post(place, method):
    where = {"params": place.request()} if method == "GET" else {"data": place.request()}
    answer = place.http.request(method, f"{AS}/authorize", **where)
    assert "Log in" in answer.text


@pytest.mark.parametrize("response_type", ["code id_token", "code token", "code id_token token", "id_token"])
@pytest.mark.parametrize("mode", ["fragment", "form_post"])
def test_front_channel_answers_carry_what_was_asked_for(place, response_type, mode):
    browser = place.world.browser("alice")
    url = httpx.URL(f"{AS}/authorize", params=place.request(response_type=response_type, response_mode=mode))
    browser.open(str(url))
    place.logged_in(browser)
    if mode == "fragment":
        answer = httpx.QueryParams(httpx.URL(browser.page.redirect).fragment)
    else:
        form = browser.page.forms[0]
        assert (form.action, form.method) == (CALLBACK, "POST")
        answer = form.fields
    names = {"token": "access_token"}
    for each in response_type.split():
        assert names.get(each, each) in answer
    assert answer["state"] == "state"
    if "id_token" in answer:
        claims = jwtlab.decode(answer["id_token"]).claims
        assert claims["nonce"] == "nonce"
        assert ("c_hash" in claims) == ("code" in answer)
        assert ("at_hash" in claims) == ("access_token" in answer)
        assert ("name" in claims) == ("access_token" not in answer and "code" not in answer)


def test_legacy_server_answers_the_implicit_grant():
    place = Place(legacy=True)
    browser = place.world.browser("alice")
    browser.open(str(httpx.URL(f"{AS}/authorize", params=place.request(response_type="token"))))
    place.logged_in(browser)
    assert "access_token=" in browser.page.redirect
    assert "#" in browser.page.redirect
