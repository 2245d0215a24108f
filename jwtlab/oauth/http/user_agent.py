"""A browser in miniature: cookies, forms, one redirect at a time, and a fragment that never leaves it.

It goes no step by itself: whoever drives it (a flow, a widget, a test) sees every redirect before it is
followed, and may change it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

import httpx

from jwtlab.errors import UsageError
from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.http.network import Network
from jwtlab.oauth.http.page import Form, Page, read_page


@dataclass(frozen=True)
class Navigation:
    """Where the browser is about to go.

    Attributes:
        address: what will stand in the address bar, fragment and all.
        request: what is sent.
    """

    address: str
    request: Request


class UserAgent:
    """Somebody's browser.

    `open`, `follow`, `click` and `submit` go somewhere at once. `opening`, `following` and `submitting` only
    say what would be sent; `arrive` takes the answer, whoever sent the request and whatever became of it.

    Args:
        network: what it is connected to.
        name: how the record calls it, such as ``"Alice's browser"``.

    Attributes:
        page: what it shows, or ``None`` before the first address.
        history: every address that stood in the address bar, fragments and all.
    """

    def __init__(self, network: Network, name: str = "Browser") -> None:
        self.name = name
        self.page: Page | None = None
        self.history: list[str] = []
        self._network = network
        self._client = network.client(name)

    def second_tab(self) -> UserAgent:
        """Another tab: another page and another history, the same cookies."""
        tab = UserAgent(self._network, self.name)
        tab._client = self._client
        return tab

    @property
    def cookies(self) -> httpx.Cookies:
        """The cookie jar."""
        return self._client.cookies

    def open(self, url: str) -> Page:
        """Type an address; a redirect in the answer is shown and not followed.

        Raises:
            UsageError: nobody answers there.
        """
        return self._go(self.opening(url))

    def follow(self, redirect: str = "") -> Page:
        """Go where the page wants to send us (or to a changed address).

        A fragment of the redirect stays in the address bar. If it has none, that of the page before
        is kept (RFC 9110 §10.2.2).

        Raises:
            UsageError: the page is no redirect.
        """
        return self._go(self.following(redirect))

    def follow_all(self, most: int = 20) -> Page:
        """Follow redirects until a page comes.

        Raises:
            UsageError: there are more than ``most`` of them in a row.
        """
        for _ in range(most):
            if not self._current().redirect:
                return self._current()
            self.follow()
        raise UsageError(f"{most} redirects in a row: they seem to go round in circles")

    def click(self, label: str) -> Page:
        """Follow a link.

        Raises:
            UsageError: there is no such link; the message lists those there are.
        """
        links = self._current().links
        if label not in links:
            raise UsageError(f"there is no link {label!r}; there are: {', '.join(links) or 'none'}")
        return self._go(self.opening(links[label]))

    def submit(self, values: Mapping[str, str] | None = None, *, press: str = "", form: int = 0) -> Page:
        """Fill in a form and send it.

        Args:
            values: name → value for fields that the form has.
            press: the label of the button; by default the first one.
            form: which form of the page, from 0.

        Raises:
            UsageError: there is no such form, field or button; the message lists those there are.
        """
        return self._go(self.submitting(values, press=press, form=form))

    def opening(self, url: str) -> Navigation:
        """What `open` would send."""
        return self._prepare("GET", url)

    def following(self, redirect: str = "") -> Navigation:
        """What `follow` would send."""
        page = self._current()
        target = redirect or page.redirect
        if not target:
            raise UsageError(f"{_place(page.url)} answered {page.status} and sends the browser nowhere")
        if not split(target).fragment and split(page.url).fragment:
            target = f"{urldefrag(target).url}#{split(page.url).fragment}"
        return self._prepare("GET", target)

    def submitting(
        self, values: Mapping[str, str] | None = None, *, press: str = "", form: int = 0
    ) -> Navigation:
        """What `submit` would send."""
        page = self._current()
        if not 0 <= form < len(page.forms):
            shown = f"; it says: {page.text_shown[:200]}" if page.text_shown else ""
            raise UsageError(
                f"{_place(page.url)} has {len(page.forms)} forms; there is no form {form}{shown}"
            )
        found = page.forms[form]
        unknown = [name for name in values or {} if name not in found.fields]
        if unknown:
            raise UsageError(f"the form has no field {unknown[0]!r}; there are: {', '.join(found.fields)}")
        filled = {**found.fields, **(values or {}), **_pressed(found, press)}
        if found.method == "GET":
            return self._prepare("GET", str(httpx.URL(found.action, params=filled)))
        return self._prepare("POST", found.action, filled)

    def arrive(self, navigation: Navigation, response: Response, request: Request | None = None) -> Page:
        """Show what came back.

        Args:
            navigation: what was about to be sent.
            response: the answer.
            request: what was really sent, if somebody changed it on the way.
        """
        address = navigation.address
        if request is not None and request.url != navigation.request.url:
            fragment = split(address).fragment
            address = request.url + (f"#{fragment}" if fragment else "")
        if any(name.lower() == "set-cookie" for name, _ in response.headers):
            sent = (request or navigation.request).to_httpx()
            self._client.cookies.extract_cookies(response.to_httpx(sent))
        self.page = read_page(address, response)
        self.history.append(address)
        return self.page

    def _go(self, navigation: Navigation) -> Page:
        answer = self._network.deliver(self.name, navigation.request.to_httpx())
        return self.arrive(navigation, Response.of(answer))

    def _current(self) -> Page:
        if self.page is None:
            raise UsageError("the browser shows nothing yet; open an address first")
        return self.page

    def _prepare(self, method: str, url: str, data: Mapping[str, str] | None = None) -> Navigation:
        try:
            address = urljoin(self.page.url if self.page else "", url)
        except ValueError as error:
            raise UsageError(f"{url[:80]!r} is no address: {error}") from error
        split(address)  # what is no address is not sent
        headers = {}
        if method == "POST" and self.page is not None:
            headers["Origin"] = _origin_told(self.page, address)
        sent_to = urldefrag(address).url  # the fragment stays at home
        request = self._client.build_request(method, sent_to, data=data, headers=headers)
        return Navigation(address, Request.of(request))

    def __repr__(self) -> str:
        return f"<UserAgent {self.name!r} at {self.page.url if self.page else 'no page'}>"


def _place(url: str) -> str:
    """An address without its parameters, which are long and may be secret."""
    return url.partition("#")[0].partition("?")[0]


def _origin_told(page: Page, address: str) -> str:
    """The header ``Origin``: which site a POST comes from; that is how CSRF is noticed.

    A page's ``Referrer-Policy`` can hide it, even from the page's own server (Fetch standard, "append a request
    Origin header").
    """
    here, there = (split(each) for each in (page.url, address))
    same = (here.scheme, here.netloc) == (there.scheme, there.netloc)
    downgrade = here.scheme == "https" and there.scheme != "https"
    hidden = {"no-referrer": True, "same-origin": not same, "unsafe-url": False, "origin": False}
    return "null" if hidden.get(page.referrer_policy, downgrade) else f"{here.scheme}://{here.netloc}"


def _pressed(form: Form, label: str) -> dict[str, str]:
    if not label:
        buttons = form.buttons[:1]
    else:
        buttons = tuple(each for each in form.buttons if each[2] == label)
        if not buttons:
            there = ", ".join(each[2] for each in form.buttons) or "none"
            raise UsageError(f"there is no button {label!r}; there are: {there}")
    return {name: value for name, value, _ in buttons if name}
