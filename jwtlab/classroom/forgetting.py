"""Forget a student: everything of theirs in a course's folder, and nobody else's."""

from __future__ import annotations

import shutil
from pathlib import Path

from jwtlab import spreadsheet
from jwtlab.classroom import marks, roster
from jwtlab.classroom.assignments import ASSIGNMENTS
from jwtlab.classroom.grading_job import place_of
from jwtlab.classroom.hub.walls import folder_name
from jwtlab.errors import UsageError

ROSTER = "roster.csv"
TABLES = (ROSTER, "marks.csv", "marks_for_import.csv", "marks_by_hand.csv")


def forget(folder: Path, student: str) -> list[str]:
    """Delete what a course's folder holds of a student.

    Args:
        folder: the course's.
        student: their id.

    Returns:
        What was deleted, in words.

    Raises:
        UsageError: no such folder, or there is nothing of anybody of this id.
        OSError: something cannot be deleted; what was deleted before stays so, and the command can be repeated.
    """
    if not (folder / ROSTER).is_file():
        raise UsageError(f"{folder} is no course: it has no {ROSTER}")
    if not student.strip() or Path(student).name != student or student in (".", "..") or "\\" in student:
        raise UsageError(f"{student!r} is no student's id")
    done = []
    for place in _places(folder, student):
        if place.is_symlink() or place.is_file():
            place.unlink()
        elif place.is_dir():
            shutil.rmtree(place)
        else:
            continue
        done.append(str(place.relative_to(folder)))
    done += _from_gradebook(folder, student)
    for name in TABLES:
        count = _from_table(folder / name, student)
        if count:
            done.append(f"{count} {'row' if count == 1 else 'rows'} of {name}")
    if not done:
        raise UsageError(f"{folder} holds nothing of a student {student!r}; ids are those of {ROSTER}")
    return done


def _places(folder: Path, student: str) -> list[Path]:
    hub_name = folder_name(student)
    graded = [place_of(folder, each.name, student) for each in ASSIGNMENTS]
    names = dict.fromkeys((student, hub_name))
    rest = [folder / place / name for place in ("autograded", "feedback", "submitted") for name in names]
    return [*graded, *rest, folder / "hub" / "earlier" / hub_name, folder / "learners" / hub_name]


def _from_gradebook(folder: Path, student: str) -> list[str]:
    database = folder / "gradebook.db"
    if not database.is_file():
        return []
    from jwtlab.classroom import nbgrader_engine as engine

    return ["marks in gradebook.db"] if engine.forget(database, student) else []


def _from_table(path: Path, student: str) -> int:
    """Take the student's rows out of a table with a column of ids; gives how many there were."""
    if not path.is_file():
        return 0
    table = roster.read_table(path)
    titles = [each.strip().casefold() for each in table.rows[0]] if table.rows else []
    at = next((titles.index(each) for each in ("student", "id") if each in titles), 0)
    header, rows = table.rows[:1], table.rows[1:]
    kept = [row for row in rows if len(row) <= at or spreadsheet.as_it_was(row[at].strip()) != student]
    if len(kept) < len(rows):
        marks.write_lines(path, [*header, *kept], table.encoding, table.separator)
    return len(rows) - len(kept)
