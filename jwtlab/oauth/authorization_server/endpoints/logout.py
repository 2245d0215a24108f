"""The end of a session: RP-Initiated Logout, and Back-Channel Logout to every application that was reached."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Response

from jwtlab.checks import Check, Policy
from jwtlab.errors import OAuthError
from jwtlab.oauth.authorization_server import interaction, received, responses
from jwtlab.oauth.authorization_server.browser.cookies import browser_id, clear_cookie
from jwtlab.oauth.authorization_server.browser.forms import FORM_CHECKS, hidden_fields, received_form
from jwtlab.oauth.authorization_server.browser.sessions import current_session, end_session
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.registration import Client, same_redirect_uri
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.authorization_server.tokens import examine_hint
from jwtlab.oauth.protocol import LOGOUT_REQUEST, PARAMETER_CHECKS, Parameters, refuse
from jwtlab.oauth.store import Record


@dataclass(frozen=True)
class LogoutRequest:
    """A browser that wants to log out."""

    server: Server
    parameters: Parameters

    @cached_property
    def hint(self) -> dict[str, Any]:
        report = examine_hint(self.server, self.parameters.get("id_token_hint", ""))
        return report.claims if report.accepted else {}

    @property
    def client(self) -> Client | None:
        audience = self.hint.get("aud", "")
        meant = self.hint.get("azp") or (audience if isinstance(audience, str) else "")
        return self.server.clients.get(self.parameters.get("client_id") or meant)


def hint_ours(case: LogoutRequest) -> str:
    if "id_token_hint" in case.parameters and not case.hint:
        raise refuse("invalid_request", "the id_token_hint is no ID token of ours", "id_token_hint")
    return ""


def hint_client(case: LogoutRequest) -> str:
    audience = case.hint.get("aud", ())
    meant = [audience] if isinstance(audience, str) else audience
    if "client_id" in case.parameters and case.hint and case.parameters["client_id"] not in meant:
        raise refuse("invalid_request", "the id_token_hint was made for another client", "client_id")
    return ""


def logout_uri_registered(case: LogoutRequest) -> str:
    uri = case.parameters.get("post_logout_redirect_uri")
    if uri is None:
        return "nobody is sent anywhere"
    if case.client is None:
        who = (
            "the client_id is unknown"
            if "client_id" in case.parameters
            else "nobody says for which application"
        )
        raise refuse(
            "invalid_request",
            f"{who}, so this post_logout_redirect_uri cannot be looked up; send the id_token_hint or the "
            "client_id along",
            "client_id",
            found=uri,
        )
    registered = case.client.post_logout_redirect_uris
    if not any(same_redirect_uri(each, uri) for each in registered):
        raise refuse(
            "invalid_request",
            "this post_logout_redirect_uri is not registered; nobody is sent there",
            "post_logout_redirect_uri",
            expected=registered,
            found=uri,
        )
    return uri


CHECKS = Policy(
    (
        *PARAMETER_CHECKS,
        Check(
            id="hint-ours",
            title="The ID token in it is ours",
            spec="OpenID Connect RP-Initiated Logout §2",
            run=hint_ours,
            group="Request",
            purpose="Anybody says whom to log out.",
        ),
        Check(
            id="hint-client",
            title="It was made for this client",
            spec="OpenID Connect RP-Initiated Logout §2",
            run=hint_client,
            group="Request",
            purpose="",
        ),
        Check(
            id="logout-uri-registered",
            title="The browser goes to a registered address",
            spec="OpenID Connect RP-Initiated Logout §3",
            run=logout_uri_registered,
            group="Request",
            purpose="Our logout address becomes everybody's redirector.",
        ),
    ),
    "logout",
)


def logout(server: Server) -> Response:
    """GET or POST /logout."""
    parameters = received.query_or_form(LOGOUT_REQUEST)
    try:
        case = LogoutRequest(server, parameters)
        server.decide("logout", case)
    except OAuthError as error:
        return responses.error_page(error)
    session = current_session(server)
    if session is None or case.hint.get("sid") == session["sid"]:
        return _finish(server, case.parameters, session)
    # Without proof that the request comes from where the person is logged in, they are asked.
    kept = {name: parameters[name] for name in ("post_logout_redirect_uri", "state") if name in parameters}
    name, _ = interaction.begin(server, interaction.LOGOUT, {"parameters": kept}, browser_id(server))
    return responses.page("logout.html", hidden=hidden_fields(server, name))


def confirm(server: Server) -> Response:
    """POST /logout/confirm."""
    try:
        _, record, _ = received_form(server)
        if record["kind"] != interaction.LOGOUT:
            raise OAuthError("this page is not for logging out")
    except OAuthError as error:
        return responses.error_page(error)
    return _finish(server, Parameters(record["parameters"].items()), current_session(server))


def _finish(server: Server, parameters: Parameters, session: Record | None) -> Response:
    if session is not None:
        end_session(server, session)
    uri = parameters.get("post_logout_redirect_uri")
    if uri is None:
        response = responses.page("logged_out.html", ended=session is not None)
    else:
        state = {"state": parameters["state"]} if "state" in parameters else {}
        response = responses.redirect(responses.with_parameters(uri, state) if state else uri)
    clear_cookie(server, response, "session")
    return response


ENDPOINTS = (
    Endpoint(
        path="/logout",
        methods=("GET", "POST"),
        answer=logout,
        policies={"logout": CHECKS},
        metadata=lambda server: {
            "end_session_endpoint": server.endpoint("logout"),
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        },
        page=True,
    ),
    Endpoint(path="/logout/confirm", answer=confirm, policies={"form": FORM_CHECKS}, page=True),
)
