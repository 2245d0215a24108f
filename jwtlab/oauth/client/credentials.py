"""How a client shows who it is (RFC 6749 §2.3, RFC 7523 §2.2)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from jwtlab.errors import OAuthError
from jwtlab.jose import jwt
from jwtlab.jose.key import Key
from jwtlab.oauth.http.messages import Request
from jwtlab.oauth.protocol import ASSERTION_TYPE

ASSERTION_LIFETIME = 60
"""Seconds for which an assertion of ours is good."""


@dataclass(frozen=True)
class Credentials:
    """How a client shows who it is at the token endpoint (RFC 6749 §2.3, RFC 7523 §2.2).

    Attributes:
        client_id: its name.
        method: ``"none"``, ``"client_secret_basic"``, ``"client_secret_post"`` or ``"private_key_jwt"``.
        secret: for the two secret methods.
        key: the private key, for ``private_key_jwt`` and for assertions.
    """

    client_id: str
    method: str = "none"
    secret: str | None = field(default=None, repr=False)
    key: Key | None = None

    def post(
        self, url: str, form: Mapping[str, str], *, issuer: str, now: float, jti: Callable[[], str]
    ) -> Request:
        """A form to an endpoint of the authorization server, with the proof of who sends it.

        Args:
            url: the endpoint.
            form: the parameters.
            issuer: to whom an assertion is addressed.
            now: seconds since 1970.
            jti: makes a name for an assertion.
        """
        full, headers = dict(form), {}
        if self.method == "client_secret_basic":
            pair = f"{quote_plus(self.client_id)}:{quote_plus(self.secret or '')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        elif self.method == "private_key_jwt":
            full["client_assertion_type"] = ASSERTION_TYPE
            full["client_assertion"] = self.assertion(self.client_id, issuer, now, jti())
        else:
            full["client_id"] = self.client_id
            if self.method == "client_secret_post":
                full["client_secret"] = self.secret or ""
        return Request.make("POST", url, form=full, headers=headers)

    def assertion(self, subject: str, audience: str, now: float, jti: str) -> str:
        """A JWT that speaks for a subject, signed with the client's own key (RFC 7523 §3)."""
        if self.key is None:
            raise OAuthError("this client has no private key to sign with", "invalid_client")
        claims = {
            "iss": self.client_id,
            "sub": subject,
            "aud": audience,
            "iat": int(now),
            "exp": int(now) + ASSERTION_LIFETIME,
            "jti": jti,
        }
        return jwt.issue(claims, self.key, alg=self.key.alg or self.key.algorithms[0])
