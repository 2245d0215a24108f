"""Everything that a board keeps, in one SQLite file: so a restart forgets nothing, and deleting it forgets all."""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jwtlab import names
from jwtlab.board.reports import BoardReport, Event, Help, OptionChosen, Try
from jwtlab.board.words import new_word
from jwtlab.errors import UsageError
from jwtlab.exercises import Verdict

MOST_LEARNERS = 1000
MOST_SESSIONS = 200
"""Kernels of one learner that are remembered."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS learners (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, likeness TEXT NOT NULL,
    secret TEXT NOT NULL UNIQUE, joined REAL NOT NULL, seen REAL NOT NULL, help TEXT, help_since REAL);
CREATE TABLE IF NOT EXISTS sessions (learner INTEGER, session TEXT, number INTEGER NOT NULL,
    PRIMARY KEY (learner, session));
CREATE TABLE IF NOT EXISTS answers (learner INTEGER, exercise TEXT, tries INTEGER NOT NULL DEFAULT 0,
    wrong INTEGER NOT NULL DEFAULT 0, solved INTEGER NOT NULL DEFAULT 0, mistake TEXT NOT NULL DEFAULT '',
    changed REAL NOT NULL, PRIMARY KEY (learner, exercise));
CREATE TABLE IF NOT EXISTS mistakes (learner INTEGER, exercise TEXT, mistake TEXT, times INTEGER NOT NULL,
    PRIMARY KEY (learner, exercise, mistake));
CREATE TABLE IF NOT EXISTS choices (learner INTEGER, question TEXT, round INTEGER, option INTEGER NOT NULL,
    PRIMARY KEY (learner, question, round));
CREATE TABLE IF NOT EXISTS votes (question TEXT PRIMARY KEY, round INTEGER NOT NULL, shown INTEGER NOT NULL);
"""
_OF_LEARNERS = ("sessions", "answers", "mistakes", "choices")


class NameTaken(UsageError):
    """Somebody in the room has this name already."""


class RoomFull(UsageError):
    """No more learners fit."""


@dataclass(frozen=True)
class Learner:
    """Somebody who joined.

    Attributes:
        id: in the order of joining, from 1.
        name: as chosen; may be empty.
        joined, seen: seconds since 1970.
        help: the exercise at which they are stuck, ``""`` for anywhere, ``None`` if they are not.
        help_since: since when.
    """

    id: int
    name: str
    joined: float
    seen: float
    help: str | None
    help_since: float | None

    @property
    def called(self) -> str:
        """The name, or a number for those who gave none."""
        return self.name or f"Learner {self.id}"


@dataclass(frozen=True)
class ExerciseState:
    """How far a learner is with an exercise: tries until it was solved, wrong ones, the last mistake."""

    learner: int
    exercise: str
    tries: int
    wrong: int
    solved: bool
    mistake: str
    changed: float


class BoardStore:
    """The file.

    Args:
        path: it is made, readable by its owner only, if it is not there; ``":memory:"`` keeps nothing.
        clock: seconds since 1970.

    Raises:
        UsageError: it cannot be opened as such a file.
    """

    def __init__(self, path: str | Path, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._lock = threading.RLock()
        self._version = 0
        self._era = secrets.token_hex(4)
        try:
            if str(path) != ":memory:":
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
            self._database.execute("PRAGMA journal_mode = WAL")
            # A power cut may take the last moment with it; a killed process takes nothing.
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.execute("PRAGMA secure_delete = ON")
            self._database.executescript(SCHEMA)
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or error
            raise UsageError(f"{path} cannot be used to keep the board: {reason}") from error
        _ = self.word, self.key, self.is_open  # drawn now, so that reading them changes nothing later

    # What the board knows about itself

    def fact(self, name: str, make: Callable[[], str]) -> str:
        """Something drawn once, and the same after a restart."""
        sql = "SELECT value FROM facts WHERE name = ?"
        with self._lock:
            if not self._all(sql, name):
                self.set_fact(name, make())
            return str(self._all(sql, name)[0][0])

    def set_fact(self, name: str, value: str) -> None:
        with self._changing() as database:
            database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    @property
    def word(self) -> str:
        """What learners need to join."""
        return self.fact("word", new_word)

    @property
    def key(self) -> str:
        """What the teacher needs."""
        return self.fact("key", lambda: secrets.token_urlsafe(32))

    @property
    def is_open(self) -> bool:
        """May further learners join?"""
        return self.fact("open", lambda: "yes") == "yes"

    @property
    def version(self) -> str:
        """Another text after every change."""
        return f"{self._era}-{self._version}"

    # Learners

    def join(self, name: str, secret: str | None = None) -> tuple[Learner, str]:
        """Let somebody in; gives them, and the secret by which they are known.

        Args:
            name: a clean one, or ``""``.
            secret: of an earlier joining, for somebody who comes back.

        Raises:
            NameTaken: by somebody else, who has another secret.
            RoomFull: too many.
        """
        now = self.clock()
        with self._changing() as database:
            back = self.known(secret) if secret else None
            alike = "SELECT id FROM learners WHERE likeness = ? AND likeness != '' AND id != ?"
            if database.execute(alike, (names.likeness(name), back.id if back else 0)).fetchone():
                raise NameTaken(f"somebody in the room is called {name} already; choose another name")
            if back and secret:
                database.execute(
                    "UPDATE learners SET name = ?, likeness = ?, seen = ? WHERE id = ?",
                    (name or back.name, names.likeness(name or back.name), now, back.id),
                )
                return self._learner(back.id), secret
            if database.execute("SELECT count(*) FROM learners").fetchone()[0] >= MOST_LEARNERS:
                raise RoomFull(f"this board is full: it has room for {MOST_LEARNERS:,} learners")
            fresh = secrets.token_urlsafe(24)
            row = database.execute(
                "INSERT INTO learners (name, likeness, secret, joined, seen) VALUES (?, ?, ?, ?, ?)",
                (name, names.likeness(name), _fingerprint(fresh), now, now),
            )
            return self._learner(int(row.lastrowid or 0)), fresh

    def known(self, secret: str) -> Learner | None:
        """Who has this secret?"""
        with self._lock:
            row = self._database.execute(
                "SELECT id FROM learners WHERE secret = ?", (_fingerprint(secret),)
            ).fetchone()
            return self._learner(row[0]) if row else None

    def learners(self) -> list[Learner]:
        """Everybody, in the order of joining."""
        sql = "SELECT id, name, joined, seen, help, help_since FROM learners ORDER BY id"
        return [Learner(*row) for row in self._all(sql)]

    def remove(self, learner: int) -> None:
        """Forget somebody, with everything that they sent."""
        with self._changing() as database:
            for table in _OF_LEARNERS:
                database.execute(f"DELETE FROM {table} WHERE learner = ?", (learner,))
            database.execute("DELETE FROM learners WHERE id = ?", (learner,))

    def helped(self, learner: int) -> None:
        """They no longer ask for help."""
        with self._changing() as database:
            database.execute("UPDATE learners SET help = NULL, help_since = NULL WHERE id = ?", (learner,))

    def delete_all(self) -> None:
        """Forget everybody and everything; only the word and the teacher's key stay."""
        with self._changing() as database:
            for table in ("learners", "votes", *_OF_LEARNERS):
                database.execute(f"DELETE FROM {table}")
        with self._lock:  # out of the file too, and out of the log beside it
            self._database.execute("VACUUM")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # Reports

    def take(self, learner: Learner, report: BoardReport) -> int:
        """Note what happened; gives how many events were new. What was sent twice counts once."""
        with self._changing() as database:
            place = (learner.id, report.session)
            row = database.execute("SELECT number FROM sessions WHERE learner = ? AND session = ?", place)
            (last,) = row.fetchone() or (0,)
            new = 0
            for each in report.events:
                if each.number > last:
                    self._note(learner.id, each)
                    last, new = each.number, new + 1
            if new:
                database.execute("INSERT OR REPLACE INTO sessions VALUES (?, ?, ?)", (*place, last))
                database.execute(
                    "DELETE FROM sessions WHERE learner = ?1 AND rowid NOT IN (SELECT rowid FROM sessions "
                    f"WHERE learner = ?1 ORDER BY rowid DESC LIMIT {MOST_SESSIONS})",
                    (learner.id,),
                )
            database.execute("UPDATE learners SET seen = ? WHERE id = ?", (self.clock(), learner.id))
        return new

    def _note(self, learner: int, event: Event) -> None:
        if isinstance(event, Try):
            self._note_try(learner, event)
        elif isinstance(event, OptionChosen):
            # The first choice of each round is the guess; what follows was read in the explanation.
            self._database.execute(
                "INSERT OR IGNORE INTO choices VALUES (?, ?, ?, ?)",
                (learner, event.question, self.vote(event.question)[0], event.option),
            )
        elif isinstance(event, Help):
            self._database.execute(
                "UPDATE learners SET help = ?, help_since = ? WHERE id = ?",
                (event.exercise, self.clock(), learner) if event.on else (None, None, learner),
            )

    def _note_try(self, learner: int, event: Try) -> None:
        place = (learner, event.exercise)
        run = self._database.execute
        run(
            "INSERT OR IGNORE INTO answers (learner, exercise, changed) VALUES (?, ?, ?)",
            (*place, self.clock()),
        )
        found = run("SELECT solved FROM answers WHERE learner = ? AND exercise = ?", place).fetchone()
        if event.verdict is Verdict.NOT_YET or found[0]:
            return
        wrong = event.verdict is Verdict.WRONG
        run(
            "UPDATE answers SET tries = tries + 1, wrong = wrong + ?, solved = ?, mistake = ?, changed = ? "
            "WHERE learner = ? AND exercise = ?",
            (int(wrong), int(not wrong), event.mistake, self.clock(), *place),
        )
        if wrong:
            run(
                "INSERT INTO mistakes VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1",
                (*place, event.mistake),
            )
        else:
            run("UPDATE learners SET help = NULL, help_since = NULL WHERE id = ? AND help = ?", place)

    def answers(self) -> list[ExerciseState]:
        sql = "SELECT learner, exercise, tries, wrong, solved, mistake, changed FROM answers ORDER BY exercise, learner"
        return [
            ExerciseState(learner, exercise, tries, wrong, bool(solved), mistake, changed)
            for learner, exercise, tries, wrong, solved, mistake, changed in self._all(sql)
        ]

    def mistakes(self) -> dict[str, dict[str, int]]:
        """Exercise → mistake → how many learners made it, the most frequent first."""
        found: dict[str, dict[str, int]] = {}
        sql = (
            "SELECT exercise, mistake, count(*) AS many FROM mistakes GROUP BY 1, 2 ORDER BY 1, many DESC, 2"
        )
        for exercise, mistake, many in self._all(sql):
            found.setdefault(exercise, {})[mistake] = many
        return found

    # Questions to the whole room

    def vote(self, question: str) -> tuple[int, bool]:
        """The round in which a question is (1 before the discussion, 2 after), and whether the answer is shown."""
        rows = self._all("SELECT round, shown FROM votes WHERE question = ?", question)
        return (int(rows[0][0]), bool(rows[0][1])) if rows else (1, False)

    def set_vote(self, question: str, round_: int, shown: bool) -> None:
        """Go into a round. Back in the first, the choices of the second are forgotten."""
        with self._changing() as database:
            database.execute("INSERT OR REPLACE INTO votes VALUES (?, ?, ?)", (question, round_, int(shown)))
            database.execute("DELETE FROM choices WHERE question = ? AND round > ?", (question, round_))

    def choices(self) -> list[tuple[int, str, int, int]]:
        """Learner, question, round, option."""
        return self._all("SELECT * FROM choices ORDER BY question, round, learner")

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def _learner(self, number: int) -> Learner:
        sql = "SELECT id, name, joined, seen, help, help_since FROM learners WHERE id = ?"
        return Learner(*self._all(sql, number)[0])

    def _all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(sql, values).fetchall()

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """All of it, or nothing."""
        with self._lock:
            if self._database.in_transaction:
                yield self._database
                return
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")
            self._version += 1


def _fingerprint(secret: str) -> str:
    """Under this a secret is kept: who reads the file can report for nobody."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
