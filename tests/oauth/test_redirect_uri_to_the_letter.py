"""A registered redirect URI is used to the letter."""

from urllib.parse import urlencode

import pytest
from driving import AS, change, get

from jwtlab.errors import UsageError
from jwtlab.oauth.authorization_server.registration import Client


@pytest.mark.parametrize(
    ("registered", "begins"),
    [
        ("https://app.example/cb?", "https://app.example/cb?code="),
        ("https://app.example/cb?a=b", "https://app.example/cb?a=b&code="),
        ("https://app.example/cb?a=b&", "https://app.example/cb?a=b&code="),
        ("https://app.example", "https://app.example?code="),
        ("https://APP.example/Cb", "https://APP.example/Cb?code="),
        ("https://app.example:443/cb", "https://app.example:443/cb?code="),
        ("https://app.example/a/../cb", "https://app.example/a/../cb?code="),
        ("https://app.example/%7Ecb%2f", "https://app.example/%7Ecb%2f?code="),
        ("myapp:///cb", "myapp:///cb?code="),
        ("myapp:/cb", "myapp:/cb?code="),
        ("MyApp://cb", "MyApp://cb?code="),
        ("myapp:cb", "myapp:cb?code="),
        ("myapp://", "myapp://?code="),
    ],
)
def test_registered_redirect_uri_is_used_to_the_letter(place, registered, begins):
    change(place, "notes-app", redirect_uris=(registered,))
    browser = place.world.browser("alice")
    browser.open(f"{AS}/authorize?{urlencode(place.request(redirect_uri=registered))}")
    place.logged_in(browser)
    sent = place.world.network.trace[-1].response.location
    assert sent.startswith(begins)


@pytest.mark.parametrize(
    "registered", ["myapp:///cb", "https://app.example/cb?", "https://app.example/cb?a=b"]
)
@pytest.mark.parametrize("mode", ["fragment", "form_post"])
def test_registered_redirect_uri_is_used_to_the_letter_in_every_mode(place, registered, mode):
    change(place, "notes-app", redirect_uris=(registered,))
    browser = place.world.browser("alice")
    browser.open(f"{AS}/authorize?{urlencode(place.request(redirect_uri=registered, response_mode=mode))}")
    place.logged_in(browser)
    if mode == "fragment":
        assert place.world.network.trace[-1].response.location.startswith(f"{registered}#code=")
    else:
        assert f'action="{registered}"' in browser.page.text


@pytest.mark.parametrize(
    "registered", ["myapp:///bye", "https://app.example/bye?", "https://app.example/bye?a=b"]
)
@pytest.mark.parametrize("state", ["", "x"])
def test_registered_logout_address_is_used_to_the_letter(place, registered, state):
    change(place, "notes-app", post_logout_redirect_uris=(registered,))
    query = {"post_logout_redirect_uri": registered, "client_id": "notes-app", "state": state}
    sent = get(place, query, "/logout").headers["location"]
    joint = "" if registered.endswith("?") else "&" if "?" in registered else "?"
    assert sent == (f"{registered}{joint}state=x" if state else registered)


@pytest.mark.parametrize(
    "uri",
    [
        *(
            "https://app.example/ä",
            "https://app.example/a b",
            "https://app.example/a\nb",
            "https://app.example/\\",
        ),
        *(
            'https://app.example/"',
            "https://app.example/<x>",
            "https://app.example/%",
            "https://app.example/%zz",
        ),
        *("https://app.example/#", "/callback", "//app.example/cb", "https:///cb", " https://app.example/cb"),
        *("javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "1app:/cb", "https:", ""),
    ],
)
def test_address_that_would_be_rewritten_is_refused_when_it_is_registered(uri):
    with pytest.raises(UsageError):
        Client("x", redirect_uris=(uri,))
    with pytest.raises(UsageError):
        Client("x", post_logout_redirect_uris=(uri,))
