"""Names and addresses in the lab: what a name leads to, and documents fetched through the lab's network."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable

import httpx

from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.http.guarded import Fetched
from jwtlab.oauth.http.network import Network

PUBLIC = "192.31.196.1"
"""Where the lab's names lead unless it is said. It is public, and a sink by purpose, nobody's machine (RFC 7535)."""


class Directory:
    """Says where names lead, and fetches from there.

    Args:
        network: of the lab.
        sender: how the record calls whoever fetches.

    A name may lead to several addresses, or to others each time: `point` takes them in turn.
    """

    def __init__(self, network: Network, sender: str) -> None:
        self._network, self._sender = network, sender
        self._names: dict[str, list[tuple[str, ...]]] = {}

    def point(self, name: str, *answers: str | Iterable[str]) -> None:
        """Whoever owns a name lets it lead wherever he likes.

        Args:
            name: such as ``"printer.mallory.example"``.
            answers: an address or several, for the first look-up, the second one and so on; the last one stays.
        """
        self._names[name.lower()] = [(each,) if isinstance(each, str) else tuple(each) for each in answers]

    def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """What a name leads to now; an address stands for itself."""
        try:
            return (str(ipaddress.ip_address(host)),)
        except ValueError:
            pass
        answers = self._names.get(host.lower())
        if answers is None:
            known = any(split(origin).hostname == host.lower() for origin in self._network.origins)
            return (PUBLIC,) if known else ()
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def fetch(self, url: str, address: str, most: int) -> Fetched:
        """GET a document from an address; no redirect is followed.

        Raises:
            OSError: nobody answers there.
        """
        response = self.get(url, address)
        return Fetched.of(response, response.read()[: most + 1])

    def get(self, url: str, address: str) -> httpx.Response:
        """One request to an address; the network knows the public ones by their names.

        Raises:
            OSError: nobody answers there.
        """
        parts = split(url)
        host = f"[{address}]" if ":" in address else address
        port = f":{parts.port}" if parts.port else ""
        inside = f"{parts.scheme}://{host}{port}"
        target = parts._replace(netloc=f"{host}{port}").geturl() if inside in self._network.origins else url
        if address != PUBLIC and target == url and parts.hostname != address:
            raise OSError(f"nobody answers at {address}")
        if self._network.answers_at(target) is None:
            raise OSError(f"nobody answers at {address}")
        request = httpx.Request("GET", target, headers={"Accept": "application/json"})
        return self._network.deliver(self._sender, request, "fetch the document that is the client's name")


Point = Callable[..., None]
"""As `Directory.point`."""
