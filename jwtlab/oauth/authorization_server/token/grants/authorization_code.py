"""Tokens for an authorization code, once (RFC 6749 §4.1.3, RFC 7636 §4.5)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jwtlab.checks import Check, Policy
from jwtlab.oauth import pkce, protocol
from jwtlab.oauth.authorization_server.grant import Grant
from jwtlab.oauth.authorization_server.token.request import GrantType, TokenRequest
from jwtlab.oauth.authorization_server.token.response import narrowed, refusal, token_response
from jwtlab.oauth.protocol import refuse
from jwtlab.oauth.store import Record, fingerprint


@dataclass(frozen=True)
class CodeRequest(TokenRequest):
    """Somebody wants to redeem a code."""

    @cached_property
    def code(self) -> Record | None:
        return self.server.store.get("code", fingerprint(self.parameters.get("code", "")))

    @property
    def grant(self) -> Grant | None:
        return Grant.load(self.server, self.code["grant"]) if self.code else None


def code_known(case: CodeRequest) -> str:
    if "code" not in case.parameters:
        raise refuse("invalid_request", "the code is missing", "code")
    if case.code is None:
        raise refuse("invalid_grant", "no such code", "code")
    return ""


def code_client(case: CodeRequest) -> str:
    if case.code and case.client and case.code["client_id"] != case.client.client_id:
        raise refuse("invalid_grant", "this code was given to another client", "code")
    return ""


def code_unused(case: CodeRequest) -> str:
    if case.code and case.code["used"]:
        raise refuse(
            "invalid_grant", "this code has been used before; the tokens that it gave are revoked", "code"
        )
    return "used for the first time"


def code_fresh(case: CodeRequest) -> str:
    if case.code and case.code["expires"] <= case.server.clock():
        raise refuse("invalid_grant", "the code has expired; start again", "code")
    return ""


def code_redirect_uri(case: CodeRequest) -> str:
    expected = case.code["redirect_uri"] if case.code else None
    given = case.parameters.get("redirect_uri")
    if expected is not None and given != expected:
        raise refuse(
            "invalid_grant",
            "the redirect_uri is not the one that the code was sent to",
            "redirect_uri",
            expected=expected,
            found=given,
        )
    return ""


def code_verifier(case: CodeRequest) -> str:
    challenge = case.code["code_challenge"] if case.code else None
    verifier = case.parameters.get("code_verifier")
    if challenge is None:
        return "the code is bound to no challenge"
    if verifier is None:
        raise refuse("invalid_grant", "the code_verifier is missing", "code_verifier")
    if not pkce.fits(verifier, challenge):
        raise refuse(
            "invalid_grant",
            "the code_verifier does not belong to the challenge of this code",
            "code_verifier",
        )
    return "it belongs to the challenge"


def code_verifier_asked(case: CodeRequest) -> str:
    if case.code and case.code["code_challenge"] is None and "code_verifier" in case.parameters:
        raise refuse(
            "invalid_grant",
            "a code_verifier for a code without a challenge: somebody took the challenge out",
            "code_verifier",
        )
    return ""


_NO_PROOF = "the code is bound to a key (dpop_jkt): it needs a proof in the header DPoP"


def code_key(case: CodeRequest) -> str:
    expected = case.code["jkt"] if case.code else None
    if expected is not None and not hmac.compare_digest(expected, case.jkt or ""):
        reason = "the code is bound to another key (dpop_jkt)" if case.jkt else _NO_PROOF
        raise refuse("invalid_dpop_proof", reason, "dpop_jkt")
    return ""


def code_grant_active(case: CodeRequest) -> str:
    if case.grant is None or not case.grant.is_active(case.server.clock()):
        raise refuse("invalid_grant", "what was granted has been revoked", "code")
    return ""


CODE_CHECKS = Policy(
    (
        Check(
            id="code-known",
            title="We gave this code",
            spec="RFC 6749 §4.1.3",
            run=code_known,
            group="Code",
            purpose="Guessing would do.",
        ),
        Check(
            id="code-client",
            title="We gave it to this client",
            spec="RFC 6749 §4.1.3",
            run=code_client,
            group="Code",
            purpose="A thief redeems it with a client of his own.",
        ),
        Check(
            id="code-unused",
            title="It has not been used",
            spec="RFC 6749 §4.1.2",
            run=code_unused,
            group="Code",
            purpose="A code in a log or a history is a token.",
        ),
        Check(
            id="code-fresh",
            title="It is not too old",
            spec="RFC 6749 §4.1.2",
            run=code_fresh,
            group="Code",
            purpose="A code in a log or a history is a token.",
        ),
        Check(
            id="code-redirect-uri",
            title="The redirect_uri is the same as before",
            spec="RFC 6749 §4.1.3",
            run=code_redirect_uri,
            group="Code",
            purpose="A code that was sent to the attacker's page is played into the real one.",
        ),
        Check(
            id="code-verifier",
            title="Whoever redeems it has asked for it (PKCE)",
            spec="RFC 7636 §4.6",
            run=code_verifier,
            group="Code",
            purpose="Whoever overhears the code redeems it.",
        ),
        Check(
            id="code-verifier-asked",
            title="No verifier without a challenge",
            spec="RFC 9700 §4.8.2",
            run=code_verifier_asked,
            group="Code",
            purpose="An attacker removes the challenge from the request, and nobody notices.",
        ),
        Check(
            id="code-key",
            title="The DPoP key is the one announced",
            spec="RFC 9449 §10",
            run=code_key,
            group="Code",
            purpose="A thief binds the token to a key of his own.",
        ),
        Check(
            id="code-grant",
            title="It has not been revoked",
            spec="RFC 7009 §2.1",
            run=code_grant_active,
            group="Code",
            purpose="Logout and revocation change nothing.",
        ),
    ),
    "authorization code",
)


def by_code(asked: TokenRequest) -> dict[str, Any]:
    """Tokens for a code, once."""
    server, client = asked.server, asked.client
    case = CodeRequest(**asked.__dict__)
    with server.store.transaction():  # of two who come at once, one comes first
        report = server.judge("authorization code", case)
        failure = report.first_failure
        if failure is not None and failure.id == "code-unused" and case.grant is not None:
            case.grant.revoke(server)
        if report.accepted and case.code and case.grant and client:
            name = fingerprint(case.parameters["code"])
            server.store.put("code", name, case.code | {"used": True}, case.grant.expires)
            server.given_answers.delete("answer", case.code["answer"] or "")
            return token_response(
                server,
                client,
                case.grant,
                jkt=case.jkt,
                nonce=case.code["nonce"],
                resources=narrowed(case.parameters, case.grant),
            )
    raise refusal(report)


GRANT_TYPE = GrantType(
    id=protocol.AUTHORIZATION_CODE,
    title="Authorization code",
    spec="RFC 6749 §4.1.3",
    redeem=by_code,
    policies={"authorization code": CODE_CHECKS},
    parameters=frozenset({"code", "redirect_uri", "code_verifier"}),
    refreshable=True,
)
