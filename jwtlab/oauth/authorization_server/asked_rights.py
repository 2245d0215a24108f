"""What may be asked for: the scopes of a client, and the APIs that the server speaks for."""

from __future__ import annotations

from typing import Any

from jwtlab.checks import Check
from jwtlab.oauth.protocol import refuse


def scope_granted(case: Any) -> str:
    allowed = case.client.scopes if case.client else ()
    wrong = next((each for each in case.scope if each not in allowed), None)
    if wrong is not None or ("scope" in case.parameters and not case.scope):
        reason = f"the client may not have {wrong[:40]!r}" if wrong else "nothing is left of the scope"
        raise refuse("invalid_scope", reason, "scope", expected=allowed)
    return ""


def resource_known(case: Any) -> str:
    for each in case.parameters.all("resource"):
        if each not in case.server.audiences:
            raise refuse("invalid_target", "no such API is known here", "resource", found=each)
    return ""


SCOPE_GRANTED = Check(
    id="scope-granted",
    title="It may have this scope",
    spec="RFC 6749 §3.3",
    run=scope_granted,
    group="Request",
    purpose="A service for reading writes.",
)
RESOURCE_KNOWN = Check(
    id="resource-known",
    title="It names an API that we speak for",
    spec="RFC 8707 §2",
    run=resource_known,
    group="Request",
    purpose="Tokens for strangers.",
)
