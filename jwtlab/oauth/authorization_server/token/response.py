"""The token response (RFC 6749 §5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from jwtlab.checks import Report
from jwtlab.errors import JwtlabError, OAuthError
from jwtlab.oauth.authorization_server.grant import Grant, new_refresh_token
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.authorization_server.tokens import access_token, id_token
from jwtlab.oauth.protocol import Parameters


def token_response(
    server: Server,
    client: Client,
    grant: Grant,
    *,
    scope: Sequence[str] | None = None,
    resources: Sequence[str] = (),
    jkt: str | None = None,
    nonce: str | None = None,
) -> dict[str, Any]:
    """The successful response of the token endpoint (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).

    Args:
        server: who responses.
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


def narrowed(parameters: Parameters, grant: Grant) -> tuple[str, ...]:
    """Fewer APIs than were granted may be asked for (RFC 8707 §2.2)."""
    asked = parameters.all("resource")
    if grant.resources and not set(asked) <= set(grant.resources):
        raise OAuthError("this API was not granted", "invalid_target")
    return asked


def refusal(report: Report) -> JwtlabError:
    """The error of a report: of the check that failed, or that there is nothing to redeem."""
    failure = report.first_failure
    if failure is not None and failure.error is not None:
        return failure.error
    return OAuthError("there is nothing to redeem", "invalid_grant")  # only where checks were taken out


def impersonal_scope(client: Client) -> tuple[str, ...]:
    """What a client gets that asks for nothing, where no person is involved."""
    return tuple(each for each in client.scopes if ":" in each)


def access_token_response(
    server: Server,
    client: Client,
    subject: str,
    scope: tuple[str, ...],
    audience: tuple[str, ...],
    jkt: str | None,
    more: Mapping[str, Any] | None = None,
    expires: float | None = None,
    parent: str | None = None,
) -> dict[str, Any]:
    """An access token and nothing else; it ends with the token ``parent`` (a ``jti``), if it came from one."""
    text, claims = access_token(server, client, subject, scope, audience, jkt=jkt, more=more, expires=expires)
    if parent is not None:
        known = server.store.get("token", parent)
        record = {"parent": parent, "grant": known["grant"] if known else None}
        server.store.put("token", claims["jti"], record, claims["exp"])
    return {
        "access_token": text,
        "token_type": "DPoP" if jkt else "Bearer",
        "expires_in": claims["exp"] - claims["iat"],
        "scope": " ".join(scope),
    }
