"""A browser with scripts: it loads pages, runs the twins of their scripts, and keeps its rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urldefrag, urlencode, urljoin

from jwtlab.errors import UsageError
from jwtlab.jose.key import Key
from jwtlab.oauth.http.messages import FORM, Request, Response, header, text
from jwtlab.oauth.http.network import Network
from jwtlab.oauth.http.page import read_page
from jwtlab.oauth.web import cors
from jwtlab.oauth.web.cookies import SAFE_METHODS, CookieStore, Occasion
from jwtlab.oauth.web.csp import ContentSecurityPolicy
from jwtlab.oauth.web.markup import Script, read_markup
from jwtlab.oauth.web.origins import Origin, same_origin, same_site
from jwtlab.oauth.web.reply import Reply, reply_of
from jwtlab.oauth.web.rules import Blocked
from jwtlab.oauth.web.window import Window
from jwtlab.oauth.web.worker import ServiceWorker

T = TypeVar("T")
Twin = Callable[..., object]
"""Does with a `Window` (or a `ServiceWorker`) what a script does."""

MOST_REDIRECTS = 20
_NAME = re.compile(r"\s*/\* twin: ([a-z-]+) \*/")


@dataclass(frozen=True)
class _Going:
    """Where a page wants to go when its scripts have done."""

    initiator: str
    url: str
    form: Mapping[str, str] | None


class Browser:
    """Somebody's browser; its tabs share cookies, storage and service workers.

    Args:
        network: what it is connected to.
        name: how the record calls it.
        twins: name → what stands in for the script that begins with ``/* twin: name */``.
        clock: ``() -> seconds since 1970``.
        random: ``count -> bytes``.
        new_key: ``alg -> private key``, for keys that pages make.
        third_party_cookies: cookies go along, and are taken, where a page of one site asks another. Some browsers
            have ended that, whatever SameSite says; others leave it to a setting.

    Attributes:
        cookies: a `CookieStore`.
        workers: origin → `ServiceWorker`.
        window: what the tab shows.
        said: every refusal so far, in words.
    """

    def __init__(
        self,
        network: Network,
        name: str = "Browser",
        *,
        twins: Mapping[str, Twin] | None = None,
        clock: Callable[[], float] = lambda: 0.0,
        random: Callable[[int], bytes],
        new_key: Callable[[str], Key] = Key.generate,
        third_party_cookies: bool = True,
    ) -> None:
        self.third_party_cookies = third_party_cookies
        self.name, self.twins, self.clock, self.random, self.new_key = (
            name,
            dict(twins or {}),
            clock,
            random,
            new_key,
        )
        self.cookies = CookieStore(clock)
        self.workers: dict[str, ServiceWorker] = {}
        self.window: Window | None = None
        self.said: list[str] = []
        self._network = network
        self._storage: dict[str, dict[str, str]] = {}
        self._databases: dict[str, dict[str, Any]] = {}
        self._session: dict[str, dict[str, str]] = {}
        self._going: _Going | None = None

    def storage_of(self, origin: str) -> dict[str, str]:
        """``localStorage`` of an origin."""
        return self._storage.setdefault(origin, {})

    def database_of(self, origin: str) -> dict[str, Any]:
        """IndexedDB of an origin, as one table."""
        return self._databases.setdefault(origin, {})

    def worker_of(self, origin: str) -> ServiceWorker | None:
        """The service worker of an origin, if it has one."""
        return self.workers.get(origin)

    # Pages

    def open(self, url: str) -> Window:
        """Somebody types an address; the page loads, runs its scripts, and goes where they want to go.

        Raises:
            UsageError: nobody answers there, or it never comes to rest.
        """
        self._going = None
        self.window = self.load(url)
        return self._settle()

    def press(self, button: str) -> Window:
        """Somebody presses a button of the page."""
        if self.window is None:
            raise UsageError("the browser shows nothing yet; open an address first")
        self.window.click(button)
        return self._settle()

    def _settle(self) -> Window:
        for _ in range(MOST_REDIRECTS):
            going, self._going = self._going, None
            if going is None:
                break
            self.window = self.load(going.url, form=going.form, initiator_url=going.initiator)
        else:
            raise UsageError(
                f"{MOST_REDIRECTS} pages in a row send the browser on: they seem to go round in circles"
            )
        if self.window is None:  # it was opened before
            raise UsageError("the browser shows nothing")
        return self.window

    def go_later(self, window: Window, url: str, form: Mapping[str, str] | None) -> None:
        """A script wants to go elsewhere; the last one that says so counts. A frame only takes itself along."""
        if window.parent is None:
            self._going = _Going(window.location, url, form)

    def load(
        self,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        initiator: Window | None = None,
        initiator_url: str = "",
        parent: Window | None = None,
    ) -> Window:
        """Load a page, with its scripts; redirects are followed.

        Raises:
            UsageError: nobody answers there.
            Blocked: it does not want to be in this frame.
        """
        asks = initiator.location if initiator else initiator_url
        method = "GET" if form is None else "POST"
        for _ in range(MOST_REDIRECTS):
            at_home = parent is None or (same_site(parent.location, url) and parent.is_at_home)
            from_where = asks if at_home else "https://another.site.invalid/"
            occasion = Occasion(from_where, method, top_level=parent is None)
            headers = [("Host", _host(url))]
            if method != "GET":
                headers += [("Content-Type", FORM), ("Origin", str(Origin.of(asks)) if asks else "null")]
            body = urlencode(form or {}).encode() if method == "POST" else b""
            request = Request(method, urldefrag(url).url, tuple(headers), body)
            response = self._send(request, occasion, cookies=True)
            if not (300 <= response.status < 400 and response.location):
                return self._show(url, response, parent)
            url = urljoin(url, response.location)
            if response.status not in (307, 308):
                method = "GET"
        raise UsageError(f"{MOST_REDIRECTS} redirects in a row: they seem to go round in circles")

    def _show(self, url: str, response: Response, parent: Window | None) -> Window:
        if parent is not None:
            _may_be_framed(url, response, parent)
        origin = str(Origin.of(url))
        session = self._session.setdefault(origin, {})
        window = Window(self, read_page(url, response), response, session, parent)
        if header(response.headers, "content-type").startswith("text/html"):
            for script in read_markup(window.page.text).scripts:
                self._run_element(window, script)
        return window

    # Scripts

    def _run_element(self, window: Window, script: Script) -> None:
        try:
            if not script.source:
                window.csp.check_inline("script-src-elem", script.text, script.nonce)
                self._run_text(window, script.text)
                return
            target = urljoin(window.location, script.source)
            window.csp.check("script-src-elem", target, window.location, script.nonce)
            request = Request("GET", target, (("Host", _host(target)),))
            answer = self._send(request, Occasion(window.location, "GET", top_level=False), cookies=True)
            if answer.status == 200:
                self._run_text(window, text(answer.body))
        except Blocked as refusal:
            self._note(window, refusal)

    def run_handler(self, window: Window, script: str) -> None:
        """A script in an attribute, such as onerror."""
        try:
            window.csp.check_inline("script-src-attr", script)
        except Blocked as refusal:
            self._note(window, refusal)
            return
        self._run_text(window, script)

    def _run_text(self, window: Window, script: str) -> None:
        found = _NAME.match(script)
        twin = self.twins.get(found[1]) if found else None
        if twin is not None:
            self.run(window, lambda: twin(window))

    def run(self, window: Window, action: Callable[[], object]) -> None:
        """Run something for a page; a refusal that it does not catch ends it, and is written to the console."""
        try:
            action()
        except Blocked as refusal:
            self._note(window, refusal)

    def _note(self, window: Window, refusal: Blocked) -> None:
        window.console.append(str(refusal))
        self.said.append(str(refusal))

    def start_worker(self, url: str) -> None:
        """Start the service worker of an origin; one that runs already goes on."""
        origin = str(Origin.of(url))
        answer = self._send(
            Request("GET", url, (("Host", _host(url)),)), Occasion(url, top_level=False), cookies=True
        )
        found = _NAME.match(text(answer.body))
        if answer.status == 200 and found and found[1] in self.twins and origin not in self.workers:
            self.workers[origin] = worker = ServiceWorker(url, self._fetch_of_worker(origin))
            self.twins[found[1]](worker)

    # Requests

    def _fetch_of_worker(self, origin: str) -> Callable[[Request], Reply]:
        return lambda request: self.fetch_for(f"{origin}/", request, "same-origin", "cors", True)

    def fetch_for(self, page: str, request: Request, credentials: str, mode: str, at_home: bool) -> Reply:
        """A request of a script, under the rules of Fetch.

        Args:
            page: of the script.
            request: what it wants to send.
            credentials, mode: as in `Window.fetch`.
            at_home: no stranger's page is around its own.

        Raises:
            Blocked: CORS keeps the request or its answer from the page.
        """
        url, origin = request.url, str(Origin.of(page))
        occasion = Occasion(
            page if at_home else "https://another.site.invalid/", request.method, top_level=False
        )
        names = {name: value for name, value in request.headers if name.lower() != "host"}
        if same_origin(url, page):
            if request.method not in SAFE_METHODS:
                request = request.with_header("Origin", origin)
            response = self._send(request, occasion, cookies=credentials != "omit")
            return reply_of(response, _small(response))
        if mode == "no-cors":
            if request.method not in cors.SIMPLE_METHODS or cors.unsafe_headers(names):
                raise Blocked("CORS", "mode no-cors sends only what a form could send")
            self._send(request.with_header("Origin", origin), occasion, cookies=credentials == "include")
            return Reply(0)
        with_cookies = credentials == "include"
        if cors.needs_preflight(request.method, names):
            self._preflight(request, names, origin, with_cookies)
        response = self._send(request.with_header("Origin", origin), occasion, cookies=with_cookies)
        cors.check(_small(response), origin, with_cookies)
        shown = {
            each.strip().lower()
            for each in _small(response).get("access-control-expose-headers", "").split(",")
        }
        readable = {
            name: value
            for name, value in _small(response).items()
            if name in cors.READABLE_HEADERS or name in shown or ("*" in shown and not with_cookies)
        }
        return reply_of(response, readable)

    def _preflight(self, request: Request, names: Mapping[str, str], origin: str, with_cookies: bool) -> None:
        headers = [
            ("Host", _host(request.url)),
            ("Origin", origin),
            ("Access-Control-Request-Method", request.method),
        ]
        unsafe = cors.unsafe_headers(names)
        if unsafe:
            headers.append(("Access-Control-Request-Headers", ",".join(unsafe)))
        asked = Request("OPTIONS", request.url, tuple(headers))
        answer = self._send(asked, Occasion(origin, "OPTIONS", top_level=False), cookies=False)
        cors.check_preflight(answer.status, _small(answer), origin, with_cookies, request.method, names)

    def _send(self, request: Request, occasion: Occasion, *, cookies: bool) -> Response:
        """Over the network, with the cookies that go along, and with those that come back."""
        third_party = not occasion.top_level and not occasion.is_same_site(request.url)
        cookies = cookies and (self.third_party_cookies or not third_party)
        along = self.cookies.header(request.url, occasion) if cookies else ""
        sent = replace(request, headers=(*request.headers, ("Cookie", along))) if along else request
        answer = Response.of(self._network.deliver(self.name, sent.to_httpx()))
        if cookies:
            for name, value in answer.headers:
                if name.lower() == "set-cookie":
                    self.cookies.receive(value, request.url, occasion)
        return answer

    def __repr__(self) -> str:
        return f"<Browser {self.name!r} at {self.window.location if self.window else 'no page'}>"


def _small(response: Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers}


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition("?")[0]


def _may_be_framed(url: str, response: Response, parent: Window) -> None:
    """frame-ancestors, and X-Frame-Options where that is not there (CSP3, "frame-ancestors")."""
    policy = ContentSecurityPolicy.parse(header(response.headers, "content-security-policy"))
    if policy.sources("frame-ancestors") is not None:
        policy.check("frame-ancestors", parent.location, url)
        return
    said = header(response.headers, "x-frame-options").upper()
    if said == "DENY" or (said == "SAMEORIGIN" and not same_origin(url, parent.location)):
        raise Blocked("frame", f"X-Frame-Options is {said}")
