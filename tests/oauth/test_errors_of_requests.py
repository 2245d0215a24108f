"""Only faults of client_id and redirect_uri stay a page; unknown parameters are ignored."""

from urllib.parse import urlencode

import pytest
from driving import AS, CALLBACK, FORM, get, is_page, told


def protocol_request(place):
    return place.post("/par", **place.request()).json()["request_uri"]


ODD = [
    ("x", "1"),
    ("x", "2"),
    ("y", "line\nbreak"),
    ("z", "\x00"),
    ("long", "x" * 9000),
    ("x y", "%"),
    ("__proto__", "1"),
]


@pytest.mark.parametrize(
    "name", ["scope", "nonce", "response_type", "prompt", "code_challenge", "response_mode"]
)
def test_only_faults_of_client_and_redirect_uri_stay_a_page(place, name):
    request = place.request(prompt="consent", response_mode="query")
    parameters, _ = told(get(place, [*request.items(), (name, request[name])]))
    assert (parameters["error"], parameters["state"]) == ("invalid_request", "state")
    parameters, _ = told(get(place, {**request, name: "line\nbreak"}))
    assert (parameters["error"], parameters["state"]) == ("invalid_request", "state")
    parameters, _ = told(get(place, {**request, name: "x" * 9000}))
    assert parameters["state"] == "state"
    assert parameters["error"] in ("invalid_request", "invalid_scope")


@pytest.mark.parametrize("states", [["a", "b"], ["a", "a"], ["x" * 9000], ["a\nb"]])
def test_doubtful_state_goes_back_as_an_error_and_is_not_repeated(place, states):
    request = place.request(state=None)
    parameters, _ = told(get(place, [*request.items(), *(("state", each) for each in states)]))
    assert parameters["error"] == "invalid_request"
    assert "state" not in parameters


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
@pytest.mark.parametrize("second", [None, "https://mallory.example/", "line\nbreak"])
def test_doubled_client_or_redirect_uri_stays_a_page(place, name, second):
    request = place.request()
    answer = get(place, [*request.items(), (name, second or request[name])])
    assert (answer.status_code, is_page(answer)) == (400, True)


def test_doubled_request_uri_goes_back_as_an_error(place):
    pushed = protocol_request(place)
    pairs = [("client_id", "notes-app"), ("request_uri", pushed), ("request_uri", pushed)]
    parameters, _ = told(get(place, pairs))
    assert parameters["error"] == "invalid_request"


def test_pushed_request_that_cannot_be_taken_has_no_address_and_stays_a_page(place):
    query = {"client_id": "notes-app", "request_uri": protocol_request(place)}
    assert get(place, query).status_code == 200
    unknown = {"client_id": "notes-app", "request_uri": "urn:ietf:params:oauth:request_uri:x"}
    for each in (query, unknown):
        answer = get(place, each)
        assert (answer.status_code, is_page(answer)) == (400, True)


@pytest.mark.parametrize("client_id", ["calendar-app", "nobody", ""])
def test_pushed_request_of_another_client_stays_a_page(place, client_id):
    answer = get(place, {"client_id": client_id, "request_uri": protocol_request(place)})
    assert (answer.status_code, is_page(answer)) == (400, True)


@pytest.mark.parametrize("extra", [*([each] for each in ODD), ODD])
def test_unknown_parameters_are_ignored(place, extra):
    assert "Log in" in get(place, [*place.request().items(), *extra]).text
    form = [*place.request().items(), *extra]
    assert (
        place.http.post(
            f"{AS}/par", content=urlencode(form), headers=place.basic("notes-app") | FORM
        ).status_code
        == 201
    )
    code = place.code()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    pairs = [*form.items(), ("code_verifier", place.verifier), *extra]
    headers = place.basic("notes-app") | FORM
    tokens = place.http.post(f"{AS}/token", content=urlencode(pairs), headers=headers).json()
    pairs = [("token", tokens["access_token"]), *extra]
    for path in ("/introspect", "/revoke"):
        assert place.http.post(f"{AS}{path}", content=urlencode(pairs), headers=headers).status_code == 200
    pairs = [("client_id", "television"), *extra]
    answer = place.http.post(f"{AS}/device_authorization", content=urlencode(pairs), headers=FORM)
    assert answer.status_code == 200
    assert get(place, [("client_id", "notes-app"), *extra], "/logout").status_code == 200


def test_unknown_parameters_that_are_no_text_are_ignored(place):
    answer = get(place, None, raw=urlencode(place.request()) + "&utm=%FF%FE&%FF=x")
    assert "Log in" in answer.text


def test_unknown_parameters_of_an_answer_are_ignored(place):
    browser, app = place.world.browser("alice"), place.world.app
    browser.open(app.address("/login"))
    browser.follow()
    place.logged_in(browser)
    page = browser.follow(f"{browser.page.redirect}&session_state=1&session_state=2&utm=%0A")
    assert page.redirect == app.address("/")
