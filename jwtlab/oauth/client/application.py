"""A client application with a web page: it sends people to log in, redeems codes, and calls an API for them.

Its handlers are generators, as flows are: what the application itself asks others (a token, the keys,
the API) is a `Step` too, so the learner sees and changes that as well. As a WSGI application it takes those
steps by itself.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx
from werkzeug.wrappers import Request as WSGIRequest
from werkzeug.wrappers import Response as WSGIResponse

from jwtlab.errors import JwtlabError, OAuthError, UsageError
from jwtlab.oauth.client.pending_login import PendingLogin
from jwtlab.oauth.client.relying_party import RelyingParty
from jwtlab.oauth.client.sessions import Session, Sessions, named_in, with_cookie
from jwtlab.oauth.http import templates
from jwtlab.oauth.http.exchange import Exchange
from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.http.steps import Step, Steps
from jwtlab.oauth.protocol import AUTHORIZATION_RESPONSE, Parameters

PASSED_ON = ("prompt", "max_age", "login_hint")
"""What a page of the application may ask of one login (OpenID Connect Core §3.1.2.1)."""

Handler = Callable[[Request, Session], Steps[Response]]


@dataclass(frozen=True, eq=False)
class ClientApplication(RelyingParty):
    """A `RelyingParty` with a web page, that keeps notes at an API.

    What it is does not change; what it remembers does.

    Attributes:
        api: the origin of the API.
        send: sends a request of the application's own, when it runs as a plain WSGI application.
        sessions: of the browsers that came by: cookie → what is known.
    """

    _: KW_ONLY
    api: str
    send: Callable[[httpx.Request], httpx.Response]
    sessions: Sessions = field(default_factory=Sessions)

    @property
    def _handlers(self) -> Mapping[tuple[str, str], Handler]:
        return {
            ("GET", "/"): self.home,
            ("GET", "/login"): self.login,
            ("GET", "/callback"): self.callback,
            ("POST", "/callback"): self.callback,
            ("GET", "/notes"): self.notes,
            ("POST", "/team"): self.team,
            ("GET", "/refresh"): self.refresh,
            ("GET", "/logout"): self.logout,
            ("POST", "/backchannel-logout"): self.backchannel_logout,
        }

    # A request comes in

    def respond(self, request: Request) -> Steps[Response]:
        """Answer a request; what has to be asked of others comes as steps."""
        handler = self._handlers.get((request.method, request.path))
        if handler is None:
            return self._page(404, "There is nothing here", f"{request.method} {request.path}")
        name = named_in(request)
        session = self.sessions.get(name) if name else None
        try:
            if session is None and (request.method, request.path) not in _WITHOUT_SESSION:
                name, session = self.sessions.open(self.secret)
            answer: Response = yield from handler(request, {} if session is None else session)
        except JwtlabError as error:
            code = error.code if isinstance(error, OAuthError) else "invalid_token"
            answer = self._page(400, "This did not work", str(error), code)
        # A new name for the session at each login, so that nobody who knew the old one shares it.
        if session is not None and session.pop("renew", False) and name:
            name = self.sessions.rename(name, self.secret)
        return answer if name is None or session is None else with_cookie(answer, name)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """The application as WSGI wants it: the steps are taken at once."""
        came = WSGIRequest(environ)
        request = Request(came.method, came.url, tuple(came.headers.items()), came.get_data())
        steps = self.respond(request)
        exchange = None
        try:
            while True:
                step = steps.send(exchange)  # type: ignore[arg-type]
                got = Response.of(self.send(step.request.to_httpx()))
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
            hidden = {"form_token": session.setdefault("form_token", self.secret(16))}
        return self._page(200, self.name, said, form=hidden)
        yield  # a generator, as the others are

    def login(self, request: Request, session: Session) -> Steps[Response]:
        """GET /login: away to the authorization server (RFC 6749 §4.1.1)."""
        name = request.get("provider") or next(iter(self.providers))
        if name not in self.providers:
            raise UsageError(f"there is no provider {name!r}; there are: {', '.join(self.providers)}")
        passed_on = {word: value for word, value in request.query if word in PASSED_ON}
        session["login"], address = yield from self.begin_login(name, passed_on)
        return _redirect(address)

    def callback(self, request: Request, session: Session) -> Steps[Response]:
        """GET or POST /callback: the browser is back (RFC 6749 §4.1.2)."""
        pairs = request.form if request.method == "POST" else request.query
        given = Parameters(pairs, {*AUTHORIZATION_RESPONSE, "response"})
        if "response" in given and request.method == "POST":
            given = Parameters(parse_qsl(given["response"], keep_blank_values=True), AUTHORIZATION_RESPONSE)
        elif request.method == "GET" and not given:
            return self._fragment_page()
        pending = session.pop("login", None) or PendingLogin(next(iter(self.providers)))
        known = yield from self.complete_login(pending, given)
        session.clear()
        session |= known | {"renew": True}  # only now: what was refused on the way leaves nothing behind
        return _redirect(self.address("/"))

    def _fragment_page(self) -> Response:
        """What stands behind the # never reaches a server; a script of the page has to hand it over."""
        return Response.make(200, templates.render("fragment.html", name=self.name))

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
        return (yield from self.back_channel.ask(request, session["tokens"], says, "RFC 6750 §2.1"))

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
        answer = yield from self.back_channel.ask(
            Request.make("POST", f"{self.api}/team/notes", json=note),
            session["tokens"],
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
        try:
            session["tokens"] |= yield from self.refreshed_tokens(session["provider"], token)
        except OAuthError:
            session.pop("tokens", None)  # it will not get better by trying again
            raise

    def logout(self, request: Request, session: Session) -> Steps[Response]:
        """GET /logout: forget the session here, then end it at the server (RP-Initiated Logout §2)."""
        name = session.get("provider") or next(iter(self.providers))
        address = yield from self.logout_address(name, session.get("tokens", {}).get("id_token"))
        session.clear()
        session["renew"] = True
        return _redirect(address)

    def backchannel_logout(self, request: Request, session: Session) -> Steps[Response]:
        """POST /backchannel-logout: the server says that somebody has logged out (Back-Channel Logout §2.5)."""
        claims = yield from self.logout_claims(request.get("logout_token"))
        self.sessions.end(claims)
        return Response.make(200, headers=(("Cache-Control", "no-store"),))

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


_WITHOUT_SESSION = {("POST", "/backchannel-logout")}


def _redirect(target: str) -> Response:
    return Response.make(303, headers=(("Location", target), ("Cache-Control", "no-store")))


def _exchange(sender: str, step: Step, response: Response) -> Exchange:
    return Exchange(0, sender, "", step.request, response)
