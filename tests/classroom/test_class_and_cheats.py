"""A class is graded with the real nbgrader: honest and partly right work, and cheats that gain nothing."""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path

import nbformat
import pytest
from course_of import Course, cell_of, hand_in

from jwtlab.classroom import grading
from jwtlab.classroom.bubblewrap import program as bubblewrap

pytestmark = pytest.mark.long

A1 = "a1_tokens"
FULL = 17.0
PARTLY = {"a1-1-answer": 4.0, "a1-3-answer": 0.0}  # build_token needs nothing but b64url


def add(notebook, source: str, at: int = 1) -> None:
    """Put a cell of the student's own into a notebook."""
    notebook.cells.insert(at, nbformat.v4.new_code_cell(source))


def cheat_editing_tests(course, student):
    notebook = course.untouched(A1, student)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").endswith("-test"):
            cell.source = "4"
    return notebook


def cheat_redefining(course, student):
    notebook = course.untouched(A1, student)
    add(
        notebook,
        "import jwtlab.classroom.notebook as n, jwtlab.classroom.model as m, jwtlab.classroom.plain as p\n"
        "n.check = n.judged = lambda *a, **k: 99.0\nm.judge = lambda *a, **k: 99.0\ncheck = judged = lambda *a: 99.0",
        2,
    )
    return notebook


def cheat_equal_to_everything(course, student):
    notebook = course.untouched(A1, student)
    every = (
        "class Every(str):\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n"
        "    __hash__ = str.__hash__\n    def get(self, *a): return self\n"
    )
    cell_of(notebook, "a1-1-answer").source = every + "def b64url(data): return Every('x')"
    cell_of(notebook, "a1-4-answer").source = "found = Every('x')"
    return notebook


def cheat_fake_marks(course, student):
    notebook = course.untouched(A1, student)
    lines = [
        "import os",
        "for fd in range(3, 64):",
        '    try: os.write(fd, b\'{"value": "17"}\\n\')',
        "    except OSError: pass",
        "print(17.0)",
        "17.0",
    ]
    add(notebook, "\n".join(lines))
    return notebook


def cheat_metadata(course, student):
    notebook = course.untouched(A1, student)
    for cell in notebook.cells:
        told = cell.metadata.get("nbgrader")
        if told and told.get("grade"):
            told["points"], told["locked"], told["grade"] = 0, False, False
    return notebook


def cheat_deleting_tests(course, student):
    notebook = course.untouched(A1, student)
    notebook.cells = [c for c in notebook.cells if not c.metadata.get("nbgrader", {}).get("grade")]
    return notebook


def cheat_exit(course, student):
    notebook = course.solved(A1, student)
    add(notebook, "import os\nos._exit(0)")
    return notebook


def cheat_loop(course, student):
    notebook = course.solved(A1, student)
    add(notebook, "while True:\n    try:\n        while True: pass\n    except BaseException: pass")
    return notebook


def cheat_flood(course, student):
    notebook = course.solved(A1, student)
    add(
        notebook,
        "import os\nfor _ in range(200):\n    os.write(1, b'x' * 1_000_000)\n    print('y' * 1_000_000)",
    )
    return notebook


def cheat_copying(course, student):
    return course.solved(A1, "alice")


NOTHING_GAINED = {
    "editing": cheat_editing_tests,
    "redefining": cheat_redefining,
    "equal": cheat_equal_to_everything,
    "printing": cheat_fake_marks,
    "metadata": cheat_metadata,
    "deleting": cheat_deleting_tests,
    "copying": cheat_copying,
}
STILL_GRADED = {"exiting": cheat_exit, "looping": cheat_loop, "flooding": cheat_flood}
CHEATS = NOTHING_GAINED | STILL_GRADED
HONEST = {"alice": "Alice Adams", "bob": "Bob Bauer", "carol": "", "doubled": "", "quiet": "", "renamed": ""}
BROKEN = {"empty": b"", "text": b"\x89PNG\r\n", "cut": b'{"cells": [{"cell_type": "code", "sou'}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The class, graded once: honest work, damaged files, cheats."""
    folder = tmp_path_factory.mktemp("class")
    names = HONEST | dict.fromkeys([*CHEATS, *BROKEN, "absent"], "")
    course = Course(folder / "course", names)
    place = folder / "submissions"

    def put(student, notebook, file=f"{A1}.ipynb"):
        hand_in(place / student / A1 / file, notebook)

    put("alice", course.solved(A1, "alice"))
    put("bob", course.untouched(A1, "bob"))
    put("carol", course.solved(A1, "carol", "a1-1-answer", "a1-2-answer"))
    doubled = course.solved(A1, "doubled")
    doubled.cells += [
        copy.deepcopy(cell_of(doubled, "a1-1-test")),
        copy.deepcopy(cell_of(doubled, "a1-2-answer")),
    ]
    doubled.cells.remove(cell_of(doubled, "a1-3-test"))
    cell_of(doubled, "a1-4-answer")["cell_type"] = "raw"
    put("doubled", doubled)
    quiet = course.solved(A1, "quiet")
    cell = cell_of(quiet, "a1-1-answer")
    cell.source = (
        "import warnings, sys\nwarnings.warn('short key')\nprint('oh', file=sys.stderr)\n" + cell.source
    )
    put("quiet", quiet)
    put("renamed", course.solved(A1, "renamed"), "a1 (1).ipynb")
    for student, cheat in CHEATS.items():
        put(student, cheat(course, student))
    for student, data in BROKEN.items():
        (place / student / A1).mkdir(parents=True)
        (place / student / A1 / f"{A1}.ipynb").write_bytes(data)
    before = {path: path.read_bytes() for path in place.rglob("*.ipynb")}
    summary = grading.grade(course.folder, place, jobs=2, time_limit=40)
    assert before == {path: path.read_bytes() for path in place.rglob("*.ipynb")}, "a submission was touched"
    return course, place, summary


def row(graded, student):
    return graded[0].marks()[student, A1]


def points(graded, student) -> float:
    return float(row(graded, student)["points"])


def test_everybody_has_a_row_in_the_order_of_the_roster(graded):
    course, _, summary = graded
    names = [*HONEST, *CHEATS, *BROKEN, "absent"]
    assert [student for student, _ in course.marks()] == names
    assert [r.student for r in summary.rows] == names
    assert {r["of"] for r in course.marks().values()} == {"17"}
    assert "nothing was handed in" in course.feedback("absent", A1).lower()


def test_the_model_solution_has_full_marks_and_the_untouched_release_none(graded):
    assert points(graded, "alice") == FULL
    assert row(graded, "alice")["status"] == "graded"
    assert points(graded, "bob") == 0
    assert "There is no answer yet" in graded[0].feedback("bob", A1)


def test_a_partly_right_one_has_its_part(graded):
    assert points(graded, "carol") == 8
    assert row(graded, "absent") | {"note": ""} == {
        "student": "absent",
        "assignment": A1,
        "points": "0",
        "of": "17",
        "status": "missing",
        "note": "",
        "by_hand": "",
        "by_hand_of": "",
    }


def test_damaged_cells_are_restored_and_each_repair_is_listed(graded):
    assert points(graded, "doubled") == FULL
    assert row(graded, "doubled")["status"] == "repaired"
    note = row(graded, "doubled")["note"]
    for grade_id in ("a1-1-test", "a1-2-answer", "a1-3-test", "a1-4-answer"):
        assert grade_id in note, note


def test_a_warning_on_stderr_costs_nothing(graded):
    assert points(graded, "quiet") == FULL


def test_a_renamed_file_is_known_by_what_is_in_it(graded):
    assert points(graded, "renamed") == FULL


@pytest.mark.parametrize("student", BROKEN)
def test_a_file_that_cannot_be_read_is_named_and_stops_nobody(graded, student):
    assert row(graded, student)["status"] == "unreadable"
    assert row(graded, student)["note"]
    assert "Nothing could be marked" in graded[0].feedback(student, A1)


@pytest.mark.parametrize("student", NOTHING_GAINED)
def test_a_cheat_gains_nothing(graded, student):
    assert points(graded, student) == 0


@pytest.mark.parametrize("student", STILL_GRADED)
def test_what_breaks_or_floods_its_process_gets_a_written_result(graded, student):
    assert row(graded, student)["status"] in ("graded", "repaired")
    assert points(graded, student) == FULL  # the cell that does it is left out, or cut
    said = {"exiting": "left out", "looping": "was stopped", "flooding": ""}[student]
    assert said in row(graded, student)["note"]
    assert said in graded[0].feedback(student, A1)


def test_marks_are_in_nbgraders_gradebook_and_written_answers_wait_for_a_person(graded):
    from jwtlab.classroom import nbgrader_engine as engine

    found = {m.cell: m for m in engine.marks(graded[0].folder / "gradebook.db", A1, "alice")}
    assert sum(m.auto or 0 for m in found.values()) == FULL
    assert found["a1-5-answer"].auto == 0 or found["a1-5-answer"].waits
    assert (graded[0].folder / "autograded" / "alice" / A1 / f"{A1}.ipynb").exists()


def test_feedback_shows_neither_hidden_tests_nor_tracebacks(graded):
    course = graded[0]
    for student in ("alice", "bob", "carol", "equal", "exiting"):
        page = course.feedback(student, A1)
        for secret in ("HIDDEN", "judged(", "Traceback", "def _", course.folder.name):
            assert secret not in page, (student, secret)


def test_a_second_run_grades_only_what_has_changed(graded):
    course, place, _ = graded
    hand_in(place / "bob" / A1 / f"{A1}.ipynb", course.solved(A1, "bob", "a1-1-answer"))
    summary = grading.grade(course.folder, place, jobs=1, time_limit=40)
    assert summary.graded == 1
    assert summary.kept == len(HONEST) + len(CHEATS) - 2  # bob is graded anew, the copied one never was
    assert points(graded, "bob") == 4
    assert points(graded, "alice") == FULL


SPY = """
import glob, os, socket, subprocess
def tried():
    seen = []
    for place in PLACES:
        try:
            seen.append([place, sorted(os.listdir(place))[:3]])
        except OSError:
            pass
        try:
            with open(place) as file: seen.append([place, file.read(20)])
        except OSError:
            pass
    try:
        socket.create_connection(("127.0.0.1", PORT), timeout=1).close(); seen.append(["network", []])
    except OSError:
        pass
    return seen
found = tried()
"""


@pytest.mark.skipif(
    bubblewrap() is None, reason="bubblewrap is not installed here: nothing hides files and network"
)
def test_course_gradebook_other_submissions_and_network_are_out_of_reach(graded, tmp_path):
    import socket

    from jwtlab.classroom.sandbox import Limits, StudentProcess

    course, place, _ = graded
    places = [
        course.folder,
        course.folder / "gradebook.db",
        course.folder / ".secret",
        place,
        Path.home(),
        "/root",
        "/home",
    ]
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = SPY.replace("PLACES", repr([str(each) for each in places])).replace(
            "PORT", str(server.getsockname()[1])
        )
        with StudentProcess(Limits(whole=30)) as process:
            process.run([(0, code)], {})
            answer = process.ask({"do": "value", "name": "found"}, 5)
    seen = json.loads(answer["value"])
    # A Python that is installed in somebody's home is bound there, and nothing beside it.
    way_to_python = {part for prefix in (sys.prefix, sys.base_prefix) for part in Path(prefix).parts}
    assert [each for each in seen if not set(each[1]) <= way_to_python or not each[1]] == []
