"""OpenID Connect: the code flow, and a signed word about who has logged in (OpenID Connect Core §3.1)."""

from __future__ import annotations

from dataclasses import replace

from jwtlab.oauth.client import ClientSettings
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.steps import Steps, follow, visit
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.world import World


def openid_connect(world: World, user: str = "alice", browser: UserAgent | None = None) -> Steps[Page]:
    """Somebody logs in at the notes app, which knows nothing of the server but its name.

    Args:
        world: where it happens.
        user: who.
        browser: theirs; a new one by default.

    Returns:
        The last page: the application greets them.
    """
    name = world.people[user].name
    browser = browser or world.browser(user)
    strangers = {key: replace(each, metadata={}, keys=None) for key, each in world.app.providers.items()}
    app = world.configure(ClientSettings(scope="openid profile email notes:read"), providers=strangers)

    yield from visit(browser, app.address("/login"), f"{name} presses Log in at the application.")
    yield from follow(
        browser,
        "The application asks for openid, and sends a nonce along that has to come back inside the ID token.",
        "OpenID Connect Core §3.1.2.1",
    )
    yield from log_in(world, browser, user)
    yield from follow(
        browser,
        "The browser brings the code. The application redeems it, checks the ID token with the server's keys, "
        "and asks for the name.",
        "OpenID Connect Core §3.1.3",
    )
    yield from follow(browser, "The application greets the person whom the ID token names.")
    return (yield from visit(browser, app.address("/notes"), f"{name} opens the notes.", "RFC 6750 §2.1"))
