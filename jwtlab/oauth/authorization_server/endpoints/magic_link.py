"""Log in without a password: a link or a one-time code by e-mail.

No RFC describes this. The rules are of the house: 128 random bits or more, stored as a fingerprint, a short
life, one use, only in the browser that asked, and nothing happens by opening a link alone, because
mail scanners open links too.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import cached_property

from flask import Response, request

from jwtlab.checks import Check, Policy
from jwtlab.errors import OAuthError
from jwtlab.oauth.authorization_server import attempts, interaction, received, responses
from jwtlab.oauth.authorization_server.browser.cookies import cookie_name
from jwtlab.oauth.authorization_server.browser.forms import FORM_CHECKS, hidden_fields, received_form
from jwtlab.oauth.authorization_server.browser.sessions import log_in
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.proceed import logged_in
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.protocol import refuse
from jwtlab.oauth.store import Record, fingerprint

LIFETIME = 10 * 60
MOST_GUESSES = 5
"""Of a one-time code: one million possible ones, five guesses."""


def send(server: Server) -> Response:
    """POST /magic: send an e-mail. The answer is the same whether there is an account or not."""
    try:
        name, waiting, form = received_form(server)
        email = form.get("email", "").strip()
        # One name for one mailbox, however it is spelled: else each spelling has guesses of its own.
        who = f"mail:{email.lower()}"
        attempts.check(server, who)
    except OAuthError as error:
        return responses.error_page(error)
    attempts.count(server, who)
    person = server.accounts.by_email(email)
    if person is not None and server.mail is not None:
        token, code = server.secret(), _digits(server)
        expires = server.clock() + LIFETIME
        record = {
            "sub": person.username,
            "interaction": name,
            "browser": waiting["browser"],
            "code": fingerprint(f"{name}:{code}"),
            "guesses": 0,
            "used": False,
            "expires": expires,
        }
        server.store.put("link", fingerprint(token), record, expires + LIFETIME)
        server.store.put("one-time code", fingerprint(name), {"link": fingerprint(token)}, expires)
        # The address is the server's own, never the one in the request's Host header.
        link = f"{server.endpoint('magic')}?token={token}"
        server.mail(
            person.email,
            "Your login link",
            f"Open this link in the browser where you asked for it:\n{link}\n\n"
            f"Or type this code there: {code}\n\nBoth are good once, for ten minutes.\n",
        )
    return _sent_page(server, name, email)


def _sent_page(server: Server, name: str, email: str, error: str = "") -> Response:
    hidden = hidden_fields(server, name)
    return responses.page("magic_sent.html", email=email, hidden=hidden, error=error)


def _digits(server: Server) -> str:
    """Six digits, each as likely as any other."""
    while True:
        drawn = int.from_bytes(server.random(3))
        if drawn < 16_000_000:
            return f"{drawn % 1_000_000:06d}"


@dataclass(frozen=True)
class Link:
    """A link that was opened.

    Attributes:
        server: which sent it.
        token: the secret in it.
        browser: fingerprint of the browser's cookie, or ``None``.
        pressed: the button of our page was pressed; opening the link is not enough.
    """

    server: Server
    token: str
    browser: str | None
    pressed: bool

    @cached_property
    def record(self) -> Record | None:
        return self.server.store.get("link", fingerprint(self.token))


def link_known(case: Link) -> str:
    if case.record is None:
        raise refuse("access_denied", "We did not send this link.", "token")
    return ""


def link_fresh(case: Link) -> str:
    if case.record and case.record["expires"] <= case.server.clock():
        raise refuse("access_denied", "This link has expired. Ask for a new one.", "token")
    return ""


def link_unused(case: Link) -> str:
    if case.record and case.record["used"]:
        raise refuse("access_denied", "This link has been used. Ask for a new one.", "token")
    return ""


def link_browser(case: Link) -> str:
    if case.record and not hmac.compare_digest(case.record["browser"], case.browser or ""):
        raise refuse(
            "access_denied",
            "Open this link in the browser where you asked for it. If you did not ask, close this page.",
            "token",
        )
    return ""


def link_pressed(case: Link) -> str:
    if not case.pressed:
        raise refuse("access_denied", "Press the button to log in.", "token", asks_more=True)
    return ""


LINK_CHECKS = Policy(
    (
        Check(
            id="link-known",
            title="We sent this link",
            spec="",
            run=link_known,
            group="Link",
            purpose="Guessing would do.",
        ),
        Check(
            id="link-fresh",
            title="It is not too old",
            spec="",
            run=link_fresh,
            group="Link",
            purpose="Whoever reads the mailbox next year logs in.",
        ),
        Check(
            id="link-unused",
            title="It has not been used",
            spec="",
            run=link_unused,
            group="Link",
            purpose="Whoever reads the mailbox, or the history, logs in again.",
        ),
        Check(
            id="link-browser",
            title="It is opened where it was asked for",
            spec="",
            run=link_browser,
            group="Link",
            purpose="Whoever gets the mail forwarded logs in as you.",
        ),
        Check(
            id="link-pressed",
            title="A person pressed the button",
            spec="",
            run=link_pressed,
            group="Link",
            purpose="The mail scanner opens the link first, and it is used up.",
        ),
    ),
    "magic link",
)


def open_link(server: Server) -> Response:
    """GET /magic: shows a page with a button. POST: logs in."""
    pressed = request.method == "POST"
    token = received.query_or_form({"token"}).one("token") or ""
    cookie = request.cookies.get(cookie_name(server, "browser"))
    case = Link(server, token, fingerprint(cookie) if cookie else None, pressed)
    with server.store.transaction():
        report = server.judge("magic link", case)
        if report.accepted and case.record:
            server.store.put(
                "link", fingerprint(token), case.record | {"used": True}, case.record["expires"] + LIFETIME
            )
    failure = report.first_failure
    if failure is not None and failure.id == "link-pressed":
        return responses.page("magic_open.html", token=token)
    if failure is not None:
        return responses.error_page(OAuthError(failure.reason, "access_denied"), 403)
    if case.record is None:
        return responses.error_page(OAuthError("We did not send this link.", "access_denied"), 403)
    return _enter(server, case.record)


def _enter(server: Server, record: Record) -> Response:
    name = record["interaction"]
    waiting = interaction.find(server, name)
    if waiting is None:
        log_in(server, record["sub"], ["otp"])
        return responses.page("welcome.html", person=record["sub"])
    return logged_in(server, name, waiting, record["sub"], "otp")


@dataclass(frozen=True)
class OneTimeCode:
    """A code that was typed."""

    server: Server
    interaction: str
    code: str

    @cached_property
    def place(self) -> str:
        found = self.server.store.get("one-time code", fingerprint(self.interaction))
        return found["link"] if found else ""

    @cached_property
    def record(self) -> Record | None:
        return self.server.store.get("link", self.place)


def code_guesses(case: OneTimeCode) -> str:
    if case.record and case.record["guesses"] >= MOST_GUESSES:
        raise refuse("access_denied", "Too many wrong codes. Ask for a new one.", "code", status=429)
    return ""


def code_fresh(case: OneTimeCode) -> str:
    if case.record is None or case.record["used"] or case.record["expires"] <= case.server.clock():
        raise refuse("access_denied", "This code is not good any more. Ask for a new one.", "code")
    return ""


def code_right(case: OneTimeCode) -> str:
    expected = case.record["code"] if case.record else ""
    if not hmac.compare_digest(expected, fingerprint(f"{case.interaction}:{case.code}")):
        raise refuse("access_denied", "Wrong code.", "code")
    return ""


ONE_TIME_CODE_CHECKS = Policy(
    (
        Check(
            id="one-time-code-guesses",
            title="Not too many wrong codes",
            spec="",
            run=code_guesses,
            group="Code",
            purpose="Six digits are guessed in a night.",
        ),
        Check(
            id="one-time-code-fresh",
            title="It is not used or too old",
            spec="",
            run=code_fresh,
            group="Code",
            purpose="Whoever reads the mailbox next year logs in.",
        ),
        Check(
            id="one-time-code-right",
            title="It is the code we sent",
            spec="",
            run=code_right,
            group="Code",
            purpose="Guessing would do.",
        ),
    ),
    "one-time code",
)


def type_code(server: Server) -> Response:
    """POST /magic/code."""
    try:
        name, _, form = received_form(server)
    except OAuthError as error:
        return responses.error_page(error)
    typed = "".join(each for each in form.get("code", "") if each.isascii() and each.isdigit())
    with server.store.transaction():
        case = OneTimeCode(server, name, typed)
        report = server.judge("one-time code", case)
        if case.record is not None:
            change = {"used": True} if report.accepted else {"guesses": case.record["guesses"] + 1}
            server.store.put("link", case.place, case.record | change, case.record["expires"] + LIFETIME)
    if report.first_failure is not None or case.record is None:
        reason = report.first_failure.reason if report.first_failure else "Wrong code."
        return _sent_page(server, name, "", reason)
    return _enter(server, case.record)


ENDPOINTS = (
    Endpoint(
        path="/magic",
        methods=("GET", "POST"),
        answer=open_link,
        policies={"magic link": LINK_CHECKS},
        page=True,
    ),
    Endpoint(
        path="/magic/send",
        answer=send,
        policies={"form": FORM_CHECKS, "attempts": attempts.ATTEMPT_CHECKS},
        page=True,
    ),
    Endpoint(
        path="/magic/code",
        answer=type_code,
        policies={"form": FORM_CHECKS, "one-time code": ONE_TIME_CODE_CHECKS},
        page=True,
    ),
)
