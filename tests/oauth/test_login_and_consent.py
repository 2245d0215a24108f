"""Login and consent: pages, cookies, and what does not count."""

import httpx
import pytest
from driving import AS, login_page

import jwtlab


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
