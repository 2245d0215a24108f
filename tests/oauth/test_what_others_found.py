"""Kinds of faults that were reported of other authorization servers, each with several of its kind."""

import base64
import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from driving import API, AS, CALLBACK, Place

import jwtlab
from jwtlab.errors import UsageError
from jwtlab.oauth import dpop, protocol
from jwtlab.oauth.http.messages import Request
from jwtlab.oauth.registration import Client

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def place():
    return Place()


def visit(place, browser, username="alice", **changed):
    browser.open(f"{AS}/authorize?{urlencode(place.request(**changed))}")
    place.logged_in(browser, username)
    return browser.page


def change(place, client_id, **changed):
    place.server.clients[client_id] = replace(place.server.clients[client_id], **changed)


def get(place, pairs, path="/authorize", raw=None):
    """A request with exactly this query; httpx would write it anew."""
    query = raw if raw is not None else urlencode(pairs)
    with place.world.network.client("Test") as client:
        return client.get(httpx.URL(f"{AS}{path}", query=query.encode()))


def told(answer):
    """The parameters of the answer at the application's address, and how they came."""
    assert answer.status_code == 303, answer.text
    target = urlsplit(answer.headers["location"])
    assert f"{target.scheme}://{target.netloc}{target.path}" == CALLBACK
    if target.fragment:
        return dict(parse_qsl(target.fragment)), "fragment"
    return dict(parse_qsl(target.query)), "query"


def is_page(answer):
    return answer.headers["content-type"].startswith("text/html") and "location" not in answer.headers


# 1. A registered redirect URI is used to the letter


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


# 2. Only faults of client_id and redirect_uri stay a page


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


def protocol_request(place):
    return place.post("/par", **place.request()).json()["request_uri"]


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


# 3. Unknown parameters are ignored


ODD = [
    ("x", "1"),
    ("x", "2"),
    ("y", "line\nbreak"),
    ("z", "\x00"),
    ("long", "x" * 9000),
    ("x y", "%"),
    ("__proto__", "1"),
]


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


# 4. Errors travel as the answer would have


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


# 5. Metadata say what is true


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


# 6. One way in for a token, one form for a body


OTHER_BODIES = {
    "multipart/form-data; boundary=x": lambda fields: (
        "".join(
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        + "--x--\r\n"
    ),
    "application/json": json.dumps,
    "text/plain": urlencode,
}


@pytest.mark.parametrize("kind", OTHER_BODIES)
@pytest.mark.parametrize(
    "path", ["/token", "/par", "/introspect", "/revoke", "/device_authorization", "/userinfo"]
)
def test_one_encoding_for_a_body(place, path, kind):
    token = place.tokens()["access_token"]
    fields = {
        "/token": {"grant_type": "client_credentials"},
        "/par": place.request(),
        "/device_authorization": {"client_id": "television"},
        "/userinfo": {"access_token": token},
    }.get(path, {"token": token})
    headers = {} if path in ("/userinfo", "/device_authorization") else place.basic("notes-app")
    if path == "/token":
        headers = place.basic("report-service")
    good = place.http.post(f"{AS}{path}", content=urlencode(fields), headers=headers | FORM)
    assert good.status_code in (200, 201)
    answer = place.http.post(
        f"{AS}{path}", content=OTHER_BODIES[kind](fields), headers=headers | {"Content-Type": kind}
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "path", ["/login", "/consent", "/authorize", "/logout", "/device", "/magic/send", "/magic/code"]
)
def test_one_encoding_for_a_form_of_a_page(place, path):
    body = OTHER_BODIES["multipart/form-data; boundary=x"](place.request())
    answer = place.http.post(
        f"{AS}{path}", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert (answer.status_code, is_page(answer)) == (400, True)


def test_token_comes_once(place):
    token = place.tokens()["access_token"]
    twice = urlencode([("access_token", token), ("access_token", token)])
    answers = [
        place.http.post(f"{AS}/userinfo", content=twice, headers=FORM),
        place.http.post(
            f"{AS}/userinfo", data={"access_token": token}, headers={"Authorization": f"Bearer {token}"}
        ),
        place.http.get(f"{AS}/userinfo?access_token={token}", headers={"Authorization": f"Bearer {token}"}),
        place.http.get(f"{API}/notes?access_token={token}", headers={"Authorization": f"Bearer {token}"}),
        place.http.post(
            f"{API}/notes", data={"access_token": token}, headers={"Authorization": f"Bearer {token}"}
        ),
        *(
            place.http.get(url, headers=[("Authorization", f"Bearer {token}"), ("Authorization", second)])
            for url in (f"{AS}/userinfo", f"{API}/notes")
            for second in (f"Bearer {token}", "Basic eDp5", f"DPoP {token}")
        ),
        *(
            place.http.get(f"{API}/notes", headers={"Authorization": text.format(token)})
            for text in (
                "Bearer {0},{0}",
                "Bearer {0}, Bearer {0}",
                "DPoP {0},Bearer {0}",
                "Basic eDp5, Bearer {0}",
            )
        ),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
        assert 'error="invalid_request"' in answer.headers["www-authenticate"]


def test_token_in_the_address_does_not_count(place):
    token = place.tokens()["access_token"]
    for url in (f"{AS}/userinfo", f"{API}/notes"):
        assert place.http.get(f"{url}?access_token={token}").status_code == 401


def test_client_authenticates_once(place):
    pair = place.basic("report-service")["Authorization"]
    form = {"grant_type": "client_credentials", "scope": "notes:read"}
    for headers in ([("Authorization", pair)] * 2, {"Authorization": f"{pair},{pair}"}):
        answer = place.http.post(f"{AS}/token", data=form, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def proof(place, url, method="POST", key="client", **more):
    made = place.lab.key("ES256", key)
    return dpop.proof(made, method, url, now=place.lab.now, jti=place.world.secret(), **more)


def bound_token(place):
    form = {"grant_type": "client_credentials", "scope": "notes:read"}
    headers = {"DPoP": proof(place, f"{AS}/token")}
    return place.post("/token", "report-service", headers, **form).json()["access_token"]


def test_proof_comes_once(place):
    token = bound_token(place)
    proofs = [proof(place, f"{API}/notes", "GET", access_token=token) for _ in range(2)]
    for headers in ([("DPoP", proofs[0]), ("DPoP", proofs[1])], [("DPoP", ",".join(proofs))]):
        answer = place.http.get(f"{API}/notes", headers=[("Authorization", f"DPoP {token}"), *headers])
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    form = {"grant_type": "client_credentials", "scope": "notes:read"}
    two = ", ".join(proof(place, f"{AS}/token") for _ in range(2))
    answer = place.post("/token", "report-service", {"DPoP": two}, **form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")


def test_proof_by_another_key_makes_the_token_invalid(place):
    token = bound_token(place)
    other = proof(place, f"{API}/notes", "GET", key="mallory", access_token=token)
    answer = place.api(token, scheme="DPoP", DPoP=other)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert answer.headers["www-authenticate"].startswith("DPoP ")


# 7. Machine endpoints answer in JSON, always


MACHINES = [
    *("/token", "/par", "/device_authorization", "/introspect", "/revoke", "/userinfo", "/jwks"),
    *("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"),
]


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


# 8. Rights


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


def phone_tokens(place):
    callback = "com.example.phone:/callback"
    browser = place.world.browser("alice")
    browser.open(f"{AS}/authorize?{urlencode(place.request(client_id='phone-app', redirect_uri=callback))}")
    place.logged_in(browser)
    code = dict(parse_qsl(urlsplit(browser.page.redirect).query))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback}
    headers = {"DPoP": proof(place, f"{AS}/token")}
    return place.post("/token", "phone-app", headers, **form, code_verifier=place.verifier).json()


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


def device_tokens(place, browser):
    shown = place.http.post(f"{AS}/device_authorization", data={"client_id": "television"}).json()
    browser.open(shown["verification_uri_complete"])
    place.logged_in(browser)
    if browser.page.forms:
        browser.submit(press="Allow")
    poll = {"grant_type": protocol.DEVICE_CODE, "device_code": shown["device_code"]}
    return place.post("/token", "television", **poll).json()


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


# 9. Small frictions


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
    report = dict(place.world.network.trace[-1].reports)["log-out"]
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
    place.lab.clock.advance(61)
    browser.page = shown
    assert browser.submit(press="Allow").status == 400


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


# Client assertions


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
