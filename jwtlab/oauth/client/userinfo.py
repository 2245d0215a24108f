"""What a client asks of the answer of userinfo (OpenID Connect Core §5.3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jwtlab.checks import Check, Policy
from jwtlab.oauth.protocol import refuse

# Userinfo and logout


@dataclass(frozen=True)
class Userinfo:
    """What userinfo said, and who logged in."""

    document: Any
    subject: str


def userinfo_subject(case: Userinfo) -> str:
    found = case.document.get("sub") if isinstance(case.document, dict) else None
    if found != case.subject:
        raise refuse(
            "invalid_request", "userinfo is about somebody else", "sub", expected=case.subject, found=found
        )
    return case.subject


USERINFO_CHECKS = Policy(
    (
        Check(
            id="userinfo-subject",
            title="It is about whoever logged in",
            spec="OpenID Connect Core §5.3.2",
            run=userinfo_subject,
            group="Response",
            purpose="Somebody else's access token brings somebody else's name.",
        ),
    ),
    "userinfo",
)
