"""A course with a class, made for tests: submissions solved, untouched, damaged, dishonest."""

from __future__ import annotations

import copy
import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat

from jwtlab.classroom import course

MARKER = re.compile(r"^\s*### (?:BEGIN|END) SOLUTION\n?", re.M)


class Course:
    """A course's folder with a roster."""

    def __init__(self, folder: Path, names: dict[str, str], *only: str) -> None:
        """Make and release it; only some of the assignments, if they are named (that is quicker)."""
        self.folder = folder
        course.new(folder)
        for each in (folder / "source").iterdir():
            if only and each.name not in only:
                shutil.rmtree(each)
        lines = [["id", "name"], *([student, name] for student, name in names.items())]
        with (folder / "roster.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
        course.release(folder)

    def release(self, name: str) -> Any:
        return nbformat.read(course.release_file(self.folder, name), as_version=4)

    def solved(self, name: str, student: str, *only: str) -> Any:
        """A submission with the official solutions (of all cells, or of those whose grade ids are named)."""
        source = nbformat.read(self.folder / "source" / name / f"{name}.ipynb", as_version=4)
        solutions = {
            cell.metadata.nbgrader.grade_id: cell for cell in source.cells if "nbgrader" in cell.metadata
        }
        notebook = self.untouched(name, student)
        for cell in notebook.cells:
            told = cell.metadata.get("nbgrader")
            if told and told.solution and cell.cell_type == "code" and (not only or told.grade_id in only):
                cell.source = MARKER.sub("", solutions[told.grade_id].source)
        return notebook

    def untouched(self, name: str, student: str) -> Any:
        """A submission with nothing in it but the student's id."""
        notebook = copy.deepcopy(self.release(name))
        for cell in notebook.cells:
            cell.source = re.sub(r'^STUDENT = ""', f'STUDENT = "{student}"', cell.source)
        return notebook

    def marks(self) -> dict[tuple[str, str], dict[str, str]]:
        """``marks.csv``: (student, assignment) → row."""
        with (self.folder / "marks.csv").open(encoding="utf-8", newline="") as file:
            return {(row["student"], row["assignment"]): row for row in csv.DictReader(file)}

    def feedback(self, student: str, name: str) -> str:
        return (self.folder / "feedback" / student / f"{name}.html").read_text("utf-8")


def cell_of(notebook: Any, grade_id: str) -> Any:
    """The cell of a grade id."""
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def hand_in(place: Path, notebook: Any) -> Path:
    """Write a submission."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(notebook), "utf-8")  # as it is: damaged ones have doubled ids
    return place
