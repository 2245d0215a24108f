"""A page as its scripts see it: the window. What it allows is what a browser's own window allows.

Every script of the page has the same window, and the same rights: the application's own, and whatever else got in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

from jwtlab.jose.key import Key
from jwtlab.oauth.http.messages import Pairs, Request, Response, header
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.web.cookies import CookieStore
from jwtlab.oauth.web.csp import ContentSecurityPolicy
from jwtlab.oauth.web.markup import read_markup
from jwtlab.oauth.web.origins import Origin, same_origin, same_site
from jwtlab.oauth.web.reply import Reply
from jwtlab.oauth.web.rules import Blocked
from jwtlab.oauth.web.worker import ServiceWorker


class Host(Protocol):
    """What a window needs of its browser."""

    cookies: CookieStore
    clock: Callable[[], float]
    random: Callable[[int], bytes]
    new_key: Callable[[str], Key]

    def storage_of(self, origin: str) -> dict[str, str]: ...
    def database_of(self, origin: str) -> dict[str, Any]: ...
    def go_later(self, window: Window, url: str, form: Mapping[str, str] | None) -> None: ...
    def load(self, url: str, *, initiator: Window, parent: Window) -> Window: ...
    def run(self, window: Window, action: Callable[[], object]) -> None: ...
    def run_handler(self, window: Window, script: str) -> None: ...
    def start_worker(self, url: str) -> None: ...
    def worker_of(self, origin: str) -> ServiceWorker | None: ...
    def fetch_for(self, page: str, request: Request, credentials: str, mode: str, at_home: bool) -> Reply: ...


class CryptoKey:
    """A key of the page: it can be used, and unless it was made to be exported, nobody gets it out (Web Cryptography).

    Args:
        key: with its private half.
        extractable: it may be exported.
    """

    def __init__(self, key: Key, extractable: bool = False) -> None:
        self._key, self.extractable = key, extractable

    @property
    def public_jwk(self) -> dict[str, Any]:
        return self._key.public().to_jwk()

    def use(self, sign: Callable[[Key], str]) -> str:
        """Have something signed inside."""
        return sign(self._key)

    def export(self) -> dict[str, Any]:
        """The private key.

        Raises:
            Blocked: it was made so that nobody gets it.
        """
        if not self.extractable:
            raise Blocked("key", "this key is not extractable")
        return self._key.to_jwk(private=True)


class Window:
    """One page in a tab or a frame.

    Args:
        browser: whose it is.
        page: what was loaded.
        response: how it was answered.
        session: what the tab keeps for this origin.
        parent: the page around it, if it is in a frame.

    Attributes:
        location: its address.
        local_storage, session_storage, database: name → what is kept for this origin; the second only in this tab,
            the third holds keys as well as texts.
        fetch: sends a request; a script may put something else in its place, for all scripts of the page.
        names: what scripts share by name, such as a library.
        shown: what the page shows, by the place's id.
        console: what the browser refused, in words.
    """

    def __init__(
        self,
        browser: Host,
        page: Page,
        response: Response,
        session: dict[str, str],
        parent: Window | None = None,
    ) -> None:
        self._browser, self.page, self.parent = browser, page, parent
        self.location = page.url
        self.origin = str(Origin.of(page.url))
        self.csp = ContentSecurityPolicy.parse(header(response.headers, "content-security-policy"))
        self.local_storage = browser.storage_of(self.origin)
        self.session_storage = session
        self.database = browser.database_of(self.origin)
        self.fetch: Callable[..., Reply] = self._fetch
        self.names: dict[str, Any] = {}
        self.shown: dict[str, str] = {}
        self.data = read_markup(page.text).data
        self.console: list[str] = []
        self._buttons: dict[str, Callable[[], object]] = {}

    # What it knows

    @property
    def cookie(self) -> str:
        """``document.cookie``: the cookies of this page that are not HttpOnly."""
        return self._browser.cookies.seen_by_script(self.location)

    def set_cookie(self, line: str) -> None:
        """``document.cookie = line``."""
        self._browser.cookies.receive(line, self.location, script=True)

    @property
    def query(self) -> dict[str, str]:
        """The parameters of its address."""
        return dict(parse_qsl(urlsplit(self.location).query, keep_blank_values=True))

    def replace_state(self, url: str) -> None:
        """Another address of the same origin in the address bar, without going there.

        Raises:
            Blocked: it is of another origin.
        """
        target = urljoin(self.location, url)
        if not same_origin(target, self.location):
            raise Blocked("same origin", f"{Origin.of(target)} is not {self.origin}")
        self.location = target

    # What it does

    def navigate(self, url: str, form: Mapping[str, str] | None = None) -> None:
        """Go elsewhere when the scripts have done; a form goes by POST. CSP has a say only about forms."""
        target = urljoin(self.location, url)
        if form is not None:
            self._asks("form-action", target)
        self._browser.go_later(self, target, form)

    def frame(self, url: str) -> Window:
        """Load a page in a frame, scripts and all.

        Raises:
            Blocked: this page or that one forbids it.
        """
        target = urljoin(self.location, url)
        self._asks("frame-src", target)
        return self._browser.load(target, initiator=self, parent=self)

    def look_into(self, other: Window) -> Window:
        """Another page, if it is of the same origin.

        Raises:
            Blocked: it is not.
        """
        if not same_origin(other.location, self.location):
            raise Blocked("same origin", f"{self.origin} may not look into {other.origin}")
        return other

    def insert_html(self, place: str, html: str) -> None:
        """Assign to ``innerHTML``: scripts in it do not run (HTML, "fragment parsing"), handlers of its pictures do."""
        self.shown[place] = html
        for handler in read_markup(html).handlers:
            self._browser.run_handler(self, handler)

    def on_click(self, button: str, handler: Callable[[], object]) -> None:
        self._buttons[button] = handler

    def click(self, button: str) -> None:
        """Somebody presses a button of the page.

        Raises:
            KeyError: no script has taken care of it.
        """
        self._browser.run(self, self._buttons[button])

    def generate_key(self, alg: str = "ES256", *, extractable: bool = False) -> CryptoKey:
        return CryptoKey(self._browser.new_key(alg), extractable)

    def random(self, count: int) -> bytes:
        return self._browser.random(count)

    @property
    def now(self) -> float:
        """Seconds since 1970, as the computer's clock has them."""
        return self._browser.clock()

    def register_worker(self, url: str) -> None:
        """Let a script stand between all pages of this origin and the network (Service Workers).

        Raises:
            Blocked: the policy forbids it, or it comes from another origin.
        """
        target = urljoin(self.location, url)
        self._asks("worker-src", target)
        if not same_origin(target, self.location) or not Origin.of(target).is_trustworthy:
            raise Blocked("same origin", "a service worker comes from the page's own origin, over TLS")
        self._browser.start_worker(target)

    def post_to_worker(self, message: Any) -> Any:
        """Send the worker a message, and wait for its answer; ``None`` if there is no worker."""
        worker = self._browser.worker_of(self.origin)
        return worker.on_message(message) if worker is not None else None

    # Requests of scripts

    def _fetch(
        self,
        url: str,
        method: str = "GET",
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        json: Any = None,
        body: str = "",
        credentials: str = "same-origin",
        mode: str = "cors",
    ) -> Reply:
        """Send a request, as ``fetch`` does (Fetch standard).

        Args:
            url: where to; a path means this origin.
            method, headers, form, json, body: what is sent.
            credentials: ``"omit"``, ``"same-origin"`` or ``"include"``: do cookies go along?
            mode: ``"cors"``, or ``"no-cors"`` for an answer that nobody reads.

        Raises:
            Blocked: CSP keeps it at home, or CORS keeps the request or its answer from the page.
            ValueError: there is no such mode, or no such way with credentials.
        """
        if mode not in ("cors", "no-cors") or credentials not in ("omit", "same-origin", "include"):
            raise ValueError(f"fetch knows no mode {mode!r}, or no credentials {credentials!r}")
        target = urldefrag(urljoin(self.location, url)).url
        self._asks("connect-src", target)
        request = _request(method, target, headers, form, json, body)
        worker = self._browser.worker_of(self.origin)
        if worker is not None:
            answer = worker.on_fetch(request)
            if answer is not None:
                return answer
        try:
            return self._browser.fetch_for(self.location, request, credentials, mode, self.is_at_home)
        except Blocked as refusal:
            self.console.append(str(refusal))
            raise

    @property
    def is_at_home(self) -> bool:
        """Every page around it is of its own site; otherwise its cookies count as those of a stranger."""
        return self.parent is None or (
            same_site(self.parent.location, self.location) and self.parent.is_at_home
        )

    def _asks(self, directive: str, target: str) -> None:
        try:
            self.csp.check(directive, target, self.location)
        except Blocked as refusal:
            self.console.append(str(refusal))
            raise

    def __repr__(self) -> str:
        return f"<Window at {self.location.partition('?')[0]}>"


def _request(
    method: str,
    url: str,
    headers: Mapping[str, str] | None,
    form: Mapping[str, str] | None,
    content: Any,
    body: str,
) -> Request:
    given: dict[str, str] = dict(headers or {})
    octets = body.encode()
    if form is not None:
        given.setdefault("Content-Type", "application/x-www-form-urlencoded")
        octets = urlencode(form).encode()
    elif content is not None:
        given.setdefault("Content-Type", "application/json")
        octets = json.dumps(content).encode()
    elif body:
        given.setdefault("Content-Type", "text/plain;charset=UTF-8")
    pairs: Pairs = (("Host", urlsplit(url).netloc), *given.items())
    return Request(method, url, pairs, octets)
