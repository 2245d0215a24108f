"""A client at jwtlab serve that pushes its requests (RFC 9126) and whose tokens are bound to its key (RFC 9449)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from serving import answered, shown_to_a_person

from jwtlab import Key
from jwtlab.oauth import dpop, pkce


class Refused(Exception):
    """The server did not give what was asked for."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(f"{answer.request.url.path}: {answer.status_code} {answer.text[:200]}")
        self.answer = answer


@dataclass
class Phone:
    """The public client ``spa`` with a key of its own.

    Attributes:
        told: what the server says about itself.
        http: a browser's cookies and the client's connection in one.
        uri: where the answer comes to.
        now: the client's clock.
    """

    told: Mapping[str, Any]
    http: httpx.Client
    uri: str
    now: Callable[[], float]
    key: Key = field(default_factory=lambda: Key.generate("ES256"))
    scope: str = "openid notes:read notes:write"

    def proof(self, method: str, url: str, token: str | None = None) -> str:
        """A fresh proof for one request."""
        jti = secrets.token_hex(8)
        return dpop.proof(self.key, method, url, now=self.now(), jti=jti, access_token=token)

    def post(self, path: str, form: Mapping[str, str], proof: str | None = None) -> httpx.Response:
        url = f"{self.told['issuer']}/{path}"
        headers = {"DPoP": proof or self.proof("POST", url)}
        return self.http.post(url, data={"client_id": "spa", **form}, headers=headers)

    def push(self, proved: bool = True) -> tuple[httpx.Response, str]:
        """A pushed request, and the verifier that goes with it; with a proof it binds the code to the key."""
        verifier = pkce.new_verifier(secrets.token_bytes)
        form = {
            "response_type": "code",
            "redirect_uri": self.uri,
            "scope": self.scope,
            "code_challenge": pkce.challenge(verifier),
            "code_challenge_method": "S256",
        }
        if not proved:
            form["client_id"] = "spa"
            return self.http.post(f"{self.told['issuer']}/par", data=form), verifier
        return self.post("par", form), verifier

    def opened(self, request_uri: str) -> httpx.Response:
        """A browser is sent to the server with the name of a pushed request."""
        asked = {"client_id": "spa", "request_uri": request_uri}
        return self.http.get(f"{self.told['issuer']}/authorize", params=asked)

    def code(self, request_uri: str) -> str:
        """The person logs in and allows it."""
        return answered(shown_to_a_person(self.told, self.http, self.opened(request_uri)))["code"]

    def redeem(self, code: str, verifier: str, proof: str | None = None) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.uri,
            "code_verifier": verifier,
        }
        return self.post("token", form, proof)

    def refresh(self, token: str) -> httpx.Response:
        return self.post("token", {"grant_type": "refresh_token", "refresh_token": token})

    def read(self, token: str, proof: str | None = None) -> httpx.Response:
        """GET /notes at the API with the token and a proof."""
        url = f"{self.told['api']}/notes"
        shown = proof or self.proof("GET", url, token)
        return self.http.get(url, headers={"Authorization": f"DPoP {token}", "DPoP": shown})

    def tokens(self) -> dict[str, Any]:
        """The whole way once."""
        pushed, verifier = self.push()
        if pushed.status_code != 201:
            raise Refused(pushed)
        answer = self.redeem(self.code(pushed.json()["request_uri"]), verifier)
        if answer.status_code != 200:
            raise Refused(answer)
        return dict(answer.json())
