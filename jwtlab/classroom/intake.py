"""Where submissions come from: zips of learning systems, folders, the hub. Whose is which, and of what.

How the systems name files in a zip of all submissions (as they write them today):

    Moodle      Alice Example_123456_assignsubmission_file_/a1_tokens.ipynb   (or ..._file_a1_tokens.ipynb)
    Canvas      examplealice_LATE_12345_678901_a1_tokens-1.ipynb
    Blackboard  Assignment 1_alice_attempt_2026-11-01-12-00-00_a1_tokens.ipynb
    ILIAS       .../Example_Alice_alice_4711/20261101120000_a1_tokens.ipynb
    nbgrader    alice/a1_tokens/a1_tokens.ipynb

Which assignment a file belongs to is read from inside it, never from its name: browsers rename.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from jwtlab.classroom import repair
from jwtlab.errors import UsageError

LARGEST = 20 * 1024**2
MOST_FILES = 20_000
_STUDENT = re.compile(r"""^\s*STUDENT\s*=\s*(?P<quote>["'])(?P<id>.*?)(?P=quote)""", re.M)
_MOODLE = re.compile(r"(?P<name>.+?)_\d+_assignsubmission_(?:file|onlinetext)_?")
_BLACKBOARD = re.compile(r".+?_(?P<id>[^_]+(?:_[^_]+)*?)_attempt_\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d(?:_|$|\.)")
_CANVAS = re.compile(r"(?P<name>[^_\W]+(?:-[^_\W]+)*)_(?:LATE_)?\d+_\d+_.+")
_ILIAS = re.compile(r".+_(?P<id>[^_]+)_\d+")


@dataclass(frozen=True)
class Roster:
    """The class: id → name."""

    names: Mapping[str, str]

    def by_name(self, name: str, *, squeezed: bool = False) -> str | None:
        """The one student of this name; ``None`` if there is none, or more than one.

        Args:
            name: as a learning system writes it.
            squeezed: the system writes family name and given name as one word, in small letters.
        """
        wanted = _plain(name)
        found = [
            student
            for student, full in self.names.items()
            if (wanted in _squeezed(full) if squeezed else wanted in _orders(full))
        ]
        return found[0] if len(found) == 1 else None

    def by_id(self, wanted: str) -> str | None:
        """The id as the roster spells it."""
        if wanted in self.names:
            return wanted
        found = [student for student in self.names if student.casefold() == wanted.casefold()]
        return found[0] if len(found) == 1 else None


def read_roster(path: Path) -> Roster:
    """Read ``roster.csv`` (columns ``id,name``; comma, semicolon or tab; any usual encoding).

    Raises:
        UsageError: it is missing or unreadable; the message names the line.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"{path.name} is missing: a table with the columns id,name, one student a line"
        ) from None
    text = _decoded(data)
    lines = text.splitlines()
    separator = max(",;\t", key=(lines[0] if lines else "").count)
    rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    if not rows or [each.strip().casefold() for each in rows[0][:2]] != ["id", "name"]:
        raise UsageError(f"the first line of {path.name} has to be: id,name")
    names: dict[str, str] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(each.strip() for each in row):
            continue
        student = unicodedata.normalize("NFC", row[0]).strip()
        if not student:
            raise UsageError(f"{path.name}, line {number}: the id is missing")
        if "/" in student or "\\" in student or student in (".", "..") or not student.isprintable():
            raise UsageError(f"{path.name}, line {number}: an id cannot hold a slash or a control character")
        if student.casefold() in {each.casefold() for each in names}:
            raise UsageError(f"{path.name}, line {number}: {student} is there twice")
        names[student] = row[1].strip() if len(row) > 1 else ""
    return Roster(names)


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
    """

    place: str
    data: bytes
    student: str | None
    assignment: str | None
    version: str
    notebook: Any
    note: str
    inside: str | None

    @property
    def fingerprint(self) -> str:
        """Of the file as it came: 16 hexadecimal digits of its SHA-256."""
        return hashlib.sha256(self.data).hexdigest()[:16]


def collect(source: Path, roster: Roster) -> Iterator[FoundFile]:
    """Everything that was handed in.

    Args:
        source: a zip of all submissions, or a folder of submissions (with zips in it, if need be).
        roster: who is in the class.

    Raises:
        UsageError: there is no such file or folder, or the zip cannot be read.
    """
    if not source.exists():
        raise UsageError(f"there is no {source}; --submissions takes a zip or a folder")
    for place, data, note in _files(source):
        yield _found(place, data, note, roster)


def _files(source: Path) -> Iterator[tuple[str, bytes, str]]:
    if source.is_file():
        yield from _zipped(source.name, source)
        return
    for path in sorted(source.rglob("*")):
        if not path.is_file() or path.is_symlink() or _is_ours(path.relative_to(source).parts):
            continue
        place = path.relative_to(source).as_posix()
        if path.suffix.lower() == ".zip":
            yield from _zipped(place, path)
        elif path.suffix.lower() == ".ipynb":
            if path.stat().st_size > LARGEST:
                yield place, b"", f"the file is larger than {LARGEST // 1024**2} MB"
                continue
            yield place, path.read_bytes(), ""


def _zipped(place: str, source: Path | io.BytesIO, depth: int = 0) -> Iterator[tuple[str, bytes, str]]:
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        if isinstance(source, Path) and depth == 0 and "/" not in place:
            raise UsageError(f"{place} is no zip that can be read") from error
        yield place, b"", "the zip cannot be read"
        return
    with archive:
        for entry in archive.infolist()[:MOST_FILES]:
            inner = entry.filename.replace("\\", "/")
            if entry.is_dir() or _is_ours(PurePosixPath(inner).parts):
                continue
            ending = PurePosixPath(inner).suffix.lower()
            if ending not in (".ipynb", ".zip"):
                continue
            if entry.file_size > LARGEST:
                yield inner, b"", f"the file is larger than {LARGEST // 1024**2} MB"
                continue
            try:
                data = archive.read(entry)
            except Exception:  # a damaged or encrypted entry: zipfile raises many kinds
                yield inner, b"", "the file in the zip cannot be read"
                continue
            if ending == ".zip" and depth < 2:
                for further, content, note in _zipped(inner, io.BytesIO(data), depth + 1):
                    yield f"{inner}/{further}", content, note
            elif ending == ".ipynb":
                yield inner, data, ""


def _is_ours(parts: tuple[str, ...]) -> bool:
    """Files that nobody hands in: of the editor, of the system."""
    return any(part in (".ipynb_checkpoints", "__MACOSX") or part.startswith("._") for part in parts)


def _found(place: str, data: bytes, note: str, roster: Roster) -> FoundFile:
    notebook = None
    if not note:
        try:
            notebook = repair.read(data)
        except repair.Unreadable as reason:
            note = str(reason)
    assignment, version, named = inside(notebook)
    outside = _from_place(place, roster)
    if named is not None:
        named = roster.by_id(named) or named
    student = outside or (named if named in roster.names else None)
    return FoundFile(place, data, student, assignment, version, notebook, note, named)


def inside(notebook: Any) -> tuple[str | None, str, str | None]:
    """What a notebook says of itself: assignment, version, student; ``None`` for what it does not say."""
    if notebook is None:
        return None, "", None
    told = notebook["metadata"].get("jwtlab")
    told = told if isinstance(told, dict) else {}
    name, version = told.get("assignment"), str(told.get("version", ""))[:20]
    if not isinstance(name, str):
        name = _by_cells(notebook)
    student = None
    for cell in notebook["cells"]:
        match = _STUDENT.search(cell["source"]) if cell["cell_type"] == "code" else None
        if match:
            student = unicodedata.normalize("NFC", match["id"]).strip() or None
            break
    return name, version, student


def _by_cells(notebook: Any) -> str | None:
    """An editor may drop metadata it does not know; the grade ids tell as well."""
    from jwtlab.classroom.assignments import ASSIGNMENTS

    starts = {assignment.name.partition("_")[0]: assignment.name for assignment in ASSIGNMENTS}
    for cell in notebook["cells"]:
        found = repair.grade_id(cell)
        if found and found.partition("-")[0] in starts:
            return starts[found.partition("-")[0]]
    return None


def _from_place(place: str, roster: Roster) -> str | None:
    """Whose a file is, by the name that a learning system gave it: the innermost that tells counts."""
    for part in reversed(place.split("/")):
        if match := _MOODLE.match(part):
            found = roster.by_name(match["name"])
        elif match := _BLACKBOARD.match(part):
            found = roster.by_id(match["id"])
        else:
            found = roster.by_id(part.removesuffix(".ipynb").removesuffix(".zip"))
            if found is None and (match := _CANVAS.fullmatch(part)):
                found = roster.by_name(match["name"], squeezed=True)
            if found is None and (match := _ILIAS.fullmatch(part)):
                found = roster.by_id(match["id"])
        if found is not None:
            return found
    return None


def _plain(name: str) -> str:
    """A name for comparing: without accents, case and doubled spaces."""
    split = unicodedata.normalize("NFKD", name)
    return " ".join("".join(c for c in split if not unicodedata.combining(c)).casefold().split())


def _orders(full: str) -> set[str]:
    """The ways in which a full name is written: given name first, family name first, with a comma."""
    plain = _plain(full.replace(",", " , "))
    family, comma, given = (each.strip() for each in plain.partition(","))
    if comma:
        return {f"{given} {family}", f"{family} {given}", f"{family}, {given}"}
    words = plain.split()
    return {plain, *(" ".join(words[i:] + words[:i]) for i in range(1, len(words)))}


def _squeezed(full: str) -> set[str]:
    return {re.sub(r"[\W_]", "", each) for each in _orders(full)}


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeError:
            continue
    return data.decode("latin-1")
