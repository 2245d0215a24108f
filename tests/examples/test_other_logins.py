"""The login of lesson 41 in FastAPI and Django: in processes of their own, attacked, and seen in Chromium."""

from __future__ import annotations

import os
import re
from pathlib import Path

import httpx
import pytest
from example_apps import CHROMIUM_ARGS, log_in_and_write, running, running_behind_serve

from jwtlab.testing import Issuer, attack_client

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
BOTH = ["fastapi_login", "django_login"]


class People:
    """Browsers, and what the kit wants to know about them."""

    def __init__(self, origin):
        self.origin, self.browser, self._opened = origin, None, []

    def open(self):
        """A new browser."""
        self.browser = httpx.Client(trust_env=False, base_url=self.origin)
        self._opened.append(self.browser)
        return self.browser

    def close(self):
        for each in self._opened:
            each.close()

    def start(self):
        return self.open().get("/login")

    def callback(self, address):
        return self.browser.get(address)

    def who(self):
        found = re.search("Logged in as <strong>(.+?)</strong>", self.browser.get("/").text)
        return found[1].lower() if found else None

    def log_in(self, issuer, user="alice", start="/login"):
        """A new browser in which somebody has logged in, and the page where that led."""
        issuer.logs_in(user)
        browser = self.open()
        answer = browser.get(start)
        while not answer.headers["Location"].startswith(issuer.issuer):
            answer = browser.get(answer.headers["Location"])
        back = httpx.get(answer.headers["Location"], trust_env=False).headers["Location"]
        return browser, browser.get(back)


@pytest.fixture(scope="module")
def issuer():
    with Issuer() as made:
        yield made


@pytest.fixture(scope="module", params=BOTH)
def people(request, issuer):
    client = {"client_id": issuer.client_id, "client_secret": issuer.client_secret}
    told = {"issuer": issuer.issuer, "clients": [client]}
    with running(request.param, told, CLIENT_ID=issuer.client_id) as origin:
        made = People(origin)
        yield made
        made.close()


def key_of(browser):
    found = re.search(r'name="(form_key|csrfmiddlewaretoken)" value="([^"]+)"', browser.get("/diary").text)
    return {found[1]: found[2]}


def test_the_kit_finds_nothing(people, issuer):
    outcome = attack_client(people.start, people.callback, issuer, who=people.who).check()
    wanted = {
        "csrf:other-browser",
        "swapped-code",
        "replayed-nonce",
        "other-clients-id-token",
        "id-token:expired",
    }
    assert wanted <= set(outcome.refused)
    assert not outcome.advice.of("crash")


def test_whoever_wanted_a_page_gets_there(people, issuer):
    browser, answer = people.log_in(issuer, start="/diary")
    assert answer.headers["Location"] == "/diary"
    assert "Logged in as" in browser.get("/diary").text


@pytest.mark.parametrize(
    "start",
    [
        "/login?next=https://mallory.example",
        "/login?next=//mallory.example",
        "/login?next=/%5Cmallory.example",
        "/diary?next=//mallory.example",
    ],
)
def test_nobody_is_led_elsewhere(people, issuer, start):
    _, answer = people.log_in(issuer, start=start)
    assert "mallory" not in answer.headers["Location"].partition("?")[0]


def test_another_host_in_the_request_changes_nothing(people):
    headers = {"Host": "mallory.example", "X-Forwarded-Host": "mallory.example"}
    answer = httpx.get(f"{people.origin}/login", headers=headers, trust_env=False)
    assert answer.status_code == 400 or "mallory" not in answer.headers["Location"]


def test_half_an_answer_is_refused_and_no_accident(people, issuer):
    state = httpx.URL(people.start().headers["Location"]).params["state"]
    answer = people.callback(f"{people.origin}/callback?state={state}")
    assert answer.status_code == 403 or answer.headers["Location"] == "/"
    assert people.who() is None


def test_session_begins_anew(people, issuer):
    """Whoever knew the cookie of before the login has nothing of it after the login."""
    browser = people.open()
    issuer.logs_in("alice")
    sent = browser.get("/login")
    planted = browser.cookies["session"]
    browser.get(httpx.get(sent.headers["Location"], trust_env=False).headers["Location"])
    assert browser.cookies["session"] != planted
    answer = httpx.get(f"{people.origin}/diary", headers={"Cookie": f"session={planted}"}, trust_env=False)
    assert answer.status_code in (302, 303)


def test_a_form_of_somebody_else_changes_nothing(people, issuer):
    browser, _ = people.log_in(issuer)
    assert browser.post("/diary", data={"line": "mallory was here"}).status_code == 403
    assert browser.post("/logout").status_code == 403
    assert "mallory was here" not in browser.get("/diary").text
    written = browser.post("/diary", data={"line": "<b>feed the cat</b>"} | key_of(browser))
    assert written.status_code in (302, 303)
    assert "&lt;b&gt;feed the cat" in browser.get("/diary").text
    other, _ = people.log_in(issuer, "bob")
    assert "feed the cat" not in other.get("/diary").text


def test_logout_ends_it_here_and_goes_to_the_issuer(people, issuer):
    browser, _ = people.log_in(issuer)
    answer = browser.post("/logout", data=key_of(browser))
    assert answer.headers["Location"].startswith(f"{issuer.issuer}/logout?")
    assert "Nobody is logged in" in browser.get("/").text


def test_while_the_issuer_is_down_it_says_so(people, issuer):
    issuer.logs_in("alice")
    browser = people.open()
    sent = browser.get("/login")
    back = httpx.get(sent.headers["Location"], trust_env=False).headers["Location"]
    with issuer.down():
        answer = browser.get(back)
    assert answer.status_code == 503
    assert "Try again" in answer.text


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.parametrize("name", BOTH)
def test_alice_logs_in_writes_and_logs_out_in_chromium(name, chromium_path, tmp_path):
    from playwright.sync_api import expect, sync_playwright

    with running_behind_serve(name) as (origin, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGS)
        page = browser.new_page()
        log_in_and_write(page, origin)
        page.screenshot(path=os.environ.get("JWTLAB_SHOTS", str(tmp_path)) + f"/{name}.png")
        page.get_by_role("button", name="Log out").click()
        page.get_by_role("button", name="Log out").click()  # the issuer asks: no ID token came along
        expect(page.get_by_text("Nobody is logged in")).to_be_visible()
        page.goto(f"{origin}/diary")
        expect(page.get_by_label("Password")).to_be_visible()
        browser.close()
