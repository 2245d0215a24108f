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
from jupyter import PATIENCE, TOKEN, Page
from playwright.sync_api import expect
from test_widgets import CELL, WIDGETS, lab, write

pytestmark = [pytest.mark.browser, pytest.mark.long]

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


@pytest.fixture(scope="module")
def lesson(shared_page, server):
    """A notebook with every widget in a cell of its own, run."""
    shared_page.close_all()
    shared_page.open_beside(lesson_of(server, "gone.ipynb"))
    shared_page.run_all()
    yield shared_page
    shared_page.close_all()


def test_every_widget_whose_kernel_is_killed_in_the_middle_says_so_and_works_again(lesson):
    run(lesson, "Progress(default_path()).record('01.1'); View.act = slow")
    pid = int(shown(lesson, 0))
    press_all(lesson)  # the first holds up the kernel, the others wait for it
    os.kill(pid, signal.SIGKILL)
    dialog = lesson.page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("died")  # JupyterLab's own words; it starts another kernel by itself
    dialog.get_by_role("button").last.click()
    for name in LIVE:
        expect(said(lesson, name)).to_contain_text(GONE)
        expect(said(lesson, name)).to_contain_text("Run the cell that this belongs to again")
    lesson.errors.clear()
    press_all(lesson)
    for name in LIVE:
        expect(said(lesson, name)).to_contain_text(GONE)
    run_lesson(lesson)
    all_answer(lesson)
    assert "01.1" in run(lesson, "sorted(Progress(default_path()).done())")
    assert lesson.complaints() == []


def test_every_widget_that_is_interrupted_says_so_and_goes_on(lesson):
    run_lesson(lesson)
    run(lesson, "View.act = slow")
    for name in LIVE:
        press_something(widget_of(lesson, name))
        lesson.page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'busy'"
        )
        lesson.command("notebook:interrupt-kernel")
        expect(said(lesson, name)).to_contain_text("It was interrupted.")
    run(lesson, "View.act = acts")
    all_answer(lesson)
    assert lesson.complaints() == []


def test_every_widget_says_that_its_kernel_was_restarted(lesson):
    run_lesson(lesson)
    all_answer(lesson)
    lesson.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel().then(() => null)"
    )
    for name in LIVE:
        press_something(widget_of(lesson, name))
        expect(said(lesson, name)).to_contain_text(GONE)
    run_lesson(lesson)
    all_answer(lesson)
    assert lesson.complaints() == []


class Wire:
    """The page's web sockets to kernels, which can be cut."""

    def __init__(self, page: Page) -> None:
        self.down, self.routes = False, []
        page.page.route_web_socket("**/channels*", self._opened)

    def _opened(self, route) -> None:
        if self.down:
            route.close()
            return
        route.connect_to_server()
        self.routes.append(route)

    def cut(self) -> None:
        self.down = True
        for each in self.routes:
            each.close()
        self.routes.clear()

    def mend(self) -> None:
        self.down = False


def connected(page: Page, state: str) -> None:
    page.page.wait_for_function(
        "state => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.connectionStatus === state",
        arg=state,
        timeout=PATIENCE,
    )


def visit(page: Page, name: str) -> None:
    """Open a notebook, and wait for no kernel."""
    place = f"lab/workspaces/{name.partition('.')[0]}/tree/{name}"
    page.page.goto(f"{page.server.url}/{place}?token={TOKEN}", wait_until="domcontentloaded")
    page.page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.content?.widgets?.length > 1")


def test_page_that_was_cut_off_for_a_while_goes_on_where_it_was(new_page, server):
    page = new_page()
    wire = Wire(page)
    visit(page, lesson_of(server, "cut.ipynb"))  # waits in the page, so that its web sockets go on
    run_lesson(page)
    wire.cut()
    connected(page, "connecting")
    press_all(page)
    for name in LIVE:
        expect(said(page, name)).to_contain_text(LATE)
        expect(said(page, name)).to_contain_text("the connection is interrupted")
    wire.mend()
    connected(page, "connected")
    for name in LIVE:
        expect(said(page, name)).to_be_empty()  # the answers came late
    all_answer(page)
    # The kernel is restarted while nobody hears of it.
    wire.cut()
    connected(page, "connecting")
    session = next(each for each in server.get("/api/sessions") if each["path"] == "cut.ipynb")
    server.post(f"/api/kernels/{session['kernel']['id']}/restart")
    wire.mend()
    connected(page, "connected")
    press_all(page)
    for name in LIVE:
        expect(said(page, name)).to_contain_text(re.compile(f"{GONE}|{LATE}"))
        expect(said(page, name)).to_contain_text("Run the cell that this belongs to again")
    run_lesson(page)
    all_answer(page)
    assert page.errors_in_outputs() == []


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
    for said_there in said_in:
        expect(said_there).to_have_text(re.compile("^2 "))
    assert one.complaints() == other.complaints() == []
