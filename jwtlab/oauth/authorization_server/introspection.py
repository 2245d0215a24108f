"""What is this token worth, and: take it back (RFC 7662, RFC 7009)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Response

from jwtlab.checks import Check, Policy
from jwtlab.errors import JwtlabError
from jwtlab.oauth.authorization_server import answers, received
from jwtlab.oauth.authorization_server.client_authentication import authenticate
from jwtlab.oauth.authorization_server.grants import Grant
from jwtlab.oauth.authorization_server.tokens import examine
from jwtlab.oauth.protocol import TOKEN_QUESTION, Parameters, refuse
from jwtlab.oauth.registration import Client
from jwtlab.oauth.store import Record, fingerprint

if TYPE_CHECKING:
    from jwtlab.oauth.authorization_server.server import AuthorizationServer


@dataclass(frozen=True)
class Question:
    """A client that shows a token."""

    server: AuthorizationServer
    parameters: Parameters
    client: Client

    @property
    def text(self) -> str:
        return self.parameters.get("token", "")

    @cached_property
    def claims(self) -> dict[str, Any] | None:
        """Of an access token that is good now."""
        report = examine(self.server, self.text) if self.text.count(".") == 2 else None
        return report.claims if report is not None and report.accepted else None

    @cached_property
    def refresh(self) -> tuple[Record, Grant] | None:
        """A refresh token that is known, whether or not it is still good."""
        record = self.server.store.get("refresh", fingerprint(self.text))
        grant = Grant.load(self.server, record["grant"]) if record else None
        return (record, grant) if record and grant else None

    @property
    def owner(self) -> str | None:
        """The client that the token was given to."""
        if self.claims is not None:
            return str(self.claims.get("client_id"))
        return self.refresh[1].client_id if self.refresh else None


def token_given(case: Question) -> str:
    if not case.text:
        raise refuse("invalid_request", "the token is missing", "token")
    return ""


def caller_confidential(case: Question) -> str:
    if case.client.is_public:
        raise refuse("invalid_client", "whoever asks has to prove who they are", status=401)
    return ""


TOKEN_GIVEN = Check(
    id="token-given",
    title="There is a token",
    spec="RFC 7662 §2.1",
    run=token_given,
    group="Request",
    purpose="There is nothing to ask about.",
)
INTROSPECTION_CHECKS = Policy(
    (
        TOKEN_GIVEN,
        Check(
            id="caller-confidential",
            title="Whoever asks has proved who they are",
            spec="RFC 7662 §4",
            run=caller_confidential,
            group="Client",
            purpose="Strangers try tokens here until one is good.",
        ),
    ),
    "introspection",
)


def introspect(server: AuthorizationServer) -> Response:
    """POST /introspect: to whom it does not concern, every token is just not active (RFC 7662 §2.2)."""
    try:
        parameters = received.judged_form(server, TOKEN_QUESTION)
        case = Question(server, parameters, authenticate(server, parameters))
        server.decide("introspection", case)
    except JwtlabError as error:
        return answers.json_error(error, "invalid_request", server.issuer)
    return answers.json_answer(_state(case))


def _state(case: Question) -> dict[str, Any]:
    if case.claims is not None and _concerned(case):
        kept = ("scope", "client_id", "exp", "iat", "sub", "aud", "iss", "jti", "cnf", "act", "roles")
        answer = {name: case.claims[name] for name in kept if name in case.claims}
        kind = "DPoP" if "cnf" in case.claims else "Bearer"
        if answer.get("sub") != answer.get("client_id"):  # a service speaks for itself, and is no user
            answer["username"] = answer["sub"]
        return {"active": True, "token_type": kind, **answer}
    if case.refresh is not None and case.owner == case.client.client_id:
        record, grant = case.refresh
        now = case.server.clock()
        if not record["used"] and now < record["expires"] and grant.is_active(now):
            return {
                "active": True,
                "client_id": grant.client_id,
                "sub": grant.sub,
                "username": grant.sub,
                "scope": " ".join(grant.scope),
                "exp": int(record["expires"]),
                "iss": case.server.issuer,
            }
    return {"active": False}


def _concerned(case: Question) -> bool:
    """The client that it was given to, or an API that it is meant for."""
    audience = (case.claims or {}).get("aud", ())
    names = [audience] if isinstance(audience, str) else audience
    return case.owner == case.client.client_id or case.client.resource in names


def owner_asks(case: Question) -> str:
    if case.owner is not None and case.owner != case.client.client_id:
        raise refuse("unauthorized_client", "this token was given to another client", "token")
    return ""


REVOCATION_CHECKS = Policy(
    (
        TOKEN_GIVEN,
        Check(
            id="owner-asks",
            title="The token was given to whoever wants it revoked",
            spec="RFC 7009 §2.1",
            run=owner_asks,
            group="Client",
            purpose="One application logs out the users of another.",
        ),
    ),
    "revocation",
)


def revoke(server: AuthorizationServer) -> Response:
    """POST /revoke: a token that is not known is answered like one that is (RFC 7009 §2.2)."""
    try:
        parameters = received.judged_form(server, TOKEN_QUESTION)
        case = Question(server, parameters, authenticate(server, parameters))
        server.decide("revocation", case)
    except JwtlabError as error:
        return answers.json_error(error, "invalid_request", server.issuer)
    if case.claims is not None:
        server.store.put("revoked", case.claims["jti"], {}, case.claims["exp"])
    elif case.refresh is not None:
        # With the refresh token goes everything that came of the same permission (RFC 7009 §2.1).
        case.refresh[1].revoke(server)
    return Response(status=200, headers={"Cache-Control": "no-store"}, content_type="text/plain")
