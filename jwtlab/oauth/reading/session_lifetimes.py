"""The sessions of a trace: one at the authorization server, one at each application that was entered with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jwtlab.errors import InvalidToken
from jwtlab.jose.token import decode
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import Response
from jwtlab.oauth.http.trace import Trace


@dataclass
class SessionLifetime:
    """Somebody is logged in somewhere.

    Attributes:
        place: the party that keeps the session.
        since: number of the message that began it.
        begun_by: in a few words.
        sid: the name that the server gave its session, where an ID token told it.
        until: number of the message that ended it; ``None`` while it lasts.
        ended_by: in a few words.
        root: it is the session at the authorization server.
        sub: whose it is, where an ID token told it.
    """

    place: str
    since: int
    begun_by: str
    sid: str = ""
    until: int | None = None
    ended_by: str = ""
    root: bool = False
    sub: str = ""

    @property
    def words(self) -> str:
        """In a sentence."""
        end = "still there" if self.until is None else f"ended by message {self.until}, {self.ended_by}"
        return f"{self.place}: since message {self.since}, {self.begun_by}; {end}"


def session_lifetimes(trace: Trace) -> tuple[SessionLifetime, ...]:
    """Who is logged in where, from which message to which, as far as the messages tell.

    The server's session begins with the cookie that follows a login, and ends with the empty cookie of the
    logout. An application's session begins with its ID token (OpenID Connect Core §3.1.3.3), and ends with
    the logout there, or with a logout token that it accepts (Back-Channel Logout §2.5).

    Args:
        trace: of a flow with one browser, or a slice of one.
    """
    found: list[SessionLifetime] = []
    for each in trace:
        if each.response is None:
            continue
        living = {one.place: one for one in found if one.until is None}
        cookie = _session_cookie(each.response)
        token = _id_token(each.response)
        here = living.get(each.receiver)
        if cookie and here is None:
            found.append(SessionLifetime(each.receiver, each.number, _how(each), root=True))
        elif cookie == "" and here is not None and here.root:
            here.until, here.ended_by = each.number, "logout"
        elif token is not None and each.sender not in living:
            found.append(
                SessionLifetime(
                    each.sender, each.number, "ID token", _text(token, "sid"), sub=_text(token, "sub")
                )
            )
        elif here is not None and not here.root and each.response.status < 400:
            if _ends(each.request.get("logout_token"), here):
                here.until, here.ended_by = each.number, "logout token"
            elif each.request.path == "/logout":
                here.until, here.ended_by = each.number, "logout"
    sid = next((one.sid for one in found if one.sid), "")
    for one in found:
        one.sid = one.sid or (sid if one.root else "")
    return tuple(found)


def _session_cookie(response: Response) -> str | None:
    """The value that the server's session cookie gets with this answer; empty if it is taken away."""
    for name, value in response.headers:
        if name.lower() == "set-cookie":
            cookie, _, content = value.partition(";")[0].partition("=")
            if cookie.strip() in ("__Host-session", "session"):
                return content
    return None


def _id_token(response: Response) -> dict[str, Any] | None:
    answer = response.json
    return _claims(answer.get("id_token")) if isinstance(answer, dict) else None


def _claims(text: object) -> dict[str, Any] | None:
    try:
        return dict(decode(text).claims) if isinstance(text, str) and text else None
    except InvalidToken:
        return None


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _ends(logout_token: str, session: SessionLifetime) -> bool:
    """It names this session, or, if it names none, this person (Back-Channel Logout §2.4)."""
    claims = _claims(logout_token)
    if claims is None:
        return False
    sid, sub = _text(claims, "sid"), _text(claims, "sub")
    return sid == session.sid if sid and session.sid else sub == session.sub


def _how(each: Exchange) -> str:
    if each.request.get("password"):
        return "password"
    return "magic link" if each.request.path.startswith("/magic") else "login"
