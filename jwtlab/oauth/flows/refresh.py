"""Refresh: a new access token without the person (RFC 6749 §6), and a new refresh token with it (RFC 9700 §4.14.2)."""

from __future__ import annotations

from jwtlab.oauth.authorization_server.tokens import ACCESS_LIFETIME
from jwtlab.oauth.flows.authorization_code import authorization_code
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.steps import Steps, visit
from jwtlab.oauth.world import World


def refresh(world: World, user: str = "alice") -> Steps[Page]:
    """Somebody comes back to the application after the access token has expired.

    Args:
        world: where it happens; its clock is moved on.
        user: who.

    Returns:
        The last page: the notes, read with a refreshed token.
    """
    name, app = world.people[user].name, world.app
    browser = world.browser(user)
    yield from authorization_code(world, user, browser)
    world.wait(ACCESS_LIFETIME + 1)
    return (
        yield from visit(
            browser,
            app.address("/notes"),
            f"A quarter of an hour later {name} opens the notes again. The API refuses the old token; the "
            "application trades its refresh token for a new pair, and asks once more.",
            "RFC 6749 §1.5",
        )
    )
