"""``jwtlab board`` on its socket: loopback, or the class's own network if that was asked for in words."""

from __future__ import annotations

import ipaddress
import json
import logging
import signal
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from types import FrameType
from typing import Any

from waitress.server import create_server

from jwtlab.board import PORT
from jwtlab.board.app import LONGEST, Board, Guard
from jwtlab.board.store import BoardStore
from jwtlab.board.teacher import KeyGuard
from jwtlab.errors import UsageError

THREADS = 6
CONNECTIONS = 2000
"""A class of 300 keeps as many connections open for a while."""
ANY = ("0.0.0.0", "::")


@dataclass(frozen=True)
class Options:
    """What ``jwtlab board`` was told.

    Attributes:
        host: where it listens; empty for loopback, or for every network of this machine with ``others``.
        port: 0 takes a free one.
        store: the file in which it keeps everything.
        others: other machines are meant to reach it.
        hub: it runs as a service of a JupyterHub.
        as_json: describe it as one line of JSON.
    """

    host: str = ""
    port: int = PORT
    store: str = "board.sqlite"
    others: bool = False
    hub: bool = False
    as_json: bool = False


def place(options: Options) -> str:
    """The address of this machine at which it listens.

    Raises:
        UsageError: others could reach it, and nobody asked for that.
    """
    host = options.host or (ANY[0] if options.others else "127.0.0.1")
    if not options.others and not _is_loopback(host):
        raise UsageError(
            f"{host} can be reached from other machines. If you mean that, say so: add --reachable-by-others"
        )
    return host


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def own_address() -> str:
    """The address that this machine has in its network, or loopback if it has none. Nothing is sent for it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # RFC 5737: an address that belongs to nobody
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def run(options: Options) -> int:
    """Serve until SIGTERM or SIGINT; gives the exit code."""
    front = Front()
    host = place(options)
    if options.hub:
        from jwtlab.board import hub

        settings = hub.settings()
        host, options = settings.host, settings.told(options)
    store = BoardStore(options.store, time.time)
    try:
        server = create_server(
            front,
            host=host,
            port=options.port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,
            channel_timeout=30,
            max_request_body_size=2 * LONGEST,
            max_request_header_size=16 * 1024,
            ident=None,
            clear_untrusted_proxy_headers=True,
        )
    except OSError as error:
        store.close()
        raise UsageError(
            f"port {options.port} on {host} cannot be used ({error.strerror}); --port 0 takes a free one"
        ) from error
    port = server.effective_port
    shown = own_address() if host in ANY else host
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    local = f"http://127.0.0.1:{port}" if host in ANY else address
    guard: Guard = KeyGuard(store, str(port))
    prefix = ""
    if options.hub:
        address, prefix, guard = settings.address, settings.prefix, hub.HubGuard(settings)
        local = address
    board = Board(store, address, guard, prefix)
    if options.hub:
        hub.add_log_in(board, guard)
    front.app = board.app
    if not options.others and not options.hub:
        front.hosts = frozenset({f"{host}:{port}", f"localhost:{port}", f"127.0.0.1:{port}"})
    _until_told(server, store, lambda: _announce(board, local, options))
    return 0


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


def _announce(board: Board, local: str, options: Options) -> None:
    teacher = f"{local}{board.prefix}/teacher/"
    if not options.hub:
        teacher += f"?key={board.store.key}"
    join = f'jwtlab.board.join("{board.address}{board.prefix}", "{board.store.word}", name="…")'
    if options.as_json:
        told = {"address": board.address + board.prefix, "word": board.store.word, "teacher": teacher}
        print(json.dumps(told), flush=True)
        return
    print("For the beamer")
    print(f"  address  {board.address}{board.prefix}")
    print(f"  word     {board.store.word}")
    print(f"  in a notebook: import jwtlab; {join}")
    print(f"For you, and nobody else: {teacher}")
    print(f"Everything is kept in {options.store}, and nowhere else. {_reach(board, options)}")
    print("End with Ctrl+C.", flush=True)


def _reach(board: Board, options: Options) -> str:
    if options.hub:
        return "Learners reach it through the hub."
    if options.others:
        return (
            "Whoever is in this network can reach it; what is sent to it can be read on the way, because it "
            "speaks plain HTTP."
        )
    return (
        "Only programs on this machine can reach it; for the class's own network add --reachable-by-others."
    )
