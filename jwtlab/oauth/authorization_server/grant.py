"""What somebody has allowed an application, and the codes and refresh tokens that stand for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import g

from jwtlab.oauth.authorization_server.lifetimes import CODE_LIFETIME, GRANT_LIFETIME, REFRESH_LIFETIME
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.store import Record, fingerprint


@dataclass(frozen=True)
class Grant:
    """Somebody's permission for an application. Every code, access token and refresh token belongs to one.

    Attributes:
        id: its name in the store.
        client_id: who may.
        sub: who allowed it.
        scope: what.
        resources: where, if it was said (RFC 8707).
        auth_time, amr, sid: how and when the person logged in, and the session it happened in.
        expires: seconds since 1970.
        revoked: it counts no more.
    """

    id: str
    client_id: str
    sub: str
    scope: tuple[str, ...]
    resources: tuple[str, ...]
    auth_time: int
    amr: tuple[str, ...]
    sid: str
    expires: float
    revoked: bool = False

    @classmethod
    def make(
        cls, server: Server, client: Client, request: Mapping[str, Any], session: Mapping[str, Any]
    ) -> Grant:
        """A new grant; it is not stored yet."""
        return cls(
            server.secret(12),
            client.client_id,
            session["sub"],
            tuple(request["scope"]),
            tuple(request.get("resources", ())),
            session["auth_time"],
            tuple(session["amr"]),
            session["sid"],
            server.clock() + GRANT_LIFETIME,
        )

    @classmethod
    def load(cls, server: Server, name: str) -> Grant | None:
        record = server.store.get("grant", name)
        if record is None:
            return None
        lists = {name: tuple(record[name]) for name in ("scope", "resources", "amr")}
        return cls(**record | lists)

    @property
    def record(self) -> Record:
        return {**self.__dict__}

    def save(self, server: Server) -> None:
        server.store.put("grant", self.id, self.record, self.expires + 3600)

    def revoke(self, server: Server) -> None:
        """From now on none of its tokens counts, wherever the store is asked."""
        replace(self, revoked=True).save(server)

    def is_active(self, now: float) -> bool:
        return not self.revoked and now < self.expires

    def audience(self, server: Server, scope: Sequence[str] | None = None) -> tuple[str, ...]:
        """Where its access tokens are good: the APIs, and our own userinfo if ``openid`` is in the scope."""
        return server.audience(self.scope if scope is None else scope, self.resources)

    def remember_token(self, server: Server, claims: Mapping[str, Any]) -> None:
        """So that the token dies with the grant."""
        server.store.put("token", claims["jti"], {"grant": self.id}, claims["exp"])


def new_code(server: Server, grant: Grant, request: Mapping[str, Any]) -> str:
    """A code for a grant, bound to everything that it has to match later (RFC 6749 §4.1.2, RFC 7636 §4.4)."""
    code = server.secret()
    expires = server.clock() + CODE_LIFETIME
    record = {
        "grant": grant.id,
        "client_id": grant.client_id,
        "redirect_uri": request["redirect_uri"] if request["redirect_uri_given"] else None,
        "code_challenge": request["code_challenge"],
        "nonce": request["nonce"],
        "jkt": request["dpop_jkt"],
        "answer": g.get("form"),
        "used": False,
        "expires": expires,
    }
    with server.store.transaction():
        grant.save(server)
        # A used code is remembered as long as the tokens that it gave: a second use must be noticed.
        server.store.put("code", fingerprint(code), record, grant.expires)
    return code


def new_refresh_token(server: Server, grant: Grant, jkt: str | None) -> str:
    """A refresh token; the one before is spent (rotation, RFC 9700 §4.14.2)."""
    token = server.secret()
    record = {
        "grant": grant.id,
        "client_id": grant.client_id,
        "jkt": jkt,
        "used": False,
        "expires": server.clock() + REFRESH_LIFETIME,
    }
    server.store.put("refresh", fingerprint(token), record, grant.expires)
    return token
