"""The written questions and their rubrics, from one file: the page for marking and the guide both show it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jwtlab.classroom.model import Criterion, Written

DATA = Path(__file__).parents[1] / "data" / "rubrics.toml"


@cache
def _questions() -> dict[str, tuple[Written, ...]]:
    found: dict[str, tuple[Written, ...]] = {}
    for row in tomllib.loads(DATA.read_text("utf-8"))["question"]:
        criteria = tuple(_criterion(each) for each in row["criterion"])
        written = Written(
            id=row["id"],
            title=row["title"],
            points=sum(each.points for each in criteria),
            rubric=criteria,
        )
        found[row["assignment"]] = (*found.get(row["assignment"], ()), written)
    return found


def _criterion(row: dict[str, Any]) -> Criterion:
    return Criterion(**{**row, "look_for": tuple(row["look_for"])})


def written(assignment: str) -> tuple[Written, ...]:
    """The written questions of an assignment.

    Args:
        assignment: its name, such as ``"a1_tokens"``.

    Raises:
        KeyError: it has none.
    """
    return _questions()[assignment]


def as_markdown(questions: Iterable[Written]) -> str:
    """The rubrics as a page of the guide shows them: a heading for each question, and a table."""
    parts = []
    for each in questions:
        lines = [
            f"### {each.id} · {each.title} ({each.points:g} points)",
            "",
            "| what | points | full | half | none | look for |",
            "|---|---|---|---|---|---|",
        ]
        lines += [
            f"| {row.about} | {row.points:g} | {row.full} | {row.half} | {row.none} | {'; '.join(row.look_for)} |"
            for row in each.rubric
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
