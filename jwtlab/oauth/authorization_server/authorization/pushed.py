"""A request that was pushed, and is brought by its name (RFC 9126 §2.2, §4)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import cached_property

from jwtlab.checks import Check, Policy
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.protocol import PARAMETER_CHECKS, Parameters, refuse
from jwtlab.oauth.store import Record, fingerprint

REQUEST_URI = "urn:ietf:params:oauth:request_uri:"

LIFETIME = 90
"""Seconds."""


@dataclass(frozen=True)
class PushedReference:
    """A browser that brings the name of a pushed request."""

    server: Server
    parameters: Parameters

    @cached_property
    def record(self) -> Record | None:
        return self.server.store.get("pushed", fingerprint(self.parameters.get("request_uri", "")))


def pushed_known(case: PushedReference) -> str:
    if case.record is None:
        raise refuse("invalid_request_uri", "no request was pushed under this name", "request_uri")
    return ""


def pushed_client(case: PushedReference) -> str:
    given = case.parameters.get("client_id", "")
    if case.record and not hmac.compare_digest(case.record["client_id"].encode(), given.encode()):
        raise refuse("invalid_request", "another client pushed this request", "client_id")
    return ""


def pushed_fresh(case: PushedReference) -> str:
    if case.record and case.record["expires"] <= case.server.clock():
        raise refuse("invalid_request_uri", "the pushed request has expired; push it again", "request_uri")
    return ""


def pushed_unused(case: PushedReference) -> str:
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


def take(server: Server, parameters: Parameters) -> Parameters:
    """The parameters that were pushed; the name is spent.

    Raises:
        OAuthError: it is not good.
    """
    with server.store.transaction():
        case = PushedReference(server, parameters)
        report = server.judge("pushed request", case)
        if report.accepted and case.record:
            name = fingerprint(parameters["request_uri"])
            server.store.put("pushed", name, case.record | {"used": True}, case.record["expires"] + LIFETIME)
    _ = report.value  # raises
    return Parameters((name, value) for name, value in (case.record or {"pairs": ()})["pairs"])
