"""The example of lesson 42: below 150 lines, attacked with the kit, and driven in Chromium against jwtlab serve."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from example_apps import CHROMIUM_ARGS, load, log_in, running_behind_serve

from jwtlab.testing import attack_client
from jwtlab.testing.sockets import LoopbackServer

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "browser_app_with_backend"
OURS = {"X-From-Page": "1"}

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


example = load("browser_app_with_backend")


@pytest.fixture
def app(issuer, monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    made = example.create_app(
        issuer.issuer, issuer.client_secret, issuer.client_id, api="https://api.invalid"
    )
    made.testing = True
    return made


def logged_in(app, issuer, user="alice"):
    """A test client in which somebody has logged in."""
    import httpx

    issuer.logs_in(user)
    client = app.test_client()
    answer = httpx.get(client.get("/login").headers["Location"], trust_env=False)
    back = client.get(answer.headers["Location"].removeprefix("http://127.0.0.1:5000"))
    assert back.status_code == 302
    return client, back


def test_the_kit_finds_nothing(app, issuer):
    class Who:
        """``start`` opens a new browser; all later questions are asked in it."""

        browser = None

        def start(self):
            self.browser = app.test_client()
            return self.browser.get("/login")

        def callback(self, address):
            return self.browser.get(address.removeprefix("http://127.0.0.1:5000"))

        def who(self):
            answer = self.browser.get("/backend/session", headers=OURS)
            return answer.json["sub"] if answer.status_code == 200 else None

    who = Who()
    outcome = attack_client(who.start, who.callback, issuer, who=who.who).check()
    assert {"csrf:other-browser", "swapped-code", "replayed-nonce", "id-token:expired"} <= set(
        outcome.refused
    )


def test_cookie_is_kept_from_scripts_and_strangers(app, issuer):
    _, back = logged_in(app, issuer)
    line = next(each for each in back.headers.getlist("Set-Cookie") if each.startswith("session="))
    assert {"HttpOnly", "Path=/", "SameSite=Strict"} <= set(line.split("; "))
    assert "access_token" not in line


def test_over_tls_the_cookies_belong_to_this_host(issuer, monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "")  # put back at the end
    monkeypatch.delenv("AUTHLIB_INSECURE_TRANSPORT")
    made = example.create_app(issuer.issuer, "secret", origin="https://notes.example")
    assert made.config["SESSION_COOKIE_NAME"] == "__Host-login"
    assert made.config["SESSION_COOKIE_SECURE"] is True
    assert not os.environ["AUTHLIB_INSECURE_TRANSPORT"]


@pytest.mark.parametrize("path", ["session", "api/notes", "logout"])
def test_without_the_header_nobody_gets_in(app, issuer, path):
    client, _ = logged_in(app, issuer)
    for method in ("GET", "POST"):
        assert client.open(f"/backend/{path}", method=method).status_code == 403
        asked = {"X-From-Page": "0", "Origin": "https://mallory.example"}
        assert client.open(f"/backend/{path}", method=method, headers=asked).status_code == 403
    preflight = client.options(f"/backend/{path}", headers={"Origin": "https://mallory.example"})
    assert "Access-Control-Allow-Origin" not in preflight.headers


@pytest.mark.parametrize(
    "path", ["me", "notes/", "notes/../me", "//mallory.example/x", "https://mallory.example"]
)
def test_only_what_is_open_is_handed_on(app, issuer, path):
    client, _ = logged_in(app, issuer)
    assert client.get(f"/backend/api/{path}", headers=OURS).status_code in (404, 308)


def test_session_ends(app, issuer, monkeypatch):
    client, _ = logged_in(app, issuer)
    assert client.get("/backend/session", headers=OURS).json["sub"] == "alice"
    now = time.time()
    monkeypatch.setattr(example.time, "time", lambda: now + example.LIFETIME + 1)
    assert client.get("/backend/session", headers=OURS).status_code == 401


def test_login_again_has_another_cookie(app, issuer):
    client, _ = logged_in(app, issuer)
    before = client.get_cookie("session").value
    other, _ = logged_in(app, issuer)
    assert other.get_cookie("session").value != before


def test_expired_access_token_is_refreshed_once(issuer, monkeypatch):
    """The API sees the new token, and the session keeps the new refresh token."""
    from flask import Flask, request

    seen = []
    api = Flask("api")
    api.add_url_rule(
        "/notes", view_func=lambda: seen.append(request.headers["Authorization"]) or {"notes": []}
    )
    server = LoopbackServer(api)
    server.start()
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    app = example.create_app(issuer.issuer, issuer.client_secret, issuer.client_id, api=server.origin)
    try:
        client, _ = logged_in(app, issuer)
        for later in (0, 3600, 3600):
            now = time.time() + later
            monkeypatch.setattr("authlib.oauth2.rfc6749.wrappers.time.time", lambda now=now: now)
            assert client.get("/backend/api/notes", headers=OURS).status_code == 200
    finally:
        server.stop()
    assert len(set(seen)) >= 2


@pytest.mark.long
@pytest.mark.browser
def test_alice_logs_in_writes_and_logs_out_in_chromium(chromium_path):
    from playwright.sync_api import expect, sync_playwright

    with running_behind_serve("browser_app_with_backend") as (origin, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGS)
        page = browser.new_page()
        complaints = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(origin)
        expect(page.get_by_text("Nobody is logged in")).to_be_visible()
        page.get_by_role("link", name="Log in").click()
        log_in(page)
        expect(page.get_by_text("Logged in as alice")).to_be_visible()
        note = "<img src=x onerror=document.title='mallory'>"
        page.get_by_label("New note").fill(note)
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_text(note)).to_be_visible()
        assert page.title() == "Notes"
        kept = page.evaluate("JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])")
        assert json.loads(kept) == ["", {}, {}]
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_text("Nobody is logged in")).to_be_visible()
        assert complaints == []
        browser.close()
