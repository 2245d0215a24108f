"""Clients that nobody knew before: they register themselves (RFC 7591), or their name is where they are described."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from jwtlab.checks import Check, Policy
from jwtlab.errors import OAuthError, UsageError
from jwtlab.oauth.authorization_server import client_metadata
from jwtlab.oauth.authorization_server.client_metadata import Described
from jwtlab.oauth.authorization_server.documents import (
    ADDRESS_CHECKS,
    DOCUMENT_CHECKS,
    MOST_OCTETS,
    NOT_FETCHED,
    DocumentAddress,
    DocumentAnswer,
    is_address,
)
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.authorization_server.server import Server
from jwtlab.oauth.http.guarded import Fetched
from jwtlab.oauth.protocol import OPENID_SCOPES, refuse

KEPT = 90 * 24 * 3600
"""Seconds for which one that came by itself is remembered; longer than any of its refresh tokens lives."""

FRESH, LEAST_FRESH, MOST_FRESH = 300, 60, 24 * 3600
"""Seconds for which a document counts as read: usually, at least, and at most, whatever Cache-Control says."""

MOST_STRANGERS = 1000
MOST_FETCHES, WINDOW = 60, 60
"""Documents in so many seconds: nobody uses this server to knock at other people's doors all day."""


@dataclass(frozen=True)
class Crowd:
    """How many there are already.

    Attributes:
        open: strangers are admitted this way at all.
        count: of strangers, or of documents fetched lately.
        most: how many may be.
    """

    open: bool
    count: int
    most: int


def strangers_admitted(case: Crowd) -> str:
    if not case.open:
        raise refuse(
            "access_denied", "this server registers no client by itself; ask whoever runs it", status=403
        )
    return ""


def not_crowded(case: Crowd) -> str:
    if case.count >= case.most:
        raise refuse("temporarily_unavailable", "too many of them lately; try again later", status=429)
    return f"{case.count} so far"


CROWD_CHECKS = Policy(
    (
        Check(
            id="strangers-admitted",
            title="Strangers may come this way",
            spec="RFC 7591 §3",
            run=strangers_admitted,
            group="Client",
            purpose="A server that knows its clients gets others.",
        ),
        Check(
            id="not-crowded",
            title="There are not too many of them",
            spec="RFC 7591 §5",
            run=not_crowded,
            group="Client",
            purpose="Whoever registers for ever fills the store.",
        ),
    ),
    "strangers",
)
POLICIES: Mapping[str, Policy] = {
    "strangers": CROWD_CHECKS,
    "client metadata": client_metadata.CHECKS,
    "client document address": ADDRESS_CHECKS,
    "client document": DOCUMENT_CHECKS,
}
"""The decisions about clients that come by themselves."""


def scope_for_strangers(server: Server) -> tuple[str, ...]:
    """Everything that a client may ask for which nobody has looked at. A person decides each time."""
    return tuple(
        dict.fromkeys((*OPENID_SCOPES, *(name for each in server.resources for name in each.scopes)))
    )


def _described(server: Server, metadata: Mapping[str, Any], *, document: bool = False) -> Described:
    methods = tuple(each.id for each in server.authentication_methods)
    described = Described(metadata, methods, scope_for_strangers(server), document)
    server.decide("client metadata", described)
    return described


def register(server: Server, metadata: Mapping[str, Any]) -> Client:
    """A client registers itself (RFC 7591 §3.1). What it asks for beyond the server's scopes is left away (§3.2.1).

    Raises:
        OAuthError: ``invalid_redirect_uri``, ``invalid_client_metadata`` (§3.2.2), or there are too many.
    """
    server.decide("strangers", Crowd(server.registration, server.clients.strangers, MOST_STRANGERS))
    described = _described(server, metadata)
    secret = server.secret() if described.method.startswith("client_secret") else None
    client = described.client(f"dyn-{server.secret(16)}", secret)
    until = server.clock() + KEPT
    server.clients.admit(client, until, until)
    return client


def meet(server: Server, client_id: str | None) -> None:
    """A request names its client. If that is the address of a document, it is fetched, judged and remembered.

    Nothing that goes wrong is remembered (section 5.1 of the draft), so the next request tries again.

    Raises:
        OAuthError: ``invalid_client``: with this name nobody is met.
    """
    if client_id is None or server.documents is None or not is_address(client_id):
        return
    if server.clients.is_registered(client_id) or server.clients.is_fresh(client_id):
        return
    server.decide("strangers", Crowd(True, _fetches(server), MOST_FETCHES))
    where = DocumentAddress(client_id, server.documents)
    server.decide("client document address", where)
    answer = DocumentAnswer(client_id, _fetch(server, where))
    server.decide("client document", answer)
    client = _described(server, answer.metadata, document=True).client(client_id)
    now = server.clock()
    server.clients.admit(client, now + KEPT, now + _fresh_for(answer.fetched.cache_control))


def _fetch(server: Server, where: DocumentAddress) -> Fetched:
    if server.documents is None or not where.addresses:
        raise OAuthError(NOT_FETCHED, "invalid_client")
    try:
        return server.documents.fetch(where.url, where.addresses[0], MOST_OCTETS)
    except (OSError, httpx.HTTPError, httpx.InvalidURL, UsageError) as error:
        raise OAuthError("there is no client metadata document at that address", "invalid_client") from error


def _fetches(server: Server) -> int:
    """How many documents were fetched lately; this one is counted too."""
    now = server.clock()
    with server.store.transaction():
        record = server.store.get("fetches", "lately")
        if record is None or not now < record["until"] <= now + WINDOW:  # or the clock was set back
            record = {"count": 0, "until": now + WINDOW}
        server.store.put("fetches", "lately", record | {"count": record["count"] + 1}, record["until"])
    return int(record["count"])


def _fresh_for(cache_control: str) -> float:
    """Seconds, by the document's own header and within the server's limits (section 5.2 of the draft)."""
    said = cache_control.lower()
    if "no-store" in said or "no-cache" in said:
        return LEAST_FRESH
    age = re.search(r"\bmax-age=(\d{1,9})\b", said)
    return min(max(int(age.group(1)), LEAST_FRESH), MOST_FRESH) if age else FRESH
