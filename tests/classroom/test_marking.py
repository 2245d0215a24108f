"""Written answers are marked by hand: on a page of their own, kept in nbgrader's gradebook."""

from __future__ import annotations

import csv
import html
import json
import re
import threading
from importlib import resources
from pathlib import Path

import pytest
import waitress
from course_of import Course, cell_of, hand_in

from jwtlab import UsageError
from jwtlab.classroom import grading, marking, marking_pages, marks, rubrics
from jwtlab.classroom.assignments import ASSIGNMENTS

pytestmark = pytest.mark.long

A5, KEY = "a5_capstone", "the-key"
HOSTILE = (
    "Tokens live **15 minutes**.\n\n<script>document.title='own'</script><img src=x onerror=document.title='own'>\n"
    "\u202edesrever\u202c {{ 7 * 7 }} \x1b[31mred\x1b[0m"
)
ROOT = Path(__file__).resolve().parents[2]
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Two students have handed in assignment 5: one wrote something, one wrote nothing; a third did not."""
    folder = tmp_path_factory.mktemp("marking") / "course"
    made = Course(folder, {"alice": "Alice Example", "bob": "Bob Example", "carol": ""}, A5)
    submissions = folder.parent / "submissions"
    for student, text in (("alice", HOSTILE), ("bob", "")):
        notebook = made.untouched(A5, student)
        if text:
            cell_of(notebook, "a5-6-answer").source = text
        hand_in(submissions / student / A5 / f"{A5}.ipynb", notebook)
    made.submissions = submissions
    grading.grade(folder, submissions, jobs=2)
    return made


@pytest.fixture
def client(course):
    return marking_pages.make_app(course.folder, KEY).test_client()


def post(client, number, **form):
    return client.post(f"/{KEY}/{number}", data=form, headers={"Origin": "http://localhost"})


def test_a_rubric_is_there_for_each_written_question_and_says_what_earns_full_half_and_no_points():
    for plan in ASSIGNMENTS:
        assert plan.written, plan.name
        for question in plan.written:
            assert sum(each.points for each in question.rubric) == question.points
            for each in question.rubric:
                words = (each.about, each.full, each.half, each.none, *each.look_for)
                assert all(words), (question.id, each.about)
                assert each.look_for
                assert len({each.full, each.half, each.none}) == 3


def test_the_page_and_the_guide_show_the_same_rubric(client):
    guide = (ROOT / "classroom" / "README.md").read_text("utf-8")
    assert rubrics.as_markdown(q for plan in ASSIGNMENTS for q in plan.written) in guide, (
        "run python tools/guide.py"
    )
    shown = html.unescape(client.get(f"/{KEY}/0").text)
    for each in rubrics.written(A5)[0].rubric:
        for words in (each.about, each.full, each.half, each.none, *each.look_for):
            assert words in shown
            assert words in guide


def test_the_answers_wait_in_the_order_of_the_roster(course):
    alice, bob = marking.answers(course.folder)
    assert (alice.student, alice.name, alice.question.id) == ("alice", "Alice Example", "a5.6")
    assert alice.text == HOSTILE
    assert (alice.is_empty, bob.is_empty) == (False, True)
    assert alice.asked.startswith("Write half a page that the team can keep")


def test_without_the_key_or_from_another_page_nobody_comes_in(client, course):
    assert client.get("/wrong/").status_code == 403
    assert client.get("/wrong/0").status_code == 403
    for headers in ({}, {"Origin": "http://mallory.example"}, {"Origin": "null"}, {"Origin": "http://["}):
        assert client.post(f"/{KEY}/0", data={"points": "3"}, headers=headers).status_code == 403
    assert marking.answers(course.folder)[0].points is None


def test_hostile_text_is_shown_as_it_was_written(client):
    answer = client.get(f"/{KEY}/0")
    assert "<script>" not in answer.text.replace("<style>", "")
    assert "&lt;script&gt;document.title=" in answer.text
    assert "{{ 7 * 7 }}" in answer.text
    assert "\u202e" not in answer.text  # nothing turns the line round
    assert "⟨202E⟩desrever⟨202C⟩" in answer.text
    assert "⟨001B⟩[31mred" in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_points_are_kept_in_the_gradebook_and_survive_grading_again(client, course):
    for wrong in ("eleven", "10.5", "-1", "nan", "1e9", "1" * 400):
        refused = post(client, 0, points=wrong, comment="kept")
        assert refused.status_code == 400
        assert "no points" in refused.text
        assert "kept" in refused.text
    first = post(client, 0, points="7,5", comment="=HYPERLINK is text\nWell argued.")
    assert first.headers["location"] == f"/{KEY}/1"  # on to the next that waits
    assert post(client, 1, points="0").headers["location"] == f"/{KEY}/"
    alice, bob = marking.answers(course.folder)
    assert (alice.points, bob.points) == (7.5, 0)
    with (course.folder / marking.TABLE).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["student"], row["question"], row["points"], row["of"]) for row in rows] == [
        ("alice", "a5.6", "7.5", "10"),
        ("bob", "a5.6", "0", "10"),
    ]
    assert rows[0]["comment"].startswith("'=")  # no formula for a spreadsheet
    columns = "student,assignment,points,of,status,note,by_hand,by_hand_of"
    assert (course.folder / "marks.csv").read_text("utf-8").splitlines()[0] == columns
    assert by_hand(course) == {"alice": ("7.5", "10"), "bob": ("0", "10"), "carol": ("", "")}
    changed = json.loads((course.submissions / "alice" / A5 / f"{A5}.ipynb").read_text("utf-8"))
    answer = next(
        each
        for each in changed["cells"]
        if each["metadata"].get("nbgrader", {}).get("grade_id") == "a5-6-answer"
    )
    answer["source"] += "\nA word more."
    hand_in(course.submissions / "alice" / A5 / f"{A5}.ipynb", changed)
    grading.grade(course.folder, course.submissions, jobs=1)
    assert marking.answers(course.folder)[0].points == 7.5
    assert by_hand(course)["alice"] == ("7.5", "10")
    assert course.marks()["alice", A5]["points"] == "0"  # the automatic part stays what it is
    assert grading.MARKED_BEFORE in course.marks()["alice", A5]["note"]
    assert grading.MARKED_BEFORE not in course.marks()["bob", A5]["note"]
    grading.grade(course.folder, course.submissions, jobs=1)
    assert course.marks()["alice", A5]["note"].count(grading.MARKED_BEFORE) == 1
    with (course.folder / "marks_for_import.csv").open(encoding="utf-8-sig", newline="") as file:
        table = {row["id"]: row for row in csv.DictReader(file)}
    assert list(table["alice"]) == ["id", "name", A5, f"{A5} by hand", f"{A5} in all"]
    assert list(table["alice"].values())[2:] == ["0", "7.5", "7.5"]
    assert list(table["carol"].values())[2:] == ["", "", ""]
    assert post(client, 1, points="").status_code == 303  # a mark is taken back
    assert marking.answers(course.folder)[1].points is None
    assert by_hand(course)["bob"] == ("", "10")


def by_hand(course) -> dict[str, tuple[str, str]]:
    return {student: (row["by_hand"], row["by_hand_of"]) for (student, _), row in course.marks().items()}


def test_a_table_that_is_none_is_named(tmp_path):
    (tmp_path / "marks.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(UsageError, match=r"marks\.csv is no table of marks"):
        marks.read(tmp_path / "marks.csv")


def test_without_names_nobody_knows_whose_answer_it_is(course):
    client = marking_pages.make_app(course.folder, KEY, names=False).test_client()
    for number in (0, 1):
        text = client.get(f"/{KEY}/{number}").text
        assert f"Answer {number + 1}" in text
        for name in ("Alice Example", "Bob Example", ">alice", ">bob"):
            assert name not in text
    shuffled = marking.answers(course.folder, shuffled=True)
    assert sorted(each.student for each in shuffled) == ["alice", "bob"]
    post(client, 0, points="3")
    found = {each.student: each.points for each in marking.answers(course.folder)}
    assert found[shuffled[0].student] == 3  # what was marked is what was shown


def test_the_order_without_names_is_another_one_for_each_question_and_stays(course):
    """Whoever knows the roster does not know the third answer."""
    question, other = (rubrics.written(name)[0] for name in (A5, "a1_tokens"))
    path = Path()
    people = [f"s{number}" for number in range(30)]

    def order(about):
        found = [marking.WrittenAnswer(each, "", A5, about, path, path) for each in people]
        return [each.student for each in sorted(found, key=lambda each: marking._draw("secret", each))]

    assert order(question) == order(question)
    assert len({tuple(people), tuple(order(question)), tuple(order(other))}) == 3


def test_what_is_not_there_is_said(client, tmp_path):
    assert client.get(f"/{KEY}/99").status_code == 404
    assert post(client, 99, points="1").status_code == 404
    with pytest.raises(UsageError, match="no course's folder"):
        marking.answers(tmp_path)
    empty = Course(tmp_path / "course", {"alice": "Alice"}, A5)
    with pytest.raises(UsageError, match="comes first"):
        marking.answers(empty.folder)


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 900), ("dark", 1400)])
def test_the_page_in_a_browser(course, chromium_path, scheme, width):
    """Without a barrier, by keyboard alone, and nothing of a student's runs."""
    from playwright.sync_api import sync_playwright

    for each in marking.answers(course.folder):  # other tests have marked them
        marking.save(course.folder, each, None, "")
    server = waitress.create_server(
        marking_pages.make_app(course.folder, KEY), host="127.0.0.1", port=0, threads=2
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path, args=arguments)
            page = browser.new_context(
                color_scheme=scheme, viewport={"width": width, "height": 900}
            ).new_page()
            page.goto(f"http://127.0.0.1:{server.effective_port}/{KEY}/")
            for _ in range(2):
                _no_barrier(page, width)
                page.goto(f"http://127.0.0.1:{server.effective_port}/{KEY}/0")
            assert page.title() == "a5.6: A decision for the team"
            _no_barrier(page, width)
            page.wait_for_function("document.activeElement.name == 'points'")  # it comes with a first frame
            assert page.evaluate("window.scrollY") == 0  # the answer is in sight, not the end of the rubric
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.type("6")
            page.keyboard.press("Enter")
            page.wait_for_url(f"**/{KEY}/*1")
            page.goto((course.folder / "feedback" / "alice" / f"{A5}.html").as_uri())
            _no_barrier(page, width)
            dark = page.evaluate("getComputedStyle(document.querySelector('.page')).backgroundColor")
            assert (max(map(int, re.findall(r"\d+", dark)[:3])) < 80) is (scheme == "dark")
            browser.close()
    finally:
        server.close()
        thread.join(10)
    assert marking.answers(course.folder)[0].points == 6


def _no_barrier(page, width) -> None:
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_students_read_in_their_feedback_what_a_person_gave(client, course):
    post(client, 0, points="7.5", comment="Well argued.\n<script>alert(1)</script>")
    page = course.feedback("alice", A5)
    assert "0 of 39 points" in page
    assert "7.5 more for what was written: 7.5 in all" in page
    assert "7.5 of 10" in page
    assert "<p>Well argued.</p>" in page
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>" in page
    grading.grade(course.folder, course.submissions, jobs=1)
    assert course.feedback("alice", A5) == page
    post(client, 0, points="", comment="")
    assert "at most 10" in course.feedback("alice", A5)
    assert "Well argued" not in course.feedback("alice", A5)
