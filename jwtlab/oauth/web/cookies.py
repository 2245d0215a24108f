"""Cookies as RFC 10025 has them: who sets them, who reads them, and along with which request they go.

RFC 10025 replaced RFC 6265 in July 2026. Its algorithms are named here as they are there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from jwtlab.oauth.web.origins import Origin, as_address, registrable_domain, same_site

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
"""RFC 9110 §9.2.1: they change nothing."""


@dataclass(frozen=True)
class Cookie:
    """A cookie in the store ("storage model").

    Attributes:
        name, value: as the server wrote them.
        domain: where it goes: to this host, or to all below it.
        host_only: it goes to this very host.
        path: it goes to addresses below it.
        secure: only where the connection is trustworthy.
        http_only: no script sees it.
        same_site: ``"Strict"``, ``"Lax"``, ``"None"``, or ``"Default"`` if the server said nothing: then it is Lax.
        expires: seconds since 1970, or ``None`` for the end of the session.
    """

    name: str
    value: str = field(repr=False)
    domain: str
    host_only: bool
    path: str
    secure: bool
    http_only: bool
    same_site: str
    expires: float | None = None


@dataclass(frozen=True)
class Occasion:
    """What a request is, for the question which cookies go along ("same-site" and "cross-site" requests).

    Attributes:
        initiator: the page that makes it, or ``""`` for the person at the address bar.
        method: of the request.
        top_level: it changes what stands in the address bar.
    """

    initiator: str = ""
    method: str = "GET"
    top_level: bool = True

    def is_same_site(self, url: str) -> bool:
        return not self.initiator or same_site(self.initiator, url)


class CookieStore:
    """All cookies of one browser.

    Args:
        clock: ``() -> seconds since 1970``.
    """

    def __init__(self, clock: Callable[[], float] = lambda: 0.0) -> None:
        self._clock = clock
        self._cookies: dict[tuple[str, str, str], Cookie] = {}

    def __iter__(self) -> Any:
        return iter(tuple(self._cookies.values()))

    def __len__(self) -> int:
        return len(self._cookies)

    def receive(self, line: str, url: str, occasion: Occasion | None = None, *, script: bool = False) -> bool:
        """Take the value of a Set-Cookie header ("the Set-Cookie header field", "storage model").

        Args:
            line: its value.
            url: where it came from.
            occasion: what kind of request it answers.
            script: a script sets it, by ``document.cookie``.

        Returns:
            Whether it was taken.
        """
        cookie = _parsed(line, url, self._clock())
        if cookie is None or not _acceptable(cookie, url, occasion or Occasion(), script):
            return False
        key = (cookie.name, cookie.domain, cookie.path)
        known = self._cookies.get(key)
        if script and known is not None and known.http_only:
            return False  # no script writes over what it may not see
        self._cookies.pop(key, None)
        if cookie.expires is None or cookie.expires > self._clock():
            self._cookies[key] = cookie
        return True

    def going_along(self, url: str, occasion: Occasion | None = None) -> tuple[Cookie, ...]:
        """The cookies that go along with a request ("retrieval algorithm")."""
        what = occasion or Occasion()
        return tuple(each for each in self._matching(url) if _crosses(each, url, what))

    def header(self, url: str, occasion: Occasion | None = None) -> str:
        """The value of the Cookie header; empty if none goes along."""
        return "; ".join(f"{each.name}={each.value}" for each in self.going_along(url, occasion))

    def seen_by_script(self, url: str) -> str:
        """What ``document.cookie`` says on a page."""
        return "; ".join(f"{each.name}={each.value}" for each in self._matching(url) if not each.http_only)

    def _matching(self, url: str) -> list[Cookie]:
        origin, path, now = Origin.of(url), urlsplit(url).path or "/", self._clock()
        found = [
            each
            for each in self._cookies.values()
            if (origin.host == each.domain if each.host_only else _domain_matches(origin.host, each.domain))
            and path_matches(path, each.path)
            and (origin.is_trustworthy or not each.secure)
            and (each.expires is None or each.expires > now)
        ]
        return sorted(found, key=lambda each: -len(each.path))


def _parsed(line: str, url: str, now: float) -> Cookie | None:
    """A Set-Cookie line, read as leniently as browsers do ("the Set-Cookie header field")."""
    pair, *attributes = line.split(";")
    name, equals, value = (part.strip() for part in pair.partition("="))
    if not equals:
        name, value = "", name
    if not name and not value:
        return None
    said: dict[str, str] = {}
    for each in attributes:
        attribute, _, content = (part.strip() for part in each.partition("="))
        said[attribute.lower()] = content
    host = Origin.of(url).host
    domain = said.get("domain", "").lower().removeprefix(".")
    path = said.get("path", "")
    same_site_said = said.get("samesite", "").capitalize()
    return Cookie(
        name,
        value,
        domain or host,
        not domain,
        path if path.startswith("/") else default_path(url),
        "secure" in said,
        "httponly" in said,
        same_site_said if same_site_said in ("Strict", "Lax", "None") else "Default",
        _expires(said, now),
    )


def _expires(said: dict[str, str], now: float) -> float | None:
    """Max-Age goes before Expires."""
    age = said.get("max-age", "")
    if age and age.lstrip("-").isascii() and age.lstrip("-").isdigit():
        return now + int(age) if int(age) > 0 else 0.0
    try:
        return parsedate_to_datetime(said["expires"]).timestamp() if "expires" in said else None
    except (ValueError, TypeError, OverflowError):
        return None


def _acceptable(cookie: Cookie, url: str, occasion: Occasion, script: bool) -> bool:
    """May this place set this cookie in this situation ("storage model")?"""
    origin = Origin.of(url)
    if not cookie.host_only:
        suffix = cookie.domain == registrable_domain(cookie.domain) and "." not in cookie.domain
        if suffix or not _domain_matches(origin.host, cookie.domain):
            return False
    if (cookie.secure and not origin.is_trustworthy) or (script and cookie.http_only):
        return False
    if cookie.same_site == "None" and not cookie.secure:
        return False
    crossing = not occasion.is_same_site(url) and not occasion.top_level
    if cookie.same_site != "None" and crossing:
        return False
    low = cookie.name.lower()
    if low.startswith("__secure-") and not cookie.secure:
        return False
    whole = cookie.secure and cookie.host_only and cookie.path == "/"
    return whole or not low.startswith("__host-")


def _crosses(cookie: Cookie, url: str, occasion: Occasion) -> bool:
    """SameSite: Strict stays at home; Lax goes along when a link is followed; None always goes."""
    if cookie.same_site == "None" or occasion.is_same_site(url):
        return True
    return cookie.same_site in ("Lax", "Default") and occasion.top_level and occasion.method in SAFE_METHODS


def _domain_matches(host: str, domain: str) -> bool:
    """The host, or a name below the domain; an IP address has nothing below it."""
    return host == domain or (host.endswith(f".{domain}") and as_address(host) is None)


def path_matches(path: str, below: str) -> bool:
    """The path itself, or one below it."""
    return path == below or (path.startswith(below) and (below.endswith("/") or path[len(below)] == "/"))


def default_path(url: str) -> str:
    """The folder of the address."""
    path = urlsplit(url).path
    return path.rpartition("/")[0] or "/" if path.startswith("/") else "/"
