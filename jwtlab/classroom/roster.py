"""The class: who is in it, and the ways in which a name is written."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from jwtlab.errors import UsageError

_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})

LONGEST_ID = 200
"""Bytes in UTF-8."""


@dataclass(frozen=True)
class Roster:
    """The class.

    Attributes:
        names: id → full name, in the order of the file.
        more: title of a further column → id → what stands there; a learning system may want it back.
        also: other ids by which somebody is known → the id (the column ``also``, ids with spaces between).
    """

    names: Mapping[str, str]
    more: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)

    def by_name(self, name: str) -> str | None:
        """The one student of this name; ``None`` if there is none, or more than one.

        Args:
            name: as a learning system writes it: with or without accents and apostrophes, family name or
                given name first, in one word or more.
        """
        for forms in (_orders, _squeezed):
            wanted = forms(name)
            found = [student for student, full in self.names.items() if full and wanted & forms(full)]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def by_id(self, wanted: str) -> str | None:
        """The id as the roster spells it, if the one that is wanted differs in case or accents' form only."""
        if wanted in self.names:
            return wanted
        found = [student for student in self.names if _one_form(student) == _one_form(wanted)]
        return found[0] if len(found) == 1 else self.also.get(_one_form(wanted))

    def is_slip(self, written: str, student: str) -> bool:
        """May somebody have written this who meant this student's id, and nobody else's?

        A letter more or less, an address of theirs, their name: yes. Another number: no.
        """
        own, other = _one_form(student), _one_form(written)
        if (named := self.by_name(written)) is not None:
            return named == student
        if re.sub(r"\D", "", own) != re.sub(r"\D", "", other):
            return False
        inside = min(len(own), len(other)) >= 3 and (own in other or other in own)
        return inside or SequenceMatcher(None, own, other).ratio() >= 0.75


def _one_form(text: str) -> str:
    """An id in the form in which it is compared."""
    return unicodedata.normalize("NFC", text).strip().casefold()


def read_roster(path: Path) -> Roster:
    """Read ``roster.csv`` (columns ``id,name``; comma, semicolon or tab; any usual encoding).

    Raises:
        UsageError: it is missing or unreadable; the message names the line.
    """
    rows = read_table(path).rows
    titles = [each.strip() for each in rows[0]] if rows else []
    low = [each.casefold() for each in titles]
    if sorted(low[:2]) != ["id", "name"]:
        raise UsageError(f"the first line of {path.name} has to be: id,name")
    at = {"id": low.index("id"), "name": low.index("name")}
    names: dict[str, str] = {}
    more: dict[str, dict[str, str]] = {title: {} for title in titles[2:] if title}
    taken: set[str] = set()
    for number, row in enumerate(rows[1:], 2):
        if not any(each.strip() for each in row):
            continue
        row += [""] * (len(titles) - len(row))
        student = unicodedata.normalize("NFC", row[at["id"]]).strip()
        _look_at(student, f"{path.name}, line {number}", taken)
        names[student] = row[at["name"]].strip()
        for title, value in zip(titles[2:], row[2:], strict=False):
            if title:
                more[title][student] = value.strip()
    return Roster(names, more, _also(more, names, path.name))


@dataclass(frozen=True)
class ClassList:
    """A table as a spreadsheet wrote it.

    Attributes:
        rows: its cells, the titles first.
        encoding, separator: how it was written.
    """

    rows: list[list[str]]
    encoding: str
    separator: str


def read_table(path: Path) -> ClassList:
    """Read a table (comma, semicolon or tab; any usual encoding).

    Raises:
        UsageError: it is missing or unreadable.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"{path.name} is missing: a table with the columns id,name, one student a line"
        ) from None
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror}") from None
    text, encoding = _decoded(data)
    lines = text.splitlines()
    separator = max(",;\t", key=(lines[0] if lines else "").count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise UsageError(f"{path.name} is no table that can be read: {error}") from None
    return ClassList(rows, encoding, separator)


def _also(more: dict[str, dict[str, str]], names: Mapping[str, str], file: str) -> dict[str, str]:
    """Take the column ``also`` out of the further ones."""
    title = next((each for each in more if each.casefold() == "also"), None)
    found: dict[str, str] = {}
    own = {_one_form(student): student for student in names}
    for student, words in (more.pop(title) if title else {}).items():
        for other in map(_one_form, words.split()):
            if own.get(other, student) != student or found.get(other, student) != student:
                raise UsageError(f"{file}: {other} stands for two students")
            found[other] = student
    return found


def _look_at(student: str, place: str, taken: set[str]) -> None:
    """Refuse an id that cannot be one; remember it."""
    if not student:
        raise UsageError(f"{place}: the id is missing")
    if "/" in student or "\\" in student or student in (".", "..") or not student.isprintable():
        raise UsageError(f"{place}: an id cannot hold a slash or a control character")
    if len(student.encode("utf-8")) > LONGEST_ID:
        raise UsageError(
            f"{place}: an id has at most {LONGEST_ID} letters, or half as many with accents: it names a folder"
        )
    if student.casefold() in taken:
        raise UsageError(f"{place}: {student} is there twice")
    taken.add(student.casefold())


def _plain(name: str) -> str:
    """A name for comparing: without accents, case and doubled spaces."""
    split = unicodedata.normalize("NFKD", name)
    return " ".join("".join(c for c in split if not unicodedata.combining(c)).casefold().split())


def _orders(full: str) -> set[str]:
    """The ways in which a full name is written: given name first, family name first, with a comma."""
    spelled = unicodedata.normalize("NFC", full).casefold().translate(_SPELLED_OUT)
    return _turned(full) | _turned(spelled)


def _turned(full: str) -> set[str]:
    family, comma, given = (each.strip() for each in _plain(full.replace(",", " , ")).partition(","))
    if comma:
        return {f"{given} {family}", f"{family} {given}"}
    words = family.split()
    return {family, *(" ".join(words[i:] + words[:i]) for i in range(1, len(words)))}


def _squeezed(full: str) -> set[str]:
    """In one word of letters and digits, as some systems write a name in the name of a file."""
    return {word for each in _orders(full) if (word := re.sub(r"[\W_]", "", each))}


def _decoded(data: bytes) -> tuple[str, str]:
    """A text, and the encoding in which it was, and can be written again."""
    usual = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    wide = data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ("utf-16" if wide else usual, "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeError:
            continue
    return data.decode("latin-1"), "latin-1"
