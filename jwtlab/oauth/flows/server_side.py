"""A login by a library (OpenID Connect Core §3.1): the same messages, and nobody of us has written them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.steps import Steps, follow, visit
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.server_side.place import DIARY, deploy
from jwtlab.oauth.world import World


def server_side(
    world: World,
    user: str = "alice",
    browser: UserAgent | None = None,
    app: Callable[[World], Any] | None = None,
) -> Steps[Page]:
    """Somebody logs in at a web application in which Authlib does the login.

    Args:
        world: where it happens.
        user: who.
        browser: theirs; a new one by default.
        app: ``world -> WSGI application`` with the pages ``/login`` and ``/callback``; the lab's diary by default.

    Returns:
        The last page of the browser.
    """
    if DIARY not in world.network.origins:
        deploy(world, app or _diary())
    browser = browser or world.browser(user)
    name = world.people[user].name
    yield from visit(browser, f"{DIARY}/login", f"{name} presses Log in at the diary.")
    yield from follow(
        browser,
        "The library has drawn a state, a nonce and a verifier, and keeps them in the session. The browser carries the "
        "first two, and the hash of the third.",
        "OpenID Connect Core §3.1.2.1, RFC 7636 §4.3",
    )
    yield from log_in(world, browser, user)
    page = yield from follow(
        browser,
        "Back with the code and the state. The library looks for this state in this browser's session.",
        "RFC 6749 §4.1.2, §10.12",
    )
    if page.redirect:
        page = yield from follow(browser, "Logged in: the code is gone from the address bar.")
    return page


def _diary() -> Callable[[World], Any]:
    from jwtlab.oauth.server_side.diary import create_diary  # loads Authlib, which other flows can do without

    return create_diary
