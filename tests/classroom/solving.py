"""An assignment's answers from its source notebook: the official ones, and mutants of them."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import nbformat

from jwtlab.classroom.assignments import assignment
from jwtlab.classroom.model import LocalAnswer, TaskResult, judge
from jwtlab.classroom.variants import variant

FOLDER = Path(__file__).resolve().parents[2] / "classroom" / "assignments"
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION\n?", re.M | re.S)


def cells(
    name: str, student: str, *, solved: bool = True, changes: dict[str, str] | None = None
) -> list[Any]:
    """The notebook's cells for a student.

    Args:
        name: of the assignment.
        student: whose id stands in it.
        solved: with the official answers, or as nbgrader releases them.
        changes: a piece of a solution → what stands in its place; each piece has to stand there once.
    """
    found = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4).cells
    counts = dict.fromkeys(changes or {}, 0)
    for cell in found:
        cell.source = cell.source.replace('STUDENT = ""', f'STUDENT = "{student}"')
        told = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or not told.get("solution"):
            continue
        if not solved:
            cell.source = SOLUTION.sub(r"\1raise NotImplementedError()\n", cell.source)
        for old, new in (changes or {}).items():
            counts[old] += cell.source.count(old)
            cell.source = cell.source.replace(old, new)
    assert all(count == 1 for count in counts.values()), counts
    return found


def names(found: list[Any]) -> dict[str, Any]:
    """What a student's kernel knows after these cells (those with tests left out)."""
    space: dict[str, Any] = {"__name__": "__main__"}
    for cell in found:
        told = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and not (told.get("grade") and not told.get("solution")):
            with contextlib.suppress(NotImplementedError), contextlib.redirect_stdout(io.StringIO()):
                exec(compile(cell.source, cell.id, "exec"), space)
    return space


def judged(
    name: str, space: dict[str, Any], student: str, seed: str = "the course", *, hidden: bool = True
) -> dict[str, TaskResult]:
    """Task → result, for the world of a student."""
    my = variant(student)
    return {
        task.id: judge(task, LocalAnswer(space.get(task.name)), my, seed, hidden=hidden)
        for task in assignment(name).tasks
    }


def lost_by(
    name: str, task_id: str, student: str, changes: dict[str, str], seed: str = "s"
) -> dict[str, str]:
    """Part → words, of what a mutant of the official answer loses in one task."""
    space = names(cells(name, student, changes=changes))
    plan = next(each for each in assignment(name).tasks if each.id == task_id)
    return lost(judge(plan, LocalAnswer(space.get(plan.name)), variant(student), seed))


def lost(result: TaskResult) -> dict[str, str]:
    """Part → words, of the parts that were not earned."""
    return {each.part.id: each.words for each in result.parts if each.earned != each.part.points}
