"""What a client asks of the token response (RFC 6749 §5)."""

from __future__ import annotations

import re

from jwtlab.checks import Check, Policy
from jwtlab.oauth.http.messages import Response, header
from jwtlab.oauth.protocol import refuse

# The token response


def token_answer_good(case: Response) -> str:
    body = case.json
    if case.status != 200 or not isinstance(body, dict) or not isinstance(body.get("access_token"), str):
        error = body.get("error") if isinstance(body, dict) else None
        said = body.get("error_description", "") if isinstance(body, dict) else ""
        raise refuse(str(error or "server_error")[:60], f"{case.status} {error or ''}: {said}".strip())
    return ""


def asks_for_nonce(answer: Response) -> bool:
    """Does a server ask for a nonce in the proof? A token endpoint says so in JSON (RFC 9449 §8), an API in
    ``WWW-Authenticate`` (§9)."""
    if answer.status == 401:
        return re.search(r'error="?use_dpop_nonce\b', header(answer.headers, "WWW-Authenticate")) is not None
    body = answer.json
    return answer.status == 400 and isinstance(body, dict) and body.get("error") == "use_dpop_nonce"


def token_type_known(case: Response) -> str:
    kind = case.json.get("token_type") if isinstance(case.json, dict) else None
    if str(kind).lower() not in ("bearer", "dpop"):
        raise refuse(
            "server_error", "a token of a kind that nobody knows how to use", "token_type", found=kind
        )
    return str(kind)


TOKEN_RESPONSE_CHECKS = Policy(
    (
        Check(
            id="token-answer",
            title="There is a token",
            spec="RFC 6749 §5.1",
            run=token_answer_good,
            group="Response",
            purpose="",
        ),
        Check(
            id="token-type-known",
            title="We know how to use it",
            spec="RFC 6749 §7.1",
            run=token_type_known,
            group="Response",
            purpose="A bound token is used as if anybody could.",
        ),
    ),
    "token response",
)
