"""A learning system gives one zip for each assignment: what was found in the first stays when the second comes."""

from __future__ import annotations

import json
import subprocess
import zipfile

import pytest
from course_of import Course

from jwtlab.classroom import forgetting, grading

pytestmark = pytest.mark.long

A1, A2 = "a1_tokens", "a2_verify"
NAMES = {"alice": "Alice Adams", "mallory": "Mallory May", "bob": "Bob Bauer", "grace": "Grace Gu"}


def zipped(place, files):
    with zipfile.ZipFile(place, "w") as archive:
        for number, (student, (file, data)) in enumerate(files.items()):
            archive.writestr(f"{NAMES[student]}_{number}_assignsubmission_file_/{file}", data)
    return place


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("zips")
    course = Course(folder / "course", NAMES, A1, A2)
    alices = json.dumps(course.solved(A1, "alice", "a1-1-answer"))
    first = {
        "alice": (f"{A1}.ipynb", alices),
        "mallory": (f"{A1} (1).ipynb", alices),
        "bob": (f"{A1}.ipynb", json.dumps(course.solved(A1, "bob"), indent=1)[:5000]),
    }
    second = {"bob": (f"{A2}.ipynb", json.dumps(course.release(A2)))}
    for place, files in (("a1.zip", first), ("a2.zip", second)):
        grading.grade(course.folder, zipped(folder / place, files), jobs=2, time_limit=60)
    return course


def status(course, student, name):
    row = course.marks()[student, name]
    return row["status"], row["note"]


def test_of_the_first_zip_everything_is_still_said(course):
    assert status(course, "alice", A1)[0] == "graded"
    assert status(course, "mallory", A1) == (
        "copied",
        "the notebook was made for alice: it says STUDENT = 'alice'",
    )
    kind, note = status(course, "bob", A1)
    assert kind == "unreadable"
    assert "in line" in note
    assert "Error" not in note
    assert "made for alice" in course.feedback("mallory", A1)


def test_who_handed_in_nothing_reads_so_under_the_assignments_title(course):
    assert status(course, "grace", A1)[0] == "missing"
    assert status(course, "alice", A2)[0] == "missing"
    page = course.feedback("grace", A1)
    assert "<h1>Build and read a token</h1>" in page
    assert "Nothing was handed in." in page
    assert "hand it in again" not in page


def test_an_id_that_was_left_empty_is_called_empty(course):
    assert status(course, "bob", A2) == (
        "graded",
        "the notebook names no id: STUDENT is empty, missing or no text",
    )
    assert "nothing in the notebook is called found" in course.feedback("alice", A1)


def test_a_good_one_takes_the_place_of_what_was_found_and_forgetting_forgets_it(course, tmp_path):
    good = {"bob": (f"{A1}.ipynb", json.dumps(course.solved(A1, "bob", "a1-1-answer")))}
    grading.grade(course.folder, zipped(tmp_path / "late.zip", good), jobs=1, time_limit=60)
    assert status(course, "bob", A1) == ("graded", "")
    assert status(course, "mallory", A1)[0] == "copied"
    forgetting.forget(course.folder, "mallory")
    assert not [path for path in course.folder.rglob("*") if "mallory" in path.name]


def test_nothing_of_a_course_goes_into_git_by_accident(course):
    subprocess.run(["git", "init", "-q", course.folder.parent], check=True)
    command = ["git", "-C", course.folder.parent, "status", "--porcelain", "--", course.folder]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == ""
