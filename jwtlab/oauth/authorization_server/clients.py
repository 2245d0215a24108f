"""Every application that the server knows: those that were registered by hand, and those that came by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from jwtlab.jose.key_set import KeySet
from jwtlab.oauth.authorization_server.registration import Client
from jwtlab.oauth.store import Record, Store, fingerprint

STRANGER = "stranger"
"""The kind of their records in the store."""

_SAME = ("client_id", "token_endpoint_auth_method", "client_secret", "scope")
_LISTS = ("redirect_uris", "grant_types", "response_types", "post_logout_redirect_uris")


class Clients(MutableMapping[str, Client]):
    """client_id → `Client`. Iterating gives those that were registered by hand.

    Args:
        registered: by hand.
        store: where the others are, so that they outlive a restart.
        clock: ``() -> seconds since 1970``.
    """

    def __init__(self, registered: Iterable[Client], store: Store, clock: Callable[[], float]) -> None:
        self._registered = {each.client_id: each for each in registered}
        self._store, self._clock = store, clock

    def __getitem__(self, client_id: str) -> Client:
        if client_id in self._registered:
            return self._registered[client_id]
        record = self._store.get(STRANGER, fingerprint(client_id))
        if record is None or record["until"] <= self._clock():
            raise KeyError(client_id)
        return _from_record(record)

    def __setitem__(self, client_id: str, client: Client) -> None:
        self._registered[client_id] = client

    def __delitem__(self, client_id: str) -> None:
        del self._registered[client_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._registered)

    def __len__(self) -> int:
        return len(self._registered)

    @property
    def strangers(self) -> int:
        """How many came by themselves."""
        return len(self._store.names(STRANGER))

    def is_registered(self, client_id: str) -> bool:
        """By hand."""
        return client_id in self._registered

    def admit(self, client: Client, until: float, fresh_until: float) -> None:
        """Keep one that came by itself.

        Args:
            client: what it says of itself.
            until: seconds since 1970; afterwards it is forgotten.
            fresh_until: so long its document need not be fetched again.
        """
        record = _record(client) | {"until": until, "fresh_until": fresh_until}
        self._store.put(STRANGER, fingerprint(client.client_id), record, until)

    def is_fresh(self, client_id: str) -> bool:
        """Its document was fetched a short time ago."""
        record = self._store.get(STRANGER, fingerprint(client_id))
        return record is not None and record["fresh_until"] > self._clock()


def _record(client: Client) -> Record:
    found: dict[str, Any] = {name: getattr(client, name) for name in _SAME}
    found |= {name: list(getattr(client, name)) for name in _LISTS}
    jwks = client.jwks.to_jwks() if client.jwks is not None else None
    return found | {"client_name": client.name, "jwks": jwks}


def _from_record(record: Mapping[str, Any]) -> Client:
    values: dict[str, Any] = {name: record[name] for name in _SAME}
    values |= {name: tuple(record[name]) for name in _LISTS}
    jwks = KeySet.from_jwks(record["jwks"]) if record["jwks"] else None
    return Client(**values, name=record["client_name"], jwks=jwks, stranger=True)
