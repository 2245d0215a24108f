"""The world of the flows: an authorization server, APIs, applications, browsers and a mailbox, on one network."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import httpx

from jwtlab import demo
from jwtlab.checks import Policy
from jwtlab.errors import UsageError
from jwtlab.jose import base64url
from jwtlab.jose.key import Key
from jwtlab.jose.key_set import KeySet
from jwtlab.oauth import lab_clients
from jwtlab.oauth.authorization_server import AuthorizationServer
from jwtlab.oauth.authorization_server.accounts import Person
from jwtlab.oauth.authorization_server.documents import Documents
from jwtlab.oauth.authorization_server.registration import Resource
from jwtlab.oauth.client import ClientSettings, Credentials, Provider
from jwtlab.oauth.client.application import ClientApplication
from jwtlab.oauth.dpop import Nonces
from jwtlab.oauth.http.directory import Directory
from jwtlab.oauth.http.network import Network
from jwtlab.oauth.http.user_agent import UserAgent
from jwtlab.oauth.resource_server import ResourceServer
from jwtlab.oauth.store import Store

ISSUER = demo.ISSUER
API, ARCHIVE = lab_clients.API, lab_clients.ARCHIVE
APP, CALENDAR, GAME = lab_clients.APP, lab_clients.CALENDAR, lab_clients.GAME

SERVER_NAME = "Authorization server"
API_NAME = "API"
ARCHIVE_NAME = "Archive API"
APP_NAME = "Notes app"
CALENDAR_NAME = "Calendar app"

API_SCOPES = {
    "profile": "Read your name",
    "notes:read": "Read your notes",
    "notes:write": "Write notes for you",
}


Application = TypeVar("Application", bound=ClientApplication)


class MakeKey(Protocol):
    def __call__(self, alg: str, owner: str = "lab") -> Key: ...


@dataclass(frozen=True)
class Mail:
    """An e-mail."""

    to: str
    subject: str
    text: str = field(repr=False)

    @property
    def link(self) -> str:
        """The first link in it, or nothing."""
        found = re.search(r"https?://\S+", self.text)
        return found.group() if found else ""

    @property
    def code(self) -> str:
        """The six-digit code in it, or nothing."""
        found = re.search(r"\b\d{6}\b", self.text)
        return found.group() if found else ""


class Mailbox:
    """Where the lab's e-mails arrive: nothing is sent anywhere."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    def deliver(self, to: str, subject: str, text: str) -> None:
        self.mails.append(Mail(to, subject, text))

    def of(self, address: str) -> list[Mail]:
        """The e-mails to somebody, the newest last."""
        return [each for each in self.mails if each.to == address]

    def newest(self, address: str) -> Mail:
        """The last e-mail to somebody.

        Raises:
            UsageError: there is none.
        """
        mails = self.of(address)
        if not mails:
            raise UsageError(f"the mailbox of {address} is empty")
        return mails[-1]

    def __repr__(self) -> str:
        return f"<Mailbox: {len(self.mails)} e-mails>"


class World:
    """Everybody who takes part in the flows.

    Args:
        clock: ``() -> seconds since 1970``.
        random: ``count -> bytes``.
        key: ``(alg, owner) -> Key``: keys for ``"lab"``, ``"rotated"`` and ``"client"``.
        people: who has an account.
        legacy: the server answers retired grants too.
        store: of the authorization server.
        advance: ``(seconds)``: moves the clock on; without it a flow cannot wait.

    Attributes:
        network: joins them, and records what they say.
        server, api, archive: an `AuthorizationServer` and two `ResourceServer`.
        mailbox: a `Mailbox`.
        directory: where names lead, for documents that the server fetches.
        credentials: what the other clients show at the token endpoint, by client_id.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
        key: MakeKey,
        people: Iterable[Person],
        legacy: bool = False,
        store: Store | None = None,
        advance: Callable[[float], object] | None = None,
    ) -> None:
        self._advance = advance
        self.clock, self.random, self.key = clock, random, key
        self.people = {each.username: each for each in people}
        self.network = Network(clock)
        self.mailbox = Mailbox()
        self.server = AuthorizationServer(
            ISSUER,
            people=self.people.values(),
            clients=lab_clients.of_lessons(_client_keys(key)),
            resources=[Resource(API, API_SCOPES), Resource(ARCHIVE, {})],
            make_key=self._signing_key,
            clock=clock,
            random=random,
            store=store,
            mail=self.mailbox.deliver,
            send=self._sender(SERVER_NAME),
            legacy=legacy,
            kept_longer=math.inf,  # the clock of a lesson goes back and forth as the learner likes
        )
        self.directory = Directory(self.network, SERVER_NAME)
        self.api = self._api(API_NAME, API)
        self.archive = self._api(ARCHIVE_NAME, ARCHIVE)
        self.credentials = _credentials(key)
        self._applications: dict[str, ClientApplication] = {}
        self.network.add(ISSUER, SERVER_NAME, self.server.app)
        self.network.add(API, API_NAME, self.api.app)
        self.network.add(ARCHIVE, ARCHIVE_NAME, self.archive.app)
        self.install(self._application(APP_NAME, APP, "notes-app"))
        self.install(self._application(CALENDAR_NAME, CALENDAR, "calendar-app"))

    @property
    def app(self) -> ClientApplication:
        """The notes app."""
        return self._applications[APP_NAME]

    @property
    def calendar(self) -> ClientApplication:
        """The calendar app."""
        return self._applications[CALENDAR_NAME]

    def configure(
        self,
        settings: ClientSettings,
        application: ClientApplication | None = None,
        *,
        providers: Mapping[str, Provider] | None = None,
    ) -> ClientApplication:
        """An application has these settings from now on; whoever is logged in there stays so.

        Args:
            settings: all of them.
            application: which; the notes app by default.
            providers: the servers that one can log in at; otherwise the same as before.

        Returns:
            The application as it is now.
        """
        chosen = self.app if application is None else application
        servers = None if providers is None else dict(providers)
        return self.install(chosen.with_settings(settings, providers=servers))

    def install(self, application: Application) -> Application:
        """Let an application answer at its origin, in the place of the one of its name."""
        self._applications[application.name] = application
        self.network.replace(application.origin, application.name, application)
        return application

    def browser(self, username: str) -> UserAgent:
        """Somebody's browser, new and without a cookie."""
        name = self.people[username].name if username in self.people else username
        return UserAgent(self.network, f"{name}'s browser")

    def wait(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            UsageError: this world's clock goes by itself.
        """
        if self._advance is None:
            raise UsageError("the clock of this world goes by itself")
        self._advance(seconds)

    def demand_nonces(self) -> World:
        """From now on the authorization server and the API want a nonce in each DPoP proof (RFC 9449 §8, §9).

        Each has nonces of its own: a client keeps them apart.
        """
        self.server.nonces = Nonces(self.random(32), self.clock)
        self.api.nonces = Nonces(self.random(32), self.clock)
        return self

    def answer_retired_requests(self) -> World:
        """From now on the authorization server answers as in 2012: implicit, password (RFC 9700 §2.1.2, §2.4)."""
        self.server.legacy = True
        return self

    def admit_strangers(self) -> World:
        """From now on clients may come by themselves: by registering (RFC 7591), or with a document as a name."""
        self.server.registration = True
        self.server.documents = Documents(self.directory.resolve, self.directory.fetch)
        return self

    def secret(self, count: int = 16) -> str:
        """So many random bytes as text."""
        return base64url.encode(self.random(count))

    @property
    def metadata(self) -> dict[str, Any]:
        """What the authorization server says about itself."""
        return self.server.metadata

    @property
    def policies(self) -> Mapping[str, dict[str, Policy]]:
        """Everybody's decisions: party → name of the decision → `Policy`."""
        return {
            SERVER_NAME: self.server.policies,
            API_NAME: self.api.policies,
            ARCHIVE_NAME: self.archive.policies,
            APP_NAME: self.app.policies,
            CALENDAR_NAME: self.calendar.policies,
        }

    def without(self, *check_ids: str) -> World:
        """Take checks out, wherever they are asked: the world becomes a *weak* one.

        A party may be named, as in ``"API:audience-expected"``; otherwise all of them lose the check.

        Raises:
            UsageError: nobody has such a check.
        """
        for each in check_ids:
            party, _, check_id = each.rpartition(":")
            places = [
                (decisions, name)
                for who, decisions in self.policies.items()
                if party in ("", who)
                for name, policy in decisions.items()
                if check_id in policy
            ]
            if not places:
                raise UsageError(f"nobody in this world asks {each!r}")
            for decisions, name in places:
                decisions[name] = decisions[name].without(check_id)
        return self

    def _signing_key(self, number: int) -> Key:
        if number < 2:
            return self.key("RS256", ("lab", "rotated")[number])
        return Key.generate("RS256", kid=f"lab-rs256-{number + 1}")

    def _api(self, name: str, audience: str) -> ResourceServer:
        return ResourceServer(audience, issuer=ISSUER, client=self.network.client(name), clock=self.clock)

    def _application(self, name: str, origin: str, client_id: str) -> ClientApplication:
        return ClientApplication(
            name,
            origin,
            providers={"as": Provider(ISSUER, self.credentials[client_id], self.server.metadata)},
            api=API,
            clock=self.clock,
            random=self.random,
            send=self._sender(name),
        )

    def _sender(self, name: str) -> Callable[[httpx.Request], httpx.Response]:
        return lambda request: self.network.deliver(name, request)


def _client_keys(key: MakeKey) -> KeySet:
    """The public half of the key of clients that have one."""
    return KeySet([key("ES256", "client").public()])


def _credentials(key: MakeKey) -> dict[str, Credentials]:
    """What the clients hold."""
    found = {
        each.client_id: Credentials(each.client_id, each.token_endpoint_auth_method, each.client_secret)
        for each in lab_clients.of_lessons(_client_keys(key))
    }
    found["crm-sync"] = Credentials("crm-sync", "private_key_jwt", key=key("ES256", "client"))
    return found
