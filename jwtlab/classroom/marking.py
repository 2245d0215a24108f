"""Written answers, to be marked by hand: read from the graded notebooks, kept in the course's gradebook.

nbgrader's formgrader does the same inside JupyterLab. Under a hub, and on a machine without JupyterLab, the
page of ``jwtlab classroom mark`` is there (`jwtlab.classroom.marking_pages`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from jwtlab.classroom import course, intake, marks
from jwtlab.classroom import nbgrader_engine as engine
from jwtlab.classroom.assignments import ASSIGNMENTS
from jwtlab.classroom.model import Written
from jwtlab.errors import UsageError

TABLE = "marks_by_hand.csv"
COLUMNS = ("student", "assignment", "question", "points", "of", "comment")
LONGEST = 20_000
"""Characters of an answer that are shown."""


@dataclass(frozen=True)
class WrittenAnswer:
    """A written answer that waits for a person, or was marked by one.

    Attributes:
        student, name: whose it is, by id and by name.
        assignment: the assignment's name.
        question: what was asked, with its rubric.
        text: what was written, as it stands in the notebook.
        handed_out: what stood there before.
        points: what was given, or ``None``.
        comment: what the marker wrote to the student.
    """

    student: str
    name: str
    assignment: str
    question: Written
    text: str = field(repr=False)
    handed_out: str = field(default="", repr=False)
    points: float | None = None
    comment: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing was written: the cell is as it was handed out."""
        return self.text.strip() in ("", self.handed_out.strip())


def answers(folder: Path) -> list[WrittenAnswer]:
    """All written answers of a course, question by question, in the order of the roster.

    Args:
        folder: the course's folder, after ``jwtlab classroom grade``.

    Raises:
        UsageError: it is no course's folder, or nothing was graded yet.
    """
    course.secret(folder)
    names = intake.read_roster(folder / "roster.csv").names
    found = []
    for plan in ASSIGNMENTS:
        for question in plan.written:
            released = course.release_file(folder, plan.name)
            before = _text(released, question.answer_cell) if released.exists() else ""
            for student in names:
                path = folder / "autograded" / student / plan.name / f"{plan.name}.ipynb"
                if path.exists():
                    given = engine.by_hand(folder / "gradebook.db", plan.name, student, question.answer_cell)
                    text = _text(path, question.answer_cell)
                    found.append(
                        WrittenAnswer(student, names[student], plan.name, question, text, before, *given)
                    )
    if not found:
        raise UsageError(
            f"no written answer waits in {folder}: jwtlab classroom grade {folder} --submissions PATH comes first"
        )
    return found


def _text(path: Path, cell: str) -> str:
    """The source of the answer's cell; empty if the notebook has lost it."""
    for each in nbformat.read(path, as_version=4).cells:
        if each.metadata.get("nbgrader", {}).get("grade_id") == cell:
            text = str(each.source)
            return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n[cut: {len(text)} characters]"
    return ""


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
    """Keep a mark in the gradebook, and write the table anew.

    Raises:
        EngineFailed: the gradebook cannot be written.
    """
    engine.mark_by_hand(
        folder / "gradebook.db",
        answer.assignment,
        answer.student,
        answer.question.answer_cell,
        points,
        comment,
    )
    write_table(folder, answers(folder))


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
