"""Who are you, and do you allow it: the forms of the login and consent pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response

from jwtlab.checks import Check, Policy
from jwtlab.errors import OAuthError
from jwtlab.oauth.authorization_server import answers, visits
from jwtlab.oauth.authorization_server.authorize import go_on, login_page, refuse_to
from jwtlab.oauth.protocol import refuse
from jwtlab.oauth.registration import Person
from jwtlab.oauth.store import Record

if TYPE_CHECKING:
    from jwtlab.oauth.authorization_server.server import AuthorizationServer

MOST_ATTEMPTS = 10
ATTEMPTS_WINDOW = 15 * 60
"""Wrong guesses for one name, and the seconds after which they are forgotten."""


@dataclass(frozen=True)
class Attempts:
    """How often somebody has guessed wrong lately."""

    count: int


def attempts_left(case: Attempts) -> str:
    if case.count >= MOST_ATTEMPTS:
        raise refuse("access_denied", "too many wrong attempts; wait a quarter of an hour", status=429)
    return f"{case.count} wrong so far"


ATTEMPT_CHECKS = Policy(
    (
        Check(
            id="attempts-left",
            title="Not too many wrong guesses",
            spec="RFC 6749 §10.10",
            run=attempts_left,
            group="Login",
            purpose="Whoever may guess for ever, guesses right.",
        ),
    ),
    "attempts",
)


@dataclass(frozen=True)
class Login:
    """A name and a password, and whose they are if they are right."""

    person: Person | None


def password_right(case: Login) -> str:
    if case.person is None:
        # The same words for a wrong name and a wrong password: the answer must not say who has an account.
        raise refuse("access_denied", "Wrong user name or password.", "password", status=403)
    return case.person.username


LOGIN_CHECKS = Policy(
    (
        Check(
            id="password-right",
            title="Name and password belong together",
            spec="",
            run=password_right,
            group="Login",
            purpose="Anybody is everybody.",
        ),
    ),
    "login",
)


@visits.answered_once
def login(server: AuthorizationServer) -> Response:
    """POST /login."""
    try:
        name, wish, form = visits.received_form(server)
    except OAuthError as error:
        return answers.error_page(error)
    username = form.get("username", "").strip()
    who = f"password:{username}"
    try:
        server.decide("attempts", server.attempts(who))
        person = server.accounts.authenticate(username, form.get("password", ""))
        if person is None:
            server.count_attempt(who)
        server.decide("login", Login(person))
    except OAuthError as error:
        return login_page(server, name, wish | {"login_hint": username}, str(error), error.status)
    if person is None:
        return login_page(server, name, wish, "There is no such person.", 403)
    return logged_in(server, name, wish, person.username, "pwd")


def logged_in(server: AuthorizationServer, name: str, wish: Record, subject: str, method: str) -> Response:
    """A new session; then back to what the person came for."""
    visits.log_in(server, subject, [method])
    wish["fresh"] = True
    server.store.put("interaction", server.fingerprint(name), wish, wish["expires"])
    return proceed(server, name, wish)


def proceed(server: AuthorizationServer, name: str, wish: Record) -> Response:
    """Go on, and send what goes wrong to where it belongs."""
    try:
        return go_on(server, name, wish)
    except OAuthError as error:
        return _tell(server, wish, error)


def _tell(server: AuthorizationServer, wish: Record, error: OAuthError) -> Response:
    if wish["kind"] != "authorize":
        return answers.error_page(error)
    return refuse_to(server, wish["redirect_uri"], wish["response_mode"], wish["state"], error)


@visits.answered_once
def consent(server: AuthorizationServer) -> Response:
    """POST /consent."""
    try:
        name, wish, form = visits.received_form(server)
        session = visits.current_session(server)
        if session is None or wish["kind"] != "authorize":
            raise OAuthError("log in first. Go back to the application and start again")
        if wish.get("shown_to") != session["sub"]:
            raise OAuthError(
                "this page was shown to somebody else, or to nobody. Start again at the application"
            )
    except OAuthError as error:
        return answers.error_page(error)
    if form.get("decision") != "allow":
        visits.finish(server, name)
        return _tell(server, wish, OAuthError("the person said no", "access_denied"))
    remembered = f"{session['sub']} {wish['client_id']}"
    with server.store.transaction():
        known = server.store.get("consent", remembered) or {"scope": []}
        scope = sorted({*known["scope"], *wish["scope"]})
        server.store.put("consent", remembered, {"scope": scope}, server.clock() + 365 * 24 * 3600)
    return proceed(server, name, wish | {"allowed": True})
