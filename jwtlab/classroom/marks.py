"""The table of marks: one row for everybody in the class and each assignment, however bad the file."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jwtlab.classroom.roster import Roster
from jwtlab.errors import UsageError

COLUMNS = ("student", "assignment", "points", "of", "status", "note", "by_hand", "by_hand_of")
FORMULA = tuple("=+-@＝＋－＠")  # the wide ones are the same to some spreadsheets
"""What a formula begins with."""
_FURTHER = re.compile(rf"(; ?)(?=[{re.escape(''.join(FORMULA))}])")


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
        by_hand: points that a person gave for the written answer; ``None`` before that.
        by_hand_of: how many a person can give; 0 where there is no answer to mark.
    """

    student: str
    assignment: str
    points: float
    of: float
    status: str
    note: str
    by_hand: float | None = None
    by_hand_of: float = 0


def write(path: Path, rows: Iterable[MarksRow]) -> None:
    """Write ``marks.csv``; the old table stays until the new one is whole."""
    lines = [
        (
            r.student,
            r.assignment,
            f"{r.points:g}",
            f"{r.of:g}",
            r.status,
            r.note,
            _number(r.by_hand),
            f"{r.by_hand_of:g}" if r.by_hand_of else "",
        )
        for r in rows
    ]
    _write(path, COLUMNS, lines)


def read(path: Path) -> list[MarksRow]:
    """The rows of a ``marks.csv`` that `write` has written.

    Raises:
        UsageError: it is no such table.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [
                MarksRow(
                    as_it_was(row["student"]),
                    row["assignment"],
                    float(row["points"]),
                    float(row["of"]),
                    row["status"],
                    as_it_was(row["note"]),
                )
                for row in csv.DictReader(file)
            ]
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise UsageError(f"{path} is no table of marks: jwtlab classroom grade makes it anew") from error


def _number(points: float | None) -> str:
    return "" if points is None else f"{points:g}"


def write_for_import(path: Path, rows: Iterable[MarksRow], roster: Roster) -> None:
    """Write a table that learning systems take back: one line a student, one column an assignment.

    Behind these columns stand two more for each: the points given by hand, and both together. They are empty
    until somebody has marked the written answer. Further columns of the roster come along, for a learning system
    that knows people by one of them.

    Args:
        path: where to.
        rows: the marks.
        roster: the class.
    """
    rows = list(rows)
    assignments = list(dict.fromkeys(row.assignment for row in rows))
    points = {(row.student, row.assignment): f"{row.points:g}" for row in rows if row.status != "missing"}
    marked = {(row.student, row.assignment): row for row in rows if row.by_hand is not None}
    more = [title for each in assignments for title in (f"{each} by hand", f"{each} in all")]
    lines = [
        (
            student,
            name,
            *(column.get(student, "") for column in roster.more.values()),
            *(points.get((student, each), "") for each in assignments),
            *(text for each in assignments for text in _by_hand(marked.get((student, each)))),
        )
        for student, name in roster.names.items()
    ]
    write_table(path, ("id", "name", *roster.more, *assignments, *more), lines)


def _by_hand(row: MarksRow | None) -> tuple[str, str]:
    if row is None or row.by_hand is None:
        return "", ""
    return f"{row.by_hand:g}", f"{row.points + row.by_hand:g}"


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


def write_lines(path: Path, lines: Iterable[Iterable[str]], encoding: str, separator: str = ",") -> None:
    """Write lines as they are; the old file stays until the new one is whole."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=separator).writerows(lines)
        fresh.replace(path)
    except OSError as error:
        error.filename = str(path)  # what was asked for, and not what is in its place for a moment
        raise


def _harmless(cell: str) -> str:
    """A spreadsheet must not take a student's text for a formula, nor for several cells with one among them.

    Where a comma stands in numbers, spreadsheets take the semicolon for the end of a cell.
    """
    flat = _FURTHER.sub(r"\1'", " ".join(cell.split()))
    return f"'{flat}" if flat[:1] in FORMULA else flat


def as_it_was(cell: str) -> str:
    """A cell without the mark that makes it harmless."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA else cell
