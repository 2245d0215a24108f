"""New tokens for a refresh token, which is spent by it (RFC 6749 §6, RFC 9700 §4.14.2)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jwtlab.checks import Check, Policy
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server.grant import Grant
from jwtlab.oauth.authorization_server.token.request import GrantType, TokenRequest
from jwtlab.oauth.authorization_server.token.response import narrowed, refusal, token_response
from jwtlab.oauth.protocol import refuse
from jwtlab.oauth.store import Record, fingerprint


@dataclass(frozen=True)
class RefreshRequest(TokenRequest):
    """Somebody wants a new access token for a refresh token."""

    @cached_property
    def refresh(self) -> Record | None:
        return self.server.store.get("refresh", fingerprint(self.parameters.get("refresh_token", "")))

    @cached_property
    def grant(self) -> Grant | None:
        return Grant.load(self.server, self.refresh["grant"]) if self.refresh else None

    @property
    def scope(self) -> tuple[str, ...]:
        granted = self.grant.scope if self.grant else ()
        return self.parameters.words("scope") if "scope" in self.parameters else granted


def refresh_known(case: RefreshRequest) -> str:
    if "refresh_token" not in case.parameters:
        raise refuse("invalid_request", "the refresh_token is missing", "refresh_token")
    if case.refresh is None:
        raise refuse("invalid_grant", "no such refresh token", "refresh_token")
    return ""


def refresh_client(case: RefreshRequest) -> str:
    if case.refresh and case.client and case.refresh["client_id"] != case.client.client_id:
        raise refuse("invalid_grant", "this refresh token was given to another client", "refresh_token")
    return ""


def refresh_unused(case: RefreshRequest) -> str:
    if case.refresh and case.refresh["used"]:
        raise refuse(
            "invalid_grant",
            "this refresh token has been used before: it is in two hands. Everything that came of it is "
            "revoked; log in again",
            "refresh_token",
        )
    return "used for the first time"


def refresh_fresh(case: RefreshRequest) -> str:
    if case.refresh and case.refresh["expires"] <= case.server.clock():
        raise refuse("invalid_grant", "the refresh token has expired; log in again", "refresh_token")
    return ""


def refresh_grant_active(case: RefreshRequest) -> str:
    if case.grant is None or not case.grant.is_active(case.server.clock()):
        raise refuse("invalid_grant", "what was granted has been revoked; log in again", "refresh_token")
    return ""


_NO_PROOF = "the refresh token is bound to a key: it needs a proof in the header DPoP"


def refresh_key(case: RefreshRequest) -> str:
    bound = case.refresh["jkt"] if case.refresh else None
    if bound is not None and not hmac.compare_digest(bound, case.jkt or ""):
        reason = "the refresh token is bound to another key" if case.jkt else _NO_PROOF
        raise refuse("invalid_dpop_proof", reason, "DPoP")
    return ""


def refresh_scope(case: RefreshRequest) -> str:
    granted = case.grant.scope if case.grant else ()
    wider = next((each for each in case.scope if each not in granted), None)
    if wider is not None or not case.scope:
        reason = f"{wider[:40]!r} was not granted" if wider else "the scope is empty"
        raise refuse("invalid_scope", reason, "scope", expected=granted, found=case.scope)
    return ""


REFRESH_CHECKS = Policy(
    (
        Check(
            id="refresh-known",
            title="We gave this refresh token",
            spec="RFC 6749 §6",
            run=refresh_known,
            group="Refresh",
            purpose="Guessing would do.",
        ),
        Check(
            id="refresh-client",
            title="We gave it to this client",
            spec="RFC 6749 §6",
            run=refresh_client,
            group="Refresh",
            purpose="A thief uses it with a client of his own.",
        ),
        Check(
            id="refresh-unused",
            title="It has not been used (rotation)",
            spec="RFC 9700 §4.14.2",
            run=refresh_unused,
            group="Refresh",
            purpose="Thief and owner both go on refreshing, for ever, and nobody notices.",
        ),
        Check(
            id="refresh-fresh",
            title="It has not expired",
            spec="RFC 9700 §4.14.2",
            run=refresh_fresh,
            group="Refresh",
            purpose="A forgotten device stays logged in.",
        ),
        Check(
            id="refresh-grant",
            title="It has not been revoked",
            spec="RFC 7009 §2.1",
            run=refresh_grant_active,
            group="Refresh",
            purpose="Logout and revocation change nothing.",
        ),
        Check(
            id="refresh-key",
            title="The DPoP key is the same",
            spec="RFC 9449 §5",
            run=refresh_key,
            group="Refresh",
            purpose="A thief binds new tokens to a key of his own.",
        ),
        Check(
            id="refresh-scope",
            title="No more than was granted",
            spec="RFC 6749 §6",
            run=refresh_scope,
            group="Refresh",
            purpose="Rights grow without anybody being asked.",
        ),
    ),
    "refresh token",
)


def by_refresh(asked: TokenRequest) -> dict[str, Any]:
    """A new access token and a new refresh token; the old one is spent."""
    server, client = asked.server, asked.client
    case = RefreshRequest(**asked.__dict__)
    with server.store.transaction():
        report = server.judge("refresh token", case)
        failure = report.first_failure
        if failure is not None and failure.id == "refresh-unused" and case.grant is not None:
            case.grant.revoke(server)
        if report.accepted and case.refresh and case.grant and client:
            name = fingerprint(case.parameters["refresh_token"])
            server.store.put("refresh", name, case.refresh | {"used": True}, case.grant.expires)
            return token_response(
                server,
                client,
                case.grant,
                scope=case.scope,
                jkt=case.jkt,
                resources=narrowed(case.parameters, case.grant),
            )
    raise refusal(report)


GRANT_TYPE = GrantType(
    id=protocol.REFRESH_TOKEN,
    title="Refresh token",
    spec="RFC 6749 §6",
    redeem=by_refresh,
    policies={"refresh token": REFRESH_CHECKS},
    parameters=frozenset({"refresh_token"}),
    refreshable=True,
)
