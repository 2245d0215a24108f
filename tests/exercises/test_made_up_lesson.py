"""A new lesson is one file: it is found by the map, the cards, the judges and the progress."""

from __future__ import annotations

FILE = '''"""Lesson 35: made up."""

from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong


def _judge(answer):
    if answer is ...:
        raise NotYet
    if answer != 42:
        raise Wrong("It is 42.")
    return "42 it is."


LESSON = Lesson(
    number="35",
    name="35_made_up",
    title="Made up from whole cloth",
    why="Because somebody has to.",
    minutes=5,
    needs=("34",),
    exercises=(
        Exercise(id="35.1", title="The answer", judge_answer=_judge, hints=("Think.",), solution="answer = 42"),
    ),
    quiz=(
        Question(
            id="35.q1",
            text="What is six times seven?",
            options=(
                Option(text="42", why="Yes.", right=True),
                Option(text="41", why="Nearly."),
            ),
        ),
    ),
)
'''


def test_a_made_up_lesson_is_found_everywhere(made_up):
    made_up.write("exercises/lesson_35.py", FILE)
    found = made_up.run("""
import jwtlab
from jwtlab import exercises, widgets
found["numbers"] = list(exercises.lessons())
found["right"] = exercises.judge("35.1", 42).verdict
found["wrong"] = exercises.judge("35.1", 41).message
found["not yet"] = exercises.judge("35.1", ...).verdict
found["question"] = exercises.question("35.q1").text
found["map"] = "Made up from whole cloth" in widgets.LessonMap().html
found["head"] = widgets.lesson("35").html
""")
    assert "35" in found["numbers"]
    assert found["numbers"] == sorted(found["numbers"])
    assert found["right"] == "right"
    assert found["wrong"] == "It is 42."
    assert found["not yet"] == "not yet"
    assert found["question"] == "What is six times seven?"
    assert found["map"]
    assert "Made up from whole cloth" in found["head"]
