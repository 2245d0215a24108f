"""What is asked where a token is shown to an API."""

from __future__ import annotations

from typing import Any

from jwtlab.checks import Check, NotAsked, Note
from jwtlab.errors import InvalidToken
from jwtlab.jose.token import Token, decode
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import header
from jwtlab.oauth.reading.judging.model import host, wrong
from jwtlab.oauth.reading.logins import Logins, origin

NO_CALL = NotAsked("no API is called in this recording")


def scope_given(case: Logins) -> Note:
    """Whoever gets less than was asked for is told so, and should read it (RFC 6749 §3.3)."""
    refused = [each for each, _ in case.bearers if _error_of(each) == "insufficient_scope"]
    for one in case.redeemings:
        given = one.answer.get("scope")
        asking = case.asked_for(one["code"])
        if not isinstance(given, str) or asking is None or not refused:
            continue
        missing = [each for each in asking.scopes if each not in given.split() and each != "offline_access"]
        if missing:
            raise wrong(
                f"the token endpoint grants less than was asked for: {', '.join(missing)} is missing. The "
                f"application goes "
                "on as if it had got everything, and the API refuses",
                (one.number, refused[0].number),
                "scope",
                expected=asking["scope"],
                found=given,
            )
    if refused:
        asked = case.askings[-1] if case.askings else None
        raise wrong(
            "the API wants a scope that this token does not have",
            (asked.seen, asked.number, refused[0].number) if asked else refused[0].number,
            "scope",
            found=asked["scope"] if asked else None,
        )
    return "no API asks for more" if case.bearers else NotAsked("no API is called in this recording")


def audience_of_api(case: Logins) -> Note:
    judged = 0
    for each, text in case.bearers:
        token = _jwt(text)
        if token is None:
            continue
        judged += 1
        audience = token.claims.get("aud")
        named = [
            name for name in (audience if isinstance(audience, list) else [audience]) if isinstance(name, str)
        ]
        refused = each.response is not None and each.response.status in (401, 403)
        elsewhere = bool(named) and all(host(name) and host(name) != host(each.request.url) for name in named)
        if refused and elsewhere:
            asking = next(
                (a for a in reversed(case.askings) if a["resource"] in named or a["audience"] in named), None
            )
            raise wrong(
                f"this token is for {named[0]}, and it is shown to {origin(each.request.url)}. Every API has "
                f"tokens of its "
                "own: ask for one (resource, RFC 8707), and leave the API's check as it is",
                (asking.seen, asking.number, each.number) if asking else each.number,
                "aud",
                expected=origin(each.request.url),
                found=named[0],
            )
    return "aud names the API" if judged else NotAsked("no API is shown a JWT in this recording")


def api_accepts(case: Logins) -> Note:
    for each, text in case.bearers:
        status = each.response.status if each.response is not None else 200
        later = [x for x, _ in case.bearers if x.number > each.number and x.request.path == each.request.path]
        mended = any(x.response is not None and x.response.status < 400 for x in later)
        if status in (401, 403) and not mended:
            error = _error_of(each)
            raise wrong(
                f"{each.receiver} answers {status}{f' ({error})' if error else ''} to this token. This is what "
                f"came of it; the "
                "cause may be in an earlier line",
                each.number,
                found=status,
            )
        _ = text
    return f"{len(case.bearers)} calls" if case.bearers else NotAsked("no API is called in this recording")


def _error_of(each: Exchange) -> str:
    """Such as ``insufficient_scope``: in the challenge (RFC 6750 §3), or in the body."""
    if each.response is None or each.response.status < 400:
        return ""
    challenge = header(each.response.headers, "www-authenticate")
    if 'error="' in challenge:
        return challenge.partition('error="')[2].partition('"')[0][:60]
    body: Any = each.response.json
    found = body.get("error") if isinstance(body, dict) else ""
    return found[:60] if isinstance(found, str) else ""


def _jwt(text: str) -> Token | None:
    try:
        return decode(text) if text.count(".") == 2 else None
    except InvalidToken:
        return None


API_CHECKS = (
    Check(
        id="audience-of-api",
        title="The token is for the API that it is shown to (aud)",
        spec="RFC 9068 §4",
        run=audience_of_api,
        group="Tokens",
        purpose="The API refuses it, and somebody switches its check off.",
    ),
    Check(
        id="scope-given",
        title="The token has the scope that the API wants",
        spec="RFC 6749 §3.3",
        run=scope_given,
        group="Tokens",
        purpose="The API answers 403 to somebody who is logged in.",
    ),
)
"""Of the token that is shown."""

API_OUTCOME = (
    Check(
        id="api-accepts",
        title="The APIs take the token",
        spec="RFC 6750 §3",
        run=api_accepts,
        group="Outcome",
        purpose="The application can show nothing.",
    ),
)
