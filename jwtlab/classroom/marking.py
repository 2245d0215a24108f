"""Written answers, to be marked by hand: read from the graded notebooks, kept in the course's gradebook.

nbgrader's formgrader does the same inside JupyterLab. Under a hub, and on a machine without JupyterLab, the
page of ``jwtlab classroom mark`` is there (`jwtlab.classroom.marking_pages`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import nbformat

from jwtlab.classroom import course, feedback, marks, versions
from jwtlab.classroom import nbgrader_engine as engine
from jwtlab.classroom.assignments import ASSIGNMENTS, assignment
from jwtlab.classroom.grading_job import place_of, read_result
from jwtlab.classroom.marks import MarksRow
from jwtlab.classroom.model import Written
from jwtlab.classroom.roster import read_roster
from jwtlab.errors import UsageError

TABLE = "marks_by_hand.csv"
COLUMNS = ("student", "assignment", "question", "points", "of", "comment")
GRADED = ("graded", "repaired")
LONGEST = 20_000
"""Characters of an answer that are shown."""


@dataclass(frozen=True)
class WrittenAnswer:
    """A written answer that waits for a person, or was marked by one.

    Attributes:
        student, name: whose it is, by id and by name.
        assignment: the assignment's name.
        question: what was asked, with its rubric.
        graded: the graded notebook, in which the answer stands.
        released: the notebook as it was handed out.
        points: what was given, or ``None``.
        comment: what the marker wrote to the student.
    """

    student: str
    name: str
    assignment: str
    question: Written
    graded: Path
    released: Path
    points: float | None = None
    comment: str = field(default="", repr=False)

    @cached_property
    def text(self) -> str:
        """What was written, as it stands in the notebook; empty if the notebook has lost it."""
        text = _around(self.graded, self.question.answer_cell)[1]
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n[cut: {len(text)} characters]"

    @cached_property
    def asked(self) -> str:
        """The question as students read it."""
        before = _around(self.released, self.question.answer_cell)[0]
        return "\n".join(line for line in before.splitlines() if not line.startswith("#")).strip()

    @property
    def is_empty(self) -> bool:
        """Nothing was written: the cell is as it was handed out."""
        handed_out = _around(self.released, self.question.answer_cell)[1]
        return self.text.strip() in ("", handed_out.strip())


def _around(path: Path, cell: str) -> tuple[str, str]:
    """The cell before a cell, and the cell itself; empty if they are not there."""
    try:
        cells = nbformat.read(path, as_version=4).cells
    except (OSError, ValueError):
        return "", ""
    for before, each in zip([None, *cells], cells, strict=False):
        if each.metadata.get("nbgrader", {}).get("grade_id") == cell:
            return str(before.source) if before else "", str(each.source)
    return "", ""


def answers(folder: Path, *, shuffled: bool = False) -> list[WrittenAnswer]:
    """All written answers of a course, question by question.

    Args:
        folder: the course's folder, after ``jwtlab classroom grade``.
        shuffled: in an order that tells nothing of the roster, and another one for each question; it stays
            the same. Otherwise in the order of the roster.

    Raises:
        UsageError: it is no course's folder, or nothing was graded yet.
    """
    secret = course.secret(folder)
    names = read_roster(folder / "roster.csv").names
    found: list[WrittenAnswer] = []
    for plan in ASSIGNMENTS:
        for question in plan.written:
            of = _of_question(folder, plan.name, question, names)
            found += sorted(of, key=lambda each: _draw(secret, each)) if shuffled else of
    if not found:
        raise UsageError(
            f"no written answer waits in {folder}: jwtlab classroom grade {folder} --submissions PATH comes first"
        )
    return found


def _of_question(folder: Path, name: str, question: Written, names: Mapping[str, str]) -> list[WrittenAnswer]:
    """The answers to one question, of whichever version, in the order of the roster."""
    found: dict[str, WrittenAnswer] = {}
    for released in versions.released(folder, name).values():
        called = released.stem
        paths = {each: folder / "autograded" / each / called / f"{called}.ipynb" for each in names}
        paths = {student: path for student, path in paths.items() if path.exists()}
        given = engine.by_hand(folder / "gradebook.db", called) if paths else {}
        for student, path in paths.items():
            mark = given.get((student, question.answer_cell), (None, ""))
            found[student] = WrittenAnswer(student, names[student], name, question, path, released, *mark)
    return [found[student] for student in names if student in found]


def _draw(secret: str, answer: WrittenAnswer) -> bytes:
    return hashlib.sha256(f"{secret}\0{answer.question.id}\0{answer.student}".encode()).digest()


def read_points(text: str, of: float) -> float | None:
    """The points that somebody typed; an empty field takes a mark back.

    Raises:
        UsageError: it is no number from 0 to ``of``.
    """
    written = text.strip().replace(",", ".")
    if not written:
        return None
    try:
        points = float(written)
    except ValueError:
        points = -1
    if not 0 <= points <= of:
        raise UsageError(f"{text[:20]!r} are no points: write a number from 0 to {of:g}")
    return round(points * 4) / 4


def save(folder: Path, answer: WrittenAnswer, points: float | None, comment: str) -> None:
    """Keep a mark in the gradebook, and write the tables anew.

    Raises:
        EngineFailed: the gradebook cannot be written.
        UsageError: a table cannot be read.
    """
    engine.mark_by_hand(
        folder / "gradebook.db",
        answer.released.stem,
        answer.student,
        answer.question.answer_cell,
        points,
        comment,
    )
    found = answers(folder)
    write_table(folder, found)
    renew_feedback(folder, [each for each in found if each.student == answer.student])
    if (folder / "marks.csv").exists():
        rows = with_marks(marks.read(folder / "marks.csv"), found)
        marks.write(folder / "marks.csv", rows)
        marks.write_for_import(folder / "marks_for_import.csv", rows, read_roster(folder / "roster.csv"))


def renew_feedback(folder: Path, found: Iterable[WrittenAnswer]) -> None:
    """Write the pages of students anew, with the points and comments that a person gave.

    Args:
        folder: the course's.
        found: their written answers; all of an assignment, if there are more than one.
    """
    given: dict[tuple[str, str], list[WrittenAnswer]] = {}
    for each in found:
        given.setdefault((each.student, each.assignment), []).append(each)
    for (student, name), answered in given.items():
        result = read_result(place_of(folder, name, student))
        if result is not None and "page" in result:
            marks_of = {each.question.answer_cell: (each.points, each.comment) for each in answered}
            feedback.write(folder, student, answered[0].name, assignment(name), result["page"], marks_of)


def with_marks(rows: Iterable[MarksRow], found: Iterable[WrittenAnswer]) -> list[MarksRow]:
    """Rows of ``marks.csv`` with what was given by hand.

    Args:
        rows: those of the automatic part.
        found: the written answers.
    """
    given: dict[tuple[str, str], list[float | None]] = {}
    for each in found:
        given.setdefault((each.student, each.assignment), []).append(each.points)
    done = []
    for row in rows:
        points = given.get((row.student, row.assignment), []) if row.status in GRADED else []
        known = [each for each in points if each is not None]
        of = sum(each.points for each in assignment(row.assignment).written) if points else 0
        done.append(replace(row, by_hand=sum(known) if known else None, by_hand_of=of))
    return done


def write_table(folder: Path, found: Iterable[WrittenAnswer]) -> Path:
    """``marks_by_hand.csv``: one row for each answer that was marked."""
    lines = [
        (
            each.student,
            each.assignment,
            each.question.id,
            f"{each.points:g}",
            f"{each.question.points:g}",
            each.comment,
        )
        for each in found
        if each.points is not None
    ]
    return marks.write_table(folder / TABLE, COLUMNS, lines)
