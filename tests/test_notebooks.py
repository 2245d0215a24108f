"""The lessons as text: links lead somewhere, and every lesson has its rhythm."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from jwtlab import exercises

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NAMES = [lesson.name for lesson in exercises.lessons().values()]
TAUGHT = [name for name in NAMES if not name.startswith("00")]


def text_of(name: str, kind: str = "markdown") -> str:
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == kind)


def test_every_notebook_belongs_to_a_lesson():
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_links_to_other_lessons_lead_somewhere(name):
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text_of(name))
    assert [link for link in links if not (FOLDER / link).exists()] == []


@pytest.mark.parametrize("name", TAUGHT)
def test_lesson_has_the_rhythm(name):
    words, code, lesson = text_of(name), text_of(name, "code"), exercises.lesson(name[:2])
    headings = re.findall(r"^## (.+)$", words, re.M)
    for heading in ("Predict", "In the wild", "Quiz", "In three lines"):
        assert heading in headings
    assert words.startswith(f"# {lesson.number} · ")
    assert len(re.findall(r"^- \*\*", words.split("## ")[0], re.M)) == 3  # what you will be able to do
    assert f"{lesson.minutes} minutes" in words
    assert f'Quiz("{lesson.number}")' in code
    assert len(lesson.quiz) == 3
    assert 2 <= len(lesson.exercises) <= 5
    assert "*Read on:*" in words
    for question in lesson.predictions:
        assert f'Predict("{question.id}")' in code
    for exercise in lesson.exercises:
        assert f'check("{exercise.id}"' in code
        assert f"## Exercise {exercise.id}" in words


@pytest.mark.parametrize("name", NAMES)
def test_no_lesson_names_a_figure_that_is_not_there(name):
    assert "<!--" not in text_of(name)
