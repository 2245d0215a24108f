"""The flows: one generator a file, straight as the steps of its RFC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jwtlab.errors import UsageError
from jwtlab.oauth.flows.authorization_code import authorization_code
from jwtlab.oauth.flows.bearer import bearer
from jwtlab.oauth.flows.client_credentials import client_credentials
from jwtlab.oauth.flows.custom import custom
from jwtlab.oauth.flows.device import device
from jwtlab.oauth.flows.dpop import dpop
from jwtlab.oauth.flows.hybrid import hybrid
from jwtlab.oauth.flows.implicit import implicit
from jwtlab.oauth.flows.jwt_bearer import jwt_bearer
from jwtlab.oauth.flows.openid_connect import openid_connect
from jwtlab.oauth.flows.par import par
from jwtlab.oauth.flows.passwordless import passwordless
from jwtlab.oauth.flows.refresh import refresh
from jwtlab.oauth.flows.server_side import server_side
from jwtlab.oauth.flows.single_sign_on import single_sign_on
from jwtlab.oauth.flows.token_exchange import token_exchange
from jwtlab.oauth.http.steps import Steps


@dataclass(frozen=True)
class FlowKind:
    """A flow that can be begun.

    Attributes:
        id: lower-case words joined by hyphens.
        title: for people.
        spec: where it is described.
        begin: ``(world, **options) -> Steps``.
    """

    id: str
    title: str
    spec: str
    begin: Callable[..., Steps[Any]] = field(repr=False)


FLOWS: Mapping[str, FlowKind] = {
    kind.id: kind
    for kind in (
        FlowKind("bearer", "Bearer token", "RFC 6750", bearer),
        FlowKind("client-credentials", "Client credentials", "RFC 6749 §4.4", client_credentials),
        FlowKind("jwt-bearer", "JWT bearer grant", "RFC 7523", jwt_bearer),
        FlowKind("refresh", "Refresh token", "RFC 6749 §6", refresh),
        FlowKind("authorization-code", "Authorization code with PKCE", "RFC 6749 §4.1", authorization_code),
        FlowKind("implicit", "Implicit", "RFC 6749 §4.2", implicit),
        FlowKind("hybrid", "Hybrid", "OpenID Connect Core §3.3", hybrid),
        FlowKind("openid-connect", "OpenID Connect", "OpenID Connect Core §3.1", openid_connect),
        FlowKind("server-side", "A login by a library", "OpenID Connect Core §3.1", server_side),
        FlowKind("single-sign-on", "Single sign-on", "OpenID Connect Core §3.1.2", single_sign_on),
        FlowKind("passwordless", "Passwordless", "", passwordless),
        FlowKind("custom", "Custom authorization", "RFC 9068 §2.2.3", custom),
        FlowKind("device", "Device authorization", "RFC 8628", device),
        FlowKind("token-exchange", "Token exchange", "RFC 8693", token_exchange),
        FlowKind("par", "Pushed authorization request", "RFC 9126", par),
        FlowKind("dpop", "DPoP", "RFC 9449", dpop),
    )
}
"""Every flow, by id."""


def find(id: str) -> FlowKind:
    """The flow of this id.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    if id not in FLOWS:
        raise UsageError(f"there is no flow {id!r}; there are: {', '.join(FLOWS)}")
    return FLOWS[id]
