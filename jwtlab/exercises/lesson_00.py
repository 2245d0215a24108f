"""Lesson 00: start here. How the lessons work, in five minutes."""

from __future__ import annotations

from typing import Any

from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes

NUMBER = 3
"""How many parts a token has: exercise 00.1 asks for it."""


@mistakes(
    {
        "not-a-number": "The answer is a number, without quotes, such as answer = 7.",
        "dots": "You have counted the dots. How many parts do two dots make?",
        "characters": "You have counted the characters. Count the parts that the dots make.",
        "other": "Look at the token once more: how many parts do the two dots make?",
    }
)
def _judge_parts(answer: Any) -> str:
    if isinstance(answer, bool) or not isinstance(answer, int):
        raise Wrong("not-a-number")
    if answer == NUMBER - 1:
        raise Wrong("dots")
    if answer > 20:
        raise Wrong("characters")
    if answer != NUMBER:
        raise Wrong("other")
    return "That is how every exercise works. Lesson 01 tells what the three parts are."


LESSON = Lesson(
    number="00",
    name="00_start_here",
    title="Start here",
    why="How the lessons work, and whether your lab does.",
    minutes=5,
    exercises=(
        Exercise(
            id="00.1",
            title="Count the parts",
            judge_answer=_judge_parts,
            hints=(
                "The parts of a token are joined by dots.",
                "Two dots join three parts.",
            ),
            solution="answer = 3",
        ),
    ),
    predictions=(
        Question(
            id="00.p1",
            text="What is the best thing to do when you are not sure of an answer?",
            options=(
                Option(
                    text="Skip the question",
                    why="You may. But a guess, even a wrong one, makes the explanation stick.",
                ),
                Option(
                    text="Guess, then read why",
                    why="Every option is explained, right or wrong, and your wrong guesses are not written down.",
                    right=True,
                ),
                Option(
                    text="Look it up first",
                    why="You would read the answer without having asked yourself the question.",
                ),
            ),
        ),
    ),
)
