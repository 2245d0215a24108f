"""The login of lesson 41 in its smallest form: attacked with the kit, and driven in Chromium against jwtlab serve."""

from __future__ import annotations

import os
import re
from pathlib import Path

import httpx
import pytest
from example_apps import CHROMIUM_ARGS, load, log_in_and_write, running_behind_serve

from jwtlab.testing import Issuer, attack_client

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "flask_login"
HERE = "http://localhost"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


example = load("flask_login")


@pytest.fixture
def issuer(monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with Issuer() as running_issuer:
        yield running_issuer


@pytest.fixture
def app(issuer):
    made = example.create_app(issuer.issuer, issuer.client_secret, issuer.client_id, origin=HERE)
    made.testing = True
    return made


def log_in(client, issuer, user="alice", start="/login"):
    issuer.logs_in(user)
    to_issuer = client.get(start)
    while not to_issuer.headers["Location"].startswith(issuer.issuer):
        to_issuer = client.get(to_issuer.headers["Location"])
    back = httpx.get(to_issuer.headers["Location"], trust_env=False).headers["Location"]
    assert back.startswith(f"{HERE}/callback?")
    return client.get(back.removeprefix(HERE))


def key_of(client):
    """What the page's own forms send."""
    return re.search(r'name="form_key" value="([^"]+)"', client.get("/diary").text)[1]


def test_the_kit_finds_nothing(app, issuer):
    outcome = attack_client((app.test_client(), "/login"), "/callback", issuer, who="/me").check()
    assert {"csrf:other-browser", "swapped-code", "replayed-nonce", "id-token:expired"} <= set(
        outcome.refused
    )
    assert not outcome.advice.of("crash")


def test_whoever_wanted_a_page_gets_there(app, issuer):
    client = app.test_client()
    assert log_in(client, issuer, start="/diary").headers["Location"] == "/diary"
    assert "Logged in as" in client.get("/diary").text


@pytest.mark.parametrize(
    "start",
    ["/login?next=https://mallory.example", "/diary?next=//mallory.example", "//mallory.example/diary"],
)
def test_nobody_is_led_elsewhere(app, issuer, start):
    client = app.test_client()
    answer = client.get(start, base_url=HERE)
    if answer.status_code == 404:
        return
    assert log_in(client, issuer).headers["Location"] in ("/", "/diary")


def test_another_host_in_the_request_changes_nothing(app, issuer):
    """A proxy's headers, and whoever writes them, do not choose where the code goes."""
    headers = {"Host": "mallory.example", "X-Forwarded-Host": "mallory.example"}
    sent = app.test_client().get("/login", headers=headers).headers["Location"]
    assert httpx.URL(sent).params["redirect_uri"] == f"{HERE}/callback"


def test_half_an_answer_is_refused_and_no_accident(app):
    client = app.test_client()
    state = httpx.URL(client.get("/login").headers["Location"]).params["state"]
    assert client.get("/callback", query_string={"state": state}).status_code == 403


def test_session_begins_anew(app, issuer):
    client = app.test_client()
    with client.session_transaction() as session:
        session["planted"] = "by mallory"
    log_in(client, issuer)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["user"]["sub"] == "alice"


def test_the_cookie_holds_no_token_and_is_kept_from_scripts(app, issuer):
    client = app.test_client()
    line = log_in(client, issuer).headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax"} <= set(line.split("; "))
    with client.session_transaction() as session:
        assert "ey" + "J" not in str(dict(session))


def test_over_tls_the_cookie_belongs_to_this_host(issuer):
    made = example.create_app(issuer.issuer, "secret", origin="https://diary.example")
    assert made.config["SESSION_COOKIE_NAME"] == "__Host-session"
    assert made.config["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize("path", ["/diary", "/logout"])
def test_a_form_of_somebody_else_changes_nothing(app, issuer, path):
    client = app.test_client()
    assert client.post(path, data={"line": "x"}).status_code == 403  # nobody is logged in
    assert client.post(path, data={"line": "x", "form_key": ""}).status_code == 403
    log_in(client, issuer)
    for key in ("", "x", "é"):
        assert client.post(path, data={"line": "mallory was here", "form_key": key}).status_code == 403
    assert "mallory was here" not in client.get("/diary").text
    assert client.post(path, data={"line": "y", "form_key": key_of(client)}).status_code == 302


def test_everybody_has_a_diary_of_their_own(app, issuer):
    alice, bob = app.test_client(), app.test_client()
    log_in(alice, issuer)
    alice.post("/diary", data={"line": "<b>feed the cat</b>", "form_key": key_of(alice)})
    assert "&lt;b&gt;feed the cat" in alice.get("/diary").text
    log_in(bob, issuer, "bob")
    assert "feed the cat" not in bob.get("/diary").text


def test_logout_ends_it_here_and_goes_to_the_issuer(app, issuer):
    client = app.test_client()
    log_in(client, issuer)
    answer = client.post("/logout", data={"form_key": key_of(client)})
    assert answer.headers["Location"].startswith(f"{issuer.issuer}/logout?")
    assert client.get("/me").headers["Location"] == "/login"


def test_while_the_issuer_is_down_it_says_so(app, issuer):
    with issuer.down():
        answer = app.test_client().get("/login")
    assert answer.status_code == 503
    assert "Try again" in answer.text


@pytest.mark.browser
def test_alice_logs_in_writes_and_logs_out_in_chromium(chromium_path, tmp_path):
    from playwright.sync_api import expect, sync_playwright

    with running_behind_serve("flask_login") as (origin, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGS)
        page = browser.new_page()
        log_in_and_write(page, origin)
        page.screenshot(path=os.environ.get("JWTLAB_SHOTS", str(tmp_path)) + "/flask_login.png")
        page.get_by_role("button", name="Log out").click()
        page.get_by_role("button", name="Log out").click()  # the issuer asks: no ID token came along
        expect(page.get_by_text("Nobody is logged in")).to_be_visible()
        page.goto(f"{origin}/diary")
        expect(page.get_by_label("Password")).to_be_visible()
        browser.close()
