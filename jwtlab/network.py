"""HTTP without a network: https origins that lead to WSGI applications in the same process.

Nothing can leave the machine: an address that leads to no application of the lab is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from jwtlab.errors import UsageError


class _Nowhere(httpx.BaseTransport):
    """Where every address leads that is not in the lab."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self.known = known

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise UsageError(
            f"{request.url.scheme}://{request.url.host} is not in the lab; there are: {', '.join(self.known)}. "
            "Nothing here opens a connection to anywhere else"
        )


def client(applications: Mapping[str, Any], base_url: str = "") -> httpx.Client:
    """A client that reaches these applications, and nothing else.

    Args:
        applications: origin (such as ``"https://notes.example"``) → WSGI application.
        base_url: what a path alone is taken to mean.

    Returns:
        An ``httpx.Client`` that keeps cookies and follows no redirects by itself. It takes no
        proxies or credentials from the environment.
    """
    mounts = {origin: httpx.WSGITransport(app=app) for origin, app in applications.items()}
    nowhere = _Nowhere(tuple(applications))
    return httpx.Client(transport=nowhere, mounts=mounts, base_url=base_url, trust_env=False)
