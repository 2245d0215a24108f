"""The state of an authorization server and its judgement: people, clients, keys, decisions. It knows no endpoint."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import httpx

from jwtlab.checks import Policy, Report
from jwtlab.errors import UsageError
from jwtlab.jose import base64url
from jwtlab.jose.key import Key
from jwtlab.oauth.authorization_server.accounts import Accounts, Person, RegisteredAccount
from jwtlab.oauth.authorization_server.authentication_method import AuthenticationMethod
from jwtlab.oauth.authorization_server.clients import Clients
from jwtlab.oauth.authorization_server.documents import Documents
from jwtlab.oauth.authorization_server.keyring import KeyRing
from jwtlab.oauth.authorization_server.lifetimes import ACCESS_LIFETIME, ID_LIFETIME
from jwtlab.oauth.authorization_server.registration import Client, Resource
from jwtlab.oauth.dpop import Nonces
from jwtlab.oauth.http.recorder import record_report
from jwtlab.oauth.protocol import OPENID_SCOPES, ResponseType
from jwtlab.oauth.store import MemoryStore, Store, first_use, forgotten_until


class Server:
    """What an authorization server knows and decides. `AuthorizationServer` adds the endpoints.

    Args:
        issuer: its identifier and origin, such as ``"https://as.example"`` (RFC 8414 §2).
        people: who has an account.
        clients: the registered applications.
        resources: the APIs it speaks for.
        make_key: ``number -> Key``: the private signing key with this number, from 0, with a kid.
        clock: ``() -> seconds since 1970``.
        random: ``count -> bytes``.
        policies: its decisions, by name.
        response_types: what an authorization response may bring.
        authentication_methods: how a client may show who it is.
        store: where everything is kept that must not be forgotten.
        mail: ``(to, subject, text)``: sends an e-mail; without it there is no login without a password.
        send: sends a request of the server's own, such as a logout token.
        legacy: answer retired response types and grants too (implicit, password).
        registration: clients may register themselves (RFC 7591).
        documents: how to reach the documents of clients whose name is an address, or ``None``: there are none.

    Attributes:
        policies: its decisions; a weak server is one with a check taken out.
        keys: a `KeyRing`.
        nonces: `Nonces` if it demands a nonce in each DPoP proof, or ``None`` (RFC 9449 §8).

    Raises:
        UsageError: the issuer is no origin, a client has the name of a person, or it authenticates in a
            way that nobody knows.
    """

    def __init__(
        self,
        issuer: str,
        *,
        people: Iterable[Person | RegisteredAccount],
        clients: Iterable[Client],
        resources: Iterable[Resource],
        make_key: Callable[[int], Key],
        clock: Callable[[], float],
        random: Callable[[int], bytes],
        policies: Mapping[str, Policy],
        response_types: Iterable[ResponseType],
        authentication_methods: Iterable[AuthenticationMethod],
        store: Store | None = None,
        mail: Callable[[str, str, str], None] | None = None,
        send: Callable[[httpx.Request], object] = lambda request: None,
        legacy: bool = False,
        registration: bool = False,
        documents: Documents | None = None,
    ) -> None:
        if not issuer.startswith(("https://", "http://")) or issuer.count("/") != 2:
            raise UsageError(f"an issuer is an origin such as https://as.example; this is {issuer!r}")
        self.issuer, self.clock, self.random = issuer, clock, random
        self.response_types = tuple(response_types)
        self.authentication_methods = tuple(authentication_methods)
        self.accounts = Accounts(people, random)
        self.store: Store = MemoryStore() if store is None else store
        self.clients = Clients(clients, self.store, clock)
        for each in self.clients.values():
            self._check_client(each)
        self.resources = tuple(resources)
        self.registration, self.documents = registration, documents
        self.mail, self.send, self.legacy = mail, send, legacy
        self.given_answers, self.one_form = MemoryStore(), threading.RLock()
        self.keys = KeyRing(self.store, clock, make_key, tail=max(ACCESS_LIFETIME, ID_LIFETIME))
        self.policies = dict(policies)
        self.nonces: Nonces | None = None

    def _check_client(self, client: Client) -> None:
        if self.accounts.find(client.client_id) is not None:  # its own tokens would look like that person's
            raise UsageError(
                f"a client cannot be called {client.client_id!r}, as a person is (RFC 9700 §4.15)"
            )
        methods = [each.id for each in self.authentication_methods]
        if client.token_endpoint_auth_method not in methods:
            raise UsageError(f"{client.client_id}: token_endpoint_auth_method is one of {', '.join(methods)}")

    # What it knows

    @property
    def audiences(self) -> tuple[str, ...]:
        """For whom its access tokens are: the APIs, and itself (userinfo)."""
        return (*(each.audience for each in self.resources), self.issuer)

    def audience(self, scope: Iterable[str], resources: Sequence[str] = ()) -> tuple[str, ...]:
        """Where an access token is good: the APIs that were named, or else those that know one of its scopes."""
        scopes = set(scope)
        fitting = tuple(each.audience for each in self.resources if not scopes.isdisjoint(each.scopes))
        apis = tuple(resources) or fitting or self.audiences[:1]
        return tuple(dict.fromkeys((*apis, self.issuer))) if "openid" in scopes else apis

    @property
    def algorithms(self) -> tuple[str, ...]:
        """Of its signing keys."""
        return tuple(dict.fromkeys(key.alg for key in self.keys.published if key.alg))

    @property
    def is_secure(self) -> bool:
        """It is reached over TLS."""
        return self.issuer.startswith("https://")

    def endpoint(self, name: str) -> str:
        """The address of an endpoint."""
        return f"{self.issuer}/{name}"

    def scope_in_words(self, scope: str) -> str:
        """What a scope means, for the consent page."""
        for each in self.resources:
            if scope in each.scopes:
                return str(each.scopes[scope])
        return OPENID_SCOPES.get(scope, scope)

    def rights(self, subject: str) -> dict[str, Any]:
        """Claims about what somebody may do (RFC 9068 §2.2.3.1)."""
        person = self.accounts.find(subject)
        return {"roles": list(person.roles)} if person is not None and person.roles else {}

    def secret(self, count: int = 32) -> str:
        """So many random bytes as text."""
        return base64url.encode(self.random(count))

    # What it decides

    def judge(self, name: str, case: Any) -> Report:
        """Run one of the `policies`; the report appears in the record of the exchange."""
        return self.note(name, self.policies[name].run(case))

    def note(self, name: str, report: Report) -> Report:
        """A report that was made elsewhere."""
        return record_report(name, report)

    def decide(self, name: str, case: Any) -> None:
        """As `judge`, but a refusal is raised.

        Raises:
            OAuthError: with the protocol's code.
        """
        _ = self.judge(name, case).value

    def is_revoked(self, claims: Mapping[str, Any]) -> bool:
        """Was this access token revoked, or all that was granted with it?"""
        jti = str(claims.get("jti"))
        if self.store.get("revoked", jti) is not None:
            return True
        if claims.get("exp", math.inf) < forgotten_until(self.store):
            return True  # it had ended, and was forgotten, before the clock was set back
        record = self.store.get("token", jti)
        if record is None:
            # What a person has granted is kept until the token ends. If it is gone, the clock has been ahead, and
            # is back: nobody knows any more whether it was revoked.
            return "auth_time" in claims
        if record.get("parent") and self.is_revoked({"jti": record["parent"]}):
            return True
        grant = self.store.get("grant", record["grant"]) if record["grant"] else None
        return grant is not None and bool(grant["revoked"])

    def first_use(self, kind: str, name: str, seconds: float) -> bool:
        """Is this the first time that a name is used? It is remembered for so many seconds."""
        return first_use(self.store, kind, name, self.clock(), seconds)
