"""One page of feedback a student: what to look at, part by part; no hidden test and no traceback of one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from jwtlab.classroom.marks import MarksRow
from jwtlab.style import style
from jwtlab.widgets.view import render

if TYPE_CHECKING:
    from jwtlab.classroom.grading_job import Job
    from jwtlab.classroom.judging import Judged
    from jwtlab.classroom.model import Assignment
    from jwtlab.classroom.repair import Repaired


def write(
    job: Job, plan: Assignment, judged: Judged, mended: Repaired, notes: list[str], found: tuple[Any, ...]
) -> Path:
    """Write ``feedback/STUDENT/ASSIGNMENT.html``."""
    by_hand = {mark.cell: mark for mark in found}
    written = [(each, by_hand.get(each.answer_cell)) for each in plan.written]
    return _write(
        job.folder,
        job.student,
        plan.name,
        title=plan.title,
        name=job.name,
        results=judged.results,
        earned=judged.earned,
        points=plan.points,
        written=written,
        notes=notes,
        repairs=mended.repairs,
        file=job.file,
        problem="",
    )


def write_problem(folder: Path, row: MarksRow, name: str) -> Path:
    """The page for a file in which there was nothing to grade."""
    return _write(
        folder,
        row.student,
        row.assignment,
        title=row.assignment,
        name=name,
        results=(),
        earned=0,
        points=row.of,
        written=(),
        notes=(),
        repairs=(),
        file="",
        problem=row.note,
    )


def _write(folder: Path, student: str, assignment: str, **context: Any) -> Path:
    target = folder / "feedback" / student / f"{assignment}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.{os.getpid()}.new")
    fresh.write_text(
        str(render("classroom_feedback.html", style=Markup(style()), student=student, **context)), "utf-8"
    )
    fresh.replace(target)
    return target
