"""Assertions: JWTs that a client signs with its own key (RFC 7523 §3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jwtlab.checks import Check, Refusal, Report
from jwtlab.errors import ClaimRefused, ReplayedToken
from jwtlab.jose import jwt
from jwtlab.jose.verifier import Verifier
from jwtlab.oauth import dpop
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.authorization_server.server import Server

LONGEST_ASSERTION = 3600
"""Seconds for which an assertion may be good."""


# Assertions: JWTs that a client signs with its own key.


@dataclass(frozen=True)
class Asserted:
    """What the checks on an assertion look at besides the token."""

    server: Server
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
    server: Server, client: Client, assertion: str, policy: str, addresses: Iterable[str] = ()
) -> Report:
    """Judge an assertion by the client's own public keys.

    Args:
        server: to whom it should be addressed, by issuer or token endpoint (RFC 7523 §3).
        client: who should have signed it.
        assertion: the JWT.
        policy: ``"client assertion"`` or ``"grant assertion"``.
        addresses: further names of the server that count here.
    """
    verifier = Verifier(
        client.jwks or (),
        algorithms=dpop.ALGORITHMS,
        issuer=client.client_id,
        audience=(server.issuer, server.endpoint("token"), *addresses),
        leeway=5,
        policy=server.policies[policy],
    )
    report = verifier.verify(assertion, now=server.clock(), context=Asserted(server, client))
    return server.note(policy, report)
