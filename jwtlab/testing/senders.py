"""Whatever can send a request: a function, a test client and a path, or an address of this machine."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from jwtlab.errors import UsageError
from jwtlab.testing.patience import finished
from jwtlab.testing.places import RefusedAddress, check_address

TIMEOUT = 10


@dataclass(frozen=True)
class SentReply:
    """What came back.

    Attributes:
        status: of HTTP.
        location: where it sends a browser, or nothing.
        text: the body, as text.
    """

    status: int
    location: str = ""
    text: str = ""


class SessionClient:
    """A client that goes to paths of one application, keeps cookies, and follows no redirect.

    Args:
        client: httpx's, requests', Flask's, Django's or Starlette's; a Flask application; or an address.
    """

    def __init__(self, client: Any) -> None:
        self._client, self._base = client, ""
        if isinstance(client, str):
            self._base = check_address(client)
            self._client = httpx.Client(trust_env=False, timeout=TIMEOUT)
        elif callable(getattr(client, "test_client", None)):  # a Flask application
            self._client = client.test_client()
        self._go = _way_of(self._client)

    def get(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> SentReply:
        """Go there.

        Args:
            path: on the application, or a whole address, of which only path and query count for a client
                in this process.
            headers: such as ``Authorization``.
            method: of HTTP.

        Raises:
            RefusedAddress: it would have led to another machine.
        """
        where = urljoin(self._base, path) if self._base else path
        return finished_reply(self._go(self._client, method, where, dict(headers or {})))

    def fresh(self) -> None:
        """Forget every cookie, as a new browser has none."""
        jar = self._jar
        if jar is not None:
            jar.clear()

    @property
    def _jar(self) -> Any:
        for name in ("cookies", "_cookies"):
            jar = getattr(self._client, name, None)
            if jar is not None and callable(getattr(jar, "clear", None)):
                return jar
        return None

    def cookies(self) -> Any:
        """What this browser keeps now, to be put into another one; empty if nothing, or if nobody can tell."""
        jar = self._jar
        held = getattr(jar, "jar", jar)  # httpx wraps the one of the standard library
        if isinstance(held, CookieJar):
            return [copy.copy(each) for each in held]
        return dict(held.items()) if isinstance(held, Mapping) else {}

    def with_cookies(self, kept: Any) -> None:
        """From now on it is a browser that keeps these, and no others."""
        self.fresh()
        held = getattr(self._jar, "jar", self._jar)
        if isinstance(held, CookieJar):
            for each in kept:
                held.set_cookie(each)
        elif kept:
            held.update(kept)


Way = Callable[[Any, str, str, dict[str, str]], Any]


def _way_of(client: Any) -> Way:
    """How this kind of client sends a request."""
    kinds = {f"{each.__module__}.{each.__qualname__}" for each in type(client).__mro__}
    if isinstance(client, httpx.Client | httpx.AsyncClient) or "httpx2._client.BaseClient" in kinds:
        return _by_httpx
    if "requests.sessions.Session" in kinds:
        return _by_requests
    if "werkzeug.test.Client" in kinds:
        return _by_werkzeug
    if "django.test.client.RequestFactory" in kinds:
        return _by_django
    if getattr(client, "__name__", "") in ("httpx", "requests"):
        made = client.Client(trust_env=False) if client.__name__ == "httpx" else client.Session()
        way = _way_of(made)
        return lambda module, *request: way(made, *request)
    check_client(client)
    raise UsageError(
        f"{type(client).__name__} is no client that is known here: hand over httpx.Client, requests.Session, the "
        "test client of Flask, Django or Starlette, an address on 127.0.0.1, or a function"
    )


def check_client(client: Any) -> None:
    """
    Raises:
        UsageError: it is an application of Starlette or FastAPI, or Django's.
    """
    kinds = {f"{each.__module__}.{each.__qualname__}" for each in type(client).__mro__}
    if "starlette.applications.Starlette" in kinds:
        raise UsageError(
            f"this is an application ({type(client).__name__}) and no client: hand over "
            "starlette.testclient.TestClient(app)"
        )
    if "django.core.handlers.base.BaseHandler" in kinds:
        raise UsageError("this is Django's handler and no client: hand over django.test.Client()")


def _by_httpx(client: Any, method: str, path: str, headers: dict[str, str]) -> Any:
    """In process, if the transport is; else to loopback only."""
    url = client._merge_url(path)
    if _opens_sockets(client, url):
        check_address(str(url))
    return client.request(method, path, headers=headers, follow_redirects=False)


def _opens_sockets(client: Any, url: httpx.URL) -> bool:
    transport = client._transport_for_url(url)
    return any(each.__name__ in ("HTTPTransport", "AsyncHTTPTransport") for each in type(transport).__mro__)


def _by_requests(session: Any, method: str, path: str, headers: dict[str, str]) -> Any:
    check_address(path)
    no_proxy = {"http": None, "https": None, "all": None}  # a proxy of the environment is another machine
    return session.request(
        method, path, headers=headers, allow_redirects=False, proxies=no_proxy, timeout=TIMEOUT
    )


def _by_werkzeug(client: Any, method: str, path: str, headers: dict[str, str]) -> Any:
    parts = urlsplit(path)
    base = {"base_url": f"{parts.scheme}://{parts.netloc}"} if parts.netloc else {}
    local = parts._replace(scheme="", netloc="").geturl()
    return client.open(local, method=method, headers=headers, follow_redirects=False, **base)


def _by_django(client: Any, method: str, path: str, headers: dict[str, str]) -> Any:
    parts = urlsplit(path)
    more = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    if parts.netloc:
        more["SERVER_NAME"] = parts.hostname or "testserver"
    local = parts._replace(scheme="", netloc="").geturl()
    before = getattr(client, "raise_request_exception", None)
    client.raise_request_exception = False  # a crash is an answer of 500, as in production
    try:
        return client.generic(method, local, **more)
    finally:
        if before is not None:
            client.raise_request_exception = before


def finished_reply(found: Any) -> SentReply:
    """A response of any library, or a status.

    Raises:
        UsageError: it is none.
    """
    found = finished(found)
    if isinstance(found, SentReply):
        return found
    if isinstance(found, bool):
        return SentReply(200 if found else 401)
    if isinstance(found, int):
        return SentReply(found)
    if isinstance(found, tuple) and found and isinstance(found[0], int):
        return SentReply(found[0])
    status = getattr(found, "status_code", getattr(found, "status", None))
    if not isinstance(status, int):
        raise UsageError(
            f"the answer is {type(found).__name__}; give the status, such as 200 or 401, or the response itself"
        )
    headers = getattr(found, "headers", None) or {}
    return SentReply(int(status), str(headers.get("Location") or ""), _text_of(found))


def _text_of(response: Any) -> str:
    for name in ("text", "content", "data"):
        try:
            body = getattr(response, name, None)
        except Exception:  # a stream that nobody has read
            continue
        if isinstance(body, bytes):
            return body.decode("utf-8", "replace")
        if isinstance(body, str):
            return body
    return ""


__all__ = ["RefusedAddress", "SentReply", "SessionClient", "finished_reply"]
