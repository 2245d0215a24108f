"""Two ways to keep a session: all of it in a signed cookie, as Flask does by itself, or at the server, under a name."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionInterface
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from jwtlab.errors import JwtlabError, UsageError
from jwtlab.jose import base64url
from jwtlab.oauth.http.messages import Response

Clock = Callable[[], float]


class SignedCookies(SecureCookieSessionInterface):
    """Flask's own sessions, signed at the lab's time, so that a cookie is the same in every run.

    Args:
        clock: ``() -> seconds since 1970``.
    """

    def __init__(self, clock: Clock) -> None:
        class SignerAtLabTime(TimestampSigner):
            def get_timestamp(self) -> int:
                return int(clock())

        self._signer = SignerAtLabTime

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """As Flask makes it, with another clock."""
        made = super().get_signing_serializer(app)
        if made is not None:
            made.signer = self._signer
        return made


class StoredSessions(SessionInterface):
    """Sessions at the server: the cookie holds a name, and nothing else.

    Args:
        random: ``count -> bytes``, for the names.

    Attributes:
        kept: name → what is known.
    """

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self._random = random

    def open_session(self, app: Flask, request: Any) -> SecureCookieSession:
        """The session that the cookie names, or a new one. A name that nobody gave out counts for nothing."""
        name = request.cookies.get(self.get_cookie_name(app), "")
        found = _NamedSession(self.kept.get(name))
        found.name = name if name in self.kept else ""
        return found

    def save_session(self, app: Flask, session: Any, response: Any) -> None:
        """Keep it, under its name."""
        if not session.modified:
            return
        if not session.name:
            session.name = base64url.encode(self._random(18))
        self.kept[session.name] = dict(session)
        response.set_cookie(
            self.get_cookie_name(app),
            session.name,
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite=self.get_cookie_samesite(app),
        )

    def rename(self, session: Any) -> None:
        """Throw the name away, and what was kept under it; it gets a new one when it is saved."""
        self.kept.pop(session.name, None)
        session.name, session.modified = "", True


class _NamedSession(SecureCookieSession):
    name = ""


def cookie_of(response: Response, name: str = "session") -> str:
    """The value of a cookie that an answer sets; empty if it sets none."""
    lines = [value for each, value in response.headers if each.lower() == "set-cookie"]
    return next(
        (each.partition("=")[2].partition(";")[0] for each in lines if each.startswith(f"{name}=")), ""
    )


def session_of_cookie(cookie: str) -> dict[str, Any]:
    """What is in a session cookie of Flask's. No key is needed: it is signed, and not encrypted.

    Args:
        cookie: its value.

    Raises:
        UsageError: it is no such cookie.
    """
    packed = cookie.startswith(".")
    payload = cookie.lstrip(".").partition(".")[0]
    try:
        data = base64url.decode(payload)
        found = json.loads(zlib.decompress(data) if packed else data)
    except (JwtlabError, ValueError, zlib.error) as error:
        raise UsageError(f"{cookie[:40]!r} is no session cookie of Flask's: {error}") from error
    if not isinstance(found, dict):
        raise UsageError(f"{cookie[:40]!r} is no session cookie of Flask's")
    return found
