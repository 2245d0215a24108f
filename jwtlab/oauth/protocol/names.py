"""The protocol's own words: grant types, token types, parameters, error codes, scopes; and half hashes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jwtlab.checks import Refusal
from jwtlab.errors import OAuthError

AUTHORIZATION_CODE = "authorization_code"
CLIENT_CREDENTIALS = "client_credentials"
REFRESH_TOKEN = "refresh_token"
PASSWORD = "password"
IMPLICIT = "implicit"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
GRANT_TYPES = (
    AUTHORIZATION_CODE,
    REFRESH_TOKEN,
    CLIENT_CREDENTIALS,
    JWT_BEARER,
    DEVICE_CODE,
    TOKEN_EXCHANGE,
    PASSWORD,
)
"""What the token endpoint knows."""

ACCESS_TOKEN_TYP = "at+jwt"
LOGOUT_TOKEN_TYP = "logout+jwt"
"""``typ`` in the header (RFC 9068 §2.1, OpenID Connect Back-Channel Logout §2.4)."""

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
"""What a logout token announces (OpenID Connect Back-Channel Logout §2.4)."""

ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

FORM = "application/x-www-form-urlencoded"
"""The one encoding of parameters (RFC 6749 Appendix B)."""

CLIENT_AUTHENTICATION = frozenset({"client_id", "client_secret", "client_assertion", "client_assertion_type"})
"""What a client may show in the form (RFC 6749 §2.3.1, RFC 7521 §4.2)."""

AUTHORIZATION_REQUEST = frozenset(
    {
        *("response_type", "client_id", "redirect_uri", "scope", "state"),  # RFC 6749 §4.1.1
        *("code_challenge", "code_challenge_method"),  # RFC 7636 §4.3
        *(
            "response_mode",
            "nonce",
            "prompt",
            "max_age",
            "id_token_hint",
            "login_hint",
        ),  # OpenID Connect Core §3.1.2.1
        *("request", "request_uri", "registration"),  # OpenID Connect Core §6, §7.2.1, RFC 9126 §4
        *("resource", "dpop_jkt"),  # RFC 8707 §2, RFC 9449 §10
    }
)
TOKEN_REQUEST = CLIENT_AUTHENTICATION | {
    *("grant_type", "code", "redirect_uri", "code_verifier"),  # RFC 6749 §4.1.3, RFC 7636 §4.5
    *("refresh_token", "scope", "username", "password"),  # RFC 6749 §6, §4.3.2, §4.4.2
    *("assertion", "device_code", "resource"),  # RFC 7521 §4.1, RFC 8628 §3.4, RFC 8707 §2.2
    *("subject_token", "subject_token_type", "actor_token", "actor_token_type"),  # RFC 8693 §2.1
    *("requested_token_type", "audience"),
}
DEVICE_AUTHORIZATION_REQUEST = CLIENT_AUTHENTICATION | {"scope"}
TOKEN_QUESTION = CLIENT_AUTHENTICATION | {"token", "token_type_hint"}
"""At introspection and revocation (RFC 7662 §2.1, RFC 7009 §2.1)."""

LOGOUT_REQUEST = frozenset({"id_token_hint", "client_id", "post_logout_redirect_uri", "state"})
AUTHORIZATION_RESPONSE = frozenset(
    {
        *("code", "state", "error", "error_description", "error_uri"),  # RFC 6749 §4.1.2, §4.1.2.1
        *("access_token", "token_type", "expires_in", "scope", "id_token"),  # RFC 6749 §4.2.2, Core §3.2.2.5
        "iss",  # RFC 9207 §2
    }
)
"""Names that a receiver knows. It ignores all others (RFC 6749 §3.1, §3.2, §4.1.2), however they look."""

REPEATABLE = frozenset({"resource", "audience"})
"""The only parameters that may occur more than once (RFC 8707 §2, RFC 8693 §2.1)."""


ASKS_MORE = frozenset(
    [
        "authorization_pending",  # RFC 8628 §3.5
        "slow_down",
        "login_required",  # OpenID Connect Core §3.1.2.6
        "consent_required",
        "interaction_required",
        "account_selection_required",
        "use_dpop_nonce",  # RFC 9449 §8, §9
        "insufficient_user_authentication",  # RFC 9470 §3
    ]
)
"""Error codes that refuse nothing for good: with what they ask for, the same request succeeds."""


def refuse(code: str, reason: str, parameter: str | None = None, **evidence: Any) -> Refusal:
    """A refusal with an error code of the protocol.

    Args:
        code: such as ``"invalid_grant"`` (RFC 6749 §4.1.2.1, §5.2 and the specifications that add to them).
        reason: one or two plain sentences.
        parameter: the parameter to blame.
        evidence: ``expected``, ``found``, ``status`` where the HTTP status is not the usual one, and
            ``asks_more`` where nothing is wrong but something is still missing (as in `ASKS_MORE`).
    """
    details = {"asks_more": code in ASKS_MORE, "code": code, **evidence}
    return Refusal(reason, claim=parameter, error=OAuthError, **details)


OPENID_SCOPES: Mapping[str, str] = {
    "openid": "Know who you are",
    "profile": "Read your name",
    "email": "Read your e-mail address",
    "offline_access": "Stay connected while you are away",
}
"""Scopes of OpenID Connect Core §3.1.2.1, §5.4 and §11."""
