"""What is asked of an authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1)."""

from __future__ import annotations

from jwtlab.checks import Check, Policy
from jwtlab.oauth import pkce
from jwtlab.oauth.authorization_server.asked_rights import RESOURCE_KNOWN
from jwtlab.oauth.authorization_server.authorization.request import AuthorizationRequest
from jwtlab.oauth.protocol import (
    PARAMETERS_ONCE,
    PARAMETERS_READABLE,
    PROMPTS,
    RESPONSE_MODES,
    ResponseType,
    refuse,
)
from jwtlab.oauth.protocol.response_types import find

# What is asked for. Errors go back to the application.


def no_foreign_request(case: AuthorizationRequest) -> str:
    for name, code in _UNSUPPORTED.items():
        if name in case.parameters:
            raise refuse(code, f"this server does not take the parameter {name}", name)
    return ""


_UNSUPPORTED = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}


def request_pushed(case: AuthorizationRequest) -> str:
    if case.client is not None and case.client.require_pushed_authorization_requests and not case.pushed:
        raise refuse(
            "invalid_request", "this application has agreed to push its requests (PAR) first", "request_uri"
        )
    return "it came from the application directly (back channel)" if case.pushed else "it need not be"


def response_type_known(case: AuthorizationRequest) -> str:
    if "response_type" not in case.parameters:
        raise refuse("invalid_request", "the response_type is missing", "response_type")
    if response_type(case) is None:
        raise refuse(
            "unsupported_response_type",
            "no such response_type",
            "response_type",
            expected=tuple(each.id for each in case.server.response_types),
            found=case.parameters["response_type"],
        )
    return case.response_type


def response_type(case: AuthorizationRequest) -> ResponseType | None:
    """The row of what is asked for."""
    return find(case.response_type.split(), case.server.response_types)


def response_type_current(case: AuthorizationRequest) -> str:
    asked = response_type(case)
    if asked is not None and asked.retired and not case.server.legacy:
        raise refuse(
            "unsupported_response_type",
            "this response_type is retired (implicit grant); use response_type=code",
            "response_type",
        )
    return ""


def response_type_bindable(case: AuthorizationRequest) -> str:
    bound = case.client is not None and case.client.dpop_bound_access_tokens
    if bound and "token" in case.response_type.split():
        raise refuse(
            "unauthorized_client",
            "this application takes bound tokens only (DPoP), and a token that comes through the browser is "
            "bound to no key; ask for a code",
            "response_type",
        )
    return ""


def response_type_allowed(case: AuthorizationRequest) -> str:
    registered = case.client.response_types if case.client else ()
    if frozenset(case.response_type.split()) not in {frozenset(each.split()) for each in registered}:
        raise refuse(
            "unauthorized_client", "the application is not registered for this response_type", "response_type"
        )
    return ""


def response_mode_safe(case: AuthorizationRequest) -> str:
    mode = case.response_mode
    if mode not in RESPONSE_MODES:
        raise refuse("invalid_request", "no such response_mode", "response_mode", expected=RESPONSE_MODES)
    if mode == "query" and case.usual_mode != "query":
        raise refuse(
            "invalid_request", "tokens do not go into the query, which servers write down", "response_mode"
        )
    return mode


def scope_allowed(case: AuthorizationRequest) -> str:
    allowed = case.client.scopes if case.client else ()
    unknown = next((each for each in case.scope if each not in allowed), None)
    if unknown is not None or not case.scope:
        raise refuse(
            "invalid_scope",
            f"the application may not ask for {unknown!r}" if unknown else "the scope is empty",
            "scope",
            expected=allowed,
            found=case.scope,
        )
    return " ".join(case.scope)


def openid_for_id_token(case: AuthorizationRequest) -> str:
    if "id_token" in case.response_type.split() and "openid" not in case.scope:
        raise refuse("invalid_scope", "an ID token needs the scope openid", "scope")
    return ""


def nonce_present(case: AuthorizationRequest) -> str:
    if "id_token" in case.response_type.split() and "nonce" not in case.parameters:
        raise refuse("invalid_request", "an ID token that passes through the browser needs a nonce", "nonce")
    return "nonce is there" if "nonce" in case.parameters else "not needed here"


def code_challenge_present(case: AuthorizationRequest) -> str:
    if "code" in case.response_type.split() and "code_challenge" not in case.parameters:
        raise refuse(
            "invalid_request", "the code_challenge is missing: this server insists on PKCE", "code_challenge"
        )
    return ""


def code_challenge_s256(case: AuthorizationRequest) -> str:
    given = case.parameters.get("code_challenge")
    if given is None:
        return "there is none"
    method = case.parameters.get("code_challenge_method", "plain")
    if method != pkce.S256:
        raise refuse(
            "invalid_request",
            "the code_challenge_method must be S256: plain shows the secret to whoever reads the request",
            "code_challenge_method",
            expected=pkce.S256,
            found=method,
        )
    if not pkce.CHALLENGE.fullmatch(given):
        raise refuse("invalid_request", "an S256 code_challenge has 43 characters", "code_challenge")
    return "S256"


def prompt_clear(case: AuthorizationRequest) -> str:
    unknown = [each for each in case.prompt if each not in PROMPTS]
    if unknown or ("none" in case.prompt and len(case.prompt) > 1):
        raise refuse(
            "invalid_request", "prompt is none alone, or out of login, consent, select_account", "prompt"
        )
    return ""


def max_age_number(case: AuthorizationRequest) -> str:
    if "max_age" in case.parameters and case.max_age is None:
        raise refuse("invalid_request", "max_age is a number of seconds", "max_age")
    return ""


REQUEST_CHECKS = Policy(
    (
        PARAMETERS_ONCE,
        PARAMETERS_READABLE,
        Check(
            id="request-plain",
            title="It speaks for itself",
            spec="OpenID Connect Core §6",
            run=no_foreign_request,
            group="Request",
            purpose="A request by reference would make the server fetch what a stranger wrote.",
        ),
        Check(
            id="request-pushed",
            title="It was pushed, if the application has agreed to that",
            spec="RFC 9126 §6",
            run=request_pushed,
            group="Request",
            purpose="Whoever holds the browser rewrites the request.",
        ),
        Check(
            id="response-type-known",
            title="It says what it wants",
            spec="RFC 6749 §3.1.1",
            run=response_type_known,
            group="Request",
            purpose="The server would have to guess.",
        ),
        Check(
            id="response-type-current",
            title="It is no retired response type (token, id_token token)",
            spec="RFC 9700 §2.1.2",
            run=response_type_current,
            group="Request",
            purpose="Tokens end up in histories, logs and other people's hands.",
        ),
        Check(
            id="response-type-allowed",
            title="The application may want it",
            spec="RFC 6749 §4.1.2.1",
            run=response_type_allowed,
            group="Request",
            purpose="The weakest way in is open to all.",
        ),
        Check(
            id="response-type-bindable",
            title="An application with bound tokens gets none through the browser",
            spec="RFC 9449 §5.2",
            run=response_type_bindable,
            group="Request",
            purpose="A token that anybody can use is given to an application that has promised never to take one.",
        ),
        Check(
            id="response-mode-safe",
            title="Tokens do not travel in the query",
            spec="OAuth 2.0 Multiple Response Types §3, §5",
            run=response_mode_safe,
            group="Request",
            purpose="Every server and proxy on the way writes the query down.",
        ),
        Check(
            id="scope-allowed",
            title="The application may ask for all of it",
            spec="RFC 6749 §3.3",
            run=scope_allowed,
            group="Request",
            purpose="An application for reading asks for writing, and gets it.",
        ),
        Check(
            id="openid-asked",
            title="An ID token is asked for by the scope openid",
            spec="OpenID Connect Core §3.1.2.1",
            run=openid_for_id_token,
            group="Request",
            purpose="",
        ),
        Check(
            id="nonce-present",
            title="An ID token through the browser is tied to this login",
            spec="OpenID Connect Core §3.2.2.1",
            run=nonce_present,
            group="Request",
            purpose="An old ID token is played again.",
        ),
        Check(
            id="code-challenge-present",
            title="The code is bound to a secret of the one who asks",
            spec="RFC 9700 §2.1.1",
            run=code_challenge_present,
            group="Request",
            purpose="Whoever overhears the code redeems it.",
        ),
        Check(
            id="code-challenge-s256",
            title="The challenge hides the secret (S256)",
            spec="RFC 7636 §4.3",
            run=code_challenge_s256,
            group="Request",
            purpose="Whoever overhears the request has the secret too.",
        ),
        Check(
            id="prompt-clear",
            title="It does not want and not want a page",
            spec="OpenID Connect Core §3.1.2.1",
            run=prompt_clear,
            group="Request",
            purpose="",
        ),
        Check(
            id="max-age-number",
            title="max_age is a number",
            spec="OpenID Connect Core §3.1.2.1",
            run=max_age_number,
            group="Request",
            purpose="An age that cannot be read is never too old.",
        ),
        RESOURCE_KNOWN,
    ),
    "authorization request",
)
