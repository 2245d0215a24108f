"""Authorization code with PKCE (RFC 6749 §4.1, RFC 7636): the browser carries a code, never a token."""

from __future__ import annotations

from jwtlab.oauth.client import ClientSettings
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.steps import Steps, follow, visit
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.world import World

SETTINGS = ClientSettings(scope="profile notes:read")
"""No ``openid``: the application wants the notes, not to know who somebody is."""


def authorization_code(
    world: World,
    user: str = "alice",
    browser: UserAgent | None = None,
    settings: ClientSettings = SETTINGS,
) -> Steps[Page]:
    """Somebody lets the notes app read their notes.

    Args:
        world: where it happens.
        user: who.
        browser: theirs; a new one by default.
        settings: of the notes app.

    Returns:
        The last page of the browser: the notes.
    """
    name, app = world.people[user].name, world.configure(settings)
    browser = browser or world.browser(user)

    # (A) The application sends the browser away, with what it wants and a challenge.
    yield from visit(browser, app.address("/login"), f"{name} presses Log in at the application.")
    if settings.takes("par"):
        carried, spec = "its own name, and the name of the request that it has handed over.", "RFC 9126 §4"
    else:
        carried = "what it wants, a state, and the hash of a secret that it keeps (PKCE)."
        spec = "RFC 6749 §4.1.1, RFC 7636 §4.3"
    yield from follow(
        browser, f"The application sends the browser to the authorization server: {carried}", spec
    )
    # (B) The server finds out who that is, and asks whether they allow it.
    yield from log_in(world, browser, user)
    # (C) The browser comes back with a code; (D) the application redeems it; (E) and gets the tokens.
    yield from follow(
        browser,
        "The server sends the browser back with a code. It is of no use without the application's secret.",
        "RFC 6749 §4.1.2, RFC 9207 §2",
    )
    yield from follow(browser, "The application takes the code out of the address bar.")
    # The access token is good for the API.
    return (yield from visit(browser, app.address("/notes"), f"{name} opens the notes.", "RFC 6750 §2.1"))
