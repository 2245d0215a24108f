"""The page of a class's progress in a real browser: both themes, wide and narrow, without barriers."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from importlib import resources

import pytest
from short_form import few

from jwtlab import classroom, exercises
from jwtlab.classroom.overviews import items_of
from jwtlab.exercises.exported import Exported

pytestmark = pytest.mark.browser
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
HOSTILE = "<img src=x onerror=document.title='own'>"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    everything = [item for lesson in exercises.lessons().values() for item in items_of(lesson)]
    for number, name in enumerate(["alice", "bob", HOSTILE, "李雷", *(f"n{n}" for n in range(20))]):
        made = Exported(name, datetime.now(UTC), frozenset(everything[: 8 * number : 1 + number % 3]))
        (folder / f"{number}.json").write_text(made.text(), "utf-8")
    (folder / HOSTILE.replace("/", "")).write_bytes(b"{")
    return classroom.overview(folder).to_html(tmp_path_factory.mktemp("page") / "class.html")


@pytest.mark.parametrize(
    ("scheme", "width"),
    few(itertools.product(("light", "dark"), (1400, 900, 390)), ("dark", 390)),
)
def test_page_has_no_barrier_and_stays_within_the_window(browser, page_file, scheme, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert page.title().startswith("24 learners in class")
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    background = page.evaluate("getComputedStyle(document.querySelector('.jl-card')).backgroundColor")
    assert (background == "rgb(255, 255, 255)") is (scheme == "light")
    assert asked == [page_file.as_uri()]
    context.close()
