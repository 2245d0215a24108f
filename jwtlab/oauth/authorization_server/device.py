"""Devices without a keyboard: the person approves on another one (RFC 8628)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Response

from jwtlab.checks import Check, Policy
from jwtlab.errors import JwtlabError, OAuthError
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server import answers, received, visits
from jwtlab.oauth.authorization_server.authorize import go_on
from jwtlab.oauth.authorization_server.client_authentication import authenticate
from jwtlab.oauth.authorization_server.grants import Grant, token_answer
from jwtlab.oauth.authorization_server.token_request import SCOPE_GRANTED, TokenRequest, nothing
from jwtlab.oauth.protocol import DEVICE_AUTHORIZATION_REQUEST, refuse
from jwtlab.oauth.store import Record, fingerprint

if TYPE_CHECKING:
    from jwtlab.oauth.authorization_server.server import AuthorizationServer

LIFETIME = 10 * 60
INTERVAL = 5
"""Seconds; each answer slow_down adds as much again (RFC 8628 §3.5)."""

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so no words; nothing that is mixed up with a digit (RFC 8628 §6.1)."""


@dataclass(frozen=True)
class DeviceAsks(TokenRequest):
    """A device that wants a code."""

    @property
    def grant_type(self) -> str:
        return protocol.DEVICE_CODE


def device_grant_allowed(case: DeviceAsks) -> str:
    if case.client is None or protocol.DEVICE_CODE not in case.client.grant_types:
        raise refuse("unauthorized_client", "the client is not registered for the device grant")
    return ""


AUTHORIZATION_CHECKS = Policy(
    (
        Check(
            id="device-grant-allowed",
            title="The client may use this grant",
            spec="RFC 8628 §3.2, RFC 6749 §5.2",
            run=device_grant_allowed,
            group="Request",
            purpose="Any client can ask people for codes.",
        ),
        SCOPE_GRANTED,
    ),
    "device authorization",
)


def device_authorization(server: AuthorizationServer) -> Response:
    """POST /device_authorization (RFC 8628 §3.1, §3.2)."""
    try:
        parameters = received.judged_form(server, DEVICE_AUTHORIZATION_REQUEST)
        client = authenticate(server, parameters)
        case = DeviceAsks(server, parameters, client)
        server.decide("device authorization", case)
    except JwtlabError as error:
        return answers.json_error(error, "invalid_request", server.issuer)
    device_code, user_code = server.secret(), _user_code(server)
    expires = server.clock() + LIFETIME
    record = {
        "kind": "device",
        "client_id": client.client_id,
        "scope": list(parameters.words("scope") or client.scopes),
        "user_code": user_code,
        "state": "pending",
        "grant": None,
        "interval": INTERVAL,
        "polled": None,
        "expires": expires,
    }
    with server.store.transaction():
        server.store.put("device", fingerprint(device_code), record, expires + LIFETIME)
        server.store.put("user code", user_code, {"device": fingerprint(device_code)}, expires)
    address = server.endpoint("device")
    return answers.json_answer(
        {
            "device_code": device_code,
            "user_code": _shown(user_code),
            "verification_uri": address,
            "verification_uri_complete": f"{address}?user_code={_shown(user_code)}",
            "expires_in": LIFETIME,
            "interval": INTERVAL,
        }
    )


def _user_code(server: AuthorizationServer) -> str:
    """Eight letters: 20^8 are enough where guesses are counted (RFC 8628 §5.1)."""
    while True:
        drawn = "".join(LETTERS[octet % 20] for octet in server.random(16) if octet < 240)[:8]
        if len(drawn) == 8 and server.store.get("user code", drawn) is None:
            return drawn


def _shown(user_code: str) -> str:
    return f"{user_code[:4]}-{user_code[4:]}"


def _typed(text: str) -> str:
    """What a person typed, without what does not matter (RFC 8628 §6.1)."""
    return "".join(each for each in text.upper() if each in LETTERS)


# The person, at a browser


def verification(server: AuthorizationServer) -> Response:
    """GET /device: log in, then type the code."""
    given = _typed((received.query({"user_code"}).one("user_code") or "")[:40])
    name, record = visits.new_interaction(
        server, {"kind": "device", "client_id": "", "prompt": [], "given": given}
    )
    try:
        return go_on(server, name, record)
    except OAuthError as error:
        return answers.error_page(error)


@dataclass(frozen=True)
class Approval:
    """A person at the page for devices.

    Attributes:
        server: whose page it is.
        user_code: as typed, or as it came with the link.
        pressed: the value of the button: ``"allow"``, ``"deny"``, or ``""`` if no page has been shown yet.
        subject: who is logged in.
    """

    server: AuthorizationServer
    user_code: str
    pressed: str
    subject: str

    @property
    def device(self) -> tuple[str, Record] | None:
        found = self.server.store.get("user code", self.user_code)
        record = self.server.store.get("device", found["device"]) if found else None
        return (found["device"], record) if found and record else None


def user_code_known(case: Approval) -> str:
    if case.device is None or case.device[1]["expires"] <= case.server.clock():
        raise refuse(
            "invalid_request", "No device shows this code now. Look at the device again", "user_code"
        )
    if case.device[1]["state"] != "pending":
        raise refuse("invalid_request", "This code has been answered already", "user_code")
    return ""


def device_confirmed(case: Approval) -> str:
    if case.pressed not in ("allow", "deny"):
        # Without a button pressed the page is shown; any other word is no answer to it.
        reason = "nobody has pressed Allow: opening a link is no consent"
        raise refuse("access_denied", reason, "user_code", asks_more=not case.pressed)
    return case.pressed


APPROVAL_CHECKS = Policy(
    (
        Check(
            id="user-code-known",
            title="A device is waiting with this code",
            spec="RFC 8628 §3.3",
            run=user_code_known,
            group="Device",
            purpose="Yesterday's code connects today's thief.",
        ),
        Check(
            id="device-confirmed",
            title="The person has seen which device, and pressed Allow",
            spec="RFC 8628 §5.4",
            run=device_confirmed,
            group="Device",
            purpose="A link in an e-mail connects the sender's device to your account.",
        ),
    ),
    "device approval",
)


def device_page(server: AuthorizationServer, name: str, wish: Mapping[str, Any]) -> Response:
    """The page for somebody who is logged in."""
    session = visits.current_session(server)
    if session is None:
        raise OAuthError("somebody has to log in first", "login_required")
    given = wish["given"]
    if not given:
        return _code_page(server, name)
    case = Approval(server, given, "", session["sub"])
    _count(case)
    report = server.judge("device approval", case)
    failure = report.first_failure
    if failure is None:  # only where nothing but the link is asked for
        return _approve(server, case, session)
    if failure.id != "device-confirmed":
        return _code_page(server, name, failure.reason)
    return _confirm_page(server, name, case)


def _count(case: Approval) -> None:
    """Codes that nobody was given are guesses, however they come (RFC 8628 §5.1).

    Raises:
        OAuthError: there were too many of them.
    """
    who = f"user code:{case.subject}"
    case.server.decide("attempts", case.server.attempts(who))
    if case.device is None:
        case.server.count_attempt(who)


def _code_page(server: AuthorizationServer, name: str, error: str = "") -> Response:
    return answers.page("device.html", hidden=visits.hidden_fields(server, name), error=error)


def _confirm_page(server: AuthorizationServer, name: str, case: Approval) -> Response:
    # Allow counts for the person who was shown the page, and for nobody who logs in meanwhile.
    wish = server.store.get("interaction", fingerprint(name))
    if wish is not None:
        kept = wish | {"shown_to": case.subject}
        server.store.put("interaction", fingerprint(name), kept, wish["expires"])
    record: Record = case.device[1] if case.device else {"client_id": "", "scope": []}
    client = server.clients.get(record["client_id"])
    return answers.page(
        "device_confirm.html",
        client=client.name if client else "",
        user_code=_shown(case.user_code),
        scopes=[(each, server.scope_in_words(each)) for each in record["scope"]],
        hidden=visits.hidden_fields(server, name),
    )


@visits.answered_once
def decide(server: AuthorizationServer) -> Response:
    """POST /device: the code was typed, or Allow or Deny was pressed."""
    try:
        name, record, form = visits.received_form(server)
        session = visits.current_session(server)
        if session is None or record["kind"] != "device":
            raise OAuthError("log in first, then type the code again")
        if record.get("shown_to") not in (None, session["sub"]):
            raise OAuthError("another person has logged in meanwhile. Type the code again")
        case = Approval(server, _typed(form.get("user_code", "")), form.get("decision", ""), session["sub"])
        _count(case)
        with server.store.transaction():  # Allow and Deny at the same moment: one of them counts
            report = server.judge("device approval", case)
            failure = report.first_failure
            if failure is None:
                visits.finish(server, name)
                return _approve(server, case, session)
        if failure.id == "device-confirmed":
            return _confirm_page(server, name, case)
        return _code_page(server, name, failure.reason)
    except OAuthError as error:
        return answers.error_page(error)


def _approve(server: AuthorizationServer, case: Approval, session: Mapping[str, Any]) -> Response:
    found = case.device
    if found is None:
        raise OAuthError("no device shows this code")
    place, record = found
    client = server.clients[record["client_id"]]
    allowed = case.pressed in ("allow", "")  # empty only where nothing but the link is asked for
    with server.store.transaction():
        if allowed:
            # The device has a life of its own: it belongs to no browser's session, and a log-out there leaves it.
            grant = Grant.make(server, client, record, {**session, "sid": ""})
            grant.save(server)
            record["grant"] = grant.id
        record["state"] = "approved" if allowed else "denied"
        server.store.put("device", place, record, record["expires"] + LIFETIME)
    return answers.page("device_done.html", client=client.name, allowed=allowed)


# The device, at the token endpoint


@dataclass(frozen=True)
class DeviceRequest(TokenRequest):
    """A device that polls (RFC 8628 §3.4)."""

    @cached_property
    def device(self) -> Record | None:
        return self.server.store.get("device", fingerprint(self.parameters.get("device_code", "")))

    @property
    def state(self) -> str:
        return str(self.device["state"]) if self.device else ""


def device_code_known(case: DeviceRequest) -> str:
    if "device_code" not in case.parameters:
        raise refuse("invalid_request", "the device_code is missing", "device_code")
    if case.device is None:
        raise refuse("invalid_grant", "no such device_code", "device_code")
    return ""


def device_code_client(case: DeviceRequest) -> str:
    mine = case.client.client_id if case.client else ""
    if case.device and not hmac.compare_digest(case.device["client_id"].encode(), mine.encode()):
        raise refuse("invalid_grant", "this device_code was given to another client", "device_code")
    return ""


def device_code_fresh(case: DeviceRequest) -> str:
    if case.device and case.device["expires"] <= case.server.clock():
        raise refuse("expired_token", "the device_code has expired; ask for a new one", "device_code")
    return ""


def device_patient(case: DeviceRequest) -> str:
    if case.device and case.device["polled"] is not None:
        waited = case.server.clock() - case.device["polled"]
        if waited < case.device["interval"]:
            raise refuse(
                "slow_down",
                f"{case.device['interval']} seconds between two questions",
                found=waited,
                expected=case.device["interval"],
            )
    return ""


def device_answered(case: DeviceRequest) -> str:
    if case.state == "denied":
        raise refuse("access_denied", "the person pressed Deny")
    if case.state == "redeemed":
        raise refuse("invalid_grant", "this device_code has been used", "device_code")
    if case.state != "approved":
        raise refuse("authorization_pending", "nobody has approved it yet; ask again later")
    return ""


CODE_CHECKS = Policy(
    (
        Check(
            id="device-code-known",
            title="We gave this device_code",
            spec="RFC 8628 §3.4",
            run=device_code_known,
            group="Device",
            purpose="Guessing would do.",
        ),
        Check(
            id="device-code-client",
            title="We gave it to this client",
            spec="RFC 8628 §3.4",
            run=device_code_client,
            group="Device",
            purpose="A thief redeems it with a client of his own.",
        ),
        Check(
            id="device-code-fresh",
            title="It has not expired",
            spec="RFC 8628 §3.5",
            run=device_code_fresh,
            group="Device",
            purpose="A code on an old photograph still connects.",
        ),
        Check(
            id="device-patient",
            title="The device waits between two questions",
            spec="RFC 8628 §3.5",
            run=device_patient,
            group="Device",
            purpose="A thousand devices that ask without a pause bring the server down.",
        ),
        Check(
            id="device-answered",
            title="The person has approved it",
            spec="RFC 8628 §3.5",
            run=device_answered,
            group="Device",
            purpose="Nobody was asked.",
        ),
    ),
    "device code",
)


def by_device_code(asked: TokenRequest) -> dict[str, Any]:
    """Tokens, as soon as the person has approved."""
    server, client = asked.server, asked.client
    case = DeviceRequest(**asked.__dict__)
    with server.store.transaction():
        report = server.judge("device code", case)
        record, failure = case.device, report.first_failure
        if record is not None and failure is not None and failure.id in ("device-patient", "device-answered"):
            slower = INTERVAL if failure.id == "device-patient" else 0
            polled = record | {"polled": server.clock(), "interval": record["interval"] + slower}
            _put(case, polled)
        grant = Grant.load(server, record["grant"]) if record and record["grant"] else None
        if report.accepted and record and grant and client and grant.is_active(server.clock()):
            _put(case, record | {"state": "redeemed"})
            return token_answer(server, client, grant, jkt=case.jkt)
    return nothing(report)


def _put(case: DeviceRequest, record: Record) -> None:
    name = fingerprint(case.parameters["device_code"])
    case.server.store.put("device", name, record, record["expires"] + LIFETIME)
