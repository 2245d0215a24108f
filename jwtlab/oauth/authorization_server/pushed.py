"""Pushed authorization requests: the request goes by the back way, the browser carries its name only (RFC 9126)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from flask import Response

from jwtlab.checks import Check, Policy
from jwtlab.errors import JwtlabError
from jwtlab.oauth.authorization_server import answers, received
from jwtlab.oauth.authorization_server.authorize import PUSHED_URI, AuthorizationRequest
from jwtlab.oauth.authorization_server.client_authentication import authenticate
from jwtlab.oauth.protocol import (
    AUTHORIZATION_REQUEST,
    CLIENT_AUTHENTICATION,
    PARAMETER_CHECKS,
    Parameters,
    refuse,
)
from jwtlab.oauth.store import Record, fingerprint

if TYPE_CHECKING:
    from jwtlab.oauth.authorization_server.server import AuthorizationServer

LIFETIME = 90
"""Seconds."""

_CREDENTIALS = CLIENT_AUTHENTICATION - {"client_id"}


def push(server: AuthorizationServer) -> Response:
    """POST /par (RFC 9126 §2)."""
    try:
        parameters = received.judged_form(server, AUTHORIZATION_REQUEST | CLIENT_AUTHENTICATION)
        client = authenticate(server, parameters, (server.endpoint("par"),))  # RFC 9126 §2
        pairs = [pair for pair in parameters.pairs if pair[0] not in _CREDENTIALS]
        if "client_id" not in parameters:  # the credentials have said it
            pairs.append(("client_id", client.client_id))
        case = AuthorizationRequest(
            server, Parameters(pairs, form_encoded=parameters.form_encoded), pushed=True
        )
        server.decide("addressee", case)
        server.decide("authorization request", case)
        jkt = server.shown_key("par", announced=case.parameters.get("dpop_jkt"))
    except JwtlabError as error:
        return answers.json_error(error, "invalid_request", server.issuer)
    uri = PUSHED_URI + server.secret()
    expires = server.clock() + LIFETIME
    # A proof says for which key the code is meant, as dpop_jkt does (RFC 9449 §10.1).
    proved = [("dpop_jkt", jkt)] if jkt and "dpop_jkt" not in case.parameters else []
    record = {
        "pairs": [*case.parameters.pairs, *proved],
        "client_id": client.client_id,
        "used": False,
        "expires": expires,
    }
    server.store.put("pushed", fingerprint(uri), record, expires + LIFETIME)
    return answers.json_answer({"request_uri": uri, "expires_in": LIFETIME}, 201)


@dataclass(frozen=True)
class Reference:
    """A browser that brings the name of a pushed request."""

    server: AuthorizationServer
    parameters: Parameters

    @cached_property
    def record(self) -> Record | None:
        return self.server.store.get("pushed", fingerprint(self.parameters.get("request_uri", "")))


def pushed_known(case: Reference) -> str:
    if case.record is None:
        raise refuse("invalid_request_uri", "no request was pushed under this name", "request_uri")
    return ""


def pushed_client(case: Reference) -> str:
    given = case.parameters.get("client_id", "")
    if case.record and not hmac.compare_digest(case.record["client_id"].encode(), given.encode()):
        raise refuse("invalid_request", "another client pushed this request", "client_id")
    return ""


def pushed_fresh(case: Reference) -> str:
    if case.record and case.record["expires"] <= case.server.clock():
        raise refuse("invalid_request_uri", "the pushed request has expired; push it again", "request_uri")
    return ""


def pushed_unused(case: Reference) -> str:
    if case.record and case.record["used"]:
        raise refuse("invalid_request_uri", "the pushed request has been used; push a new one", "request_uri")
    return ""


CHECKS = Policy(
    (
        *PARAMETER_CHECKS,
        Check(
            id="pushed-known",
            title="It was pushed to us",
            spec="RFC 9126 §2.2",
            run=pushed_known,
            group="Request",
            purpose="Guessing would do.",
        ),
        Check(
            id="pushed-client",
            title="The client that pushed it uses it",
            spec="RFC 9126 §2.2",
            run=pushed_client,
            group="Request",
            purpose="One application's request is sent in another's name.",
        ),
        Check(
            id="pushed-fresh",
            title="It is not too old",
            spec="RFC 9126 §4",
            run=pushed_fresh,
            group="Request",
            purpose="An old request is played again.",
        ),
        Check(
            id="pushed-unused",
            title="It has not been used",
            spec="RFC 9126 §4",
            run=pushed_unused,
            group="Request",
            purpose="Somebody else's browser goes on with it.",
        ),
    ),
    "pushed request",
)


def take(server: AuthorizationServer, parameters: Parameters) -> Parameters:
    """The parameters that were pushed; the name is spent.

    Raises:
        OAuthError: it is not good.
    """
    with server.store.transaction():
        case = Reference(server, parameters)
        report = server.judge("pushed request", case)
        if report.accepted and case.record:
            name = fingerprint(parameters["request_uri"])
            server.store.put("pushed", name, case.record | {"used": True}, case.record["expires"] + LIFETIME)
    _ = report.value  # raises
    return Parameters((name, value) for name, value in (case.record or {"pairs": ()})["pairs"])
