"""A token for another place: a service that acts for somebody asks for a narrower one (RFC 8693)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jwtlab.checks import Check, Policy, Report
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server.token.request import GrantType, TokenRequest, without_offline
from jwtlab.oauth.authorization_server.token.response import access_token_response, refusal
from jwtlab.oauth.authorization_server.tokens import OWN_TOKEN, examine
from jwtlab.oauth.protocol import ACCESS_TOKEN_TYPE, refuse


@dataclass(frozen=True)
class TokenExchangeRequest(TokenRequest):
    """Somebody brings a token and wants another one."""

    @cached_property
    def subject_report(self) -> Report:
        report: Report = examine(self.server, self.parameters.get("subject_token", ""))
        return report

    @cached_property
    def actor_report(self) -> Report:
        report: Report = examine(self.server, self.parameters.get("actor_token", ""))
        return report

    @property
    def actor(self) -> str:
        """Who will act: whom the actor_token is about, or else the client (RFC 8693 §4.4)."""
        if "actor_token" in self.parameters and self.actor_report.accepted:
            return str(self.actor_report.claims["sub"])
        return self.client.client_id if self.client else ""

    @property
    def claims(self) -> dict[str, Any]:
        return self.subject_report.claims if self.subject_report.accepted else {}

    @property
    def audience(self) -> tuple[str, ...]:
        """Where the new token is to be good; unless it is said, where the old one is and the client may go."""
        asked = (*self.parameters.all("audience"), *self.parameters.all("resource"))
        allowed = self.client.exchanges_for if self.client else ()
        return tuple(dict.fromkeys(asked)) or tuple(each for each in self.held if each in allowed)

    @property
    def held(self) -> tuple[str, ...]:
        """Where the old token is good."""
        held = self.claims.get("aud", ())
        return (held,) if isinstance(held, str) else tuple(held)

    @property
    def scope(self) -> tuple[str, ...]:
        held = tuple(str(self.claims.get("scope", "")).split())
        return without_offline(self.parameters.words("scope") if "scope" in self.parameters else held)


def exchange_types(case: TokenExchangeRequest) -> str:
    for name in ("subject_token", "subject_token_type"):
        if name not in case.parameters:
            raise refuse("invalid_request", f"the {name} is missing", name)
    for name in ("subject_token_type", "actor_token_type", "requested_token_type"):
        if case.parameters.get(name, ACCESS_TOKEN_TYPE) != ACCESS_TOKEN_TYPE:
            raise refuse(
                "invalid_request",
                f"{name}: access tokens are exchanged here, nothing else",
                name,
                expected=ACCESS_TOKEN_TYPE,
                found=case.parameters[name],
            )
    if ("actor_token" in case.parameters) != ("actor_token_type" in case.parameters):
        raise refuse("invalid_request", "actor_token and actor_token_type come together", "actor_token")
    return ""


def exchange_subject(case: TokenExchangeRequest) -> str:
    failure = case.subject_report.first_failure
    if failure is not None:
        raise refuse("invalid_request", f"subject_token: {failure.reason}", "subject_token")
    return f"sub is {case.claims.get('sub')}"


def exchange_actor(case: TokenExchangeRequest) -> str:
    if "actor_token" not in case.parameters:
        return "the client acts itself"
    failure = case.actor_report.first_failure
    if failure is not None:
        raise refuse("invalid_request", f"actor_token: {failure.reason}", "actor_token")
    return f"the actor is {case.actor_report.claims.get('sub')}"


def exchange_holder(case: TokenExchangeRequest) -> str:
    client = case.client
    mine = client is not None and client.client_id == case.claims.get("client_id")
    mine = mine or (client is not None and client.resource is not None and client.resource in case.held)
    if case.claims and not mine:
        raise refuse(
            "invalid_request",
            "the subject_token was neither given to this client nor meant for it",
            "subject_token",
            expected=case.claims.get("client_id"),
            found=client.client_id if client else None,
        )
    return ""


def exchange_bound(case: TokenExchangeRequest) -> str:
    brought = {"subject_token": case.claims}
    if "actor_token" in case.parameters and case.actor_report.accepted:
        brought["actor_token"] = case.actor_report.claims
    for name, claims in brought.items():
        bound = claims.get("cnf", {}).get("jkt")
        if bound is not None and bound != case.jkt:
            how = "to another key" if case.jkt else "to a key: it needs a proof in the header DPoP"
            raise refuse("invalid_request", f"the {name} is bound {how}", "DPoP")
    return ""


def exchange_may_act(case: TokenExchangeRequest) -> str:
    named = case.claims.get("may_act")
    allowed = named.get("sub") if isinstance(named, dict) else named
    if named is not None and (not isinstance(named, dict) or allowed != case.actor):
        raise refuse(
            "invalid_request",
            "may_act names somebody else",
            "subject_token",
            expected=allowed,
            found=case.actor,
        )
    return ""


def exchange_audience(case: TokenExchangeRequest) -> str:
    allowed = case.client.exchanges_for if case.client else ()
    wrong = next((each for each in case.audience if each not in allowed), None)
    if wrong is not None or not case.audience:
        raise refuse(
            "invalid_target",
            "this client may not ask for a token for that place",
            "audience",
            expected=allowed,
            found=wrong,
        )
    return " ".join(case.audience)


def exchange_scope(case: TokenExchangeRequest) -> str:
    held = str(case.claims.get("scope", "")).split()
    wider = next((each for each in case.scope if each not in held), None)
    if wider is not None or ("scope" in case.parameters and not case.scope):
        raise refuse(
            "invalid_scope",
            f"the subject_token does not hold {wider[:40]!r}" if wider else "the scope is empty",
            "scope",
            expected=held,
            found=case.scope,
        )
    return ""


# A bound token needs its key, and the new scope is no wider: rules of the house. RFC 8693 leaves both to
# the server (§2.1: it "may" limit what it issues), and RFC 9449 speaks of APIs, not of exchanges.
CHECKS = Policy(
    (
        Check(
            id="exchange-types",
            title="It says what it brings",
            spec="RFC 8693 §2.1",
            run=exchange_types,
            group="Exchange",
            purpose="A token of another kind passes for this one.",
        ),
        Check(
            id="exchange-subject",
            title="The token it brings is one of ours, and good",
            spec="RFC 8693 §2.1",
            run=exchange_subject,
            group="Exchange",
            purpose="An expired token comes back to life.",
        ),
        Check(
            id="exchange-actor",
            title="Who acts is proved too",
            spec="RFC 8693 §2.1",
            run=exchange_actor,
            group="Exchange",
            purpose="The record names somebody who was not there.",
        ),
        Check(
            id="exchange-holder",
            title="The client holds the token by right",
            spec="RFC 8693 §2.1",
            run=exchange_holder,
            group="Exchange",
            purpose="Whoever finds a token exchanges it as any client.",
        ),
        Check(
            id="exchange-bound",
            title="A bound token comes with its key",
            spec="",
            run=exchange_bound,
            group="Exchange",
            purpose="A stolen token is exchanged for one that is not bound.",
        ),
        Check(
            id="exchange-may-act",
            title="The token lets this client act",
            spec="RFC 8693 §4.4",
            run=exchange_may_act,
            group="Exchange",
            purpose="Every service acts for everybody.",
        ),
        Check(
            id="exchange-audience",
            title="The client may go there",
            spec="RFC 8693 §2.1",
            run=exchange_audience,
            group="Exchange",
            purpose="One broken service reaches all the others.",
        ),
        Check(
            id="exchange-scope",
            title="It asks for no more than the token holds",
            spec="",
            run=exchange_scope,
            group="Exchange",
            purpose="Rights grow on the way.",
        ),
    ),
    "token exchange",
)


def by_exchange(asked: TokenRequest) -> dict[str, Any]:
    """A new access token in which ``act`` says who acts for whom (RFC 8693 §4.1)."""
    server, client = asked.server, asked.client
    case = TokenExchangeRequest(**asked.__dict__)
    report = server.judge("token exchange", case)
    if not report.accepted or client is None or not case.claims:
        raise refusal(report)
    actor: dict[str, Any] = {"sub": case.actor}
    if "act" in case.claims:
        actor["act"] = case.claims["act"]  # the chain grows outwards
    kept = {name: case.claims[name] for name in ("roles", "auth_time") if name in case.claims}
    # It lives no longer than the token it came from, and dies with what that one was granted by.
    answer = access_token_response(
        server,
        client,
        str(case.claims["sub"]),
        case.scope,
        case.audience,
        case.jkt,
        kept | {"act": actor},
        float(case.claims["exp"]),
        parent=str(case.claims["jti"]),
    )
    return answer | {"issued_token_type": ACCESS_TOKEN_TYPE}


GRANT_TYPE = GrantType(
    id=protocol.TOKEN_EXCHANGE,
    title="Token exchange",
    spec="RFC 8693",
    redeem=by_exchange,
    policies={"token exchange": CHECKS, "access token": OWN_TOKEN},
    parameters=frozenset(
        {
            *("subject_token", "subject_token_type", "actor_token", "actor_token_type"),
            *("requested_token_type", "audience"),
        }
    ),
)
