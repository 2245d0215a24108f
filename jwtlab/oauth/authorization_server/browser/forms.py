"""Forms that cannot be forged, and that count once however often they are sent."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request

from jwtlab.checks import Check, Policy
from jwtlab.errors import OAuthError
from jwtlab.jose import base64url
from jwtlab.oauth.authorization_server import interaction, received, responses
from jwtlab.oauth.authorization_server.browser.cookies import browser_id, cookie_name
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.protocol import PARAMETER_CHECKS, Parameters, refuse
from jwtlab.oauth.store import Record, fingerprint

ANSWER_LIFETIME = 60
"""Seconds."""

FORM_FIELDS = frozenset(
    {
        *("interaction", "csrf_token"),  # in every form
        *("username", "password", "email", "code"),  # login
        *("decision", "user_code"),  # consent, devices
    }
)
"""What a form of ours may bring."""


@dataclass(frozen=True)
class ReceivedForm:
    """A form that came back: the case of `FORM_CHECKS`."""

    server: Server
    parameters: Parameters
    origin: str | None
    browser: str | None

    @property
    def interaction(self) -> Record | None:
        return interaction.find(self.server, self.parameters.get("interaction", ""))


def _wrong_form(reason: str, **evidence: Any) -> Any:
    return refuse("invalid_request", f"{reason}. Go back to the application and start again", **evidence)


def interaction_known(case: ReceivedForm) -> str:
    if case.interaction is None:
        raise _wrong_form("this page is no longer good")
    return ""


def same_browser(case: ReceivedForm) -> str:
    record = case.interaction
    if record is not None and (case.browser is None or record["browser"] != fingerprint(case.browser)):
        raise _wrong_form("this page was opened in another browser")
    return ""


def form_token(case: ReceivedForm) -> str:
    expected = csrf_token(case.browser or "", case.parameters.get("interaction", ""))
    if not hmac.compare_digest(
        expected.encode(), case.parameters.get("csrf_token", "").encode("utf-8", "replace")
    ):
        raise _wrong_form("this form was not made by our page", parameter="csrf_token")
    return ""


def same_origin(case: ReceivedForm) -> str:
    if case.origin not in (None, case.server.issuer):
        raise _wrong_form("this form comes from another site", expected=case.server.issuer, found=case.origin)
    return ""


FORM_CHECKS = Policy(
    (
        *PARAMETER_CHECKS,
        Check(
            id="interaction-known",
            title="We asked for it",
            spec="",
            run=interaction_known,
            group="Form",
            purpose="A page from yesterday would act today.",
        ),
        Check(
            id="same-browser",
            title="It comes from the browser that we asked",
            spec="",
            run=same_browser,
            group="Form",
            purpose="Somebody else's page, finished by you, logs you in for them.",
        ),
        Check(
            id="form-token",
            title="It carries our page's secret",
            spec="RFC 6749 §10.12",
            run=form_token,
            group="Form",
            purpose="Another site could press Allow in your name.",
        ),
        Check(
            id="same-origin",
            title="No other site sent it",
            spec="RFC 6749 §10.12",
            run=same_origin,
            group="Form",
            purpose="Another site could press Allow in your name.",
        ),
    ),
    "form",
)
"""What is asked of every form before it counts."""


def csrf_token(browser: str, name: str) -> str:
    """Only who can read the cookie can make it, and other sites cannot."""
    return base64url.encode(hmac.digest(browser.encode(), name.encode("utf-8", "replace"), hashlib.sha256))


def received_form(server: Server) -> tuple[str, Record, Parameters]:
    """The form of this request, judged.

    Returns:
        The interaction's name, its record, and what was filled in.

    Raises:
        OAuthError: the form does not count.
    """
    parameters = received.form(FORM_FIELDS)
    browser = request.cookies.get(cookie_name(server, "browser"))
    case = ReceivedForm(server, parameters, request.headers.get("Origin"), browser)
    server.decide("form", case)
    record = case.interaction
    if record is None:  # only where the check was taken out
        raise OAuthError("there is nothing to go on with")
    return parameters.get("interaction", ""), record, parameters


def finish(server: Server, name: str) -> None:
    """What the browser came for is answered with this response, and with no other one."""
    interaction.end(server, name)
    g.finished = True


def answered_once(
    answer: Callable[[Server], Response],
) -> Callable[[Server], Response]:
    """An endpoint for forms at which a double click is one click.

    The browser shows the answer to its last request. So the same form, sent again by the same browser, gets
    the same answer again, for a minute and until the code in it has been redeemed. It is kept in
    memory and in no store, because a code in it is good for whoever reads it.
    """

    def once(server: Server) -> Response:
        browser = request.cookies.get(cookie_name(server, "browser"), "")
        form = fingerprint(f"{request.path} {browser} {request.get_data().decode('latin-1')}")
        with server.one_form:  # of two clicks at once, one comes first
            known = server.given_answers.get("answer", form)
            if known is not None and 0 < known["until"] - server.clock() <= ANSWER_LIFETIME:
                if known["session"]:
                    g.new_session = known["session"]
                return responses.Literal(known["body"], known["status"], known["headers"])
            g.form = form
            response = answer(server)
            if "finished" in g:
                until = server.clock() + ANSWER_LIFETIME
                record = {
                    "until": until,
                    "session": g.get("new_session"),
                    "body": response.get_data(as_text=True),
                    "status": response.status_code,
                    "headers": [list(pair) for pair in response.headers],
                }
                server.given_answers.put("answer", form, record, until)
        return response

    return once


def hidden_fields(server: Server, name: str) -> dict[str, str]:
    """What a form has to carry."""
    return {"interaction": name, "csrf_token": csrf_token(browser_id(server), name)}
