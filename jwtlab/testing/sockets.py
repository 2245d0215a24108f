"""A WSGI application on a loopback socket, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from jwtlab.errors import UsageError

HOST = "127.0.0.1"
POLL = 0.02
"""Seconds after which the thread notices that it is to end."""


class _Silent(WSGIRequestHandler):
    """Nothing is printed: a test's output is the test's."""

    def log(self, type: str, message: str, *args: Any) -> None:
        return


class LoopbackServer:
    """Begins to listen with `start`; `stop` lets go of the port, and `start` takes the same one again.

    Args:
        app: a WSGI application.
        port: 0 takes a free one.

    Attributes:
        port: where it listens; 0 before the first start with a free one.
    """

    def __init__(self, app: Callable[..., Any], port: int = 0) -> None:
        self._app, self.port = app, port
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def listens(self) -> bool:
        return self._server is not None

    def start(self) -> None:
        """Listen; nothing happens if it does already.

        Raises:
            UsageError: the port is taken.
        """
        if self._server is not None:
            return
        try:
            server = make_server(HOST, self.port, self._app, threaded=True, request_handler=_Silent)
        except (OSError, SystemExit) as error:  # werkzeug leaves the program where a port is taken
            raise UsageError(f"port {self.port} on {HOST} is taken; port=0 takes a free one") from error
        self.port = server.port
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(POLL,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """From now on a connection is refused."""
        server, thread = self._server, self._thread
        self._server = self._thread = None
        if server is None or thread is None:
            return
        server.shutdown()
        thread.join()
        server.server_close()


class Down:
    """A silence: for good, or for the length of a ``with``.

    Args:
        up: ends it.
    """

    def __init__(self, up: Callable[[], None]) -> None:
        self._up = up

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        self._up()
