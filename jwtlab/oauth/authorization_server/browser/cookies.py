"""Two cookies: one for the browser, one for the session.

Both are HttpOnly and SameSite=Lax, so no script reads them, and no other site's form carries them.
"""

from __future__ import annotations

from flask import Response, g, request

from jwtlab.oauth.authorization_server.server import Server


def cookie_name(server: Server, name: str) -> str:
    """With the prefix that binds a cookie to this host and to TLS, where there is TLS."""
    return f"__Host-{name}" if server.is_secure else f"jwtlab-{name}"


def set_cookie(server: Server, response: Response, name: str, value: str) -> None:
    response.set_cookie(
        cookie_name(server, name), value, secure=server.is_secure, httponly=True, samesite="Lax", path="/"
    )


def clear_cookie(server: Server, response: Response, name: str) -> None:
    response.delete_cookie(
        cookie_name(server, name), secure=server.is_secure, httponly=True, samesite="Lax", path="/"
    )


def browser_id(server: Server) -> str:
    """The browser's own cookie; a new one is made, and set with the answer, if it has none."""
    known = request.cookies.get(cookie_name(server, "browser")) or g.get("new_browser")
    if known is None:
        known = g.new_browser = server.secret()
    return known


def with_cookies(server: Server, response: Response) -> Response:
    """Set the cookies that this request made."""
    if "new_browser" in g:
        set_cookie(server, response, "browser", g.new_browser)
    if "new_session" in g:
        set_cookie(server, response, "session", g.new_session)
    return response
