"""FlowChooser: a few questions about an application lead to its flow, and say why."""

from __future__ import annotations

from typing import Any

import traitlets

from jwtlab import exercises
from jwtlab.errors import UsageError
from jwtlab.exercises import Lesson
from jwtlab.oauth.choosing import (
    QUESTIONS,
    ROWS,
    Advice,
    AdviceRow,
    Ask,
    advise,
    flows_cheat_sheet,
    open_rows,
)
from jwtlab.oauth.choosing.choosing import check_known, next_question
from jwtlab.widgets.view import View, action

cheat_sheet = flows_cheat_sheet
"""The same table on one page; ``.save(path)`` writes it."""


class FlowChooser(View):
    """Which flow, client type and place for tokens fit an application?

    Args:
        answers: those that are given already, question → answer, such as ``FlowChooser(who="nobody", proof="key")``.

    Attributes:
        answers: question → answer, as far as they are given.
        advice: what is advised; ``None`` while a question is open.

    Raises:
        UsageError: there is no such question or answer, or it does not belong to the others.
    """

    template = "chooser.html"
    watched = ("answers",)

    answers: Any = traitlets.Dict()

    def __init__(self, **answers: str) -> None:
        for name, answer in answers.items():
            check_known(name, answer)
        asked = _asked(answers)
        extra = next((name for name in answers if name not in asked), "")
        if extra:
            raise UsageError(f"{extra} is not asked after these answers: {', '.join(asked) or 'none'}")
        self._group = "-".join(
            ["flow", *answers.values()]
        )  # radio buttons of one name belong together in a page
        super().__init__(answers=asked)

    @action("answer")
    def answer(self, value: Any, target: str) -> None:
        """Answer a question, or answer it anew; later answers stay as far as they still fit."""
        question = QUESTIONS.get(target)
        if question is None or str(value) not in [each.id for each in question.choices]:
            return
        if target in self.answers or question is next_question(self.answers):
            self.answers = _asked({**self.answers, target: str(value)})

    @action("reset")
    def reset(self, value: str = "", target: str = "") -> None:
        """From the beginning."""
        self.answers = {}

    @property
    def advice(self) -> Advice | None:
        return None if next_question(self.answers) else advise(**self.answers)

    def context(self) -> dict[str, Any]:
        question, advice = next_question(self.answers), self.advice
        left = {each.id for each in open_rows(self.answers)}
        return {
            "asked": _shown(self.answers, question),
            "advice": advice,
            "rows": [(row, row.id in left) for row in ROWS.values()],
            "left": len(left),
            "group": self._group,
            "facts": _facts(advice.row) if advice else [],
            "lessons": _lessons(advice.lessons) if advice else [],
        }


def _asked(answers: dict[str, str]) -> dict[str, str]:
    """Of some answers those that are asked for, in order."""
    asked: dict[str, str] = {}
    while (question := next_question(asked)) is not None and question.id in answers:
        asked[question.id] = answers[question.id]
    return asked


def _shown(answers: dict[str, str], question: Ask | None) -> list[tuple[Ask, str]]:
    """The questions so far with their answers, and the next one without."""
    rows = [(QUESTIONS[name], answer) for name, answer in answers.items()]
    return [*rows, (question, "")] if question else rows


def _facts(row: AdviceRow) -> list[tuple[str, str]]:
    """What stands in the client's registration and in its requests."""
    response = [("response_type", row.response_type)] if row.response_type else []
    return [
        ("client", row.client_type),
        ("shows", row.shows),
        ("grant_type", row.grant_type or "none"),
        *response,
    ]


def _lessons(numbers: tuple[str, ...]) -> list[Lesson]:
    there = exercises.lessons()
    return [there[number] for number in numbers if number in there]
