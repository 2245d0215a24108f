"""One page of feedback a student: what to look at, part by part; no hidden test and no traceback of one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from jwtlab.classroom.assignments import assignment as plan_of
from jwtlab.classroom.marks import MarksRow
from jwtlab.style import style
from jwtlab.widgets.view import render

if TYPE_CHECKING:
    from jwtlab.classroom.judging import Judged
    from jwtlab.classroom.model import Assignment

GivenByHand = tuple[float | None, str]
"""Points and comment of a person; ``None`` before they marked."""


def page_of(judged: Judged, notes: Iterable[str], repairs: Iterable[str], file: str) -> dict[str, Any]:
    """What a page says of a submission, as plain data: it is kept, and the page written anew when marks come.

    Args:
        judged: what was found.
        notes, repairs: what is to be said of it.
        file: its fingerprint.
    """
    results = [
        {
            "id": result.task.id,
            "title": result.task.title,
            "earned": result.earned,
            "points": result.task.points,
            "parts": [
                {
                    "title": each.part.title,
                    "earned": each.earned,
                    "points": each.part.points,
                    "words": each.words,
                }
                for each in result.parts
            ],
        }
        for result in judged.results
    ]
    return {"results": results, "notes": list(notes), "repairs": list(repairs), "file": file}


def write(
    folder: Path,
    student: str,
    name: str,
    plan: Assignment,
    page: Mapping[str, Any],
    given: Mapping[str, GivenByHand],
) -> Path:
    """Write ``feedback/STUDENT/ASSIGNMENT.html``.

    Args:
        folder: the course's.
        student, name: id and full name.
        plan: the assignment.
        page: see `page_of`.
        given: grade id of a written answer → what a person gave for it.
    """
    written = [(each, *given.get(each.answer_cell, (None, ""))) for each in plan.written]
    return _write(
        folder,
        student,
        plan.name,
        title=plan.title,
        name=name,
        earned=sum(each["earned"] for each in page["results"]),
        points=plan.points,
        written=written,
        by_hand=sum(points or 0 for _, points, _ in written),
        all_marked=bool(written) and all(points is not None for _, points, _ in written),
        problem="",
        **page,
    )


def write_problem(folder: Path, row: MarksRow, name: str) -> Path:
    """The page for a file in which there was nothing to grade."""
    return _write(
        folder,
        row.student,
        row.assignment,
        title=plan_of(row.assignment).title,
        name=name,
        missing=row.status == "missing",
        results=(),
        earned=0,
        points=row.of,
        written=(),
        by_hand=0,
        all_marked=False,
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
