"""Every lesson, opened in JupyterLab as ``make lab`` starts it, and run from top to bottom."""

from __future__ import annotations

import pytest

from jwtlab import lessons

pytestmark = pytest.mark.browser
NAMES = sorted(path.name for path in lessons.source().glob(lessons.PATTERN))


@pytest.mark.parametrize("name", NAMES)
def test_lesson_runs_without_error_dialog_or_foreign_request(new_page, name):
    page = new_page()
    page.open(name)
    page.run_all()
    assert page.complaints() == []
    assert page.page.get_by_text("Error displaying widget").count() == 0


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
