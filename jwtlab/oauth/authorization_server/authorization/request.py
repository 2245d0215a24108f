"""An authorization request, and to whom it may be answered at all (RFC 6749 §3.1, §4.1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from jwtlab.checks import Check, Policy
from jwtlab.oauth.authorization_server.registration import Client, same_redirect_uri
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.protocol import FORM_ENCODED, RESPONSE_MODES, Parameters, refuse
from jwtlab.oauth.protocol.response_types import usual_mode


@dataclass(frozen=True)
class AuthorizationRequest:
    """What a browser brought to the authorization endpoint (or a client to the pushed one).

    Attributes:
        server: who is asked.
        parameters: of the request.
        pushed: they came through RFC 9126.
    """

    server: Server
    parameters: Parameters
    pushed: bool = False

    @cached_property
    def client(self) -> Client | None:
        return self.server.clients.get(self.parameters.get("client_id", ""))

    @property
    def redirect_uri(self) -> str:
        """Where the answer goes: what was asked for, or the only one that is registered (RFC 6749 §3.1.2.3)."""
        given = self.parameters.get("redirect_uri")
        if given is None and self.client is not None and len(self.client.redirect_uris) == 1:
            return self.client.redirect_uris[0]
        return given or ""

    @property
    def response_type(self) -> str:
        """With its words in the order of the alphabet: their order has no meaning (RFC 6749 §3.1.1)."""
        return " ".join(sorted(self.parameters.words("response_type")))

    @property
    def response_mode(self) -> str:
        return self.parameters.get("response_mode", self.usual_mode)

    @property
    def usual_mode(self) -> str:
        """How the answer travels unless it is said (OAuth 2.0 Multiple Response Types §5)."""
        return usual_mode(word for each in self.parameters.all("response_type") for word in each.split(" "))

    @property
    def error_mode(self) -> str:
        """How an error travels: as the answer would have, and if that is impossible, as usual."""
        mode = self.parameters.one("response_mode")
        possible = mode in RESPONSE_MODES and (mode != "query" or self.usual_mode == "query")
        return mode if mode is not None and possible else self.usual_mode

    @property
    def scope(self) -> tuple[str, ...]:
        if "scope" in self.parameters or self.client is None:
            asked = self.parameters.words("scope")
            # Without a code there is no refresh token, and offline_access means nothing (Core §11).
            offline = "code" in self.response_type.split()
            return tuple(each for each in asked if offline or each != "offline_access")
        return tuple(each for each in self.client.scopes if each not in ("openid", "offline_access"))

    @property
    def prompt(self) -> tuple[str, ...]:
        return self.parameters.words("prompt")

    @property
    def max_age(self) -> int | None:
        value = self.parameters.get("max_age", "")
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 12 else None


# To whom an answer may be sent at all. As long as this is open, nothing is redirected.


def client_known(case: AuthorizationRequest) -> str:
    if "client_id" in case.parameters.repeated:
        raise refuse("invalid_request", "the client_id occurs more than once", "client_id")
    if case.client is None:
        raise refuse("invalid_request", "no application is registered under this client_id", "client_id")
    return case.client.name


def redirect_uri_registered(case: AuthorizationRequest) -> str:
    client, given = case.client, case.redirect_uri
    if client is None:
        return ""
    if "redirect_uri" in case.parameters.repeated:
        raise refuse("invalid_request", "the redirect_uri occurs more than once", "redirect_uri")
    if not given:
        raise refuse(
            "invalid_request", "the redirect_uri is missing, and several are registered", "redirect_uri"
        )
    if not any(same_redirect_uri(each, given) for each in client.redirect_uris):
        raise refuse(
            "invalid_request",
            "this redirect_uri is not registered for the application, character by character; "
            "nobody is sent there",
            "redirect_uri",
            expected=client.redirect_uris,
            found=given,
        )
    return given


CLIENT_CHECKS = Policy(
    (
        FORM_ENCODED,
        Check(
            id="client-known",
            title="The application is registered",
            spec="RFC 6749 §4.1.1",
            run=client_known,
            group="Request",
            purpose="A login page for strangers is a phishing page.",
        ),
        Check(
            id="redirect-uri-registered",
            title="The answer goes to a registered address, exactly",
            spec="RFC 9700 §4.1.3",
            run=redirect_uri_registered,
            group="Request",
            purpose="Codes and tokens are sent to whoever asks.",
        ),
    ),
    "client and redirect URI",
)
