"""What a client asks of a logout token (OpenID Connect Back-Channel Logout §2.6)."""

from __future__ import annotations

from jwtlab.checks import Check, Policy, Report
from jwtlab.jose import jwt
from jwtlab.oauth.client.id_token import _refuse, issued_at_present, verifier_for
from jwtlab.oauth.client.provider import Provider
from jwtlab.oauth.protocol import LOGOUT_EVENT, LOGOUT_TOKEN_TYP


def logout_event(case: jwt.Case) -> str:
    events = case.claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise _refuse("it does not announce a logout", "events", LOGOUT_EVENT, events)
    return ""


def logout_without_nonce(case: jwt.Case) -> str:
    if "nonce" in case.claims:
        raise _refuse(
            "it has a nonce: it is an ID token, not a logout token", "nonce", None, case.claims["nonce"]
        )
    return ""


def logout_subject(case: jwt.Case) -> str:
    if not any(isinstance(case.claims.get(name), str) for name in ("sub", "sid")):
        raise _refuse("it does not say whose session ends", "sid")
    return ""


LOGOUT_TOKEN_CHECKS = jwt.STANDARD.adding(
    Check(
        id="logout-event",
        title="It announces a logout",
        spec="OpenID Connect Back-Channel Logout §2.6",
        run=logout_event,
        group="Purpose",
        purpose="Any token of the server logs people out.",
    ),
    Check(
        id="logout-without-nonce",
        title="It is no ID token",
        spec="OpenID Connect Back-Channel Logout §2.6",
        run=logout_without_nonce,
        group="Purpose",
        purpose="Any ID token logs its owner out.",
    ),
    Check(
        id="logout-subject",
        title="It says whose session ends",
        spec="OpenID Connect Back-Channel Logout §2.6",
        run=logout_subject,
        group="Purpose",
        purpose="",
    ),
    Check(
        id="issued-at-present",
        title="It says when it was made (iat)",
        spec="OpenID Connect Back-Channel Logout §2.4",
        run=issued_at_present,
        group="Time",
        purpose="Nobody can say how old it is.",
    ),
)


def examine_logout_token(
    token: str, provider: Provider, now: float, seen: set[str], policy: Policy
) -> Report:
    """Judge a logout token (OpenID Connect Back-Channel Logout §2.6)."""
    verifier = verifier_for(provider, policy).replace(typ=LOGOUT_TOKEN_TYP)
    return verifier.verify(token, now=now, seen=seen)
