"""What is asked before a device is connected, and the pages that ask it (RFC 8628 §3.3, §5.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response

from jwtlab.checks import Check, Policy
from jwtlab.errors import OAuthError
from jwtlab.oauth.authorization_server import attempts, interaction, responses
from jwtlab.oauth.authorization_server.browser.forms import hidden_fields
from jwtlab.oauth.authorization_server.device_codes import LIFETIME, shown_code
from jwtlab.oauth.authorization_server.grant import Grant
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.protocol import refuse
from jwtlab.oauth.store import Record


@dataclass(frozen=True)
class Approval:
    """A person at the page for devices.

    Attributes:
        server: whose page it is.
        user_code: as typed, or as it came with the link.
        pressed: the value of the button: ``"allow"``, ``"deny"``, or ``""`` if no page has been shown yet.
        subject: who is logged in.
    """

    server: Server
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


def device_page(server: Server, name: str, record: Record, session: Record) -> Response:
    """The page for somebody who is logged in."""
    given = record["given"]
    if not given:
        return code_page(server, name)
    case = Approval(server, given, "", session["sub"])
    count_guess(case)
    report = server.judge("device approval", case)
    failure = report.first_failure
    if failure is None:  # only where nothing but the link is asked for
        return approve(server, case, session)
    if failure.id != "device-confirmed":
        return code_page(server, name, failure.reason)
    return confirm_page(server, name, case)


def count_guess(case: Approval) -> None:
    """Codes that nobody was given are guesses, however they come (RFC 8628 §5.1).

    Raises:
        OAuthError: there were too many of them.
    """
    who = f"user code:{case.subject}"
    attempts.check(case.server, who)
    if case.device is None:
        attempts.count(case.server, who)


def code_page(server: Server, name: str, error: str = "") -> Response:
    """Type the code."""
    return responses.page("device.html", hidden=hidden_fields(server, name), error=error)


def confirm_page(server: Server, name: str, case: Approval) -> Response:
    """This device, and these rights?"""
    # Allow counts for the person who was shown the page, and for nobody who logs in meanwhile.
    waiting = interaction.find(server, name)
    if waiting is not None:
        interaction.keep(server, name, waiting | {"shown_to": case.subject})
    record: Record = case.device[1] if case.device else {"client_id": "", "scope": []}
    client = server.clients.get(record["client_id"])
    return responses.page(
        "device_confirm.html",
        client=client.name if client else "",
        user_code=shown_code(case.user_code),
        scopes=[(each, server.scope_in_words(each)) for each in record["scope"]],
        hidden=hidden_fields(server, name),
    )


def approve(server: Server, case: Approval, session: Mapping[str, Any]) -> Response:
    """The device is connected, or refused."""
    found = case.device
    if found is None:
        raise OAuthError("no device shows this code")
    place, record = found
    client = server.clients[record["client_id"]]
    allowed = case.pressed in ("allow", "")  # empty only where nothing but the link is asked for
    with server.store.transaction():
        if allowed:
            # The device has a life of its own: it belongs to no browser's session, and a logout there leaves it.
            grant = Grant.make(server, client, record, {**session, "sid": ""})
            grant.save(server)
            record["grant"] = grant.id
        record["state"] = "approved" if allowed else "denied"
        server.store.put("device", place, record, record["expires"] + LIFETIME)
    return responses.page("device_done.html", client=client.name, allowed=allowed)
