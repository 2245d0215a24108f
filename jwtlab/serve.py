"""``jwtlab serve``: the authorization server and the API on a loopback socket, with the real clock and real randomness.

For a real browser, curl, Postman, or any client library. It is a place to learn and to test in, not a product:
its people's passwords stand in a public file.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import secrets
import signal
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import FrameType
from typing import Any
from urllib.parse import quote

import httpx
from flask import Flask, Response
from waitress.server import create_server
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from jwtlab.errors import UsageError
from jwtlab.jose.key import Key
from jwtlab.jose.key_set import KeySet
from jwtlab.lab import USERS
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server import AuthorizationServer, responses
from jwtlab.oauth.authorization_server.registration import Client, Resource, check_redirect_uri
from jwtlab.oauth.resource_server import FETCH_PAUSE, ResourceServer
from jwtlab.oauth.store import MemoryStore, SQLiteStore, Store
from jwtlab.oauth.world import API_SCOPES, RESPONSE_TYPES, Mailbox

PORT = 8765
THREADS = 2
"""More of them only wait for one another: Python runs one at a time, and signing takes most of it."""
_FOR_EVER = 1e11
_RETIRED = {each.id for each in protocol.RESPONSE_TYPES if each.retired}
LOOPBACK_CALLBACKS = ("http://127.0.0.1/callback", "http://[::1]/callback", "http://localhost/callback")
LOOPBACK_PAGES = ("http://127.0.0.1/", "http://[::1]/", "http://localhost/")
"""Any port matches (RFC 8252 §7.3, RFC 9700 §4.1.3)."""


@dataclass(frozen=True)
class Options:
    """What ``jwtlab serve`` was told.

    Attributes:
        host, port: where it listens; port 0 takes a free one.
        store: a file for everything that must survive a restart; ``None`` keeps it in memory.
        legacy: implicit and password grants too.
        redirect_uris: further addresses for the clients with a browser.
        backchannel_logout_uris: where these clients hear of a log-out: client → address.
        remote: another host than loopback is meant seriously.
    """

    host: str = "127.0.0.1"
    port: int = PORT
    store: str | None = None
    legacy: bool = False
    redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uris: Mapping[str, str] = field(default_factory=dict)
    remote: bool = False


def check_host(host: str, remote: bool) -> None:
    """Only this machine, unless told twice.

    Raises:
        UsageError: others could reach it.
    """
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if loopback:
        return
    if not remote:
        raise UsageError(
            f"{host} can be reached from other machines, and the passwords of this server stand in a public "
            "file. If you mean it, say so twice: add --reachable-by-others"
        )
    print(
        f"jwtlab: WARNING: whoever reaches {host} can log in as everybody: the passwords are public.",
        file=sys.stderr,
    )


class Served:
    """Everything behind the socket.

    Args:
        issuer: the address under which it is reached.
        options: what was asked for.

    Attributes:
        app: the WSGI application: the server at the root, the API under ``/api``, the mailbox under ``/mailbox``.
        clients: the registered clients, with what they hold.
    """

    def __init__(self, issuer: str, options: Options) -> None:
        self.issuer, self.api_address = issuer, f"{issuer}/api"
        self.store: Store = SQLiteStore(options.store) if options.store else MemoryStore()
        for uri in options.redirect_uris:
            check_redirect_uri(uri)
        self.private_keys: dict[str, Key] = {}
        self.clients = [
            self._as_told(each, options)
            for each in self._clients((*LOOPBACK_CALLBACKS, *options.redirect_uris))
        ]
        unknown = set(options.backchannel_logout_uris) - {each.client_id for each in self.clients}
        if unknown:
            known = ", ".join(each.client_id for each in self.clients)
            raise UsageError(f"there is no client {min(unknown)!r}; there are: {known}")
        self.mailbox = Mailbox()
        self.server = AuthorizationServer(
            issuer,
            people=USERS.values(),
            clients=self.clients,
            resources=[Resource(self.api_address, API_SCOPES)],
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
            issuer=issuer,
            client=in_process,
            clock=time.time,
            base="/api",
            store=self.store,
            # It stands beside its server and looks into the same store: a revoked token is refused at once.
            is_revoked=self.server.is_revoked,
        )
        self.server.app.add_url_rule("/", "welcome", self._welcome)
        self.app = DispatcherMiddleware(
            self.server.app, {"/api": _with_prefix(self.api.app), "/mailbox": self._mailbox_app()}
        )

    def _clients(self, redirect_uris: tuple[str, ...]) -> list[Client]:
        browser = (protocol.AUTHORIZATION_CODE, protocol.REFRESH_TOKEN, protocol.IMPLICIT, protocol.PASSWORD)
        people = tuple(USERS)
        key = self._kept_key("worker-jwt")
        return [
            Client(
                "spa",
                "Single-page app",
                redirect_uris=redirect_uris,
                grant_types=browser,
                response_types=RESPONSE_TYPES,
                post_logout_redirect_uris=(*redirect_uris, *LOOPBACK_PAGES),
            ),
            Client(
                "web",
                "Web shop",
                "client_secret_basic",
                self._kept_secret("web"),
                redirect_uris=redirect_uris,
                grant_types=(*browser, protocol.CLIENT_CREDENTIALS, protocol.TOKEN_EXCHANGE),
                response_types=RESPONSE_TYPES,
                post_logout_redirect_uris=(*redirect_uris, *LOOPBACK_PAGES),
                exchanges_for=(self.api_address,),
            ),
            Client(
                "web-post",
                "Another web shop",
                "client_secret_post",
                self._kept_secret("web-post"),
                redirect_uris=redirect_uris,
                grant_types=browser,
                response_types=RESPONSE_TYPES,
                post_logout_redirect_uris=(*redirect_uris, *LOOPBACK_PAGES),
            ),
            Client(
                "worker",
                "Nightly report",
                "client_secret_basic",
                self._kept_secret("worker"),
                grant_types=(protocol.CLIENT_CREDENTIALS,),
                response_types=(),
                scope="profile notes:read notes:write",
            ),
            Client(
                "worker-jwt",
                "Service with a key of its own",
                "private_key_jwt",
                jwks=KeySet([key.public()]),
                redirect_uris=redirect_uris,
                grant_types=(
                    protocol.CLIENT_CREDENTIALS,
                    protocol.JWT_BEARER,
                    protocol.AUTHORIZATION_CODE,
                    protocol.REFRESH_TOKEN,
                ),
                acts_for=people,
            ),
            Client(
                "tv",
                "Television",
                grant_types=(protocol.DEVICE_CODE, protocol.REFRESH_TOKEN),
                response_types=(),
            ),
            Client(
                "api",
                "The API itself",
                "client_secret_basic",
                self._kept_secret("api"),
                grant_types=(protocol.CLIENT_CREDENTIALS, protocol.TOKEN_EXCHANGE),
                response_types=(),
                resource=self.api_address,
                exchanges_for=(self.api_address,),
            ),
        ]

    def _as_told(self, client: Client, options: Options) -> Client:
        """What the options change about a client."""
        retired = () if options.legacy else (protocol.IMPLICIT, protocol.PASSWORD)
        return replace(
            client,
            grant_types=tuple(each for each in client.grant_types if each not in retired),
            response_types=tuple(
                each for each in client.response_types if options.legacy or each not in _RETIRED
            ),
            backchannel_logout_uri=options.backchannel_logout_uris.get(client.client_id),
        )

    def _kept_secret(self, client_id: str) -> str:
        """A client's secret: drawn once, and the same after a restart."""
        with self.store.transaction():
            record = self.store.get("client secret", client_id)
            if record is None:
                record = {"secret": secrets.token_urlsafe(32)}
                self.store.put("client secret", client_id, record, _FOR_EVER)
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
        """What a program needs to know to use it."""
        return {
            "issuer": self.issuer,
            "api": self.api_address,
            "mailbox": f"{self.issuer}/mailbox",
            "clients": [self._described(each) for each in self.clients],
            "users": [{"username": each.username, "password": each.password} for each in USERS.values()],
        }

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
        if client.client_id in self.private_keys:
            described["jwk"] = self.private_keys[client.client_id].to_jwk(private=True)
        return described

    def _welcome(self) -> Response:
        return responses.page("welcome_serve.html", **self.description())

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


def run(options: Options, as_json: bool = False) -> int:
    """Serve until SIGTERM or SIGINT; gives the exit code."""
    check_host(options.host, options.remote)
    front = _Front(options.remote)
    try:
        server = create_server(
            front,
            host=options.host,
            port=options.port,
            threads=THREADS,
            ident=None,
            clear_untrusted_proxy_headers=True,
            max_request_header_size=32 * 1024,
        )
    except OSError as error:
        raise UsageError(
            f"port {options.port} on {options.host} cannot be used ({error.strerror}); --port 0 takes a free one"
        ) from error
    port = server.effective_port
    host = f"[{options.host}]" if ":" in options.host else options.host
    served = Served(f"http://{host}:{port}", options)
    front.app, front.issuer = served.app, served.issuer
    front.keys = served.server.keys

    front.hosts = frozenset({f"{host}:{port}", f"localhost:{port}"} | ({host} if port == 80 else set()))

    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):  # told once is enough
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    if hasattr(signal, "SIGUSR1"):  # SIGHUP stays what it is: the end, when the terminal is closed
        signal.signal(signal.SIGUSR1, lambda *_: front.rotate())
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue is no cause for alarm
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    _announce(served.description(), as_json)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        served.close()
    return 0


class _Front:
    """Stands at the socket before the issuer's address is known, because the port may be a free one.

    It answers under its own name only: a page of another site whose name was pointed at this machine (DNS
    rebinding) would otherwise read the people's passwords.

    Args:
        any_host: others are meant to reach it, under names that it cannot know.
    """

    app: Any = None
    keys: Any = None
    hosts: frozenset[str] = frozenset()

    issuer: str = ""

    def __init__(self, any_host: bool) -> None:
        self.any_host = any_host
        self._rotation = threading.Event()

    def rotate(self) -> None:
        """SIGUSR1: a new signing key, announced before the next answer."""
        self._rotation.set()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "").lower()
        page = environ["REQUEST_METHOD"] == "GET" and "text/html" in environ.get("HTTP_ACCEPT", "")
        if host.startswith("localhost:") and host in self.hosts and page:
            # Cookies and forms belong to one address: a person who typed the other name goes on at the issuer's.
            there = self.issuer + environ["PATH_INFO"] + (f"?{q}" if (q := environ["QUERY_STRING"]) else "")
            start_response("307 Temporary Redirect", [("Location", quote(there, safe=":/?&=%+~-._;,"))])
            return [b""]
        if not self.any_host and host not in self.hosts:
            start_response("421 Misdirected Request", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"This server answers under its own address only.\n"]
        if (
            self._rotation.is_set()
        ):  # not in the signal's handler: that may come in the middle of a transaction
            self._rotation.clear()
            # Published now, used when every verifier that searches at the usual rate can have seen it.
            self.keys.rotate(delay=FETCH_PAUSE)
        answer: Iterable[bytes] = self.app(environ, start_response)
        return answer


def _announce(description: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(description), flush=True)
        return
    print(f"Authorization server  {description['issuer']}")
    print(f"Its metadata          {description['issuer']}/.well-known/openid-configuration")
    print(f"API                   {description['api']}/me and /notes")
    print(f"Mailbox               {description['mailbox']}")
    print("Clients               " + ", ".join(each["client_id"] for each in description["clients"]))
    print(
        "People                "
        + ", ".join(f"{u['username']} / {u['password']}" for u in description["users"])
    )
    print("Their secrets: open the first address in a browser. End with Ctrl+C.", flush=True)
