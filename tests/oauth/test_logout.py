"""Ending a session (OpenID Connect RP-Initiated Logout 1.0)."""

import httpx
import pytest
from driving import AS


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
