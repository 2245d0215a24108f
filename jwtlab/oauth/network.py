"""The network of the lab: https origins that lead to WSGI applications, and a recorder of all that is said.

No socket is opened: an address that leads to no application of the lab is refused. The applications may
call one another through the same network, and that is recorded too.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpx

from jwtlab.checks import Report
from jwtlab.errors import UsageError
from jwtlab.oauth.trace import Exchange, Request, Response, Trace

WSGI = Callable[..., Any]
_reports: ContextVar[list[tuple[str, Report]] | None] = ContextVar("reports", default=None)


def record_report(name: str, report: Report) -> Report:
    """Note what an application has checked; it appears in the exchange that is being answered.

    Args:
        name: of the decision, such as ``"authorization request"``.
        report: what came out.

    Returns:
        The report, so that the call may stand around the check.
    """
    noted = _reports.get()
    if noted is not None:
        noted.append((name, report))
    return report


@contextmanager
def _noting() -> Iterator[list[tuple[str, Report]]]:
    noted: list[tuple[str, Report]] = []
    before = _reports.set(noted)
    try:
        yield noted
    finally:
        _reports.reset(before)


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
        url = httpx.URL(origin)
        if _origin(url) != origin:
            raise UsageError(f"{origin!r} is no origin; write scheme and host, such as https://as.example")
        if origin in self._parties:
            raise UsageError(f"{self._parties[origin][0]} answers at {origin} already")
        self._parties[origin] = (name, application)

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

    def deliver(self, sender: str, request: httpx.Request) -> httpx.Response:
        """Bring a request to its receiver, and record both sides.

        Raises:
            UsageError: nobody answers at this origin.
        """
        origin = _origin(request.url)
        if origin not in self._parties:
            raise UsageError(
                f"{origin} is not in the lab; there are: {', '.join(self._parties) or 'none'}. "
                "Nothing here opens a connection to anywhere else"
            )
        name, application = self._parties[origin]
        number, at = next(self._numbers), self._clock()
        sent = Request(
            request.method, str(request.url.copy_with(fragment=None)), _pairs(request.headers), request.read()
        )
        response: Response | None = None
        with _noting() as reports:
            try:
                answer = httpx.WSGITransport(app=application).handle_request(request)
                body = answer.read()
                response = Response(answer.status_code, answer.reason_phrase, _pairs(answer.headers), body)
                return answer
            finally:
                self.trace.add(Exchange(number, sender, name, sent, response, tuple(reports), at))


class _Recorder(httpx.BaseTransport):
    def __init__(self, network: Network, sender: str) -> None:
        self._network, self._sender = network, sender

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._network.deliver(self._sender, request)


def _origin(url: httpx.URL) -> str:
    """Scheme, host and port; the port of the scheme itself is left off (RFC 6454 §6.1)."""
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _pairs(headers: httpx.Headers) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)
