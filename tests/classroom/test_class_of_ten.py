"""A class as it hands in: one zip of a learning system, ten people, nearly nobody as the text says."""

from __future__ import annotations

import copy
import csv
import json
import zipfile

import nbformat
import pytest
from course_of import Course, cell_of

from jwtlab.classroom import grading

pytestmark = pytest.mark.long
A1 = "a1_tokens"
FULL = 17.0
NAMES = {
    "alice": "Alice Adams",
    "bob": "Bob Bauer",
    "zoë-1": "Zoë O'Neill",
    "s77": "Mallory May",
    "s78": "Mallory May",
    "lender": "Lena Lender",
    "borrower": "Boris Borrower",
    "=1+1": "Eva Excel",
    "pdf": "Peter Paper",
    "last year": "Lars Later",
}


def moodle(student: str, file: str) -> str:
    return f"{NAMES[student].replace(chr(39), '')}_{1000 + list(NAMES).index(student)}_assignsubmission_file_/{file}"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ten")
    course = Course(folder / "course", NAMES, A1)
    roster = course.folder / "roster.csv"
    lines = [["id", "name", "also", "Email"]]
    lines += [
        [s, n, "4711" if s == "=1+1" else "", f"{i}@school.example"] for i, (s, n) in enumerate(NAMES.items())
    ]
    with roster.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(lines)
    files = {
        moodle("alice", "bob/a1_tokens/a1_tokens.ipynb"): course.solved(A1, "alice"),  # named after another
        moodle("bob", "My homework.ipynb"): strange(course, "BOB"),
        moodle("zoë-1", "a1_tokens.ipynb.txt"): course.solved(A1, "Zoe\u0308-1"),
        moodle("s77", "a1_tokens.ipynb"): course.solved(A1, "s77"),
        moodle("s78", "a1_tokens.ipynb"): course.solved(A1, "s78", "a1-1-answer"),
        moodle("lender", "a1_tokens.ipynb"): course.solved(A1, "shared"),
        moodle("borrower", "a1_tokens.ipynb"): course.solved(A1, "shared"),
        moodle("=1+1", "a1_tokens.ipynb"): course.solved(A1, "4711"),
        moodle("last year", "a1_tokens.ipynb"): course.solved(A1, "last yearr"),
    }
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        for place, notebook in files.items():
            archive.writestr(place, json.dumps(notebook))
        archive.writestr(moodle("pdf", "answer.pdf"), b"%PDF-1.7")
        archive.writestr(moodle("alice", "onlinetext.html"), b"<p>see file</p>")
        archive.writestr("moodle_grades.csv", b"x")
    return course, grading.grade(course.folder, folder / "all.zip", jobs=2, time_limit=60)


def strange(course, student: str):
    """An answer in a cell that was split, an old format, no marks of its own, outputs that are none."""
    notebook = course.solved(A1, student)
    first = cell_of(notebook, "a1-1-answer")
    lines = first.source.splitlines(keepends=True)
    twin = copy.deepcopy(first)
    twin.source, twin["metadata"] = "split = 'off'", nbformat.from_dict({})
    first["source"] = lines  # as a file has it
    notebook.cells.insert(notebook.cells.index(first) + 1, twin)
    notebook["metadata"] = nbformat.from_dict({"kernelspec": {"name": "pyodide", "display_name": "x"}})
    notebook["nbformat_minor"] = 2
    for cell in notebook.cells:
        cell.pop("id", None)
        if cell.cell_type == "code":
            cell["outputs"] = [{"output_type": "nonsense"}, 7]
    return notebook


def row(graded, student: str) -> dict[str, str]:
    with (graded[0].folder / "marks.csv").open(encoding="utf-8", newline="") as file:
        rows = {each["student"].lstrip("'"): each for each in csv.DictReader(file)}
    assert list(rows) == list(NAMES)
    return rows[student]


@pytest.mark.parametrize("student", ["alice", "bob", "zoë-1", "=1+1", "last year"])
def test_who_did_the_work_has_the_marks_however_it_was_handed_in(graded, student):
    found = row(graded, student)
    assert (float(found["points"]), found["status"] in ("graded", "repaired")) == (FULL, True), found


@pytest.mark.parametrize("student", ["lender", "borrower"])
def test_two_who_agree_on_a_world_of_somebody_else_gain_nothing(graded, student):
    found = row(graded, student)
    assert (found["points"], found["status"]) == ("0", "copied")
    assert "'shared'" in found["note"]
    assert "column called also" in found["note"]


def test_two_of_one_name_are_told_apart_by_the_id_inside(graded):
    assert (float(row(graded, "s77")["points"]), float(row(graded, "s78")["points"])) == (FULL, 4.0)


def test_who_hands_in_no_notebook_is_told_so_and_a_page_beside_one_is_nobodys_concern(graded):
    course, summary = graded
    assert row(graded, "pdf")["status"] == "unreadable"
    assert "the ending .pdf is no notebook" in course.feedback("pdf", A1)
    assert summary.strangers == {}


def test_further_columns_come_back_with_the_marks(graded):
    with (graded[0].folder / "marks_for_import.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:4] == ["id", "name", "Email", A1]
    assert rows[0]["Email"] == "0@school.example"
    assert float(rows[0][A1]) == FULL
