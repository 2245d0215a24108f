"""Implicit: the access token comes in the address bar (RFC 6749 §4.2). Retired; RFC 9700 §2.1.2 says why."""

from __future__ import annotations

from jwtlab.oauth.client import ClientSettings
from jwtlab.oauth.flows.hybrid import hand_over
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.steps import Steps, follow, visit
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.world import World


def implicit(
    world: World, user: str = "alice", response_type: str = "token", browser: UserAgent | None = None
) -> Steps[Page]:
    """Somebody lets the notes app read their notes, as it was done before 2019.

    Args:
        world: where it happens; its server has to be told to be that old.
        user: who.
        response_type: ``"token"``, or with OpenID Connect ``"id_token token"``.
        browser: theirs; a new one by default.

    Returns:
        The last page: the notes.
    """
    name = world.people[user].name
    browser = browser or world.browser(user)
    world.answer_retired_requests()
    scope = "openid profile notes:read" if "id_token" in response_type else "profile notes:read"
    app = world.configure(ClientSettings(scope=scope, response_type=response_type))

    yield from visit(browser, app.address("/login"), f"{name} presses Log in at the application.")
    yield from follow(
        browser, "The application asks for the access token itself, not for a code.", "RFC 6749 §4.2.1"
    )
    yield from log_in(world, browser, user)
    yield from follow(
        browser,
        "The access token stands in the address bar. It is in the history, and every script of the page reads it.",
        "RFC 6749 §4.2.2",
    )
    yield from hand_over(browser)
    yield from follow(browser, "The application has taken the token out of the address bar.")
    return (yield from visit(browser, app.address("/notes"), f"{name} opens the notes.", "RFC 6750 §2.1"))
