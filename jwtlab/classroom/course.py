"""A course's folder: made new, released, read.

FOLDER/
  nbgrader_config.py     settings of nbgrader, ready
  roster.csv             the class: id,name
  source/ASSIGNMENT/     with solutions: for teachers only
  release/ASSIGNMENT/    without: for students
  submitted/             where submissions may be put
  gradebook.db           nbgrader's
  marks.csv  marks_for_import.csv  feedback/STUDENT/ASSIGNMENT.html
  .secret                from which hidden tests are drawn; keep it to yourself
"""

from __future__ import annotations

import json
import os
import secrets
from importlib import resources
from pathlib import Path

from jwtlab.classroom.assignments import ASSIGNMENTS, assignment
from jwtlab.errors import UsageError

CONFIG = """\
# nbgrader's settings for this course. jwtlab classroom brings its own for grading.
import os

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "jwtlab"
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.db_url = "sqlite:///" + os.path.join(c.CourseDirectory.root, "gradebook.db")
c.ExecutePreprocessor.timeout = 60
# Students hand in by your learning system or the hub, never through a folder that all of them can read.
c.ExchangeFactory.exchange = "nbgrader.exchange.default.exchange.Exchange"
"""
ROSTER = "id,name\n"


def sources() -> Path:
    """The assignments with their solutions: in the package, or beside it in a checkout.

    Raises:
        UsageError: they are missing.
    """
    package = Path(str(resources.files("jwtlab")))
    for folder in (package / "_assignments", package.parent / "classroom" / "assignments"):
        if (folder / f"{ASSIGNMENTS[0].name}.ipynb").exists():
            return folder
    raise UsageError("the assignments are missing from this installation; install jwtlab again")


def new(folder: Path) -> tuple[Path, ...]:
    """Make a course's folder. What is there already is kept.

    Returns:
        The files that were written.

    Raises:
        UsageError: the path is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; jwtlab classroom new takes a folder")
    wanted: dict[Path, str] = {
        folder / "nbgrader_config.py": CONFIG,
        folder / "roster.csv": ROSTER,
    }
    for each in ASSIGNMENTS:
        text = (sources() / f"{each.name}.ipynb").read_text("utf-8")
        wanted[folder / "source" / each.name / f"{each.name}.ipynb"] = text
    written = []
    for path, text in wanted.items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            written.append(path)
    (folder / "submitted").mkdir(exist_ok=True)
    secret(folder, make=True)
    return tuple(written)


def secret(folder: Path, make: bool = False) -> str:
    """The course's secret, from which the inputs of hidden tests are drawn.

    Raises:
        UsageError: there is none; the folder is no course.
    """
    path = folder / ".secret"
    if not path.exists():
        if not make:
            raise UsageError(f"{folder} is no course's folder: jwtlab classroom new {folder}")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    return path.read_text("utf-8").strip()


def release(folder: Path) -> tuple[str, ...]:
    """Make the release version of every assignment in ``source/``.

    A version that was released is never changed: a corrected assignment needs a new version.

    Returns:
        Names of those that were made now.

    Raises:
        UsageError: the folder is no course.
        EngineFailed: nbgrader refuses a source.
    """
    from jwtlab.classroom import nbgrader_engine as engine

    secret(folder)
    made = []
    for each in ASSIGNMENTS:
        source = folder / "source" / each.name / f"{each.name}.ipynb"
        if not source.exists():
            continue
        if release_file(folder, each.name).exists():
            continue
        engine.release(folder.resolve(), each.name)
        made.append(each.name)
    if not made and not released(folder):
        raise UsageError(
            f"there is nothing in {folder / 'source'}; jwtlab classroom new {folder} puts it there"
        )
    return tuple(made)


def release_file(folder: Path, name: str) -> Path:
    """The release version of an assignment."""
    return folder / "release" / assignment(name).name / f"{name}.ipynb"


def released(folder: Path) -> dict[str, Path]:
    """Name → file of every assignment that was released."""
    return {each.name: path for each in ASSIGNMENTS if (path := release_file(folder, each.name)).exists()}


def is_release(path: Path) -> bool:
    """Does a file hold a notebook of an assignment?"""
    try:
        return "jwtlab" in json.loads(path.read_text("utf-8")).get("metadata", {})
    except (OSError, ValueError, AttributeError):
        return False
