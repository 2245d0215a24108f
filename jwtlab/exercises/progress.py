"""A learner's progress, in a file of their own: plain JSON that can be read, copied and deleted.

Several kernels write to it at once (two lessons open, *Run All* in both). So each change is read, made
and written under a lock, and the new file takes the old one's place in one step.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import secrets
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from jwtlab.errors import UsageError
from jwtlab.exercises import exported
from jwtlab.exercises.exported import Exported

FILE = "progress.json"
PATIENCE = 20.0
"""Seconds to wait for other writers; a change takes a few milliseconds."""
ABOUT = "solved in jwtlab; delete this file to start afresh"


MOVED = {"04.3": "07.2", "04.4": "07.3", "04.p2": "07.p1"}
"""Old id → new one, of what went to another lesson. Progress and copies of lessons still have the old ids."""


class _Unreadable(Exception):
    """What stands in the file is no progress."""


def default_path() -> Path:
    """Where progress is kept: ``JWTLAB_PROGRESS``, or ``progress.json`` beside the notebook."""
    return Path(os.environ.get("JWTLAB_PROGRESS") or FILE)


@dataclass(frozen=True)
class Loaded:
    """What `Progress.load` did.

    Attributes:
        new: ids that were not there before.
        known: ids that were there already.
        whose: the name in the file; empty in a file in which progress is kept.
    """

    new: frozenset[str]
    known: frozenset[str]
    whose: str = ""


class Progress:
    """What has been solved.

    Args:
        path: the file; by default `default_path`.

    A file that cannot be read is kept under another name and never overwritten. A file that may not be
    written, or a folder in its place, is left alone. Where nothing can be written the progress is lost,
    but no lesson stops: `trouble` says why.
    """

    def __init__(self, path: Path | str | None = None) -> None:
        self.path = Path(path) if path is not None else default_path()

    def done(self) -> frozenset[str]:
        """The ids of the exercises and questions that were answered rightly."""
        try:
            return frozenset(_ids(self._document()))
        except _Unreadable:
            with contextlib.suppress(OSError), self._locked():
                return frozenset(_ids(self._document_for_change()))
        except OSError:
            pass
        return frozenset()

    def record(self, item: str) -> None:
        """Note that an exercise or question was answered rightly."""
        if item not in self.done():
            self._change(lambda ids: [*ids, item])

    def reset(self, prefix: str = "") -> None:
        """Forget everything, or only what begins with a prefix such as ``"02."``."""
        self._change(lambda ids: [item for item in ids if not item.startswith(prefix)])

    def count(self, items: Iterable[str]) -> int:
        """How many of these are done."""
        return len(self.done().intersection(items))

    def export(self, file: Path | str, name: str = "") -> Exported:
        """Write what is solved into a small file to hand on.

        Args:
            file: where to. An earlier export is replaced, and nothing else.
            name: for the learner's row; by default the hub's name for them, else the file's name.

        Raises:
            UsageError: there is no progress here, no usable name, or the file cannot be written.
        """
        target = Path(file)
        learner = exported.name_of(name or os.environ.get("JUPYTERHUB_USER") or target.stem)
        if not self.path.is_file():
            raise UsageError(
                f"there is no {self.path} yet, so there is nothing to export; it is made by the first exercise "
                "that you solve, in the folder of your lessons"
            )
        done = frozenset(item for item in self.done() if exported.is_id(item))
        made = Exported(learner, datetime.now(UTC).replace(microsecond=0), done)
        _refuse_to_replace(target)
        try:
            _write_beside(target, made.text(), keep=True)
        except OSError as error:
            raise UsageError(f"{target} cannot be written: {error.strerror or error}") from error
        return made

    def load(self, file: Path | str) -> Loaded:
        """Add what stands in a file to what is solved here. Nothing is taken away, on either side.

        Args:
            file: what `export` has written, or another file in which progress is kept.

        Raises:
            UsageError: it cannot be read, is damaged, or progress cannot be kept here; nothing has changed.
        """
        whose, ids = _ids_in(Path(file))
        before = self.done()
        self._change(lambda there: [*there, *ids])
        if not ids <= self.done():
            raise UsageError(f"progress cannot be kept here: {self.trouble() or self.path}")
        return Loaded(ids - before, ids & before, whose)

    def trouble(self) -> str:
        """Why progress cannot be kept here, in a sentence; empty if it can.

        This tries it: a file of the same size is written beside the real one and taken away again.
        """
        try:
            self.done()  # what cannot be read is put aside first: from then on progress is kept
            target = self._target()
            folder = target.parent
            while not folder.exists():
                folder = folder.parent
            size = target.stat().st_size if target.exists() else 0
            _write_beside(folder / target.name, " " * max(size, 4096), keep=False)
            if target.exists():
                self._locked().acquire(timeout=1).lock.release()
        except Timeout:
            return f"another program holds {self.path.name}"
        except OSError as error:
            return f"{self.path}: {error.strerror or error}"
        return ""

    def set_aside(self) -> tuple[str, ...]:
        """The names of the files that could not be read and were kept beside the new one."""
        real = Path(os.path.realpath(self.path))
        found = real.parent.glob("*.unreadable*.json")
        return tuple(sorted(each.name for each in found if each.name.startswith(f"{real.stem}.unreadable")))

    def notices(self) -> list[str]:
        """What the learner should know about the file, in sentences: that nothing is kept, or was put aside."""
        trouble = self.trouble()
        lost = [f"Your progress cannot be kept: {trouble}. The lessons work all the same."] if trouble else []
        aside = self.set_aside()
        kept = [
            f"What stood in {self.path.name} could not be read. It is kept as {', '.join(aside)}, "
            "and your progress begins anew. Delete that file when you do not need it."
        ]
        return lost + (kept if aside else [])

    def _change(self, change: Callable[[list[str]], list[str]]) -> None:
        with contextlib.suppress(OSError):
            target = self._target()
            target.parent.mkdir(parents=True, exist_ok=True)
            with self._locked():
                document = self._document_for_change()
                before = _ids(document)
                after = sorted(set(change(before)))
                if after == sorted(before) and target.exists():
                    return
                odd = [each for each in document.get("done", []) if not isinstance(each, str)]
                text = json.dumps({"about": ABOUT, **document, "done": [*after, *odd]}, indent=1)
                _write_beside(target, text + "\n", keep=True)

    def _target(self) -> Path:
        """The file itself, behind any symbolic links: a link stays what it is.

        Raises:
            OSError: it is no file, or one that may not be written.
        """
        target = Path(os.path.realpath(self.path))
        if target.is_symlink():
            raise OSError("it is a symbolic link that leads to itself")
        if self.path.is_symlink() and not target.parent.is_dir():
            raise OSError("it is a symbolic link to a place that is not there")  # a disk that was taken out
        if target.exists() and not target.is_file():
            raise OSError("there is something else in its place, which is no file")
        # The permission bits as well: a new file in its place needs no right to write the old one.
        if target.exists() and not (target.stat().st_mode & _WRITE and os.access(target, os.W_OK)):
            raise OSError("the file may only be read")
        return target

    def _locked(self) -> FileLock:
        target = Path(os.path.realpath(self.path))
        return FileLock(target.with_name(f".{target.name}.lock"), timeout=PATIENCE)

    def _document(self) -> dict[str, Any]:
        """What stands in the file; an empty document if there is none.

        Raises:
            OSError: it may not be read.
            _Unreadable: it is no progress.
        """
        try:
            octets = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        return _parsed(octets)

    def _document_for_change(self) -> dict[str, Any]:
        """As `_document`; what is no progress is first kept under another name. Only under the lock."""
        try:
            return self._document()
        except _Unreadable:
            target = self._target()
            names = (target.with_name(f"{target.stem}.unreadable{n or ''}.json") for n in itertools.count())
            target.rename(next(name for name in names if not name.exists()))
            return {}


def export(file: Path | str, name: str = "") -> Exported:
    """Write this learner's progress into a small file to hand on; see `Progress.export`."""
    return Progress().export(file, name)


def load(file: Path | str) -> Loaded:
    """Add what stands in a file to this learner's progress; see `Progress.load`."""
    return Progress().load(file)


def _refuse_to_replace(target: Path) -> None:
    if not os.path.lexists(target):
        return
    with contextlib.suppress(UsageError, OSError):
        if not target.is_symlink():
            exported.read(exported.octets_of(target))
            return
    raise UsageError(f"{target} is there already, and is no export of progress; choose another name")


def _ids_in(path: Path) -> tuple[str, frozenset[str]]:
    """Whose, and what.

    Raises:
        UsageError: it is no progress.
    """
    try:
        octets = exported.octets_of(path)
    except UsageError as error:
        raise UsageError(f"{path} {error}") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    with contextlib.suppress(_Unreadable):
        document = _parsed(octets)
        if "format" not in document:
            return "", frozenset(_ids(document))
    try:
        made = exported.read(octets)
    except UsageError as error:
        raise UsageError(f"{path} {error}. Your progress is as it was") from None
    return made.learner, frozenset(MOVED.get(item, item) for item in made.done)


def _parsed(octets: bytes) -> dict[str, Any]:
    try:
        document = json.loads(octets)  # knows UTF-8, UTF-16 and UTF-32, with a byte order mark or without
    except (ValueError, RecursionError) as error:
        raise _Unreadable from error
    if not isinstance(document, dict) or not isinstance(document.get("done"), list):
        raise _Unreadable
    return document


_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def _ids(document: dict[str, Any]) -> list[str]:
    return [MOVED.get(item, item) for item in document.get("done", []) if isinstance(item, str)]


def _write_beside(target: Path, text: str, *, keep: bool) -> None:
    """Write a file of a name of its own, and let it take the target's place: all or nothing.

    Raises:
        OSError: it cannot be written; the target is as it was, and nothing is left beside it.
    """
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(8)}.new")
    try:
        with fresh.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # a full disk may be noticed only here
        if keep:
            if target.exists():
                fresh.chmod(stat.S_IMODE(target.stat().st_mode))
            _take_place(fresh, target)
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


def _take_place(fresh: Path, target: Path) -> None:
    for waited in _pauses():
        try:
            fresh.replace(target)
        except PermissionError:
            # On Windows a file cannot be replaced in the moment in which somebody reads it.
            if os.name != "nt" or waited > 2:
                raise
        else:
            return


def _pauses() -> Iterator[float]:
    begun = time.monotonic()
    while True:
        yield time.monotonic() - begun
        time.sleep(0.01)
