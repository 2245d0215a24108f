"""A client application with a web page: it sends people to log in, redeems codes, and calls an API for them.

Its handlers are generators, as flows are: what the application itself asks others (a token, the keys,
the API) is a `Step` too, so the learner sees and changes that as well. As a WSGI application it takes those
steps by itself.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
from werkzeug.wrappers import Request as WSGIRequest
from werkzeug.wrappers import Response as WSGIResponse

from jwtlab.checks import Policy, Report
from jwtlab.errors import InvalidKey, JwtlabError, OAuthError, UsageError
from jwtlab.jose import base64url
from jwtlab.jose.key import Key
from jwtlab.jose.key_set import KeySet
from jwtlab.jose.token import read
from jwtlab.oauth import dpop, pkce
from jwtlab.oauth.client.authorization_response import AuthorizationResponse
from jwtlab.oauth.client.id_token import LoginExpected, examine_id_token
from jwtlab.oauth.client.logout_token import examine_logout_token
from jwtlab.oauth.client.pending_login import PendingLogin
from jwtlab.oauth.client.policies import POLICIES
from jwtlab.oauth.client.provider import Discovered, Provider
from jwtlab.oauth.client.token_response import asks_for_nonce
from jwtlab.oauth.client.userinfo import Userinfo
from jwtlab.oauth.http import templates
from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import Request, Response, header
from jwtlab.oauth.http.recorder import record_report
from jwtlab.oauth.http.steps import Step, Steps, answered
from jwtlab.oauth.protocol import AUTHORIZATION_RESPONSE, Parameters

COOKIE = "app-session"
PASSED_ON = ("prompt", "max_age", "login_hint")
"""What a page of the application may ask of one login (OpenID Connect Core §3.1.2.1)."""

Session = dict[str, Any]


class ClientApplication:
    """A web application that logs people in at an authorization server, and keeps notes at an API.

    Args:
        name: for people and for the record.
        origin: where it answers; its redirect URI is ``origin/callback``.
        providers: the servers that one can log in at, by a short name; the first is the usual one.
        api: the origin of the API.
        clock: ``() -> seconds since 1970``.
        random: ``count -> bytes``.
        send: sends a request of the application's own, when it runs as a plain WSGI application.
        policies: other decisions than `jwtlab.oauth.client.POLICIES`.
        scope: what it asks for.
        response_type, response_mode: what it wants back (``None`` leaves the mode to the server).
        features: which precautions it takes: ``state``, ``pkce``, ``nonce``; ``par`` pushes its requests.
        dpop_key: binds its tokens to this key.
        extra: further parameters of the authorization request, such as ``prompt``.

    Attributes:
        sessions: of the browsers that came by: cookie → what is known.
    """

    def __init__(
        self,
        name: str,
        origin: str,
        *,
        providers: Mapping[str, Provider],
        api: str,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
        send: Callable[[httpx.Request], httpx.Response],
        policies: Mapping[str, Policy] = {},
        scope: str = "openid profile notes:read",
        response_type: str = "code",
        response_mode: str | None = None,
        features: Iterable[str] = ("state", "pkce", "nonce"),
        dpop_key: Key | None = None,
        extra: Mapping[str, str] = {},
    ) -> None:
        self.name, self.origin, self.api = name, origin, api
        self.providers = dict(providers)
        self.clock, self.random, self._send = clock, random, send
        self.policies = {**POLICIES, **policies}
        self.scope, self.response_type, self.response_mode = scope, response_type, response_mode
        self.features = set(features)
        self.dpop_key, self.extra = dpop_key, dict(extra)
        self.sessions: dict[str, Session] = {}
        self._seen_logouts: set[str] = set()
        self._nonces: dict[str, str] = {}  # origin → the nonce for the next proof

    @property
    def redirect_uri(self) -> str:
        return f"{self.origin}/callback"

    def address(self, path: str, **query: str) -> str:
        """A page of the application."""
        return f"{self.origin}{path}" + (f"?{urlencode(query)}" if query else "")

    # A request comes in

    def respond(self, request: Request) -> Steps[Response]:
        """Answer a request; what has to be asked of others comes as steps."""
        handler = _ROUTES.get((request.method, request.path))
        if handler is None:
            return self._page(404, "There is nothing here", f"{request.method} {request.path}")
        cookie = _cookie(request)
        session = self.sessions.get(cookie) if cookie else None
        try:
            if session is None and (request.method, request.path) not in _WITHOUT_SESSION:
                cookie, session = self._secret(), {}
                self.sessions[cookie] = session
            answer: Response = yield from handler(self, request, {} if session is None else session)
        except JwtlabError as error:
            code = error.code if isinstance(error, OAuthError) else "invalid_token"
            answer = self._page(400, "This did not work", str(error), code)
        # A new name for the session at each login, so that nobody who knew the old one shares it.
        if session is not None and session.pop("renew", False) and cookie:
            del self.sessions[cookie]
            cookie = self._secret()
            self.sessions[cookie] = session
        return answer if cookie is None or session is None else _with_cookie(answer, cookie)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """The application as WSGI wants it: the steps are taken at once."""
        came = WSGIRequest(environ)
        request = Request(came.method, came.url, tuple(came.headers.items()), came.get_data())
        steps = self.respond(request)
        exchange = None
        try:
            while True:
                step = steps.send(exchange)  # type: ignore[arg-type]
                got = Response.of(self._send(step.request.to_httpx()))
                exchange = _exchange(self.name, step, got)
        except StopIteration as end:
            answer: Response = end.value
        return WSGIResponse(answer.body, answer.status, list(answer.headers))(environ, start_response)

    # Pages

    def home(self, request: Request, session: Session) -> Steps[Response]:
        """GET /: who is logged in."""
        who = session.get("name") or session.get("sub")
        if who is None and "tokens" not in session:
            return self._page(200, self.name, "Nobody is logged in.")
        said = f"Hello {who}." if who else "Connected."
        hidden = {}
        if "notes:write" in str(session.get("tokens", {}).get("scope", "")).split():
            hidden = {"form_token": session.setdefault("form_token", self._secret(16))}
        return self._page(200, self.name, said, form=hidden)
        yield  # a generator, as the others are

    def login(self, request: Request, session: Session) -> Steps[Response]:
        """GET /login: away to the authorization server (RFC 6749 §4.1.1)."""
        name = request.get("provider") or next(iter(self.providers))
        if name not in self.providers:
            raise UsageError(f"there is no provider {name!r}; there are: {', '.join(self.providers)}")
        provider = yield from self._discovered(name)
        passed_on = {word: value for word, value in request.query if word in PASSED_ON}
        pending = self._begin_login(name, session, passed_on)
        parameters = self._request_parameters(provider, pending, passed_on)
        if "par" in self.features:
            parameters = yield from self._push(provider, parameters)
        target = provider.endpoint("authorization_endpoint")
        return _redirect(f"{target}?{urlencode(parameters)}")

    def _begin_login(self, provider: str, session: Session, passed_on: Mapping[str, str]) -> PendingLogin:
        """With fresh values for each precaution that this application takes."""
        openid, code = "openid" in self.scope.split(), "code" in self.response_type.split()
        pending = PendingLogin(
            provider,
            state=self._secret(16) if "state" in self.features else None,
            nonce=self._secret(16) if "nonce" in self.features and openid else None,
            code_verifier=pkce.new_verifier(self.random) if "pkce" in self.features and code else None,
            max_age=passed_on.get("max_age") or self.extra.get("max_age"),
        )
        session["login"] = pending
        return pending

    def _request_parameters(
        self, provider: Provider, pending: PendingLogin, passed_on: Mapping[str, str]
    ) -> dict[str, str]:
        parameters = {
            "response_type": self.response_type,
            "client_id": provider.credentials.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": self.scope,
            **pending.parameters,
        }
        if self.response_mode is not None:
            parameters["response_mode"] = self.response_mode
        return {**parameters, **self.extra, **passed_on}

    def _push(self, provider: Provider, parameters: Mapping[str, str]) -> Steps[dict[str, str]]:
        answer = yield from self._post(
            provider,
            "pushed_authorization_request_endpoint",
            parameters,
            "The application hands its request to the server directly; the browser will carry its name only.",
            "RFC 9126 §2.1",
        )
        body = answer.json if isinstance(answer.json, dict) else {}
        if "request_uri" not in body:
            raise OAuthError(f"the request was not taken: {body.get('error_description')}", "invalid_request")
        return {"client_id": provider.credentials.client_id, "request_uri": str(body["request_uri"])}

    def callback(self, request: Request, session: Session) -> Steps[Response]:
        """GET or POST /callback: the browser is back (RFC 6749 §4.1.2)."""
        pairs = request.form if request.method == "POST" else request.query
        given = Parameters(pairs, {*AUTHORIZATION_RESPONSE, "response"})
        if "response" in given and request.method == "POST":
            given = Parameters(parse_qsl(given["response"], keep_blank_values=True), AUTHORIZATION_RESPONSE)
        elif request.method == "GET" and not given:
            return self._fragment_page()
        pending = session.pop("login", None) or PendingLogin(next(iter(self.providers)))
        provider = yield from self._discovered(pending.provider)
        promised = bool(provider.metadata.get("authorization_response_iss_parameter_supported"))
        self.decide(
            "authorization response",
            AuthorizationResponse(given, pending.state, provider.issuer, promised),
        )
        tokens: dict[str, Any] = {
            name: given[name] for name in ("access_token", "token_type", "id_token", "scope") if name in given
        }
        claims: dict[str, Any] = {}
        if "id_token" in tokens:
            claims = yield from self._read_id_token(provider, pending, tokens, given.get("code"), front=True)
        if "code" in given:
            got = yield from self._redeem(provider, pending, given["code"])
            tokens |= got
            if "id_token" in got:
                subject = claims.get("sub")
                claims = yield from self._read_id_token(provider, pending, got, None, subject=subject)
        known: Session = {"renew": True, "tokens": tokens, "provider": pending.provider}
        known |= {name: claims[name] for name in ("sub", "sid", "auth_time") if name in claims}
        if claims and "access_token" in tokens:
            yield from self._ask_userinfo(provider, known)
        session.clear()
        session |= known  # only now: what was refused on the way leaves nothing behind
        return _redirect(self.address("/"))

    def _fragment_page(self) -> Response:
        """What stands behind the # never reaches a server; a script of the page has to hand it over."""
        return Response.make(200, templates.render("fragment.html", name=self.name))

    def _redeem(self, provider: Provider, pending: PendingLogin, code: str) -> Steps[dict[str, Any]]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri}
        if pending.code_verifier:
            form["code_verifier"] = pending.code_verifier
        answer = yield from self._post(
            provider,
            "token_endpoint",
            form,
            "The application redeems the code, and shows that it is the one who asked for it.",
            "RFC 6749 §4.1.3",
        )
        self.decide("token response", answer)
        return dict(answer.json)

    def _read_id_token(
        self,
        provider: Provider,
        pending: PendingLogin,
        tokens: Mapping[str, Any],
        code: str | None,
        *,
        front: bool = False,
        subject: str | None = None,
    ) -> Steps[dict[str, Any]]:
        text = str(tokens["id_token"])
        provider = yield from self._with_keys(provider, _kid(text))
        expected = LoginExpected(
            provider.credentials.client_id,
            pending.nonce,
            tokens.get("access_token"),
            code,
            front,
            int(pending.max_age) if pending.max_age else None,
            subject,
        )
        policy = self.policies["ID token"]
        report = examine_id_token(text, provider, expected, self.clock(), policy)
        return record_report("ID token", report).claims

    def _ask_userinfo(self, provider: Provider, session: Session) -> Steps[None]:
        if "userinfo_endpoint" not in provider.metadata:
            return
        url = provider.endpoint("userinfo_endpoint")
        answer = yield from self._ask(
            Request.make("GET", url),
            session,
            "The application asks who logged in, with the access token.",
            "OpenID Connect Core §5.3.1",
        )
        document = answer.json
        self.decide("userinfo", Userinfo(document, session["sub"]))
        session["name"] = document.get("name") if isinstance(document, dict) else None

    def notes(self, request: Request, session: Session) -> Steps[Response]:
        """GET /notes: the application asks the API, and refreshes the token once if it has expired."""
        answer = yield from self._call_api(session)
        if answer.status == 401 and session.get("tokens", {}).get("refresh_token"):
            yield from self._refresh(session)
            answer = yield from self._call_api(session)
        body = answer.json if isinstance(answer.json, dict) else {}
        if answer.status != 200:
            reason = body.get("error_description", f"the API answered {answer.status}")
            return self._page(502, "The API says no", str(reason), str(body.get("error", "")))
        return self._page(200, f"Notes of {body.get('owner')}", "", items=body.get("notes", ()))

    def _call_api(self, session: Session) -> Steps[Response]:
        if "access_token" not in session.get("tokens", {}):
            raise OAuthError("log in first", "login_required")
        request = Request.make("GET", f"{self.api}/notes")
        says = "The application asks the API, with the access token."
        return (yield from self._ask(request, session, says, "RFC 6750 §2.1"))

    def team(self, request: Request, session: Session) -> Steps[Response]:
        """POST /team: write a note for the whole team."""
        if "access_token" not in session.get("tokens", {}):
            raise OAuthError("log in first", "login_required")
        # The cookie comes along from every site; the word in the form only from our page.
        expected = str(session.get("form_token", ""))
        if not expected or not hmac.compare_digest(
            expected.encode(), request.get("form_token").encode("utf-8", "replace")
        ):
            raise OAuthError("this form was not made by our page", "invalid_request")
        note = {"text": request.get("text", "hello")}
        answer = yield from self._ask(
            Request.make("POST", f"{self.api}/team/notes", json=note),
            session,
            "The application asks the API to write a note for the team.",
            "RFC 6750 §2.1",
        )
        body = answer.json if isinstance(answer.json, dict) else {}
        if answer.status != 201:
            return self._page(
                502, "The API says no", str(body.get("error_description")), str(body.get("error"))
            )
        return self._page(200, "Written for the team", "", items=[str(body.get("saved"))])

    def refresh(self, request: Request, session: Session) -> Steps[Response]:
        """GET /refresh: new tokens for the old refresh token."""
        yield from self._refresh(session)
        return _redirect(self.address("/"))

    def _refresh(self, session: Session) -> Steps[None]:
        token = session.get("tokens", {}).get("refresh_token")
        if not token:
            raise OAuthError("there is no refresh token; log in again", "login_required")
        provider = yield from self._discovered(session["provider"])
        answer = yield from self._post(
            provider,
            "token_endpoint",
            {"grant_type": "refresh_token", "refresh_token": token},
            "The access token has had its time. The application trades the refresh token for a new pair.",
            "RFC 6749 §6",
        )
        try:
            self.decide("token response", answer)
        except OAuthError:
            session.pop("tokens", None)  # it will not get better by trying again
            raise
        session["tokens"] |= dict(answer.json)

    def logout(self, request: Request, session: Session) -> Steps[Response]:
        """GET /logout: forget the session here, then end it at the server (RP-Initiated Logout §2)."""
        provider = yield from self._discovered(session.get("provider") or next(iter(self.providers)))
        hint = session.get("tokens", {}).get("id_token")
        session.clear()
        session["renew"] = True
        parameters = {
            "post_logout_redirect_uri": self.address("/"),
            "client_id": provider.credentials.client_id,
        }
        if hint:
            parameters["id_token_hint"] = hint
        return _redirect(f"{provider.endpoint('end_session_endpoint')}?{urlencode(parameters)}")

    def backchannel_logout(self, request: Request, session: Session) -> Steps[Response]:
        """POST /backchannel-logout: the server says that somebody has logged out (Back-Channel Logout §2.5)."""
        text = request.get("logout_token")
        provider = yield from self._discovered(next(iter(self.providers)))
        provider = yield from self._with_keys(provider, _kid(text))
        report = examine_logout_token(
            text, provider, self.clock(), self._seen_logouts, self.policies["logout token"]
        )
        record_report("logout token", report)
        if report.first_failure is not None:
            raise OAuthError(report.first_failure.reason, "invalid_request")
        claims = report.claims
        if isinstance(claims.get("jti"), str):
            self._seen_logouts.add(claims["jti"])
        for cookie in [each for each, known in self.sessions.items() if _ends(known, claims)]:
            del self.sessions[cookie]
        return Response.make(200, headers=(("Cache-Control", "no-store"),))

    # What it needs from others

    def _discovered(self, name: str) -> Steps[Provider]:
        provider = self.providers[name]
        if not provider.metadata:
            exchange = yield Step(
                self.name,
                Request.make("GET", f"{provider.issuer}/.well-known/openid-configuration"),
                "The application asks the server for its addresses and abilities.",
                "OpenID Connect Discovery §4.1",
            )
            document = answered(exchange).json
            self.decide("discovery", Discovered(provider.issuer, document))
            provider = self.providers[name] = replace(provider, metadata=document or {})
        return provider

    def _with_keys(self, provider: Provider, kid: str | None) -> Steps[Provider]:
        """The provider with its keys; they are fetched if there are none, or this one is not among them."""
        name = next(each for each, known in self.providers.items() if known.issuer == provider.issuer)
        provider = self.providers[name]
        if provider.keys is not None and (kid is None or provider.keys.find(kid)):
            return provider
        exchange = yield Step(
            self.name,
            Request.make("GET", provider.endpoint("jwks_uri")),
            "The application fetches the server's public keys, to check what the server has signed.",
            "OpenID Connect Core §10.1.1",
        )
        try:
            keys = KeySet.from_jwks(answered(exchange).body)
        except InvalidKey as error:
            raise OAuthError(f"the server's keys cannot be read: {error}", "server_error") from error
        provider = self.providers[name] = replace(provider, keys=keys)
        return provider

    def _post(
        self, provider: Provider, endpoint: str, form: Mapping[str, str], says: str, spec: str
    ) -> Steps[Response]:
        url = provider.endpoint(endpoint)

        def request() -> Request:
            made = provider.credentials.post(
                url, form, issuer=provider.issuer, now=self.clock(), jti=lambda: self._secret(12)
            )
            if self.dpop_key is not None and endpoint == "token_endpoint":
                made = made.with_header("DPoP", self._proof("POST", url))
            return made

        return (yield from self._with_nonce(request, says, spec, "RFC 9449 §8"))

    def _ask(self, request: Request, session: Session, says: str, spec: str) -> Steps[Response]:
        """A request with the access token."""
        return (
            yield from self._with_nonce(lambda: self._with_token(request, session), says, spec, "RFC 9449 §9")
        )

    def _with_nonce(
        self, request: Callable[[], Request], says: str, spec: str, again: str
    ) -> Steps[Response]:
        """Send a request; where the other side asks for a nonce in the proof, once more with a new proof."""
        first = request()
        answer = answered((yield Step(self.name, first, says, spec)))
        nonce = header(answer.headers, "DPoP-Nonce")
        if self.dpop_key is None or not nonce:
            return answer
        self._nonces[_origin(first.url)] = nonce  # each server has its own (RFC 9449 §8.2, §9)
        if not asks_for_nonce(answer):
            return answer
        says = "The other side wants its nonce in the proof. The application signs a new one, and asks once more."
        return answered((yield Step(self.name, request(), says, again)))

    def _with_token(self, request: Request, session: Session) -> Request:
        tokens = session["tokens"]
        token, kind = tokens["access_token"], str(tokens.get("token_type", "Bearer"))
        if kind.lower() == "dpop" and self.dpop_key is not None:
            proof = self._proof(request.method, request.url, token)
            return request.with_header("Authorization", f"DPoP {token}").with_header("DPoP", proof)
        return request.with_header("Authorization", f"Bearer {token}")

    def _proof(self, method: str, url: str, token: str | None = None) -> str:
        assert self.dpop_key is not None
        return dpop.proof(
            self.dpop_key,
            method,
            url,
            now=self.clock(),
            jti=self._secret(12),
            access_token=token,
            nonce=self._nonces.get(_origin(url)),
        )

    def decide(self, name: str, case: Any) -> Report:
        """Run one of the `policies`.

        Raises:
            OAuthError: it refuses.
        """
        report = record_report(name, self.policies[name].run(case))
        _ = report.value
        return report

    def _secret(self, count: int = 32) -> str:
        return base64url.encode(self.random(count))

    def _page(
        self,
        status: int,
        title: str,
        text: str,
        code: str = "",
        items: Iterable[str] = (),
        form: Mapping[str, str] = {},
    ) -> Response:
        body = templates.render(
            "app.html", name=self.name, title=title, text=text, code=code, items=list(items), form=form
        )
        return Response.make(status, body)


Handler = Callable[[ClientApplication, Request, Session], Steps[Response]]

_ROUTES: Mapping[tuple[str, str], Handler] = {
    ("GET", "/"): ClientApplication.home,
    ("GET", "/login"): ClientApplication.login,
    ("GET", "/callback"): ClientApplication.callback,
    ("POST", "/callback"): ClientApplication.callback,
    ("GET", "/notes"): ClientApplication.notes,
    ("POST", "/team"): ClientApplication.team,
    ("GET", "/refresh"): ClientApplication.refresh,
    ("GET", "/logout"): ClientApplication.logout,
    ("POST", "/backchannel-logout"): ClientApplication.backchannel_logout,
}
_WITHOUT_SESSION = {("POST", "/backchannel-logout")}


def _origin(url: str) -> str:
    parts = split(url)
    return f"{parts.scheme}://{parts.netloc}"


def _redirect(target: str) -> Response:
    return Response.make(303, headers=(("Location", target), ("Cache-Control", "no-store")))


def _cookie(request: Request) -> str | None:
    jar = SimpleCookie(header(request.headers, "cookie"))
    return jar[COOKIE].value if COOKIE in jar else None


def _with_cookie(answer: Response, cookie: str) -> Response:
    # None, so that it comes along with a form that the server's page posts (response_mode=form_post).
    pair = ("Set-Cookie", f"{COOKIE}={cookie}; Secure; HttpOnly; Path=/; SameSite=None")
    return replace(answer, headers=(*answer.headers, pair))


def _ends(session: Session, claims: Mapping[str, Any]) -> bool:
    """Does this logout token end that session? By ``sid``, or all of a person's by ``sub``."""
    if "sid" in claims:
        return bool(session.get("sid") == claims["sid"])
    return bool(session.get("sub") == claims.get("sub"))


def _kid(token: str) -> str | None:
    kid = (read(token).header or {}).get("kid")
    return kid if isinstance(kid, str) else None


def _exchange(sender: str, step: Step, response: Response) -> Exchange:
    return Exchange(0, sender, "", step.request, response)
