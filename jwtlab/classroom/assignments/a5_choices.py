"""Judges of assignment 5's first task: which grant, which client, and where the tokens live."""

from __future__ import annotations

from typing import Any

from jwtlab.classroom.assignments.a5_product import CATALOGUE, FIELDS, my_product
from jwtlab.classroom.draw import Draw
from jwtlab.classroom.model import Answer, Test, Wrong
from jwtlab.classroom.variants import Variant


def table(answer: Answer, my: Variant) -> dict[str, Any]:
    """What the student chose.

    Raises:
        Wrong: it is no dict of dicts, an application is missing, or a word is none of those in the text.
    """
    found = answer.value()
    if not isinstance(found, dict) or not all(isinstance(each, dict) for each in found.values()):
        raise Wrong(
            "choices is a dict: the application's name, and then a dict with grant, client and tokens"
        )
    missing = [name for name in my_product(my)["applications"] if name not in found]
    if missing:
        raise Wrong(f"{missing[0]} is missing")
    return found


def words(answer: Answer, my: Variant, draw: Draw) -> None:
    """Every application has three words of those in the text."""
    found = table(answer, my)
    for name in my_product(my)["applications"]:
        for field, known in FIELDS.items():
            if found[name].get(field) not in known:
                raise Wrong(f"{name}: {field} is one of {', '.join(known)}")


def fits(number: int) -> Test:
    """The judge of one application."""

    def test(answer: Answer, my: Variant, draw: Draw) -> None:
        name = list(my_product(my)["applications"])[number - 1]
        right, chosen = CATALOGUE[name], table(answer, my)[name]
        wrong = [field for field in FIELDS if chosen.get(field) != getattr(right, field)]
        if wrong:
            raise Wrong(
                f"{name}: {' and '.join(wrong)} does not fit. Think again: {right.why} ({right.source})"
            )

    return test
