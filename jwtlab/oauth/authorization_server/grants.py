"""What somebody has allowed an application, and the codes and refresh tokens that stand for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import g

from jwtlab.oauth.authorization_server.tokens import access_token, id_token
from jwtlab.oauth.registration import Client
from jwtlab.oauth.store import Record, fingerprint

if TYPE_CHECKING:
    from jwtlab.oauth.authorization_server.server import AuthorizationServer

CODE_LIFETIME = 60
"""Seconds; RFC 6749 §4.1.2 allows ten minutes, and a redirect takes one."""

REFRESH_LIFETIME = 14 * 24 * 3600
"""Seconds from one use to the next."""

GRANT_LIFETIME = 90 * 24 * 3600
"""Seconds after which the person is asked again, however often the token was refreshed."""


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
        cls, server: AuthorizationServer, client: Client, wish: Mapping[str, Any], session: Mapping[str, Any]
    ) -> Grant:
        """A new grant; it is not stored yet."""
        return cls(
            server.secret(12),
            client.client_id,
            session["sub"],
            tuple(wish["scope"]),
            tuple(wish.get("resources", ())),
            session["auth_time"],
            tuple(session["amr"]),
            session["sid"],
            server.clock() + GRANT_LIFETIME,
        )

    @classmethod
    def load(cls, server: AuthorizationServer, name: str) -> Grant | None:
        record = server.store.get("grant", name)
        if record is None:
            return None
        lists = {name: tuple(record[name]) for name in ("scope", "resources", "amr")}
        return cls(**record | lists)

    @property
    def record(self) -> Record:
        return {**self.__dict__}

    def save(self, server: AuthorizationServer) -> None:
        server.store.put("grant", self.id, self.record, self.expires + 3600)

    def revoke(self, server: AuthorizationServer) -> None:
        """From now on none of its tokens counts, wherever the store is asked."""
        replace(self, revoked=True).save(server)

    def is_active(self, now: float) -> bool:
        return not self.revoked and now < self.expires

    def audience(self, server: AuthorizationServer, scope: Sequence[str] | None = None) -> tuple[str, ...]:
        """Where its access tokens are good: the APIs, and our own userinfo if ``openid`` is in the scope."""
        return server.audience(self.scope if scope is None else scope, self.resources)

    def remember_token(self, server: AuthorizationServer, claims: Mapping[str, Any]) -> None:
        """So that the token dies with the grant."""
        server.store.put("token", claims["jti"], {"grant": self.id}, claims["exp"])


def new_code(server: AuthorizationServer, grant: Grant, wish: Mapping[str, Any]) -> str:
    """A code for a grant, bound to everything that it has to match later (RFC 6749 §4.1.2, RFC 7636 §4.4)."""
    code = server.secret()
    expires = server.clock() + CODE_LIFETIME
    record = {
        "grant": grant.id,
        "client_id": grant.client_id,
        "redirect_uri": wish["redirect_uri"] if wish["redirect_uri_given"] else None,
        "code_challenge": wish["code_challenge"],
        "nonce": wish["nonce"],
        "jkt": wish["dpop_jkt"],
        "answer": g.get("form"),
        "used": False,
        "expires": expires,
    }
    with server.store.transaction():
        grant.save(server)
        # A used code is remembered as long as the tokens that it gave: a second use must be noticed.
        server.store.put("code", fingerprint(code), record, grant.expires)
    return code


def new_refresh_token(server: AuthorizationServer, grant: Grant, jkt: str | None) -> str:
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


def token_answer(
    server: AuthorizationServer,
    client: Client,
    grant: Grant,
    *,
    scope: Sequence[str] | None = None,
    resources: Sequence[str] = (),
    jkt: str | None = None,
    nonce: str | None = None,
) -> dict[str, Any]:
    """The successful answer of the token endpoint (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).

    Args:
        server: who answers.
        client: whom.
        grant: for what.
        scope: less than was granted, if less was asked for.
        resources: fewer APIs than were granted.
        jkt: the key that the tokens are bound to (RFC 9449 §5).
        nonce: for the ID token.
    """
    scopes = tuple(grant.scope if scope is None else scope)
    narrowed = replace(grant, resources=tuple(resources)) if resources else grant
    token, claims = access_token(
        server,
        client,
        grant.sub,
        scopes,
        narrowed.audience(server, scopes),
        auth_time=grant.auth_time,
        jkt=jkt,
        more=server.rights(grant.sub),
    )
    grant.remember_token(server, claims)
    answer = {
        "access_token": token,
        "token_type": "DPoP" if jkt else "Bearer",
        "expires_in": claims["exp"] - claims["iat"],
        "scope": " ".join(scopes),
    }
    if "refresh_token" in client.grant_types:
        # A confidential client proves itself at each refresh; a public one can only by its key (RFC 9449 §5).
        answer["refresh_token"] = new_refresh_token(server, grant, jkt if client.is_public else None)
    if "openid" in scopes:
        answer["id_token"] = id_token(server, client, grant.record, nonce=nonce, token=token)
    return answer
