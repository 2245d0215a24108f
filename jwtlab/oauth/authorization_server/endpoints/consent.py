"""Do you allow it: the form of the consent page."""

from __future__ import annotations

from flask import Response

from jwtlab.errors import OAuthError
from jwtlab.oauth.authorization_server import responses
from jwtlab.oauth.authorization_server.browser.forms import FORM_CHECKS, answered_once, finish, received_form
from jwtlab.oauth.authorization_server.browser.sessions import current_session
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.interaction import AUTHORIZATION
from jwtlab.oauth.authorization_server.proceed import proceed, refuse
from jwtlab.oauth.authorization_server.server import Server


@answered_once
def consent(server: Server) -> Response:
    """POST /consent."""
    try:
        name, record, form = received_form(server)
        session = current_session(server)
        if session is None or record["kind"] != AUTHORIZATION:
            raise OAuthError("log in first. Go back to the application and start again")
        if record.get("shown_to") != session["sub"]:
            raise OAuthError(
                "this page was shown to somebody else, or to nobody. Start again at the application"
            )
    except OAuthError as error:
        return responses.error_page(error)
    if form.get("decision") != "allow":
        finish(server, name)
        return refuse(server, record, OAuthError("the person said no", "access_denied"))
    remembered = f"{session['sub']} {record['client_id']}"
    with server.store.transaction():
        known = server.store.get("consent", remembered) or {"scope": []}
        scope = sorted({*known["scope"], *record["scope"]})
        server.store.put("consent", remembered, {"scope": scope}, server.clock() + 365 * 24 * 3600)
    return proceed(server, name, record | {"allowed": True})


ENDPOINT = Endpoint(path="/consent", answer=consent, policies={"form": FORM_CHECKS}, page=True)
