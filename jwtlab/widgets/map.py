"""LessonMap: all lessons, what each builds on, and how far the learner is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import traitlets

from jwtlab import exercises
from jwtlab.exercises import Lesson, Progress
from jwtlab.exercises.progress import FILE
from jwtlab.exercises.reader_paths import reader_path, reader_paths
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
        path: the way through them, such as ``"web-app"``; empty for all of them.

    Raises:
        UsageError: there is no path of this name.
    """

    template = "progress.html"
    watched = ("asking", "path")
    asking = traitlets.Bool(False)
    path = traitlets.Unicode("")

    def __init__(self, progress: Progress | None = None, *, path: str = "") -> None:
        self.progress = progress if progress is not None else Progress()
        super().__init__(path=path and reader_path(path).id)

    @action("refresh")
    def look_again(self, value: str = "", target: str = "") -> None:
        """Read the file again (every action ends with a new drawing)."""

    @action("reset")
    def reset(self, value: str, target: str = "") -> None:
        """Forget everything; asks first."""
        if value == "yes":
            self.progress.reset()
        self.asking = value == "ask"

    @action("path")
    def choose(self, value: str, target: str = "") -> None:
        """Show this way through the lessons; an empty name shows all of them."""
        if value == "" or value in reader_paths():
            self.path = value

    def rows(self) -> list[ProgressRow]:
        done = self.progress.done()
        return [_row(lesson, done) for lesson in exercises.lessons().values()]

    def context(self) -> dict[str, Any]:
        rows = self.rows()
        path = reader_paths().get(self.path)
        return {
            "path": path,
            "paths": reader_paths().values(),
            "rows": rows,
            "total_done": sum(row.done for row in rows),
            "total": sum(row.total for row in rows),
            "place": self.progress.path.name or FILE,
            "notices": self.progress.notices(),
            "plan": plan(
                {row.lesson.number: row.lesson for row in rows},
                {row.lesson.number: row.done / row.total if row.total else 0 for row in rows},
                path,
            ),
            "wide": WIDE,
            "high": HIGH,
        }


def _row(lesson: Lesson, done: frozenset[str]) -> ProgressRow:
    items = {item.id for item in (*lesson.exercises, *lesson.quiz)}
    return ProgressRow(lesson, len(items & done), len(items))
