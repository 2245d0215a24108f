"""The kernel of a lesson is killed, interrupted, restarted or out of reach while its widgets are open.

What must hold for every widget: the page says what has happened and what to do, and never fails in silence; what
was solved is kept; after "run this cell again" it works.
"""

from __future__ import annotations

import json
import os
import re
import signal

import pytest
from jupyter import PATIENCE, Page
from playwright.sync_api import expect
from short_form import few
from test_widgets import CELL, WIDGETS, write

pytestmark = pytest.mark.browser

LIVE = [name for name in WIDGETS if name not in ("scoreboard",)]
"""A scoreboard is a card: a picture without a kernel."""

PID = "import os; os.getpid()"
ANSWER = "jwtlab.exercises.Progress.open().record('01.1')"


def press_something(widget) -> None:
    """The first thing in a widget that asks the kernel, whatever it is."""
    for selector, deed in (
        ("button[data-action]:not([aria-disabled=true]):visible", lambda each: each.click()),
        ("input[type=radio][data-action]:visible", lambda each: each.check()),
        ("input[type=checkbox][data-action]:visible", lambda each: each.click()),
        (":is(textarea, input)[data-action]:visible", lambda each: each.fill("x")),
        ("select[data-action]:visible", lambda each: each.select_option(index=1)),
    ):
        found = widget.locator(selector)
        if found.count():
            deed(found.first)
            return
    raise AssertionError("there is nothing to press")


@pytest.fixture(scope="module")
def lesson(shared_page, server):
    """A notebook with every widget in a cell of its own, run."""
    shared_page.close_all()
    cells = [CELL, *(f"lab = jwtlab.Lab()\n{WIDGETS[name]}" for name in LIVE), PID]
    shared_page.open_beside(write(server.folder, "gone.ipynb", *cells))
    shared_page.run_all()
    yield shared_page
    shared_page.close_all()


def widget_of(page: Page, name: str):
    return page.page.locator(".jp-Cell:visible").nth(1 + LIVE.index(name)).locator(".jp-OutputArea-output .jwtlab")


def kernel_pid(page: Page) -> int:
    page.type_and_run({len(LIVE) + 1: PID})
    said = page.page.locator(".jp-Cell:visible").last.locator(".jp-OutputArea-output").inner_text()
    return int(said.strip())


def test_every_widget_of_a_killed_kernel_says_so_and_works_after_its_cell_was_run_again(lesson):
    os.kill(kernel_pid(lesson), signal.SIGKILL)
    dialog = lesson.page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("died")  # JupyterLab's own words; it starts another kernel by itself
    dialog.get_by_role("button").last.click()
    expect(dialog).to_have_count(0)
    lesson.errors.clear()
    for name in LIVE:
        widget = widget_of(lesson, name)
        press_something(widget)
        expect(widget.get_by_role("status")).to_contain_text("No kernel answers here any more")
        expect(widget.get_by_role("status")).to_contain_text("Run the cell that this belongs to again")
    assert lesson.errors == []
