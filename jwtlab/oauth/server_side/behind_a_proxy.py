"""The diary as it stands at work: behind a proxy that ends TLS, in several processes, at more than one name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import httpx
from flask import Flask, redirect, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Request as WSGIRequest
from werkzeug.wrappers import Response as WSGIResponse

from jwtlab.errors import UsageError
from jwtlab.oauth.http.messages import header
from jwtlab.oauth.http.page import Page
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.server_side.diary import create_diary
from jwtlab.oauth.server_side.place import CALLBACK, DIARY, register
from jwtlab.oauth.server_side.strict_browser import StrictBrowser
from jwtlab.oauth.world import World

WWW = "https://www.diary.example"
PROXY = "Proxy"
MOST_STEPS = 25
REFUSED = "This did not work"
"""Title of the authorization server's page for errors."""
Mend = Callable[[Flask], object]
"""Changes a worker's application before it runs: its configuration, what stands before it."""

_HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "host"}
_FORWARDED = ("x-forwarded-proto", "x-forwarded-host", "x-forwarded-for")


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """How the diary is run. As it stands, everything works.

    Attributes:
        enters_at: the address at which people come in.
        workers: how many processes there are; the proxy gives each request to the next one.
        one_secret: all of them have the same secret.
        told: the application is told its redirect URI; otherwise it makes it of each request.
        proxy_tells: the proxy says, in ``X-Forwarded-Proto`` and ``X-Forwarded-Host``, what people asked for.
        believes: of how many proxies the application believes that (`ProxyFix`).
        same_site: of the session cookie: ``"Lax"``, ``"Strict"`` or ``"None"``.
        response_mode: how the code comes back: ``None`` (in the address) or ``"form_post"``.
        one_name: whoever comes to another name than ``diary.example`` is first sent there.
    """

    enters_at: str = DIARY
    workers: int = 1
    one_secret: bool = True
    told: bool = True
    proxy_tells: bool = True
    believes: int = 0
    same_site: str = "Lax"
    response_mode: str | None = None
    one_name: bool = True

    def __post_init__(self) -> None:
        if self.enters_at not in (DIARY, WWW):
            raise UsageError(f"people come in at {DIARY} or {WWW}")
        if not 1 <= self.workers <= 4:
            raise UsageError("one to four workers, please")
        if self.same_site not in ("Lax", "Strict", "None"):
            raise UsageError("SameSite is Lax, Strict or None")


BROKEN = Deployment(workers=2, one_secret=False, told=False, same_site="Strict")
"""Three things are wrong; the proxy says the truth, and nobody listens."""


@dataclass(frozen=True)
class Played:
    """What became of a login.

    Attributes:
        said: what stood on the last page.
        logged_in: as whom, or nothing.
        page: the last page.
        trace: every message.
    """

    said: str
    logged_in: str
    page: Page = field(repr=False)
    trace: Trace = field(repr=False)

    @property
    def redirect_uri(self) -> str:
        """What the application asked to be called back at."""
        return next(
            (each.request.get("redirect_uri") for each in self.trace if each.request.get("redirect_uri")), ""
        )

    @property
    def cookie_came_back(self) -> bool:
        """The browser sent a cookie along with the callback."""
        backs = [each for each in self.trace if each.request.url.startswith(CALLBACK)]
        return any(header(each.request.headers, "cookie") for each in backs)

    def __str__(self) -> str:
        return f"logged in as {self.logged_in}" if self.logged_in else f"{self.page.status}: {self.said}"


class Proxy:
    """Ends TLS and hands requests on to the next worker, over http. A WSGI application.

    Args:
        world: where.
        workers: their origins.
        tells: it adds what people asked for to the headers ``X-Forwarded-Proto``, ``-Host`` and ``-For``. What a
            client has written there itself stays before it, with a comma, as many proxies do.
    """

    def __init__(self, world: World, workers: list[str], *, tells: bool) -> None:
        self._client = world.network.client(PROXY)
        self._next, self._tells = cycle(workers), tells

    def __call__(self, environ: Any, start_response: Any) -> Any:
        asked = WSGIRequest(environ)
        headers = [
            (name, value)
            for name, value in asked.headers.items()
            if name.lower() not in _HOP_BY_HOP and not (self._tells and name.lower() in _FORWARDED)
        ]
        if self._tells:
            for name, value in zip(_FORWARDED, (asked.scheme, asked.host, "192.0.2.1"), strict=True):
                before = asked.headers.get(name)
                headers.append((name, f"{before}, {value}" if before else value))
        address = next(self._next) + asked.full_path.removesuffix("?")
        sent = httpx.Request(asked.method, address, headers=headers, content=asked.get_data() or None)
        answer = self._client.send(sent)
        kept = [pair for pair in answer.headers.multi_items() if pair[0].lower() not in _HOP_BY_HOP]
        response = WSGIResponse(answer.read(), answer.status_code, kept)
        response.autocorrect_location_header = False
        return response(environ, start_response)


def play(
    world: World, how: Deployment = Deployment(), mend: Mend | None = None, user: str = "alice"
) -> Played:
    """Run the diary so, and let somebody log in.

    Args:
        world: where; it must have no diary yet.
        how: how it is run.
        mend: changes each worker's application first.
        user: who.

    Raises:
        UsageError: there is a diary already.
    """
    build(world, how, mend)
    browser = StrictBrowser(world.network, f"{world.people[user].name}'s browser", world.clock)
    page = log_in(world, browser, f"{how.enters_at}/login", user)
    return Played(_first_line(page), _who(page), page, world.network.trace)


def build(world: World, how: Deployment, mend: Mend | None = None) -> list[Flask]:
    """The proxy and its workers come into a world; gives the workers' applications."""
    register(world)
    apps, origins = [], []
    for number in range(1, how.workers + 1):
        name = f"Worker {number}" if how.workers > 1 else "Diary"
        app = create_diary(
            world,
            secret_key="one for all" if how.one_secret else f"drawn by worker {number}",
            redirect_uri=CALLBACK if how.told else None,
            response_mode=how.response_mode,
            sender=name,
        )
        app.config["SESSION_COOKIE_SAMESITE"] = how.same_site
        if how.one_name:
            app.before_request(_to_the_one_name)
        if how.believes:
            app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=how.believes, x_host=how.believes)  # type: ignore[method-assign]
        if mend is not None:
            mend(app)
        origin = f"http://worker-{number}.internal:8000"
        world.network.add(origin, name, app)
        apps.append(app)
        origins.append(origin)
    proxy = Proxy(world, origins, tells=how.proxy_tells)
    for origin in (DIARY, WWW):
        world.network.add(origin, PROXY, proxy)
    return apps


def _to_the_one_name() -> Any:
    """Whoever came to www goes to the name at which the callback is."""
    if WWW.endswith("//" + request.headers.get("X-Forwarded-Host", "")):
        return redirect(f"{DIARY}{request.path}")
    return None


def log_in(world: World, browser: StrictBrowser, address: str, user: str) -> Page:
    """Somebody goes to an address, follows where that leads, logs in and allows, until a page stays."""
    page = browser.open(address)
    for _ in range(MOST_STEPS):
        if page.redirect:
            page = browser.follow()
        elif not page.forms:
            break
        elif "password" in page.forms[0].fields:
            page = browser.submit({"username": user, "password": world.people[user].password})
        elif any(label == "Allow" for _, _, label in page.forms[0].buttons):
            page = browser.submit(press="Allow")
        else:
            page = browser.submit()
    return page


def _first_line(page: Page) -> str:
    shown = page.text if page.text_shown == "" else page.text_shown
    words = " ".join(shown.split())
    if page.title == REFUSED:  # a page of the server's: what it says stands between its title and its details
        words = words.partition(f"{REFUSED} ")[2].partition(" For developers:")[0]
    return words[:200]


def _who(page: Page) -> str:
    """Of the diary's page."""
    words = _first_line(page)
    return words.removeprefix("This is ").partition("'s diary")[0] if words.startswith("This is ") else ""
