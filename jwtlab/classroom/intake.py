"""Where submissions come from: zips of learning systems, folders, the hub. Whose is which, and of what.

Whose a file is, its place tells (`jwtlab.classroom.file_names`), or the id inside it. Which assignment it
belongs to is read from inside it, never from its name: browsers rename.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from jwtlab.classroom import file_names, repair
from jwtlab.classroom.roster import Roster
from jwtlab.errors import UsageError

LARGEST = 20 * 1024**2
MOST_FILES = 20_000
LARGEST_INNER = 200 * 1024**2
"""Bytes that come out of one zip inside a zip."""
DEEPEST = 2
_STUDENT = re.compile(r"""^\s*STUDENT\s*=\s*(?P<quote>["'])(?P<id>.*?)(?P=quote)""", re.M)
_TEST = re.compile(r"""\s*check\(\s*["'](a\d+)\.\d+["']""")
_MAYBE = (".json", ".txt", "")
"""Endings under which a browser or a mail program saves a notebook."""


@dataclass(frozen=True)
class FoundFile:
    """A file that was handed in.

    Attributes:
        place: where it was, for messages.
        data: its bytes; empty if it was too large.
        student: whose it is, or ``None`` if nobody can tell.
        assignment: the name of the assignment it says it is; ``None`` if it says none.
        version: of the released text that it was made from.
        notebook: the notebook, or ``None``.
        note: why it is unreadable, or "".
        inside: the id that the notebook names, as the roster spells it if it is there.
        written: the same, as it is written: from it the notebook's world was drawn.
        by_place: its place told whose it is, and not only what is written in it.
    """

    place: str
    data: bytes
    student: str | None
    assignment: str | None
    version: str
    notebook: Any
    note: str
    inside: str | None
    written: str | None = None
    by_place: bool = False

    @property
    def fingerprint(self) -> str:
        """Of the file as it came: 16 hexadecimal digits of its SHA-256."""
        return hashlib.sha256(self.data).hexdigest()[:16]

    @property
    def meant(self) -> bool:
        """It was meant to be a notebook: what else lies beside one is nobody's concern."""
        return self.notebook is not None or PurePosixPath(self.place).suffix.lower() in (".ipynb", ".zip")

    @property
    def weight(self) -> tuple[bool, bool, str, bool, str]:
        """Of a student's files for one assignment, the one that weighs most counts.

        A notebook before anything else; one that lies where only this student puts files; the last one,
        if the system wrote down when; one that has its name still.
        """
        named = PurePosixPath(self.place).stem == self.assignment
        return (
            self.notebook is not None,
            self.by_place,
            file_names.moment_of(self.place),
            named,
            self.place,
        )


def collect(source: Path, roster: Roster) -> Iterator[FoundFile]:
    """Everything that was handed in.

    A file that is no notebook, such as a PDF, is among it if its place tells whose it is: its owner is to
    be told. Others of the kind, such as a learning system's own lists, are left out.

    Args:
        source: a zip of all submissions, or a folder of submissions (with zips in it, if need be).
        roster: who is in the class.

    Raises:
        UsageError: there is no such file or folder, or the zip cannot be read.
    """
    if not source.exists():
        raise UsageError(f"there is no {source}; --submissions takes a zip or a folder")
    if source.is_file() and source.suffix.lower() != ".zip" and not zipfile.is_zipfile(source):
        raise UsageError(f"{source} is no zip; --submissions takes a zip of all submissions, or a folder")
    for place, data, note in _files(source):
        found = _found(place, data, note, roster)
        if found is not None:
            yield found


def _files(source: Path) -> Iterator[tuple[str, bytes, str]]:
    if source.is_file():
        try:
            archive = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
            raise UsageError(f"{source} is no zip that can be read: download it again") from error
        yield from _zipped(archive)
        return
    for path in sorted(source.rglob("*")):
        parts = path.relative_to(source).parts
        if path.is_symlink() or not path.is_file() or _is_nobodys(parts):
            continue
        place = "/".join(parts)
        try:
            if path.suffix.lower() == ".zip":
                yield from _inner(place, path, 1)
            elif words := _refused(place, path.stat().st_size):
                yield place, b"", words
            else:
                yield place, path.read_bytes(), ""
        except OSError as error:
            yield place, b"", f"the file cannot be read: {error.strerror}"


def _refused(place: str, size: int) -> str:
    """Why a file is not even read; "" if it may be a notebook, or a zip of one."""
    ending = PurePosixPath(place).suffix.lower()
    if ending not in (".ipynb", ".zip", *_MAYBE):
        return f"a file with the ending {ending} is no notebook"
    return f"the file is larger than {LARGEST // 1024**2} MB" if size > LARGEST else ""


def _inner(place: str, source: Path | io.BytesIO, depth: int) -> Iterator[tuple[str, bytes, str]]:
    """What is in a student's own zip: a damaged one concerns nobody else."""
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        yield place, b"", "the zip cannot be read"
        return
    taken = 0
    for inner, data, note in _zipped(archive, depth):
        taken += len(data)
        if taken > LARGEST_INNER:
            yield place, b"", f"more than {LARGEST_INNER // 1024**2} MB are in the zip"
            return
        yield f"{place}/{inner}", data, note


def _zipped(archive: zipfile.ZipFile, depth: int = 0) -> Iterator[tuple[str, bytes, str]]:
    with archive:
        for entry in archive.infolist()[:MOST_FILES]:
            inner = _name_of(entry)
            if entry.is_dir() or _is_nobodys(PurePosixPath(inner).parts):
                continue
            if words := _refused(inner, entry.file_size):
                yield inner, b"", words
                continue
            try:
                data = archive.read(entry)
            except Exception:  # a damaged or encrypted entry: zipfile raises many kinds
                yield inner, b"", "the file in the zip cannot be read"
                continue
            if not inner.lower().endswith(".zip"):
                yield inner, data, ""
            elif depth < DEEPEST:
                yield from _inner(inner, io.BytesIO(data), depth + 1)
            else:
                yield inner, b"", "a zip in a zip in a zip: nobody looks further"


def _name_of(entry: zipfile.ZipInfo) -> str:
    """An entry's name; some programs write UTF-8 and do not say so, and it is read as code page 437."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _is_nobodys(parts: tuple[str, ...]) -> bool:
    """Files that nobody hands in: of the editor, of the system."""
    return any(part == "__MACOSX" or (part[:1] == "." and part not in (".", "..")) for part in parts)


def _found(place: str, data: bytes, note: str, roster: Roster) -> FoundFile | None:
    ending = PurePosixPath(place).suffix.lower()
    notebook = None
    if not note:
        try:
            notebook = repair.read(data)
        except repair.Unreadable as reason:
            note, data = str(reason), b""
    outside = file_names.student_of(place, roster)
    if notebook is None and outside is None and ending not in (".ipynb", ".zip"):
        return None
    assignment, version, written = inside(notebook)
    named = (roster.by_id(written) or written) if written is not None else None
    student = outside or (named if named in roster.names else None)
    return FoundFile(
        place, data, student, assignment, version, notebook, note, named, written, outside is not None
    )


def inside(notebook: Any) -> tuple[str | None, str, str | None]:
    """What a notebook says of itself: assignment, version, student; ``None`` for what it does not say."""
    if notebook is None:
        return None, "", None
    told = notebook["metadata"].get("jwtlab")
    told = told if isinstance(told, dict) else {}
    name, version = told.get("assignment"), str(told.get("version", ""))[:20]
    if not isinstance(name, str) or name not in _known():
        name = _by_cells(notebook) or (name if isinstance(name, str) else None)
    student = None
    for cell in notebook["cells"]:
        match = _STUDENT.search(cell["source"]) if cell["cell_type"] == "code" else None
        if match:
            student = unicodedata.normalize("NFC", match["id"]).strip() or None
            break
    return name, version, student


def _known() -> list[str]:
    from jwtlab.classroom.assignments import ASSIGNMENTS

    return [assignment.name for assignment in ASSIGNMENTS]


def _by_cells(notebook: Any) -> str | None:
    """An editor may drop metadata it does not know; the grade ids tell as well, and so do the tests."""
    starts = {name.partition("_")[0]: name for name in _known()}
    for cell in notebook["cells"]:
        found = repair.grade_id(cell)
        if found and found.partition("-")[0] in starts:
            return starts[found.partition("-")[0]]
    for cell in notebook["cells"]:  # all marks are gone: the tests are known by what they say
        said = _TEST.match(cell["source"]) if cell["cell_type"] == "code" else None
        if said and said[1] in starts:
            return starts[said[1]]
    return None
