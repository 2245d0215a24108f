"""What the server hands out: access tokens (RFC 9068), ID tokens (OpenID Connect Core §2), logout tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jwtlab.checks import Check, Policy, Refusal, Report
from jwtlab.errors import ClaimRefused
from jwtlab.jose import jwt
from jwtlab.jose.verifier import Verifier
from jwtlab.oauth.authorization_server.accounts import Account
from jwtlab.oauth.authorization_server.lifetimes import ACCESS_LIFETIME, ID_LIFETIME, LOGOUT_LIFETIME
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.protocol import ACCESS_TOKEN_TYP, LOGOUT_EVENT, LOGOUT_TOKEN_TYP, half_hash


def access_token(
    server: Server,
    client: Client,
    subject: str,
    scope: Sequence[str],
    audience: Sequence[str],
    *,
    auth_time: float | None = None,
    jkt: str | None = None,
    more: Mapping[str, Any] | None = None,
    expires: float | None = None,
) -> tuple[str, dict[str, Any]]:
    """An access token as RFC 9068 §2 describes it.

    Args:
        server: who signs it.
        client: who may use it.
        subject: on whose behalf; the client's own id where no person is involved.
        scope: what for.
        audience: where.
        auth_time: when the person logged in.
        jkt: thumbprint of the key it is bound to (RFC 9449 §6.1).
        more: further claims.
        expires: an instant after which it must not live.

    Returns:
        The token and its claims.
    """
    now = int(server.clock())
    claims: dict[str, Any] = {
        "iss": server.issuer,
        "sub": subject,
        "aud": audience[0] if len(audience) == 1 else list(audience),
        "client_id": client.client_id,
        "scope": " ".join(scope),
        "iat": now,
        "exp": min(now + ACCESS_LIFETIME, int(expires or now + ACCESS_LIFETIME)),
        "jti": server.secret(16),
    }
    if auth_time is not None:
        claims["auth_time"] = int(auth_time)
    if jkt is not None:
        claims["cnf"] = {"jkt": jkt}
    claims |= more or {}
    return _sign(server, claims, ACCESS_TOKEN_TYP), claims


def id_token(
    server: Server,
    client: Client,
    grant: Mapping[str, Any],
    *,
    nonce: str | None = None,
    token: str | None = None,
    code: str | None = None,
    more: Mapping[str, Any] | None = None,
) -> str:
    """An ID token: who logged in, when, and for which application (OpenID Connect Core §2).

    Args:
        server: who says so.
        client: for whom.
        grant: the record of what was granted: sub, auth_time, sid, amr.
        nonce: what the client sent along (§3.1.2.1).
        token: the access token that is handed out with it, for ``at_hash``.
        code: the code that is handed out with it, for ``c_hash``.
        more: further claims, such as the name (§5.4).
    """
    now = int(server.clock())
    key = server.keys.signing_key
    claims: dict[str, Any] = {
        "iss": server.issuer,
        "sub": grant["sub"],
        "aud": client.client_id,
        "iat": now,
        "exp": now + ID_LIFETIME,
        "auth_time": int(grant["auth_time"]),
        "amr": grant["amr"],
    }
    if grant["sid"]:  # a device's login belongs to no session of a browser
        claims["sid"] = grant["sid"]
    if client.id_token_audiences:
        claims |= {"aud": [client.client_id, *client.id_token_audiences], "azp": client.client_id}
    if nonce is not None:
        claims["nonce"] = nonce
    if token is not None:
        claims["at_hash"] = half_hash(token, key.alg or "RS256")
    if code is not None:
        claims["c_hash"] = half_hash(code, key.alg or "RS256")
    return _sign(server, claims | dict(more or {}), "JWT")


def logout_token(server: Server, client: Client, subject: str, sid: str) -> str:
    """Tells an application that somebody has logged out (OpenID Connect Back-Channel Logout §2.4)."""
    now = int(server.clock())
    claims = {
        "iss": server.issuer,
        "sub": subject,
        "aud": client.client_id,
        "iat": now,
        "exp": now + LOGOUT_LIFETIME,
        "jti": server.secret(16),
        "events": {LOGOUT_EVENT: {}},
        "sid": sid,
    }
    return _sign(server, claims, LOGOUT_TOKEN_TYP)


def _sign(server: Server, claims: Mapping[str, Any], typ: str) -> str:
    key = server.keys.signing_key
    return jwt.issue(claims, key, alg=key.alg or "RS256", header={"typ": typ})


def person_claims(person: Account, scope: Sequence[str]) -> dict[str, Any]:
    """What the scopes let an application know (OpenID Connect Core §5.4)."""
    claims: dict[str, Any] = {}
    if "profile" in scope:
        claims |= {"name": person.name, "preferred_username": person.username}
    if "email" in scope:
        claims |= {"email": person.email, "email_verified": True}
    return claims


# Judging our own access tokens, where they come back to us: userinfo, introspection, token exchange.


def _not_revoked(case: jwt.Case) -> str:
    server: Server = case.context
    if server.is_revoked(case.claims):
        raise Refusal("it has been revoked", claim="jti", found=case.claims.get("jti"), error=ClaimRefused)
    return ""


OWN_TOKEN = jwt.STANDARD.adding(
    Check(
        id="not-revoked",
        title="Not revoked",
        spec="RFC 7009 §2.1",
        run=_not_revoked,
        group="Time",
        purpose="Otherwise logout and revocation change nothing until the token expires.",
    )
)
"""What the server asks of an access token that it gave itself."""


def own_verifier(server: Server, audience: str | Sequence[str], policy: Policy) -> Verifier:
    """Who judges our own access tokens, where they come back to us.

    Args:
        server: which gave them.
        audience: for whom they should be meant.
        policy: the checks.
    """
    return Verifier(
        server.keys.published,
        algorithms=server.algorithms,
        issuer=server.issuer,
        audience=audience,
        typ=ACCESS_TOKEN_TYP,
        policy=policy,
    )


def examine(server: Server, token: str, audience: Sequence[str] | None = None) -> Any:
    """The `Report` on one of our own access tokens.

    Args:
        server: which gave it.
        token: the text.
        audience: any of our APIs, unless it says which.
    """
    verifier = own_verifier(server, audience or server.audiences, server.policies["access token"])
    return verifier.verify(token, now=server.clock(), context=server)


# An ID token shows who wants to log out long after it has expired (RP-Initiated Logout §2).
HINT_CHECKS = jwt.STANDARD.without("not-expired", "audience-expected")


def examine_hint(server: Server, hint: str) -> Report:
    """Is this an ID token of ours, however old?"""
    verifier = Verifier(
        server.keys.known,
        algorithms=tuple(dict.fromkeys(key.alg for key in server.keys.known if key.alg)),
        issuer=server.issuer,
        typ="JWT",
        policy=HINT_CHECKS,
    )
    return verifier.verify(hint, now=server.clock())


def subject_of_hint(server: Server, hint: str | None) -> str | None:
    """Whom an ``id_token_hint`` means, if it is one of ours."""
    report = examine_hint(server, hint) if hint else None
    return str(report.claims["sub"]) if report is not None and report.accepted else None
