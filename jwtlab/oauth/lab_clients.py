"""The applications that are registered in the lab: one row each, for the lessons and for ``jwtlab serve`` alike.

In the lessons an application has an origin that cannot exist, and a secret that is printed in them. At
``jwtlab serve`` it is a program of the reader's own on any port of this machine, and its secret is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from jwtlab.jose.key_set import KeySet
from jwtlab.oauth import protocol
from jwtlab.oauth.authorization_server.registration import Client

API = "https://api.example"
ARCHIVE = "https://archive.example"
APP = "https://app.example"
CALENDAR = "https://calendar.example"
GAME = "https://game.example"

RESPONSE_TYPES = tuple(each.id for each in protocol.RESPONSE_TYPES)
BROWSER = (protocol.AUTHORIZATION_CODE, protocol.REFRESH_TOKEN, protocol.IMPLICIT, protocol.PASSWORD)
LOOPBACK_CALLBACKS = ("http://127.0.0.1/callback", "http://[::1]/callback", "http://localhost/callback")
LOOPBACK_PAGES = ("http://127.0.0.1/", "http://[::1]/", "http://localhost/")
"""Any port matches (RFC 8252 §7.3, RFC 9700 §4.1.3)."""


@dataclass(frozen=True, kw_only=True)
class LabClient:
    """An application of the lab.

    Attributes:
        kind: what kind of application it is, in words.
        always: what is the same in both places; names of `Client`.
        lesson, served: what is different there, ``client_id`` first of all; ``None`` if it is not there.
        origin: of its pages in the lessons.
        has_browser: people come to it with a browser; at ``jwtlab serve`` it then has the loopback callbacks.
        speaks_for: it is itself the API of this audience.
        exchanges: audiences in the lessons for which it may exchange tokens; at ``jwtlab serve`` there is one API.
    """

    kind: str
    always: Mapping[str, Any] = field(default_factory=dict)
    lesson: Mapping[str, Any] | None = None
    served: Mapping[str, Any] | None = None
    origin: str | None = None
    has_browser: bool = False
    speaks_for: str | None = None
    exchanges: tuple[str, ...] = ()

    def in_lessons(self, key: KeySet) -> Client | None:
        """As the lessons' authorization server knows it.

        Args:
            key: public half of the key of clients that have one.
        """
        if self.lesson is None:
            return None
        values = {**self.always, **self.lesson}
        values.setdefault("token_endpoint_auth_method", "none")
        if values["token_endpoint_auth_method"].startswith("client_secret"):
            values["client_secret"] = f"{values['client_id']}-secret-for-lessons"
        if values["token_endpoint_auth_method"] == "private_key_jwt":
            values["jwks"] = key
        if self.origin:
            values.setdefault("redirect_uris", (f"{self.origin}/callback",))
        return Client(**values, resource=self.speaks_for, exchanges_for=self.exchanges)

    def at_serve(
        self,
        *,
        api: str,
        redirect_uris: tuple[str, ...],
        secret: Callable[[str], str],
        key: Callable[[str], KeySet],
        people: Iterable[str],
    ) -> Client | None:
        """As ``jwtlab serve`` knows it.

        Args:
            api: its API.
            redirect_uris: addresses for every application with a browser.
            secret, key: ``client_id ->`` what it holds.
            people: everybody with an account.
        """
        if self.served is None:
            return None
        values = {**self.always, **self.served}
        method, name = values.get("token_endpoint_auth_method", "none"), values["client_id"]
        if method.startswith("client_secret"):
            values["client_secret"] = secret(name)
        if method == "private_key_jwt":
            values["jwks"] = key(name)
        if values.get("acts_for"):
            values["acts_for"] = tuple(people)
        if self.has_browser:
            values["redirect_uris"] = redirect_uris
        if values.get("response_types") == RESPONSE_TYPES:
            values["post_logout_redirect_uris"] = (*redirect_uris, *LOOPBACK_PAGES)
        if self.exchanges or protocol.TOKEN_EXCHANGE in values.get("grant_types", ()):
            values["exchanges_for"] = (api,)
        return Client(**values, resource=api if self.speaks_for else None)


LAB_CLIENTS: tuple[LabClient, ...] = (
    LabClient(
        kind="a public client: a page or an app on a telephone, which can keep no secret",
        lesson={
            "client_id": "phone-app",
            "name": "Phone app",
            "redirect_uris": ("com.example.phone:/callback",),
        },
        served={
            "client_id": "spa",
            "name": "Single-page app",
            "grant_types": BROWSER,
            "response_types": RESPONSE_TYPES,
        },
        has_browser=True,
    ),
    LabClient(
        kind="an application on a server of its own",
        always={
            "token_endpoint_auth_method": "client_secret_basic",
            "response_types": RESPONSE_TYPES,
        },
        lesson={
            "client_id": "notes-app",
            "name": "Notes app",
            "grant_types": BROWSER,
            "post_logout_redirect_uris": (f"{APP}/",),
            "backchannel_logout_uri": f"{APP}/backchannel-logout",
        },
        served={
            "client_id": "web",
            "name": "Web shop",
            "grant_types": (*BROWSER, protocol.CLIENT_CREDENTIALS, protocol.TOKEN_EXCHANGE),
        },
        origin=APP,
        has_browser=True,
    ),
    LabClient(
        kind="another one, for single sign-on",
        always={"response_types": RESPONSE_TYPES},
        lesson={
            "client_id": "calendar-app",
            "name": "Calendar app",
            "token_endpoint_auth_method": "client_secret_basic",
            "post_logout_redirect_uris": (f"{CALENDAR}/",),
            "backchannel_logout_uri": f"{CALENDAR}/backchannel-logout",
        },
        served={
            "client_id": "web-post",
            "name": "Another web shop",
            "token_endpoint_auth_method": "client_secret_post",
            "grant_types": BROWSER,
        },
        origin=CALENDAR,
        has_browser=True,
    ),
    LabClient(
        kind="somebody else's harmless-looking game, registered like everybody",
        lesson={
            "client_id": "game",
            "name": "Mallory's game",
            "response_types": RESPONSE_TYPES,
            "scope": "openid profile notes:read",
        },
        origin=GAME,
    ),
    LabClient(
        kind="a service without people",
        always={
            "token_endpoint_auth_method": "client_secret_basic",
            "grant_types": (protocol.CLIENT_CREDENTIALS,),
            "response_types": (),
        },
        lesson={
            "client_id": "report-service",
            "name": "Report service",
            "scope": "notes:read notes:write",
        },
        served={
            "client_id": "worker",
            "name": "Nightly report",
            "scope": "profile notes:read notes:write",
        },
    ),
    LabClient(
        kind="a service with a key of its own, which may act for people",
        always={"token_endpoint_auth_method": "private_key_jwt"},
        lesson={
            "client_id": "crm-sync",
            "name": "CRM sync",
            "grant_types": (protocol.JWT_BEARER, protocol.CLIENT_CREDENTIALS),
            "response_types": (),
            "scope": "notes:read notes:write",
            "acts_for": ("alice",),
        },
        served={
            "client_id": "worker-jwt",
            "name": "Service with a key of its own",
            "grant_types": (
                protocol.CLIENT_CREDENTIALS,
                protocol.JWT_BEARER,
                protocol.AUTHORIZATION_CODE,
                protocol.REFRESH_TOKEN,
            ),
            "acts_for": ("everybody",),
        },
        has_browser=True,
    ),
    LabClient(
        kind="a device without a keyboard",
        always={
            "name": "Television",
            "grant_types": (protocol.DEVICE_CODE, protocol.REFRESH_TOKEN),
            "response_types": (),
        },
        lesson={"client_id": "television", "scope": "openid profile notes:read"},
        served={"client_id": "tv"},
    ),
    LabClient(
        kind="the API itself, when it asks the server what a token is worth or goes on to another API",
        always={"token_endpoint_auth_method": "client_secret_basic", "response_types": ()},
        lesson={"client_id": "notes-api", "name": "Notes API", "grant_types": (protocol.TOKEN_EXCHANGE,)},
        served={
            "client_id": "api",
            "name": "The API itself",
            "grant_types": (protocol.CLIENT_CREDENTIALS, protocol.TOKEN_EXCHANGE),
        },
        speaks_for=API,
        exchanges=(ARCHIVE,),
    ),
)
"""Everybody; a further row is in the lessons and at ``jwtlab serve`` at once."""


def of_lessons(key: KeySet) -> list[Client]:
    """The registered applications of the lessons' world."""
    return [client for row in LAB_CLIENTS if (client := row.in_lessons(key)) is not None]


def without_retired(client: Client) -> Client:
    """The same client without grants and response types that are retired (RFC 9700 §2.1.2, §2.4)."""
    retired_types = {each.id for each in protocol.RESPONSE_TYPES if each.retired}
    retired_grants = (protocol.IMPLICIT, protocol.PASSWORD)
    return replace(
        client,
        grant_types=tuple(each for each in client.grant_types if each not in retired_grants),
        response_types=tuple(each for each in client.response_types if each not in retired_types),
    )
