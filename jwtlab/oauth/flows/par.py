"""Pushed authorization request: what is asked for no longer passes through the browser (RFC 9126)."""

from __future__ import annotations

from jwtlab.oauth.flows.authorization_code import SETTINGS, authorization_code
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.steps import Steps
from jwtlab.oauth.world import World


def par(world: World, user: str = "alice") -> Steps[Page]:
    """The code flow, with the request handed over by the back channel.

    Args:
        world: where it happens.
        user: who.

    Returns:
        The last page: the notes.
    """
    settings = SETTINGS.replace(features=SETTINGS.features | {"par"})
    return (yield from authorization_code(world, user, settings=settings))
