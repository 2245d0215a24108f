"""A token request, what a grant type is, and what every grant asks first (RFC 6749 §3.2, §5.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jwtlab.checks import Check, Policy
from jwtlab.oauth.authorization_server.asked_rights import RESOURCE_KNOWN
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.protocol import PARAMETER_CHECKS, Parameters, refuse


@dataclass(frozen=True)
class TokenRequest:
    """What a client brought to the token endpoint.

    Attributes:
        server: who is asked.
        parameters: of the request.
        grant_types: what the server knows, by ``grant_type``.
        client: who asks, once that is known.
        jkt: the key that it showed by DPoP, or ``None``.
    """

    server: Server
    parameters: Parameters
    grant_types: Mapping[str, GrantType]
    client: Client | None = None
    jkt: str | None = None

    @property
    def grant_type(self) -> str:
        return self.parameters.get("grant_type", "")

    @property
    def scope(self) -> tuple[str, ...]:
        """What is asked for. A grant without refresh tokens has no use for ``offline_access`` (Core §11)."""
        asked, known = self.parameters.words("scope"), self.grant_types.get(self.grant_type)
        return asked if known is not None and known.refreshable else without_offline(asked)


@dataclass(frozen=True, kw_only=True)
class GrantType:
    """A way to a token. Metadata, policies, parameters and the token endpoint derive from it.

    Attributes:
        id: its ``grant_type``.
        title: for people.
        spec: where it is described.
        redeem: ``request -> token response``; it raises `OAuthError` with a code of RFC 6749 §5.2.
        policies: its decisions, by name.
        parameters: the names that it reads besides ``grant_type``, ``scope``, ``resource`` and the client's.
        metadata: ``server -> members`` of the metadata document.
        refreshable: it may give a refresh token.
        retired: why it is answered only by a server that was told to; empty for the others.
        signer: ``request -> the client that proves itself by the grant alone``, or ``None``.
    """

    id: str
    title: str
    spec: str
    redeem: Callable[[TokenRequest], dict[str, Any]]
    policies: Mapping[str, Policy] = field(default_factory=dict)
    parameters: frozenset[str] = frozenset()
    metadata: Callable[[Server], Mapping[str, Any]] = lambda server: {}
    refreshable: bool = False
    retired: str = ""
    signer: Callable[[TokenRequest], Client | None] = lambda request: None


def without_offline(scope: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in scope if each != "offline_access")


def grant_type_known(case: TokenRequest) -> str:
    if not case.grant_type:
        raise refuse("invalid_request", "the grant_type is missing", "grant_type")
    if case.grant_type not in case.grant_types:
        raise refuse(
            "unsupported_grant_type",
            "no such grant_type",
            "grant_type",
            expected=tuple(case.grant_types),
            found=case.grant_type,
        )
    return case.grant_type


def grant_type_current(case: TokenRequest) -> str:
    retired = case.grant_types[case.grant_type].retired if case.grant_type in case.grant_types else ""
    if retired and not case.server.legacy:
        raise refuse("unsupported_grant_type", retired, "grant_type")
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
        RESOURCE_KNOWN,
    ),
    "grant type",
)
