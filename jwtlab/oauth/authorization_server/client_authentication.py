"""Which application is this? (RFC 6749 §2.3, RFC 7523 §2.2, OpenID Connect Core §9)"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request

from jwtlab.checks import Check, Policy, Refusal
from jwtlab.errors import OAuthError
from jwtlab.jose.token import read
from jwtlab.oauth.authorization_server.assertions import CLIENT_ASSERTION, examine_assertion
from jwtlab.oauth.authorization_server.authentication_method import AuthenticationMethod
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.bearer import authorization_values
from jwtlab.oauth.protocol import ASSERTION_TYPE, Parameters, basic_credentials, refuse


@dataclass(frozen=True)
class ClientAuthentication:
    """What a request brought along to show who sends it.

    Attributes:
        server: who is asked.
        parameters: of the request.
        authorization: the header of that name, or ``None``.
        addresses: to what an assertion may be addressed besides the issuer.
    """

    server: Server
    parameters: Parameters
    authorization: str | None
    addresses: tuple[str, ...] = ()

    @cached_property
    def basic(self) -> tuple[str, str] | None:
        return basic_credentials(self.authorization or "")

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """Every method that the request uses, as often as it uses it."""
        used = [each.id for each in self.server.authentication_methods for _ in range(each.uses(self))]
        return tuple(used) or ("none",)

    @property
    def is_bare_name(self) -> bool:
        """Basic with an empty password: some libraries send a public client's name that way (RFC 6749 §2.3.1)."""
        known = self.server.clients.get(self.basic[0]) if self.basic else None
        return self.basic is not None and not self.basic[1] and known is not None and known.is_public

    @property
    def client_id(self) -> str:
        if self.basic is not None:
            return self.basic[0]
        if self.methods[0] == "private_key_jwt":
            subject = (read(self.parameters.get("client_assertion", "")).claims or {}).get("sub")
            return subject if isinstance(subject, str) else ""
        return self.parameters.get("client_id", "")

    @cached_property
    def client(self) -> Client | None:
        return self.server.clients.get(self.client_id)

    @property
    def secret(self) -> str:
        return self.basic[1] if self.basic is not None else self.parameters.get("client_secret", "")


def _refuse(reason: str, parameter: str | None = None, **evidence: Any) -> Refusal:
    return refuse("invalid_client", reason, parameter, **evidence)


def one_method(case: ClientAuthentication) -> str:
    if len(case.methods) > 1:
        raise refuse(
            "invalid_request",
            f"one way to authenticate is enough; this request uses {', '.join(case.methods)}",
        )
    return case.methods[0]


def client_found(case: ClientAuthentication) -> str:
    if case.client is None:
        raise _refuse("no such client", "client_id")
    stated = case.parameters.get("client_id")
    if stated is not None and stated != case.client_id:
        raise _refuse("client_id names another client than the credentials", "client_id")
    return case.client_id


def method_registered(case: ClientAuthentication) -> str:
    expected = case.client.token_endpoint_auth_method if case.client else None
    if case.methods != (expected,):
        raise _refuse(
            f"this client authenticates with {expected}, not with {' and '.join(case.methods)}",
            expected=expected,
            found=case.methods,
        )
    return str(expected)


def secret_matches(case: ClientAuthentication) -> str:
    if not case.methods[0].startswith("client_secret"):
        return "there is no secret"
    expected = (case.client.client_secret if case.client else None) or ""
    # In constant time: how long it takes must not tell how much of it was right.
    if not hmac.compare_digest(expected.encode(), case.secret.encode("utf-8", "replace")):
        raise _refuse("wrong client name or secret")
    return "right"


def assertion_good(case: ClientAuthentication) -> str:
    if case.methods[0] != "private_key_jwt":
        return "there is no assertion"
    if case.parameters.get("client_assertion_type") != ASSERTION_TYPE:
        raise _refuse("client_assertion_type is missing or unknown", "client_assertion_type")
    if case.client is None or case.client.jwks is None:
        raise _refuse("no key is registered for this client")
    report = examine_assertion(
        case.server,
        case.client,
        case.parameters.get("client_assertion", ""),
        "client assertion",
        case.addresses,
    )
    if report.first_failure is not None:
        raise _refuse(f"client_assertion: {report.first_failure.reason}", "client_assertion")
    return "signed by the client's key"


def _by_header(case: ClientAuthentication) -> int:
    """Two headers of the name reach an application as one, with a comma between them."""
    return 0 if case.is_bare_name else len(authorization_values(case.authorization))


def _by_assertion(case: ClientAuthentication) -> int:
    return int(not {"client_assertion", "client_assertion_type"}.isdisjoint(case.parameters))


_SECRET = Check(
    id="client-secret",
    title="Its secret is right",
    spec="RFC 6749 §2.3.1",
    run=secret_matches,
    group="Client",
    purpose="Whoever knows the public client_id is the client.",
)
_ASSERTION = Check(
    id="client-assertion",
    title="Its assertion is good",
    spec="RFC 7523 §3",
    run=assertion_good,
    group="Client",
    purpose="Whoever knows the public client_id is the client.",
)
METHODS = (
    AuthenticationMethod(id="none", spec="RFC 7591 §2", uses=lambda case: 0),
    AuthenticationMethod(id="client_secret_basic", spec="RFC 6749 §2.3.1", uses=_by_header, check=_SECRET),
    AuthenticationMethod(
        id="client_secret_post",
        spec="RFC 6749 §2.3.1",
        uses=lambda case: int("client_secret" in case.parameters),
        check=_SECRET,
    ),
    AuthenticationMethod(id="private_key_jwt", spec="RFC 7523 §2.2", uses=_by_assertion, check=_ASSERTION),
)
"""Every way in which a client shows who it is, in the order of the metadata."""


def policies(methods: Iterable[AuthenticationMethod]) -> dict[str, Policy]:
    """The decisions of a server that knows these methods."""
    proofs = dict.fromkeys(each.check for each in methods if each.check is not None)
    return {
        "client authentication": Policy((*_BEFORE, *proofs), "client authentication"),
        "client assertion": CLIENT_ASSERTION,
    }


_BEFORE = (
    Check(
        id="client-one-method",
        title="One way to authenticate",
        spec="RFC 6749 §2.3",
        run=one_method,
        group="Client",
        purpose="Which of two names counts, decides who gets the token.",
    ),
    Check(
        id="client-found",
        title="The client is registered",
        spec="RFC 6749 §2.2",
        run=client_found,
        group="Client",
        purpose="Strangers get tokens.",
    ),
    Check(
        id="client-method",
        title="It authenticates as it is registered",
        spec="RFC 6749 §2.3",
        run=method_registered,
        group="Client",
        purpose="A client with a secret could come without it.",
    ),
)
POLICIES = policies(METHODS)


def authenticate(server: Server, parameters: Parameters, addresses: tuple[str, ...] = ()) -> Client:
    """The client that sent the current request.

    Args:
        server: who is asked.
        parameters: of the request.
        addresses: to what an assertion may be addressed besides issuer and token endpoint.

    Raises:
        OAuthError: ``invalid_client`` or ``invalid_request``.
    """
    case = ClientAuthentication(server, parameters, request.headers.get("Authorization"), addresses)
    server.decide("client authentication", case)
    if case.client is None:  # only where the check was taken out
        raise OAuthError("no such client", "invalid_client", 401)
    return case.client
