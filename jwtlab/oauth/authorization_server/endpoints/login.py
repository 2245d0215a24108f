"""Who are you: the form of the login page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from jwtlab.checks import Check, Policy
from jwtlab.errors import OAuthError
from jwtlab.oauth.authorization_server import attempts, responses
from jwtlab.oauth.authorization_server.accounts import Account
from jwtlab.oauth.authorization_server.browser.forms import FORM_CHECKS, answered_once, received_form
from jwtlab.oauth.authorization_server.browser.pages import login_page
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.proceed import logged_in
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.protocol import refuse


@dataclass(frozen=True)
class PasswordLogin:
    """A name and a password, and whose they are if they are right."""

    person: Account | None


def password_right(case: PasswordLogin) -> str:
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


@answered_once
def login(server: Server) -> Response:
    """POST /login."""
    try:
        name, record, form = received_form(server)
    except OAuthError as error:
        return responses.error_page(error)
    username = form.get("username", "").strip()
    who = f"password:{username}"
    try:
        attempts.check(server, who)
        person = server.accounts.authenticate(username, form.get("password", ""))
        if person is None:
            attempts.count(server, who)
        server.decide("login", PasswordLogin(person))
    except OAuthError as error:
        return login_page(server, name, record | {"login_hint": username}, str(error), error.status)
    if person is None:
        return login_page(server, name, record, "There is no such person.", 403)
    return logged_in(server, name, record, person.username, "pwd")


ENDPOINT = Endpoint(
    path="/login",
    answer=login,
    policies={"form": FORM_CHECKS, "attempts": attempts.ATTEMPT_CHECKS, "login": LOGIN_CHECKS},
    page=True,
)
