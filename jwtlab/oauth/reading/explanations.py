"""What each message of a login is for, in a sentence, where a recording says nothing but what was sent."""

from __future__ import annotations

from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import header
from jwtlab.oauth.reading.logins import DISCOVERY, Logins

Said = tuple[str, str]
"""A sentence, and where it is described."""

_GRANTS: dict[str, Said] = {
    "authorization_code": ("The code is redeemed.", "RFC 6749 §4.1.3"),
    "refresh_token": ("The refresh token is traded for new tokens.", "RFC 6749 §6"),
    "client_credentials": ("A program asks for a token of its own.", "RFC 6749 §4.4"),
    "password": ("The application hands the person's password on.", "RFC 6749 §4.3"),
    "urn:ietf:params:oauth:grant-type:device_code": (
        "The device asks whether it may go on.",
        "RFC 8628 §3.4",
    ),
    "urn:ietf:params:oauth:grant-type:jwt-bearer": ("An assertion is traded for a token.", "RFC 7523 §2.1"),
    "urn:ietf:params:oauth:grant-type:token-exchange": (
        "One token is exchanged for another.",
        "RFC 8693 §2.1",
    ),
}
_PATHS: tuple[tuple[str, Said], ...] = (
    (".well-known/jwks.json", ("The server's public keys are fetched.", "RFC 7517 §5")),
    ("/userinfo", ("Who has logged in? The server tells.", "OpenID Connect Core §5.3.1")),
    ("/introspect", ("What is this token worth?", "RFC 7662 §2.1")),
    ("/revoke", ("A token is given back.", "RFC 7009 §2.1")),
    ("/revocation", ("A token is given back.", "RFC 7009 §2.1")),
)


def explain(logins: Logins) -> dict[int, Said]:
    """Number of a message → what it is for, and where it is described; empty texts for what is not known.

    Args:
        logins: what was found in the trace.
    """
    found: dict[int, Said] = {}
    for asking in logins.askings:
        what = " and ".join({"code": "a code", "token": "a token", "id_token": "an ID token"}.get(each, each)
                            for each in asking.response_types)  # fmt: skip
        found[asking.number] = (
            f"The browser brings the application's request to the server: it asks for {what}.",
            "RFC 6749 §4.1.1",
        )
        if asking.seen != asking.number:
            found.setdefault(
                asking.seen, ("The application sends the browser away to log in.", "RFC 6749 §4.1")
            )
    for answer in logins.answers:
        brought = "an error" if answer["error"] else "the server's answer"
        if answer.arrived is not None:
            found[answer.arrived] = (f"The browser brings the application {brought}.", "RFC 6749 §4.1.2")
        if answer.number not in found:
            found[answer.number] = (f"The server sends the browser back with {brought}.", "RFC 6749 §4.1.2")
    for one in logins.redeemings:
        found[one.number] = _GRANTS.get(one["grant_type"], ("A token is asked for.", "RFC 6749 §3.2"))
    for each in logins.trace:
        found.setdefault(each.number, _otherwise(each))
    return found


def _otherwise(each: Exchange) -> Said:
    path = each.request.path
    body = each.response.json if each.response is not None else None
    if any(part in path for part in DISCOVERY):
        return "The server's addresses and abilities are fetched.", "RFC 8414 §3"
    if isinstance(body, dict) and isinstance(body.get("keys"), list):
        return "The server's public keys are fetched.", "RFC 7517 §5"
    if isinstance(body, dict) and "device_code" in body:
        return "The device asks for a code that a person can type.", "RFC 8628 §3.1"
    if isinstance(body, dict) and "request_uri" in body:
        return "The request is handed to the server directly.", "RFC 9126 §2.1"
    for part, said in _PATHS:
        if path.endswith(part):
            return said
    given = {name for name, _ in each.request.parameters}
    if given & {"post_logout_redirect_uri", "id_token_hint"}:
        return "The browser goes to the server to log out.", "OpenID Connect RP-Initiated Logout §2"
    if "logout_token" in given:
        return (
            "The server tells the application that somebody has logged out.",
            "OpenID Connect Back-Channel Logout §2.5",
        )
    if "password" in given:
        return "Somebody types a password.", ""
    scheme = header(each.request.headers, "authorization").partition(" ")[0].lower()
    if scheme in ("bearer", "dpop"):
        return "An API is called, with a token.", "RFC 6750 §2.1"
    return "", ""
