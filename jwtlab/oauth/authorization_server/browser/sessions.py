"""The session of a browser at the server: who is logged in, which applications it reached, and its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
from flask import g, request

from jwtlab.oauth.authorization_server.browser.cookies import cookie_name
from jwtlab.oauth.authorization_server.grant import Grant
from jwtlab.oauth.authorization_server.lifetimes import SESSION_LIFETIME
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.authorization_server.tokens import logout_token
from jwtlab.oauth.store import Record, fingerprint


def current_session(server: Server) -> Record | None:
    """Who is logged in with this browser: sub, auth_time, amr, sid, clients; or ``None``."""
    cookie = g.get("new_session") or request.cookies.get(cookie_name(server, "session"))
    record = server.store.get("session", fingerprint(cookie)) if cookie else None
    return record if record is not None and record["expires"] > server.clock() else None


def log_in(server: Server, subject: str, amr: list[str]) -> Record:
    """A session under a new name, whatever cookie the browser came with (session fixation).

    Somebody who logs in again goes on with their session: the applications reached before belong to it, and
    have to hear of its end (OpenID Connect Back-Channel Logout §2.3). Somebody else ends it.
    """
    now = server.clock()
    before = current_session(server)
    if before is not None and before["sub"] != subject:
        end_session(server, before)
    with server.store.transaction():
        before = current_session(server)
        forget_session(server)
        cookie = g.new_session = server.secret()
        record: Record = {
            "sub": subject,
            "auth_time": int(now),
            "amr": amr,
            "sid": before["sid"] if before else server.secret(12),
            "name": fingerprint(cookie),
            "clients": before["clients"] if before else [],
            "grants": before["grants"] if before else [],
            "expires": now + SESSION_LIFETIME,
        }
        server.store.put("session", record["name"], record, record["expires"])
    return record


def forget_session(server: Server) -> None:
    cookie = request.cookies.get(cookie_name(server, "session"))
    if cookie:
        server.store.delete("session", fingerprint(cookie))


def remember(server: Server, session: Record, client_id: str, grant: str) -> bool:
    """Note which application this session reached, and what it was allowed, for the logout.

    Returns:
        ``False`` if the session has ended meanwhile.
    """
    with server.store.transaction():
        record = server.store.get("session", session["name"])
        if record is None:
            return False
        record["clients"] = [*dict.fromkeys([*record["clients"], client_id])]
        record["grants"].append(grant)
        server.store.put("session", session["name"], record, record["expires"])
    return True


def end_session(server: Server, session: Mapping[str, Any]) -> None:
    """Forget the session, its permissions (unless they were to outlive it), and tell the applications."""
    with server.store.transaction():
        # As it is now: another tab may have reached one more application since it was read.
        session = server.store.get("session", session["name"]) or session
        server.store.delete("session", session["name"])
        for name in session.get("grants", ()):
            grant = Grant.load(server, name)
            if grant is not None and "offline_access" not in grant.scope:
                grant.revoke(server)
    for client_id in session["clients"]:
        client = server.clients.get(client_id)
        if client is not None and client.backchannel_logout_uri:
            token = logout_token(server, client, session["sub"], session["sid"])
            message = httpx.Request("POST", client.backchannel_logout_uri, data={"logout_token": token})
            server.send(message)
