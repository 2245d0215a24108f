"""Hybrid flow: an ID token at once, through the browser, and a code for the rest (OpenID Connect Core §3.3)."""

from __future__ import annotations

from jwtlab.oauth.client import ClientSettings
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.steps import Steps, follow, submit, visit
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.world import World


def hybrid(world: World, user: str = "alice", response_type: str = "code id_token") -> Steps[Page]:
    """Somebody logs in; the application learns who, before it has redeemed the code.

    Args:
        world: where it happens.
        user: who.
        response_type: ``"code id_token"``, ``"code token"`` or ``"code id_token token"``.

    Returns:
        The last page: the application greets them.
    """
    name, browser = world.people[user].name, world.browser(user)
    app = world.configure(ClientSettings(scope="openid profile notes:read", response_type=response_type))

    yield from visit(browser, app.address("/login"), f"{name} presses Log in at the application.")
    yield from follow(
        browser,
        f"The application asks for {response_type}: that comes through the browser. The code then brings both "
        "tokens, past the browser.",
        "OpenID Connect Core §3.3.2.1",
    )
    yield from log_in(world, browser, user)
    yield from follow(
        browser,
        "The answer stands behind the #. The browser keeps that to itself; only the page's script can read it.",
        "OpenID Connect Core §3.3.2.5",
    )
    yield from hand_over(browser)
    return (yield from follow(browser, "The application greets the person whom the ID token names."))


def hand_over(browser: UserAgent) -> Steps[Page]:
    """The script of the application's page sends what stands behind the #."""
    url = browser.page.url if browser.page else ""
    return (
        yield from submit(
            browser,
            {"response": url.partition("#")[2]},
            "The page's script hands the fragment over to the application.",
            "OpenID Connect Core §3.2.2.7",
        )
    )
