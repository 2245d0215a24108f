"""The authorization server: its people, its clients, its keys, its decisions, and the addresses it answers at."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import httpx
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from jwtlab.checks import Policy, Refusal, Report
from jwtlab.errors import ClaimRefused, OAuthError, UsageError
from jwtlab.jose import base64url, jwt
from jwtlab.jose.jwk import Key
from jwtlab.oauth import bearer, dpop
from jwtlab.oauth.authorization_server import (
    answers,
    assertion_grant,
    authorize,
    client_authentication,
    code_grant,
    credentials_grant,
    device,
    exchange,
    introspection,
    login,
    logout,
    magic_link,
    metadata,
    pushed,
    refresh_grant,
    token_endpoint,
    token_request,
    tokens,
    userinfo,
    visits,
)
from jwtlab.oauth.authorization_server.keyring import KeyRing
from jwtlab.oauth.http import templates
from jwtlab.oauth.http.recorder import record_report
from jwtlab.oauth.protocol import OPENID_SCOPES, PARAMETER_CHECKS, Parameters
from jwtlab.oauth.registration import Accounts, Client, Person, Resource
from jwtlab.oauth.store import MemoryStore, Store, fingerprint, first_use

MOST_BYTES = 64 * 1024
_PURGE_AFTER = 60
"""Seconds between two looks for what need not be kept."""

POLICIES: Mapping[str, Policy] = {
    "parameters": PARAMETER_CHECKS,
    "addressee": authorize.ADDRESSEE_CHECKS,
    "authorization request": authorize.REQUEST_CHECKS,
    "pushed request": pushed.CHECKS,
    "form": visits.FORM_CHECKS,
    "attempts": login.ATTEMPT_CHECKS,
    "login": login.LOGIN_CHECKS,
    "magic link": magic_link.LINK_CHECKS,
    "one-time code": magic_link.ONE_TIME_CODE_CHECKS,
    "userinfo request": userinfo.REQUEST_CHECKS,
    "device authorization": device.AUTHORIZATION_CHECKS,
    "device approval": device.APPROVAL_CHECKS,
    "token request": token_request.REQUEST_CHECKS,
    "client authentication": client_authentication.CHECKS,
    "client assertion": client_authentication.CLIENT_ASSERTION,
    "grant type": token_request.CLIENT_CHECKS,
    "DPoP proof": dpop.CHECKS,
    "authorization code": code_grant.CODE_CHECKS,
    "refresh token": refresh_grant.REFRESH_CHECKS,
    "client credentials": credentials_grant.CREDENTIALS_CHECKS,
    "JWT bearer": assertion_grant.ASSERTION_CHECKS,
    "grant assertion": client_authentication.GRANT_ASSERTION,
    "device code": device.CODE_CHECKS,
    "token exchange": exchange.CHECKS,
    "access token": tokens.OWN_TOKEN,
    "introspection": introspection.INTROSPECTION_CHECKS,
    "revocation": introspection.REVOCATION_CHECKS,
    "log-out": logout.CHECKS,
}
"""Every decision of the server, by name."""


class AuthorizationServer:
    """An authorization server and OpenID provider.

    Args:
        issuer: its identifier and origin, such as ``"https://as.example"`` (RFC 8414 §2).
        people: who has an account.
        clients: the registered applications.
        resources: the APIs it speaks for.
        make_key: ``number -> Key``: the private signing key with this number, from 0, with a kid.
        clock: ``() -> seconds since 1970``.
        random: ``count -> bytes``.
        store: where everything is kept that must not be forgotten.
        mail: ``(to, subject, text)``: sends an e-mail; without it there is no log-in without a password.
        send: sends a request of the server's own, such as a logout token.
        legacy: answer retired response types and grants too (implicit, password).
        policies: other decisions than `POLICIES`, by name.

    Attributes:
        app: the WSGI application.
        policies: its decisions; a weak server is one with a check taken out.
        keys: a `KeyRing`.
        nonces: `dpop.Nonces` if it demands a nonce in each DPoP proof, or ``None`` (RFC 9449 §8).

    Raises:
        UsageError: the issuer is no origin, or a client has the name of a person.
    """

    def __init__(
        self,
        issuer: str,
        *,
        people: Iterable[Person],
        clients: Iterable[Client],
        resources: Iterable[Resource],
        make_key: Callable[[int], Key],
        clock: Callable[[], float],
        random: Callable[[int], bytes],
        store: Store | None = None,
        mail: Callable[[str, str, str], None] | None = None,
        send: Callable[[httpx.Request], object] = lambda request: None,
        legacy: bool = False,
        policies: Mapping[str, Policy] = {},
    ) -> None:
        if not issuer.startswith(("https://", "http://")) or issuer.count("/") != 2:
            raise UsageError(f"an issuer is an origin such as https://as.example; this is {issuer!r}")
        self.issuer, self.clock, self.random = issuer, clock, random
        self.accounts = Accounts(people, random)
        self.clients = {each.client_id: each for each in clients}
        for name in self.clients:
            if self.accounts.find(name) is not None:  # its own tokens would look like that person's
                raise UsageError(f"a client cannot be called {name!r}, as a person is (RFC 9700 §4.15)")
        self.resources = tuple(resources)
        self.store = MemoryStore() if store is None else store
        self.mail, self.send, self.legacy = mail, send, legacy
        self.given_answers, self.one_form = MemoryStore(), threading.RLock()
        self.keys = KeyRing(self.store, clock, make_key, tail=max(tokens.ACCESS_LIFETIME, tokens.ID_LIFETIME))
        self.policies = dict(POLICIES) | dict(policies)
        self.nonces: dpop.Nonces | None = None
        self._purged = clock()
        self.app = self._application()

    # What it knows

    @property
    def audiences(self) -> tuple[str, ...]:
        """For whom its access tokens are: the APIs, and itself (userinfo)."""
        return (*(each.audience for each in self.resources), self.issuer)

    def audience(self, scope: Iterable[str], resources: Sequence[str] = ()) -> tuple[str, ...]:
        """Where an access token is good: the APIs that were named, or else those that know one of its scopes."""
        scopes = set(scope)
        fitting = tuple(each.audience for each in self.resources if not scopes.isdisjoint(each.scopes))
        apis = tuple(resources) or fitting or self.audiences[:1]
        return tuple(dict.fromkeys((*apis, self.issuer))) if "openid" in scopes else apis

    @property
    def algorithms(self) -> tuple[str, ...]:
        """Of its signing keys."""
        return tuple(dict.fromkeys(key.alg for key in self.keys.published if key.alg))

    @property
    def is_secure(self) -> bool:
        return self.issuer.startswith("https://")

    @property
    def userinfo_policy(self) -> Policy:
        """As for an API, and nothing that was revoked."""

        def not_revoked(case: jwt.Case) -> str:
            if self.is_revoked(case.claims):
                raise Refusal("it has been revoked", claim="jti", error=ClaimRefused)
            return ""

        known = tokens.OWN_TOKEN["not-revoked"]
        return (
            self.policies["access token"]
            .without("not-revoked")
            .adding(replace(known, run=not_revoked), bearer.SCHEME_MATCHES)
        )

    def endpoint(self, name: str) -> str:
        """The address of an endpoint."""
        return f"{self.issuer}/{name}"

    def scope_in_words(self, scope: str) -> str:
        for each in self.resources:
            if scope in each.scopes:
                return each.scopes[scope]
        return OPENID_SCOPES.get(scope, scope)

    def rights(self, subject: str) -> dict[str, Any]:
        """Claims about what somebody may do (RFC 9068 §2.2.3.1)."""
        person = self.accounts.find(subject)
        return {"roles": list(person.roles)} if person is not None and person.roles else {}

    def secret(self, count: int = 32) -> str:
        """So many random bytes as text."""
        return base64url.encode(self.random(count))

    @staticmethod
    def fingerprint(secret: str) -> str:
        return fingerprint(secret)

    # What it decides

    def judge(self, name: str, case: Any) -> Report:
        """Run one of the `policies`; the report appears in the record of the exchange."""
        return record_report(name, self.policies[name].run(case))

    def note(self, name: str, report: Report) -> Report:
        """A report that was made elsewhere."""
        return record_report(name, report)

    def decide(self, name: str, case: Any) -> None:
        """As `judge`, but a refusal is raised.

        Raises:
            OAuthError: with the protocol's code.
        """
        _ = self.judge(name, case).value

    def is_revoked(self, claims: Mapping[str, Any]) -> bool:
        """Was this access token revoked, or all that was granted with it?"""
        jti = str(claims.get("jti"))
        if self.store.get("revoked", jti) is not None:
            return True
        record = self.store.get("token", jti)
        if record is None:
            return False
        if record.get("parent") and self.is_revoked({"jti": record["parent"]}):
            return True
        grant = self.store.get("grant", record["grant"]) if record["grant"] else None
        return grant is not None and grant["revoked"]

    def first_use(self, kind: str, name: str, seconds: float) -> bool:
        """Is this the first time that a name is used? It is remembered for so many seconds."""
        return first_use(self.store, kind, name, self.clock(), seconds)

    def attempts(self, who: str) -> login.Attempts:
        """Wrong guesses for this name lately."""
        record = self.store.get("attempts", fingerprint(who))
        return login.Attempts(record["count"] if record and record["until"] > self.clock() else 0)

    def count_attempt(self, who: str) -> None:
        until = self.clock() + login.ATTEMPTS_WINDOW
        with self.store.transaction():
            record = {"count": self.attempts(who).count + 1, "until": until}
            self.store.put("attempts", fingerprint(who), record, until)

    def shown_key(
        self, endpoint: str = "token", *, needed: bool = False, announced: str | None = None
    ) -> str | None:
        """The thumbprint of the key that the current request proves by DPoP, or ``None`` (RFC 9449 §5).

        Args:
            endpoint: where the request came to.
            needed: the client has promised a proof.
            announced: the thumbprint that the request itself names (``dpop_jkt``).

        Raises:
            OAuthError: the proof does not do, shows another key than was announced, or is missing.
        """
        proofs = bearer.proof_values(request.headers.get("DPoP"))
        if not proofs and not needed:
            return None
        case = dpop.Case(
            proofs,
            request.method,
            self.endpoint(endpoint),
            self.clock(),
            lambda name: self.first_use("proof", name, 300),
            bound_to=announced,
            nonces=self.nonces,
        )
        report = record_report("DPoP proof", dpop.examine(case, self.policies["DPoP proof"]))
        thumbprint: str = report.value
        return thumbprint

    def subject_of_hint(self, hint: str | None) -> str | None:
        """Whom an ``id_token_hint`` means, if it is one of ours."""
        report = logout.examine_hint(self, hint) if hint else None
        return str(report.claims["sub"]) if report is not None and report.accepted else None

    def end_session(self, session: Mapping[str, Any]) -> None:
        """Forget a session, and tell the applications that were reached from it."""
        logout.end_session(self, session)

    def take_pushed_request(self, parameters: Parameters) -> Parameters:
        return pushed.take(self, parameters)

    def device_page(self, name: str, wish: Mapping[str, Any]) -> Response:
        return device.device_page(self, name, wish)

    @property
    def auto_submit(self) -> str:
        """The fingerprint of the one script that a page may run."""
        digest = hashlib.sha256(templates.AUTO_SUBMIT.encode()).digest()
        return f"sha256-{base64.b64encode(digest).decode()}"

    # Where it answers

    def _application(self) -> Flask:
        app = Flask("jwtlab.oauth", static_folder=None)
        app.url_map.merge_slashes = False  # no redirect of the framework's own
        app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
        app.config["MAX_FORM_MEMORY_SIZE"] = MOST_BYTES
        for path, methods, endpoint in ENDPOINTS:
            name = f"{path} {methods}"
            app.add_url_rule(path, name, partial(endpoint, self), methods=methods.split())
        app.before_request(self._before)
        app.after_request(self._after)
        app.register_error_handler(HTTPException, _http_error)
        return app

    def _before(self) -> Response | None:
        if self.clock() - self._purged > _PURGE_AFTER:
            self._purged = self.clock()
            self.store.purge(self.clock())
            self.given_answers.purge(self.clock())
        if request.method == "HEAD" and request.path in _PAGES:
            raise MethodNotAllowed(["GET", "POST"])  # a look at the headers must not give a code away
        if request.method == "OPTIONS" and request.path in _FOR_SCRIPTS:
            return Response(status=204)
        return None

    def _after(self, response: Response) -> Response:
        if request.path in _FOR_SCRIPTS:
            # Applications in browsers call these; no cookie counts here, so every origin may (Fetch standard).
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, DPoP"
            response.headers["Access-Control-Allow-Methods"] = "GET, POST"
            response.headers["Access-Control-Expose-Headers"] = "WWW-Authenticate, DPoP-Nonce"
        if self.nonces is not None and "DPoP" in request.headers:
            response.headers["DPoP-Nonce"] = self.nonces.current
        response.headers["X-Content-Type-Options"] = "nosniff"
        return visits.with_cookies(self, response)


_FOR_SCRIPTS = frozenset(
    {
        "/token",
        "/jwks",
        "/userinfo",
        "/revoke",
        "/par",
        "/device_authorization",
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
    }
)

ENDPOINTS: tuple[tuple[str, str, Callable[[AuthorizationServer], Response]], ...] = (
    ("/authorize", "GET POST", authorize.authorize),
    ("/login", "POST", login.login),
    ("/consent", "POST", login.consent),
    ("/magic", "GET POST", magic_link.open_link),
    ("/magic/send", "POST", magic_link.send),
    ("/magic/code", "POST", magic_link.type_code),
    ("/token", "POST", token_endpoint.token),
    ("/par", "POST", pushed.push),
    ("/device_authorization", "POST", device.device_authorization),
    ("/device", "GET", device.verification),
    ("/device", "POST", device.decide),
    ("/jwks", "GET", metadata.jwks),
    ("/.well-known/openid-configuration", "GET", metadata.discovery),
    ("/.well-known/oauth-authorization-server", "GET", metadata.discovery),
    ("/userinfo", "GET POST", userinfo.userinfo),
    ("/introspect", "POST", introspection.introspect),
    ("/revoke", "POST", introspection.revoke),
    ("/logout", "GET POST", logout.logout),
    ("/logout/confirm", "POST", logout.confirm),
)
"""Path, methods, and who answers."""

_PAGES = frozenset(
    {
        *("/authorize", "/login", "/consent", "/device", "/logout", "/logout/confirm"),
        *("/magic", "/magic/send", "/magic/code"),
    }
)
"""Where people come. Everywhere else a machine asks, and is answered in JSON."""


def _http_error(error: HTTPException) -> Response:
    """Whatever is not for us (no such address, wrong method, too long), in the words of the place."""
    status = error.code or 400
    told = OAuthError(error.description or error.name, "invalid_request", status)
    if request.path in _PAGES:
        response = answers.error_page(told, status)
    else:
        response = answers.json_answer(
            {"error": told.code, "error_description": answers.plain(str(told))}, status
        )
    allowed = error.get_response().headers.get("Allow")
    if allowed:
        response.headers["Allow"] = allowed
    return response
