"""Plausible wrong answers to the exercise of lesson 00."""

from __future__ import annotations

WRONG: dict[str, list[tuple[str, str]]] = {
    "00.1": [
        ("answer = 2", "dots"),
        ("answer = len(token)", "characters"),
        ('answer = "3"', "not-a-number"),
        ("answer = 4", "other"),
    ],
}
