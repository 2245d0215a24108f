"""Before handing in: the saved file is run again in a fresh process, under the grader's own settings.

Students hand in what they saw, and what they saw came from a kernel with a past: cells that ran in
another order, names from cells that are gone. Here the file runs as it will be marked, with the
visible tests, and what differs from its saved outputs is said.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jwtlab.classroom import intake, judging, repair, sandbox
from jwtlab.classroom.assignments import ASSIGNMENTS, assignment
from jwtlab.classroom.model import Assignment, TaskResult
from jwtlab.classroom.variants import variant
from jwtlab.errors import UsageError

_LINE = re.compile(r"^([✓✕]) (.+?)(?::.*)?$", re.M)


@dataclass(frozen=True)
class Checked:
    """What a student should know before handing in.

    Attributes:
        file: the file's name.
        assignment: which assignment it is.
        student: the id in it.
        saved: when it was saved, in local time.
        fingerprint: 16 hexadecimal digits of its SHA-256; the feedback shows the same.
        graded_cells: how many graded cells it holds, and how many there should be.
        problems: what has to be put right: missing or doubled cells, no id, cells that fail in a fresh run.
        differences: where a fresh run gives another result than the one that was saved.
        results: the visible tests in a fresh run.
    """

    file: str
    assignment: Assignment
    student: str | None
    saved: datetime
    fingerprint: str
    graded_cells: tuple[int, int]
    problems: tuple[str, ...]
    differences: tuple[str, ...]
    results: tuple[TaskResult, ...]

    @property
    def fine(self) -> bool:
        """Nothing has to be put right, and nothing differs."""
        return not self.problems and not self.differences

    def __str__(self) -> str:
        held, wanted = self.graded_cells
        lines = [
            f"{self.file}: {self.assignment.title}, by {self.student or 'nobody: STUDENT is empty'}",
            f"saved {self.saved:%d %B %Y, %H:%M:%S} (your clock), fingerprint {self.fingerprint}",
            f"{held} of {wanted} graded cells are there",
        ]
        for result in self.results:
            right = sum(bool(each.earned) for each in result.parts)
            lines.append(
                f"{result.task.id} {result.task.title}: {right} of {len(result.parts)} visible tests pass"
            )
        lines += [f"PUT RIGHT: {each}" for each in self.problems]
        lines += [f"DIFFERENT: {each}" for each in self.differences]
        if self.fine:
            lines.append("A fresh run gives what you saw. Hand it in.")
        return "\n".join(lines)


def check_submission(path: Path, limits: sandbox.Limits | None = None) -> Checked:
    """Run a saved notebook as it will be run when it is marked.

    Args:
        path: the notebook's file.
        limits: of time; those of the grader by default.

    Raises:
        UsageError: there is no such file, or it is no notebook of an assignment.
    """
    try:
        data = path.read_bytes()
        saved = datetime.fromtimestamp(path.stat().st_mtime)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    try:
        notebook = repair.read(data)
    except repair.Unreadable as reason:
        raise UsageError(f"{path.name}: {reason}") from None
    name, _, student = intake.inside(notebook)
    if name not in {each.name for each in ASSIGNMENTS}:
        raise UsageError(f"{path.name} is no assignment of this course; it holds none of its graded cells")
    plan = assignment(str(name))
    held, problems = _cells(plan, notebook)
    results: tuple[TaskResult, ...] = ()
    differences: list[str] = []
    if student is None:
        problems.append('write your own id into the first cell: STUDENT = "…"')
    else:
        judged = judging.run(plan, notebook.cells, variant(student), "visible", limits, hidden=False)
        results = judged.results
        problems += judged.notes
        differences = _differences(notebook, judged)
    return Checked(
        path.name,
        plan,
        student,
        saved,
        hashlib.sha256(data).hexdigest()[:16],
        (held, len(_wanted(plan))),
        tuple(problems),
        tuple(differences),
        results,
    )


def _wanted(plan: Assignment) -> list[str]:
    """Grade ids of the cells that an assignment's notebook has to hold."""
    tasks = [cell for task in plan.tasks for cell in (task.answer_cell, task.test_cell)]
    return [*tasks, *(each.answer_cell for each in plan.written)]


def _cells(plan: Assignment, notebook: Any) -> tuple[int, list[str]]:
    counts = Counter(repair.grade_id(cell) for cell in notebook.cells)
    problems = []
    for cell in _wanted(plan):
        if counts[cell] == 0:
            problems.append(f"the cell {cell} is missing; take it from the notebook you were given")
        if counts[cell] > 1:
            problems.append(f"the cell {cell} is there {counts[cell]} times; keep one")
    return sum(counts[cell] > 0 for cell in _wanted(plan)), problems


def _differences(notebook: Any, judged: judging.Judged) -> list[str]:
    """Where the saved outputs say something else than the fresh run."""
    found = []
    for result in judged.results:
        cell = next((c for c in notebook.cells if repair.grade_id(c) == result.task.test_cell), None)
        seen = {title: mark for mark, title in _LINE.findall(_saved_text(cell))} if cell else {}
        if not seen:
            found.append(f"{result.task.id}: its test was not run before you saved; run all cells, and save")
            continue
        for part in result.parts:
            mark = "✓" if part.earned else "✕"
            if seen.get(part.part.title, mark) != mark:
                was, now = ("passed", "fails") if mark == "✕" else ("failed", "passes")
                words = f": {part.words}" if part.words else ""
                found.append(
                    f"{result.task.id} {part.part.title!r} {was} when you saved, and {now} in a fresh run{words}"
                )
    for index, outputs in judged.outputs.items():
        error = next((each for each in outputs if each["output_type"] == "error"), None)
        cell = notebook.cells[index]
        if error and not any(each.get("output_type") == "error" for each in cell.get("outputs", [])):
            found.append(f"cell {index + 1} ends in an error in a fresh run: {error['evalue'][:200]}")
    return found


def _saved_text(cell: Any) -> str:
    texts = [output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", [])]
    return "\n".join("".join(text) for text in texts)
