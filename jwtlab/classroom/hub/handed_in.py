"""The folder of what was handed in: ``STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb``, as nbgrader lays it out."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jwtlab.classroom import intake, repair
from jwtlab.classroom.assignments import ASSIGNMENTS
from jwtlab.classroom.hub import walls
from jwtlab.widgets.view import sentence

LARGEST = intake.LARGEST
KEPT = 20
"""Earlier versions of one assignment."""


class Refused(Exception):
    """A file cannot be handed in; the message is for the student."""


@dataclass(frozen=True)
class Receipt:
    """What a student knows about a file that was handed in.

    Attributes:
        assignment: its name.
        when: the local time.
        fingerprint: 16 hexadecimal digits of the SHA-256.
        size: bytes.
        notes: what to look at, in words.
    """

    assignment: str
    when: datetime
    fingerprint: str
    size: int
    notes: tuple[str, ...] = ()


class HandedIn:
    """Takes files, and tells each student about their own.

    Args:
        folder: the course's; ``submitted`` and ``hub/earlier`` lie in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "submitted"
        self.earlier = folder / "hub" / "earlier"

    def take(self, student: str, data: bytes, now: datetime) -> Receipt:
        """Keep a file that a student hands in; an earlier one of the same assignment is put aside.

        Raises:
            Refused: it is no assignment.
        """
        assignment, notes = _read(student, data)
        target = self._path(student, assignment)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if target.exists():
            self._put_aside(target, student, assignment, now)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, target)
        finally:
            if os.path.exists(name):
                os.unlink(name)
        os.utime(target, (now.timestamp(), now.timestamp()))
        return Receipt(assignment, now, _fingerprint(data), len(data), notes)

    def of(self, student: str) -> list[Receipt]:
        """What this student has handed in, and nobody else."""
        found = []
        for each in ASSIGNMENTS:
            path = self._path(student, each.name)
            if path.is_file():
                data = path.read_bytes()
                when = datetime.fromtimestamp(path.stat().st_mtime)
                found.append(Receipt(each.name, when, _fingerprint(data), len(data)))
        return found

    def read(self, student: str, assignment: str) -> bytes | None:
        """The file as this student handed it in, to compare."""
        if assignment not in {each.name for each in ASSIGNMENTS}:
            return None
        path = self._path(student, assignment)
        return path.read_bytes() if path.is_file() else None

    def _path(self, student: str, assignment: str) -> Path:
        return self.folder / walls.folder_name(student) / assignment / f"{assignment}.ipynb"

    def _put_aside(self, target: Path, student: str, assignment: str, now: datetime) -> None:
        place = self.earlier / walls.folder_name(student) / assignment
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy2(target, place / f"{now:%Y-%m-%d_%H-%M-%S-%f}.ipynb")
        for old in sorted(place.glob("*.ipynb"))[:-KEPT]:
            old.unlink()


def _fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _read(student: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Which assignment it is, and what the student should know."""
    if len(data) > LARGEST:
        raise Refused(
            f"The file is larger than {LARGEST // 1024**2} MB. Clear its outputs and save it again."
        )
    try:
        notebook = repair.read(data)
    except repair.Unreadable as reason:
        raise Refused(f"{sentence(str(reason))} Hand in the .ipynb file.") from None
    assignment, _, named = intake.inside(notebook)
    if assignment not in {each.name for each in ASSIGNMENTS}:
        names = ", ".join(each.name for each in ASSIGNMENTS)
        raise Refused(f"This notebook is none of the assignments ({names}). Did you take a lesson?")
    notes = []
    if named is None:
        notes.append('The first code cell names no student. Write STUDENT = "your id" there.')
    elif named.casefold() != student.casefold():
        notes.append(
            f"You are logged in as {student}, and the notebook says STUDENT = {named!r:.60}. "
            "If that is not your id, change it and hand in again."
        )
    if not re.search(rb'"execution_count": *\d', data):
        notes.append("No cell of it was run. Was it saved?")
    return str(assignment), tuple(notes)
