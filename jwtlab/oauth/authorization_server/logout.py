"""The end of a session: RP-Initiated Logout, and Back-Channel Logout to every application that was reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx
from flask import Response

from jwtlab.checks import Check, Policy, Report
from jwtlab.errors import OAuthError
from jwtlab.jose import jwt
from jwtlab.oauth.authorization_server import answers, received, visits
from jwtlab.oauth.authorization_server.grants import Grant
from jwtlab.oauth.authorization_server.tokens import logout_token
from jwtlab.oauth.protocol import LOGOUT_REQUEST, PARAMETER_CHECKS, Parameters, refuse
from jwtlab.oauth.registration import Client, same_redirect_uri
from jwtlab.oauth.store import Record

if TYPE_CHECKING:
    from jwtlab.oauth.authorization_server.server import AuthorizationServer

# An ID token shows who wants to log out long after it has expired (RP-Initiated Logout §2).
HINT_CHECKS = jwt.STANDARD.without("not-expired", "audience-expected")


def examine_hint(server: AuthorizationServer, hint: str) -> Report:
    """Is this an ID token of ours, however old?"""
    return jwt.verify(
        hint,
        server.keys.known,
        algorithms=tuple(dict.fromkeys(key.alg for key in server.keys.known if key.alg)),
        issuer=server.issuer,
        typ="JWT",
        now=server.clock(),
        policy=HINT_CHECKS,
    )


@dataclass(frozen=True)
class LogoutRequest:
    """A browser that wants to log out."""

    server: AuthorizationServer
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
            purpose="Our log-out address becomes everybody's redirector.",
        ),
    ),
    "log-out",
)


def logout(server: AuthorizationServer) -> Response:
    """GET or POST /logout."""
    parameters = received.query_or_form(LOGOUT_REQUEST)
    try:
        case = LogoutRequest(server, parameters)
        server.decide("log-out", case)
    except OAuthError as error:
        return answers.error_page(error)
    session = visits.current_session(server)
    if session is None or case.hint.get("sid") == session["sid"]:
        return _finish(server, case.parameters, session)
    # Without proof that the request comes from where the person is logged in, they are asked.
    kept = {name: parameters[name] for name in ("post_logout_redirect_uri", "state") if name in parameters}
    name, _ = visits.new_interaction(server, {"kind": "logout", "parameters": kept})
    return answers.page("logout.html", hidden=visits.hidden_fields(server, name))


def confirm(server: AuthorizationServer) -> Response:
    """POST /logout/confirm."""
    try:
        _, wish, _ = visits.received_form(server)
        if wish["kind"] != "logout":
            raise OAuthError("this page is not for logging out")
    except OAuthError as error:
        return answers.error_page(error)
    return _finish(server, Parameters(wish["parameters"].items()), visits.current_session(server))


def _finish(server: AuthorizationServer, parameters: Parameters, session: Record | None) -> Response:
    if session is not None:
        end_session(server, session)
    uri = parameters.get("post_logout_redirect_uri")
    if uri is None:
        response = answers.page("logged_out.html", ended=session is not None)
    else:
        state = {"state": parameters["state"]} if "state" in parameters else {}
        response = answers.redirect(answers.with_parameters(uri, state) if state else uri)
    visits.clear_cookie(server, response, "session")
    return response


def end_session(server: AuthorizationServer, session: Mapping[str, Any]) -> None:
    """Forget the session, its permissions (unless they were to outlive it), and tell the applications."""
    with server.store.transaction():
        # As it is now: another tab may have reached one more application since it was read.
        session = server.store.get("session", session["name"]) or session
        server.store.delete("session", session["name"])
        for name in session.get("grants", ()):
            grant = Grant.load(server, name)
            if grant is not None and "offline_access" not in grant.scope:
                grant.revoke(server)
    for client_id in session["clients"]:
        client = server.clients.get(client_id)
        if client is not None and client.backchannel_logout_uri:
            token = logout_token(server, client, session["sub"], session["sid"])
            message = httpx.Request("POST", client.backchannel_logout_uri, data={"logout_token": token})
            server.send(message)
