"""Graded cells that have lost their marks: known again by what is in them.

A cell that is merged into the one above it takes over the other's marks, which are none. Some programs drop all
marks of a notebook. The work is still there, and is the student's. A cell is known again if it is, letter by letter,
one that was released; if it defines the name that is asked for; and a written answer, if it stands where it was
asked for. Whatever is taken for an answer so is judged like any other, and told in the marks' note.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_DEFINED = re.compile(r"^(?:(?:async +)?def|class) +(\w+)|^(\w+) *(?::[^=\n]+)?=(?!=)", re.M)
ELSEWHERE = "# This answer stands in the cell of {}."


def find(
    release: Any, own: Sequence[Any], missing: Iterable[str], marks: Mapping[str, Any]
) -> dict[str, Any]:
    """Grade id → the cell of the student's own that is taken for it.

    Args:
        release: the notebook as it was handed out.
        own: the student's cells without marks, in their order.
        missing: grade ids of which no cell is there.
        marks: grade id → the released cell.
    """
    found: dict[str, Any] = {}
    for name in missing:
        plan = marks[name]
        cell = next((each for each in own if _says(each) == _says(plan)), None)
        if cell is None and plan["metadata"]["nbgrader"].get("solution"):
            written = plan["cell_type"] == "markdown"
            cell = _written(release, own, plan) if written else _defining(own, names(plan["source"]))
        if cell is not None:
            found[name] = cell
    return found


def _says(cell: Any) -> tuple[str, str]:
    return cell["cell_type"], cell["source"].strip()


def _defining(own: Sequence[Any], wanted: frozenset[str]) -> Any:
    """The last cell that defines what is asked for."""
    if not wanted:
        return None
    return next((each for each in reversed(own) if wanted <= names(each["source"])), None)


def names(source: str) -> frozenset[str]:
    """The names that a cell defines: functions, classes and values; as far as they can be seen if it is no Python."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(one or other for one, other in _DEFINED.findall(source))
    found: set[str] = set()
    for each in body:
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(each.name)
        elif isinstance(each, (ast.Assign, ast.AnnAssign)):
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            found |= {node.id for one in targets for node in ast.walk(one) if isinstance(node, ast.Name)}
    return frozenset(found)


def _written(release: Any, own: Sequence[Any], plan: Any) -> Any:
    """The student's text behind the question, where the question itself is there still."""
    at = next(number for number, each in enumerate(release["cells"]) if each is plan)
    question = next(
        (each for each in reversed(release["cells"][:at]) if each["cell_type"] == "markdown"), None
    )
    released = {_says(each) for each in release["cells"]}
    for before, after in itertools.pairwise(own):
        if question is not None and _says(before) == _says(question):
            return after if after["cell_type"] != "code" and _says(after) not in released else None
    return None
