"""Token exchange: an API that goes on to another one asks for a token for just that (RFC 8693)."""

from __future__ import annotations

from jwtlab.oauth import protocol
from jwtlab.oauth.flows.authorization_code import authorization_code
from jwtlab.oauth.flows.client_credentials import api_request, needed, token_request
from jwtlab.oauth.http.messages import Response
from jwtlab.oauth.http.steps import Steps, call
from jwtlab.oauth.world import API_NAME, ARCHIVE, World


def token_exchange(world: World, user: str = "alice") -> Steps[Response]:
    """The API needs something from the archive, for the person who asked.

    Args:
        world: where it happens.
        user: who.

    Returns:
        The archive's answer.
    """
    yield from authorization_code(world, user)
    seen = world.network.trace.tokens
    received = seen[-1].text if seen else ""
    return (yield from exchange_token(world, received))


def exchange_token(world: World, received: str) -> Steps[Response]:
    """The two messages of the exchange: a token for a token, then its use."""
    answer = yield from call(
        API_NAME,
        token_request(
            world,
            "notes-api",
            {
                "grant_type": protocol.TOKEN_EXCHANGE,
                "subject_token": received,
                "subject_token_type": protocol.ACCESS_TOKEN_TYPE,
                "audience": ARCHIVE,
                "scope": "notes:read",
            },
        ),
        "The API may not pass the token on: it is meant for the API. It trades it for one that is meant for the "
        "archive, and in which stands who acts for whom.",
        "RFC 8693 §2.1, §4.1",
    )
    return (
        yield from call(
            API_NAME,
            api_request(needed(answer, "access_token"), api=ARCHIVE),
            "The API asks the archive in the person's name, as itself.",
            "RFC 6750 §2.1",
        )
    )
