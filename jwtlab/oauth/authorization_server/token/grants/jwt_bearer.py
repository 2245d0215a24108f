"""A token for a JWT that the client has signed: no browser, no password (RFC 7523 §2.1)."""

from __future__ import annotations

from typing import Any

from jwtlab.checks import Check, Policy
from jwtlab.jose.token import read
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server.asked_rights import SCOPE_GRANTED
from jwtlab.oauth.authorization_server.assertions import GRANT_ASSERTION, examine_assertion
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.authorization_server.token.request import GrantType, TokenRequest
from jwtlab.oauth.authorization_server.token.response import access_token_response, impersonal_scope
from jwtlab.oauth.protocol import refuse


def assertion_good(case: TokenRequest) -> str:
    text = case.parameters.get("assertion")
    if text is None:
        raise refuse("invalid_request", "the assertion is missing", "assertion")
    author = signer(case)
    if author is None or not author.jwks:
        raise refuse("invalid_grant", "iss names no client with a registered key", "assertion")
    if case.client is not None and author.client_id != case.client.client_id:
        raise refuse("invalid_grant", "the assertion was signed by another client", "assertion")
    report = examine_assertion(case.server, author, text, "grant assertion")
    if report.first_failure is not None:
        raise refuse("invalid_grant", f"assertion: {report.first_failure.reason}", "assertion")
    return f"signed by {author.client_id}"


def signer(case: TokenRequest) -> Client | None:
    """The client that the assertion names; nothing of it is proved yet."""
    issuer = (read(case.parameters.get("assertion", "")).claims or {}).get("iss")
    return case.server.clients.get(issuer) if isinstance(issuer, str) else None


def subject_approved(case: TokenRequest) -> str:
    subject = (read(case.parameters.get("assertion", "")).claims or {}).get("sub")
    if case.client is None or subject not in case.client.acts_for:
        raise refuse(
            "invalid_grant",
            "an administrator has not approved this client for this user",
            "assertion",
            expected=case.client.acts_for if case.client else None,
            found=subject,
        )
    return str(subject)


ASSERTION_CHECKS = Policy(
    (
        Check(
            id="assertion-good",
            title="The client's own key has signed it, for us, just now",
            spec="RFC 7523 §3",
            run=assertion_good,
            group="Assertion",
            purpose="Whoever can write JSON speaks for everybody.",
        ),
        Check(
            id="assertion-approved",
            title="The client may act for this user",
            spec="RFC 7523 §3",
            run=subject_approved,
            group="Assertion",
            purpose="A client for one user becomes any user.",
        ),
        SCOPE_GRANTED,
    ),
    "JWT bearer",
)


def by_assertion(asked: TokenRequest) -> dict[str, Any]:
    """A token for the user whom the assertion names; whoever wants another one signs another one."""
    server, client = asked.server, asked.client
    server.decide("JWT bearer", asked)
    assert client is not None
    subject = str((read(asked.parameters.get("assertion", "")).claims or {}).get("sub"))
    scope = asked.scope or impersonal_scope(client)
    audience = server.audience(scope, asked.parameters.all("resource"))
    return access_token_response(server, client, subject, scope, audience, asked.jkt, server.rights(subject))


GRANT_TYPE = GrantType(
    id=protocol.JWT_BEARER,
    title="JWT bearer",
    spec="RFC 7523 §2.1",
    redeem=by_assertion,
    policies={"JWT bearer": ASSERTION_CHECKS, "grant assertion": GRANT_ASSERTION},
    parameters=frozenset({"assertion"}),
    signer=signer,
)
