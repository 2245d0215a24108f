"""The board in a real browser: the teacher's pages, live, without barriers; and the learner's card in a lesson."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import resources
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "board"))
from crowd import Pupil, live_through

pytestmark = pytest.mark.browser
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
HOSTILE = "<img src=x onerror=document.title='own'>"
PAGES = ("", "?lesson=02", "?lesson=all", "questions", "questions/02.p1", "learners", "beamer", "data")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    file = tmp_path_factory.mktemp("board") / "board.sqlite"
    command = [sys.executable, "-m", "jwtlab", "board", "--json", "--port", "0", "--store", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def client():
    with httpx.Client(trust_env=False) as made:
        yield made


@pytest.fixture(scope="module")
def pupils(told, client):
    names = ["alice", "bob", "mallory", HOSTILE, "\u202eecila", "李雷", "مريم", *(f"n{n}" for n in range(20))]
    found = [Pupil(client, told["address"], told["word"], name) for name in names]
    for number, pupil in enumerate(found):
        live_through(pupil, "02", number)
    live_through(found[0], "03", 0)
    found[3].send(found[3].help("02.1"))
    return found


@pytest.fixture
def open_page(browser, told):
    """``open_page(path, scheme, width) -> page``: as the teacher, with everything recorded that goes wrong."""
    contexts = []

    def make(path: str, scheme: str = "light", width: int = 1400):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.wrong, page.asked = [], []
        page.on("console", lambda said: page.wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(told["teacher"])
        page.goto(told["teacher"].partition("?")[0] + path)
        expect(page.locator("[data-clock]")).not_to_be_empty()  # the script runs, and has asked once
        return page

    yield make
    for context in contexts:
        context.close()


def barriers(page) -> list[str]:
    page.evaluate(AXE)  # from the outside: the page's own policy lets no strange script in
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


@pytest.mark.long
@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 900)])
def test_pages_have_no_barriers_and_ask_nobody_else(open_page, pupils, told, screenshots, scheme, width):
    assert_sound(open_page("", scheme, width), told, PAGES, screenshots, f"{scheme}_{width}")


def test_map_of_a_lesson_has_no_barriers(open_page, pupils, told, screenshots):
    assert_sound(open_page("", "dark", 900), told, ("?lesson=02",), screenshots, "dark_900")


def assert_sound(page, told, paths, screenshots, kind) -> None:
    for path in paths:
        page.goto(told["teacher"].partition("?")[0] + path)
        expect(page.locator("[data-clock]")).not_to_be_empty()
        for summary in page.locator("[data-live] summary").all():
            summary.click()
        assert barriers(page) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
        name = "".join(letter if letter.isalnum() else "_" for letter in path) or "room"
        page.screenshot(path=screenshots / f"board_{name}_{kind}.png", full_page=True)
    assert page.title() != "own"
    assert page.locator("img").count() == 0
    assert all(url.startswith((told["address"], "data:")) for url in page.asked)
    assert page.wrong == []


@pytest.mark.long
def test_page_for_learners_has_no_barriers_and_does_not_tell_the_word(open_page, told):
    page = open_page("")
    page.goto(told["address"])
    expect(page.get_by_role("heading", name="The board of this class")).to_be_visible()
    assert told["word"] not in page.content()
    assert barriers(page) == []


def test_map_follows_the_room_and_keeps_what_was_opened(open_page, pupils, told, client):
    page = open_page("?lesson=02")
    row = page.locator(".b-row", has_text="02.2")
    row.locator("summary").click()
    expect(row.locator("table")).to_be_visible()
    late = Pupil(client, told["address"], told["word"], "somebody late")
    late.send(late.wrong("02.2", "not-a-date"), late.help("02.2"))
    expect(page.get_by_label("Asking for help")).to_contain_text("somebody late")
    expect(row.locator("table")).to_be_visible()
    expect(row).to_contain_text("somebody late")
    page.get_by_role("button", name="Helped somebody late").press("Enter")
    expect(page.get_by_label("Asking for help")).not_to_contain_text("somebody late")
    assert page.wrong == []


@pytest.mark.long
def test_question_is_asked_before_and_after_with_the_keyboard_alone(open_page, pupils):
    page = open_page("questions/02.p1")
    option = page.locator(".b-bars li").nth(2)
    before = page.get_by_role("img", name="before:")
    expect(before).to_have_count(3)
    page.get_by_role("button", name="Discuss now").press("Enter")
    expect(page.get_by_role("img", name="after:")).to_have_count(3)
    for pupil in pupils[:6]:
        pupil.send(pupil.chose("02.p1", 2))
    expect(option.get_by_role("img", name="after: 6, 100 percent")).to_be_visible()
    expect(page.locator(".b-bars .right")).to_have_count(0)
    page.get_by_role("button", name="Show the answer").press("Enter")
    expect(page.locator(".b-bars .right")).to_have_count(1)
    page.get_by_role("button", name="Take the discussion back").press("Enter")
    expect(page.get_by_role("img", name="after:")).to_have_count(0)


def test_without_the_key_a_browser_sees_nothing(browser, told, pupils):
    context = browser.new_context()
    page = context.new_page()
    page.goto(told["teacher"].partition("?")[0])
    assert "alice" not in page.content()
    assert "the teacher's" in page.content()
    context.close()


LESSON = """
import jwtlab
from jwtlab.widgets import check, lesson
lesson("02")
"""


@pytest.mark.long
def test_learner_joins_in_a_lesson_is_stuck_and_switches_it_off(new_page, server, told, client, screenshots):
    import nbformat

    join = f'jwtlab.board.join({told["address"]!r}, {told["word"]!r}, name="in a notebook")'
    cells = [nbformat.v4.new_code_cell(cell) for cell in (LESSON, join, 'check("02.1", {})')]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, server.folder / "try_board.ipynb")
    page = new_page(1400, 1000)
    page.open("try_board.ipynb")
    page.run_all()
    card = page.page.get_by_label("The board", exact=True)
    expect(card).to_contain_text("The board is on")
    card.get_by_role("button", name="I am stuck").click()
    expect(card).to_contain_text("Your teacher sees that you are stuck")
    seen = httpx.Client(trust_env=False, follow_redirects=True)
    with seen:
        assert "in a notebook" in seen.get(told["teacher"]).text
    card.get_by_text("What is sent").click()
    expect(card).to_contain_text('"kind": "help"')
    card.screenshot(path=screenshots / "board_card.png")
    switch = card.get_by_role("switch", name="Send my progress")
    switch.uncheck()
    expect(card).to_contain_text("The board is off")
    switch.check()
    expect(card).to_contain_text("The board is on")
    card.get_by_role("button", name="Leave, and delete").click()
    expect(card).to_contain_text("it has forgotten what you sent")
    with httpx.Client(trust_env=False, follow_redirects=True) as again:
        assert "in a notebook" not in again.get(told["teacher"]).text
