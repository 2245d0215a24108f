"""What a client asks of the authorization response (RFC 6749 §4.1.2, RFC 9207)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from jwtlab.checks import Check, Policy
from jwtlab.oauth.protocol import PARAMETER_CHECKS, Parameters, refuse

# The authorization response


@dataclass(frozen=True)
class AuthorizationResponse:
    """What a browser brought back.

    Attributes:
        parameters: from query, form or fragment.
        state: what this browser was sent away with, or ``None``.
        issuer: of the server that it was sent to.
        issuer_promised: that server always names itself (RFC 9207 §3).
    """

    parameters: Parameters
    state: str | None
    issuer: str
    issuer_promised: bool


def state_matches(case: AuthorizationResponse) -> str:
    given = case.parameters.get("state")
    if case.state is None or given is None:
        raise refuse(
            "invalid_request",
            "this browser did not ask for a login here",
            "state",
            expected=case.state,
            found=given,
        )
    if not hmac.compare_digest(case.state.encode(), given.encode("utf-8", "replace")):
        raise refuse(
            "invalid_request",
            "this answer belongs to another login",
            "state",
            expected=case.state,
            found=given,
        )
    return "the one this browser was sent with"


def issuer_matches(case: AuthorizationResponse) -> str:
    given = case.parameters.get("iss")
    if given is None and not case.issuer_promised:
        return "this server does not name itself"
    if given is None and "id_token" in case.parameters:
        return "the ID token that came along names it, and is checked before anything else (RFC 9207 §4)"
    if given != case.issuer:
        raise refuse(
            "invalid_request",
            "another server answers than the one that was asked (mix-up)",
            "iss",
            expected=case.issuer,
            found=given,
        )
    return case.issuer


def response_positive(case: AuthorizationResponse) -> str:
    code = case.parameters.get("error")
    if code is not None:
        said = case.parameters.get("error_description", "no reason given")
        raise refuse(code[:60], f"the server said {code[:60]}: {said[:200]}", "error", found=code)
    return ""


RESPONSE_CHECKS = Policy(
    (
        *PARAMETER_CHECKS,
        Check(
            id="state-matches",
            title="This browser has asked for it (state)",
            spec="RFC 6749 §10.12",
            run=state_matches,
            group="Response",
            purpose="You are logged in as somebody else, and write into their account.",
        ),
        Check(
            id="issuer-matches",
            title="The server that was asked has answered (iss)",
            spec="RFC 9207 §2.4",
            run=issuer_matches,
            group="Response",
            purpose="A code of the honest server is carried to the dishonest one.",
        ),
        Check(
            id="response-positive",
            title="It is a yes",
            spec="RFC 6749 §4.1.2.1",
            run=response_positive,
            group="Response",
            purpose="",
        ),
    ),
    "authorization response",
)
