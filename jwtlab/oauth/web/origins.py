"""Origins and sites: what a browser takes for one place, and what for one household.

An origin is scheme, host and port (RFC 6454 §4). A site is scheme and registrable domain (HTML, "same site"): the
port does not count. The registrable domain is one label more than the public suffix; the real list of public
suffixes has thousands of rows, of which `PUBLIC_SUFFIXES` has a handful. For a name that no row fits, the list's own
rule holds that the last label is the suffix.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from jwtlab.errors import UsageError

PUBLIC_SUFFIXES = frozenset(
    {"co.uk", "org.uk", "com.au", "co.jp", "com.br", "github.io", "pages.dev", "web.app"}
)
"""Some names of two labels under which strangers live side by side."""

_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@dataclass(frozen=True)
class Origin:
    """Scheme, host and port.

    Attributes:
        scheme: in small letters.
        host: in small letters; an IPv6 address without brackets.
        port: the scheme's own if the address names none.
    """

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Origin:
        """The origin of an address.

        Raises:
            UsageError: it has none: no host, or a scheme without ports.
        """
        try:
            parts = urlsplit(url)
            port = parts.port if parts.port is not None else _PORTS.get(parts.scheme)
        except ValueError:
            parts, port = urlsplit(""), None
        if not parts.hostname or port is None:
            raise UsageError(f"{url[:80]!r} has no origin; an address such as https://app.example/ has one")
        return cls(parts.scheme, parts.hostname.rstrip("."), port)

    @property
    def is_trustworthy(self) -> bool:
        """Over TLS, or on this machine (Secure Contexts §3.1): there Secure cookies and service workers work."""
        return self.scheme in ("https", "wss") or is_loopback(self.host)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")


def is_loopback(host: str) -> bool:
    """This machine: 127.0.0.0/8, ::1, localhost and every name under it ("localhost" names always mean it)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = as_address(host)
    return address is not None and address.is_loopback


def as_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that a host is written as, if it is one."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def registrable_domain(host: str) -> str:
    """One label more than the public suffix; an address, and a name that is itself a suffix, stay as they are."""
    labels = host.lower().rstrip(".").split(".")
    if as_address(host) is not None or len(labels) < 2:
        return host.lower()
    suffix = 2 if ".".join(labels[-2:]) in PUBLIC_SUFFIXES else 1
    return ".".join(labels[-suffix - 1 :])


def site(url: str) -> str:
    """Scheme and registrable domain, as a text."""
    origin = Origin.of(url)
    return f"{origin.scheme}://{registrable_domain(origin.host)}"


def same_origin(one: str, other: str) -> bool:
    """May a script of the one reach into the other?"""
    return Origin.of(one) == Origin.of(other)


def same_site(one: str, other: str) -> bool:
    """Do cookies with SameSite travel between them?"""
    return site(one) == site(other)
