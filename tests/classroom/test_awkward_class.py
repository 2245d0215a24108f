"""A class as it comes out of a learning system: awkward ids, notebooks that other programs wrote, zips of all kinds."""

from __future__ import annotations

import copy
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile

import nbformat
import psutil
import pytest
from course_of import Course, cell_of, hand_in

from jwtlab.classroom import grading, processes
from jwtlab.classroom.grading_job import place_of, read_result, write_result

pytestmark = pytest.mark.long

A1 = "a1_tokens"
FULL = 17.0


def text(notebook) -> bytes:
    return json.dumps(notebook).encode()


def without_ids(notebook):
    for cell in notebook.cells:
        cell.pop("id", None)
    notebook["nbformat_minor"] = 4
    return notebook


def of_format_3(notebook) -> bytes:
    return text(nbformat.convert(without_ids(notebook), 3))


def of_colab(notebook) -> bytes:
    notebook = without_ids(notebook)
    notebook["metadata"] = {
        "colab": {"provenance": []},
        "kernelspec": {"name": "python3", "display_name": "x"},
    }
    notebook["nbformat_minor"] = 0
    for cell in notebook.cells:
        marks = cell["metadata"].get("nbgrader")
        cell["metadata"] = {"id": "abc"} | ({"nbgrader": marks} if marks else {})
        cell["source"] = cell["source"].splitlines(keepends=True)
    return text(notebook)


def of_vs_code(notebook) -> bytes:
    for cell in notebook.cells:
        cell["metadata"] = {"vscode": {"languageId": "python"}} | cell["metadata"]
    return b"\xef\xbb\xbf" + text(notebook).replace(b"\\n", b"\\r\\n")


def of_windows(notebook) -> bytes:
    return json.dumps(notebook, indent=1).replace("\n", "\r\n").encode("utf-16")


def with_other_cell_ids(notebook) -> bytes:
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"other-{number}"
    return text(notebook)


def with_answers_as_text(notebook) -> bytes:
    for cell in notebook.cells:
        if cell["metadata"].get("nbgrader", {}).get("solution") and cell.cell_type == "code":
            cell["cell_type"] = "markdown"
    return text(notebook)


def without_marks(notebook) -> bytes:
    for cell in notebook.cells:
        cell["metadata"] = {}
    notebook["metadata"] = {}
    return text(notebook)


def merged(notebook) -> bytes:
    """Each answer with its test in one cell, and the first of them with the cell above."""
    for number in (1, 2, 3, 4):
        answer, test = (cell_of(notebook, f"a1-{number}-{what}") for what in ("answer", "test"))
        answer["source"] += "\n\n" + test["source"]
        notebook.cells.remove(test)
    first = cell_of(notebook, "a1-1-answer")
    notebook.cells[notebook.cells.index(first)] = nbformat.v4.new_code_cell("import re\n" + first["source"])
    return text(notebook)


def split(notebook) -> bytes:
    """The lower half of an answer's cell has the same marks, as JupyterLab gives it."""
    cell = cell_of(notebook, "a1-2-answer")
    lower = copy.deepcopy(cell)
    lower["source"] = "print('the lower half')"
    notebook.cells.insert(notebook.cells.index(cell) + 1, lower)
    return text(notebook)


PROGRAMS = {
    each.__name__: each
    for each in (
        of_format_3,
        of_colab,
        of_vs_code,
        of_windows,
        with_other_cell_ids,
        with_answers_as_text,
        without_marks,
        merged,
        split,
    )
}
IDS = ["007", "=1+1", "zoë ü", "<u>x", "%41", "o'q", "x" * 200, "ü" * 100]
NOTHING = {
    "link": ("unreadable", "w.zip"),
    "zero": ("unreadable", "the file is empty"),
    "rar": ("unreadable", "ending .rar"),
    "online": ("unreadable", "ending .html"),
    "twice zipped": ("graded", ""),
    "led out": ("graded", ""),
    "absent": ("missing", "nothing was handed in"),
}


def zipped(files: dict[str, bytes], links: dict[str, str] | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        for name, target in (links or {}).items():
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, 0o120777 << 16
            archive.writestr(entry, target)
    return made.getvalue()


def handed_in(course):
    """Student → what lies in their folder."""
    files = {student: {"x.ipynb": make(course.solved(A1, student))} for student, make in PROGRAMS.items()}
    files |= {student: {"a1_tokens (1).ipynb": text(course.solved(A1, student))} for student in IDS}
    inner = zipped({"a/a1.ipynb": text(course.solved(A1, "twice zipped")), "__MACOSX/a/._a1.ipynb": b"\0\5"})
    return files | {
        "link": {"w.zip": zipped({}, {"a1_tokens.ipynb": "/etc/passwd"})},
        "zero": {"a1_tokens.ipynb": b""},
        "rar": {"a1_tokens.rar": b"Rar!"},
        "online": {"onlinetext.html": b"<p>see my file"},
        "twice zipped": {"w.zip": zipped({"more.zip": inner})},
        "led out": {"w.zip": zipped({"../../../out.ipynb": text(course.solved(A1, "led out"))})},
        "absent": {},
    }


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("awkward")
    names = [*PROGRAMS, *IDS, *NOTHING]
    course = Course(folder / "course", {student: f"Name{n} =Of{n}" for n, student in enumerate(names)}, A1)
    entries = {
        f"Name{names.index(student)} =Of{names.index(student)}_{n}_assignsubmission_file_/{name}": data
        for n, (student, files) in enumerate(handed_in(course).items(), 100)
        for name, data in files.items()
    }
    (folder / "all.zip").write_bytes(zipped(entries))
    return course, folder / "all.zip", grading.grade(course.folder, folder / "all.zip", jobs=2)


def row(graded, student):
    return graded[0].marks()["'=1+1" if student == "=1+1" else student, A1]


@pytest.mark.parametrize("student", [*PROGRAMS, *IDS])
def test_whole_work_has_full_marks_whoever_wrote_the_file(graded, student):
    found = row(graded, student)
    assert (float(found["points"]), found["status"] in ("graded", "repaired")) == (FULL, True), found


def test_an_id_is_text_and_no_markup(graded):
    assert "&lt;u&gt;" in graded[0].feedback("<u>x", A1)
    assert "<u>" not in graded[0].feedback("<u>x", A1)


@pytest.mark.parametrize("student", NOTHING)
def test_everybody_has_a_row_that_says_what_happened(graded, student):
    status, words = NOTHING[student]
    found = row(graded, student)
    assert found["status"] == status
    assert words in found["note"]
    assert float(found["points"]) == (FULL if status == "graded" else 0)


def test_nothing_was_written_outside_the_course(graded):
    _, archive, summary = graded
    assert {path.name for path in archive.parent.iterdir()} == {"course", "all.zip"}
    assert not list(archive.parent.parent.rglob("out.ipynb"))
    assert summary.strangers == {}


def test_what_failed_is_tried_again_in_the_next_run(graded):
    course, archive, _ = graded
    place = place_of(course.folder, A1, "007")
    kept = read_result(place)
    write_result(
        place, kept | {"status": "failed", "points": 0, "marks": [], "note": "its worker process died"}
    )
    summary = grading.grade(course.folder, archive, jobs=1)
    assert (summary.graded, row(graded, "007")["points"]) == (1, "17")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["SIGINT", "SIGKILL"])
def test_a_run_that_was_ended_in_the_middle_leaves_nothing_running_and_goes_on(tmp_path, number):
    names = [f"student{n}" for n in range(8)]
    course = Course(tmp_path / "course", dict.fromkeys(names, ""), A1)
    for student in names:
        hand_in(tmp_path / "in" / student / A1 / f"{A1}.ipynb", course.solved(A1, student, "a1-1-answer"))
    command = [sys.executable, "-m", "jwtlab", "classroom", "grade", str(course.folder)]
    command += ["--submissions", str(tmp_path / "in"), "--jobs", "2"]
    (tmp_path / "tmp").mkdir()
    environment = os.environ | {"TMPDIR": str(tmp_path / "tmp")}
    with (tmp_path / "errors.txt").open("w") as log:
        pipes = {"stdout": log, "stderr": log, "env": environment, "start_new_session": True}
        run = subprocess.Popen(command, **pipes, preexec_fn=_heed_ctrl_c)
        wait_for(lambda: results(course))
        assert run.poll() is None
        os.killpg(run.pid, number) if number == signal.SIGINT else os.kill(run.pid, number)
        run.wait(120)
    wait_for(
        lambda: not [each for each in processes.session(run.pid) if each.status() != psutil.STATUS_ZOMBIE]
    )
    if number == signal.SIGINT:
        assert run.returncode == 130
        assert (tmp_path / "errors.txt").read_text() == ""
        assert list((tmp_path / "tmp").iterdir()) == []
    done = len(results(course))
    assert 1 <= done < len(names)
    assert not (course.folder / "marks.csv").exists()
    summary = grading.grade(course.folder, tmp_path / "in", jobs=2)
    assert (summary.kept, summary.graded) == (done, len(names) - done)
    assert {each["points"] for each in course.marks().values()} == {"4"}


def _heed_ctrl_c():
    """Whoever starts these tests in the background of a shell has told it, and all it starts, to ignore that signal."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def results(course):
    return list((course.folder / ".grading").rglob("result.json"))


def wait_for(state):
    until = time.monotonic() + 120
    while not state():
        assert time.monotonic() < until
        time.sleep(0.02)
