"""nbgrader's formgrader in a real JupyterLab: a written answer is found and marked there, and the marks stand."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

import pytest

pytest.importorskip("nbgrader")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "classroom"))

from course_of import Course, cell_of, hand_in
from jupyter import PATIENCE, TOKEN, running_lab

from jwtlab.classroom import grading, marking

pytestmark = [pytest.mark.browser, pytest.mark.long]

A1 = "a1_tokens"
STUDENT = "zoë 1"
ANSWER = "Everybody who has the log can read the claims."
COMMENT = "Say what she can do with it."


@pytest.fixture
def course(tmp_path):
    made = Course(tmp_path / "course", {"alice": "Alice Adams", STUDENT: "Zoë Bauer"}, A1)
    notebook = made.untouched(A1, STUDENT)
    cell_of(notebook, "a1-5-answer").source = ANSWER
    hand_in(tmp_path / "submissions" / STUDENT / A1 / f"{A1}.ipynb", notebook)
    grading.grade(made.folder, tmp_path / "submissions", jobs=1)
    return made


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_points_of_formgrader_stand_in_the_tables(course, tmp_path, browser, screenshots, monkeypatch):
    monkeypatch.setenv("PATH", os.defpath)  # nobody activated the environment
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, reduced_motion="reduce")
    try:
        (tmp_path / "home").mkdir()
        with running_lab(course.folder, tmp_path / "home") as server:
            page = context.new_page()
            _mark(page, server.url, screenshots)
            news = server.get("/lab/api/settings/@jupyterlab/apputils-extension:notification")
            assert news["schema"]["properties"]["fetchNews"]["default"] == "false"  # nobody is asked
            assert page.locator(".Toastify__toast, .jp-Dialog").count() == 0
    finally:
        context.close()
    assert not list(course.folder.glob("*.ipynb"))  # lessons are not for this folder
    given = {answer.student: (answer.points, answer.comment) for answer in marking.answers(course.folder)}
    assert given == {STUDENT: (2.5, COMMENT)}

    grading.grade(course.folder, tmp_path / "submissions", jobs=1)
    row = course.marks()[STUDENT, A1]
    assert (row["by_hand"], row["by_hand_of"]) == ("2.5", "4")
    assert [row["comment"] for row in table(course.folder / "marks_by_hand.csv")] == [COMMENT]


def _mark(page, url: str, screenshots: Path) -> None:
    """Open formgrader from JupyterLab's menu, and give points for the written answer."""
    page.set_default_timeout(PATIENCE)
    page.goto(f"{url}/lab?token={TOKEN}", wait_until="domcontentloaded")
    page.wait_for_function("() => window.jupyterapp?.restored")
    page.evaluate("() => window.jupyterapp.restored.then(() => null)")
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    grader = page.frame_locator("iframe[src*='formgrader'], .jp-IFrame iframe")
    grader.get_by_role("link", name="Manual Grading").click()
    grader.get_by_role("link", name=A1).click()  # the assignment
    grader.get_by_role("link", name=A1).last.click()  # its notebook
    grader.get_by_role("link", name="Submission #1").click()
    grader.get_by_text(ANSWER).wait_for()
    for field, text, kind in (
        ("#a1-5-answer", "2.5", "grade"),
        ("#a1-5-answer-comment", COMMENT, "comment"),
    ):
        grader.locator(field).fill(text)
        with page.expect_response(
            lambda answer, kind=kind: f"/api/{kind}/" in answer.url and answer.request.method == "PUT"
        ) as saved:
            grader.locator(field).press("Tab")
        assert saved.value.ok
    grader.get_by_text(ANSWER).scroll_into_view_if_needed()
    page.screenshot(path=screenshots / "formgrader.png")
