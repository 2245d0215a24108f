"""A client that shows a token: what introspection and revocation have in common."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jwtlab.checks import Check
from jwtlab.oauth.authorization_server.grant import Grant
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.authorization_server.tokens import examine
from jwtlab.oauth.protocol import Parameters, refuse
from jwtlab.oauth.store import Record, fingerprint


@dataclass(frozen=True)
class TokenQuestion:
    """A client that shows a token."""

    server: Server
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


def token_given(case: TokenQuestion) -> str:
    if not case.text:
        raise refuse("invalid_request", "the token is missing", "token")
    return ""


TOKEN_GIVEN = Check(
    id="token-given",
    title="There is a token",
    spec="RFC 7662 §2.1",
    run=token_given,
    group="Request",
    purpose="There is nothing to ask about.",
)
