"""No barrier in any widget or output of a lesson, live in JupyterLab, light and dark: axe-core, every severity.

A few lessons here; all of them by ``make axe``.
"""

from __future__ import annotations

import os
from importlib import resources

import pytest

from jwtlab import lessons

pytestmark = [pytest.mark.browser, pytest.mark.long]
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
FEW = ("04", "15", "21", "28")
"""In these something was found before."""
NAMES = sorted(path.name for path in lessons.source().glob(lessons.PATTERN))
CHOSEN = [name for name in NAMES if os.environ.get("JWTLAB_EVERY_LESSON") or name[:2] in FEW]
RUN = """async () => {
  const own = [...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output .jwtlab')];
  const options = {rules: {region: {enabled: false}}, resultTypes: ['violations'], preload: false};
  const found = own.length ? await axe.run({include: own}, options) : {violations: []};
  return [own.length, found.violations.flatMap(rule => rule.nodes.map(
    node => `${rule.id} (${rule.impact}): ${node.html.slice(0, 160)}`))];
}"""
OPEN = """() => { for (const each of document.querySelectorAll('.jwtlab details')) each.open = true; }"""


def barriers(page) -> tuple[int, list[str]]:
    """How many outputs of ours there are, and what axe finds in them."""
    if not page.page.evaluate("'axe' in window"):
        page.page.evaluate(AXE)
    count, found = page.page.evaluate(RUN)
    return count, found


def choose(page, theme: str) -> None:
    page.command("apputils:change-theme", {"theme": f"JupyterLab {theme.capitalize()}"})
    bright = "true" if theme == "light" else "false"
    page.page.locator(f'body[data-jp-theme-light="{bright}"]').wait_for(state="attached")


@pytest.mark.parametrize("name", CHOSEN)
def test_no_output_of_a_lesson_has_a_barrier(desk, name):
    desk.open_beside(name)
    desk.run_all()
    try:
        for theme in ("light", "dark"):
            choose(desk, theme)
            count, found = barriers(desk)
            assert count >= 5
            assert found == [], theme
            if theme == "dark":  # what unfolds as well
                desk.page.evaluate(OPEN)
                assert barriers(desk)[1] == []
    finally:
        choose(desk, "light")


def test_a_barrier_is_found(desk, server):
    """The test's own eyes."""
    from test_widgets import write

    bad = "from IPython.display import HTML\nHTML('<div class=jwtlab><button></button></div>')"
    desk.open_beside(write(server.folder, "try_barrier.ipynb", bad))
    desk.run_all()
    _, found = barriers(desk)
    assert {each.partition(" ")[0] for each in found} == {"button-name"}
