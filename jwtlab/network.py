"""HTTP without a network: https origins that lead to WSGI applications in the same process.

Nothing can leave the machine: an address that leads to no application of the lab is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from jwtlab.errors import UsageError


class _Lab(httpx.BaseTransport):
    """The whole internet: origin → application. An origin is scheme, host and port (RFC 6454 §4)."""

    def __init__(self, applications: Mapping[str, Any]) -> None:
        self.known = {origin: httpx.WSGITransport(app=app) for origin, app in applications.items()}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
        transport = self.known.get(origin)
        if transport is None:
            raise UsageError(
                f"{origin} is not in the lab; there are: {', '.join(self.known)}. "
                "Nothing here opens a connection to anywhere else"
            )
        return transport.handle_request(request)


def client(applications: Mapping[str, Any], base_url: str = "") -> httpx.Client:
    """A client that reaches these applications, and nothing else.

    Args:
        applications: origin (such as ``"https://notes.example"``) → WSGI application.
        base_url: what a path alone is taken to mean.

    Returns:
        An ``httpx.Client`` that keeps cookies and follows no redirects by itself. It takes no
        proxies or credentials from the environment.
    """
    return httpx.Client(transport=_Lab(applications), base_url=base_url, trust_env=False)
