"""What each endpoint declares of itself, and that the server goes by it: methods, scripts, pages, decisions."""

from __future__ import annotations

import pytest
from driving import AS, Place

PLACE = Place()
CLIENT = {"client authentication", "client assertion"}
SCRIPTS, PAGE, NEITHER = "scripts of other sites may call it", "people come here", "neither"

ENDPOINTS = {
    "/authorize": ("GET POST", PAGE, {"pushed request", "client and redirect URI", "authorization request"}),
    "/login": ("POST", PAGE, {"form", "attempts", "login"}),
    "/consent": ("POST", PAGE, {"form"}),
    "/magic": ("GET POST", PAGE, {"magic link"}),
    "/magic/send": ("POST", PAGE, {"form", "attempts"}),
    "/magic/code": ("POST", PAGE, {"form", "one-time code"}),
    "/par": (
        "POST",
        SCRIPTS,
        {"parameters", *CLIENT, "client and redirect URI", "authorization request", "DPoP proof"},
    ),
    "/device_authorization": ("POST", SCRIPTS, {"parameters", *CLIENT, "device authorization"}),
    "/device": ("GET POST", PAGE, {"form", "attempts", "device approval"}),
    "/jwks": ("GET", SCRIPTS, set()),
    "/userinfo": ("GET POST", SCRIPTS, {"userinfo request", "access token", "DPoP proof"}),
    "/introspect": ("POST", NEITHER, {"parameters", *CLIENT, "introspection", "access token"}),
    "/revoke": ("POST", SCRIPTS, {"parameters", *CLIENT, "revocation", "access token"}),
    "/register": (
        "POST",
        SCRIPTS,
        {"strangers", "client metadata", "client document address", "client document"},
    ),
    "/logout": ("GET POST", PAGE, {"logout"}),
    "/logout/confirm": ("POST", PAGE, {"form"}),
    "/token": (
        "POST",
        SCRIPTS,
        {
            *("token request", *CLIENT, "grant type", "DPoP proof", "authorization code", "refresh token"),
            *("client credentials", "JWT bearer", "grant assertion", "device code", "token exchange"),
            *("access token", "attempts"),
        },
    ),
    "/.well-known/openid-configuration": ("GET", SCRIPTS, set()),
    "/.well-known/oauth-authorization-server": ("GET", SCRIPTS, set()),
}


def test_every_endpoint_is_in_the_table():
    assert {each.path for each in PLACE.server.endpoints} == set(ENDPOINTS)


@pytest.mark.parametrize("path", ENDPOINTS)
def test_decisions_of_an_endpoint(path):
    declared = [each.policies for each in PLACE.server.endpoints if each.path == path]
    assert {name for policies in declared for name in policies} == ENDPOINTS[path][2]
    for policies in declared:
        for name, policy in policies.items():
            assert PLACE.server.policies[name] == policy
            assert len(policy) >= 1


@pytest.mark.parametrize("path", ENDPOINTS)
def test_methods_of_an_endpoint(path):
    methods, kind, _ = ENDPOINTS[path]
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
        answer = PLACE.http.request(method, AS + path)
        assert (answer.status_code == 405) == (method not in methods.split())
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if answer.status_code == 405:
            assert set(answer.headers["Allow"].replace(" ", "").split(",")) >= set(methods.split())
            page = answer.headers["Content-Type"].startswith("text/html")
            assert page == (kind == PAGE)
            assert page or answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize("path", ENDPOINTS)
def test_headers_alone_are_no_way_to_what_a_page_gives(path):
    methods, kind, _ = ENDPOINTS[path]
    refused = kind == PAGE or "GET" not in methods.split()
    assert (PLACE.http.request("HEAD", AS + path).status_code == 405) == refused


@pytest.mark.parametrize("path", ENDPOINTS)
def test_scripts_of_other_sites(path):
    methods, kind, _ = ENDPOINTS[path]
    shared = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Headers": "Authorization, Content-Type, DPoP",
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Expose-Headers": "WWW-Authenticate, DPoP-Nonce",
    }
    for method in (*methods.split(), "OPTIONS"):
        answer = PLACE.http.request(method, AS + path, headers={"Origin": "https://other.example"})
        found = {name: answer.headers[name] for name in shared if name in answer.headers}
        assert found == (shared if kind == SCRIPTS else {})
        if method == "OPTIONS" and kind == SCRIPTS:
            assert (answer.status_code, answer.content) == (204, b"")
