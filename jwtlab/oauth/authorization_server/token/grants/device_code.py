"""Tokens for a device, as soon as a person has approved it (RFC 8628 §3.4)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jwtlab.checks import Check, Policy
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server.device_codes import INTERVAL, LIFETIME
from jwtlab.oauth.authorization_server.grant import Grant
from jwtlab.oauth.authorization_server.token.request import GrantType, TokenRequest
from jwtlab.oauth.authorization_server.token.response import refusal, token_response
from jwtlab.oauth.protocol import refuse
from jwtlab.oauth.store import Record, fingerprint

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
        if 0 <= waited < case.device["interval"]:  # below 0 the clock was set back: nobody knows how long
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
            return token_response(server, client, grant, jkt=case.jkt)
    raise refusal(report)


def _put(case: DeviceRequest, record: Record) -> None:
    name = fingerprint(case.parameters["device_code"])
    case.server.store.put("device", name, record, record["expires"] + LIFETIME)


GRANT_TYPE = GrantType(
    id=protocol.DEVICE_CODE,
    title="Device code",
    spec="RFC 8628 §3.4",
    redeem=by_device_code,
    policies={"device code": CODE_CHECKS},
    parameters=frozenset({"device_code"}),
    refreshable=True,
)
