"""What every client application has to know and to check: its credentials, its provider, and the answers it gets."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from jwtlab.checks import Check, Policy, Refusal, Report
from jwtlab.errors import ClaimRefused, OAuthError
from jwtlab.jose import jwa, jwt
from jwtlab.jose.jwk import Key, KeySet
from jwtlab.oauth.authorization_server.tokens import LOGOUT_EVENT, LOGOUT_TOKEN_TYPE, half_hash
from jwtlab.oauth.protocol import ASSERTION_TYPE, PARAMETER_CHECKS, Parameters, refuse
from jwtlab.oauth.trace import Request, Response, header

ASSERTION_LIFETIME = 60
"""Seconds for which an assertion of ours is good."""


@dataclass(frozen=True)
class Credentials:
    """How a client shows who it is at the token endpoint (RFC 6749 §2.3, RFC 7523 §2.2).

    Attributes:
        client_id: its name.
        method: ``"none"``, ``"client_secret_basic"``, ``"client_secret_post"`` or ``"private_key_jwt"``.
        secret: for the two secret methods.
        key: the private key, for ``private_key_jwt`` and for assertions.
    """

    client_id: str
    method: str = "none"
    secret: str | None = field(default=None, repr=False)
    key: Key | None = None

    def post(
        self, url: str, form: Mapping[str, str], *, issuer: str, now: float, jti: Callable[[], str]
    ) -> Request:
        """A form to an endpoint of the authorization server, with the proof of who sends it.

        Args:
            url: the endpoint.
            form: the parameters.
            issuer: to whom an assertion is addressed.
            now: seconds since 1970.
            jti: makes a name for an assertion.
        """
        full, headers = dict(form), {}
        if self.method == "client_secret_basic":
            pair = f"{quote_plus(self.client_id)}:{quote_plus(self.secret or '')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        elif self.method == "private_key_jwt":
            full["client_assertion_type"] = ASSERTION_TYPE
            full["client_assertion"] = self.assertion(self.client_id, issuer, now, jti())
        else:
            full["client_id"] = self.client_id
            if self.method == "client_secret_post":
                full["client_secret"] = self.secret or ""
        return Request.make("POST", url, form=full, headers=headers)

    def assertion(self, subject: str, audience: str, now: float, jti: str) -> str:
        """A JWT that speaks for a subject, signed with the client's own key (RFC 7523 §3)."""
        if self.key is None:
            raise OAuthError("this client has no private key to sign with", "invalid_client")
        claims = {
            "iss": self.client_id,
            "sub": subject,
            "aud": audience,
            "iat": int(now),
            "exp": int(now) + ASSERTION_LIFETIME,
            "jti": jti,
        }
        return jwt.issue(claims, self.key, alg=self.key.alg or self.key.algorithms[0])


@dataclass(frozen=True)
class Provider:
    """An authorization server as a client knows it.

    Attributes:
        issuer: its identifier.
        credentials: the client's at this server.
        metadata: its metadata; empty until they are fetched.
        keys: its public keys, or ``None`` until they are fetched.
    """

    issuer: str
    credentials: Credentials
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)
    keys: KeySet | None = None

    def endpoint(self, name: str) -> str:
        """An address from the metadata.

        Raises:
            OAuthError: the metadata do not have it.
        """
        found = self.metadata.get(name)
        if not isinstance(found, str):
            raise OAuthError(f"{self.issuer} names no {name}", "server_error", 502)
        return found


# Metadata


@dataclass(frozen=True)
class Discovered:
    """A metadata document, and for whom it was asked."""

    issuer: str
    document: Any


def issuer_same(case: Discovered) -> str:
    found = case.document.get("issuer") if isinstance(case.document, dict) else None
    if found != case.issuer:
        raise refuse(
            "server_error",
            "the document speaks for another issuer than the one that was asked",
            "issuer",
            expected=case.issuer,
            found=found,
        )
    return case.issuer


DISCOVERY_CHECKS = Policy(
    (
        Check(
            "issuer-same",
            "The document speaks for the issuer that was asked",
            "RFC 8414 §3.3",
            issuer_same,
            "Discovery",
            "One server passes for another, and gets its codes.",
        ),
    ),
    "discovery",
)


# The authorization response


@dataclass(frozen=True)
class AuthorizationResponse:
    """What a browser brought back.

    Attributes:
        parameters: from query, form or fragment.
        state: what this browser was sent away with, or ``None``.
        issuer: of the server that it was sent to.
        issuer_promised: that server always names itself (RFC 9207 §3).
    """

    parameters: Parameters
    state: str | None
    issuer: str
    issuer_promised: bool


def state_matches(case: AuthorizationResponse) -> str:
    given = case.parameters.get("state")
    if case.state is None or given is None:
        raise refuse(
            "invalid_request",
            "this browser did not ask for a log-in here",
            "state",
            expected=case.state,
            found=given,
        )
    if not hmac.compare_digest(case.state.encode(), given.encode("utf-8", "replace")):
        raise refuse(
            "invalid_request",
            "this answer belongs to another log-in",
            "state",
            expected=case.state,
            found=given,
        )
    return "the one this browser was sent with"


def issuer_matches(case: AuthorizationResponse) -> str:
    given = case.parameters.get("iss")
    if given is None and not case.issuer_promised:
        return "this server does not name itself"
    if given is None and "id_token" in case.parameters:
        return "the ID token that came along names it, and is checked before anything else (RFC 9207 §4)"
    if given != case.issuer:
        raise refuse(
            "invalid_request",
            "another server answers than the one that was asked (mix-up)",
            "iss",
            expected=case.issuer,
            found=given,
        )
    return case.issuer


def response_positive(case: AuthorizationResponse) -> str:
    code = case.parameters.get("error")
    if code is not None:
        said = case.parameters.get("error_description", "no reason given")
        raise refuse(code[:60], f"the server said {code[:60]}: {said[:200]}", "error", found=code)
    return ""


RESPONSE_CHECKS = Policy(
    (
        *PARAMETER_CHECKS,
        Check(
            "state-matches",
            "This browser has asked for it (state)",
            "RFC 6749 §10.12",
            state_matches,
            "Response",
            "You are logged in as somebody else, and write into their account.",
        ),
        Check(
            "issuer-matches",
            "The server that was asked has answered (iss)",
            "RFC 9207 §2.4",
            issuer_matches,
            "Response",
            "A code of the honest server is carried to the dishonest one.",
        ),
        Check(
            "response-positive",
            "It is a yes",
            "RFC 6749 §4.1.2.1",
            response_positive,
            "Response",
            "",
        ),
    ),
    "authorization response",
)


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
        Check("token-answer", "There is a token", "RFC 6749 §5.1", token_answer_good, "Response", ""),
        Check(
            "token-type-known",
            "We know how to use it",
            "RFC 6749 §7.1",
            token_type_known,
            "Response",
            "A bound token is used as if anybody could.",
        ),
    ),
    "token response",
)


# The ID token


@dataclass(frozen=True)
class LoginExpected:
    """What an ID token has to fit.

    Attributes:
        client_id: ours.
        nonce: what the browser was sent with, or ``None``.
        access_token, code: what came together with the ID token.
        front: it came through the browser.
        max_age: what was asked for.
        subject: who it has to be, if that is known already.
    """

    client_id: str
    nonce: str | None = None
    access_token: str | None = None
    code: str | None = None
    front: bool = False
    max_age: int | None = None
    subject: str | None = None


def _refuse(reason: str, claim: str, expected: Any = None, found: Any = None) -> Refusal:
    return Refusal(reason, claim=claim, expected=expected, found=found, error=ClaimRefused)


def party_authorized(case: jwt.Case) -> str:
    azp, mine = case.claims.get("azp"), case.context.client_id
    several = isinstance(case.claims.get("aud"), list) and len(case.claims["aud"]) > 1
    if several and azp is None:
        raise _refuse("it is for several, and does not say for whom it was made", "azp", mine)
    if azp is not None and azp != mine:
        raise _refuse("it was made for another client", "azp", mine, azp)
    return ""


def nonce_matches(case: jwt.Case) -> str:
    expected, found = case.context.nonce, case.claims.get("nonce")
    if expected is None:
        return "none was sent"
    if not isinstance(found, str) or not hmac.compare_digest(
        expected.encode(), found.encode("utf-8", "replace")
    ):
        raise _refuse("it belongs to another log-in", "nonce", expected, found)
    return "the one this browser was sent with"


def access_token_hash(case: jwt.Case) -> str:
    return _hash(case, "at_hash", case.context.access_token)


def code_hash(case: jwt.Case) -> str:
    return _hash(case, "c_hash", case.context.code)


def _hash(case: jwt.Case, claim: str, value: str | None) -> str:
    found = case.claims.get(claim)
    if value is None:
        return "nothing came along"
    if found is None and not case.context.front:
        return "not needed: it came directly from the server"
    expected = half_hash(value, str(case.header.get("alg")))
    if not isinstance(found, str) or not hmac.compare_digest(
        expected.encode(), found.encode("utf-8", "replace")
    ):
        raise _refuse("what came along belongs to another log-in", claim, expected, found)
    return "they belong together"


def login_fresh(case: jwt.Case) -> str:
    limit = case.context.max_age
    if limit is None:
        return "nobody asked for a fresh one"
    at = case.date("auth_time")
    if at is not None and at > case.now + case.leeway + 5:
        raise _refuse(
            "the person logged in later than now; one of the two clocks is wrong", "auth_time", limit, at
        )
    if at is None:
        raise _refuse("it does not say when the person logged in (auth_time)", "auth_time", limit)
    if case.now - at > limit + case.leeway + 5:
        raise _refuse(f"the person logged in more than {limit} seconds ago", "auth_time", limit, at)
    return ""


def issued_at_present(case: jwt.Case) -> str:
    """The one required claim that no other check asks for."""
    if "iat" not in case.claims:
        raise _refuse("it does not say when it was made", "iat")
    return ""


def subject_same(case: jwt.Case) -> str:
    expected, found = case.context.subject, case.claims.get("sub")
    if not isinstance(found, str) or not found:
        raise _refuse("it does not say who logged in", "sub")
    if expected is not None and found != expected:
        raise _refuse("it is about somebody else than before", "sub", expected, found)
    return found


ID_TOKEN_CHECKS = jwt.STANDARD.adding(
    Check(
        "party-authorized",
        "It was made for us (azp)",
        "OpenID Connect Core §3.1.3.7",
        party_authorized,
        "Purpose",
        "Another application's ID token logs its user in here.",
    ),
    Check(
        "nonce-matches",
        "It belongs to this log-in (nonce)",
        "OpenID Connect Core §3.1.3.7",
        nonce_matches,
        "Purpose",
        "An ID token that was overheard is played again.",
    ),
    Check(
        "access-token-hash",
        "The access token belongs to it (at_hash)",
        "OpenID Connect Core §3.2.2.9",
        access_token_hash,
        "Purpose",
        "Somebody else's access token is slipped in.",
    ),
    Check(
        "code-hash",
        "The code belongs to it (c_hash)",
        "OpenID Connect Core §3.3.2.10",
        code_hash,
        "Purpose",
        "Somebody else's code is slipped in.",
    ),
    Check(
        "login-fresh",
        "The person logged in lately enough",
        "OpenID Connect Core §3.1.3.7",
        login_fresh,
        "Time",
        "Whoever sits down at a forgotten screen pays with your card.",
    ),
    Check(
        "subject-same",
        "It is about the same person as before",
        "OpenID Connect Core §3.3.3.6",
        subject_same,
        "Purpose",
        "Two tokens of one answer are about two people.",
    ),
    Check(
        "issued-at-present",
        "It says when it was made (iat)",
        "OpenID Connect Core §2",
        issued_at_present,
        "Time",
        "Nobody can say how old it is.",
    ),
)
"""What a client asks of an ID token (OpenID Connect Core §3.1.3.7, §3.2.2.11, §3.3.2.12)."""


def examine_id_token(
    token: str, provider: Provider, expected: LoginExpected, now: float, policy: Policy
) -> Report:
    """Judge an ID token by the provider's keys."""
    return jwt.verify(
        token,
        provider.keys or KeySet([]),
        algorithms=id_token_algorithms(provider),
        issuer=provider.issuer,
        audience=provider.credentials.client_id,
        now=now,
        leeway=5,
        policy=policy,
        context=expected,
    )


def id_token_algorithms(provider: Provider) -> tuple[str, ...]:
    """What the client accepts: what the provider announces, and only key pairs."""
    announced = provider.metadata.get("id_token_signing_alg_values_supported", ["RS256"])
    known = [each for each in announced if each in jwa.ALGORITHMS and jwa.get(each).kty != "oct"]
    return tuple(known) or ("RS256",)


# Userinfo and log-out


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
            "userinfo-subject",
            "It is about whoever logged in",
            "OpenID Connect Core §5.3.2",
            userinfo_subject,
            "Response",
            "Somebody else's access token brings somebody else's name.",
        ),
    ),
    "userinfo",
)


def logout_event(case: jwt.Case) -> str:
    events = case.claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise _refuse("it does not announce a log-out", "events", LOGOUT_EVENT, events)
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
        "logout-event",
        "It announces a log-out",
        "OpenID Connect Back-Channel Logout §2.6",
        logout_event,
        "Purpose",
        "Any token of the server logs people out.",
    ),
    Check(
        "logout-without-nonce",
        "It is no ID token",
        "OpenID Connect Back-Channel Logout §2.6",
        logout_without_nonce,
        "Purpose",
        "Any ID token logs its owner out.",
    ),
    Check(
        "logout-subject",
        "It says whose session ends",
        "OpenID Connect Back-Channel Logout §2.6",
        logout_subject,
        "Purpose",
        "",
    ),
    Check(
        "issued-at-present",
        "It says when it was made (iat)",
        "OpenID Connect Back-Channel Logout §2.4",
        issued_at_present,
        "Time",
        "Nobody can say how old it is.",
    ),
)


def examine_logout_token(
    token: str, provider: Provider, now: float, seen: set[str], policy: Policy
) -> Report:
    """Judge a logout token (OpenID Connect Back-Channel Logout §2.6)."""
    return jwt.verify(
        token,
        provider.keys or KeySet([]),
        algorithms=id_token_algorithms(provider),
        issuer=provider.issuer,
        audience=provider.credentials.client_id,
        typ=LOGOUT_TOKEN_TYPE,
        now=now,
        leeway=5,
        seen=seen,
        policy=policy,
    )


POLICIES: Mapping[str, Policy] = {
    "discovery": DISCOVERY_CHECKS,
    "authorization response": RESPONSE_CHECKS,
    "token response": TOKEN_RESPONSE_CHECKS,
    "ID token": ID_TOKEN_CHECKS,
    "userinfo": USERINFO_CHECKS,
    "logout token": LOGOUT_TOKEN_CHECKS,
}
"""Every decision of a client application, by name."""
