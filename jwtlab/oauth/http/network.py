"""The network of the lab: https origins that lead to WSGI applications, and a record of all that is said.

No socket is opened: an address that leads to no application of the lab is refused. The applications may
call one another through the same network, and that is recorded too.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import httpx

from jwtlab.checks import Report
from jwtlab.errors import UsageError
from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.http.recorder import noting
from jwtlab.oauth.http.trace import Trace

WSGI = Callable[..., Any]


class Network:
    """Who can be reached, and what was said.

    Args:
        clock: ``() -> seconds since 1970``, for the record.

    Attributes:
        trace: the record.
    """

    def __init__(self, clock: Callable[[], float] = lambda: 0.0) -> None:
        self.trace = Trace()
        self._clock = clock
        self._parties: dict[str, tuple[str, WSGI]] = {}
        self._numbers = itertools.count(1)
        self._last = 0

    @property
    def origins(self) -> Mapping[str, str]:
        """Origin → name of the party that answers there."""
        return {origin: name for origin, (name, _) in self._parties.items()}

    def add(self, origin: str, name: str, application: WSGI) -> None:
        """Let an application answer at an origin.

        Args:
            origin: scheme, host and, if it is not the scheme's own, port: ``"https://as.example"``.
            name: how the record calls it.
            application: the WSGI application.

        Raises:
            UsageError: this is no origin, or somebody answers there already.
        """
        if _origin(origin) != origin or not split(origin).netloc:
            raise UsageError(f"{origin!r} is no origin; write scheme and host, such as https://as.example")
        if origin in self._parties:
            raise UsageError(f"{self._parties[origin][0]} answers at {origin} already")
        self._parties[origin] = (name, application)

    def replace(self, origin: str, name: str, application: WSGI) -> None:
        """Let another application answer at an origin, in place of whoever did so before; otherwise as `add`."""
        self._parties.pop(origin, None)
        self.add(origin, name, application)

    def client(self, sender: str, base_url: str = "") -> httpx.Client:
        """A client of this party's, whose requests are recorded.

        Args:
            sender: how the record calls whoever sends.
            base_url: what a path alone is taken to mean.

        Returns:
            An ``httpx.Client`` that keeps cookies, follows no redirects by itself, and takes no
            proxies or credentials from the environment.
        """
        return httpx.Client(transport=_Recorder(self, sender), base_url=base_url, trust_env=False)

    def deliver(self, sender: str, request: httpx.Request, says: str = "", spec: str = "") -> httpx.Response:
        """Bring a request to its receiver, and record both sides.

        Args:
            sender: who sends it.
            request: what is sent.
            says, spec: what it is for, for the record.

        Raises:
            UsageError: nobody answers at this origin.
        """
        opened = self.begin(sender, Request.of(request), says, spec)
        _, application = self._parties[_origin(str(request.url))]
        response: Response | None = None
        with noting() as reports:
            try:
                answer = httpx.WSGITransport(app=application).handle_request(_joined(request))
                response = Response.of(answer)
                return answer
            finally:
                self.finish(opened, response, reports)

    def begin(self, sender: str, request: Request, says: str = "", spec: str = "") -> Exchange:
        """Note a request; the answer is given later with `finish`.

        Raises:
            UsageError: nobody answers at this origin.
        """
        origin = _origin(request.url)
        if origin not in self._parties:
            raise UsageError(
                f"{origin} is not in the lab; there are: {', '.join(self._parties) or 'none'}. "
                "Nothing here opens a connection to anywhere else"
            )
        self._last = next(self._numbers)
        exchange = Exchange(
            self._last,
            sender,
            self._parties[origin][0],
            request,
            None,
            (),
            self._clock(),
            0,
            says,
            spec,
            True,
        )
        self.trace.add(exchange)
        return exchange

    def finish(
        self, opened: Exchange, response: Response | None, reports: Iterable[tuple[str, Report]] = ()
    ) -> Exchange:
        """Note the answer to a request, and what its receiver checked."""
        exchange = replace(
            opened, response=response, reports=tuple(reports), answered_after=self._last, waiting=False
        )
        self.trace.add(exchange)
        return exchange

    def answers_at(self, url: str) -> WSGI | None:
        """The application behind an address."""
        found = self._parties.get(_origin(url))
        return found[1] if found else None


class _Recorder(httpx.BaseTransport):
    def __init__(self, network: Network, sender: str) -> None:
        self._network, self._sender = network, sender

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._network.deliver(self._sender, request)


def _joined(request: httpx.Request) -> httpx.Request:
    """Headers of one name as one, with a comma between them, as every web server hands them on (RFC 9110 §5.3)."""
    names = [name.lower() for name, _ in request.headers.raw]
    if len(set(names)) == len(names):
        return request
    pairs: dict[bytes, bytes] = {}
    for name, value in request.headers.raw:
        key, comma = name.lower(), b"; " if name.lower() == b"cookie" else b", "
        pairs[key] = pairs[key] + comma + value if key in pairs else value
    return httpx.Request(request.method, request.url, headers=list(pairs.items()), stream=request.stream)


_PORTS = {"http": ":80", "https": ":443"}


def _origin(url: str) -> str:
    """Scheme, host and port; the port of the scheme itself is left off (RFC 6454 §6.2)."""
    parts = split(url)
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(_PORTS.get(parts.scheme, ':'))}"
