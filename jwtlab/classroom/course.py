"""A course's folder: made new, released, read.

FOLDER/
  nbgrader_config.py     settings of nbgrader, ready
  roster.csv             the class: id,name
  source/ASSIGNMENT/     with solutions: for teachers only
  release/ASSIGNMENT/    without: for students; ASSIGNMENT_v2 is a corrected one
  submitted/             where submissions may be put
  gradebook.db           nbgrader's
  marks.csv  marks_for_import.csv  feedback/STUDENT/ASSIGNMENT.html
  .released/             what each released version was made from
  .gitignore             keeps all of it out of git
  .secret                from which hidden tests are drawn; keep it to yourself
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Collection
from importlib import resources
from pathlib import Path

from jwtlab.classroom import versions
from jwtlab.classroom.assignments import ASSIGNMENTS, assignment
from jwtlab.classroom.model import Assignment
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
GITIGNORE = """\
# Solutions, the secret of hidden tests and whatever students hand in: none of it goes into git by accident.
*
"""


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
        folder / ".gitignore": GITIGNORE,
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


def release(folder: Path, new_versions: Collection[str] = ()) -> tuple[str, ...]:
    """Make the release version of every assignment in ``source/``.

    A version that was released is never changed: a corrected assignment gets a new version, with a name of its
    own (`jwtlab.classroom.versions`).

    Args:
        folder: the course's.
        new_versions: assignments whose changed source becomes a new version.

    Returns:
        Names of those that were made now, such as ``a1_tokens`` or ``a1_tokens_v2``.

    Raises:
        UsageError: the folder is no course; a source has changed since its version was released and is not in
            ``new_versions``, or it is, and has not changed; a source is no notebook, or has lost a graded cell.
        EngineFailed: nbgrader refuses a source.
    """
    secret(folder)
    for name in new_versions:
        assignment(name)
    made, changed = [], []
    for each in ASSIGNMENTS:
        try:
            done = _release(folder, each, each.name in new_versions)
        except _Changed as reason:
            changed.append(str(reason))
        else:
            made += [done] if done else []
    if changed:
        raise UsageError("; ".join(changed))
    if not made and not released(folder):
        raise UsageError(
            f"there is nothing in {folder / 'source'}; jwtlab classroom new {folder} puts it there"
        )
    return tuple(made)


class _Changed(Exception):
    """A source is not what its released version was made from."""


def _release(folder: Path, plan: Assignment, renew: bool) -> str | None:
    """Release one assignment; gives the name of what was made."""
    from jwtlab.classroom import nbgrader_engine as engine

    source = folder / "source" / plan.name / f"{plan.name}.ipynb"
    if not source.exists():
        if renew:
            raise UsageError(f"{source} is missing")
        return None
    notebook, version = versions.read(source)
    before = versions.snapshot(folder, versions.name_of(plan.name, version))
    if version in versions.released(folder, plan.name):
        if not before.exists():  # released by an earlier jwtlab, which kept no source
            _copy(source, before)
        same = versions.for_students(notebook) == versions.for_students(versions.read(before)[0])
        if same and renew:
            raise UsageError(
                f"{source} says to students what version {version} says: there is nothing new in it"
            )
        if same:
            return None
        if not renew:
            raise _Changed(
                f"{source} is not what version {version} was made from, and what was released is never changed: "
                f"jwtlab classroom release {folder} --new-version {plan.name} makes a version beside it"
            )
        versions.check_cells(source, notebook, plan)
        version = versions.renew(source, notebook, max(versions.released(folder, plan.name), key=int))
    else:
        versions.check_cells(source, notebook, plan)
    name = versions.name_of(plan.name, version)
    engine.release(folder.resolve(), name, source)
    _copy(source, versions.snapshot(folder, name))
    return name


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def release_file(folder: Path, name: str, version: str | None = None) -> Path:
    """The release version of an assignment; the newest, if none is named."""
    found = versions.released(folder, assignment(name).name)
    version = version or (list(found)[-1] if found else versions.FIRST)
    called = versions.name_of(name, version)
    return found.get(version, folder / "release" / called / f"{called}.ipynb")


def released(folder: Path) -> dict[str, Path]:
    """Name → newest file of every assignment that was released."""
    return {each.name: path for each in ASSIGNMENTS if (path := release_file(folder, each.name)).exists()}


def is_release(path: Path) -> bool:
    """Does a file hold a notebook of an assignment?"""
    try:
        return "jwtlab" in json.loads(path.read_text("utf-8")).get("metadata", {})
    except (OSError, ValueError, AttributeError):
        return False
