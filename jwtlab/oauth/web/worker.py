"""The service worker of an origin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jwtlab.oauth.http.messages import Request
from jwtlab.oauth.web.origins import Origin
from jwtlab.oauth.web.reply import Reply


@dataclass
class ServiceWorker:
    """A script that stands between the pages of an origin and the network. No page can look into it.

    Attributes:
        url: where its script came from.
        fetch: sends a request of its own.
        on_fetch: ``request -> Reply``, or ``None`` to let it pass.
        on_message: ``message -> answer``.
    """

    url: str
    fetch: Callable[[Request], Reply] = field(repr=False)
    on_fetch: Callable[[Request], Reply | None] = lambda request: None
    on_message: Callable[[Any], Any] = lambda message: None

    @property
    def origin(self) -> str:
        """Whose requests it sees."""
        return str(Origin.of(self.url))

    @property
    def query(self) -> dict[str, str]:
        """The parameters of its own address."""
        return dict(parse_qsl(urlsplit(self.url).query))
