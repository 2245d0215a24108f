"""DPoP: tokens that are of no use to a thief, because each use is signed with a key (RFC 9449)."""

from __future__ import annotations

from jwtlab.oauth.flows.authorization_code import SETTINGS, authorization_code
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.steps import Steps
from jwtlab.oauth.world import World


def dpop(world: World, user: str = "alice", *, nonce: bool = False) -> Steps[Page]:
    """The code flow; the tokens are bound to a key of the application.

    Args:
        world: where it happens.
        user: who.
        nonce: the server and the API demand a nonce in each proof (RFC 9449 §8, §9).

    Returns:
        The last page: the notes.
    """
    if nonce:
        world.demand_nonces()
    settings = SETTINGS.replace(dpop_key=world.key("ES256", "client"))
    return (yield from authorization_code(world, user, settings=settings))
