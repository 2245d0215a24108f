"""Which application is this? (RFC 6749 §2.3, RFC 7523 §2.2, OpenID Connect Core §9)"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import request

from jwtlab.checks import Check, Policy, Refusal, Report
from jwtlab.errors import ClaimRefused, OAuthError, ReplayedToken
from jwtlab.jose import jwt
from jwtlab.jose.token import read
from jwtlab.oauth import dpop
from jwtlab.oauth.bearer import authorization_values
from jwtlab.oauth.protocol import ASSERTION_TYPE, Parameters, basic_credentials, refuse
from jwtlab.oauth.registration import Client

if TYPE_CHECKING:
    from jwtlab.oauth.authorization_server.server import AuthorizationServer

LONGEST_ASSERTION = 3600
"""Seconds for which an assertion may be good."""


@dataclass(frozen=True)
class Credentials:
    """What a request brought along to show who sends it.

    Attributes:
        server: who is asked.
        parameters: of the request.
        authorization: the header of that name, or ``None``.
        addresses: to what an assertion may be addressed besides the issuer.
    """

    server: AuthorizationServer
    parameters: Parameters
    authorization: str | None
    addresses: tuple[str, ...] = ()

    @cached_property
    def basic(self) -> tuple[str, str] | None:
        return basic_credentials(self.authorization or "")

    @property
    def methods(self) -> tuple[str, ...]:
        """Every method that the request uses."""
        used = []
        if self.authorization is not None and not self.is_bare_name:
            # Two headers of the name reach an application as one, with a comma between them.
            used += ["client_secret_basic"] * len(authorization_values(self.authorization))
        if "client_secret" in self.parameters:
            used.append("client_secret_post")
        if "client_assertion" in self.parameters or "client_assertion_type" in self.parameters:
            used.append("private_key_jwt")
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


def one_method(case: Credentials) -> str:
    if len(case.methods) > 1:
        raise refuse(
            "invalid_request",
            f"one way to authenticate is enough; this request uses {', '.join(case.methods)}",
        )
    return case.methods[0]


def client_found(case: Credentials) -> str:
    if case.client is None:
        raise _refuse("no such client", "client_id")
    stated = case.parameters.get("client_id")
    if stated is not None and stated != case.client_id:
        raise _refuse("client_id names another client than the credentials", "client_id")
    return case.client_id


def method_registered(case: Credentials) -> str:
    expected = case.client.token_endpoint_auth_method if case.client else None
    if case.methods != (expected,):
        raise _refuse(
            f"this client authenticates with {expected}, not with {' and '.join(case.methods)}",
            expected=expected,
            found=case.methods,
        )
    return str(expected)


def secret_matches(case: Credentials) -> str:
    if not case.methods[0].startswith("client_secret"):
        return "there is no secret"
    expected = (case.client.client_secret if case.client else None) or ""
    # In constant time: how long it takes must not tell how much of it was right.
    if not hmac.compare_digest(expected.encode(), case.secret.encode("utf-8", "replace")):
        raise _refuse("wrong client name or secret")
    return "right"


def assertion_good(case: Credentials) -> str:
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


CHECKS = Policy(
    (
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
        Check(
            id="client-secret",
            title="Its secret is right",
            spec="RFC 6749 §2.3.1",
            run=secret_matches,
            group="Client",
            purpose="Whoever knows the public client_id is the client.",
        ),
        Check(
            id="client-assertion",
            title="Its assertion is good",
            spec="RFC 7523 §3",
            run=assertion_good,
            group="Client",
            purpose="Whoever knows the public client_id is the client.",
        ),
    ),
    "client authentication",
)


# Assertions: JWTs that a client signs with its own key.


@dataclass(frozen=True)
class Asserted:
    """What the checks on an assertion look at besides the token."""

    server: AuthorizationServer
    client: Client


def _refuse_claim(reason: str, claim: str, **evidence: Any) -> Refusal:
    return Refusal(reason, claim=claim, **{"error": ClaimRefused, **evidence})


def one_audience(case: jwt.Case) -> str:
    aud = case.claims.get("aud")
    if isinstance(aud, list) and not (aud and set(map(str, aud)) <= set(case.audiences or ())):
        raise _refuse_claim(
            "aud names several servers: one of them could use it at another", "aud", found=aud
        )
    return ""


def short_lived(case: jwt.Case) -> str:
    exp = case.date("exp")
    if exp is not None and exp - case.now > LONGEST_ASSERTION:
        raise _refuse_claim(f"exp is more than {LONGEST_ASSERTION // 60} minutes away", "exp", found=exp)
    return ""


def subject_is_client(case: jwt.Case) -> str:
    if case.claims.get("sub") != case.context.client.client_id:
        raise _refuse_claim(
            "sub is not the client's own id",
            "sub",
            expected=case.context.client.client_id,
            found=case.claims.get("sub"),
        )
    return ""


def assertion_named(case: jwt.Case) -> str:
    jti = case.claims.get("jti")
    if not isinstance(jti, str) or not jti:
        raise _refuse_claim("jti is missing, so nobody can tell whether it was used before", "jti")
    return ""


def assertion_unused(case: jwt.Case) -> str:
    jti = case.claims.get("jti")
    # One without a jti goes by its text, signature excluded: an ECDSA signature has a twin.
    name = f"jti:{jti}" if jti is not None else f"text:{str(case.token).rpartition('.')[0]}"
    exp = case.date("exp")
    good_for = (exp - case.now if exp is not None else LONGEST_ASSERTION) + case.leeway + 1
    if not case.context.server.first_use("assertion", f"{case.context.client.client_id}:{name}", good_for):
        raise _refuse_claim("this assertion has been used before", "jti", error=ReplayedToken, found=jti)
    return "used for the first time"


_COMMON = (
    Check(
        id="assertion-one-audience",
        title="It is meant for one server only",
        spec="draft-ietf-oauth-rfc7523bis",
        run=one_audience,
        group="Purpose",
        purpose="One of the servers uses it at another.",
    ),
    Check(
        id="assertion-short",
        title="It is good for a short time only",
        spec="RFC 7523 §3",
        run=short_lived,
        group="Time",
        purpose="A leaked assertion is as good as the key.",
    ),
)
_UNUSED = Check(
    id="assertion-unused",
    title="Not used before",
    spec="RFC 7523 §3",
    run=assertion_unused,
    group="Time",
    purpose="Whoever overhears it uses it again.",
)

_TOKEN = jwt.STANDARD.without(
    "not-replayed"
)  # an assertion has a check of its own for that, by client and jti

CLIENT_ASSERTION = _TOKEN.adding(
    Check(
        id="assertion-subject",
        title="sub is the client itself",
        spec="RFC 7523 §3",
        run=subject_is_client,
        group="Purpose",
        purpose="A client could log in as another.",
    ),
    *_COMMON,
    Check(
        id="assertion-named",
        title="It has a name (jti)",
        spec="OpenID Connect Core §9",
        run=assertion_named,
        group="Time",
        purpose="Nobody can tell whether it was used before.",
    ),
    _UNUSED,
)
"""What is asked of the assertion with which a client authenticates (``private_key_jwt``)."""

GRANT_ASSERTION = _TOKEN.adding(*_COMMON, _UNUSED)
"""What is asked of the assertion that stands for a grant (RFC 7523 §2.1)."""


def examine_assertion(
    server: AuthorizationServer, client: Client, assertion: str, policy: str, addresses: Iterable[str] = ()
) -> Report:
    """Judge an assertion by the client's own public keys.

    Args:
        server: to whom it should be addressed, by issuer or token endpoint (RFC 7523 §3).
        client: who should have signed it.
        assertion: the JWT.
        policy: ``"client assertion"`` or ``"grant assertion"``.
        addresses: further names of the server that count here.
    """
    return server.note(
        policy,
        jwt.verify(
            assertion,
            client.jwks or (),
            algorithms=dpop.ALGORITHMS,
            issuer=client.client_id,
            audience=(server.issuer, server.endpoint("token"), *addresses),
            now=server.clock(),
            leeway=5,
            policy=server.policies[policy],
            context=Asserted(server, client),
        ),
    )


def authenticate(
    server: AuthorizationServer, parameters: Parameters, addresses: tuple[str, ...] = ()
) -> Client:
    """The client that sent the current request.

    Args:
        server: who is asked.
        parameters: of the request.
        addresses: to what an assertion may be addressed besides issuer and token endpoint.

    Raises:
        OAuthError: ``invalid_client`` or ``invalid_request``.
    """
    case = Credentials(server, parameters, request.headers.get("Authorization"), addresses)
    server.decide("client authentication", case)
    if case.client is None:  # only where the check was taken out
        raise OAuthError("no such client", "invalid_client", 401)
    return case.client
