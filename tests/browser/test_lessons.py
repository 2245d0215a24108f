"""Every lesson, opened in JupyterLab as ``make lab`` starts it, run untouched, and worked through as a learner does."""

from __future__ import annotations

import re

import nbformat
import pytest
from playwright.sync_api import expect
from short_form import few

from jwtlab import exercises, lessons

pytestmark = pytest.mark.browser
NAMES = sorted(path.name for path in lessons.source().glob(lessons.PATTERN))
FEW = ("00", "23", "47")
"""The map and its lists, a flow to step through, and traces to read."""
POSITION = re.compile(r"^message \d+( of \d+)?$|^\d+ messages, all sent$")


def solutions(name: str) -> dict[int, str]:
    """What a learner leaves in the cells of the exercises: the cell's place -> its text with the solution."""
    cells = nbformat.read(lessons.source() / name, as_version=4).cells
    found: dict[int, str] = {}
    for exercise in exercises.lesson(name[:2]).exercises:
        call, place = next(
            (line, place)
            for place, cell in enumerate(cells)
            for line in cell.source.splitlines()
            if line.startswith(f'check("{exercise.id}"')
        )
        text = found.get(place, cells[place].source)
        found[place] = text.replace(call, f"{exercise.solution}\n\n{call}")
    return found


@pytest.mark.parametrize("name", few(NAMES, *(name for name in NAMES if name[:2] in FEW)))
def test_lesson_runs_and_is_worked_through(desk, name):
    """From top to bottom untouched; then exercises solved, questions answered, flows stepped to their end, attacked."""
    desk.open_beside(name)
    desk.run_all()
    assert desk.complaints() == []
    assert desk.page.get_by_text("Error displaying widget").count() == 0
    live = desk.page.locator(".jp-OutputArea-output .jwtlab")
    lesson = exercises.lesson(name[:2])
    desk.type_and_run(solutions(name))
    for exercise in lesson.exercises:
        card = live.filter(has_text=f"{exercise.id} {exercise.title}")
        expect(card.locator(".jl-pill.ok")).to_be_visible()
    for question in (*lesson.predictions, *lesson.quiz):
        answer(live, question)
    steppers = live.locator(".jl-flowcard")
    cells = nbformat.read(lessons.source() / name, as_version=4).cells
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    expect(steppers).to_have_count(sum(source.count("FlowStepper(") for source in sources))
    for stepper in steppers.all():
        play(stepper)
    assert desk.complaints() == []
    assert desk.page.get_by_text("Error displaying widget").count() == 0


def answer(live, question) -> None:
    """The right answer, and the word about it."""
    place = live.locator(f'[data-key="{question.id}"]').last
    index = next(number for number, option in enumerate(question.options) if option.right)
    place.get_by_role("radio").nth(index).check()
    expect(place.get_by_text(question.options[index].why)).to_be_visible()


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


@pytest.mark.long
def test_lesson_shows_its_widgets_before_a_cell_is_run(new_page):
    page = new_page()
    page.open("01_three_parts.ipynb")
    still = page.page.locator(".jp-OutputArea .jwtlab")
    assert still.count() >= 4
    assert still.get_by_text("Token inspector").first.is_visible()
    # The style that came with the first output applies: the page is trusted.
    colour = still.locator(".jl-h").first.evaluate("node => getComputedStyle(node).color")
    assert colour == "rgb(178, 74, 0)"
    assert page.complaints() == []


def test_lab_opens_on_the_first_lesson(new_page, server):
    page = new_page()
    page.page.goto(f"{server.url}/?token=browser-tests")  # the address that the launcher opens
    page.page.get_by_role("heading", name="00 · Start here").wait_for(timeout=60_000)
    server.wait_for_kernel(lessons.FIRST)
    assert page.complaints() == []
