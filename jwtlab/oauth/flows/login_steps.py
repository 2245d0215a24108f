"""What a person does at the server's pages, in every flow with a browser."""

from __future__ import annotations

from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.steps import Steps, submit
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.world import World


def log_in(world: World, browser: UserAgent, username: str) -> Steps[Page]:
    """Name and password, then *Allow*: each only if the server asks."""
    name = world.people[username].name
    page = browser.page
    if page is not None and _asks_for(page, "password"):
        page = yield from submit(
            browser,
            {"username": username, "password": world.people[username].password},
            f"{name} logs in, at the server's own page: the application never sees the password.",
            "RFC 6749 §4.1",
        )
    if page is not None and _offers(page, "Allow"):
        page = yield from submit(
            browser,
            None,
            f"{name} reads what the application wants to do, and presses Allow.",
            "RFC 6749 §4.1",
            press="Allow",
        )
    assert page is not None
    return page


def _asks_for(page: Page, field: str) -> bool:
    return any(field in form.fields for form in page.forms)


def _offers(page: Page, label: str) -> bool:
    return any(label == shown for form in page.forms for _, _, shown in form.buttons)
