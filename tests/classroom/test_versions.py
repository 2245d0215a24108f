"""What was released is never changed: a corrected assignment gets a new version, with a name of its own."""

from __future__ import annotations

import nbformat
import pytest
from course_of import Course, cell_of, hand_in

from jwtlab import UsageError
from jwtlab.classroom import course as courses
from jwtlab.classroom import grading, marking, versions
from jwtlab.cli import main

A1, A1_2 = "a1_tokens", "a1_tokens_v2"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return Course(tmp_path_factory.mktemp("versions") / "course", {"alice": "", "bob": "", "carol": ""})


@pytest.fixture
def source(course):
    """The teacher's source of assignment 1, put back afterwards."""
    path = course.folder / "source" / A1 / f"{A1}.ipynb"
    before = path.read_bytes()
    yield path
    path.write_bytes(before)


def edit(path, change) -> None:
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def files(folder):
    return {path: path.read_bytes() for path in (folder / "release").rglob("*") if path.is_file()}


def say_more(notebook) -> None:
    notebook.cells[0].source += "\n\nA word more."


def test_a_second_release_changes_nothing(course):
    before = files(course.folder)
    assert len(before) == 5
    assert courses.release(course.folder) == ()
    assert files(course.folder) == before


def test_what_students_do_not_see_needs_no_new_version(course, source):
    def work(notebook) -> None:
        cell = cell_of(notebook, "a1-1-answer")
        cell.source = cell.source.replace("### BEGIN SOLUTION\n", "### BEGIN SOLUTION\n    # in one line\n")
        cell.outputs, cell.execution_count = [nbformat.v4.new_output("stream", text="run")], 7

    edit(source, work)
    assert b"in one line" in source.read_bytes()
    assert courses.release(course.folder) == ()


def test_a_changed_source_is_not_released_over_the_old_one(course, source, capsys):
    before = files(course.folder)
    edit(source, say_more)
    assert main(["classroom", "release", str(course.folder)]) == 1
    said = capsys.readouterr().err
    assert "what was released is never changed" in said
    assert "--new-version a1_tokens" in said
    assert files(course.folder) == before


@pytest.mark.parametrize(
    ("change", "new", "words"),
    [
        (lambda notebook: None, [A1], "nothing new in it"),
        (
            lambda notebook: notebook.cells.remove(cell_of(notebook, "a1-2-test")),
            [A1],
            "a1-2-test is missing",
        ),
        (lambda notebook: notebook.metadata.jwtlab.update(version="2b"), [], "write a whole number"),
        (lambda notebook: notebook.metadata.jwtlab.update(version="0"), [], "write a whole number"),
        (lambda notebook: None, ["a9_other"], "no assignment 'a9_other'"),
    ],
    ids=["nothing new", "a lost cell", "a letter", "nought", "unknown"],
)
def test_what_cannot_be_released_is_named(course, source, change, new, words):
    before = files(course.folder)
    edit(source, change)
    with pytest.raises(UsageError, match=words):
        courses.release(course.folder, new)
    assert files(course.folder) == before


def test_a_source_that_is_no_notebook_is_named(course, source):
    source.write_text("{", "utf-8")
    with pytest.raises(UsageError, match="cannot be read as a notebook"):
        courses.release(course.folder)


def correct(notebook) -> None:
    """A correction in a cell that belongs to the graded ones."""
    cell = cell_of(notebook, "a1-1-test")
    cell.source = "# run me\n" + cell.source
    say_more(notebook)


@pytest.mark.long
def test_two_versions_are_graded_each_by_its_own_text(tmp_path, capsys):
    course = Course(tmp_path / "course", {"alice": "", "bob": "", "carol": ""}, A1)
    place = tmp_path / "submissions"
    for student in ("alice", "carol"):
        notebook = course.solved(A1, student)
        cell_of(notebook, "a1-5-answer").source = f"By {student}, first version."
        hand_in(place / student / A1 / f"{A1}.ipynb", notebook)
    grading.grade(course.folder, place, jobs=2)
    before = files(course.folder)
    source = course.folder / "source" / A1 / f"{A1}.ipynb"
    edit(source, correct)
    assert main(["classroom", "release", str(course.folder), "--new-version", A1]) == 0
    assert A1_2 in capsys.readouterr().out
    after = files(course.folder)
    assert {path: after[path] for path in before} == before
    assert [path.name for path in after if path not in before] == [f"{A1_2}.ipynb"]
    newest = courses.release_file(course.folder, A1)
    assert (newest.stem, nbformat.read(newest, 4).metadata.jwtlab.version) == (A1_2, "2")
    assert list(versions.released(course.folder, A1)) == ["1", "2"]
    assert courses.release(course.folder) == ()

    for student in ("bob", "carol"):
        notebook = course.solved(A1, student)
        assert "# run me" in cell_of(notebook, "a1-1-test").source
        cell_of(notebook, "a1-5-answer").source = f"By {student}, second version."
        hand_in(place / student / A1 / f"{A1_2}.ipynb", notebook)
    (place / "carol" / A1 / f"{A1}.ipynb").unlink()
    (course.folder / "gradebook.db").unlink()  # both versions are entered anew
    for student in ("alice", "carol"):
        for each in (course.folder / ".grading").rglob(f"{student}/result.json"):
            each.unlink()
    grading.grade(course.folder, place, jobs=2)
    marks = course.marks()
    assert {(s, marks[s, A1]["points"], marks[s, A1]["status"]) for s in ("alice", "bob", "carol")} == {
        ("alice", "17", "graded"),
        ("bob", "17", "graded"),
        ("carol", "17", "graded"),
    }
    assert "version 1; version 2 is the newest" in marks["alice", A1]["note"]
    texts = {each.student: each.text for each in marking.answers(course.folder)}
    assert texts == {
        "alice": "By alice, first version.",
        "bob": "By bob, second version.",
        "carol": "By carol, second version.",
    }
    assert not (course.folder / "autograded" / "carol" / A1).exists()
    for each in marking.answers(course.folder):
        marking.save(course.folder, each, 2, "")
    assert {row["by_hand"] for row in course.marks().values()} == {"2"}
