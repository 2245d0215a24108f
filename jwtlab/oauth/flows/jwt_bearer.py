"""JWT bearer grant: a service signs an assertion for a user; no browser, no password (RFC 7523 §2.1)."""

from __future__ import annotations

from jwtlab.oauth import protocol
from jwtlab.oauth.flows.client_credentials import api_request, needed
from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.http.steps import Steps, call
from jwtlab.oauth.world import ISSUER, World


def jwt_bearer(world: World, user: str = "alice") -> Steps[Response]:
    """A service reads somebody's notes; an administrator has approved that beforehand.

    Args:
        world: where it happens.
        user: for whom; only alice has been approved.

    Returns:
        The API's answer.
    """
    credentials = world.credentials["crm-sync"]
    assertion = credentials.assertion(user, ISSUER, world.clock(), world.secret(12))
    answer = yield from call(
        "CRM sync",
        Request.make(
            "POST", f"{ISSUER}/token", form={"grant_type": protocol.JWT_BEARER, "assertion": assertion}
        ),
        "The service signs an assertion with its own key: for this user, for this server, for one minute. The "
        "server checks it with the public key that was registered once.",
        "RFC 7523 §2.1, §3",
    )
    return (
        yield from call(
            "CRM sync",
            api_request(needed(answer, "access_token")),
            "The access token is signed with the server's key, and checked with that: two keys, two signers. "
            "When it has expired, the service signs a new assertion.",
            "RFC 6750 §2.1",
        )
    )
