"""``jwtlab board`` on its socket: loopback, or the class's own network if that was asked for in words."""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from waitress.server import create_server

from jwtlab.board import PORT
from jwtlab.board.app import LONGEST, Board
from jwtlab.board.store import BoardStore
from jwtlab.board.teacher import KeyGuard
from jwtlab.errors import UsageError
from jwtlab.loopback import is_loopback, own_address

ANY = ("0.0.0.0", "::")


@dataclass(frozen=True)
class BoardOptions:
    """What ``jwtlab board`` was told.

    Attributes:
        host: where it listens; empty for loopback, or for every network of this machine with ``others``.
        port: 0 takes a free one.
        store: the file in which it keeps everything.
        others: other machines are meant to reach it.
        as_json: describe it as one line of JSON.
    """

    host: str = ""
    port: int = PORT
    store: str = "board.sqlite"
    others: bool = False
    as_json: bool = False


def place(options: BoardOptions) -> str:
    """The address of this machine at which it listens.

    Raises:
        UsageError: others could reach it, and nobody asked for that.
    """
    host = options.host or (ANY[0] if options.others else "127.0.0.1")
    if not options.others and not is_loopback(host):
        raise UsageError(
            f"{host} can be reached from other machines. If you mean that, say so: add --reachable-by-others"
        )
    return host


def run(options: BoardOptions) -> int:
    """Serve until SIGTERM or SIGINT; gives the exit code.

    A JupyterHub that starts it as a service says in its environment where to listen and under which path
    (JupyterHub's documentation, "Launching Hub-Managed Services"); then these win over the options.

    Raises:
        UsageError: the port or the file cannot be used, or others could reach it unasked.
    """
    hub = hub_place(os.environ)
    host, port, prefix = hub or (place(options), options.port, "")
    store = BoardStore(options.store, time.time)
    front = Front()
    try:
        server = create_server(front, host=host, port=port, **_LIMITS)
    except OSError as error:
        store.close()
        raise UsageError(
            f"port {port} on {host} cannot be used ({error.strerror}); --port 0 takes a free one"
        ) from error
    port = server.effective_port
    shown = own_address() if host in ANY else host
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    local = f"http://127.0.0.1:{port}" if host in ANY else address
    board = Board(store, address, KeyGuard(store, str(port)), prefix)
    front.app = board.app
    if not options.others and not hub:
        front.hosts = frozenset(f"{name}:{port}" for name in (host, "localhost", "127.0.0.1"))
    reach = _REACH["hub" if hub else "others" if options.others else "loopback"]
    _until_told(server, store, lambda: _announce(board, "" if hub else local, options, reach))
    return 0


def hub_place(environment: Mapping[str, str]) -> tuple[str, int, str] | None:
    """Host, port and path that a JupyterHub gives its service, or ``None`` if none has started us.

    Raises:
        UsageError: the service has no address.
    """
    prefix = environment.get("JUPYTERHUB_SERVICE_PREFIX")
    if prefix is None or "JUPYTERHUB_SERVICE_NAME" not in environment:
        return None
    parts = urlsplit(environment.get("JUPYTERHUB_SERVICE_URL", ""))
    if not parts.hostname or not parts.port:
        raise UsageError('the service of the hub has no address; give it "url": "http://127.0.0.1:8766"')
    return parts.hostname, parts.port, prefix.rstrip("/")


_LIMITS = {
    "threads": 6,
    "connection_limit": 2000,  # a class of 300 keeps as many connections open for a while
    "asyncore_use_poll": True,  # select() ends at 1024 of them
    "channel_timeout": 30,
    "max_request_body_size": 2 * LONGEST,
    "max_request_header_size": 16 * 1024,
    "ident": None,
    "clear_untrusted_proxy_headers": True,
}
_REACH = {
    "hub": "Learners reach it on the hub's machine, and nobody from outside without the hub.",
    "others": "Whoever is in this network can reach it. It speaks plain HTTP: what is sent can be read on the way.",
    "loopback": "Only programs on this machine reach it; for the class's own network add --reachable-by-others.",
}


def _until_told(server: Any, store: BoardStore, ready: Any) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):  # told once is enough
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue is no cause for alarm
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    ready()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        store.close()


class Front:
    """Stands at the socket before the port is known, and answers under its own names only.

    A page of another site whose name was pointed at this machine (DNS rebinding) would otherwise talk to it.
    """

    app: Any = None
    hosts: frozenset[str] | None = None

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        if self.hosts is not None and environ.get("HTTP_HOST", "").lower() not in self.hosts:
            start_response("421 Misdirected Request", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"This board answers under its own address only.\n"]
        answer: Iterable[bytes] = self.app(environ, start_response)
        return answer


def _announce(board: Board, local: str, options: BoardOptions, reach: str) -> None:
    address = board.address + board.prefix
    teacher = f"{local}{board.prefix}/teacher/?key={board.store.key}"
    if options.as_json:
        print(json.dumps({"address": address, "word": board.store.word, "teacher": teacher}), flush=True)
        return
    print("For the beamer")
    print(f"  address  {address}")
    print(f"  word     {board.store.word}")
    print(f'  in a notebook: import jwtlab; jwtlab.board.join("{address}", "{board.store.word}", name="…")')
    print(f"For you, and nobody else: {teacher}")
    print(f"Everything is kept in {options.store}, and nowhere else. {reach}")
    print("End with Ctrl+C.", flush=True)
