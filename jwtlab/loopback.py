"""This machine, as others and it itself call it: its loopback addresses, and its address in the network."""

from __future__ import annotations

import ipaddress
import socket


def is_loopback(host: str | None) -> bool:
    """Is this the loopback interface: 127.0.0.0/8, ::1, or the name ``localhost``?

    No name is looked up. For redirect URIs ``localhost`` is not recommended (RFC 8252 §8.3), and named by
    RFC 9700 §4.1.3.
    """
    try:
        return host is not None and ipaddress.ip_address(host).is_loopback
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
