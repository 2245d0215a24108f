"""Ten thousand requests that nobody should send: never a breakdown, never a stray redirect, never a token.

``JWTLAB_HOSTILE=19`` sends nineteen times as many, ten thousand to each endpoint: some minutes.
"""

import json
import os

import pytest
from driving import API, AS, CALLBACK, Place
from hypothesis import given, settings
from hypothesis import strategies as st

from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server import GRANT_TYPES
from jwtlab.oauth.http.messages import Request

PLACE = Place(legacy=True)
TIMES = int(os.environ.get("JWTLAB_HOSTILE", "1"))
REGISTERED = {
    uri
    for client in PLACE.server.clients.values()
    for uri in (*client.redirect_uris, *client.post_logout_redirect_uris)
}
TOKENS = PLACE.tokens()
CLIENT = PLACE.world.credentials["crm-sync"]

GOOD = {
    "/authorize": PLACE.request(),
    "/token": {
        "grant_type": "authorization_code",
        "code": "x",
        "redirect_uri": CALLBACK,
        "code_verifier": "v" * 43,
    },
    "/par": PLACE.request(),
    "/introspect": {"token": TOKENS["access_token"]},
    "/revoke": {"token": "unknown", "token_type_hint": "access_token"},
    "/device_authorization": {"client_id": "television", "scope": "notes:read"},
    "/device": {"user_code": "BCDF-GHJK", "decision": "allow", "interaction": "x", "csrf_token": "y"},
    "/login": {"username": "alice", "password": "wrong", "interaction": "x", "csrf_token": "y"},
    "/consent": {"decision": "allow", "interaction": "x", "csrf_token": "y"},
    "/magic": {"token": "x"},
    "/magic/send": {"email": "alice@mail.example", "interaction": "x", "csrf_token": "y"},
    "/magic/code": {"code": "123456", "interaction": "x", "csrf_token": "y"},
    "/logout": {"id_token_hint": TOKENS["id_token"], "post_logout_redirect_uri": "https://app.example/"},
    "/logout/confirm": {"interaction": "x", "csrf_token": "y"},
    "/userinfo": {"access_token": "x"},
}
"""A request for each endpoint that is well-formed and still deserves nothing."""

NAMES = [
    *sorted({name for fields in GOOD.values() for name in fields}),
    *(
        "grant_type",
        "assertion",
        "client_assertion",
        "client_assertion_type",
        "client_secret",
        "refresh_token",
    ),
    *("subject_token", "subject_token_type", "actor_token", "device_code", "resource", "audience", "request"),
    *("request_uri", "prompt", "max_age", "id_token_hint", "response_mode", "dpop_jkt", "login_hint"),
]
VALUES = [
    *("", " ", "x", "alice", "notes-app", "phone-app", "television", "report-service", "crm-sync", "none"),
    *(
        "login",
        "code",
        "token",
        "id_token",
        "code id_token token",
        "query",
        "fragment",
        "form_post",
        "openid",
    ),
    *(
        "https://mallory.example/",
        "//mallory.example",
        "javascript:alert(1)",
        "https://app.example/callback#x",
    ),
    *(CALLBACK, "http://127.0.0.1:99999/", "http://[::1", "\x00", "a\r\nSet-Cookie: x=y", "\ud800", "ä" * 10),
    *("a.b.c", "eyJhbGciOiJub25lIn0.e30.", "{}", "[]", "null", "x" * 9000, "9" * 400, "٣", "%00", "’", "-1"),
    *(TOKENS["id_token"], TOKENS["access_token"][:-2], protocol.ASSERTION_TYPE, protocol.ACCESS_TOKEN_TYPE),
    *(each.id for each in GRANT_TYPES),
]
TEXT = st.one_of(st.sampled_from(VALUES), st.text(max_size=20))
PAIRS = st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), st.text(max_size=8)), TEXT), max_size=6)
PATHS = sorted({each.path for each in PLACE.server.endpoints})
HEADERS = st.dictionaries(
    st.sampled_from(["Authorization", "DPoP", "Cookie", "Origin", "Host", "X-Forwarded-Host", "Accept"]),
    st.one_of(
        st.sampled_from(
            [
                *(
                    "Basic",
                    "Basic ???",
                    "Basic bm90ZXMtYXBwOg==",
                    "Bearer",
                    "Bearer x",
                    "DPoP x",
                    "Digest a=b",
                ),
                f"Bearer {TOKENS['id_token']}",
                f"DPoP {TOKENS['access_token']}",
                *("__Host-session=x; __Host-browser=y", "__Host-browser=", "mallory.example", "null", ""),
            ]
        ),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    ),
    max_size=3,
)
KINDS = [
    "application/x-www-form-urlencoded",
    "application/json",
    "multipart/form-data; boundary=x",
    "text/plain",
    "",
]


def send(method, url, pairs, headers=(), kind=None, raw=None):
    safe = [
        (name.encode("utf-8", "replace").decode(), value.encode("utf-8", "replace").decode())
        for name, value in pairs
    ]
    if method == "GET":
        request = Request("GET", url, (("Host", "as.example"),)).with_query(safe)
    else:
        request = Request.make("POST", url, form=safe)
        if kind is not None:
            request = request.with_header("Content-Type", kind)
        if raw is not None:
            request = Request("POST", url, request.headers, raw)
    for name, value in dict(headers).items():
        request = request.with_header(name, value)
    PLACE.world.network.trace.clear()
    return PLACE.world.network.deliver("Stranger", request.to_httpx())


def harmless(answer):
    """What holds of every answer to a stranger."""
    assert answer.status_code < 500, answer.text
    target = answer.headers.get("location")
    if target is not None:
        bare = target.split("?")[0].split("#")[0]
        assert bare in REGISTERED, target
        assert not any(f"{name}=" in target for name in ("code", "access_token", "id_token"))
    assert "\n" not in str(answer.headers.get("location", ""))
    body = answer.text
    if answer.headers.get("content-type", "").startswith("application/json"):
        told = json.loads(body)
        assert not {"access_token", "refresh_token", "id_token"} & set(told if isinstance(told, dict) else ())
    assert "Traceback" not in body


@pytest.mark.long
@settings(max_examples=4000 * TIMES, derandomize=True, database=None, deadline=None)
@given(st.sampled_from(PATHS), st.sampled_from(["GET", "POST"]), PAIRS, HEADERS, st.sampled_from(KINDS))
def test_random_requests_get_nothing(path, method, pairs, headers, kind):
    harmless(send(method, AS + path, pairs, headers, kind))


@st.composite
def mutated(draw):
    """A well-formed request with a few things changed."""
    path = draw(st.sampled_from(sorted(GOOD)))
    pairs = list(GOOD[path].items())
    for _ in range(draw(st.integers(0, 3))):
        change = draw(st.sampled_from(["replace", "drop", "repeat", "add", "empty"]))
        index = draw(st.integers(0, max(len(pairs) - 1, 0)))
        if change == "add" or not pairs:
            pairs.append((draw(st.sampled_from(NAMES)), draw(TEXT)))
        elif change == "drop":
            del pairs[index]
        elif change == "repeat":
            pairs.append((pairs[index][0], draw(TEXT)))
        else:
            pairs[index] = (pairs[index][0], "" if change == "empty" else draw(TEXT))
    return path, pairs


@settings(max_examples=4500 * TIMES, derandomize=True, database=None, deadline=None)
@given(mutated(), st.sampled_from(["GET", "POST"]), st.booleans())
def test_mutated_requests_get_nothing(request, method, with_client):
    path, pairs = request
    headers = PLACE.basic("notes-app") if with_client else {}
    harmless(send(method, AS + path, pairs, headers))


@settings(max_examples=1500 * TIMES, derandomize=True, database=None, deadline=None)
@given(
    st.sampled_from(
        ["/me", "/notes", "/roles", "/team/notes", "/people/alice/notes", "/people/%00/notes", "/"]
    ),
    st.sampled_from(["GET", "POST"]),
    HEADERS,
    st.binary(max_size=40),
)
def test_api_lets_no_stranger_in(path, method, headers, body):
    answer = send(method, API + path, [], {**headers, "Host": "api.example"}, raw=body)
    assert answer.status_code in (400, 401, 403, 404, 405)


@pytest.mark.parametrize("path", GOOD)
@pytest.mark.parametrize("what", ["repeated", "missing", "empty", "oversized"])
def test_every_parameter_may_be_wrong(path, what):
    for index, (name, value) in enumerate(GOOD[path].items()):
        pairs = list(GOOD[path].items())
        if what == "repeated":
            pairs.append((name, value))
        elif what == "missing":
            del pairs[index]
        else:
            pairs[index] = (name, "" if what == "empty" else "x" * 20_000)
        for method in ("GET", "POST"):
            answer = send(method, AS + path, pairs, PLACE.basic("notes-app"))
            harmless(answer)
            if what == "repeated" and path not in ("/magic", "/userinfo") and answer.status_code != 405:
                told = "error=invalid_request" in answer.headers.get("location", "")
                assert told or answer.status_code in (400, 401, 403) or (path, method) == ("/device", "GET")


def test_a_body_that_is_too_long_is_refused():
    answer = send("POST", f"{AS}/token", [("code", "x" * 200_000)])
    assert answer.status_code == 413
    assert answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize("path", ["/token", "/par", "/introspect", "/revoke", "/login"])
def test_wrong_method_is_told_which_is_right(path):
    answer = send("GET", AS + path, [])
    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"]


def test_unknown_address_is_404():
    assert send("GET", f"{AS}/nothing", []).status_code == 404
