"""Every lesson as a learner works it through: solved, answered, and every flow stepped and attacked."""

from __future__ import annotations

import re

import nbformat
import pytest
from playwright.sync_api import expect

from jwtlab import exercises, lessons

pytestmark = pytest.mark.browser
NAMES = sorted(path.name for path in lessons.source().glob(lessons.PATTERN))
POSITION = re.compile(r"^message \d+( of \d+)?$|^\d+ messages, all sent$")


def solved(name: str) -> nbformat.NotebookNode:
    """The lesson as a learner leaves it: every exercise with its solution."""
    notebook = nbformat.read(lessons.source() / name, as_version=4)
    for exercise in exercises.lesson(name[:2]).exercises:
        call = next(
            line
            for cell in notebook.cells
            for line in cell.source.splitlines()
            if line.startswith(f'check("{exercise.id}"')
        )
        cell = next(cell for cell in notebook.cells if call in cell.source)
        cell.source = cell.source.replace(call, f"{exercise.solution}\n\n{call}")
    return notebook


@pytest.mark.parametrize("name", NAMES)
def test_lesson_is_worked_through(new_page, server, name):
    """From top to bottom: exercises solved, questions answered, flows stepped to their end and attacked."""
    page = new_page()
    nbformat.write(solved(name), server.folder / f"solved_{name}")
    page.open(f"solved_{name}")
    page.run_all()
    live = page.page.locator(".jp-OutputArea-output .jwtlab")
    lesson = exercises.lesson(name[:2])
    for exercise in lesson.exercises:
        card = live.filter(has_text=f"{exercise.id} {exercise.title}")
        expect(card.locator(".jl-pill.ok")).to_be_visible()
    for question in (*lesson.predictions, *lesson.quiz):
        place = live.locator(f'[data-key="{question.id}"]').last
        index = next(number for number, option in enumerate(question.options) if option.right)
        place.get_by_role("radio").nth(index).check()
        expect(place.get_by_text(question.options[index].why)).to_be_visible()
    steppers = live.locator(".jl-flowcard")
    cells = [cell.source for cell in solved(name).cells if cell.cell_type == "code"]
    expect(steppers).to_have_count(sum(source.count("FlowStepper(") for source in cells))
    for stepper in steppers.all():
        play(stepper)
    assert page.complaints() == []
    assert page.page.get_by_text("Error displaying widget").count() == 0


def play(stepper) -> None:
    """A flow, two messages by hand and the rest at once, then looked at again; and an attack, if there is one."""
    run = stepper.get_by_role("button", name="Run to end")
    position = stepper.get_by_text(POSITION)
    for _ in range(2):
        if run.is_enabled():
            before = position.inner_text()
            stepper.get_by_role("button", name="Next ▶").click()
            # The page is asked about its buttons only once it shows the answer: this message may be the last.
            expect(position).not_to_have_text(before)
    if run.is_enabled():
        run.click()
    expect(stepper.get_by_text("messages, all sent")).to_be_visible()
    stepper.get_by_role("button", name="◀ Back").click()
    attacks = stepper.get_by_label("Attack", exact=True)
    if attacks.count():
        chosen = attacks.locator("option").last.get_attribute("value")
        attacks.select_option(chosen)
        for world, outcome in (
            ("careless", re.compile(r"Mallory has what she wanted\.|The harm is done\.")),
            ("sound", re.compile(r"Mallory goes away with nothing\.|No harm is done\.")),
        ):
            stepper.get_by_role("button", name=f"{world} world").click()
            run.click()
            expect(stepper.get_by_text(outcome)).to_be_visible()
