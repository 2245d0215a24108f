"""The browser with scripts: origins, cookies, CORS and CSP, each rule by what it lets through and what it does not."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from flask import Flask, Response, request

from jwtlab import UsageError
from jwtlab.oauth import Network
from jwtlab.oauth.web import (
    Blocked,
    Browser,
    ContentSecurityPolicy,
    CookieStore,
    Origin,
    same_origin,
    same_site,
    site,
)
from jwtlab.oauth.web.cookies import Occasion

APP, API, EVIL = "https://app.example", "https://api.app.example", "https://evil.example"


@pytest.mark.parametrize(
    ("one", "other", "origin", "site_"),
    [
        ("https://a.example/x", "https://a.example:443/y?z#f", True, True),
        ("https://a.example", "https://A.example", True, True),
        ("https://a.example", "http://a.example", False, False),
        ("https://a.example", "https://a.example:8443", False, True),
        ("https://a.example", "https://www.a.example", False, True),
        ("https://a.example", "https://b.example", False, False),
        ("https://nota.example", "https://a.example", False, False),
        ("https://a.co.uk", "https://b.co.uk", False, False),
        ("https://x.a.co.uk", "https://a.co.uk", False, True),
        ("http://localhost:1", "http://localhost:2", False, True),
        ("http://localhost", "http://127.0.0.1", False, False),
        ("http://127.0.0.1", "http://127.0.0.2", False, False),
        ("http://[::1]:8000", "http://[::1]:8000/x", True, True),
    ],
)
def test_origin_and_site(one, other, origin, site_):
    assert same_origin(one, other) is origin
    assert same_site(one, other) is site_ is (site(one) == site(other))


@pytest.mark.parametrize(
    "address", ["", "/path", "about:blank", "https://", "https://a:x/", "data:text/html,x"]
)
def test_address_without_origin_is_told(address):
    with pytest.raises(UsageError, match="no origin"):
        Origin.of(address)


def stored(line, url="https://app.example/a/b", **how):
    store = CookieStore(lambda: 1000.0)
    return store if store.receive(line, url, **how) else None


@pytest.mark.parametrize(
    ("line", "url", "taken"),
    [
        ("s=1", APP, True),
        ("s=1; Domain=app.example", APP, True),
        ("s=1; Domain=example", APP, False),
        ("s=1; Domain=other.example", APP, False),
        ("s=1; Domain=pp.example", APP, False),
        ("s=1; Secure", "http://app.example", False),
        ("s=1; Secure", "http://localhost:5000", True),
        ("s=1; SameSite=None", APP, False),
        ("s=1; SameSite=None; Secure", APP, True),
        ("__Host-s=1; Secure; Path=/", APP, True),
        ("__Host-s=1; Secure; Path=/x", APP, False),
        ("__Host-s=1; Path=/", APP, False),
        ("__Host-s=1; Secure; Path=/; Domain=app.example", APP, False),
        ("__hOST-s=1; Path=/", APP, False),
        ("__Secure-s=1", APP, False),
        ("s=1; Max-Age=0", APP, True),
        ("", APP, False),
    ],
)
def test_cookie_is_taken_or_not(line, url, taken):
    assert (stored(line, url) is not None) is taken


def test_cookie_ends():
    store = stored("s=1; Max-Age=60")
    assert store.header(f"{APP}/a/") == "s=1"
    store.receive("s=; Max-Age=0", "https://app.example/a/b")
    assert len(store) == 0
    store.receive("s=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", APP)
    assert len(store) == 0


@pytest.mark.parametrize(
    ("path", "goes"),
    [("/a", True), ("/a/", True), ("/a/c", True), ("/ab", False), ("/", False), ("/A", False)],
)
def test_cookie_stays_below_its_path(path, goes):
    assert (stored("s=1").header(APP + path) == "s=1") is goes


@pytest.mark.parametrize(
    ("line", "host", "goes"),
    [
        ("s=1; Path=/", "https://app.example", True),
        ("s=1; Path=/", "https://www.app.example", False),
        ("s=1; Path=/; Domain=app.example", "https://www.app.example", True),
        ("s=1; Path=/; Domain=app.example", "https://xapp.example", False),
        ("s=1; Path=/; Secure", "http://app.example", False),
        ("s=1; Path=/", "http://app.example:8080", True),
    ],
)
def test_cookie_goes_to_its_host(line, host, goes):
    assert bool(stored(line).header(host)) is goes


LINK, FORM = Occasion(EVIL), Occasion(EVIL, "POST")
SUB, HOME = Occasion(EVIL, "GET", top_level=False), Occasion(API, "POST", top_level=False)


@pytest.mark.parametrize(
    ("says", "along"),
    [
        ("Strict", {HOME}),
        ("Lax", {HOME, LINK}),
        ("None", {HOME, LINK, FORM, SUB}),
        ("Nonsense", {HOME, LINK}),
    ],
)
def test_same_site(says, along):
    store = stored(f"s=1; Path=/; Secure; SameSite={says}")
    assert {each for each in (LINK, FORM, SUB, HOME) if store.header(APP, each)} == along
    assert store.header(APP) == "s=1"  # the person at the address bar


def test_script_neither_sees_nor_writes_over_what_is_http_only():
    store = stored("s=1; Path=/; HttpOnly")
    assert store.seen_by_script(APP) == ""
    assert not store.receive("s=2; Path=/", APP, script=True)
    assert not store.receive("t=2; Path=/; HttpOnly", APP, script=True)
    assert store.receive("t=2; Path=/", APP, script=True)
    assert store.seen_by_script(APP) == "t=2"


PAGE = "https://app.example/page"


@pytest.mark.parametrize(
    ("policy", "directive", "url", "allowed"),
    [
        ("", "connect-src", EVIL, True),
        ("default-src 'self'", "connect-src", APP, True),
        ("default-src 'self'", "connect-src", API, False),
        ("default-src 'self'; connect-src *", "connect-src", EVIL, True),
        ("connect-src 'none'", "connect-src", APP, False),
        ("connect-src", "connect-src", APP, False),
        ("connect-src https://api.app.example", "connect-src", API, True),
        ("connect-src api.app.example", "connect-src", API, True),
        ("connect-src *.app.example", "connect-src", API, True),
        ("connect-src *.app.example", "connect-src", "https://app.example", False),
        ("connect-src *.app.example", "connect-src", "https://evilapp.example", False),
        ("connect-src https:", "connect-src", EVIL, True),
        ("connect-src https:", "connect-src", "http://evil.example", False),
        ("connect-src http://a.example", "connect-src", "https://a.example:443", True),
        ("connect-src https://a.example", "connect-src", "http://a.example", False),
        ("connect-src https://a.example:8443", "connect-src", "https://a.example:8443/x", True),
        ("connect-src https://a.example", "connect-src", "https://a.example:8443/x", False),
        ("connect-src https://a.example:*", "connect-src", "https://a.example:8443/x", True),
        ("connect-src https://a.example/x/", "connect-src", "https://a.example/x/y", True),
        ("connect-src https://a.example/x", "connect-src", "https://a.example/x/y", False),
        ("connect-src 'self'; connect-src *", "connect-src", EVIL, False),
        ("default-src 'none'", "form-action", EVIL, True),
        ("child-src https://evil.example", "frame-src", EVIL, True),
        ("script-src 'self'", "worker-src", PAGE, True),
    ],
)
def test_policy(policy, directive, url, allowed):
    found = ContentSecurityPolicy.parse(policy)
    with nullcontext() if allowed else pytest.raises(Blocked, match=r"^CSP: "):
        found.check(directive, url, PAGE)


@pytest.mark.parametrize(
    ("policy", "directive", "nonce", "allowed"),
    [
        ("", "script-src-elem", "", True),
        ("script-src 'self'", "script-src-elem", "", False),
        ("default-src 'self'", "script-src-attr", "", False),
        ("script-src 'unsafe-inline'", "script-src-attr", "", True),
        ("script-src 'unsafe-inline' 'nonce-r4nd0m'", "script-src-attr", "", False),
        ("script-src 'nonce-r4nd0m'", "script-src-elem", "r4nd0m", True),
        ("script-src 'nonce-r4nd0m'", "script-src-elem", "R4nd0m", False),
        ("script-src 'nonce-r4nd0m'", "script-src-attr", "r4nd0m", False),
        ("script-src 'sha256-pD+fdNnybhbdS/Fd5+y60p++pP6AsrjmR7A92RjWjzU='", "script-src-elem", "", False),
        ("img-src 'none'", "script-src-elem", "", True),
    ],
)
def test_script_in_the_page(policy, directive, nonce, allowed):
    found = ContentSecurityPolicy.parse(policy)
    with nullcontext() if allowed else pytest.raises(Blocked):
        found.check_inline(directive, "go()", nonce)


@pytest.fixture
def places():
    """An application, its API, and what arrives at it."""
    app, api, arrived = Flask("app"), Flask("api"), []
    app.add_url_rule("/", "page", lambda: '<body data-x="1"><script>/* twin: go */</script></body>')
    api.answers = {}

    @api.route("/<path:any>", methods=["GET", "POST", "PUT", "OPTIONS"])
    def answer(**_):
        arrived.append((request.method, dict(request.headers)))
        response = Response("secret", headers={"X-More": "1"})
        response.headers.update(api.answers)
        return response

    network = Network()
    network.add(APP, "App", app)
    network.add(API, "API", api)
    return network, api, arrived


def run(places, script, **settings):
    network, api, _ = places
    api.answers.update(settings)
    found = []
    browser = Browser(network, twins={"go": lambda window: found.append(script(window))}, random=bytes)
    browser.cookies.receive("s=1; Secure; SameSite=None", API)
    browser.open(APP)
    return found[0] if found else browser.said[0]


def allow(origin=APP, **more):
    return {"Access-Control-Allow-Origin": origin} | {
        f"Access-Control-{name}": value for name, value in more.items()
    }


@pytest.mark.parametrize(
    ("how", "says", "readable", "sent"),
    [
        ({}, {}, False, ["GET"]),
        ({}, allow(), True, ["GET"]),
        ({}, allow("*"), True, ["GET"]),
        ({}, allow("null"), False, ["GET"]),
        ({}, allow("https://app.example.evil.example"), False, ["GET"]),
        ({"credentials": "include"}, allow("*"), False, ["GET"]),
        ({"credentials": "include"}, allow(), False, ["GET"]),
        ({"credentials": "include"}, allow(**{"Allow-Credentials": "true"}), True, ["GET"]),
        ({"method": "POST", "form": {"a": "b"}}, {}, False, ["POST"]),  # it arrives all the same
        ({"method": "POST", "json": {}}, {}, False, ["OPTIONS"]),
        ({"method": "POST", "json": {}}, allow(**{"Allow-Headers": "content-type"}), True, ["OPTIONS", "POST"]),
        ({"method": "PUT"}, allow(), False, ["OPTIONS"]),
        ({"method": "PUT"}, allow(**{"Allow-Methods": "PUT"}), True, ["OPTIONS", "PUT"]),
        ({"headers": {"Authorization": "x"}}, allow("*", **{"Allow-Headers": "*"}), False, ["OPTIONS"]),
        ({"headers": {"X-CSRF": "x"}}, allow("*", **{"Allow-Headers": "*"}), True, ["OPTIONS", "GET"]),
        ({"headers": {"X-CSRF": "x"}}, allow(**{"Allow-Headers": "Authorization"}), False, ["OPTIONS"]),
    ],
)  # fmt: skip
def test_cors(places, how, says, readable, sent):
    found = run(places, lambda window: window.fetch(f"{API}/notes", **how), **says)
    assert [method for method, _ in places[2]] == sent
    if readable:
        assert found.text == "secret"
        assert "x-more" not in found.headers  # nobody has exposed it
        along = places[2][-1][1].get("Cookie")
        assert along == ("s=1" if how.get("credentials") == "include" else None)
    else:
        assert found.startswith("CORS: ")


def test_no_cors_sends_and_shows_nothing(places):
    found = run(places, lambda window: window.fetch(f"{API}/loot", "POST", mode="no-cors", body="x"))
    assert (found.status, found.text) == (0, "")
    assert places[2][0][1]["Origin"] == APP
    assert run(places, lambda window: window.fetch(f"{API}/x", "PUT", mode="no-cors")).startswith("CORS")


def test_window_of_another_origin_is_not_looked_into(places):
    assert run(places, lambda window: window.look_into(window.frame(f"{API}/x"))).startswith("same origin")
    assert run(places, lambda window: window.replace_state(API)).startswith("same origin")


def test_key_stays_in_the_browser(places):
    assert run(places, lambda window: window.generate_key().export()) == "key: this key is not extractable"
    assert "d" in run(places, lambda window: window.generate_key(extractable=True).export())


def test_stores_are_of_one_origin(places):
    network, _, _ = places
    browser = Browser(network, random=bytes)
    browser.open(APP).local_storage["a"] = "1"
    assert browser.open(APP).local_storage == {"a": "1"}
    assert browser.open(f"{API}/x").local_storage == {}
