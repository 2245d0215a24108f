"""The assignments, as one visible tuple; the notebooks that belong to them stand in ``classroom/assignments``."""

from __future__ import annotations

from jwtlab.classroom.assignments import a1_tokens, a2_verify, a3_attacks, a4_flows, a5_capstone
from jwtlab.classroom.model import Assignment, Task
from jwtlab.errors import UsageError

ASSIGNMENTS: tuple[Assignment, ...] = (
    a1_tokens.ASSIGNMENT,
    a2_verify.ASSIGNMENT,
    a3_attacks.ASSIGNMENT,
    a4_flows.ASSIGNMENT,
    a5_capstone.ASSIGNMENT,
)


def assignment(name: str) -> Assignment:
    """The assignment of this name.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    for each in ASSIGNMENTS:
        if each.name == name:
            return each
    raise UsageError(f"there is no assignment {name!r}; there are: {', '.join(a.name for a in ASSIGNMENTS)}")


def task(task_id: str) -> Task:
    """The task of this id, such as ``"a1.2"``.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    tasks = {each.id: each for found in ASSIGNMENTS for each in found.tasks}
    if task_id not in tasks:
        raise UsageError(f"there is no task {task_id!r}; there are: {', '.join(tasks)}")
    return tasks[task_id]
