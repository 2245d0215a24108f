"""Write and check the assignments' source notebooks (``classroom/assignments``).

    python tools/assignments.py from FILE.py NAME   make a source notebook from a jupytext percent script
    python tools/assignments.py check               say what is wrong with those that are there

In the script a cell's header says what it is:  ``# %% solution a1.1``, ``# %% test a1.1``,
``# %% [markdown] written a1.5``; any other cell is the teacher's text. Points come from the
assignment's declaration, so that they are said once.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "classroom" / "assignments"
sys.path.insert(0, str(ROOT))

from jwtlab.classroom.assignments import ASSIGNMENTS, assignment  # noqa: E402
from jwtlab.classroom.model import cell_id  # noqa: E402

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
HEADER = re.compile(r"^# %%(?P<markdown> \[markdown\])?(?: (?P<what>solution|test|written) (?P<id>\S+))?\s*$")


def from_script(script: Path, name: str) -> Any:
    """The notebook that a script describes."""
    plan = assignment(name)
    points = {task.id: task.points for task in plan.tasks} | {each.id: each.points for each in plan.written}
    cells: list[Any] = []
    current: list[str] = []
    match: re.Match[str] | None = None
    for line in [*script.read_text("utf-8").splitlines(), "# %%"]:
        found = HEADER.match(line)
        if not found:
            current.append(line)
            continue
        if match is not None:
            cells.append(_cell(match, "\n".join(current).strip("\n"), points, len(cells)))
        match, current = found, []
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": KERNEL,
            "language_info": {"name": "python"},
            "jwtlab": {"assignment": plan.name, "version": plan.version},
        }
    )
    return notebook


def _cell(match: re.Match[str], text: str, points: dict[str, float], count: int) -> Any:
    if match["markdown"]:
        cell = nbformat.v4.new_markdown_cell(
            "\n".join(line.removeprefix("#").removeprefix(" ") for line in text.split("\n"))
        )
    else:
        cell = nbformat.v4.new_code_cell(text)
    cell.id = f"cell-{count + 1:03d}"
    if match["what"]:
        cell.metadata = nbformat.from_dict(
            {"nbgrader": _grading(match["what"], match["id"], points[match["id"]])}
        )
    return cell


def _grading(what: str, task: str, points: float) -> dict[str, Any]:
    common = {"schema_version": 3, "task": False}
    if what == "solution":
        return {
            **common,
            "grade": False,
            "solution": True,
            "locked": False,
            "grade_id": cell_id(task, "answer"),
        }
    if what == "test":
        return {
            **common,
            "grade": True,
            "solution": False,
            "locked": True,
            "grade_id": cell_id(task, "test"),
            "points": points,
        }
    return {
        **common,
        "grade": True,
        "solution": True,
        "locked": False,
        "grade_id": cell_id(task, "answer"),
        "points": points,
    }


def faults(name: str) -> list[str]:
    """What is wrong with a source notebook."""
    plan = assignment(name)
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    told = notebook.metadata.get("jwtlab", {})
    found = (
        []
        if told == {"assignment": name, "version": plan.version}
        else ["name or version are not the plan's"]
    )
    graded = {
        c.metadata.nbgrader.grade_id: c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata
    }
    wanted = {task.test_cell: task.points for task in plan.tasks} | {
        w.answer_cell: w.points for w in plan.written
    }
    for cell, points in wanted.items():
        if graded.get(cell, {}).get("points") != points:
            found.append(f"{cell} is missing or has other points")
    found += [f"{task.answer_cell} is missing" for task in plan.tasks if task.answer_cell not in graded]
    if any(cell.get("outputs") for cell in notebook.cells):
        found.append("it holds outputs")
    return found


def main(arguments: list[str]) -> int:
    match arguments:
        case ["from", script, name]:
            FOLDER.mkdir(parents=True, exist_ok=True)
            nbformat.write(from_script(Path(script), name), FOLDER / f"{name}.ipynb")
        case ["check"]:
            bad = {each.name: found for each in ASSIGNMENTS if (found := faults(each.name))}
            for name, found in bad.items():
                print(f"{name}: {'; '.join(found)}")
            return 1 if bad else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
