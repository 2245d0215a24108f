"""The lessons' cells, run as a learner runs them: the first cell, then the exercise's own."""

from __future__ import annotations

import re
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"

WRONG: dict[str, list[tuple[str, str]]] = {}
"""Wrong answers written by hand: exercise → code and the id of the mistake, from ``wrong/``."""
for _path in sorted((Path(__file__).parent / "wrong").glob("lesson_*.py")):
    WRONG |= runpy.run_path(str(_path))["WRONG"]

OTHERS: dict[str, list[str]] = {}
"""Right answers that are not our own: exercise → code, from ``others/``."""
for _path in sorted((Path(__file__).parent / "others").glob("lesson_*.py")):
    OTHERS |= runpy.run_path(str(_path))["OTHERS"]


@cache
def _cells(number: str) -> list[Any]:
    (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def setup_code(number: str) -> str:
    """The cells tagged "setup", which every exercise may rely on, and nothing else."""
    return "\n".join(c.source for c in _cells(number) if "setup" in c.metadata.get("tags", []))


def exercise_code(exercise_id: str) -> str:
    """The source of the cell that ends in this exercise's check."""
    found = [c.source for c in _cells(exercise_id[:2]) if f'check("{exercise_id}"' in c.source]
    assert len(found) == 1, f"exercise {exercise_id} stands in {len(found)} cells of its notebook"
    return found[0]


def with_answer(source: str, answer: str) -> str:
    """The exercise's cell with the stub replaced: everything from the first ``answer`` to the check."""
    lines = source.splitlines()
    stub = next(i for i, line in enumerate(lines) if re.match(r"(def )?answer\b", line))
    return "\n".join([*lines[:stub], answer, lines[-1]])


def run(*sources: str) -> Any:
    """Run cells one behind the other in a fresh namespace; gives the value of the last line."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    *before, last = "\n".join(sources).splitlines()
    exec("\n".join(before), namespace)
    return eval(last, namespace)


@cache
def _world(exercise_id: str) -> dict[str, Any]:
    """What the lesson's first cells and the exercise's own lines before the stub have made."""
    lines = exercise_code(exercise_id).splitlines()
    stub = next(i for i, line in enumerate(lines) if re.match(r"(def )?answer\b", line))
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec("\n".join([setup_code(exercise_id[:2]), *lines[:stub]]), namespace)
    return namespace


def run_with_answer(exercise_id: str, answer: str) -> Any:
    """The answer that this code assigns, run in the exercise's cell."""
    namespace = dict(_world(exercise_id))
    exec(answer, namespace)
    return namespace["answer"]


def judged(exercise_id: str, answer: str | None) -> str:
    """What the card says to an answer (Python code that assigns ``answer``), or to the untouched stub."""
    source = exercise_code(exercise_id)
    return repr(run(setup_code(exercise_id[:2]), source if answer is None else with_answer(source, answer)))
