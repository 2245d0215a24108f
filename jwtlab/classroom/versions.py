"""Versions of an assignment: what was released is never changed, and a corrected one gets a new name.

Version 1 of ``a1_tokens`` is released as ``a1_tokens``, version 2 as ``a1_tokens_v2``: in the folder ``release``, in
nbgrader's gradebook, and as the file that students get. Marks are of ``a1_tokens``, whichever was handed in.
What a version was made from is kept in ``.released``.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat

from jwtlab.classroom.model import Assignment
from jwtlab.errors import UsageError

FIRST = "1"
_HIDDEN = re.compile(r"^ *### BEGIN (SOLUTION|HIDDEN TESTS)\n.*?^ *### END \1\n?", re.M | re.S)


def name_of(assignment: str, version: str) -> str:
    """What a version is called in the folders, in the gradebook and as a file."""
    return assignment if version == FIRST else f"{assignment}_v{version}"


def released(folder: Path, assignment: str) -> dict[str, Path]:
    """Version → file, of every version that was released, the newest last.

    Args:
        folder: the course's.
        assignment: its name.
    """
    found = {}
    for place in (folder / "release").glob(f"{assignment}*"):
        file = place / f"{place.name}.ipynb"
        version = FIRST if place.name == assignment else place.name.removeprefix(f"{assignment}_v")
        if file.exists() and version.isdecimal():
            found[version] = file
    return {version: found[version] for version in sorted(found, key=int)}


def snapshot(folder: Path, name: str) -> Path:
    """What a version was made from: the source, as it was then."""
    return folder / ".released" / name / f"{name}.ipynb"


def read(path: Path) -> tuple[Any, str]:
    """A source notebook, and the version it says it is.

    Raises:
        UsageError: it is no notebook, or its version is no whole number.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError, AttributeError) as error:
        raise UsageError(f"{path} cannot be read as a notebook: {error}") from None
    version = str(notebook.metadata.get("jwtlab", {}).get("version", FIRST))
    if not version.isdecimal() or version.startswith("0"):
        raise UsageError(f"{path}: its version is {version[:20]!r}; write a whole number, such as 2")
    return notebook, version


def for_students(notebook: Any) -> str:
    """What of a source reaches students: its cells without solutions, hidden tests and outputs."""
    kept = [
        (cell.cell_type, _HIDDEN.sub("", cell.source).strip(), cell.metadata.get("nbgrader"))
        for cell in notebook.cells
    ]
    return json.dumps(kept, sort_keys=True)


def check_cells(path: Path, notebook: Any, plan: Assignment) -> None:
    """Every cell that marks are given for is there.

    Raises:
        UsageError: one is missing; the message names it.
    """
    there = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells}
    wanted = [cell for task in plan.tasks for cell in (task.answer_cell, task.test_cell)]
    missing = [cell for cell in (*wanted, *(each.answer_cell for each in plan.written)) if cell not in there]
    if missing:
        raise UsageError(
            f"{path}: the cell with the grade id {missing[0]} is missing, and marks are given for it; take it "
            "from the source that jwtlab classroom new writes into a new folder"
        )


def renew(path: Path, notebook: Any, version: str) -> str:
    """Write the next version into a source; gives it."""
    following = str(int(version) + 1)
    notebook.metadata.setdefault("jwtlab", {})["version"] = following
    nbformat.write(notebook, path)
    return following
