"""A submission's marks: its cells run in a sandbox, its answers are judged out here.

What a submission does to its own process (redefine ``check``, patch jwtlab, print marks, never end)
changes nothing here: only data comes out, and the tests that judge it never go in.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jwtlab.classroom.model import Assignment, TaskResult, Wrong, judge
from jwtlab.classroom.sandbox import Dead, Limits, RemoteAnswer, StudentProcess
from jwtlab.classroom.variants import Variant

MOST_RESTARTS = 4


@dataclass(frozen=True)
class Judged:
    """What became of a submission.

    Attributes:
        results: one for each task, in order.
        outputs: index of a cell → what it printed and returned, as a notebook has it.
        notes: what happened on the way, for student and teacher.
        seconds: how long it took.
    """

    results: tuple[TaskResult, ...]
    outputs: Mapping[int, list[dict[str, Any]]]
    notes: tuple[str, ...]
    seconds: float

    @property
    def earned(self) -> float:
        return sum(result.earned for result in self.results)


@dataclass
class _Session:
    """The student's process, started again where it breaks off."""

    cells: Sequence[tuple[int, str]]
    limits: Limits
    notes: list[str] = field(default_factory=list)
    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    restarts: int = 0
    process: StudentProcess | None = None
    until: float = 0

    def start(self) -> None:
        """Run the cells; one that ends the process, or hangs in it, is left out the next time."""
        self.until = self.until or time.monotonic() + self.limits.whole
        while True:
            self.stop()
            left = self.until - time.monotonic()
            if left <= 1 or self.restarts > MOST_RESTARTS:
                raise Dead("there was no time left")
            limits = Limits(cell=self.limits.cell, call=self.limits.call, whole=left)
            self.process = StudentProcess(limits).__enter__()
            cells = [each for each in self.cells if each[0] not in self.left_out]
            done: dict[int, list[dict[str, Any]]] = {}
            try:
                self.process.run(cells, done)
            except Dead as dead:
                self.restarts += 1
                index = next((index for index, _ in cells if index not in done), None)
                self.outputs |= done
                if index is None:
                    raise
                self.left_out.add(index)
                self.outputs[index] = [_said("LeftOut", f"this cell was left out: {dead}")]
                self.notes.append(f"cell {index + 1} was left out: {dead}")
                continue
            self.outputs |= done
            return

    def stop(self) -> None:
        if self.process is not None:
            self.process.__exit__(None, None, None)
            self.process = None

    def ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Ask the process; if that breaks it, the answer is wrong and the process begins anew."""
        if self.process is None:
            self.restarts += 1
            try:
                self.start()
            except Dead as dead:
                raise Wrong(f"this could not be judged any more: {dead}") from None
        try:
            assert self.process is not None
            return self.process.ask(question, seconds)
        except Dead as dead:
            self.stop()
            raise Wrong(f"{question['name']} broke off: {dead}") from None


def run(
    assignment: Assignment,
    cells: Sequence[Any],
    my: Variant,
    seed: str,
    limits: Limits | None = None,
    *,
    hidden: bool = True,
) -> Judged:
    """Run a submission and judge it.

    Args:
        assignment: what was asked.
        cells: the notebook's cells, repaired.
        my: the world of the student whose submission it is.
        seed: the course's secret.
        limits: of time.
        hidden: judge the hidden parts as well.
    """
    begun = time.monotonic()
    code = [(index, cell["source"]) for index, cell in enumerate(cells) if _is_run(cell)]
    session = _Session(code, limits or Limits())
    try:
        try:
            session.start()
        except Dead as dead:
            session.notes.append(f"the notebook could not be run to its end: {dead}")
        results = tuple(
            judge(task, RemoteAnswer(session.ask, task.name, session.limits.call), my, seed, hidden=hidden)
            for task in assignment.tasks
        )
    finally:
        session.stop()
    slow = [
        f"cell {index + 1} was stopped: it ran longer than {session.limits.cell:g} seconds"
        for index, outputs in sorted(session.outputs.items())
        if any(each.get("ename") == "TooSlow" for each in outputs)
    ]
    notes = dict.fromkeys([*session.notes, *slow, *_borrowed(assignment, code)])
    return Judged(results, session.outputs, tuple(notes), time.monotonic() - begun)


def _is_run(cell: Any) -> bool:
    """Code of the student; a cell with tests is judged outside."""
    told = cell["metadata"].get("nbgrader", {})
    return cell["cell_type"] == "code" and not (told.get("grade") and not told.get("solution"))


def _borrowed(assignment: Assignment, code: Sequence[tuple[int, str]]) -> list[str]:
    """Libraries that the text asks to do without: told to whoever marks, not punished."""
    found = set()
    for _, source in code:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in ast.walk(tree):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names += [f"{node.module}.{each.name}" for each in node.names]
            found |= {each for each in names if _is_borrowed(assignment, each)}
    return [f"imports {name}, which the text asks to do without" for name in sorted(found)]


def _is_borrowed(assignment: Assignment, name: str) -> bool:
    """Is it of a library to do without, and not one of the names that the text itself uses?"""

    def within(modules: Sequence[str]) -> bool:
        return any(name == each or name.startswith(f"{each}.") for each in modules)

    return within(assignment.primitives) and not within(assignment.allowed)


def _said(name: str, words: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": words, "traceback": [f"{name}: {words}"]}
