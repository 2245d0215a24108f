"""A phone in miniature: apps that register for addresses, and an app that brings its own browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.http.network import Network
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.user_agent import Navigation, UserAgent


@dataclass
class App:
    """Something that is installed.

    Attributes:
        name: for people, and as which a host knows it.
        schemes: private-use URI schemes that it has registered; nobody checks whose they are (RFC 8252 §7.1).
        hosts: https hosts that it claims (§7.2).
        opened: the addresses that it was opened with.
    """

    name: str
    schemes: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    opened: list[str] = field(default_factory=list)


class Phone:
    """It opens an address with the app that has registered for it.

    Args:
        vouches: host → names of the apps that the host itself names as its own, in a file that the phone fetches
            from it when an app is installed.
    """

    def __init__(self, vouches: Mapping[str, tuple[str, ...]]) -> None:
        self._vouches = vouches
        self.apps: list[App] = []

    def install(self, app: App) -> App:
        self.apps.append(app)
        return app

    def candidates(self, address: str) -> list[App]:
        """Every app that may open this address: for https only those for which the host vouches."""
        parts = urlsplit(address)
        if parts.scheme == "https":
            named = self._vouches.get(parts.hostname or "", ())
            return [each for each in self.apps if parts.hostname in each.hosts and each.name in named]
        if parts.scheme == "http":
            return []
        return [each for each in self.apps if parts.scheme in each.schemes]

    def open(self, address: str) -> App | None:
        """Open an address; of several apps the one that was installed last gets it, and nobody is asked.

        Returns:
            The app, or ``None`` if the address stays in the browser.
        """
        found = self.candidates(address)
        if not found:
            return None
        found[-1].opened.append(address)
        return found[-1]


class WebView(UserAgent):
    """A browser inside an app: the app sees all that happens in it, and has all that is kept in it (§8.12).

    Attributes:
        seen: what the app has seen: names and values of forms, and cookies.
    """

    def __init__(self, network: Network, name: str) -> None:
        super().__init__(network, name)
        self.seen: dict[str, str] = {}

    def submitting(
        self, values: Mapping[str, str] | None = None, *, press: str = "", form: int = 0
    ) -> Navigation:
        self.seen.update(values or {})
        return super().submitting(values, press=press, form=form)

    def arrive(self, navigation: Navigation, response: Response, request: Request | None = None) -> Page:
        page = super().arrive(navigation, response, request)
        self.seen.update({each.name: str(each.value) for each in self.cookies.jar})
        return page
