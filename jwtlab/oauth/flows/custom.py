"""Custom authorization: roles, permissions, owners, delegation. A scope is not a permission (RFC 9068 §2.2.3)."""

from __future__ import annotations

from jwtlab.oauth.client import ClientSettings
from jwtlab.oauth.flows.client_credentials import api_request
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.flows.token_exchange import exchange_token
from jwtlab.oauth.http.messages import Response
from jwtlab.oauth.http.steps import Steps, call, follow, submit, visit
from jwtlab.oauth.world import World


def custom(world: World, user: str = "bob") -> Steps[Response]:
    """Somebody's application may write (scope), but they may not (role).

    Args:
        world: where it happens.
        user: who; bob may read the team's notes and not write them, alice may do both.

    Returns:
        The archive's answer at the end.
    """
    name, browser = world.people[user].name, world.browser(user)
    app = world.configure(ClientSettings(scope="profile notes:read notes:write"))

    yield from visit(browser, app.address("/login"), f"{name} presses Log in at the application.")
    yield from follow(browser, "The application asks for reading and writing.", "RFC 6749 §4.1.1")
    yield from log_in(world, browser, user)
    yield from follow(
        browser,
        f"The token that the application gets says what {name} has allowed it (scope), and who {name} is (roles).",
        "RFC 9068 §2.2.3",
    )
    yield from follow(browser, "The application has its tokens.")
    yield from submit(
        browser,
        {"text": "hello"},
        f"{name} writes a note for the team. The scope allows the application to ask; whether {name} may do it is "
        "for the API to decide, by role.",
    )
    token = _access_token(world)
    other = "alice" if user != "alice" else "bob"
    yield from call(
        app.name,
        api_request(token, f"/people/{other}/notes"),
        f"A changed name in the address asks for {other}'s notes. The API compares it with the token's sub.",
    )
    return (yield from exchange_token(world, token))


def _access_token(world: World) -> str:
    held = [each for each in world.network.trace.tokens if each.parts.header.get("typ") == "at+jwt"]
    return held[-1].text if held else ""
