"""A client that nobody knew before, at the authorization endpoint."""

from __future__ import annotations

import httpx
from driving import AS

AGENT = "https://agent.example"
DOCUMENT = f"{AGENT}/client.json"
BACK = "http://127.0.0.1:3000/callback"


def begin(place, client_id=DOCUMENT, **changed):
    browser = place.world.browser("alice")
    asked = place.request(client_id=client_id, redirect_uri=BACK, **changed)
    browser.open(str(httpx.URL(f"{AS}/authorize", params=asked)))
    return browser


def to_the_end(place, browser):
    place.logged_in(browser)
    return httpx.URL(browser.page.redirect).params
