"""A small extension of the Jupyter server: it prints the address once the server listens.

Before that nobody knows it: another program may take the port in between, and a certificate, a base
URL or another host may stand in the learner's own Jupyter configuration.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

EVERY_INTERFACE = ("", "*", "0.0.0.0", "::")


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "jwtlab.address"}]


def _load_jupyter_server_extension(app: Any) -> None:
    if os.environ.get("JUPYTERHUB_SERVICE_PREFIX"):
        return  # under a hub the address is the hub's

    def say() -> None:
        print("\n".join(words(app, sys.argv)), flush=True)

    # The server takes its port in a callback that is added after this one; so a second round comes after it.
    app.io_loop.add_callback(app.io_loop.add_callback, say)


def words(app: Any, command: Sequence[str]) -> list[str]:
    """What the learner is told.

    Args:
        app: the running ``ServerApp``.
        command: its command line. A token that stands there is shown; one out of a configuration is not.
    """
    address = urlsplit(
        app.local_url if app.ip in EVERY_INTERFACE and not app.custom_display_url else app.public_url
    )
    token = app.identity_provider.token
    shown = bool(token) and any(word.endswith(f".token={token}") for word in command)
    address = address._replace(query=urlencode({"token": token}) if shown else "")
    return [f"Address: {address.geturl()}", "To stop: Ctrl+C in this window."]
