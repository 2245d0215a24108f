"""Quiz and Predict: questions whose every option is explained."""

from __future__ import annotations

from typing import Any

import traitlets

from jwtlab import exercises
from jwtlab.exercises import Question, happenings
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
        happenings.chosen(question, int(value))

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
