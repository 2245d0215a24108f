"""What may be shown as it is. Everything that is not named here is replaced."""

from __future__ import annotations

PARAMETERS = frozenset(
    {
        *(
            "response_type",
            "response_mode",
            "client_id",
            "scope",
            "code_challenge_method",
            "prompt",
            "max_age",
        ),
        *("display", "ui_locales", "acr_values", "grant_type", "token_type", "expires_in", "error"),
        *("client_assertion_type", "token_type_hint", "requested_token_type", "subject_token_type"),
        *("actor_token_type", "issued_token_type", "refresh_expires_in", "expires_at", "interval", "active"),
        *("claims_locales", "access_type", "include_granted_scopes", "approval_prompt", "ext_expires_in"),
    }
)
"""Parameters and members whose values are words of the protocol, or public."""

WORDS = {
    "display": ("page", "popup", "touch", "wap"),
    "prompt": ("none", "login", "consent", "select_account", "create", "auto", "force"),
    "access_type": ("online", "offline"),
    "approval_prompt": ("auto", "force"),
}
"""Parameters of which only these words are of the protocol: ``display`` is also what somebody is called."""

SINGLE = frozenset(
    {"error", "response_mode", "grant_type", "token_type", "client_id", "code_challenge_method"}
)
"""Parameters whose value is one word: what has a space in it is somebody's sentence."""

COOKIE_ATTRIBUTES = frozenset(
    {"domain", "expires", "max-age", "secure", "httponly", "samesite", "partitioned", "priority", "version"}
)
"""Of ``Set-Cookie`` (RFC 10025 §4.1.2 and what browsers added); ``Path`` is looked at as an address."""

ADDRESSES = frozenset(
    {
        *("redirect_uri", "post_logout_redirect_uri", "iss", "issuer", "resource", "audience", "aud", "htu"),
        *("target_link_uri", "verification_uri", "verification_uri_complete", "error_uri", "op_policy_uri"),
    }
)
"""Values that are addresses or public names: their parameters are looked at, the rest stays."""

SENTENCES = frozenset({"error_description"})
"""Plain words, in which nothing but known secrets is replaced."""

CLAIMS = frozenset(
    {
        *(
            "exp",
            "iat",
            "nbf",
            "auth_time",
            "azp",
            "client_id",
            "scope",
            "scp",
            "acr",
            "amr",
            "typ",
            "token_use",
        ),
        *("ver", "htm", "cnf", "token_type", "appid", "cid", "idp"),
    }
)
"""Claims that say something about the token and not about the person."""

CHILDREN_SHOWN = frozenset({"events"})
"""Claims whose members are public."""

HEADER_PARAMETERS = frozenset(
    {"alg", "typ", "cty", "kid", "crit", "enc", "zip", "b64", "jku", "x5t", "x5t#S256"}
)

PUBLIC_KEY = frozenset({"kty", "use", "key_ops", "alg", "kid", "crv", "n", "e", "x", "y", "x5t", "x5t#S256"})
"""Members of a JWK that everybody may see (RFC 7518 §6)."""

DOCUMENT_ENDINGS = (
    "_supported",
    "_endpoint",
    "_uri",
    "_required",
    "_methods",
    "_alg",
    "_response_iss_parameter",
)
"""Of the members of a metadata document (RFC 8414 §2)."""

HEADERS = frozenset(
    {
        *(
            "host",
            "content-type",
            "content-length",
            "cache-control",
            "pragma",
            "date",
            "expires",
            "age",
            "vary",
        ),
        *("strict-transport-security", "referrer-policy", "x-frame-options", "x-content-type-options"),
        *("accept", "upgrade-insecure-requests", "retry-after", "allow", "content-language"),
        *("x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix"),
        *("purpose", "sec-purpose", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "sec-fetch-user"),
    }
)
"""Headers that are shown as they are; so are those that begin with ``access-control-``."""

HEADERS_WITH_ADDRESSES = frozenset({"location", "origin", "referer", "content-location"})

KINDS = {
    "access_token": "access-token",
    "refresh_token": "refresh-token",
    "id_token": "id-token",
    "id_token_hint": "id-token",
    "logout_token": "logout-token",
    "subject_token": "access-token",
    "actor_token": "access-token",
    "code": "code",
    "code_verifier": "verifier",
    "code_challenge": "challenge",
    "client_secret": "client-secret",
    "client_assertion": "assertion",
    "assertion": "assertion",
    "request": "request-object",
    "username": "person",
    "login_hint": "person",
    "email": "person",
    "sub": "person",
    "preferred_username": "person",
    "upn": "person",
    "login": "person",
    "dpop": "proof",
}
"""Name of a parameter or claim → what its stand-in is called; others are called like the parameter."""
