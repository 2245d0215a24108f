"""Fetching what a stranger has named, without being sent into one's own network (server-side request forgery).

Whoever may tell a server what to fetch sees with its eyes: the server reaches addresses that the stranger cannot.
So a name is resolved once, every address that it leads to is looked at, and the connection goes to the address that
was looked at. A second look-up might give another one (DNS rebinding). Redirects are not followed, and there are
limits on time and size.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx

from jwtlab.errors import UsageError
from jwtlab.oauth.http.addresses import split

Resolve = Callable[[str, int], Sequence[str]]
"""``(host, port) -> addresses``; none if the name leads nowhere."""

SECONDS = 5.0
"""For all of it, from the connection to the last octet."""

_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that a gateway turns into the IPv4 address in their last 32 bits (RFC 6052 §2.1)."""

_NOT_GLOBAL = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "3fff::/20", "5f00::/16")))
"""Blocks that are not reachable from everywhere (the IANA special-purpose address registries), and that ``is_global``
takes or refuses depending on how old Python is: so no answer depends on the machine."""

_METADATA = frozenset({"168.63.129.16"})
"""Where clouds tell a machine its secrets, at an address that looks public. The others (169.254.169.254,
fd00:ec2::254, 100.100.100.200) are link-local, private or shared, and refused as such."""


def is_public(address: str) -> bool:
    """Is this the address of a host that everybody can reach?

    Args:
        address: IPv4 or IPv6, as text. Whatever is no address is not public.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inside = _inside(found)
        if inside is not None:
            return is_public(str(inside))
    special = found.is_multicast or found.is_reserved or found.is_unspecified
    special = special or any(found in each for each in _NOT_GLOBAL)
    return found.is_global and not special and str(found) not in _METADATA


def _inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that this one only wraps."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def resolve(host: str, port: int) -> tuple[str, ...]:
    """What this machine's resolver says about a name; an address stands for itself, however it is written.

    ``0x7f.1`` and ``2130706433`` are ways to write 127.0.0.1: the resolver turns them into what would be connected to.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(where[0]).partition("%")[0] for *_, where in found))


@dataclass(frozen=True)
class Fetched:
    """What came back.

    Attributes:
        status: of the response.
        content_type: the media type, in small letters, without parameters.
        body: as much as was wanted, and one octet more if there was more.
        cache_control: the header, or an empty text.
    """

    status: int
    content_type: str
    body: bytes
    cache_control: str = ""

    @classmethod
    def of(cls, response: httpx.Response, body: bytes) -> Fetched:
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return cls(response.status_code, media_type, body, response.headers.get("Cache-Control", ""))


Fetch = Callable[[str, str, int], Fetched]
"""``(url, address, most octets) -> Fetched``; raises ``OSError`` or ``httpx.HTTPError`` if nothing comes."""


def fetch(url: str, address: str, most: int, *, verify: object = True, seconds: float = SECONDS) -> Fetched:
    """GET a document from one address that was looked at before.

    The request names the host, and TLS checks its certificate for that name; but the connection goes to the address.
    The environment's proxy is not used: it would look the name up once more, and connect by itself.

    Args:
        url: ``https``.
        address: where to connect.
        most: octets; one more is read, so that it can be seen that there were more.
        verify: as of ``httpx``.
        seconds: for all of it.

    Raises:
        httpx.HTTPError: there was no answer, or not in time.
        UsageError: this is no address.
    """
    found: list[Fetched | Exception] = []

    def run() -> None:
        try:
            found.append(_fetch(url, address, most, verify, seconds))
        except Exception as error:
            found.append(error)

    # The limits of httpx are for each piece that comes; whoever sends one letter at a time would hold the server.
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise httpx.ReadTimeout("the document did not come in time")
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


def _fetch(url: str, address: str, most: int, verify: object, seconds: float) -> Fetched:
    parts = split(url)
    host = parts.hostname or ""
    target = httpx.URL(url).copy_with(host=address)
    headers = {"Host": parts.netloc, "Accept": "application/json", "Accept-Encoding": "identity"}
    end = time.monotonic() + seconds
    body = b""
    with (
        httpx.Client(trust_env=False, follow_redirects=False, timeout=seconds, verify=verify) as client,  # type: ignore[arg-type]
        client.stream("GET", target, headers=headers, extensions={"sni_hostname": host}) as response,
    ):
        for piece in response.iter_raw():
            body += piece
            if time.monotonic() > end:
                raise httpx.ReadTimeout("the document did not come in time")
            if len(body) > most:
                break
        return Fetched.of(response, body[: most + 1])


def host_and_port(url: str) -> tuple[str, int]:
    """Of an address; the port of its scheme, if it names none.

    Raises:
        UsageError: it is none.
    """
    parts = split(url)
    if not parts.hostname:
        raise UsageError(f"{url[:80]!r} names no host")
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
