"""nbgrader does what it is good at: release versions, the gradebook, marking by hand.

Its autograding runs as it is, with one step exchanged: instead of starting a kernel and believing
what a student's process prints, `JudgedOutside` puts in the outputs and points that the judge found.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import sysconfig
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jwtlab.errors import JwtlabError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # nbgrader and its libraries warn of their own future
    from nbgrader.api import (
        Assignment,
        BaseCell,
        Comment,
        Grade,
        Gradebook,
        SubmittedAssignment,
        SubmittedNotebook,
    )
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config

# nbgrader starts alembic by its bare name: it is found where this Python has its programs, also if
# nobody activated the environment.
os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])

COURSE = "jwtlab"
ALIAS = "student"
"""What a submission's owner is called in the folder where it is graded: ids may hold any character."""


class EngineFailed(JwtlabError):
    """nbgrader could not do what it was asked to do; the message holds the end of its log."""


class JudgedOutside(NbGraderPreprocessor):
    """In place of nbgrader's Execute: outputs and points from the judge's file beside the notebook."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        from nbformat import from_dict

        verdict = json.loads(Path(os.environ["JWTLAB_VERDICT"]).read_text("utf-8"))
        for index, cell in enumerate(nb.cells):
            if cell.cell_type != "code":
                continue
            told = cell.metadata.get("nbgrader", {})
            if told.get("grade") and not told.get("solution"):
                cell.outputs = [
                    from_dict(each) for each in verdict["cells"].get(told["grade_id"], [_nothing()])
                ]
            else:
                cell.outputs = [from_dict(each) for each in verdict["outputs"].get(str(index), [])]
            cell.execution_count = index + 1
        return nb, resources


def _nothing() -> dict[str, Any]:
    words = "not judged"
    return {"output_type": "error", "ename": "NotJudged", "evalue": words, "traceback": [words]}


def points_output(points: float, words: list[str]) -> list[dict[str, Any]]:
    """What a test cell holds after judging: the words for the student, and the points as its result."""
    text = "\n".join(words)
    said = [{"output_type": "stream", "name": "stdout", "text": text}] if text else []
    result = {
        "output_type": "execute_result",
        "data": {"text/plain": f"{points:g}"},
        "metadata": {},
        "execution_count": None,
    }
    return [*said, result]


def config(root: Path, database: Path) -> Config:
    """nbgrader's settings for a folder."""
    found = Config()
    found.CourseDirectory.root = str(root)
    found.CourseDirectory.course_id = COURSE
    found.CourseDirectory.db_url = f"sqlite:///{database}"
    found.Exchange.root = str(root / ".exchange")  # never used, but nbgrader looks for it
    (root / ".exchange").mkdir(exist_ok=True)
    found.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.ClearOutput",
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.OverwriteCells",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    found.Autograde.autograde_preprocessors = [
        "jwtlab.classroom.nbgrader_engine.JudgedOutside",
        "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    return found


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """nbgrader's libraries warn of their own future and of sessions; nobody here can act on that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _api(root: Path, database: Path) -> NbGraderAPI:
    settings = config(root, database)
    course = CourseDirectory(config=settings)
    api = NbGraderAPI(coursedir=course, config=settings)
    api.log_level = logging.ERROR
    return api


def release(root: Path, name: str, source: Path) -> None:
    """Make a release version, and enter it into the gradebook.

    Args:
        root: the course's folder.
        name: what the version is called, such as ``"a1_tokens"`` or ``"a1_tokens_v2"``.
        source: the notebook with solutions.

    Raises:
        EngineFailed: nbgrader refuses the source.
    """
    with tempfile.TemporaryDirectory(prefix="jwtlab-release-") as place:
        made = _generate(Path(place), root / "gradebook.db", name, source)
        target = root / "release" / name
        fresh = target.with_name(f".{name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(made, fresh)
        fresh.rename(target)  # all of it, or nothing


def _generate(place: Path, database: Path, name: str, source: Path) -> Path:
    """nbgrader's release version of a source, made in a folder of its own; what lies beside the source goes along."""
    folder = place / "source" / name
    shutil.copytree(source.parent, folder, ignore=shutil.ignore_patterns("*.ipynb", ".*"))
    shutil.copyfile(source, folder / f"{name}.ipynb")
    with _quiet():
        _succeeded(_api(place, database).generate_assignment(name))
    return place / "release" / name


def enter(root: Path, name: str, source: Path) -> None:
    """Enter a released version into a gradebook that does not know it: it was deleted, or never made.

    Args:
        root: the course's folder.
        name: what the version is called.
        source: what it was made from.

    Raises:
        EngineFailed: nbgrader refuses the source, or the gradebook cannot be read.
    """
    database = root.resolve() / "gradebook.db"
    try:
        with _quiet(), Gradebook(f"sqlite:///{database}", COURSE) as book:
            if any(each.name == name for each in book.assignments):
                return
    except Exception as error:  # SQLAlchemy's, of many kinds
        raise EngineFailed(
            f"{database} cannot be read as a gradebook: put it elsewhere, and grade again; it is made anew, "
            "without the marks that were given by hand"
        ) from error
    with tempfile.TemporaryDirectory(prefix="jwtlab-gradebook-") as place:
        _generate(Path(place), database, name, source)


def forget(database: Path, student: str) -> bool:
    """Delete a student with all their marks from a gradebook; was there anything?"""
    with _quiet(), Gradebook(f"sqlite:///{database}", COURSE) as book:
        if not any(each.id == student for each in book.students):
            return False
        book.remove_student(student)
        # What was deleted is to be gone from the file too, and not only from its tables.
        with book.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
    return True


def autograde(job: Path, course: Path, assignment: str, notebook: str, verdict: dict[str, Any]) -> Path:
    """Let nbgrader grade one submission in a folder and a gradebook of its own.

    Args:
        job: an empty folder.
        course: the course's folder, with its gradebook.
        assignment: the assignment's name.
        notebook: the repaired submission, as JSON text.
        verdict: what the judge found: ``cells`` (grade id → outputs) and ``outputs`` (index → outputs).

    Returns:
        The graded notebook.

    Raises:
        EngineFailed: nbgrader refuses it.
    """
    submitted = job / "submitted" / ALIAS / assignment
    submitted.mkdir(parents=True)
    (submitted / f"{assignment}.ipynb").write_text(notebook, "utf-8")
    shutil.copyfile(course / "gradebook.db", job / "gradebook.db")
    (job / "verdict.json").write_text(json.dumps(verdict), "utf-8")
    os.environ["JWTLAB_VERDICT"] = str(job / "verdict.json")
    with _quiet():
        _succeeded(_api(job, job / "gradebook.db").autograde(assignment, ALIAS))
    return job / "autograded" / ALIAS / assignment / f"{assignment}.ipynb"


def _succeeded(result: dict[str, Any]) -> None:
    if not result["success"]:
        words = (result.get("error") or result.get("log") or "no reason given").strip().splitlines()
        raise EngineFailed(f"nbgrader: {' '.join(words[-3:])[-600:]}")


@dataclass(frozen=True)
class Mark:
    """A graded cell in a gradebook.

    Attributes:
        cell: its grade id.
        auto: the points that were given automatically; ``None`` for a written answer.
        manual: the points that were given by hand, or ``None``.
        of: the points it is worth.
        waits: it waits for somebody who marks it.
    """

    cell: str
    auto: float | None
    manual: float | None
    of: float
    waits: bool


def marks(database: Path, assignment: str, student: str = ALIAS) -> tuple[Mark, ...]:
    """The marks of one submission, as a gradebook has them."""
    with _quiet(), Gradebook(f"sqlite:///{database}", COURSE) as book:
        found = book.find_submission_notebook(assignment, assignment, student)
        return tuple(
            Mark(
                grade.name,
                grade.auto_score,
                grade.manual_score,
                grade.max_score,
                bool(grade.needs_manual_grade),
            )
            for grade in found.grades
        )


def by_hand(database: Path, assignment: str) -> dict[tuple[str, str], tuple[float | None, str]]:
    """(student, cell) → the points and the comment that a person gave; ``None`` and nothing before that.

    One question to the database for each of the two, however large the class is.
    """
    with _quiet(), Gradebook(f"sqlite:///{database}", COURSE) as book:

        def rows(kind: Any, *values: Any) -> Any:
            of = (SubmittedAssignment.student_id, BaseCell.name, *values)
            return (
                book.db.query(*of)
                .select_from(kind)
                .join(SubmittedNotebook, kind.notebook_id == SubmittedNotebook.id)
                .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
                .join(BaseCell, kind.cell_id == BaseCell.id)
                .filter(Assignment.name == assignment)
            )

        words = {(student, cell): text or "" for student, cell, text in rows(Comment, Comment.manual_comment)}
        return {
            (student, cell): (points, words.get((student, cell), ""))
            for student, cell, points in rows(Grade, Grade.manual_score)
        }


def mark_by_hand(
    database: Path, assignment: str, student: str, cell: str, points: float | None, comment: str
) -> None:
    """Keep the points and the comment of a person, where formgrader keeps them.

    Args:
        database: the course's gradebook.
        assignment, student, cell: which answer.
        points: what it earns; ``None`` takes a mark back.
        comment: for the student; may be empty.

    Raises:
        EngineFailed: the gradebook cannot be written, or does not know the answer.
    """
    try:
        with _quiet(), Gradebook(f"sqlite:///{database}", COURSE) as book:
            notebook = book.find_submission_notebook(assignment, assignment, student)
            grade = next(each for each in notebook.grades if each.name == cell)
            grade.manual_score = points
            grade.needs_manual_grade = points is None
            for each in notebook.comments:
                if each.name == cell:
                    each.manual_comment = comment or None
            book.db.commit()
    except Exception as error:  # SQLAlchemy's and nbgrader's, of many kinds
        raise EngineFailed(f"{database} does not take the mark: {error}") from error


def merge(
    course: Path,
    assignment: str,
    student: str,
    name: str,
    found: tuple[Mark, ...],
    new: frozenset[str] = frozenset(),
) -> bool:
    """Enter the marks of one submission into the course's gradebook; marks given by hand stay.

    Args:
        course: the course's folder.
        assignment, student: whose and of what.
        name: the student's full name, for formgrader.
        found: the marks from the submission's own gradebook.
        new: cells that say something else than before.

    Returns:
        Is there a new answer among those that have a mark by hand? It waits for a person again.
    """
    first, _, last = name.rpartition(" ")
    with _quiet(), Gradebook(f"sqlite:///{course / 'gradebook.db'}", COURSE) as book:
        book.update_or_create_student(student, first_name=first or None, last_name=last or None)
        book.update_or_create_submission(assignment, student)
        grades = book.find_submission_notebook(assignment, assignment, student).grades
        by_cell = {mark.cell: mark for mark in found}
        again: set[str] = set()
        for grade in grades:
            mark = by_cell.get(grade.name)
            grade.auto_score = mark.auto if mark else 0
            again |= {grade.name} & new if grade.manual_score is not None else set()
            grade.needs_manual_grade = bool(
                mark and mark.waits and (grade.manual_score is None or grade.name in new)
            )
        book.db.commit()
    return bool(again)
