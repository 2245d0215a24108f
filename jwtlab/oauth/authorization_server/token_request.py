"""What a client brings to the token endpoint, and what every grant asks of it (RFC 6749 §3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jwtlab.checks import Check, Policy, Report
from jwtlab.errors import OAuthError
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server.authorize import resource_known
from jwtlab.oauth.authorization_server.grants import Grant
from jwtlab.oauth.authorization_server.tokens import access_token
from jwtlab.oauth.protocol import PARAMETER_CHECKS, Parameters, refuse
from jwtlab.oauth.registration import Client

if TYPE_CHECKING:
    from jwtlab.oauth.authorization_server.server import AuthorizationServer


@dataclass(frozen=True)
class TokenRequest:
    """What a client brought to the token endpoint.

    Attributes:
        server: who is asked.
        parameters: of the request.
        client: who asks, once that is known.
        jkt: the key that it showed by DPoP, or ``None``.
    """

    server: AuthorizationServer
    parameters: Parameters
    client: Client | None = None
    jkt: str | None = None

    @property
    def grant_type(self) -> str:
        return self.parameters.get("grant_type", "")

    @property
    def scope(self) -> tuple[str, ...]:
        """What is asked for. A grant without refresh tokens has no use for ``offline_access`` (Core §11)."""
        asked = self.parameters.words("scope")
        return without_offline(asked) if self.grant_type in _WITHOUT_REFRESH else asked


_WITHOUT_REFRESH = frozenset({protocol.CLIENT_CREDENTIALS, protocol.JWT_BEARER, protocol.TOKEN_EXCHANGE})


def without_offline(scope: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in scope if each != "offline_access")


def grant_type_known(case: TokenRequest) -> str:
    if not case.grant_type:
        raise refuse("invalid_request", "the grant_type is missing", "grant_type")
    if case.grant_type not in protocol.GRANT_TYPES:
        raise refuse(
            "unsupported_grant_type",
            "no such grant_type",
            "grant_type",
            expected=protocol.GRANT_TYPES,
            found=case.grant_type,
        )
    return case.grant_type


def grant_type_current(case: TokenRequest) -> str:
    if case.grant_type == protocol.PASSWORD and not case.server.legacy:
        raise refuse(
            "unsupported_grant_type",
            "the password grant is retired: an application should never see a password",
            "grant_type",
        )
    return ""


REQUEST_CHECKS = Policy(
    (
        *PARAMETER_CHECKS,
        Check(
            id="grant-type-known",
            title="It says by what right",
            spec="RFC 6749 §5.2",
            run=grant_type_known,
            group="Request",
            purpose="The server would have to guess.",
        ),
        Check(
            id="grant-type-current",
            title="It does not bring a person's password",
            spec="RFC 9700 §2.4",
            run=grant_type_current,
            group="Request",
            purpose="Applications learn passwords, and people learn to type them anywhere.",
        ),
    ),
    "token request",
)


def grant_type_allowed(case: TokenRequest) -> str:
    if case.client is not None and case.grant_type not in case.client.grant_types:
        raise refuse("unauthorized_client", "the client is not registered for this grant_type", "grant_type")
    return ""


CLIENT_CHECKS = Policy(
    (
        Check(
            id="grant-type-allowed",
            title="The client may use this grant",
            spec="RFC 6749 §5.2",
            run=grant_type_allowed,
            group="Request",
            purpose="The weakest way in is open to all.",
        ),
        Check(
            id="resource-known",
            title="It names an API that we speak for",
            spec="RFC 8707 §2",
            run=resource_known,
            group="Request",
            purpose="Tokens for strangers.",
        ),
    ),
    "grant type",
)


def narrowed(parameters: Parameters, grant: Grant) -> tuple[str, ...]:
    """Fewer APIs than were granted may be asked for (RFC 8707 §2.2)."""
    asked = parameters.all("resource")
    if grant.resources and not set(asked) <= set(grant.resources):
        raise OAuthError("this API was not granted", "invalid_target")
    return asked


def nothing(report: Report) -> dict[str, Any]:
    _ = report.value  # raises
    raise OAuthError("there is nothing to redeem", "invalid_grant")  # only where checks were taken out


def scope_granted(case: TokenRequest) -> str:
    allowed = case.client.scopes if case.client else ()
    wrong = next((each for each in case.scope if each not in allowed), None)
    if wrong is not None or ("scope" in case.parameters and not case.scope):
        reason = f"the client may not have {wrong[:40]!r}" if wrong else "nothing is left of the scope"
        raise refuse("invalid_scope", reason, "scope", expected=allowed)
    return ""


def impersonal_scope(client: Client) -> tuple[str, ...]:
    return tuple(each for each in client.scopes if ":" in each)


def bare_answer(
    server: AuthorizationServer,
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


SCOPE_GRANTED = Check(
    id="scope-granted",
    title="It may have this scope",
    spec="RFC 6749 §3.3",
    run=scope_granted,
    group="Request",
    purpose="A service for reading writes.",
)
