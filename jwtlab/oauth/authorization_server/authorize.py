"""The authorization endpoint: what an application may ask a browser for (RFC 6749 §3.1, OpenID Connect Core §3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Response

from jwtlab.checks import Check, Policy
from jwtlab.errors import OAuthError
from jwtlab.oauth import pkce
from jwtlab.oauth.authorization_server import answers, received, visits
from jwtlab.oauth.authorization_server.grants import Grant, new_code
from jwtlab.oauth.authorization_server.tokens import access_token, id_token, person_claims
from jwtlab.oauth.protocol import (
    AUTHORIZATION_REQUEST,
    FORM_ENCODED,
    PARAMETERS_ONCE,
    PARAMETERS_READABLE,
    Parameters,
    refuse,
)
from jwtlab.oauth.registration import Client, same_redirect_uri
from jwtlab.oauth.store import Record

if TYPE_CHECKING:
    from jwtlab.oauth.authorization_server.server import AuthorizationServer

RESPONSE_TYPES = (
    "code",
    "id_token",
    "code id_token",
    "code token",
    "code id_token token",
    "token",
    "id_token token",
)
LEGACY_RESPONSE_TYPES = frozenset({"token", "id_token token"})
"""An access token in the address bar: only where the server was told to allow it (RFC 9700 §2.1.2)."""

RESPONSE_MODES = ("query", "fragment", "form_post")
PROMPTS = ("none", "login", "consent", "select_account")


@dataclass(frozen=True)
class AuthorizationRequest:
    """What a browser brought to the authorization endpoint (or a client to the pushed one).

    Attributes:
        server: who is asked.
        parameters: of the request.
        pushed: they came through RFC 9126.
    """

    server: AuthorizationServer
    parameters: Parameters
    pushed: bool = False

    @cached_property
    def client(self) -> Client | None:
        return self.server.clients.get(self.parameters.get("client_id", ""))

    @property
    def redirect_uri(self) -> str:
        """Where the answer goes: what was asked for, or the only one that is registered (RFC 6749 §3.1.2.3)."""
        given = self.parameters.get("redirect_uri")
        if given is None and self.client is not None and len(self.client.redirect_uris) == 1:
            return self.client.redirect_uris[0]
        return given or ""

    @property
    def response_type(self) -> str:
        """With its words in the order of the alphabet: their order has no meaning (RFC 6749 §3.1.1)."""
        return " ".join(sorted(self.parameters.words("response_type")))

    @property
    def response_mode(self) -> str:
        return self.parameters.get("response_mode", self.usual_mode)

    @property
    def usual_mode(self) -> str:
        """How the answer travels unless it is said (OAuth 2.0 Multiple Response Types §5)."""
        asked = {word for each in self.parameters.all("response_type") for word in each.split(" ")}
        return "fragment" if {"token", "id_token"} & asked else "query"

    @property
    def error_mode(self) -> str:
        """How an error travels: as the answer would have, and if that is impossible, as usual."""
        mode = self.parameters.one("response_mode")
        possible = mode in RESPONSE_MODES and (mode != "query" or self.usual_mode == "query")
        return mode if mode is not None and possible else self.usual_mode

    @property
    def scope(self) -> tuple[str, ...]:
        if "scope" in self.parameters or self.client is None:
            asked = self.parameters.words("scope")
            # Without a code there is no refresh token, and offline_access means nothing (Core §11).
            offline = "code" in self.response_type.split()
            return tuple(each for each in asked if offline or each != "offline_access")
        return tuple(each for each in self.client.scopes if each not in ("openid", "offline_access"))

    @property
    def prompt(self) -> tuple[str, ...]:
        return self.parameters.words("prompt")

    @property
    def max_age(self) -> int | None:
        value = self.parameters.get("max_age", "")
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 12 else None


# To whom an answer may be sent at all. As long as this is open, nothing is redirected.


def client_known(case: AuthorizationRequest) -> str:
    if "client_id" in case.parameters.repeated:
        raise refuse("invalid_request", "the client_id occurs more than once", "client_id")
    if case.client is None:
        raise refuse("invalid_request", "no application is registered under this client_id", "client_id")
    return case.client.name


def redirect_uri_registered(case: AuthorizationRequest) -> str:
    client, given = case.client, case.redirect_uri
    if client is None:
        return ""
    if "redirect_uri" in case.parameters.repeated:
        raise refuse("invalid_request", "the redirect_uri occurs more than once", "redirect_uri")
    if not given:
        raise refuse(
            "invalid_request", "the redirect_uri is missing, and several are registered", "redirect_uri"
        )
    if not any(same_redirect_uri(each, given) for each in client.redirect_uris):
        raise refuse(
            "invalid_request",
            "this redirect_uri is not registered for the application, character by character; "
            "nobody is sent there",
            "redirect_uri",
            expected=client.redirect_uris,
            found=given,
        )
    return given


ADDRESSEE_CHECKS = Policy(
    (
        FORM_ENCODED,
        Check(
            id="client-known",
            title="The application is registered",
            spec="RFC 6749 §4.1.1",
            run=client_known,
            group="Request",
            purpose="A login page for strangers is a phishing page.",
        ),
        Check(
            id="redirect-uri-registered",
            title="The answer goes to a registered address, exactly",
            spec="RFC 9700 §4.1.3",
            run=redirect_uri_registered,
            group="Request",
            purpose="Codes and tokens are sent to whoever asks.",
        ),
    ),
    "addressee",
)


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
    return "it came by the back way" if case.pushed else "it need not be"


def response_type_known(case: AuthorizationRequest) -> str:
    if "response_type" not in case.parameters:
        raise refuse("invalid_request", "the response_type is missing", "response_type")
    known = {" ".join(sorted(each.split())) for each in RESPONSE_TYPES}
    if case.response_type not in known:
        raise refuse(
            "unsupported_response_type",
            "no such response_type",
            "response_type",
            expected=RESPONSE_TYPES,
            found=case.parameters["response_type"],
        )
    return case.response_type


def response_type_current(case: AuthorizationRequest) -> str:
    if case.response_type in LEGACY_RESPONSE_TYPES and not case.server.legacy:
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
    allowed = (
        {" ".join(sorted(each.split())) for each in case.client.response_types} if case.client else set()
    )
    if case.response_type not in allowed:
        raise refuse(
            "unauthorized_client", "the application is not registered for this response_type", "response_type"
        )
    return ""


def response_mode_safe(case: AuthorizationRequest) -> str:
    mode = case.response_mode
    if mode not in RESPONSE_MODES:
        raise refuse("invalid_request", "no such response_mode", "response_mode", expected=RESPONSE_MODES)
    if mode == "query" and case.response_type != "code":
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


def resource_known(case: Any) -> str:
    for each in case.parameters.all("resource"):
        if each not in case.server.audiences:
            raise refuse("invalid_target", "no such API is known here", "resource", found=each)
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
            title="An ID token through the browser is tied to this log-in",
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
        Check(
            id="resource-known",
            title="It names an API that we speak for",
            spec="RFC 8707 §2",
            run=resource_known,
            group="Request",
            purpose="Tokens for strangers.",
        ),
    ),
    "authorization request",
)


def authorize(server: AuthorizationServer) -> Response:
    """GET or POST /authorize."""
    parameters = received.query_or_form(AUTHORIZATION_REQUEST)
    pushed = (parameters.one("request_uri") or "").startswith(PUSHED_URI)
    try:
        if pushed:  # a request that cannot be taken has no address to answer to
            parameters = server.take_pushed_request(parameters)
        case = AuthorizationRequest(server, parameters, pushed)
        server.decide("addressee", case)
    except OAuthError as error:
        return answers.error_page(error)
    try:
        server.decide("authorization request", case)
        what = _what(case)
        name, record = visits.new_interaction(server, what)
        return go_on(server, name, record)
    except OAuthError as error:
        return _refuse_to(server, case, error)


PUSHED_URI = "urn:ietf:params:oauth:request_uri:"


def _what(case: AuthorizationRequest) -> dict[str, Any]:
    kept = ("state", "nonce", "code_challenge", "id_token_hint", "login_hint", "dpop_jkt")
    return {
        "kind": "authorize",
        "client_id": case.client.client_id if case.client else "",
        "redirect_uri": case.redirect_uri,
        "redirect_uri_given": "redirect_uri" in case.parameters,
        "response_type": case.response_type,
        "response_mode": case.response_mode,
        "scope": list(case.scope),
        "prompt": list(case.prompt),
        "max_age": case.max_age,
        "resources": list(case.parameters.all("resource")),
        **{name: case.parameters.get(name) for name in kept},
    }


def go_on(server: AuthorizationServer, name: str, wish: Record) -> Response:
    """What comes next: the login page, the consent page, or the answer (OpenID Connect Core §3.1.2.3, §3.1.2.4)."""
    session = visits.current_session(server)
    if session is None or _stale(server, wish, session):
        if "none" in wish.get("prompt", ()):
            raise OAuthError("somebody has to log in first", "login_required")
        return login_page(server, name, wish)
    if wish["kind"] == "device":
        return server.device_page(name, wish)
    hint = wish.get("id_token_hint")
    if hint and server.subject_of_hint(hint) != session["sub"]:
        # Somebody else has logged in than the one who was meant (OpenID Connect Core §3.1.2.1).
        raise OAuthError(
            "the id_token_hint names somebody else than has logged in, or nobody", "login_required"
        )
    if _must_ask(server, wish, session):
        if "none" in wish["prompt"]:
            raise OAuthError("the person has to be asked first", "consent_required")
        return consent_page(server, name, wish, session)
    return answer(server, name, wish, session)


def _stale(server: AuthorizationServer, wish: Record, session: Record) -> bool:
    """Does this log-in not do for what is asked?"""
    if wish.get("fresh"):  # logged in for this very request
        return False
    age = server.clock() - session["auth_time"]
    too_old = wish.get("max_age") is not None and age >= wish["max_age"]
    again = not {"login", "select_account"}.isdisjoint(wish.get("prompt", ()))
    expected = server.subject_of_hint(wish.get("id_token_hint"))
    return too_old or again or (expected is not None and expected != session["sub"])


def _must_ask(server: AuthorizationServer, wish: Record, session: Record) -> bool:
    client = server.clients[wish["client_id"]]
    if client.trusted or wish.get("allowed"):
        return False
    known = server.store.get("consent", f"{session['sub']} {client.client_id}") or {"scope": []}
    return "consent" in wish["prompt"] or not set(wish["scope"]) <= set(known["scope"])


def login_page(
    server: AuthorizationServer, name: str, wish: Record, error: str = "", status: int = 200
) -> Response:
    """Who are you?"""
    client = server.clients.get(wish["client_id"])
    return answers.page(
        "login.html",
        status,
        client=client.name if client else "",
        hidden=visits.hidden_fields(server, name),
        hint=wish.get("login_hint") or "",
        error=error,
        passwordless=server.mail is not None,
    )


def consent_page(server: AuthorizationServer, name: str, wish: Record, session: Record) -> Response:
    """May they?"""
    # Allow counts for the person who was shown the page, and for nobody who logs in meanwhile.
    kept = wish | {"shown_to": session["sub"]}
    server.store.put("interaction", server.fingerprint(name), kept, wish["expires"])
    person = server.accounts.find(session["sub"])
    return answers.page(
        "consent.html",
        client=server.clients[wish["client_id"]].name,
        person=person.name if person else session["sub"],
        scopes=[(each, server.scope_in_words(each)) for each in wish["scope"]],
        redirect_uri=wish["redirect_uri"],
        hidden=visits.hidden_fields(server, name),
    )


def answer(server: AuthorizationServer, name: str, wish: Record, session: Record) -> Response:
    """The authorization response: whatever the response type lists (RFC 6749 §4.1.2, OpenID Connect Core §3.3.2.5)."""
    client = server.clients[wish["client_id"]]
    visits.finish(server, name)
    grant = Grant.make(server, client, wish, session)
    with server.store.transaction():
        # Both or neither: what no session knows of would survive the log-out.
        if not visits.remember(server, session, client.client_id, grant.id):
            raise OAuthError("the person has logged out meanwhile", "login_required")
        grant.save(server)
    wanted = wish["response_type"].split()
    parameters: dict[str, str] = {}
    code = token = None
    if "code" in wanted:
        code = parameters["code"] = new_code(server, grant, wish)
    if "token" in wanted:
        token, claims = access_token(
            server,
            client,
            grant.sub,
            grant.scope,
            grant.audience(server),
            auth_time=grant.auth_time,
            more=server.rights(grant.sub),
        )
        grant.remember_token(server, claims)
        parameters |= {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": str(claims["exp"] - claims["iat"]),
            "scope": " ".join(grant.scope),
        }
    if "id_token" in wanted:
        person = server.accounts.find(grant.sub)
        # Without an access token there is no userinfo to ask: the claims travel in the ID token (Core §5.4).
        more = person_claims(person, grant.scope) if person and wanted == ["id_token"] else {}
        parameters["id_token"] = id_token(
            server, client, grant.record, nonce=wish["nonce"], token=token, code=code, more=more
        )
    return _send(server, wish["redirect_uri"], wish["response_mode"], wish["state"], parameters)


def _refuse_to(server: AuthorizationServer, case: AuthorizationRequest, error: OAuthError) -> Response:
    """An error for the application (RFC 6749 §4.1.2.1); the addressee has been checked."""
    return refuse_to(server, case.redirect_uri, case.error_mode, case.parameters.one("state"), error)


def refuse_to(
    server: AuthorizationServer, redirect_uri: str, mode: str, state: str | None, error: OAuthError
) -> Response:
    """Send an error to a checked address."""
    parameters = {"error": error.code, "error_description": answers.plain(str(error))}
    return _send(server, redirect_uri, mode, state, parameters)


def _send(
    server: AuthorizationServer, uri: str, mode: str, state: str | None, parameters: Mapping[str, str]
) -> Response:
    full = dict(parameters)
    if state is not None:
        full["state"] = state
    full["iss"] = server.issuer  # RFC 9207 §2: whose answer this is
    if mode == "form_post":
        # It may stand in a frame: a silent renewal gets its answer there, and nobody presses anything on it.
        return answers.page(
            "form_post.html", action=uri, fields=full, scripts=[server.auto_submit], framed=True
        )
    return answers.redirect(answers.with_parameters(uri, full, fragment=mode == "fragment"))
