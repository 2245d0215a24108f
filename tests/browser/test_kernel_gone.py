"""The kernel of a lesson is killed, interrupted, restarted or out of reach while its widgets are open.

What must hold for every widget: the page says what has happened and what to do, and never fails in silence; what
was solved is kept; after "run this cell again" it works.
"""

from __future__ import annotations

import json
import re

import pytest
from jupyter import PATIENCE, TOKEN, Page
from playwright.sync_api import expect
from test_widgets import CELL, WIDGETS, lab, write

pytestmark = pytest.mark.browser

LIVE = [name for name in WIDGETS if name not in ("scoreboard",)]
"""A scoreboard is a card: a picture without a kernel."""


FIRST = (
    CELL
    + """
import os, time
from jwtlab.widgets.view import View
from jwtlab.exercises.progress import Progress, default_path
acts = View.act
def slow(self, *what, **more):
    time.sleep(600)
os.getpid()
"""
)
GONE, LATE = "No kernel answers here any more", "No answer yet"
LAST = len(LIVE) + 1


def press_something(widget) -> None:
    """The first thing in a widget that asks the kernel, whatever it is."""
    for selector, deed in (
        ("button[data-action]:enabled:not([aria-disabled=true]):visible", lambda each: each.click()),
        ("input[type=radio][data-action]:not(:checked):visible", lambda each: each.click()),
        ("input[type=checkbox][data-action]:visible", lambda each: each.click()),
        (":is(textarea, input)[data-action]:visible", lambda each: each.fill("x")),
        ("select[data-action]:visible", lambda each: each.select_option(index=1)),
    ):
        found = widget.locator(selector)
        if found.count():
            deed(found.first)
            return
    raise AssertionError("there is nothing to press")


def press_all(page: Page) -> None:
    for name in LIVE:
        press_something(widget_of(page, name))


def widget_of(page: Page, name: str):
    return page.page.locator(".jp-Notebook:visible .jp-Cell").nth(1 + LIVE.index(name)).locator(".jwtlab")


def said(page: Page, name: str):
    return widget_of(page, name).locator(".jl-said").first


def run(page: Page, source: str) -> str:
    """Run a line in the last cell, after everything that was pressed; gives what it shows."""
    page.type_and_run({LAST: source})
    return shown(page, LAST)


def run_lesson(page: Page) -> None:
    """Run every cell, the last one empty."""
    page.page.evaluate(
        """place => window.jupyterapp.shell.currentWidget.content.widgets[place].model.sharedModel.setSource("None")""",
        LAST,
    )
    page.run_all()


def shown(page: Page, cell: int) -> str:
    outputs = page.page.locator(".jp-Notebook:visible .jp-Cell").nth(cell).locator(".jp-OutputArea-output")
    return " ".join(outputs.all_inner_texts()).strip()


def lesson_of(server, file: str) -> str:
    cells = [FIRST, *(f"w{n} = {WIDGETS[name]}\nw{n}" for n, name in enumerate(LIVE)), "None"]
    return write(server.folder, file, *cells)


def all_answer(page: Page) -> None:
    """What is pressed in each widget has reached the kernel, and nothing is said any more."""
    counted = "[" + ", ".join(f"w{n}.ack" for n in range(len(LIVE))) + "]"
    before = json.loads(run(page, counted))
    press_all(page)
    after = json.loads(run(page, counted))
    silent = [name for name, old, new in zip(LIVE, before, after, strict=True) if new <= old]
    assert silent == []
    for name in LIVE:
        expect(said(page, name)).to_be_empty()


def visit(page: Page, name: str) -> None:
    """Open a notebook, and wait for no kernel."""
    place = f"lab/workspaces/{name.partition('.')[0]}/tree/{name}"
    page.page.goto(f"{page.server.url}/{place}?token={TOKEN}", wait_until="domcontentloaded")
    page.page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.content?.widgets?.length > 1")


def test_old_widgets_of_yesterdays_page_say_what_to_do(new_page, server):
    page = new_page()
    page.open(lesson_of(server, "old.ipynb"))
    run_lesson(page)
    page.command("docmanager:save")
    server.stop_kernels()  # as a hub does at night
    page.page.reload(wait_until="domcontentloaded")
    page.page.locator(".jp-NotebookPanel:visible .jp-Cell").first.wait_for(timeout=PATIENCE)
    server.wait_for_kernel("old.ipynb")
    for name in LIVE:
        expect(widget_of(page, name).first).to_be_visible()  # as they were left
        press_something(widget_of(page, name).first)
        expect(said(page, name)).to_contain_text(GONE)
    run_lesson(page)
    all_answer(page)
    assert page.complaints() == []


@pytest.mark.long
def test_second_tab_shows_the_same(new_page, server):
    one, other = new_page(), new_page()
    one.open(lesson_of(server, "tabs.ipynb"))
    run_lesson(one)
    one.command("docmanager:save")
    other.open("tabs.ipynb")
    for here, there, name in ((one, other, "bob"), (other, one, "carol")):
        editor = widget_of(here, "inspector").get_by_role("textbox", name="Token")
        editor.fill(lab.token(name))
        expect(widget_of(there, "inspector").get_by_text(name, exact=True)).to_be_visible()
        here.page.keyboard.press("Escape")
    widget_of(one, "stepper").get_by_role("button", name=re.compile("Next")).click()
    said_in = [widget_of(page, "stepper").locator("[aria-current=step]") for page in (one, other)]
    expect(said_in[1]).to_have_text(said_in[0].inner_text())
    assert one.complaints() == other.complaints() == []


@pytest.mark.long
def test_run_all_in_the_first_moment_loses_cells_and_breaks_nothing(new_page, server):
    """JupyterLab runs nothing as long as it has no kernel (its issue 8490): once more, and all is there."""
    page = new_page()
    name = lesson_of(server, "hasty.ipynb")
    visit(page, name)
    page.command("notebook:run-all-cells")
    server.wait_for_kernel(name)
    run_lesson(page)
    all_answer(page)
    assert page.complaints() == []
