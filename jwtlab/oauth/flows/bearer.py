"""The bearer flow in four steps: request, access, validation, expiry. Whoever bears the token is let in (RFC 6750)."""

from __future__ import annotations

from jwtlab.oauth.authorization_server.tokens import ACCESS_LIFETIME
from jwtlab.oauth.flows.client_credentials import api_request, needed, token_request
from jwtlab.oauth.http.messages import Response
from jwtlab.oauth.http.steps import Steps, call
from jwtlab.oauth.world import World

SERVICE = "report-service"


def bearer(world: World) -> Steps[Response]:
    """A service gets a token, uses it, meets its end, and gets the next one.

    Args:
        world: where it happens; its clock is moved on.

    Returns:
        The API's last answer.
    """
    name = world.server.clients[SERVICE].name
    form = {"grant_type": "client_credentials", "scope": "notes:read"}

    # 1. Request: credentials for a token.
    answer = yield from call(
        name,
        token_request(world, SERVICE, form),
        "Request: the client shows its credentials to the authorization server, and asks for a token.",
        "RFC 6749 §4.4.2",
    )
    # 2. Access, and 3. validation: the API needs the server's public key, and nothing else of it.
    token = needed(answer, "access_token")
    yield from call(
        name,
        api_request(token),
        "Access and validation: the client sends the token; the API checks the signature with the server's "
        "public key, then the claims. It does not ask the server about this token.",
        "RFC 6750 §2.1, RFC 9068 §4",
    )
    # 4. Expiry: the old token is refused, and the client asks for a new one.
    world.wait(ACCESS_LIFETIME)
    yield from call(
        name,
        api_request(token),
        "Expiry: a quarter of an hour later the same token is refused. Nobody had to take it away.",
        "RFC 6750 §3.1",
    )
    answer = yield from call(
        name,
        token_request(world, SERVICE, form),
        "The client asks for a new token, as it did before.",
        "RFC 6749 §4.4.2",
    )
    return (yield from call(name, api_request(needed(answer, "access_token")), "The new token is good."))
