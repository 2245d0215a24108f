"""One submission: graded by a process of its own, and its result kept beside what it was made from."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat

from jwtlab import __version__
from jwtlab.classroom import course, feedback, intake, judging, repair, sandbox, versions
from jwtlab.classroom.assignments import assignment
from jwtlab.classroom.marks import MarksRow
from jwtlab.classroom.roster import Roster
from jwtlab.classroom.variants import variant

FAILED = "failed"
LONGEST_NAME = 200
"""Letters of a folder's name; file systems have room for 255 bytes."""


@dataclass(frozen=True)
class Job:
    """One submission to be graded, as it goes to a worker process.

    Attributes:
        folder: the course's folder.
        student, name: whose it is: id and full name.
        assignment: of what.
        fingerprint: of everything that decides the marks: file, release, limits, version of jwtlab.
        world: the id whose variant the answers are judged in: the student's, or a misspelt one that
            the notebook names and that is nobody else's.
        notebook: what was handed in, as JSON text.
        file: the fingerprint of the file as it came.
        note: what is known beforehand.
        limits: of time.
        version: of the released text that it was made from.
    """

    folder: Path
    student: str
    name: str
    assignment: str
    fingerprint: str
    world: str
    notebook: str
    file: str
    note: str
    limits: sandbox.Limits
    version: str = versions.FIRST

    @property
    def called(self) -> str:
        """What this version of the assignment is called in nbgrader's books."""
        return versions.name_of(self.assignment, self.version)

    @property
    def place(self) -> Path:
        """Where the result is kept."""
        return place_of(self.folder, self.assignment, self.student)


def place_of(folder: Path, assignment: str, student: str) -> Path:
    """Where the result of one submission is kept."""
    name = quote(student, safe="")
    if len(name) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME - 65]}-{hashlib.sha256(student.encode('utf-8')).hexdigest()}"
    return folder / ".grading" / assignment / name


def job_of(
    folder: Path,
    roster: Roster,
    student: str,
    name: str,
    found: intake.FoundFile,
    limits: sandbox.Limits,
) -> Job:
    notes = []
    if found.inside is None:
        notes.append("the notebook names no id: STUDENT is empty, missing or no text")
    elif found.inside != student:
        notes.append(f"the notebook says STUDENT = {found.written!r}, which is nobody's id")
    out = versions.released(folder, name)
    newest = list(out)[-1]
    version = found.version if found.version in out else newest
    if found.version and found.version != newest:
        notes.append(f"made from version {found.version[:20]}; version {newest} is the newest")
    release = out[version].read_bytes()
    decides = [
        found.data,
        release,
        repr(limits).encode(),
        __version__.encode(),
        course.secret(folder).encode(),
    ]
    fingerprint = hashlib.sha256(b"\0".join(hashlib.sha256(each).digest() for each in decides)).hexdigest()
    text = repair.as_text(found.notebook)
    return Job(
        folder,
        student,
        roster.names[student],
        name,
        fingerprint,
        found.written or student,
        text,
        found.fingerprint,
        "; ".join(notes),
        limits,
        version,
    )


def kept_result(job: Job) -> dict[str, Any] | None:
    """The result of an earlier run for the very same submission."""
    try:
        kept = json.loads((job.place / "result.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) and kept.get("fingerprint") == job.fingerprint else None


def not_yet(job: Job) -> bool:
    """Is it still to be graded? What failed before is tried again: the machine may have been at its limit."""
    kept = kept_result(job)
    if kept is not None and kept.get("status") == FAILED:
        (job.place / "result.json").unlink(missing_ok=True)
        return True
    return kept is None


def keep_problem(folder: Path, row: MarksRow) -> None:
    """Remember why there was nothing to grade, in the place of an earlier result.

    A class's zip holds one assignment. What was found in the zip of another stays until the student hands in
    something else.
    """
    place = place_of(folder, row.assignment, row.student)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True, exist_ok=True)
    (place / "problem.json").write_text(json.dumps({"status": row.status, "note": row.note}), "utf-8")


def kept_problem(folder: Path, student: str, name: str) -> MarksRow | None:
    """What `keep_problem` remembered."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads((place_of(folder, name, student) / "problem.json").read_text("utf-8"))
        return MarksRow(student, name, 0, assignment(name).points, str(told["status"]), str(told["note"]))
    return None


def grade_one(job: Job) -> None:
    """Grade one submission and keep the result; runs in a worker process."""
    from jwtlab.classroom import nbgrader_engine as engine

    plan = assignment(job.assignment)
    release = nbformat.read(course.release_file(job.folder, job.assignment, job.version), as_version=4)
    mended = repair.repair(release, repair.read(job.notebook.encode("utf-8")))
    judged = judging.run(
        plan, mended.notebook.cells, variant(job.world), course.secret(job.folder), job.limits
    )
    cells = {
        result.task.test_cell: engine.points_output(result.earned, _words(result.parts))
        for result in judged.results
    }
    verdict = {"cells": cells, "outputs": {str(index): each for index, each in judged.outputs.items()}}
    with tempfile.TemporaryDirectory(prefix="grading-") as place:
        graded = engine.autograde(
            Path(place), job.folder, job.called, nbformat.writes(mended.notebook), verdict
        )
        found = engine.marks(Path(place) / "gradebook.db", job.called)
        target = job.place
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(graded, target / "graded.ipynb")
    automatic = [mark for mark in found if any(mark.cell == task.test_cell for task in plan.tasks)]
    notes = [each for each in (job.note, *judged.notes) if each]
    page = feedback.page_of(judged, notes, mended.repairs, job.file)
    result = {
        "fingerprint": job.fingerprint,
        "points": sum(mark.auto or 0 for mark in automatic),
        "of": sum(mark.of for mark in automatic),
        "version": job.version,
        "status": "repaired" if mended.repairs else "graded",
        "note": "; ".join([*notes, *mended.repairs]),
        "marks": [asdict(mark) for mark in found],
        "page": page,
    }
    feedback.write(job.folder, job.student, job.name, plan, page, {})
    write_result(job.place, result)


def _words(parts: Iterable[Any]) -> list[str]:
    """For the graded notebook, which the teacher sees: each part with its points and what was said."""
    return [
        f"{'✓' if each.earned else '✕'} {each.part.title}: {each.earned:g} of {each.part.points:g}"
        + (f" ({each.words})" if each.words else "")
        for each in parts
    ]


def failed(job: Job, words: str) -> dict[str, Any]:
    return {
        "fingerprint": job.fingerprint,
        "points": 0,
        "of": assignment(job.assignment).points,
        "status": FAILED,
        "note": words[:400],
        "marks": [],
    }


def write_result(place: Path, result: dict[str, Any]) -> None:
    place.mkdir(parents=True, exist_ok=True)
    fresh = place / f"result.{os.getpid()}.new"
    fresh.write_text(json.dumps(result), "utf-8")
    fresh.replace(place / "result.json")


def read_result(place: Path) -> dict[str, Any] | None:
    with contextlib.suppress(OSError, ValueError):
        found = json.loads((place / "result.json").read_text("utf-8"))
        return found if isinstance(found, dict) else None
    return None
