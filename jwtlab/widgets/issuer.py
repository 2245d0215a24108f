"""IssuerExplorer: any OpenID provider by its address: its metadata, its keys, a login, a token."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import httpx
import traitlets

from jwtlab.checks import Report
from jwtlab.errors import JwtlabError
from jwtlab.jose import jwt
from jwtlab.jose.verifier import Verifier
from jwtlab.oauth.client import Credentials
from jwtlab.oauth.client.issuer_client import IssuerClient, LoginAttempt
from jwtlab.oauth.http.outside import outside_client, proxy_in_words
from jwtlab.oauth.resource_server import ALGORITHMS
from jwtlab.widgets import reading
from jwtlab.widgets.view import View, action

FACTS = (
    ("authorization_endpoint", "where browsers log in"),
    ("token_endpoint", "where codes become tokens"),
    ("userinfo_endpoint", "who is this"),
    ("jwks_uri", "the public keys"),
    ("end_session_endpoint", "logout"),
    ("grant_types_supported", "ways to a token"),
    ("response_types_supported", "what a browser may bring back"),
    ("scopes_supported", "what may be asked for"),
    ("token_endpoint_auth_methods_supported", "how clients show who they are"),
)


class IssuerExplorer(View):
    """Look at an issuer, check a token with its keys, and log in there with a real browser.

    Nothing is sent before *Fetch* is pressed, and then only to the issuer and to the addresses in its document.
    A secret that is typed stays in this process: it is in no trait, no picture and no notebook.

    Args:
        address: to begin with; it is not fetched by itself.
        client: an HTTP client; ``lab.world().network.client("You")`` reaches the lab's servers, the default one
            the real world, through the proxy that the environment names (`outside_client`).
        clock: ``() -> seconds since 1970``; the machine's clock by default.
        random: ``count -> bytes``; the machine's by default.
    """

    template = "issuer.html"
    watched = ("moves",)

    moves = traitlets.Int(0)

    def __init__(
        self,
        address: str = "",
        *,
        client: httpx.Client | None = None,
        clock: Callable[[], float] = time.time,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self.address = address
        self._client = client or outside_client()
        self._real = client is None
        self._clock, self._random = clock, random
        self.issuer: IssuerClient | None = None
        self.report: Report | None = None
        self.token = ""
        self.client_id, self._secret = "", ""
        self.redirect_uri, self.scope, self.landed = "http://127.0.0.1/callback", "openid profile", ""
        self.login: LoginAttempt | None = None
        self.tokens: dict[str, Any] = {}
        self.said: list[Report] = []
        self.problem, self.way = "", ""
        super().__init__()

    @action("address")
    def type_address(self, value: str, target: str = "", cut: int = 0) -> None:
        self.address = str(value)[:2000]

    @action("field")
    def type_field(self, value: str, target: str = "", cut: int = 0) -> None:
        """One of the fields of the login."""
        if target == "secret":
            self._secret = str(value)
        elif target in ("client_id", "redirect_uri", "scope", "landed"):
            setattr(self, target, str(value)[:8000])

    @action("token")
    def type_token(self, value: str, target: str = "", cut: int = 0) -> None:
        self.token = str(value)

    @action("fetch")
    def fetch(self, value: str = "", target: str = "") -> None:
        """Ask the issuer for its metadata and keys."""
        self.issuer, self.report, self.login = None, None, None
        self.tokens, self.said = {}, []
        self._try(self._fetch)

    def _fetch(self) -> None:
        self.way = proxy_in_words(self.address.strip()) if self._real else ""
        issuer = IssuerClient(self.address, client=self._client, clock=self._clock, random=self._random)
        self.report = issuer.discover()
        self.issuer = issuer

    @action("begin")
    def begin(self, value: str = "", target: str = "") -> None:
        """Make the address for the browser."""
        self._try(self._begin)

    def _begin(self) -> None:
        if self.issuer is not None:
            self.login = self.issuer.begin(self._credentials(), self.redirect_uri, self.scope)
            self.landed = ""

    @action("finish")
    def finish(self, value: str = "", target: str = "") -> None:
        """Redeem the code in the address where the browser landed."""
        self._try(self._finish)

    def _finish(self) -> None:
        if self.issuer is not None and self.login is not None:
            login, self.login = self.login, None  # a login is finished once
            self.tokens, self.said = self.issuer.finish(login, self._credentials(), self.landed)

    @action("ask")
    def ask(self, value: str = "", target: str = "") -> None:
        """A token for the client itself."""
        self._try(self._ask)

    def _ask(self) -> None:
        if self.issuer is not None:
            scope = " ".join(each for each in self.scope.split() if each not in ("openid", "profile"))
            self.tokens, self.said = self.issuer.ask(self._credentials(), scope)

    def _credentials(self) -> Credentials:
        method = "client_secret_basic" if self._secret else "none"
        return Credentials(self.client_id, method, self._secret or None)

    def _try(self, deed: Callable[[], None]) -> None:
        self.problem = ""
        try:
            deed()
        except JwtlabError as error:
            self.problem = str(error)
        self.moves += 1

    def context(self) -> dict[str, Any]:
        metadata = self.issuer.metadata if self.issuer else {}
        now = self._clock() if self.tokens or self.token else 0.0
        return {
            "facts": [(name, metadata[name], words) for name, words in FACTS if name in metadata],
            "keys": list(self.issuer.keys) if self.issuer else [],
            "judged": self._judged(now),
            "shown": reading.inspect(self.token, now) if self.token else None,
            "got": [
                (name, reading.inspect(str(self.tokens[name]), now))
                for name in ("id_token", "access_token")
                if str(self.tokens.get(name, "")).count(".") == 2
            ],
            "has_secret": bool(self._secret),
        }

    def _judged(self, now: float) -> Report | None:
        """The pasted token, judged by the issuer's keys; the audience is shown, not judged: it may be anybody."""
        if not self.token or self.issuer is None or not len(self.issuer.keys):
            return None
        verifier = Verifier(
            self.issuer.keys,
            algorithms=ALGORITHMS,
            issuer=self.issuer.address,
            leeway=30,
            policy=jwt.STANDARD.without("audience-expected"),
        )
        return verifier.verify(self.token, now=now)
