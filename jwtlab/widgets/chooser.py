"""FlowChooser: a few questions about an application lead to its flow; and all answers on one sheet of paper."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import traitlets
from markupsafe import Markup

from jwtlab import exercises
from jwtlab.errors import UsageError
from jwtlab.oauth import choice
from jwtlab.style import style
from jwtlab.widgets.view import Card, View, action, render


class FlowChooser(View):
    """Questions about an application, one after the other, and what they lead to.

    Args:
        *ways: answers given beforehand, by number from 1: ``FlowChooser(1, 1, 2)``.

    Attributes:
        given: the answers so far, as numbers from 0.

    Raises:
        UsageError: there is no such answer.
    """

    template = "chooser.html"
    watched = ("given",)
    given = traitlets.Tuple(())

    def __init__(self, *ways: int) -> None:
        given = tuple(each - 1 for each in ways)
        asked: choice.Ask | None = choice.QUESTIONS[0]
        for number in given:
            if asked is None or not 0 <= number < len(asked.ways):
                raise UsageError(f"there is no answer {number + 1} to this question")
            asked = choice.question(asked.ways[number].leads)
        # Radio buttons of two choosers in one page must not be one group; the same cell gives the same name.
        self._group = "-".join(["choice", *map(str, ways)])
        super().__init__(given=given)

    @property
    def advice(self) -> choice.Advice | None:
        """Where the answers lead; ``None`` while a question is open."""
        return self._walk()[1]

    def _walk(self) -> tuple[list[tuple[choice.Ask, int | None]], choice.Advice | None]:
        asked: choice.Ask | None = choice.QUESTIONS[0]
        steps: list[tuple[choice.Ask, int | None]] = []
        for number in (*self.given, None):
            if asked is None:
                break
            steps.append((asked, number))
            if number is None:
                return steps, None
            leads = asked.ways[number].leads
            asked = choice.question(leads)
            if asked is None:
                return steps, choice.advice(leads)
        return steps, None

    @action("choose")
    def choose(self, value: str, target: str = "") -> None:
        """Answer a question, also an earlier one: what follows from it is asked anew."""
        steps, _ = self._walk()
        place = next((n for n, (asked, _) in enumerate(steps) if asked.id == target), None)
        if place is None or not str(value).isdecimal() or int(value) >= len(steps[place][0].ways):
            return
        self.given = (*self.given[:place], int(value))

    @action("again")
    def again(self, value: str = "", target: str = "") -> None:
        """Begin with the first question."""
        self.given = ()

    def context(self) -> dict[str, Any]:
        steps, advice = self._walk()
        found = exercises.lessons()
        lessons = [found[each] for each in advice.lessons if each in found] if advice else []
        return {"steps": steps, "advice": advice, "lessons": lessons, "group": self._group}

    @property
    def words(self) -> str:
        """What was answered, and where it leads, in a line."""
        said = ", ".join(asked.ways[number].says for asked, number in self._walk()[0] if number is not None)
        end = self.advice.flow if self.advice else "a question is open"
        return f"{said}: {end}" if said else end


class CheatSheet(Card):
    """All answers on one sheet."""

    def __init__(self) -> None:
        lines = [f"{each.title}: {each.flow}; {each.client}; {each.tokens}" for each in choice.ADVICE]
        super().__init__("cheat_sheet.html", "\n".join(lines), advice=choice.ADVICE)

    def save(self, path: str | os.PathLike[str] = "flows.html") -> Path:
        """Write it as a page of its own, made for one sheet of A4; gives the path.

        Raises:
            OSError: it cannot be written.
        """
        body = render("cheat_sheet.html", advice=choice.ADVICE)
        page = render("cheat_sheet_page.html", style=Markup(style()), body=body)
        target = Path(path)
        target.write_text(str(page), "utf-8")
        return target


def cheat_sheet() -> CheatSheet:
    """Every kind of application with its flow, on one sheet: to look at, and with ``.save(path)`` to print."""
    return CheatSheet()
