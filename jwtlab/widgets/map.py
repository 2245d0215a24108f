"""LessonMap: all lessons, what each builds on, and how far the learner is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import traitlets

from jwtlab import exercises
from jwtlab.exercises import Lesson, Progress
from jwtlab.exercises.progress import FILE
from jwtlab.widgets.map_layout import HIGH, WIDE, plan
from jwtlab.widgets.view import View, action


@dataclass(frozen=True)
class ProgressRow:
    """A lesson with what is done of it."""

    lesson: Lesson
    done: int
    total: int


class LessonMap(View):
    """The map of all lessons with the learner's progress, which is kept in a file of their own.

    Args:
        progress: whose progress; by default the learner's.
    """

    template = "progress.html"
    watched = ("asking",)
    asking = traitlets.Bool(False)

    def __init__(self, progress: Progress | None = None) -> None:
        self.progress = progress if progress is not None else Progress()
        super().__init__()

    @action("refresh")
    def look_again(self, value: str = "", target: str = "") -> None:
        """Read the file again (every action ends with a new drawing)."""

    @action("reset")
    def reset(self, value: str, target: str = "") -> None:
        """Forget everything; asks first."""
        if value == "yes":
            self.progress.reset()
        self.asking = value == "ask"

    def rows(self) -> list[ProgressRow]:
        done = self.progress.done()
        return [_row(lesson, done) for lesson in exercises.lessons().values()]

    def context(self) -> dict[str, Any]:
        rows = self.rows()
        return {
            "rows": rows,
            "total_done": sum(row.done for row in rows),
            "total": sum(row.total for row in rows),
            "place": self.progress.path.name or FILE,
            "notices": self.progress.notices(),
            "plan": plan(
                {row.lesson.number: row.lesson for row in rows},
                {row.lesson.number: row.done / row.total if row.total else 0 for row in rows},
            ),
            "wide": WIDE,
            "high": HIGH,
        }


def _row(lesson: Lesson, done: frozenset[str]) -> ProgressRow:
    items = {item.id for item in (*lesson.exercises, *lesson.quiz)}
    return ProgressRow(lesson, len(items & done), len(items))
