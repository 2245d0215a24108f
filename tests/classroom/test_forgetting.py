"""A student is forgotten: nothing of theirs is left in the course's folder, and everything of the others is."""

from __future__ import annotations

import os
import shutil
import zipfile

import nbformat
import pytest
from course_of import Course

from jwtlab.classroom.course import new
from jwtlab.classroom.forgetting import forget
from jwtlab.classroom.grading import grade
from jwtlab.cli import main
from jwtlab.errors import UsageError

pytestmark = pytest.mark.long

MARK = "Bauermark"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    place = tmp_path_factory.mktemp("forget")
    new(place / "course")
    for other in (
        place / "course" / "source"
    ).iterdir():  # one assignment is enough here, and is ready sooner
        if other.name != "a1_tokens":
            shutil.rmtree(other)
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr("course_of.course.new", lambda folder: None)
    course = Course(place / "course", {"alice": "Alice Adams", "bob": f"Bob {MARK}"})
    monkeypatch.undo()
    with zipfile.ZipFile(place / "all.zip", "w") as packed:
        for student in ("alice", "bob"):
            notebook = course.untouched("a1_tokens", student)
            packed.writestr(f"{student}/a1_tokens/a1_tokens.ipynb", nbformat.writes(notebook))
    grade(course.folder, place / "all.zip", jobs=2)
    return course, place / "all.zip"


def everything(folder):
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_everything_of_one_student_is_deleted_and_grading_goes_on(graded, capsys):
    course, submissions = graded
    for place in ("submitted/bob/a1_tokens", "learners/bob", "hub/earlier/bob", "learners/bobby"):
        (course.folder / place).mkdir(parents=True)
        (course.folder / place / "file.txt").write_text(place, "utf-8")
    assert MARK.encode() in everything(course.folder)
    assert main(["classroom", "forget", str(course.folder), "bob"]) == 0
    said = capsys.readouterr().out
    for words in ("gradebook.db", "1 row of roster.csv", "feedback/bob", "learners/bob", "submitted/bob"):
        assert words in said
    assert MARK.encode() not in everything(course.folder)
    assert not [path for path in course.folder.rglob("*") if path.name == "bob"]
    assert (course.folder / "learners" / "bobby" / "file.txt").exists()
    assert {student for student, _ in course.marks()} == {"alice"}
    again = grade(course.folder, submissions, jobs=1)
    assert (again.graded, again.kept) == (0, 1)
    assert {student for student, _ in course.marks()} == {"alice"}
    with pytest.raises(UsageError, match="holds nothing of a student 'bob'"):
        forget(course.folder, "bob")


def test_gradebook_that_was_deleted_is_made_anew(graded):
    course, submissions = graded
    before = course.marks()
    (course.folder / "gradebook.db").unlink()
    grade(course.folder, submissions, jobs=1)
    assert course.marks() == before
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as book:
        assert "alice" in {each.id for each in book.students}


def test_gradebook_that_is_none_is_named(graded, capsys):
    course, submissions = graded
    database = course.folder / "gradebook.db"
    good = database.read_bytes()
    database.write_bytes(b"no gradebook" * 500)
    try:
        assert main(["classroom", "grade", str(course.folder), "--submissions", str(submissions)]) == 1
        assert "cannot be read as a gradebook" in capsys.readouterr().err
    finally:
        database.write_bytes(good)


@pytest.mark.parametrize("student", ["", " ", ".", "..", "../alice", "alice/..", "a\\b", "nobody"])
def test_what_is_no_students_id_deletes_nothing(graded, capsys, student):
    course, _ = graded
    before = sorted(str(path) for path in course.folder.rglob("*"))
    assert main(["classroom", "forget", str(course.folder), student]) == 1
    assert sorted(str(path) for path in course.folder.rglob("*")) == before


def test_folder_that_is_no_course(tmp_path, capsys):
    (tmp_path / "bob").mkdir()
    assert main(["classroom", "forget", str(tmp_path), "bob"]) == 1
    assert "is no course" in capsys.readouterr().err
    assert (tmp_path / "bob").exists()


@pytest.mark.skipif(os.name == "nt", reason="links")
def test_link_in_place_of_a_students_folder_is_taken_away_and_not_followed(graded, tmp_path):
    course, _ = graded
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")
    (course.folder / "learners" / "mallory").symlink_to(tmp_path)
    assert main(["classroom", "forget", str(course.folder), "mallory"]) == 0
    assert (tmp_path / "thesis.txt").read_text("utf-8") == "mine"
    assert not (course.folder / "learners" / "mallory").is_symlink()


def test_words_with_quotes_and_commas_stay_as_they_are(graded):
    course, _ = graded
    with (course.folder / "roster.csv").open("a", encoding="utf-8") as file:
        file.write('mallory,"Mallory ""M"", Moor"\nbob2,Bób\n')
    assert main(["classroom", "forget", str(course.folder), "bob2"]) == 0
    assert 'mallory,"Mallory ""M"", Moor"' in (course.folder / "roster.csv").read_text("utf-8")
    assert "Bób" not in (course.folder / "roster.csv").read_text("utf-8")
