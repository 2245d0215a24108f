"""Go on with what a browser came for: the next page, or the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response

from jwtlab.errors import OAuthError
from jwtlab.oauth.authorization_server import interaction, responses
from jwtlab.oauth.authorization_server.authorization import response
from jwtlab.oauth.authorization_server.browser import device_approval
from jwtlab.oauth.authorization_server.browser.pages import consent_page, login_page
from jwtlab.oauth.authorization_server.browser.sessions import current_session, log_in
from jwtlab.oauth.authorization_server.interaction import AUTHORIZATION, DEVICE, StillNeeded
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.store import Record

_ANSWERS: Mapping[str, Callable[[Server, str, Record, Record], Response]] = {
    AUTHORIZATION: response.answer,
    DEVICE: device_approval.device_page,
}
"""What a browser gets when nothing is missing, by kind of interaction."""


def proceed(server: Server, name: str, record: Record) -> Response:
    """The next page, the answer, or what went wrong, sent to where it belongs."""
    try:
        session = current_session(server)
        needs = interaction.missing(server, record, session)
        if session is None or needs is StillNeeded.LOGIN:
            return login_page(server, name, record)
        if needs is StillNeeded.CONSENT:
            return consent_page(server, name, record, session)
        return _ANSWERS[record["kind"]](server, name, record, session)
    except OAuthError as error:
        return refuse(server, record, error)


def refuse(server: Server, record: Record, error: OAuthError) -> Response:
    """An error, for the application that waits; a device's person reads it here."""
    if record["kind"] != AUTHORIZATION:
        return responses.error_page(error)
    return response.refuse_to(server, record["redirect_uri"], record["response_mode"], record["state"], error)


def logged_in(server: Server, name: str, record: Record, subject: str, method: str) -> Response:
    """A new session; then on with what the person came for."""
    log_in(server, subject, [method])
    record["fresh"] = True
    interaction.keep(server, name, record)
    return proceed(server, name, record)
