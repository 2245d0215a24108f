"""A web application whose login is done by a library (Authlib), inside the lab's network.

`LabOAuth` is Authlib's ``OAuth`` for Flask with the lab's network, clock and dice; nothing of its protocol is
touched. `deploy` puts an application into a world, `deployment` one behind a proxy, as it is at work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jwtlab.oauth.server_side.behind_a_proxy import BROKEN, Deployment, Played, play
    from jwtlab.oauth.server_side.diary import create_diary
    from jwtlab.oauth.server_side.library import LabOAuth
    from jwtlab.oauth.server_side.place import CALLBACK, CLIENT, DIARY, SECRET, deploy
    from jwtlab.oauth.server_side.sessions import StoredSessions, cookie_of, session_of_cookie
    from jwtlab.oauth.server_side.strict_browser import StrictBrowser
    from jwtlab.oauth.server_side.tampering import Noticed, tamper

_WHERE = {
    "BROKEN": "behind_a_proxy",
    "CALLBACK": "place",
    "CLIENT": "place",
    "DIARY": "place",
    "SECRET": "place",
    "Deployment": "behind_a_proxy",
    "LabOAuth": "library",
    "Noticed": "tampering",
    "Played": "behind_a_proxy",
    "StoredSessions": "sessions",
    "StrictBrowser": "strict_browser",
    "cookie_of": "sessions",
    "create_diary": "diary",
    "deploy": "place",
    "play": "behind_a_proxy",
    "session_of_cookie": "sessions",
    "tamper": "tampering",
}
__all__ = [
    "BROKEN",
    "CALLBACK",
    "CLIENT",
    "DIARY",
    "SECRET",
    "Deployment",
    "LabOAuth",
    "Noticed",
    "Played",
    "StoredSessions",
    "StrictBrowser",
    "cookie_of",
    "create_diary",
    "deploy",
    "play",
    "session_of_cookie",
    "tamper",
]


_NEEDED = ("authlib", "joserfc", "requests")


def __getattr__(name: str) -> Any:
    """Loaded when asked for: Authlib takes its time, and only this room needs it (PEP 562).

    Raises:
        AttributeError: there is no such name.
        ModuleNotFoundError: Authlib is not installed; it says how to get it.
    """
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    try:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _NEEDED:
            raise
        words = (
            f"lesson 41 needs {missing}, which is not installed here; pip install authlib requests brings it"
        )
        raise ModuleNotFoundError(words, name=missing) from None
