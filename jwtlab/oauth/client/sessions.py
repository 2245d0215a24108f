"""The sessions of a client application: what it knows of each browser, by the name in the browser's cookie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from http.cookies import SimpleCookie
from typing import Any

from jwtlab.oauth.http.messages import Request, Response, header

COOKIE = "app-session"

Session = dict[str, Any]


class Sessions(dict[str, Session]):
    """Cookie → what is known of the browser that carries it."""

    def open(self, new_name: Callable[[], str]) -> tuple[str, Session]:
        """A session for a browser that comes by for the first time."""
        name, session = new_name(), Session()
        self[name] = session
        return name, session

    def rename(self, name: str, new_name: Callable[[], str]) -> str:
        """Another name for the same session."""
        other = new_name()
        self[other] = self.pop(name)
        return other

    def end(self, claims: Mapping[str, Any]) -> None:
        """Forget every session that a logout token ends (OpenID Connect Back-Channel Logout §2.7)."""
        for name in [name for name, session in self.items() if _ends(session, claims)]:
            del self[name]


def named_in(request: Request) -> str | None:
    """The name that a browser's cookie says, or nothing."""
    jar = SimpleCookie(header(request.headers, "cookie"))
    return jar[COOKIE].value if COOKIE in jar else None


def with_cookie(answer: Response, name: str) -> Response:
    """An answer that hands the browser its cookie."""
    # None, so that it comes along with a form that the server's page posts (response_mode=form_post).
    pair = ("Set-Cookie", f"{COOKIE}={name}; Secure; HttpOnly; Path=/; SameSite=None")
    return replace(answer, headers=(*answer.headers, pair))


def _ends(session: Session, claims: Mapping[str, Any]) -> bool:
    """Does this logout token end that session? By ``sid``, or all of a person's by ``sub``."""
    if "sid" in claims:
        return bool(session.get("sid") == claims["sid"])
    return bool(session.get("sub") == claims.get("sub"))
