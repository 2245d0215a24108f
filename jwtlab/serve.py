"""``jwtlab serve``: the authorization server and the API on a loopback socket, with the real clock and real randomness.

For a real browser, curl, Postman, or any client library. It is a place to learn and to test in, not a product:
its people's passwords stand in a public file, unless ``--people`` brings others.
"""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
from collections.abc import Iterable
from types import FrameType
from typing import Any
from urllib.parse import quote

from waitress.server import create_server

from jwtlab.errors import UsageError
from jwtlab.loopback import is_loopback
from jwtlab.oauth.resource_server import FETCH_PAUSE
from jwtlab.served import PORT, Options, Served

__all__ = ["PORT", "Options", "Served", "check_host", "run"]

THREADS = 2
"""More of them only wait for one another: Python runs one at a time, and signing takes most of it."""

SENT_TOGETHER = 64 * 1024
"""Bytes of an answer that wait for its end, and are then sent in one piece by the thread that has the sockets.

Otherwise waitress sends head and body one by one where the answer is made. Each time Python's lock is let go, and the
threads then fight for it: that cost a third of the server's time and a fifth of the client's (benchmarks/RESULTS.md).
"""


def check_host(host: str, remote: bool, own_people: bool = False) -> None:
    """Only this machine, unless told twice.

    Args:
        host: where it is to listen.
        remote: another host than loopback is meant seriously.
        own_people: the passwords are not the public ones of the lab.

    Raises:
        UsageError: others could reach it.
    """
    if is_loopback(host):
        return
    if not remote:
        why = (
            "what is said to this server is not encrypted, so passwords can be read on the way"
            if own_people
            else "the passwords of this server stand in a public file"
        )
        raise UsageError(
            f"{host} can be reached from other machines, and {why}. "
            "If you mean it, say so twice: add --reachable-by-others"
        )
    if own_people:
        words = (
            f"{host} is reached over HTTP without encryption: whoever can listen on the network reads "
            "passwords and tokens. Use a network that you trust, and passwords that are used nowhere else."
        )
    else:
        words = (
            f"whoever reaches {host} can log in as everybody: the passwords are public. "
            "--people FILE brings people of your own."
        )
    print(f"jwtlab: WARNING: {words}", file=sys.stderr)


def run(options: Options, as_json: bool = False) -> int:
    """Serve until SIGTERM or SIGINT; gives the exit code."""
    check_host(options.host, options.remote, options.people is not None)
    front = _Front(options.remote)
    try:
        server = create_server(
            front,
            host=options.host,
            port=options.port,
            threads=THREADS,
            ident=None,
            clear_untrusted_proxy_headers=True,
            max_request_header_size=32 * 1024,
        )
    except OSError as error:
        raise UsageError(
            f"port {options.port} on {options.host} cannot be used ({error.strerror}); --port 0 takes a free one"
        ) from error
    server.adj.send_bytes = SENT_TOGETHER  # as an argument it warns, which some have turned into errors
    port = server.effective_port
    host = f"[{options.host}]" if ":" in options.host else options.host
    try:
        served = Served(f"http://{host}:{port}", options)
    except BaseException:
        server.close()
        raise
    front.app, front.issuer = served.app, served.issuer
    front.keys = served.server.keys

    front.hosts = frozenset({f"{host}:{port}", f"localhost:{port}"} | ({host} if port == 80 else set()))

    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):  # told once is enough
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    if hasattr(signal, "SIGUSR1"):  # SIGHUP stays what it is: the end, when the terminal is closed
        signal.signal(signal.SIGUSR1, lambda *_: front.rotate())
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue is no cause for alarm
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    _announce(served.description(), as_json)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        served.close()
    return 0


class _Front:
    """Stands at the socket before the issuer's address is known, because the port may be a free one.

    It answers under its own name only: a page of another site whose name was pointed at this machine (DNS
    rebinding) would otherwise read the people's passwords.

    Args:
        any_host: others are meant to reach it, under names that it cannot know.
    """

    app: Any = None
    keys: Any = None
    hosts: frozenset[str] = frozenset()

    issuer: str = ""

    def __init__(self, any_host: bool) -> None:
        self.any_host = any_host
        self._rotation = threading.Event()

    def rotate(self) -> None:
        """SIGUSR1: a new signing key, announced before the next answer."""
        self._rotation.set()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "").lower()
        page = environ["REQUEST_METHOD"] == "GET" and "text/html" in environ.get("HTTP_ACCEPT", "")
        if host.startswith("localhost:") and host in self.hosts and page:
            # Cookies and forms belong to one address: a person who typed the other name goes on at the issuer's.
            there = self.issuer + environ["PATH_INFO"] + (f"?{q}" if (q := environ["QUERY_STRING"]) else "")
            start_response("307 Temporary Redirect", [("Location", quote(there, safe=":/?&=%+~-._;,"))])
            return [b""]
        if not self.any_host and host not in self.hosts:
            start_response("421 Misdirected Request", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"This server answers under its own address only.\n"]
        if (
            self._rotation.is_set()
        ):  # not in the signal's handler: that may come in the middle of a transaction
            self._rotation.clear()
            # Published now, used when every verifier that searches at the usual rate can have seen it.
            self.keys.rotate(delay=FETCH_PAUSE)
        answer: Iterable[bytes] = self.app(environ, start_response)
        return answer


def _announce(description: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(description), flush=True)
        return
    print(f"Authorization server  {description['issuer']}")
    print(f"Its metadata          {description['issuer']}/.well-known/openid-configuration")
    print(f"API                   {description['api']}/me and /notes")
    print(f"Mailbox               {description['mailbox']}")
    print("Clients               " + ", ".join(each["client_id"] for each in description["clients"]))
    print("People                " + _people(description["users"]))
    if "desk" in description:
        print(f"Clients' secrets      {description['desk']} (keep this address to yourself)")
        print("End with Ctrl+C.", flush=True)
    else:
        print("Their secrets: open the first address in a browser. End with Ctrl+C.", flush=True)


SHOWN = 12
"""People on one line before the rest is counted."""


def _people(users: list[dict[str, Any]]) -> str:
    """Everybody, with the password where it is public anyway."""
    shown = [
        f"{each['username']} / {each['password']}" if each["password"] else each["username"]
        for each in users[:SHOWN]
    ]
    more = f" and {len(users) - SHOWN} more" if len(users) > SHOWN else ""
    return ", ".join(shown) + more
