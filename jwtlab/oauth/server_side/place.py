"""Where the application of lesson 41 lives, and how it comes into a world."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.world import World

DIARY = "https://diary.example"
CALLBACK = f"{DIARY}/callback"
CLIENT = "diary"
SECRET = "diary-secret-for-lessons"
NAME = "Diary"

MakeApp = Callable[[World], Any]
"""``world -> WSGI application``."""


def deploy(world: World, make: MakeApp, origin: str = DIARY, name: str = NAME) -> Any:
    """Let an application answer in a world, and register it at the world's authorization server.

    Args:
        world: where.
        make: makes the application.
        origin: where it answers.
        name: how the record calls it.

    Returns:
        The application.

    Raises:
        UsageError: somebody answers there already.
    """
    register(world)
    app = make(world)
    world.network.add(origin, name, app)
    return app


def register(world: World) -> None:
    """The diary becomes a client of the world's authorization server, if it is none yet."""
    world.server.clients.setdefault(
        CLIENT,
        Client(
            CLIENT,
            NAME,
            "client_secret_basic",
            SECRET,
            redirect_uris=(CALLBACK,),
            post_logout_redirect_uris=(f"{DIARY}/",),
            scope="openid profile email",
        ),
    )
