"""What the application and Mallory need to know of the stage that they are on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from jwtlab.oauth.browser_app.places import Places
from jwtlab.oauth.http.network import Network


class Setting(Protocol):
    """See `jwtlab.oauth.browser_app.stage.Stage`."""

    places: Places
    design: str
    network: Network
    in_library: str
    clock: Callable[[], float]
    random: Callable[[int], bytes]

    @property
    def defences(self) -> frozenset[str]: ...
