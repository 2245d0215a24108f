"""Everybody of one case: issuer, API, application and Mallory, on a network of their own, with Alice logged in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from jwtlab.errors import UsageError
from jwtlab.jose import base64url
from jwtlab.jose.key import Key
from jwtlab.oauth.authorization_server import AuthorizationServer
from jwtlab.oauth.authorization_server.lifetimes import SESSION_LIFETIME
from jwtlab.oauth.authorization_server.registration import Client, Resource
from jwtlab.oauth.browser_app import scripts
from jwtlab.oauth.browser_app.application import (
    CONFIDENTIAL,
    PUBLIC,
    SCOPE,
    SECRET,
    Application,
    strict_or_lax_cors,
)
from jwtlab.oauth.browser_app.catalogue import ATTACKS, PlayedCase
from jwtlab.oauth.browser_app.mallory import HERS, Mallory
from jwtlab.oauth.browser_app.places import LAB_PLACES, Places
from jwtlab.oauth.http.network import Network
from jwtlab.oauth.resource_server import ResourceServer
from jwtlab.oauth.store import fingerprint

NOTE = "feed the cat"
_FOR_EVER = 1e11


@dataclass(frozen=True)
class Alice:
    """The one who is attacked. She has logged in already, so nobody asks for her password."""

    username: str = "alice"
    name: str = "Alice"
    email: str = "alice@mail.example"
    password: str = "wonderland"
    roles: tuple[str, ...] = ()


class DesignStage:
    """The servers of one design; cases are played on them one after another.

    Args:
        design: id of one of the `DESIGNS`.
        places: where they are.
        clock: ``() -> seconds since 1970``.
        random: ``count -> bytes``.
        key: ``(alg, owner) -> private key``, for owners ``"lab"`` and ``"mallory"``.

    Attributes:
        network: joins them.
        server, api, app, mallory: the issuer, a `ResourceServer`, the `Application`, and `Mallory`.
        case: what is being played.
        in_library: the script that stands in the library of this case, or nothing.
        session_cookie: name and value of Alice's session at the issuer: she has logged in there before.

    Raises:
        UsageError: there is no such design.
    """

    def __init__(
        self,
        design: str,
        places: Places = LAB_PLACES,
        *,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
        key: Callable[[str, str], Key],
    ) -> None:
        self.case = PlayedCase(design, ATTACKS[0].name)
        self.places, self.design, self.clock, self.random = places, design, clock, random
        self.in_library = ""
        self.network = Network(clock)
        self.server = self._server(key)
        self.api = ResourceServer(
            places.api, issuer=places.issuer, client=self.network.client("API"), clock=clock
        )
        self.api.app.after_request(lambda response: strict_or_lax_cors(self, response))
        self.app = Application(self)
        self.mallory = Mallory(self, key("ES256", "mallory"))
        for origin, name, part in self.parts:
            self.network.add(origin, name, part)
        self.session_cookie = ("", "")

    @property
    def defences(self) -> frozenset[str]:
        """Ids of those that are up."""
        return self.case.defences

    def begin(self, case: PlayedCase) -> None:
        """Everything as before a case: Alice is logged in at the issuer, Mallory's script lies ready.

        Raises:
            UsageError: the case is of another design.
        """
        if case.design != self.design:
            raise UsageError(f"these are the servers of {self.design}; {case} needs others")
        self.case = case
        self.network.trace.clear()
        self.app.forget()
        self.mallory.forget()
        attack = case.what
        script = scripts.intruder(attack.id, self.places) if attack.entry else ""
        self.in_library = script if attack.entry == "library" else ""
        notes = [NOTE]
        if attack.entry == "note":
            notes.append(f'<img src="x:" onerror="{escape(script)}">')
        self.api.store.put("notes", "alice", {"notes": notes}, _FOR_EVER)
        self.session_cookie = self._log_in("alice")

    @property
    def parts(self) -> tuple[tuple[str, str, Any], ...]:
        """Origin, name and WSGI application of each."""
        places = self.places
        return (
            (places.app, "Notes app", self.app.flask),
            (places.issuer, "Authorization server", self.server.app),
            (places.api, "API", self.api.app),
            (places.sibling, "Taken-over blog", self.mallory.app),
            (places.mallory, "Mallory's site", self.mallory.app),
        )

    def _server(self, key: Callable[[str, str], Key]) -> AuthorizationServer:
        back = f"{self.places.app}/backend/callback"
        page = Client(
            PUBLIC,
            "Notes",
            redirect_uris=(f"{self.places.app}/callback",),
            scope=SCOPE,
            trusted=True,
            dpop_bound_access_tokens=self.design == "bound-key",
        )
        backend = Client(
            CONFIDENTIAL,
            "Notes",
            "client_secret_basic",
            SECRET,
            redirect_uris=(back,),
            scope=SCOPE,
            trusted=True,
        )
        return AuthorizationServer(
            self.places.issuer,
            people=[Alice()],
            clients=[backend if self.design == "backend" else page],
            resources=[Resource(self.places.api, {each: each for each in SCOPE.split()})],
            make_key=lambda number: key("RS256", "lab"),
            clock=self.clock,
            random=self.random,
        )

    def _log_in(self, subject: str) -> tuple[str, str]:
        """A session at the issuer, as it is after a login."""
        value, now = base64url.encode(self.random(24)), self.clock()
        name = fingerprint(value)
        record = {
            "sub": subject,
            "auth_time": int(now),
            "amr": ["pwd"],
            "sid": base64url.encode(self.random(9)),
            "name": name,
            "clients": [],
            "grants": [],
            "expires": now + SESSION_LIFETIME,
        }
        self.server.store.put("session", name, record, now + SESSION_LIFETIME)
        secure = self.places.issuer.startswith("https://")
        return ("__Host-session" if secure else "jwtlab-session", value)

    @property
    def notes(self) -> list[str]:
        """What Alice's notes are now."""
        return self.api.notes_of("alice")

    @property
    def mallory_wrote(self) -> bool:
        return HERS in self.notes

    @property
    def mallory_read(self) -> bool:
        """A note has reached her: the page itself has sent it."""
        return any(NOTE in text for text in self.mallory.loot)
