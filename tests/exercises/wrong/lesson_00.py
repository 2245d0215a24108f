"""Plausible wrong answers to the exercise of lesson 00."""

from __future__ import annotations

WRONG: dict[str, list[tuple[str, str]]] = {
    "00.1": [
        ("answer = 2", "counted the dots"),
        ("answer = len(token)", "counted the characters"),
        ('answer = "3"', "without quotes"),
        ("answer = 4", "once more"),
    ],
}
