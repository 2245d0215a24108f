"""Everything behind the socket of ``jwtlab serve``: the authorization server, the API, the mailbox, who is known."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from flask import Flask, Response
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from jwtlab.errors import UsageError
from jwtlab.jose.key import Key
from jwtlab.jose.key_set import KeySet
from jwtlab.lab import USERS, User
from jwtlab.oauth import lab_clients, protocol
from jwtlab.oauth.authorization_server import AuthorizationServer, responses
from jwtlab.oauth.authorization_server.documents import Documents
from jwtlab.oauth.authorization_server.registration import Client, Resource, check_redirect_uri
from jwtlab.oauth.resource_server import ResourceServer
from jwtlab.oauth.resource_server.metadata import metadata_address
from jwtlab.oauth.store import MemoryStore, SQLiteStore, Store
from jwtlab.oauth.world import API_SCOPES, Mailbox
from jwtlab.registry.clients import read_clients
from jwtlab.registry.people import RegisteredPerson, read_people

PORT = 8765
_FOR_EVER = 1e11


@dataclass(frozen=True)
class Options:
    """What ``jwtlab serve`` was told.

    Attributes:
        host, port: where it listens; port 0 takes a free one.
        store: a file for everything that must survive a restart; ``None`` keeps it in memory.
        legacy: implicit and password grants too.
        redirect_uris: further addresses for the clients with a browser.
        backchannel_logout_uris: where these clients hear of a logout: client → address.
        remote: another host than loopback is meant seriously.
        people: a file of people with an account; ``None`` for the lab's, whose passwords are public.
        clients: a file of client applications; ``None`` for the lab's.
        resources: further APIs: audience → their scopes, with words for the consent page.
        strangers: clients may come by themselves. With the lab's people they may anyway.
    """

    host: str = "127.0.0.1"
    port: int = PORT
    store: str | None = None
    legacy: bool = False
    redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uris: Mapping[str, str] = field(default_factory=dict)
    remote: bool = False
    people: Path | None = None
    clients: Path | None = None
    resources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    strangers: bool = False


class Served:
    """Everything behind the socket.

    Args:
        issuer: the address under which it is reached.
        options: what was asked for.

    Attributes:
        app: the WSGI application: the server at the root, the API under ``/api``, the mailbox.
        people: who has an account.
        clients: the registered clients, with what they hold.
        desk: the path of the page with secrets, for whoever started it. With the lab's own people nothing is
            secret, and the page is the first one; with people of one's own it has a name that cannot be guessed.

    Raises:
        UsageError: an option or a file is wrong.
    """

    def __init__(self, issuer: str, options: Options) -> None:
        self.issuer, self.api_address = issuer, f"{issuer}/api"
        self.people: Sequence[User | RegisteredPerson] = (
            tuple(USERS.values()) if options.people is None else read_people(options.people)
        )
        for uri in options.redirect_uris:
            check_redirect_uri(uri)
        self.store: Store = SQLiteStore(options.store) if options.store else MemoryStore()
        self.private_keys: dict[str, Key] = {}
        try:
            self.clients = [self._as_told(each, options) for each in self._known_clients(options)]
            self.clients += self._apis(options)
            self._check_named(options)
            self.desk = "" if options.people is None else f"/desk/{self._kept_secret('desk', kind='desk')}"
            self._build(options)
        except BaseException:
            self.store.close()
            raise

    def _build(self, options: Options) -> None:
        self.mailbox = Mailbox()
        self.server = AuthorizationServer(
            self.issuer,
            people=self.people,
            clients=self.clients,
            resources=[
                Resource(self.api_address, API_SCOPES),
                *(Resource(audience, scopes) for audience, scopes in options.resources.items()),
            ],
            registration=options.strangers or self.open_to_all,
            documents=Documents() if options.strangers or self.open_to_all else None,
            make_key=lambda number: Key.generate("RS256"),
            clock=time.time,
            random=secrets.token_bytes,
            store=self.store,
            mail=self.mailbox.deliver,
            send=_send_in_background,
            legacy=options.legacy,
        )
        in_process = httpx.Client(transport=httpx.WSGITransport(app=self.server.app), trust_env=False)
        self.api = ResourceServer(
            self.api_address,
            issuer=self.issuer,
            client=in_process,
            clock=time.time,
            base="/api",
            store=self.store,
            # It stands beside its server and looks into the same store: a revoked token is refused at once.
            is_revoked=self.server.is_revoked,
        )
        self.server.app.add_url_rule("/", "welcome", self._welcome)
        # Between the host and the path of the API (RFC 9728 §3.1): outside of what the API itself answers.
        where = metadata_address(self.api_address).removeprefix(self.issuer)
        self.server.app.add_url_rule(where, "resource metadata", self.api.describe)
        if self.desk:
            self.server.app.add_url_rule(f"{self.desk}/", "desk", self._desk, strict_slashes=False)
        self.app = DispatcherMiddleware(
            self.server.app, {"/api": _with_prefix(self.api.app), f"{self.desk}/mailbox": self._mailbox_app()}
        )

    @property
    def open_to_all(self) -> bool:
        """The people are the lab's, and their passwords public."""
        return not self.desk

    def _known_clients(self, options: Options) -> list[Client]:
        if options.clients is not None:
            found = read_clients(options.clients, api=self.api_address, secret=self._kept_secret)
            return [
                replace(each, redirect_uris=(*each.redirect_uris, *options.redirect_uris))
                if each.redirect_uris
                else each
                for each in found
            ]
        rows = [
            row.at_serve(
                api=self.api_address,
                redirect_uris=(*lab_clients.LOOPBACK_CALLBACKS, *options.redirect_uris),
                secret=self._kept_secret,
                key=lambda client_id: KeySet([self._kept_key(client_id).public()]),
                people=[each.username for each in self.people],
            )
            for row in lab_clients.LAB_CLIENTS
        ]
        return [each for each in rows if each is not None]

    def _apis(self, options: Options) -> list[Client]:
        """Each further API is a client too: it trades its callers' tokens for those of the lab's API (RFC 8693)."""
        return [
            Client(
                client_id=f"resource-{number}",
                name=audience,
                token_endpoint_auth_method="client_secret_basic",
                client_secret=self._kept_secret(f"resource {audience}"),
                grant_types=(protocol.TOKEN_EXCHANGE,),
                response_types=(),
                scope=" ".join(API_SCOPES),
                resource=audience,
                exchanges_for=(self.api_address,),
            )
            for number, audience in enumerate(options.resources, 1)
        ]

    def _as_told(self, client: Client, options: Options) -> Client:
        """What the options change about a client."""
        told = client if options.legacy else lab_clients.without_retired(client)
        address = options.backchannel_logout_uris.get(client.client_id, client.backchannel_logout_uri)
        return replace(told, backchannel_logout_uri=address)

    def _check_named(self, options: Options) -> None:
        known = [each.client_id for each in self.clients]
        unknown = set(options.backchannel_logout_uris) - set(known)
        if unknown:
            raise UsageError(f"there is no client {min(unknown)!r}; there are: {', '.join(known)}")
        usernames = {each.username for each in self.people}
        for client in self.clients:
            strangers = set(client.acts_for) - usernames
            if strangers:
                raise UsageError(
                    f"{options.clients}, [clients.{client.client_id}]: acts_for names {min(strangers)!r}, "
                    "and nobody of that name has an account"
                )

    def _kept_secret(self, name: str, *, kind: str = "client secret") -> str:
        """A secret: drawn once, and the same after a restart."""
        with self.store.transaction():
            record = self.store.get(kind, name)
            if record is None:
                record = {"secret": secrets.token_urlsafe(32)}
                self.store.put(kind, name, record, _FOR_EVER)
        return str(record["secret"])

    def _kept_key(self, client_id: str) -> Key:
        with self.store.transaction():
            record = self.store.get("client key", client_id)
            if record is None:
                record = {"jwk": Key.generate("ES256").to_jwk(private=True)}
                self.store.put("client key", client_id, record, _FOR_EVER)
        key = self.private_keys[client_id] = Key.from_jwk(record["jwk"])
        return key

    def description(self) -> dict[str, Any]:
        """What a program needs to know to use it; a password of one's own people is not known here."""
        return {
            "issuer": self.issuer,
            "api": self.api_address,
            "mailbox": f"{self.issuer}{self.desk}/mailbox",
            "clients": [self._described(each) for each in self.clients],
            "users": [
                {"username": each.username, "password": each.password if isinstance(each, User) else None}
                for each in self.people
            ],
        } | ({"desk": f"{self.issuer}{self.desk}/"} if self.desk else {})

    def _described(self, client: Client) -> dict[str, Any]:
        described: dict[str, Any] = {
            "client_id": client.client_id,
            "client_secret": client.client_secret,
            "redirect_uris": list(client.redirect_uris),
            "post_logout_redirect_uris": list(client.post_logout_redirect_uris),
            "grant_types": list(client.grant_types),
            "response_types": list(client.response_types),
            "token_endpoint_auth_method": client.token_endpoint_auth_method,
            "scope": client.scope,
        }
        if client.resource is not None:
            described["resource"] = client.resource
        if client.client_id in self.private_keys:
            described["jwk"] = self.private_keys[client.client_id].to_jwk(private=True)
        return described

    def _welcome(self) -> Response:
        if self.open_to_all:
            return responses.page("welcome_serve.html", **self.description())
        return responses.page("welcome_own_people.html", api=self.api_address)

    def _desk(self) -> Response:
        return responses.page("desk.html", **self.description())

    def _mailbox_app(self) -> Flask:
        app = Flask("jwtlab.oauth", static_folder=None)
        app.add_url_rule(
            "/", "mailbox", lambda: responses.page("mailbox.html", mails=list(reversed(self.mailbox.mails)))
        )
        app.add_url_rule(
            "/json", "json", lambda: [vars(each) for each in self.mailbox.mails], strict_slashes=False
        )
        return app

    def close(self) -> None:
        self.store.close()


def _with_prefix(app: Any) -> Any:
    """The API knows its own path; the dispatcher has cut it off."""

    def wsgi(environ: dict[str, Any], start_response: Any) -> Any:
        path = environ["SCRIPT_NAME"] + environ["PATH_INFO"]
        return app({**environ, "SCRIPT_NAME": "", "PATH_INFO": path}, start_response)

    return wsgi


def _send_in_background(request: httpx.Request) -> None:
    """A logout token; the person does not wait for it."""

    def send() -> None:
        try:
            with httpx.Client(trust_env=False, timeout=3) as client:
                client.send(request)
        except httpx.HTTPError:
            return  # an application that does not answer learns of it when its tokens expire

    threading.Thread(target=send, daemon=True).start()
