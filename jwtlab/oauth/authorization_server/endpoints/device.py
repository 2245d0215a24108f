"""The verification page: a person approves a device, on another one (RFC 8628 §3.3)."""

from __future__ import annotations

from flask import Response

from jwtlab.errors import OAuthError
from jwtlab.oauth.authorization_server import interaction, received, responses
from jwtlab.oauth.authorization_server.attempts import ATTEMPT_CHECKS
from jwtlab.oauth.authorization_server.browser.cookies import browser_id
from jwtlab.oauth.authorization_server.browser.device_approval import (
    APPROVAL_CHECKS,
    Approval,
    approve,
    code_page,
    confirm_page,
    count_guess,
)
from jwtlab.oauth.authorization_server.browser.forms import FORM_CHECKS, answered_once, finish, received_form
from jwtlab.oauth.authorization_server.browser.sessions import current_session
from jwtlab.oauth.authorization_server.device_codes import typed_code
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.proceed import proceed
from jwtlab.oauth.authorization_server.server import Server

# The person, at a browser


def verification(server: Server) -> Response:
    """GET /device: log in, then type the code."""
    given = typed_code((received.query({"user_code"}).one("user_code") or "")[:40])
    what = {"client_id": "", "prompt": [], "given": given}
    return proceed(server, *interaction.begin(server, interaction.DEVICE, what, browser_id(server)))


@answered_once
def decide(server: Server) -> Response:
    """POST /device: the code was typed, or Allow or Deny was pressed."""
    try:
        name, record, form = received_form(server)
        session = current_session(server)
        if session is None or record["kind"] != interaction.DEVICE:
            raise OAuthError("log in first, then type the code again")
        if record.get("shown_to") not in (None, session["sub"]):
            raise OAuthError("another person has logged in meanwhile. Type the code again")
        case = Approval(
            server, typed_code(form.get("user_code", "")), form.get("decision", ""), session["sub"]
        )
        count_guess(case)
        with server.store.transaction():  # Allow and Deny at the same moment: one of them counts
            report = server.judge("device approval", case)
            failure = report.first_failure
            if failure is None:
                finish(server, name)
                return approve(server, case, session)
        if failure.id == "device-confirmed":
            return confirm_page(server, name, case)
        return code_page(server, name, failure.reason)
    except OAuthError as error:
        return responses.error_page(error)


_POLICIES = {"attempts": ATTEMPT_CHECKS, "device approval": APPROVAL_CHECKS}
ENDPOINTS = (
    Endpoint(path="/device", methods=("GET",), answer=verification, policies=_POLICIES, page=True),
    Endpoint(path="/device", answer=decide, policies={"form": FORM_CHECKS, **_POLICIES}, page=True),
)
