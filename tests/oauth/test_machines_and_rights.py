"""Machine endpoints answer in JSON, always; and what scopes and proofs give."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from driving import API, AS, FORM, change, get, told, visit

import jwtlab
from jwtlab.oauth import dpop, protocol


def proof(place, url, method="POST", key="client", **more):
    made = place.lab.key("ES256", key)
    return dpop.proof(made, method, url, now=place.lab.now, jti=place.world.secret(), **more)


MACHINES = [
    *("/token", "/par", "/device_authorization", "/introspect", "/revoke", "/userinfo", "/jwks"),
    *("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"),
]


def phone_tokens(place):
    callback = "com.example.phone:/callback"
    browser = place.world.browser("alice")
    browser.open(f"{AS}/authorize?{urlencode(place.request(client_id='phone-app', redirect_uri=callback))}")
    place.logged_in(browser)
    code = dict(parse_qsl(urlsplit(browser.page.redirect).query))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback}
    headers = {"DPoP": proof(place, f"{AS}/token")}
    return place.post("/token", "phone-app", headers, **form, code_verifier=place.verifier).json()


def device_tokens(place, browser):
    shown = place.http.post(f"{AS}/device_authorization", data={"client_id": "television"}).json()
    browser.open(shown["verification_uri_complete"])
    place.logged_in(browser)
    if browser.page.forms:
        browser.submit(press="Allow")
    poll = {"grant_type": protocol.DEVICE_CODE, "device_code": shown["device_code"]}
    return place.post("/token", "television", **poll).json()


@pytest.mark.parametrize(
    "path", [*MACHINES, "/nothing", "/device_authorization/", "//token", "/logout/confirmed"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "long"])
def test_machine_endpoints_answer_in_json(place, path, method):
    if method == "long":
        answer = place.http.post(f"{AS}{path}", data={"token": "x" * 200_000})
    else:
        answer = place.http.request(method, f"{AS}{path}")
    assert answer.headers["content-type"] == "application/json"
    assert isinstance(answer.json(), dict)
    # Without credentials no error is named (RFC 6750 §3.1).
    assert (
        answer.status_code == 200
        or answer.json().get("error")
        or (path, answer.status_code) == ("/userinfo", 401)
    )


@pytest.mark.parametrize("path", ["/notes", "/me", "//notes", "/notes/", "/nothing"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_api_answers_in_json(place, path, method):
    answer = place.http.request(method, f"{API}{path}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["error"]


@pytest.mark.parametrize("spelling", ["%FF%FE", "%E4", "%C3", "a%ED%A0%80", "%c0%ae"])
def test_what_cannot_be_decoded_is_not_echoed_in_another_spelling(place, spelling):
    answer = get(place, None, raw=f"{urlencode(place.request(state=None))}&state={spelling}")
    parameters, _ = told(answer)
    assert parameters["error"] == "invalid_request"
    assert "state" not in parameters
    logout = f"client_id=notes-app&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F&state={spelling}"
    assert get(place, None, "/logout", logout).status_code == 400
    form = f"grant_type=client_credentials&scope={spelling}"
    answer = place.http.post(f"{AS}/token", content=form, headers=place.basic("report-service") | FORM)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert "\ufffd" not in answer.text


@pytest.mark.parametrize("state", ["ä", "%FF", "a b+c", "%25FF", "=&#", "𝄞"])
def test_what_can_be_decoded_is_echoed_to_the_letter(place, state):
    assert told(get(place, place.request(state=state, scope="everything")))[0]["state"] == state


@pytest.mark.parametrize("grant", ["client", "assertion"])
def test_offline_access_means_nothing_without_a_refresh_token(place, grant):
    change(place, "crm-sync", scope="notes:read offline_access")
    now = int(place.lab.now)
    claims = {"iss": "crm-sync", "aud": AS, "exp": now + 60}

    def made(sub, jti):
        return jwtlab.issue(claims | {"sub": sub, "jti": jti}, place.lab.key("ES256", "client"), alg="ES256")

    form = {"client_assertion": made("crm-sync", "1"), "client_assertion_type": protocol.ASSERTION_TYPE}
    form |= {"grant_type": "client_credentials", "scope": "notes:read offline_access"}
    if grant == "assertion":
        form |= {"grant_type": protocol.JWT_BEARER, "assertion": made("alice", "2")}
    answer = place.http.post(f"{AS}/token", data=form).json()
    assert answer["scope"] == "notes:read"
    assert jwtlab.decode(answer["access_token"]).claims["scope"] == "notes:read"
    assert "refresh_token" not in answer


def test_offline_access_alone_leaves_nothing_to_give(place):
    form = {"grant_type": "client_credentials", "scope": "offline_access"}
    assert place.post("/token", "report-service", **form).json()["error"] == "invalid_scope"


def test_offline_access_means_nothing_without_a_code(place):
    browser = place.world.browser("alice")
    visit(place, browser, response_type="id_token", scope="openid offline_access")
    (grant,) = place.server.store.names("grant")
    assert place.server.store.get("grant", grant)["scope"] == ["openid"]


def test_offline_access_is_not_exchanged(place):
    token = place.tokens(scope="openid offline_access notes:read")["access_token"]
    form = {
        "grant_type": protocol.TOKEN_EXCHANGE,
        "audience": "https://archive.example",
        "subject_token": token,
    }
    answer = place.post("/token", "notes-api", **form, subject_token_type=protocol.ACCESS_TOKEN_TYPE).json()
    assert answer["scope"] == "openid notes:read"


@pytest.mark.parametrize(("key", "says"), [(None, "needs a proof"), ("mallory", "another key")])
def test_bound_refresh_token_is_told_what_is_missing(place, key, says):
    form = {"grant_type": "refresh_token", "refresh_token": phone_tokens(place)["refresh_token"]}
    headers = {"DPoP": proof(place, f"{AS}/token", key=key)} if key else {}
    answer = place.post("/token", "phone-app", headers, **form).json()
    assert answer["error"] == "invalid_dpop_proof"
    assert says in answer["error_description"]


@pytest.mark.parametrize(("key", "says"), [(None, "needs a proof"), ("mallory", "another key")])
def test_bound_subject_token_is_told_what_is_missing(place, key, says):
    form = {"grant_type": protocol.TOKEN_EXCHANGE, "audience": "https://archive.example"}
    form |= {
        "subject_token_type": protocol.ACCESS_TOKEN_TYPE,
        "subject_token": phone_tokens(place)["access_token"],
    }
    headers = {"DPoP": proof(place, f"{AS}/token", key=key)} if key else {}
    assert says in place.post("/token", "notes-api", headers, **form).json()["error_description"]


@pytest.mark.parametrize("response_type", ["code token", "code id_token token"])
def test_client_with_bound_tokens_gets_none_through_the_browser(place, response_type):
    change(place, "notes-app", dpop_bound_access_tokens=True)
    parameters, _ = told(get(place, place.request(response_type=response_type)))
    assert parameters["error"] == "unauthorized_client"
    assert "Log in" in get(place, place.request(response_type="code id_token")).text


def test_device_belongs_to_no_session_of_a_browser(place):
    browser = place.world.browser("alice")
    hint = place.redeem(dict(parse_qsl(urlsplit(visit(place, browser).redirect).query))["code"]).json()[
        "id_token"
    ]
    device = device_tokens(place, browser)
    assert "sid" in jwtlab.decode(hint).claims
    assert "sid" not in jwtlab.decode(device["id_token"]).claims
    browser.open(f"{AS}/logout?{urlencode({'id_token_hint': hint})}")
    again = {"grant_type": "refresh_token", "refresh_token": device["refresh_token"]}
    assert place.post("/token", "television", **again).status_code == 200
