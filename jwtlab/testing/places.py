"""Where an attack may be sent: to this machine, and nowhere else.

Two guards. An address is read before anything is sent to it. And while an attack runs, no connection of
this process leaves the machine, whoever opens it: the application under test, a client, a proxy.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from jwtlab.errors import UsageError


class RefusedAddress(UsageError):
    """Nothing was sent: the address is neither loopback nor in this process."""


def is_loopback(host: str | None) -> bool:
    """Is this host this machine? A name other than ``localhost`` is not looked up, and is not."""
    if host is None:
        return False
    name = host.lower().rstrip(".")
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def check_address(url: str) -> str:
    """The address itself, if it leads to this machine.

    Raises:
        RefusedAddress: it leads elsewhere, or is no address of HTTP.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise RefusedAddress(f"{url!r} is no address: {error}") from error
    if parts.scheme not in ("http", "https") or not host:
        raise RefusedAddress(f"{url!r} is no address: write it whole, such as http://127.0.0.1:8000/notes")
    if not is_loopback(host):
        raise RefusedAddress(
            f"nothing was sent to {host}: attacks go to this machine only, because to attack other people's "
            "systems without their permission is a crime nearly everywhere. Start your application on "
            "127.0.0.1, or hand over its test client"
        )
    return url


class Stopped(OSError):
    """What the application under test sees of a connection that would have left this machine."""


_LOCK = threading.Lock()


_LOOK_UPS = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.gethostbyaddr": 0}
_EVENTS = _LOOK_UPS | {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.getnameinfo": 0}
"""What Python tells of before a socket does it (PEP 578), and where the host stands among the arguments."""


class _Guard:
    """Refuses connections to other machines while ``depth`` is above zero."""

    def __init__(self) -> None:
        self.depth, self.installed = 0, False
        self.stopped: list[str] = []

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.depth or event not in _EVENTS:
            return
        named = arguments[_EVENTS[event]]
        host = named if event in _LOOK_UPS else _host(named)
        if isinstance(host, bytes):
            host = host.decode("ascii", "replace")
        if host in (None, "") or is_loopback(host):
            return
        if event in _LOOK_UPS and host in (socket.gethostname(), "0.0.0.0", "::"):
            return  # a server of the application's own asks for this machine's name before it listens
        self.stopped.append(str(host))
        raise Stopped(
            f"a connection to {host} was stopped: while an attack runs, nothing leaves this machine. "
            "Point your application at an issuer (and a database) on 127.0.0.1"
        )


def _host(address: Any) -> str | None:
    """Of an address of a socket; a path in the file system has none."""
    return str(address[0]) if isinstance(address, tuple) and address else None


_GUARD = _Guard()


@contextmanager
def nothing_leaves() -> Iterator[list[str]]:
    """While this holds, connections and look-ups of other hosts are stopped; gives the hosts that were meant.

    It is an audit hook (PEP 578), so that nobody's own reference to a socket gets around it.
    """
    with _LOCK:
        if not _GUARD.installed:
            sys.addaudithook(_GUARD.hook)
            _GUARD.installed = True
        _GUARD.depth += 1
        begin = len(_GUARD.stopped)
    stopped: list[str] = []
    proxies = {name: os.environ.get(name) for name in ("NO_PROXY", "no_proxy")}
    os.environ.update(
        dict.fromkeys(proxies, "*")
    )  # a proxy of the environment is another machine, or leads to one
    try:
        yield stopped
    finally:
        for name, value in proxies.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        with _LOCK:
            _GUARD.depth -= 1
            stopped += dict.fromkeys(_GUARD.stopped[begin:])


def check_stopped(stopped: Iterable[str]) -> None:
    """Good tokens and good logins have no business elsewhere.

    Raises:
        RefusedAddress: the application wanted to leave this machine, and was stopped.
    """
    hosts = ", ".join(stopped)
    if hosts:
        raise RefusedAddress(
            f"your application wanted to reach {hosts}, and was stopped: while it is attacked, nothing leaves "
            "this machine. Point it at the issuer of the test (issuer.issuer, issuer.jwks_uri)"
        )
