"""Small frictions, each reported of another server."""

import base64
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from driving import API, AS, CALLBACK, change, get, told, visit

import jwtlab
from jwtlab.oauth import protocol
from jwtlab.oauth.http.messages import Request


@pytest.mark.parametrize("scope", ["openid ", " openid", "openid  profile", "  openid   notes:read  "])
def test_spaces_around_a_scope_are_no_scope(place, scope):
    tokens = place.tokens(scope=scope)
    assert tokens["scope"].split(" ") == scope.split()
    form = {"grant_type": "client_credentials", "scope": " notes:read  "}
    assert place.post("/token", "report-service", **form).json()["scope"] == "notes:read"


@pytest.mark.parametrize("scope", [" ", "   "])
def test_scope_of_nothing_but_spaces_is_empty(place, scope):
    assert told(get(place, place.request(scope=scope)))[0]["error"] == "invalid_scope"
    form = {"grant_type": "client_credentials", "scope": scope}
    assert place.post("/token", "report-service", **form).json()["error"] == "invalid_scope"


def test_log_out_without_a_hint_says_what_is_missing(place):
    registered = {"post_logout_redirect_uri": "https://app.example/"}
    answer = get(place, registered, "/logout")
    assert answer.status_code == 400
    assert "client_id" in answer.text
    assert "is not registered" not in answer.text
    report = dict(place.world.network.trace[-1].reports)["logout"]
    assert report.first_failure.claim == "client_id"
    assert get(place, registered | {"client_id": "notes-app"}, "/logout").status_code == 303


@pytest.mark.parametrize("decision", ["Allow", "Deny"])
def test_double_click_loses_nothing(place, decision):
    browser = place.world.browser("alice")
    browser.open(f"{AS}/authorize?{urlencode(place.request())}")
    shown = browser.submit({"username": "alice", "password": "wonderland"})
    first = browser.submit(press=decision)
    browser.page = shown
    second = browser.submit(press=decision)
    assert second.redirect == first.redirect
    if decision == "Allow":
        code = dict(parse_qsl(urlsplit(second.redirect).query))["code"]
        assert place.redeem(code).status_code == 200
        browser.page = shown  # Back, and Allow once more: the code has been used, and is not given again
        assert browser.submit(press=decision).status == 400


def test_double_click_is_one_click_of_one_browser(place):
    browser = place.world.browser("alice")
    browser.open(f"{AS}/authorize?{urlencode(place.request())}")
    shown = browser.submit({"username": "alice", "password": "wonderland"})
    request = browser.submitting(press="Allow").request
    browser.submit(press="Allow")
    stranger = place.world.network.deliver("Mallory", request.with_header("Cookie", None).to_httpx())
    assert (stranger.status_code, "location" in stranger.headers) == (400, False)
    browser.page = shown
    assert browser.submit(press="Deny").status == 400  # that is another answer, and comes too late
    for waited, given in ((59, True), (1, False)):  # for a minute
        place.lab.clock.advance(waited)
        browser.page = shown
        page = browser.submit(press="Allow")
        assert (bool(page.redirect), page.status == 400) == (given, not given)


def test_double_click_at_the_login_page_loses_nothing(place):
    change(place, "notes-app", trusted=True)
    browser = place.world.browser("alice")
    shown = browser.open(f"{AS}/authorize?{urlencode(place.request())}")
    first = browser.submit({"username": "alice", "password": "wonderland"})
    browser.page = shown
    second = browser.submit({"username": "alice", "password": "wonderland"})
    assert second.redirect == first.redirect
    page = browser.open(f"{AS}/authorize?{urlencode(place.request(prompt='none'))}")
    assert "code=" in page.redirect


def test_double_click_connects_a_device_once(place):
    browser = place.world.browser("alice")
    visit(place, browser)
    shown = place.http.post(f"{AS}/device_authorization", data={"client_id": "television"}).json()
    confirm = browser.open(shown["verification_uri_complete"])
    first = browser.submit(press="Allow")
    browser.page = confirm
    assert browser.submit(press="Allow").text_shown == first.text_shown


@pytest.mark.parametrize("secret", ["", "x"])
def test_public_client_may_send_its_name_by_basic(place, secret):
    pair = base64.b64encode(f"television:{secret}".encode()).decode()
    answer = place.http.post(
        f"{AS}/device_authorization", data={"scope": "openid"}, headers={"Authorization": f"Basic {pair}"}
    )
    assert answer.status_code == (401 if secret else 200)


def test_confidential_client_needs_its_secret_by_basic(place):
    pair = base64.b64encode(b"report-service:").decode()
    form = {"grant_type": "client_credentials"}
    answer = place.http.post(f"{AS}/token", data=form, headers={"Authorization": f"Basic {pair}"})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_form_post_page_may_stand_in_a_frame(place):
    browser = place.world.browser("alice")
    visit(place, browser)
    answer = get(place, place.request(response_mode="form_post", prompt="none"))
    assert "document.forms[0].submit()" in answer.text
    assert "x-frame-options" not in answer.headers
    assert "frame-ancestors" not in answer.headers["content-security-policy"]
    page = get(place, place.request())
    assert page.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("registered", "given", "status"),
    [
        ("http://127.0.0.1/bye", "http://127.0.0.1:5173/bye", 303),
        ("http://127.0.0.1:3000/", "http://127.0.0.1:5173/", 303),
        ("http://[::1]/bye", "http://[::1]:5173/bye", 303),
        ("http://localhost:3000/bye", "http://localhost:5173/bye", 303),
        ("http://127.0.0.1/bye", "http://127.0.0.1:5173/", 400),
        ("http://127.0.0.1/bye", "https://127.0.0.1:5173/bye", 400),
        ("http://127.0.0.1/bye", "http://localhost:5173/bye", 400),
        ("https://app.example/bye", "https://app.example:5173/bye", 400),
    ],
)
def test_logout_address_on_this_machine_may_have_any_port(place, registered, given, status):
    change(place, "notes-app", post_logout_redirect_uris=(registered,))
    query = {"client_id": "notes-app", "post_logout_redirect_uri": given, "state": "x"}
    answer = get(place, query, "/logout")
    assert answer.status_code == status
    if status == 303:
        assert answer.headers["location"] == f"{given}?state=x"


@pytest.mark.parametrize(
    ("path", "aud", "status"),
    [
        ("/par", f"{AS}/par", 201),
        ("/par", f"{AS}/token", 201),
        ("/par", AS, 201),
        ("/token", f"{AS}/par", 401),
        ("/introspect", f"{AS}/par", 401),
        ("/revoke", f"{AS}/par", 401),
        ("/introspect", AS, 200),
        ("/revoke", f"{AS}/token", 200),
    ],
)
def test_assertion_may_name_the_par_endpoint_only_there(place, path, aud, status):
    change(place, "crm-sync", redirect_uris=(CALLBACK,), response_types=("code",), scope="openid notes:read")
    claims = {"iss": "crm-sync", "sub": "crm-sync", "aud": aud, "exp": int(place.lab.now) + 60, "jti": "1"}
    made = jwtlab.issue(claims, place.lab.key("ES256", "client"), alg="ES256")
    form = {"client_assertion": made, "client_assertion_type": protocol.ASSERTION_TYPE, "token": "x"}
    form |= place.request(client_id="crm-sync", scope="notes:read", nonce=None)
    if path == "/token":
        form |= {"grant_type": "client_credentials"}
    assert place.http.post(f"{AS}{path}", data=form).status_code == status


def test_headers_of_one_name_reach_the_application_as_one(place):
    request = Request("GET", f"{API}/notes", (("Host", "api.example"), ("DPoP", "a"), ("DPoP", "b")))
    answer = place.world.network.deliver("Test", request.to_httpx())
    assert answer.json()["error_description"].startswith("there is more than one header DPoP")
