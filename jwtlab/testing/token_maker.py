"""What an issuer of a test makes: access tokens, ID tokens, and anything else with its signature."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from jwtlab.jose import jws
from jwtlab.jose.key import Key
from jwtlab.testing.provider import LoopbackProvider
from jwtlab.testing.signing import ANY_KEY, nameless


class TokenMaker:
    """The half of an `Issuer` that makes tokens; the other half has the keys, the clock and the address.

    Attributes:
        alg: what it signs with.
        audience: for whom an access token is unless ``aud`` says otherwise.
        client_id: for whom an ID token is.
    """

    alg: str
    audience: str
    client_id: str

    @property
    def issuer(self) -> str:
        raise NotImplementedError

    @property
    def now(self) -> float:
        raise NotImplementedError

    @property
    def provider(self) -> LoopbackProvider:
        raise NotImplementedError

    def key_for(self, alg: str) -> Key:
        raise NotImplementedError

    def token(
        self,
        sub: str = "alice",
        scope: str | None = None,
        aud: str | list[str] | None = None,
        *,
        alg: str = "",
        typ: str | None = "at+jwt",
        minutes: float = 15,
        header: Mapping[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """An access token (RFC 9068 §2).

        Args:
            sub: whom it is about.
            scope: what it is good for, separated by spaces.
            aud: for whom; ``audience`` by default.
            alg: another algorithm than its own.
            typ: the header's ``typ``; ``None`` leaves it out.
            minutes: how long it lives by this issuer's clock.
            header: further header parameters.
            claims: further claims, or other values for the usual ones; ``None`` leaves a claim out.
        """
        return self.sign(
            self.claims(sub, scope, aud, minutes=minutes, **claims), alg=alg, typ=typ, header=header
        )

    def claims(
        self,
        sub: str = "alice",
        scope: str | None = None,
        aud: str | list[str] | None = None,
        *,
        minutes: float = 15,
        **claims: Any,
    ) -> dict[str, Any]:
        """The claims of `token`."""
        now = int(self.now)
        usual = {
            "iss": self.issuer,
            "sub": sub,
            "aud": self.audience if aud is None else aud,
            "client_id": self.client_id,
            "scope": scope,
            "iat": now,
            "exp": now + round(minutes * 60),
            "jti": secrets.token_urlsafe(12),
        }
        return {name: value for name, value in (usual | claims).items() if value is not None}

    def id_token(self, sub: str = "alice", *, nonce: str | None = None, **claims: Any) -> str:
        """An ID token for its client (OpenID Connect Core §2)."""
        more: dict[str, Any] = {"client_id": None, "jti": None, "nonce": nonce, "auth_time": int(self.now)}
        return self.sign_id_token(self.claims(sub, aud=self.client_id, **(more | claims)))

    def sign_id_token(self, claims: Mapping[str, Any], key: Key | None = None) -> str:
        """Claims as an ID token, signed with the published key, or with another one."""
        own = self.provider.server.keys.signing_key
        alg = own.alg or self.alg
        header = {"typ": "JWT", "kid": own.kid}
        payload = json.dumps(dict(claims)).encode()
        return jws.sign(payload, nameless(key or own), alg=alg, header=header, policy=ANY_KEY)

    def sign(
        self,
        claims: Mapping[str, Any] | bytes,
        *,
        alg: str = "",
        typ: str | None = "JWT",
        header: Mapping[str, Any] | None = None,
    ) -> str:
        """Anything at all, signed by this issuer: claims, or bytes as they stand."""
        alg = alg or self.alg
        payload = claims if isinstance(claims, bytes) else json.dumps(dict(claims)).encode()
        typed: dict[str, Any] = {"typ": typ} if typ is not None else {}
        return jws.sign(
            payload, self.key_for(alg), alg=alg, header=typed | dict(header or {}), policy=ANY_KEY
        )
