"""The lab's small browser with the cookies of today: SameSite counts, and so does who began."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.http.network import Network
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.user_agent import Navigation, UserAgent
from jwtlab.oauth.web.cookies import CookieStore, Occasion


class StrictBrowser(UserAgent):
    """A `UserAgent` whose cookies go along as RFC 10025 says.

    A redirect is on behalf of the page on which somebody pressed or followed a link; the first address that
    is typed is on behalf of nobody.

    Args:
        network: what it is connected to.
        name: how the record calls it.
        clock: ``() -> seconds since 1970``.

    Attributes:
        kept: a `CookieStore`.
    """

    def __init__(
        self, network: Network, name: str = "Browser", clock: Callable[[], float] = lambda: 0.0
    ) -> None:
        super().__init__(network, name)
        self.kept = CookieStore(clock)
        self._occasion = Occasion()

    def opening(self, url: str) -> Navigation:
        """What `open` would send."""
        self._occasion = Occasion()
        return super().opening(url)

    def submitting(
        self, values: Mapping[str, str] | None = None, *, press: str = "", form: int = 0
    ) -> Navigation:
        """What `submit` would send."""
        self._occasion = Occasion(self.page.url if self.page else "")
        return super().submitting(values, press=press, form=form)

    def arrive(self, navigation: Navigation, response: Response, request: Request | None = None) -> Page:
        """Show what came back, and keep its cookies."""
        sent = request or navigation.request
        for name, value in response.headers:
            if name.lower() == "set-cookie":
                self.kept.receive(value, sent.url, replace(self._occasion, method=sent.method))
        return super().arrive(navigation, response, request)

    def _prepare(self, method: str, url: str, data: Mapping[str, str] | None = None) -> Navigation:
        going = super()._prepare(method, url, data)
        others = tuple(pair for pair in going.request.headers if pair[0].lower() != "cookie")
        line = self.kept.header(going.request.url, replace(self._occasion, method=method))
        headers = (*others, ("Cookie", line)) if line else others
        return replace(going, request=replace(going.request, headers=headers))
