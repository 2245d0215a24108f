"""Content Security Policy: which scripts a page runs, and where it may connect to (CSP Level 3).

What it does not do: it does not judge what an allowed script does, and no directive keeps a page from going elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from jwtlab.oauth.web.origins import Origin
from jwtlab.oauth.web.rules import Blocked

FALLBACKS: Mapping[str, tuple[str, ...]] = {
    "script-src-elem": ("script-src-elem", "script-src", "default-src"),
    "script-src-attr": ("script-src-attr", "script-src", "default-src"),
    "connect-src": ("connect-src", "default-src"),
    "img-src": ("img-src", "default-src"),
    "frame-src": ("frame-src", "child-src", "default-src"),
    "worker-src": ("worker-src", "child-src", "script-src", "default-src"),
    "form-action": ("form-action",),
    "frame-ancestors": ("frame-ancestors",),
}
"""Which directive is asked, and which stand in for it if it is not there ("directive fallback list")."""

_HOST_SOURCE = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<host>\*|(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])"
    r"(?::(?P<port>\d+|\*))?(?P<path>/.*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ContentSecurityPolicy:
    """One policy.

    Attributes:
        directives: name → its sources, as they are written.
    """

    directives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def parse(cls, header: str) -> ContentSecurityPolicy:
        """Of a header's value ("parse a serialized CSP"); of two directives of one name the first counts."""
        found: dict[str, tuple[str, ...]] = {}
        for each in header.split(";"):
            name, *sources = each.split()[:1] + each.split()[1:] if each.strip() else [""]
            if name:
                found.setdefault(name.lower(), tuple(sources))
        return cls(found)

    def sources(self, directive: str) -> tuple[str, ...] | None:
        """What counts for a directive; ``None`` if the policy says nothing about it."""
        names = (name for name in FALLBACKS[directive] if name in self.directives)
        found = next(names, None)
        return None if found is None else self.directives[found]

    def check_inline(self, directive: str, script: str, nonce: str = "") -> None:
        """May a script that stands in the page run ("does element match source list")?

        Args:
            directive: ``"script-src-elem"`` for an element, ``"script-src-attr"`` for an attribute such as onerror.
            script: its text.
            nonce: of the element.

        Raises:
            Blocked: it may not.
        """
        sources = self.sources(directive)
        if sources is None:
            return
        named = any(each.lower().startswith(("'nonce-", "'sha")) for each in sources)
        if not named and "'unsafe-inline'" in {each.lower() for each in sources}:
            return
        if directive == "script-src-elem":
            for name in ("sha256", "sha384", "sha512"):
                digest = base64.b64encode(hashlib.new(name, script.encode()).digest()).decode()
                if f"'{name}-{digest}'" in sources:
                    return
            if nonce and f"'nonce-{nonce}'" in sources:
                return
        raise Blocked(
            "CSP", f"{directive} is {' '.join(sources) or 'empty'}: a script in the page itself does not run"
        )

    def check(self, directive: str, url: str, page: str, nonce: str = "") -> None:
        """May the page reach this address for this purpose ("does url match source list")?

        Raises:
            Blocked: it may not.
        """
        sources = self.sources(directive)
        if sources is None or any(_fits(each, url, page) for each in sources):
            return
        if nonce and directive.startswith("script-src") and f"'nonce-{nonce}'" in sources:
            return
        raise Blocked(
            "CSP", f"{directive} is {' '.join(sources) or 'empty'}, and {Origin.of(url)} is not in it"
        )


def _fits(source: str, url: str, page: str) -> bool:
    """Does an address fit a source expression ("does url match expression")?"""
    there, here = Origin.of(url), Origin.of(page)
    low = source.lower()
    if low == "'self'":
        return there == here
    if low == "*":
        return there.scheme in ("http", "https", "ws", "wss")
    if re.fullmatch(r"[a-z][a-z0-9+.-]*:", low):
        return _scheme_fits(low[:-1], there.scheme)
    parts = _HOST_SOURCE.fullmatch(source)
    if parts is None:
        return False
    if not _scheme_fits((parts["scheme"] or here.scheme).lower(), there.scheme):
        return False
    host = parts["host"].lower().strip("[]")
    if host.startswith("*.") and not there.host.endswith(host[1:]):
        return False
    if not host.startswith("*") and there.host != host:
        return False
    given = parts["port"]
    usual = 443 if there.scheme in ("https", "wss") else 80
    if given != "*" and there.port != (int(given) if given else usual):
        return False
    return _path_fits(parts["path"] or "", url)


def _scheme_fits(allowed: str, there: str) -> bool:
    """http allows https as well ("scheme-part matches")."""
    return allowed == there or (allowed, there) in {
        ("http", "https"),
        ("ws", "wss"),
        ("http", "ws"),
        ("https", "wss"),
    }


def _path_fits(path: str, url: str) -> bool:
    """A path with a slash at its end allows all below it; any other is compared whole ("path-part matches")."""
    there = "/" + url.partition("://")[2].partition("/")[2].partition("?")[0].partition("#")[0]
    return path in ("", "/") or (there.startswith(path) if path.endswith("/") else there == path)
