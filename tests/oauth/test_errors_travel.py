"""Errors travel as the answer would have; metadata say what is true."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from driving import AS, CALLBACK, Place, change, get, told


@pytest.mark.parametrize(
    ("changed", "mode"),
    [
        ({"response_type": "id_token", "scope": "everything"}, "fragment"),
        ({"response_type": "id_token", "nonce": None}, "fragment"),
        ({"response_type": "code id_token", "response_mode": "query"}, "fragment"),
        ({"response_type": "code token", "response_mode": "nonsense"}, "fragment"),
        ({"response_type": "id_token", "response_mode": "web_message"}, "fragment"),
        ({"response_type": "token"}, "fragment"),
        ({"response_type": "id_token nonsense"}, "fragment"),
        ({"response_type": "code id_token", "prompt": "none"}, "fragment"),
        ({"response_type": "code", "scope": "everything"}, "query"),
        ({"response_type": "code", "response_mode": "nonsense"}, "query"),
        ({"response_type": "code", "response_mode": "fragment", "scope": "everything"}, "fragment"),
        ({"response_type": "nonsense"}, "query"),
        ({"response_type": None}, "query"),
    ],
)
def test_error_travels_as_the_answer_would_have(place, changed, mode):
    parameters, found = told(get(place, place.request(**changed)))
    assert found == mode
    assert parameters["error"]
    assert (parameters["state"], parameters["iss"]) == ("state", AS)


def test_error_travels_in_a_form_as_the_answer_would_have(place):
    answer = get(place, place.request(response_type="code id_token", response_mode="form_post", nonce=None))
    assert answer.status_code == 200
    assert f'action="{CALLBACK}"' in answer.text
    assert 'name="error" value="invalid_request"' in answer.text


@pytest.mark.parametrize("second", ["query", "form_post"])
def test_error_about_a_doubled_mode_travels_as_usual(place, second):
    pairs = [
        *place.request(response_type="code id_token").items(),
        ("response_mode", "form_post"),
        ("response_mode", second),
    ]
    assert told(get(place, pairs))[1] == "fragment"


def test_refusal_by_the_person_travels_as_the_answer_would_have(place):
    browser = place.world.browser("alice")
    browser.open(f"{AS}/authorize?{urlencode(place.request(response_type='code id_token'))}")
    browser.submit({"username": "alice", "password": "wonderland"})
    page = browser.submit(press="Deny")
    assert dict(parse_qsl(urlsplit(page.redirect).fragment))["error"] == "access_denied"


@pytest.mark.parametrize("legacy", [False, True])
def test_metadata_say_what_is_true(legacy):
    place = Place(legacy=legacy)
    found = get(place, {}, "/.well-known/openid-configuration").json()
    by_browser = [each for each in found["response_types_supported"] if each != "code"]
    assert ("implicit" in found["grant_types_supported"]) == bool(by_browser)
    assert ("password" in found["grant_types_supported"]) == legacy
    for each in found["response_types_supported"]:
        change(place, "notes-app", response_types=(each,))
        assert "Log in" in get(place, place.request(response_type=each)).text, each
    change(place, "notes-app", response_types=("code",))
    for each in found["response_modes_supported"]:
        assert "Log in" in get(place, place.request(response_mode=each)).text, each
    for each in found["grant_types_supported"]:
        answer = place.post("/token", grant_type=each).json()
        assert answer["error"] != "unsupported_grant_type" or each == "implicit", each
    assert found["id_token_signing_alg_values_supported"] == list(place.server.algorithms)
