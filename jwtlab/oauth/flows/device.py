"""Device authorization: a television shows a code, the person approves on another device (RFC 8628)."""

from __future__ import annotations

from jwtlab.oauth import protocol
from jwtlab.oauth.flows.client_credentials import api_request, member, needed, token_request
from jwtlab.oauth.flows.login_steps import log_in
from jwtlab.oauth.http.messages import Response
from jwtlab.oauth.http.steps import Steps, call, submit, visit
from jwtlab.oauth.world import ISSUER, World

DEVICE = "Television"


def device(world: World, user: str = "alice") -> Steps[Response]:
    """Somebody connects a television without typing a password on it.

    Args:
        world: where it happens; its clock is moved on while the television waits.
        user: who.

    Returns:
        The API's answer to the television.
    """
    name, browser = world.people[user].name, world.browser(user)
    asked = token_request(world, "television", {"scope": "openid profile notes:read"})
    shown = yield from call(
        DEVICE,
        asked.at(f"{ISSUER}/device_authorization"),
        "The television asks for two codes: one for itself, one to show.",
        "RFC 8628 §3.1",
    )
    poll = {"grant_type": protocol.DEVICE_CODE, "device_code": needed(shown, "device_code")}
    yield from call(
        DEVICE,
        token_request(world, "television", poll),
        "The television asks whether somebody has approved. Nobody has.",
        "RFC 8628 §3.4",
    )
    yield from visit(
        browser,
        member(shown, "verification_uri") or f"{ISSUER}/device",
        f"{name} opens the address that the television shows, on a telephone.",
        "RFC 8628 §3.3",
    )
    yield from log_in(world, browser, user)
    page = yield from submit(
        browser,
        {"user_code": needed(shown, "user_code")},
        f"{name} types the code from the screen.",
        "RFC 8628 §3.3",
    )
    if page.forms:
        yield from submit(
            browser,
            None,
            f"{name} sees which device that is, and presses Allow.",
            "RFC 8628 §3.3",
            press="Allow",
        )
    world.wait(5)
    answer = yield from call(
        DEVICE,
        token_request(world, "television", poll),
        "Five seconds have passed. The television asks again, and gets its tokens.",
        "RFC 8628 §3.5",
    )
    return (
        yield from call(
            DEVICE,
            api_request(needed(answer, "access_token")),
            "The television reads the notes.",
            "RFC 6750 §2.1",
        )
    )
