"""The table of marks: one row for everybody in the class and each assignment, however bad the file."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("student", "assignment", "points", "of", "status", "note")


@dataclass(frozen=True)
class MarksRow:
    """A line of ``marks.csv``.

    Attributes:
        student: the id.
        assignment: its name.
        points: of the automatic part.
        of: how many there are in the automatic part.
        status: ``graded``, ``repaired`` (graded after repairs), ``copied`` (made for another student
            of the class: no points), ``unreadable``, ``foreign`` (no
            assignment of this course), ``failed`` (the engine could not grade it) or ``missing``.
        note: what is to be known about it.
    """

    student: str
    assignment: str
    points: float
    of: float
    status: str
    note: str


def write(path: Path, rows: Iterable[MarksRow]) -> None:
    """Write ``marks.csv``; the old table stays until the new one is whole."""
    lines = [(r.student, r.assignment, f"{r.points:g}", f"{r.of:g}", r.status, r.note) for r in rows]
    _write(path, COLUMNS, lines)


def write_for_import(path: Path, rows: Iterable[MarksRow], names: Mapping[str, str]) -> None:
    """Write a table that learning systems take back: one line a student, one column an assignment.

    Args:
        path: where to.
        rows: the marks.
        names: id → full name.
    """
    rows = list(rows)
    assignments = list(dict.fromkeys(row.assignment for row in rows))
    points = {(row.student, row.assignment): f"{row.points:g}" for row in rows if row.status != "missing"}
    lines = [
        (student, name, *(points.get((student, each), "") for each in assignments))
        for student, name in names.items()
    ]
    write_table(path, ("id", "name", *assignments), lines)


def write_table(path: Path, columns: Iterable[str], lines: Iterable[Iterable[str]]) -> Path:
    """Write a table for a spreadsheet; the old one stays until the new one is whole. Gives the path.

    Raises:
        OSError: it cannot be written.
    """
    _write(path, columns, lines, "utf-8-sig")  # spreadsheets know UTF-8 by its mark
    return path


def _write(
    path: Path, columns: Iterable[str], lines: Iterable[Iterable[str]], encoding: str = "utf-8"
) -> None:
    write_lines(path, [columns, *([_harmless(cell) for cell in line] for line in lines)], encoding)


def write_lines(path: Path, lines: Iterable[Iterable[str]], encoding: str) -> None:
    """Write lines as they are; the old file stays until the new one is whole."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with fresh.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(lines)
    fresh.replace(path)


def _harmless(cell: str) -> str:
    """A spreadsheet must not take a student's text for a formula."""
    flat = " ".join(cell.split())
    return f"'{flat}" if flat[:1] in ("=", "+", "-", "@") else flat
