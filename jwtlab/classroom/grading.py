"""From submissions to marks: one student, one process, one gradebook, in parallel, merged at the end.

One damaged file stops nobody else; a run that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jwtlab.classroom import course, feedback, intake, marking, marks, repair, sandbox, versions
from jwtlab.classroom.assignments import ASSIGNMENTS, assignment
from jwtlab.classroom.grading_job import (
    Job,
    job_of,
    keep_problem,
    kept_problem,
    not_yet,
    place_of,
    read_result,
    write_result,
)
from jwtlab.classroom.grading_pool import run_all
from jwtlab.classroom.marks import MarksRow
from jwtlab.classroom.roster import Roster, read_roster
from jwtlab.errors import UsageError

MARKED_BEFORE = "the written answer is another one than the one that was marked: look at its points again"


@dataclass
class Summary:
    """What a run did.

    Attributes:
        rows: everybody's marks, in the order of the roster.
        strangers: files that could not be given to anybody: place → why.
        graded: how many were graded now.
        kept: how many were graded before and have not changed.
        sandbox: what kept the submissions from the rest of the machine, in words.
    """

    rows: list[MarksRow] = field(default_factory=list)
    strangers: dict[str, str] = field(default_factory=dict)
    graded: int = 0
    kept: int = 0
    sandbox: str = ""


def grade(
    folder: Path,
    submissions: Path,
    *,
    jobs: int | None = None,
    time_limit: float | None = None,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] | None = None,
) -> Summary:
    """Grade a class.

    Args:
        folder: the course's folder, as ``jwtlab classroom new`` makes it, with a ``roster.csv``.
        submissions: a zip or a folder.
        jobs: how many at once; by default as many as there are cores.
        time_limit: seconds for a whole notebook.
        progress: wraps the results as they come, and their number: a progress bar.

    Returns:
        The `Summary`. ``marks.csv``, ``marks_for_import.csv`` and ``feedback/`` are written, and the
        gradebook holds the marks.

    Raises:
        UsageError: no such course, roster or submissions, or nothing has been released yet.
    """
    course.secret(folder)
    roster = read_roster(folder / "roster.csv")
    if not roster.names:
        raise UsageError(f"{folder / 'roster.csv'} holds nobody: one student a line below id,name")
    released = course.released(folder)
    if not released:
        raise UsageError(f"nothing has been released yet: jwtlab classroom release {folder}")
    _know_assignments(folder, released)
    limits = sandbox.Limits(whole=time_limit) if time_limit else sandbox.Limits()
    chosen, strangers = _sort_out(list(intake.collect(submissions, roster)), roster, released)
    worlds = Counter((name, (found.written or "").casefold()) for (_, name), found in chosen.items())
    waiting: list[Job] = []
    summary = Summary(strangers=strangers, sandbox=sandbox.kind())
    for (student, name), found in chosen.items():
        row = _hopeless(student, name, found, roster, worlds)
        if row is not None:
            keep_problem(folder, row)
            continue
        job = job_of(folder, roster, student, name, found, limits)
        if not_yet(job):
            waiting.append(job)
        else:
            summary.kept += 1
    done = run_all(waiting, jobs or os.cpu_count() or 1)
    for _ in progress(done, len(waiting)) if progress else done:
        summary.graded += 1
    summary.rows = _conclude(folder, roster, released, {name for _, name in chosen})
    if any(row.status in marking.GRADED for row in summary.rows):
        written = marking.answers(folder)
        summary.rows = marking.with_marks(summary.rows, written)
        if any(each.points is not None for each in written) or (folder / marking.TABLE).exists():
            marking.write_table(folder, written)  # marks may have been given in formgrader
        marking.renew_feedback(folder, written)
    marks.write(folder / "marks.csv", summary.rows)
    marks.write_for_import(folder / "marks_for_import.csv", summary.rows, roster)
    return summary


def _know_assignments(folder: Path, released: Mapping[str, Any]) -> None:
    """A gradebook that was deleted is made anew; otherwise this changes nothing."""
    from jwtlab.classroom import nbgrader_engine as engine

    for name in released:
        for version in versions.released(folder, name):
            called = versions.name_of(name, version)
            kept = versions.snapshot(folder, called)
            source = kept if kept.exists() else folder / "source" / name / f"{name}.ipynb"
            if source.exists():
                engine.enter(folder, called, source)


def _sort_out(
    found: list[intake.FoundFile], roster: Roster, released: Mapping[str, Any]
) -> tuple[dict[tuple[str, str], intake.FoundFile], dict[str, str]]:
    """(student, assignment) → the file that counts; and the files that are nobody's."""
    strangers: dict[str, str] = {}
    chosen: dict[tuple[str, str], list[intake.FoundFile]] = {}
    usual = Counter(each.assignment for each in found if each.assignment in released).most_common(1)
    for each in found:
        if each.student is None:
            strangers[each.place] = "nobody of the roster: " + (each.note or "no id in it, none in its name")
            continue
        name = each.assignment if each.assignment in released else _by_place(each.place, released)
        if name is None and each.assignment is not None:
            strangers[each.place] = f"of {each.student}, but of {each.assignment}, which is not released here"
            continue
        name = name or (usual[0][0] if usual else next(iter(released)))
        chosen.setdefault((each.student, str(name)), []).append(each)
    last: dict[tuple[str, str], intake.FoundFile] = {}
    for key, files in chosen.items():
        usable = [each for each in files if each.assignment == key[1]]
        last[key] = max(usable or files, key=lambda each: each.weight)
        for each in files:
            if each is not last[key] and each.meant:
                strangers[each.place] = f"of {each.student}: another file of theirs counts, {last[key].place}"
    return last, strangers


def _by_place(place: str, released: Iterable[str]) -> str | None:
    """The assignment that a file's name or folder names, for files that do not say it themselves."""
    return next((name for name in released if name in place), None)


def _hopeless(
    student: str,
    name: str,
    found: intake.FoundFile,
    roster: Roster,
    worlds: Mapping[tuple[str, str], int],
) -> MarksRow | None:
    """The row of a file that there is nothing to grade in."""
    of = assignment(name).points
    if found.notebook is None:
        return MarksRow(student, name, 0, of, "unreadable", f"{found.place}: {found.note}")
    if found.assignment != name:
        words = f"{found.place}: the notebook holds no cell of {name}"
        return MarksRow(student, name, 0, of, "foreign", words)
    if found.inside is None or found.inside == student or found.written is None:
        return None
    says = f"it says STUDENT = {found.written[:80]!r}"
    if found.inside in roster.names:
        return MarksRow(student, name, 0, of, "copied", f"the notebook was made for {found.inside}: {says}")
    if not roster.is_slip(found.written, student):
        words = (
            f"the notebook was made for somebody who is not in the class: {says}. If that is another id of "
            f"{student}, put it into roster.csv, in a column called also, and grade again"
        )
        return MarksRow(student, name, 0, of, "copied", words)
    if worlds[name, found.written.casefold()] > 1:
        words = f"somebody else handed in a notebook that was made for the same id: {says}"
        return MarksRow(student, name, 0, of, "copied", words)
    return None


def _conclude(
    folder: Path,
    roster: Roster,
    released: Mapping[str, Any],
    asked: set[str],
) -> list[MarksRow]:
    """Everybody's rows; what was graded goes into the gradebook and the folders of formgrader."""
    from jwtlab.classroom import nbgrader_engine as engine

    rows = []
    before = {name for name in released if (folder / ".grading" / name).is_dir()}
    for name in (each.name for each in ASSIGNMENTS if each.name in asked | before):
        for student, full in roster.names.items():
            place = place_of(folder, name, student)
            result = read_result(place)
            if result is None:
                row = kept_problem(folder, student, name) or MarksRow(
                    student, name, 0, assignment(name).points, "missing", "nothing was handed in"
                )
                rows.append(row)
                feedback.write_problem(folder, row, full)
            else:
                called = versions.name_of(name, str(result.get("version", versions.FIRST)))
                found = tuple(engine.Mark(**each) for each in result["marks"])
                new = _new_answers(folder / "autograded" / student / called / f"{called}.ipynb", place)
                if engine.merge(folder, called, student, full, found, new):
                    result["note"] = "; ".join([each for each in (result["note"], MARKED_BEFORE) if each])
                    write_result(place, result)
                rows.append(_row(student, name, result))
                if (place / "graded.ipynb").exists():
                    _put_for_formgrader(folder, student, name, called, place / "graded.ipynb")
    return rows


def _new_answers(before: Path, place: Path) -> frozenset[str]:
    """Grade ids of written answers that are others than in the notebook that was graded before."""

    def written(path: Path) -> dict[str, str]:
        try:
            cells = repair.read(path.read_bytes()).cells
        except (OSError, repair.Unreadable):
            return {}
        return {name: cell["source"].strip() for cell in cells if (name := repair.grade_id(cell))}

    old, new = written(before), written(place / "graded.ipynb")
    return frozenset(name for name in old.keys() & new.keys() if old[name] != new[name])


def _put_for_formgrader(folder: Path, student: str, name: str, called: str, graded: Path) -> None:
    """Where formgrader looks for it; of an earlier version that was handed in before, nothing is left there."""
    for version in versions.released(folder, name):
        other = versions.name_of(name, version)
        if other != called:
            shutil.rmtree(folder / "autograded" / student / other, ignore_errors=True)
    target = folder / "autograded" / student / called
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(graded, target / f"{called}.ipynb")


def _row(student: str, name: str, result: Mapping[str, Any]) -> MarksRow:
    return MarksRow(student, name, result["points"], result["of"], result["status"], result["note"])
