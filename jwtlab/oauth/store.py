"""What the authorization server must not forget: codes, grants, sessions, revocations.

One small interface, two stores: `MemoryStore` for a notebook, `SQLiteStore` for ``jwtlab serve --store``.
A record is a JSON object under a kind and a name. Names that are secrets (codes, refresh tokens, session
cookies) are handed over as `fingerprint`, so whoever reads the store can use none of them.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from jwtlab.errors import StorageError, UsageError
from jwtlab.jose import times

Record = dict[str, Any]

_PURGED = "purged"
_FOR_EVER = 1e11


def fingerprint(secret: str) -> str:
    """Under this name a secret is stored: SHA-256, which suffices for values of 128 random bits and more."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Store(Protocol):
    """Records by kind and name.

    What belongs together is read and written inside ``with store.transaction():``: no other thread or
    process comes in between, and after an exception nothing of it has happened.
    """

    def transaction(self) -> AbstractContextManager[None]: ...
    def get(self, kind: str, name: str) -> Record | None:
        """The record, or ``None``. Whether it is still good is for the reader to decide."""

    def put(self, kind: str, name: str, record: Mapping[str, Any], keep_until: float) -> None:
        """Write a record, over an older one of the same name.

        Args:
            keep_until: seconds since 1970; afterwards it may be forgotten.
        """

    def delete(self, kind: str, name: str) -> None: ...
    def names(self, kind: str) -> list[str]: ...
    def purge(self, now: float) -> None:
        """Forget what need not be kept any longer."""

    def close(self) -> None: ...


def forget(store: Store, before: float) -> None:
    """Purge, and remember how far: a clock that is set back later must not make anything good again."""
    with store.transaction():
        store.purge(before)
        if before > forgotten_until(store):
            store.put(_PURGED, "until", {"until": before}, _FOR_EVER)


def forgotten_until(store: Store) -> float:
    """What was to be kept until an earlier time than this may have been forgotten."""
    record = store.get(_PURGED, "until")
    return float(record["until"]) if record is not None else -math.inf


def first_use(store: Store, kind: str, name: str, now: float, seconds: float) -> bool:
    """Is this the first time that a name is used? It is remembered for so many seconds.

    Raises:
        StorageError: nobody can tell, because the clock has been set back to a time whose names were forgotten.
    """
    place = fingerprint(name)
    with store.transaction():
        limit = forgotten_until(store)
        if now < limit:
            raise StorageError(
                "the server cannot tell whether this was used before: its clock was set back, and its records end "
                f"with what was good after {times.when(limit)}. Set the clock right, or begin with a new store"
            )
        known = store.get(kind, place)
        if known is not None and known["until"] > now:
            return False
        store.put(kind, place, {"until": now + seconds}, now + seconds)
    return True


class MemoryStore:
    """In this process only."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._kinds: dict[str, dict[str, tuple[str, float]]] = {}
        self._undo: list[tuple[str, str, tuple[str, float] | None]] | None = None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock:
            if self._undo is not None:  # inside another one: that one decides
                yield
                return
            self._undo = []
            try:
                yield
            except BaseException:
                for kind, name, before in reversed(self._undo):
                    self._set(kind, name, before)
                raise
            finally:
                self._undo = None

    def get(self, kind: str, name: str) -> Record | None:
        with self._lock:
            found = self._kinds.get(kind, {}).get(name)
        return json.loads(found[0]) if found else None

    def put(self, kind: str, name: str, record: Mapping[str, Any], keep_until: float) -> None:
        self._write(kind, name, (json.dumps(record), keep_until))

    def delete(self, kind: str, name: str) -> None:
        self._write(kind, name, None)

    def names(self, kind: str) -> list[str]:
        with self._lock:
            return list(self._kinds.get(kind, ()))

    def purge(self, now: float) -> None:
        with self._lock:
            for kind, records in self._kinds.items():
                for name in [name for name, (_, until) in records.items() if until < now]:
                    self._write(kind, name, None)

    def close(self) -> None:
        """There is nothing to let go of."""

    def _write(self, kind: str, name: str, value: tuple[str, float] | None) -> None:
        with self._lock:
            if self._undo is not None:
                self._undo.append((kind, name, self._kinds.get(kind, {}).get(name)))
            self._set(kind, name, value)

    def _set(self, kind: str, name: str, value: tuple[str, float] | None) -> None:
        records = self._kinds.setdefault(kind, {})
        if value is None:
            records.pop(name, None)
        else:
            records[name] = value


class SQLiteStore:
    """In a file, so that nothing is forgotten when the process ends, however it ends.

    Args:
        path: the file; it is made, readable by its owner only, if it is not there.
        patience: seconds to wait while another program writes.

    Raises:
        UsageError: the file cannot be opened as such a store.

    Everything else raises `StorageError` where the file cannot be read or written: nothing of the transaction has
    happened then, and the store goes on when the file does.
    """

    VERSION = 1
    """Of the tables; stands in the file."""

    def __init__(self, path: str | Path, patience: float = 30) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._database = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=patience
            )
        except (OSError, sqlite3.Error) as error:
            raise UsageError(f"{path} cannot be used as a store: {error}") from error
        try:
            self._prepare()
        except (sqlite3.Error, UsageError) as error:
            self._database.close()
            raise UsageError(f"{path} cannot be used as a store: {_in_words(error)}") from error

    def _prepare(self) -> None:
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if version > self.VERSION:
            raise UsageError("a newer version of jwtlab has made it; update jwtlab, or name another file")
        # A write-ahead log, brought to the disk with each commit: neither a killed process nor a
        # machine that loses power takes a committed record with it.
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS records (kind TEXT, name TEXT, record TEXT NOT NULL, "
            "keep_until REAL NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID"
        )
        columns = [row[1] for row in self._database.execute("PRAGMA table_info(records)")]
        if columns != ["kind", "name", "record", "keep_until"]:
            raise UsageError("it is the file of another program; name another one")
        if version < self.VERSION:  # before versions were written down the tables were the same
            self._database.execute(f"PRAGMA user_version = {self.VERSION:d}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock:
            if self._depth:
                yield
                return
            self._rows("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
                self._rows("COMMIT")  # it can fail too: the disk may be full only now
            except BaseException:
                self._roll_back()
                raise
            finally:
                self._depth = 0

    def _roll_back(self) -> None:
        if self._database.in_transaction:  # after some failures SQLite has done it itself
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")

    def get(self, kind: str, name: str) -> Record | None:
        found = self._rows("SELECT record FROM records WHERE kind = ? AND name = ?", kind, name)
        return json.loads(found[0][0]) if found else None

    def put(self, kind: str, name: str, record: Mapping[str, Any], keep_until: float) -> None:
        self._rows(
            "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", kind, name, json.dumps(record), keep_until
        )

    def delete(self, kind: str, name: str) -> None:
        self._rows("DELETE FROM records WHERE kind = ? AND name = ?", kind, name)

    def names(self, kind: str) -> list[str]:
        return [name for (name,) in self._rows("SELECT name FROM records WHERE kind = ?", kind)]

    def purge(self, now: float) -> None:
        self._rows("DELETE FROM records WHERE keep_until < ?", now)

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        with self._lock:
            try:
                return self._database.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise StorageError(
                    f"the server cannot keep its records just now: {_in_words(error)}"
                ) from error


def _in_words(error: Exception) -> str:
    said = str(error)
    more = {
        "database is locked": "another program writes to the file and does not let go of it",
        "database disk image is malformed": "the file is damaged; begin with a new one, or put a copy back",
        "file is not a database": "it is no database, or a damaged one",
        "database or disk is full": "the disk is full",
        "disk I/O error": "the disk does not take or give what it should; it may be full, or gone",
        "attempt to write a readonly database": "the file may only be read",
        "unable to open database file": "the file, or its folder, is not there any more",
    }
    return next((f"{words} ({said})" for key, words in more.items() if key in said), said)
