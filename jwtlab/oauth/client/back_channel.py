"""What a client application asks of others by itself: addresses, keys, tokens, names, notes; no browser in between.

Every call is a `Step`, so that it can be seen and changed before it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from jwtlab.errors import InvalidKey, OAuthError
from jwtlab.jose import base64url
from jwtlab.jose.key import Key
from jwtlab.jose.key_set import KeySet
from jwtlab.oauth import dpop
from jwtlab.oauth.client.provider import Provider
from jwtlab.oauth.client.token_response import asks_for_nonce
from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.http.messages import Request, Response, header
from jwtlab.oauth.http.steps import Step, Steps, answered

Tokens = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class BackChannel:
    """The calls of a client application.

    Attributes:
        name: who calls, for the record.
        clock: ``() -> seconds since 1970``.
        random: ``count -> bytes``.
        dpop_key: signs a proof for each call, where tokens are bound to it (RFC 9449).
        nonces: what each origin wants in the next proof (RFC 9449 §8.2, §9).
    """

    name: str
    clock: Callable[[], float]
    random: Callable[[int], bytes]
    dpop_key: Key | None
    nonces: MutableMapping[str, str]

    # What the server says about itself

    def metadata(self, issuer: str) -> Steps[Any]:
        """The server's metadata document, whatever is in it (OpenID Connect Discovery §4)."""
        exchange = yield Step(
            self.name,
            Request.make("GET", f"{issuer}/.well-known/openid-configuration"),
            "The application asks the server for its addresses and abilities.",
            "OpenID Connect Discovery §4.1",
        )
        return answered(exchange).json

    def keys(self, provider: Provider, kid: str | None) -> Steps[Provider]:
        """The provider with its keys; they are fetched if there are none, or this one is not among them.

        Raises:
            OAuthError: what comes is no JWK Set.
        """
        if provider.keys is not None and (kid is None or provider.keys.find(kid)):
            return provider
        exchange = yield Step(
            self.name,
            Request.make("GET", provider.endpoint("jwks_uri")),
            "The application fetches the server's public keys, to check what the server has signed.",
            "OpenID Connect Core §10.1.1",
        )
        try:
            keys = KeySet.from_jwks(answered(exchange).body)
        except InvalidKey as error:
            raise OAuthError(f"the server's keys cannot be read: {error}", "server_error") from error
        return replace(provider, keys=keys)

    # Forms, with the client's credentials

    def push(self, provider: Provider, parameters: Mapping[str, str]) -> Steps[dict[str, str]]:
        """The authorization request goes ahead; what is left of it travels with the browser.

        Raises:
            OAuthError: the server does not take it.
        """
        answer = yield from self._post(
            provider,
            "pushed_authorization_request_endpoint",
            parameters,
            "The application hands its request to the server directly; the browser will carry its name only.",
            "RFC 9126 §2.1",
        )
        body = answer.json if isinstance(answer.json, dict) else {}
        if "request_uri" not in body:
            raise OAuthError(f"the request was not taken: {body.get('error_description')}", "invalid_request")
        return {"client_id": provider.credentials.client_id, "request_uri": str(body["request_uri"])}

    def redeem(
        self, provider: Provider, code: str, redirect_uri: str, code_verifier: str | None
    ) -> Steps[Response]:
        """The token response for a code."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if code_verifier:
            form["code_verifier"] = code_verifier
        return (
            yield from self._post(
                provider,
                "token_endpoint",
                form,
                "The application redeems the code, and shows that it is the one who asked for it.",
                "RFC 6749 §4.1.3",
            )
        )

    def refresh(self, provider: Provider, refresh_token: str) -> Steps[Response]:
        """The token response for a refresh token."""
        return (
            yield from self._post(
                provider,
                "token_endpoint",
                {"grant_type": "refresh_token", "refresh_token": refresh_token},
                "The access token has had its time. The application trades the refresh token for a new pair.",
                "RFC 6749 §6",
            )
        )

    def _post(
        self, provider: Provider, endpoint: str, form: Mapping[str, str], says: str, spec: str
    ) -> Steps[Response]:
        url = provider.endpoint(endpoint)

        def request() -> Request:
            made = provider.credentials.post(
                url, form, issuer=provider.issuer, now=self.clock(), jti=self._jti
            )
            if self.dpop_key is not None and endpoint == "token_endpoint":
                made = made.with_header("DPoP", self._proof(self.dpop_key, "POST", url))
            return made

        return (yield from self._with_nonce(request, says, spec, "RFC 9449 §8"))

    # Requests, with the access token

    def userinfo(self, provider: Provider, tokens: Tokens) -> Steps[Response]:
        """What the server says about whoever the access token is from."""
        return (
            yield from self.ask(
                Request.make("GET", provider.endpoint("userinfo_endpoint")),
                tokens,
                "The application asks who logged in, with the access token.",
                "OpenID Connect Core §5.3.1",
            )
        )

    def ask(self, request: Request, tokens: Tokens, says: str, spec: str) -> Steps[Response]:
        """A request of an API, with the access token."""
        return (
            yield from self._with_nonce(lambda: self._with_token(request, tokens), says, spec, "RFC 9449 §9")
        )

    def _with_token(self, request: Request, tokens: Tokens) -> Request:
        token, scheme = tokens["access_token"], str(tokens.get("token_type", "Bearer"))
        if scheme.lower() == "dpop" and self.dpop_key is not None:
            proof = self._proof(self.dpop_key, request.method, request.url, token)
            return request.with_header("Authorization", f"DPoP {token}").with_header("DPoP", proof)
        return request.with_header("Authorization", f"Bearer {token}")

    # Proofs

    def _with_nonce(
        self, request: Callable[[], Request], says: str, spec: str, again: str
    ) -> Steps[Response]:
        """Send a request; where the other side asks for a nonce in the proof, once more with a new proof."""
        first = request()
        answer = answered((yield Step(self.name, first, says, spec)))
        nonce = header(answer.headers, "DPoP-Nonce")
        if self.dpop_key is None or not nonce:
            return answer
        self.nonces[_origin(first.url)] = nonce  # each server has its own (RFC 9449 §8.2, §9)
        if not asks_for_nonce(answer):
            return answer
        says = "The other side wants its nonce in the proof. The application signs a new one, and asks once more."
        return answered((yield Step(self.name, request(), says, again)))

    def _proof(self, key: Key, method: str, url: str, token: str | None = None) -> str:
        nonce = self.nonces.get(_origin(url))
        return dpop.proof(
            key, method, url, now=self.clock(), jti=self._jti(), access_token=token, nonce=nonce
        )

    def _jti(self) -> str:
        return base64url.encode(self.random(12))


def _origin(url: str) -> str:
    parts = split(url)
    return f"{parts.scheme}://{parts.netloc}"
