"""Lesson 00: start here. How the lessons work, in five minutes."""

from __future__ import annotations

from typing import Any

from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong

NUMBER = 3
"""How many parts a token has: exercise 00.1 asks for it."""


def _judge_parts(answer: Any) -> str:
    if isinstance(answer, bool) or not isinstance(answer, int):
        raise Wrong("The answer is a number, without quotes, such as answer = 7.")
    if answer == NUMBER - 1:
        raise Wrong("You have counted the dots. How many parts do two dots make?")
    if answer > 20:
        raise Wrong("You have counted the characters. Count the parts that the dots make.")
    if answer != NUMBER:
        raise Wrong("Look at the token once more: how many parts do the two dots make?")
    return "That is how every exercise works. Lesson 01 tells what the three parts are."


LESSON = Lesson(
    number="00",
    name="00_start_here",
    title="Start here",
    why="How the lessons work, and whether your lab does.",
    minutes=5,
    exercises=(
        Exercise(
            "00.1",
            "Count the parts",
            _judge_parts,
            (
                "The parts of a token are joined by dots.",
                "Two dots join three parts.",
            ),
            "answer = 3",
        ),
    ),
    predictions=(
        Question(
            "00.p1",
            "What is the best thing to do when you are not sure of an answer?",
            (
                Option(
                    "Skip the question",
                    "You may. But a guess, even a wrong one, makes the explanation stick.",
                ),
                Option(
                    "Guess, then read why",
                    "Every option is explained, right or wrong, and your wrong guesses are not written down.",
                    True,
                ),
                Option(
                    "Look it up first",
                    "You would read the answer without having asked yourself the question.",
                ),
            ),
        ),
    ),
)
