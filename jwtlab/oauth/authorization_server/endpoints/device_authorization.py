"""The device authorization endpoint: a device without a keyboard asks for two codes (RFC 8628 §3.1)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from jwtlab.checks import Check, Policy
from jwtlab.errors import JwtlabError
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server import client_authentication, received, responses
from jwtlab.oauth.authorization_server.asked_rights import SCOPE_GRANTED
from jwtlab.oauth.authorization_server.client_authentication import authenticate
from jwtlab.oauth.authorization_server.device_codes import INTERVAL, LIFETIME, new_user_code, shown_code
from jwtlab.oauth.authorization_server.endpoint import Endpoint
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.protocol import DEVICE_AUTHORIZATION_REQUEST, PARAMETER_CHECKS, Parameters, refuse
from jwtlab.oauth.store import fingerprint


@dataclass(frozen=True)
class DeviceAuthorizationRequest:
    """A device that wants a code."""

    server: Server
    parameters: Parameters
    client: Client

    @property
    def scope(self) -> tuple[str, ...]:
        return self.parameters.words("scope")


def device_grant_allowed(case: DeviceAuthorizationRequest) -> str:
    if protocol.DEVICE_CODE not in case.client.grant_types:
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


def device_authorization(server: Server) -> Response:
    """POST /device_authorization (RFC 8628 §3.1, §3.2)."""
    try:
        parameters = received.judged_form(server, DEVICE_AUTHORIZATION_REQUEST)
        client = authenticate(server, parameters)
        case = DeviceAuthorizationRequest(server, parameters, client)
        server.decide("device authorization", case)
    except JwtlabError as error:
        return responses.json_error(error, "invalid_request", server.issuer)
    device_code, user_code = server.secret(), new_user_code(server)
    expires = server.clock() + LIFETIME
    record = {
        "kind": "device",
        "client_id": client.client_id,
        "scope": list(case.scope or client.scopes),
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
    return responses.json_answer(
        {
            "device_code": device_code,
            "user_code": shown_code(user_code),
            "verification_uri": address,
            "verification_uri_complete": f"{address}?user_code={shown_code(user_code)}",
            "expires_in": LIFETIME,
            "interval": INTERVAL,
        }
    )


ENDPOINT = Endpoint(
    path="/device_authorization",
    answer=device_authorization,
    policies={
        "parameters": PARAMETER_CHECKS,
        **client_authentication.POLICIES,
        "device authorization": AUTHORIZATION_CHECKS,
    },
    metadata=lambda server: {"device_authorization_endpoint": server.endpoint("device_authorization")},
    for_scripts=True,
)
