"""Any issuer, looked at from outside: its metadata, its keys, and a login with a real browser.

Nothing is sent before somebody names an address. Then only to that issuer and to the addresses in its document,
over TLS or on this machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx

from jwtlab.checks import Report
from jwtlab.errors import InvalidKey, OAuthError, UsageError
from jwtlab.jose import base64url
from jwtlab.jose.key_set import KeySet
from jwtlab.oauth import pkce
from jwtlab.oauth.client.authorization_response import RESPONSE_CHECKS, AuthorizationResponse
from jwtlab.oauth.client.credentials import Credentials
from jwtlab.oauth.client.id_token import ID_TOKEN_CHECKS, LoginExpected, examine_id_token
from jwtlab.oauth.client.issuer_metadata import (
    DISCOVERY_PATH,
    METADATA_CHECKS,
    MetadataDocument,
    check_address,
)
from jwtlab.oauth.client.provider import Provider
from jwtlab.oauth.client.token_response import TOKEN_RESPONSE_CHECKS
from jwtlab.oauth.http.addresses import split
from jwtlab.oauth.http.messages import Request, Response
from jwtlab.oauth.protocol import AUTHORIZATION_RESPONSE, Parameters

LONGEST = 512 * 1024
"""Bytes of a document; what is longer is not read."""


@dataclass(frozen=True)
class LoginAttempt:
    """A login that has begun: where the browser has to go, and what must not be forgotten meanwhile."""

    address: str
    state: str
    nonce: str
    verifier: str
    redirect_uri: str


class IssuerClient:
    """A client of any issuer, which it knows by its address.

    Args:
        address: such as ``"https://issuer.example"``; a slash at the end does not matter.
        client: an HTTP client; by default one of its own for real connections.
        clock: ``() -> seconds since 1970``.
        random: ``count -> bytes``.

    Attributes:
        metadata: the document, empty before `discover`.
        keys: its public keys, empty before `discover`.

    Raises:
        UsageError: it is no address.
    """

    def __init__(
        self,
        address: str,
        *,
        client: httpx.Client,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
    ) -> None:
        self.address = check_address(address)
        self._client, self._clock, self._random = client, clock, random
        self.metadata: dict[str, Any] = {}
        self.keys = KeySet([])

    def discover(self) -> Report:
        """Fetch the metadata and, if they will do, the keys.

        Returns:
            The `Report` on the metadata, every check asked.

        Raises:
            UsageError: nobody answers, or not with such a document.
        """
        document = MetadataDocument(self.address, self._get(self.address + DISCOVERY_PATH))
        if document.text("issuer").rstrip("/") == self.address:
            document = replace(document, asked=document.text("issuer"))  # some end their name with a slash
        report = METADATA_CHECKS.run(document, keep_going=True)
        self.metadata = document.content if isinstance(document.content, dict) else {}
        if not [each for each in report.failures if each.check.group != "Advice"]:
            self.address = document.asked
            try:
                self.keys = KeySet.from_jwks(self._get(self.metadata["jwks_uri"]))
            except InvalidKey as error:
                raise UsageError(f"its keys cannot be read: {error}") from error
        return report

    def provider(self, credentials: Credentials) -> Provider:
        """The issuer as a client knows it."""
        return Provider(self.address, credentials, self.metadata, self.keys)

    def begin(
        self, credentials: Credentials, redirect_uri: str, scope: str = "openid profile"
    ) -> LoginAttempt:
        """Where a browser has to go to log in (code flow with PKCE, OpenID Connect Core §3.1.2.1)."""
        state, nonce = base64url.encode(self._random(16)), base64url.encode(self._random(16))
        verifier = pkce.new_verifier(self._random)
        parameters = {
            "response_type": "code",
            "client_id": credentials.client_id,
            "redirect_uri": redirect_uri,
            "scope": scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": pkce.challenge(verifier),
            "code_challenge_method": pkce.S256,
        }
        target = self.provider(credentials).endpoint("authorization_endpoint")
        address = f"{target}{'&' if split(target).query else '?'}{urlencode(parameters)}"
        return LoginAttempt(address, state, nonce, verifier, redirect_uri)

    def finish(
        self, login: LoginAttempt, credentials: Credentials, landed: str
    ) -> tuple[dict[str, Any], list[Report]]:
        """Redeem the code in the address where the browser has landed.

        Args:
            login: as `begin` gave it.
            credentials: the client's.
            landed: the whole address out of the browser's address bar.

        Returns:
            The tokens, and the reports of the checks on the way.

        Raises:
            JwtlabError: one of the checks refused; the message says which and why.
        """
        provider = self.provider(credentials)
        given = Parameters(
            parse_qsl(split(landed.strip()).query, keep_blank_values=True), AUTHORIZATION_RESPONSE
        )
        promised = bool(self.metadata.get("authorization_response_iss_parameter_supported"))
        case = AuthorizationResponse(given, login.state, self.address, promised)
        reports = [RESPONSE_CHECKS.run(case)]
        _ = reports[-1].value
        if "code" not in given:
            raise OAuthError("there is no code in this address", "invalid_request")
        form = {
            "grant_type": "authorization_code",
            "code": given["code"],
            "redirect_uri": login.redirect_uri,
            "code_verifier": login.verifier,
        }
        tokens = self._token(provider, form, reports)
        if "id_token" in tokens:
            expected = LoginExpected(credentials.client_id, login.nonce, tokens.get("access_token"))
            text = str(tokens["id_token"])
            reports.append(examine_id_token(text, provider, expected, self._clock(), ID_TOKEN_CHECKS))
            _ = reports[-1].value
        return tokens, reports

    def ask(self, credentials: Credentials, scope: str = "") -> tuple[dict[str, Any], list[Report]]:
        """A token for the client itself (client credentials, RFC 6749 §4.4)."""
        form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
        reports: list[Report] = []
        return self._token(self.provider(credentials), form, reports), reports

    def _token(self, provider: Provider, form: Mapping[str, str], reports: list[Report]) -> dict[str, Any]:
        url = provider.endpoint("token_endpoint")
        request: Request = provider.credentials.post(
            url,
            form,
            issuer=provider.issuer,
            now=self._clock(),
            jti=lambda: base64url.encode(self._random(12)),
        )
        try:
            answer = Response.of(self._client.send(request.to_httpx()))
        except (httpx.HTTPError, UsageError) as error:
            raise UsageError(f"{url} does not answer: {error}") from error
        reports.append(TOKEN_RESPONSE_CHECKS.run(answer))
        _ = reports[-1].value
        return dict(answer.json)

    def _get(self, url: str) -> Any:
        check_address(url.partition("?")[0])
        try:
            answer = self._client.get(url)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UsageError(f"{url} does not answer: {error}") from error
        if answer.status_code != 200:
            raise UsageError(f"{url} answers {answer.status_code}; an issuer's documents answer 200")
        if len(answer.content) > LONGEST:
            raise UsageError(f"{url} sends {len(answer.content):,} bytes; that is no such document")
        try:
            return json.loads(answer.content)
        except ValueError as error:
            raise UsageError(f"{url} sends no JSON. Is this an OpenID provider?") from error
