"""Quiz and Predict: questions whose every option is explained; Progress: the map with what is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import traitlets

from jwtlab import exercises
from jwtlab.exercises import Lesson, Progress, Question
from jwtlab.exercises.progress import FILE
from jwtlab.widgets.view import View, action


class Quiz(View):
    """The questions at the end of a lesson.

    Args:
        number: of the lesson, such as ``"01"``.

    Attributes:
        chosen: question id → index of the chosen option.
    """

    template = "quiz.html"
    watched = ("chosen",)
    chosen: Any = traitlets.Dict()
    title = "Quiz"

    def __init__(self, number: str) -> None:
        self.questions = self._find(number)
        super().__init__()

    def _find(self, number: str) -> tuple[Question, ...]:
        return exercises.lesson(number).quiz

    @action("choose")
    def choose(self, value: Any, target: str) -> None:
        """Choose an option of a question."""
        question = next((q for q in self.questions if q.id == target), None)
        numbers = [str(number) for number in range(len(question.options))] if question else []
        if question is None or str(value) not in numbers:
            return
        self.chosen = {**self.chosen, question.id: int(value)}
        if question.options[int(value)].right:
            Progress().record(question.id)

    @property
    def right(self) -> int:
        """How many are answered rightly."""
        return sum(q.options[self.chosen[q.id]].right for q in self.questions if q.id in self.chosen)

    def context(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "questions": self.questions,
            "chosen": self.chosen,
            "right": self.right,
            "group": type(self).__name__,
        }


class Predict(Quiz):
    """One question before the explanation.

    Args:
        number: of the question, such as ``"01.p1"``.
    """

    title = "Predict"

    def _find(self, number: str) -> tuple[Question, ...]:
        return (exercises.question(number),)


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
        }


def _row(lesson: Lesson, done: frozenset[str]) -> ProgressRow:
    items = {item.id for item in (*lesson.exercises, *lesson.quiz)}
    return ProgressRow(lesson, len(items & done), len(items))
