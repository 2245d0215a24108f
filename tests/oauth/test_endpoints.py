"""Every endpoint: what it answers, and how it says no."""

import httpx
import pytest
from driving import API, AS, CALLBACK, Place

import jwtlab
from jwtlab.oauth import dpop, protocol
from jwtlab.oauth.authorization_server import tokens


@pytest.fixture
def place():
    return Place()


def ask(place, **changed):
    return place.http.get(f"{AS}/authorize", params=place.request(**changed))


def error(answer):
    return answer.json()["error"]


def redirected(answer):
    assert answer.status_code == 303, answer.text
    url = httpx.URL(answer.headers["location"])
    assert str(url).startswith(CALLBACK)
    return dict(url.params) | dict(httpx.QueryParams(url.fragment))


# Authorization endpoint


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


# Login and consent


def login_page(place, **changed):
    browser = place.world.browser("alice")
    browser.open(str(httpx.URL(f"{AS}/authorize", params=place.request(**changed))))
    return browser


def test_wrong_password_and_wrong_name_are_answered_alike(place):
    texts = []
    for name in ("alice", "nobody"):
        page = login_page(place).submit({"username": name, "password": "wrong"})
        assert page.status == 403
        texts.append(page.text_shown.replace(name, ""))
    assert texts[0] == texts[1]


def test_guessing_passwords_ends_after_ten(place):
    browser = login_page(place)
    for _ in range(10):
        browser.submit({"username": "alice", "password": "wrong"})
    page = browser.submit({"username": "alice", "password": "wonderland"})
    assert page.status == 429
    place.lab.clock.advance(minutes=16)
    assert browser.submit({"username": "alice", "password": "wonderland"}).status == 200


def test_deny_is_told_to_the_application(place):
    browser = login_page(place)
    browser.submit({"username": "alice", "password": "wonderland"})
    page = browser.submit(press="Deny")
    assert "error=access_denied" in page.redirect


def test_consent_is_asked_once_and_again_for_more(place):
    browser = login_page(place, scope="openid")
    place.logged_in(browser)
    url = f"{AS}/authorize"
    assert browser.open(str(httpx.URL(url, params=place.request(scope="openid")))).redirect
    assert not browser.open(str(httpx.URL(url, params=place.request(scope="openid profile")))).redirect
    none = place.request(scope="openid profile email", prompt="none")
    assert "consent_required" in browser.open(str(httpx.URL(url, params=none))).redirect


@pytest.mark.parametrize("changed", [{"prompt": "login"}, {"max_age": "60"}, {"max_age": "0"}])
def test_a_fresh_login_is_asked_when_it_is_wanted(place, changed):
    browser = login_page(place)
    place.logged_in(browser)
    place.lab.clock.advance(minutes=2)
    page = browser.open(str(httpx.URL(f"{AS}/authorize", params=place.request(**changed))))
    assert "Password" in page.text_shown
    place.logged_in(browser)
    tokens = place.redeem(httpx.URL(browser.page.redirect).params["code"]).json()
    assert jwtlab.decode(tokens["id_token"]).claims["auth_time"] == place.lab.now


def test_hint_about_somebody_else_does_not_get_a_silent_login(place):
    bob = place.tokens()["id_token"]
    browser = place.world.browser("bob")
    browser.open(str(httpx.URL(f"{AS}/authorize", params=place.request())))
    place.logged_in(browser, "bob")
    asked = place.request(prompt="none", id_token_hint=bob)
    assert "login_required" in browser.open(str(httpx.URL(f"{AS}/authorize", params=asked))).redirect


@pytest.mark.parametrize("field", ["interaction", "csrf_token"])
def test_a_form_that_was_not_ours_does_not_count(place, field):
    browser = login_page(place)
    page = browser.submit({"username": "alice", "password": "wonderland", field: "forged"})
    assert page.status == 400


def test_a_form_from_another_site_does_not_count(place):
    browser = login_page(place)
    going = browser.submitting({"username": "alice", "password": "wonderland"})
    foreign = going.request.with_header("Origin", "https://mallory.example")
    assert place.world.network.deliver("x", foreign.to_httpx()).status_code == 400


def test_a_form_of_another_browser_does_not_count(place):
    alice, mallory = login_page(place), login_page(place)
    going = mallory.submitting({"username": "mallory", "password": "let-me-in"})
    stolen = going.request.with_header("Cookie", "; ".join(f"{k}={v}" for k, v in alice.cookies.items()))
    assert place.world.network.deliver("x", stolen.to_httpx()).status_code == 400


def test_session_gets_a_new_name_at_login(place):
    browser = login_page(place)
    browser.cookies.set("__Host-session", "chosen-by-mallory", domain="as.example")
    place.logged_in(browser)
    assert browser.cookies["__Host-session"] != "chosen-by-mallory"


def test_cookies_are_for_the_server_alone(place):
    browser = login_page(place)
    place.logged_in(browser)
    set_ = [v for e in place.world.network.trace for n, v in e.response.headers if n.lower() == "set-cookie"]
    assert len(set_) == 2
    for each in set_:
        assert each.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in each.split(";")}


def test_pages_cannot_be_framed_cached_or_scripted(place):
    answer = place.http.get(f"{AS}/authorize", params=place.request())
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "script-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


# Token endpoint


def test_code_gives_tokens_that_say_for_whom_and_what(place):
    tokens = place.tokens()
    access, identity = (jwtlab.decode(tokens[name]) for name in ("access_token", "id_token"))
    assert access.header["typ"] == "at+jwt"
    claims = access.claims
    assert {"iss", "exp", "aud", "sub", "client_id", "iat", "jti", "scope", "auth_time"} <= set(claims)
    assert claims["aud"] == [API, AS]
    assert claims["roles"] == ["reader", "writer"]
    assert identity.claims["aud"] == "notes-app"
    assert identity.claims["nonce"] == "nonce"
    assert tokens["token_type"] == "Bearer"
    assert tokens["scope"] == "openid profile notes:read"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"code": "wrong"}, "invalid_grant"),
        ({"code": ""}, "invalid_request"),
        ({"redirect_uri": "https://app.example/other"}, "invalid_grant"),
        ({"redirect_uri": ""}, "invalid_grant"),
        ({"code_verifier": "x" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_grant"),
        ({"grant_type": "nonsense"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
        ({"grant_type": "client_credentials"}, "unauthorized_client"),
        ({"resource": "https://elsewhere.example"}, "invalid_target"),
    ],
)
def test_code_with_something_wrong_is_refused(place, changed, code):
    answer = place.redeem(**({"code": place.code()} | changed))
    assert (answer.status_code, error(answer)) == (400, code)
    assert answer.headers["Cache-Control"] == "no-store"


def test_code_of_another_client_is_refused_and_still_good(place):
    code = place.code()
    assert error(place.redeem(code, "calendar-app")) == "invalid_grant"
    assert place.redeem(code).status_code == 200


def test_code_is_good_for_a_minute(place):
    code = place.code()
    place.lab.clock.advance(60)
    assert error(place.redeem(code)) == "invalid_grant"


def test_replayed_code_takes_back_everything_it_gave(place):
    code = place.code()
    tokens = place.redeem(code).json()
    assert place.active(tokens["access_token"])
    assert error(place.redeem(code)) == "invalid_grant"
    assert not place.active(tokens["access_token"])
    assert not place.active(tokens["refresh_token"])
    again = place.post("/token", grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert error(again) == "invalid_grant"
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert place.http.get(f"{AS}/userinfo", headers=headers).status_code == 401


def test_verifier_for_a_code_without_a_challenge_is_refused(place):
    place.world.without("code-challenge-present")
    code = place.code(code_challenge=None, code_challenge_method=None)
    assert error(place.redeem(code)) == "invalid_grant"


def test_refresh_rotates_and_reuse_ends_the_family(place):
    first = place.tokens()
    second = place.post("/token", grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    before, after = (jwtlab.decode(each["id_token"]).claims for each in (first, second))
    assert (before["iss"], before["sub"], before["auth_time"]) == (
        after["iss"],
        after["sub"],
        after["auth_time"],
    )
    reused = place.post("/token", grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert error(reused) == "invalid_grant"
    newest = place.post("/token", grant_type="refresh_token", refresh_token=second["refresh_token"])
    assert error(newest) == "invalid_grant"
    assert not place.active(second["access_token"])


@pytest.mark.parametrize(
    ("client", "changed", "code"),
    [
        ("notes-app", {"refresh_token": "wrong"}, "invalid_grant"),
        ("notes-app", {"refresh_token": ""}, "invalid_request"),
        ("notes-app", {"scope": "openid notes:write"}, "invalid_scope"),
        ("calendar-app", {}, "invalid_grant"),
    ],
)
def test_refresh_with_something_wrong_is_refused(place, client, changed, code):
    form = {"grant_type": "refresh_token", "refresh_token": place.tokens()["refresh_token"]} | changed
    assert error(place.post("/token", client, **form)) == code


def test_refresh_may_ask_for_less(place):
    form = {"refresh_token": place.tokens()["refresh_token"], "scope": "notes:read"}
    answer = place.post("/token", grant_type="refresh_token", **form).json()
    assert answer["scope"] == "notes:read"
    assert "id_token" not in answer
    assert jwtlab.decode(answer["access_token"]).claims["aud"] == API


def test_refresh_token_expires_when_it_is_not_used(place):
    token = place.tokens()["refresh_token"]
    place.lab.clock.advance(days=14)
    assert error(place.post("/token", grant_type="refresh_token", refresh_token=token)) == "invalid_grant"


def test_client_credentials_give_a_token_for_the_client_itself(place):
    answer = place.post(
        "/token", "report-service", grant_type="client_credentials", scope="notes:read"
    ).json()
    assert "refresh_token" not in answer
    assert jwtlab.decode(answer["access_token"]).claims["sub"] == "report-service"


@pytest.mark.parametrize(
    ("client", "form", "code"),
    [
        ("report-service", {"scope": "profile"}, "invalid_scope"),
        ("report-service", {"scope": "openid"}, "invalid_scope"),
        ("phone-app", {}, "unauthorized_client"),
    ],
)
def test_client_credentials_with_something_wrong_are_refused(place, client, form, code):
    assert error(place.post("/token", client, grant_type="client_credentials", **form)) == code


def test_public_client_with_the_grant_still_speaks_for_nobody(place):
    from dataclasses import replace

    clients = place.server.clients
    clients["phone-app"] = replace(clients["phone-app"], grant_types=("client_credentials",))
    assert error(place.post("/token", "phone-app", grant_type="client_credentials")) == "unauthorized_client"


@pytest.mark.parametrize(
    ("headers", "form", "status", "code"),
    [
        ({"Authorization": "Basic bm90ZXMtYXBwOndyb25n"}, {}, 401, "invalid_client"),
        ({"Authorization": "Basic ???"}, {}, 401, "invalid_client"),
        ({"Authorization": "Bearer x"}, {}, 401, "invalid_client"),
        ({}, {"client_id": "notes-app"}, 401, "invalid_client"),
        ({}, {"client_id": "nobody"}, 401, "invalid_client"),
        ({}, {}, 401, "invalid_client"),
        (
            {},
            {"client_id": "notes-app", "client_secret": "notes-app-secret-for-lessons"},
            401,
            "invalid_client",
        ),
        ({"Authorization": "Basic bm90ZXMtYXBwOndyb25n"}, {"client_secret": "x"}, 400, "invalid_request"),
        ({}, {"client_assertion": "x", "client_assertion_type": "x"}, 401, "invalid_client"),
    ],
)
def test_client_that_does_not_prove_itself_is_refused(place, headers, form, status, code):
    form = {"grant_type": "authorization_code", "code": "x", **form}
    answer = place.http.post(f"{AS}/token", data=form, headers=headers)
    assert (answer.status_code, error(answer)) == (status, code)
    assert ("www-authenticate" in answer.headers) == (status == 401)


def assertion(place, **changed):
    now = int(place.lab.now)
    claims = {"iss": "crm-sync", "sub": "crm-sync", "aud": AS, "iat": now, "exp": now + 60, "jti": "one"}
    claims = {name: value for name, value in (claims | changed).items() if value is not None}
    return jwtlab.issue(claims, place.lab.key("ES256", "client"), alg="ES256")


def by_assertion(place, text):
    form = {"client_assertion": text, "client_assertion_type": protocol.ASSERTION_TYPE, "scope": "notes:read"}
    return place.http.post(f"{AS}/token", data={"grant_type": "client_credentials", **form})


@pytest.mark.parametrize("aud", [AS, f"{AS}/token", [AS]])
def test_private_key_jwt_proves_a_client(place, aud):
    assert by_assertion(place, assertion(place, aud=aud)).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "https://other.example"},
        {"aud": [AS, "https://other.example"]},
        {"iss": "notes-app"},
        {"sub": "notes-app"},
        {"exp": 1},
        {"exp": 4_000_000_000},
        {"exp": None},
        {"jti": None},
        {"nbf": 4_000_000_000},
    ],
)
def test_wrong_client_assertion_is_refused(place, changed):
    answer = by_assertion(place, assertion(place, **changed))
    assert (answer.status_code, error(answer)) == (401, "invalid_client")


def test_client_assertion_is_good_once(place):
    text = assertion(place)
    assert by_assertion(place, text).status_code == 200
    assert by_assertion(place, text).status_code == 401


def test_client_assertion_by_another_key_is_refused(place):
    forged = jwtlab.issue(
        jwtlab.decode(assertion(place)).claims, place.lab.key("ES256", "mallory"), alg="ES256"
    )
    assert by_assertion(place, forged).status_code == 401


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"sub": "alice"}, None),
        ({"sub": "bob"}, "invalid_grant"),
        ({"sub": "alice", "iss": "notes-app"}, "invalid_grant"),
        ({"sub": "alice", "iss": "nobody"}, "invalid_client"),
        ({"sub": "alice", "aud": "https://other.example"}, "invalid_grant"),
        ({"sub": "alice", "exp": 1}, "invalid_grant"),
        ({"sub": None}, "invalid_grant"),
    ],
)
def test_jwt_bearer_asks_everything_of_the_assertion(place, changed, code):
    form = {
        "grant_type": protocol.JWT_BEARER,
        "assertion": assertion(place, **changed),
        "scope": "notes:read",
    }
    answer = place.http.post(f"{AS}/token", data=form)
    if code is None:
        assert jwtlab.decode(answer.json()["access_token"]).claims["sub"] == "alice"
    else:
        assert error(answer) in (code, "unauthorized_client")


def test_password_grant_is_answered_by_a_legacy_server_only():
    form = {"grant_type": "password", "username": "alice", "password": "wonderland"}
    assert error(Place().post("/token", **form)) == "unsupported_grant_type"
    old = Place(legacy=True)
    assert "access_token" in old.post("/token", **form).json()
    assert error(old.post("/token", **(form | {"password": "wrong"}))) == "invalid_grant"


def test_token_exchange_narrows_and_says_who_acts(place):
    token = place.tokens(scope="profile notes:read")["access_token"]
    form = {
        "grant_type": protocol.TOKEN_EXCHANGE,
        "subject_token": token,
        "subject_token_type": protocol.ACCESS_TOKEN_TYPE,
        "audience": "https://archive.example",
        "scope": "notes:read",
    }
    answer = place.post("/token", "notes-api", **form).json()
    claims = jwtlab.decode(answer["access_token"]).claims
    assert answer["issued_token_type"] == protocol.ACCESS_TOKEN_TYPE
    assert (claims["sub"], claims["act"]) == ("alice", {"sub": "notes-api"})
    assert claims["aud"] == "https://archive.example"
    for changed, code in (
        ({"scope": "notes:write"}, "invalid_scope"),
        ({"audience": API}, "invalid_target"),
        ({"audience": "https://elsewhere.example"}, "invalid_target"),
        ({"subject_token": "x.y.z"}, "invalid_request"),
        ({"subject_token_type": "nonsense"}, "invalid_request"),
        ({"subject_token_type": ""}, "invalid_request"),
        ({"actor_token": token}, "invalid_request"),
    ):
        assert error(place.post("/token", "notes-api", **(form | changed))) == code
    assert error(place.post("/token", "notes-app", **form)) == "unauthorized_client"


def test_exchanged_token_does_not_outlive_its_subject(place):
    token = place.tokens(scope="profile notes:read")["access_token"]
    place.lab.clock.advance(minutes=10)
    form = {"subject_token": token, "subject_token_type": protocol.ACCESS_TOKEN_TYPE}
    form |= {"grant_type": protocol.TOKEN_EXCHANGE, "audience": "https://archive.example"}
    new = place.post("/token", "notes-api", **form).json()["access_token"]
    assert jwtlab.decode(new).claims["exp"] == jwtlab.decode(token).claims["exp"]


def test_may_act_is_asked_of_whoever_acts(place):
    server = place.world.server
    alice = place.tokens(scope="notes:read")["access_token"]
    form = {"grant_type": protocol.TOKEN_EXCHANGE, "audience": "https://archive.example"}
    form |= {"subject_token_type": protocol.ACCESS_TOKEN_TYPE}
    another = {"actor_token": alice, "actor_token_type": protocol.ACCESS_TOKEN_TYPE}

    def swap(may_act, **more):
        token, _ = tokens.access_token(
            server, server.clients["notes-app"], "bob", ["notes:read"], [API], more={"may_act": may_act}
        )
        return place.post("/token", "notes-api", subject_token=token, **form, **more).json()

    assert jwtlab.decode(swap({"sub": "notes-api"})["access_token"]).claims["act"] == {"sub": "notes-api"}
    assert jwtlab.decode(swap({"sub": "alice"}, **another)["access_token"]).claims["act"] == {"sub": "alice"}
    assert swap({"sub": "notes-api"}, **another)["error"] == "invalid_request"
    assert swap({"sub": "alice"})["error"] == "invalid_request"
    assert swap("notes-api")["error"] == "invalid_request"


# DPoP


def proof(place, url=f"{AS}/token", method="POST", key="client", **changed):
    given = {"now": place.lab.now, "jti": place.world.secret()} | changed
    return dpop.proof(place.lab.key("ES256", key), method, url, **given)


def bound(place):
    code = place.code()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    return place.post("/token", headers={"DPoP": proof(place)}, **form, code_verifier=place.verifier).json()


def test_bound_token_needs_its_proof(place):
    tokens = bound(place)
    token = tokens["access_token"]
    assert tokens["token_type"] == "DPoP"
    url = f"{API}/notes"
    good = proof(place, url, "GET", access_token=token)
    assert place.api(token, scheme="DPoP", DPoP=good).status_code == 200
    assert place.api(token, scheme="DPoP", DPoP=good).status_code == 401
    assert place.api(token).status_code == 401
    assert place.api(token, scheme="DPoP").status_code == 401
    plain = place.tokens()["access_token"]
    fresh = proof(place, url, "GET", access_token=plain)
    assert place.api(plain, scheme="DPoP", DPoP=fresh).status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"url": f"{API}/me"},
        {"method": "POST"},
        {"now": 1_767_225_600 - 3600},
        {"now": 1_767_225_600 + 3600},
        {"access_token": "another"},
    ],
)
def test_proof_for_something_else_is_refused(place, changed):
    token = bound(place)["access_token"]
    wrong = proof(place, **({"url": f"{API}/notes", "method": "GET", "access_token": token} | changed))
    answer = place.api(token, scheme="DPoP", DPoP=wrong)
    assert answer.status_code == 401
    assert "invalid_dpop_proof" in answer.headers["www-authenticate"]
    assert answer.headers["www-authenticate"].startswith("DPoP ")


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_proof_is_refused(place, text):
    form = {"grant_type": "client_credentials", "scope": "notes:read"}
    answer = place.post("/token", "report-service", {"DPoP": text}, **form)
    assert error(answer) == "invalid_dpop_proof"


def test_refresh_token_of_a_public_client_is_bound_to_the_key(place):
    browser = place.world.browser("alice")
    asked = place.request(client_id="phone-app", redirect_uri="com.example.phone:/callback")
    browser.open(str(httpx.URL(f"{AS}/authorize", params=asked)))
    place.logged_in(browser)
    code = dict(httpx.QueryParams(browser.page.redirect.partition("?")[2]))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": "com.example.phone:/callback"}
    tokens = place.post(
        "/token", "phone-app", {"DPoP": proof(place)}, **form, code_verifier=place.verifier
    ).json()
    again = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert error(place.post("/token", "phone-app", **again)) == "invalid_dpop_proof"
    other = {"DPoP": proof(place, key="mallory")}
    assert error(place.post("/token", "phone-app", other, **again)) == "invalid_dpop_proof"
    assert "access_token" in place.post("/token", "phone-app", {"DPoP": proof(place)}, **again).json()


# PAR, device, introspection, revocation, userinfo, logout, metadata


def test_pushed_request_belongs_to_its_client_for_a_while(place):
    pushed = place.post("/par", **place.request(client_id=None))
    assert pushed.status_code == 201
    uri = pushed.json()["request_uri"]
    for client, wanted in (("calendar-app", 400), ("notes-app", 200)):
        query = {"client_id": client, "request_uri": uri}
        assert place.http.get(f"{AS}/authorize", params=query).status_code == wanted
    late = place.post("/par", **place.request(client_id=None)).json()["request_uri"]
    place.lab.clock.advance(seconds=91)
    query = {"client_id": "notes-app", "request_uri": late}
    assert place.http.get(f"{AS}/authorize", params=query).status_code == 400


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"redirect_uri": "https://mallory.example"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "request_uri_not_supported"),
    ],
)
def test_wrong_request_cannot_be_pushed(place, changed, code):
    asked = place.request(client_id=None) | changed
    assert error(place.post("/par", **asked)) == code


def test_device_waits_asks_too_often_and_gets_its_answer(place):
    shown = place.post("/device_authorization", "television", scope="notes:read").json()
    form = {"grant_type": protocol.DEVICE_CODE, "device_code": shown["device_code"]}

    def poll():
        return place.post("/token", "television", **form)

    assert error(poll()) == "authorization_pending"
    assert error(poll()) == "slow_down"
    place.lab.clock.advance(6)
    assert error(poll()) == "slow_down"
    browser = place.world.browser("alice")
    browser.open(shown["verification_uri"])
    browser.submit({"username": "alice", "password": "wonderland"})
    assert "No device shows this code" in browser.submit({"user_code": "BBBB-BBBB"}).text_shown
    browser.submit({"user_code": shown["user_code"].lower().replace("-", " ")})
    browser.submit(press="Deny")
    place.lab.clock.advance(60)
    assert error(poll()) == "access_denied"


def test_device_code_expires(place):
    shown = place.post("/device_authorization", "television", scope="notes:read").json()
    place.lab.clock.advance(minutes=11)
    form = {"grant_type": protocol.DEVICE_CODE, "device_code": shown["device_code"]}
    assert error(place.post("/token", "television", **form)) == "expired_token"
    assert error(place.post("/token", "television", **(form | {"device_code": "x"}))) == "invalid_grant"


def test_user_codes_cannot_be_guessed_for_ever(place):
    browser = place.world.browser("mallory")
    browser.open(f"{AS}/device")
    browser.submit({"username": "mallory", "password": "let-me-in"})
    for _ in range(10):
        browser.submit({"user_code": "BBBB-BBBB"})
    assert "Too many wrong attempts" in browser.submit({"user_code": "BBBB-BBBB"}).text_shown


def test_introspection_tells_only_whom_it_concerns(place):
    tokens = place.tokens()
    for client, wanted in (("notes-app", True), ("notes-api", True), ("calendar-app", False)):
        answer = place.post("/introspect", client, token=tokens["access_token"]).json()
        assert answer["active"] is wanted
        assert wanted or answer == {"active": False}
    assert place.post("/introspect", token="unknown").json() == {"active": False}
    assert place.post("/introspect", "phone-app", token="x").status_code == 401
    place.lab.clock.advance(minutes=15)
    assert place.post("/introspect", token=tokens["access_token"]).json() == {"active": False}


def test_revocation_of_either_token(place):
    tokens = place.tokens()
    assert (
        error(place.post("/revoke", "calendar-app", token=tokens["refresh_token"])) == "unauthorized_client"
    )
    assert place.post("/revoke", token=tokens["access_token"]).status_code == 200
    assert not place.active(tokens["access_token"])
    assert place.active(tokens["refresh_token"])
    assert place.post("/revoke", token=tokens["refresh_token"]).status_code == 200
    assert not place.active(tokens["refresh_token"])
    assert place.post("/revoke", token="unknown").status_code == 200
    assert place.api(tokens["access_token"]).status_code == 200  # the API looks at the token alone: until exp


@pytest.mark.parametrize("method", ["GET", "POST", "form"])
def test_userinfo_says_what_the_scope_lets_it(place, method):
    token = place.tokens(scope="openid email")["access_token"]
    if method == "form":
        answer = place.http.post(f"{AS}/userinfo", data={"access_token": token})
    else:
        answer = place.http.request(method, f"{AS}/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert answer.json() == {"sub": "alice", "email": "alice@mail.example", "email_verified": True}


def test_userinfo_needs_openid(place):
    token = place.tokens(scope="profile")["access_token"]
    answer = place.http.get(f"{AS}/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401  # such a token is not even meant for the server
    assert "invalid_token" in answer.headers["www-authenticate"]


def test_api_challenges_as_rfc_6750_says(place):
    bare = place.http.get(f"{API}/notes")
    assert (bare.status_code, bare.headers["www-authenticate"]) == (401, f'Bearer realm="{API}"')
    broken = place.api("a.b.c")
    assert 'error="invalid_token"' in broken.headers["www-authenticate"]
    narrow = place.tokens(scope="profile")["access_token"]
    answer = place.api(narrow)
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    assert 'scope="notes:read"' in answer.headers["www-authenticate"]
    assert place.api(narrow, "/me").json()["sub"] == "alice"


def test_api_fetches_keys_for_unknown_kids_at_a_limited_rate(place):
    place.api(place.tokens()["access_token"])

    def fetches():
        return sum(each.request.path == "/jwks" for each in place.world.network.trace)

    before = fetches()
    for number in range(20):
        place.api(jwtlab.issue({}, place.lab.key("ES256"), alg="ES256", header={"kid": f"unknown-{number}"}))
    assert fetches() == before + 1
    place.lab.clock.advance(10)
    place.server.keys.rotate()
    assert place.api(place.tokens()["access_token"]).status_code == 200
    assert fetches() == before + 2


def test_keys_rotate_without_a_token_falling_between(place):
    old = place.tokens()["access_token"]
    place.server.keys.rotate(delay=60)
    kids = {key["kid"] for key in place.http.get(f"{AS}/jwks").json()["keys"]}
    assert len(kids) == 2
    still = place.tokens()["access_token"]
    assert jwtlab.decode(still).header["kid"] == jwtlab.decode(old).header["kid"]
    place.lab.clock.advance(60)
    new = place.tokens()["access_token"]
    assert jwtlab.decode(new).header["kid"] != jwtlab.decode(old).header["kid"]
    assert place.api(old).status_code == place.api(new).status_code == 200
    place.lab.clock.advance(minutes=16)
    assert len(place.http.get(f"{AS}/jwks").json()["keys"]) == 1


def test_published_keys_are_public(place):
    for key in place.http.get(f"{AS}/jwks").json()["keys"]:
        assert not {"d", "p", "q", "k"} & set(key)


@pytest.mark.parametrize("name", ["openid-configuration", "oauth-authorization-server"])
def test_metadata_names_addresses_that_answer(place, name):
    found = place.http.get(f"{AS}/.well-known/{name}").json()
    assert found["issuer"] == AS
    for member, url in found.items():
        if member.endswith("_endpoint") or member == "jwks_uri":
            assert place.http.get(url).status_code != 404, member
    assert "token" not in found["response_types_supported"]


def test_log_out_ends_the_session_and_what_hangs_on_it(place):
    browser = place.world.browser("alice")
    browser.open(str(httpx.URL(f"{AS}/authorize", params=place.request())))
    place.logged_in(browser)
    tokens = place.redeem(httpx.URL(browser.page.redirect).params["code"]).json()
    query = {
        "id_token_hint": tokens["id_token"],
        "post_logout_redirect_uri": "https://app.example/",
        "state": "x",
    }
    page = browser.open(str(httpx.URL(f"{AS}/logout", params=query)))
    assert page.redirect == "https://app.example/?state=x"
    assert not place.active(tokens["refresh_token"])
    again = browser.open(str(httpx.URL(f"{AS}/authorize", params=place.request(prompt="none"))))
    assert "login_required" in again.redirect


@pytest.mark.parametrize(
    "changed",
    [
        {"post_logout_redirect_uri": "https://mallory.example/"},
        {"id_token_hint": "a.b.c"},
        {"client_id": "calendar-app"},
    ],
)
def test_doubtful_log_out_sends_nobody_anywhere(place, changed):
    hint = place.tokens()["id_token"]
    query = {"id_token_hint": hint, "post_logout_redirect_uri": "https://app.example/"} | changed
    answer = place.http.get(f"{AS}/logout", params=query)
    assert answer.status_code == 400


def test_log_out_without_proof_asks_first(place):
    browser = place.world.browser("alice")
    browser.open(str(httpx.URL(f"{AS}/authorize", params=place.request())))
    place.logged_in(browser)
    page = browser.open(f"{AS}/logout")
    assert "Log out?" in page.text_shown
    browser.open(str(httpx.URL(f"{AS}/authorize", params=place.request(prompt="none"))))
    assert "code=" in browser.page.redirect
    browser.open(f"{AS}/logout")
    browser.submit()
    again = browser.open(str(httpx.URL(f"{AS}/authorize", params=place.request(prompt="none"))))
    assert "login_required" in again.redirect


# Passwordless


def asked_for_mail(place, email="alice@mail.example"):
    browser = login_page(place)
    page = browser.submit({"email": email}, form=1)
    return browser, page


def test_mail_is_answered_alike_whether_there_is_an_account(place):
    _, known = asked_for_mail(place)
    _, unknown = asked_for_mail(place, "nobody@mail.example")
    assert known.text_shown.replace("alice", "nobody") == unknown.text_shown
    assert [mail.to for mail in place.world.mailbox.mails] == ["alice@mail.example"]


def test_link_points_at_the_server_whatever_the_host_header_says(place):
    browser = login_page(place)
    going = browser.submitting({"email": "alice@mail.example"}, form=1)
    poisoned = going.request.with_header("Host", "mallory.example")
    place.world.network.deliver("x", poisoned.to_httpx())
    assert place.world.mailbox.mails[-1].link.startswith(f"{AS}/magic?")


def test_link_expires_and_one_time_code_is_guessed_five_times_at_most(place):
    browser, _ = asked_for_mail(place)
    mail = place.world.mailbox.newest("alice@mail.example")
    for _ in range(5):
        browser.submit({"code": "000000"})
    assert "Too many" in browser.submit({"code": mail.code}).text_shown
    browser, _ = asked_for_mail(place)
    place.lab.clock.advance(minutes=10)
    assert browser.open(place.world.mailbox.newest("alice@mail.example").link).status == 403


def test_one_time_code_logs_in_once(place):
    browser, _ = asked_for_mail(place)
    code = place.world.mailbox.newest("alice@mail.example").code
    assert "Allow Notes app" in browser.submit({"code": f" {code[:3]} {code[3:]}"}).text_shown
    assert place.server.store.get("link", place.server.store.names("link")[0])["used"]
