"""A relying party: it sends people to log in, and makes sure of what comes back (OpenID Connect Core §1.2).

It knows neither pages nor cookies: what it finds out about somebody is handed to whoever keeps the session.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any, Self
from urllib.parse import urlencode

from jwtlab.checks import Policy, Report
from jwtlab.errors import OAuthError
from jwtlab.jose import base64url
from jwtlab.jose.token import read
from jwtlab.oauth import pkce
from jwtlab.oauth.client.authorization_response import AuthorizationResponse
from jwtlab.oauth.client.back_channel import BackChannel
from jwtlab.oauth.client.id_token import LoginExpected, examine_id_token
from jwtlab.oauth.client.logout_token import examine_logout_token
from jwtlab.oauth.client.pending_login import PendingLogin
from jwtlab.oauth.client.policies import POLICIES
from jwtlab.oauth.client.provider import Discovered, Provider
from jwtlab.oauth.client.settings import ClientSettings
from jwtlab.oauth.client.userinfo import Userinfo
from jwtlab.oauth.http.recorder import record_report
from jwtlab.oauth.http.steps import Steps
from jwtlab.oauth.protocol import Parameters


@dataclass(frozen=True, eq=False)
class RelyingParty:
    """A client that logs people in at an authorization server. What it is does not change; what it remembers does.

    `with_settings` gives the same one with other settings: it remembers the same.

    Attributes:
        name: for people and for the record.
        origin: where it answers; its redirect URI is ``origin/callback``.
        providers: the servers that one can log in at, by a short name; the first is the usual one. What is
            learnt of them is written here.
        clock: ``() -> seconds since 1970``.
        random: ``count -> bytes``.
        settings: what it asks for, and which precautions it takes.
        policies: every decision of its, by name: `jwtlab.oauth.client.POLICIES`.
        nonces: what each origin wants in the next proof (RFC 9449 §8.2, §9).
        seen_logouts: the logout tokens that have been used (Back-Channel Logout §2.6).
    """

    name: str
    origin: str
    _: KW_ONLY
    providers: dict[str, Provider]
    clock: Callable[[], float]
    random: Callable[[int], bytes]
    settings: ClientSettings = field(default_factory=ClientSettings)
    policies: dict[str, Policy] = field(default_factory=lambda: dict(POLICIES))
    nonces: dict[str, str] = field(default_factory=dict, repr=False)
    seen_logouts: set[str] = field(default_factory=set, repr=False)

    def with_settings(
        self, settings: ClientSettings, *, providers: dict[str, Provider] | None = None
    ) -> Self:
        """The same application with other settings, and with other servers if there are any.

        Its memory is the same: sessions, nonces, logout tokens seen.
        """
        return replace(self, settings=settings, providers=self.providers if providers is None else providers)

    @property
    def back_channel(self) -> BackChannel:
        """What it asks of others by itself."""
        return BackChannel(
            name=self.name,
            clock=self.clock,
            random=self.random,
            dpop_key=self.settings.dpop_key,
            nonces=self.nonces,
        )

    @property
    def redirect_uri(self) -> str:
        return f"{self.origin}/callback"

    def address(self, path: str, **query: str) -> str:
        """A page of the application."""
        return f"{self.origin}{path}" + (f"?{urlencode(query)}" if query else "")

    # A login

    def begin_login(
        self, provider_name: str, passed_on: Mapping[str, str] = {}
    ) -> Steps[tuple[PendingLogin, str]]:
        """What to remember until the browser is back, and where to send it (RFC 6749 §4.1.1).

        Args:
            provider_name: one of the `providers`.
            passed_on: further parameters of this one login, such as ``prompt``.
        """
        provider = yield from self._discovered(provider_name)
        pending = self._pending_login(provider_name, passed_on)
        parameters = self.authorization_request(provider, pending, passed_on)
        if self.settings.takes("par"):
            parameters = yield from self.back_channel.push(provider, parameters)
        target = provider.endpoint("authorization_endpoint")
        return pending, f"{target}?{urlencode(parameters)}"

    def _pending_login(self, provider: str, passed_on: Mapping[str, str]) -> PendingLogin:
        """With fresh values for each precaution that this application takes."""
        asks, takes = self.settings, self.settings.takes
        return PendingLogin(
            provider,
            state=self.secret(16) if takes("state") else None,
            nonce=self.secret(16) if takes("nonce") and asks.asks_for_openid else None,
            code_verifier=pkce.new_verifier(self.random) if takes("pkce") and asks.asks_for_code else None,
            max_age=passed_on.get("max_age") or asks.extra.get("max_age"),
        )

    def authorization_request(
        self, provider: Provider, pending: PendingLogin, passed_on: Mapping[str, str]
    ) -> dict[str, str]:
        """The parameters of the authorization request (RFC 6749 §4.1.1)."""
        asks = self.settings
        parameters = {
            "response_type": asks.response_type,
            "client_id": provider.credentials.client_id,
            "redirect_uri": self.redirect_uri,
            **({"scope": asks.scope} if asks.scope else {}),
            **pending.parameters,
        }
        if asks.response_mode is not None:
            parameters["response_mode"] = asks.response_mode
        return {**parameters, **asks.extra, **passed_on}

    def complete_login(self, pending: PendingLogin, given: Parameters) -> Steps[dict[str, Any]]:
        """What is known of somebody whose browser has brought an authorization response (RFC 6749 §4.1.2).

        Returns:
            ``tokens`` and ``provider``; with an ID token also ``sub``, ``sid`` and ``auth_time`` as far as it
            says them, and the ``name`` that userinfo says.

        Raises:
            OAuthError, InvalidToken: one of the decisions refuses.
        """
        provider = yield from self._discovered(pending.provider)
        promised = bool(provider.metadata.get("authorization_response_iss_parameter_supported"))
        self.decide(
            "authorization response",
            AuthorizationResponse(given, pending.state, provider.issuer, promised),
        )
        tokens: dict[str, Any] = {
            name: given[name] for name in ("access_token", "token_type", "id_token", "scope") if name in given
        }
        claims: dict[str, Any] = {}
        if "id_token" in tokens:
            claims = yield from self._read_id_token(provider, pending, tokens, given.get("code"), front=True)
        if "code" in given:
            answer = yield from self.back_channel.redeem(
                provider, given["code"], self.redirect_uri, pending.code_verifier
            )
            self.decide("token response", answer)
            got = dict(answer.json)
            tokens |= got
            if "id_token" in got:
                subject = claims.get("sub")
                claims = yield from self._read_id_token(provider, pending, got, None, subject=subject)
        known: dict[str, Any] = {"tokens": tokens, "provider": pending.provider}
        known |= {name: claims[name] for name in ("sub", "sid", "auth_time") if name in claims}
        if claims and "access_token" in tokens and "userinfo_endpoint" in provider.metadata:
            known["name"] = yield from self._name(provider, tokens, known["sub"])
        return known

    def _read_id_token(
        self,
        provider: Provider,
        pending: PendingLogin,
        tokens: Mapping[str, Any],
        code: str | None,
        *,
        front: bool = False,
        subject: str | None = None,
    ) -> Steps[dict[str, Any]]:
        text = str(tokens["id_token"])
        provider = yield from self._with_keys(provider, _kid(text))
        expected = LoginExpected(
            provider.credentials.client_id,
            pending.nonce,
            tokens.get("access_token"),
            code,
            front,
            int(pending.max_age) if pending.max_age else None,
            subject,
        )
        policy = self.policies["ID token"]
        report = examine_id_token(text, provider, expected, self.clock(), policy)
        return record_report("ID token", report).claims

    def _name(self, provider: Provider, tokens: Mapping[str, Any], subject: str) -> Steps[Any]:
        """What userinfo calls whoever logged in."""
        document = (yield from self.back_channel.userinfo(provider, tokens)).json
        self.decide("userinfo", Userinfo(document, subject))
        return document.get("name") if isinstance(document, dict) else None

    # Afterwards

    def refreshed_tokens(self, provider_name: str, refresh_token: str) -> Steps[dict[str, Any]]:
        """New tokens for a refresh token (RFC 6749 §6).

        Raises:
            OAuthError: the server gives none.
        """
        provider = yield from self._discovered(provider_name)
        answer = yield from self.back_channel.refresh(provider, refresh_token)
        self.decide("token response", answer)
        return dict(answer.json)

    def logout_address(self, provider_name: str, id_token: str | None) -> Steps[str]:
        """Where to send a browser, so that the server ends its session too (RP-Initiated Logout §2)."""
        provider = yield from self._discovered(provider_name)
        parameters = {
            "post_logout_redirect_uri": self.address("/"),
            "client_id": provider.credentials.client_id,
        }
        if id_token:
            parameters["id_token_hint"] = id_token
        return f"{provider.endpoint('end_session_endpoint')}?{urlencode(parameters)}"

    def logout_claims(self, logout_token: str) -> Steps[dict[str, Any]]:
        """The claims of a logout token, which is used up by that (Back-Channel Logout §2.6).

        Raises:
            OAuthError: it is refused.
        """
        provider = yield from self._discovered(next(iter(self.providers)))
        provider = yield from self._with_keys(provider, _kid(logout_token))
        report = examine_logout_token(
            logout_token, provider, self.clock(), self.seen_logouts, self.policies["logout token"]
        )
        record_report("logout token", report)
        if report.first_failure is not None:
            raise OAuthError(report.first_failure.reason, "invalid_request")
        claims = report.claims
        if isinstance(claims.get("jti"), str):
            self.seen_logouts.add(claims["jti"])
        return claims

    # What it knows of the servers

    def _discovered(self, name: str) -> Steps[Provider]:
        """The provider with its metadata; they are fetched the first time."""
        provider = self.providers[name]
        if not provider.metadata:
            document = yield from self.back_channel.metadata(provider.issuer)
            self.decide("discovery", Discovered(provider.issuer, document))
            provider = self.providers[name] = replace(provider, metadata=document or {})
        return provider

    def _with_keys(self, provider: Provider, kid: str | None) -> Steps[Provider]:
        """The provider with its keys, the one of this name among them if the server has it."""
        name = next(each for each, known in self.providers.items() if known.issuer == provider.issuer)
        provider = self.providers[name] = yield from self.back_channel.keys(self.providers[name], kid)
        return provider

    def decide(self, name: str, case: Any) -> Report:
        """Run one of the `policies`.

        Raises:
            OAuthError: it refuses.
        """
        report = record_report(name, self.policies[name].run(case))
        _ = report.value
        return report

    def secret(self, count: int = 32) -> str:
        """So many random bytes as text."""
        return base64url.encode(self.random(count))


def _kid(token: str) -> str | None:
    kid = (read(token).header or {}).get("kid")
    return kid if isinstance(kid, str) else None
