"""Work that is still in a notebook whose graded cells were merged, split, or robbed of their marks."""

from __future__ import annotations

import copy
import json

import nbformat
import pytest
from course_of import cell_of
from solving import cells

from jwtlab.classroom import intake, lost_cells, repair

A1 = "a1_tokens"


def notebook(*, solved):
    made = nbformat.v4.new_notebook(metadata={"jwtlab": {"assignment": A1, "version": "1"}})
    made.cells = cells(A1, "alice", solved=solved)
    return made


@pytest.fixture
def release():
    return notebook(solved=False)


@pytest.fixture
def work():
    made = notebook(solved=True)
    cell_of(made, "a1-5-answer").source = "She can read it."
    return made


def index_of(found, grade_id):
    return found.cells.index(cell_of(found, grade_id))


def mended(release, work):
    """As it comes in: through a file, and in order."""
    return repair.repair(release, repair.read(json.dumps(work).encode()))


def defined(found, last):
    """What is defined when all of a notebook's code ran, and where last."""
    where = {}
    for cell in found.notebook.cells:
        if cell.cell_type == "code":
            where |= dict.fromkeys(lost_cells.names(cell.source), cell.source)
    return where.get(last, "")


def test_cells_without_any_marks_are_known_by_what_is_in_them(release, work):
    wanted = {name: cell_of(work, name).source for name in ("a1-1-answer", "a1-4-answer", "a1-5-answer")}
    for cell in work.cells:
        cell["metadata"] = {}
    work["metadata"] = {}
    assert intake.inside(repair.read(json.dumps(work).encode()))[0] == A1
    found = mended(release, work)
    assert {name: cell_of(found.notebook, name).source for name in wanted} == wanted
    assert sum("had lost its marks" in each for each in found.repairs) == 9
    assert len(found.notebook.cells) == len(work.cells)  # nothing stands there twice


def test_answer_that_was_merged_into_the_cell_above_is_not_undone_by_what_was_released(release, work):
    at = index_of(work, "a1-1-answer")
    merged = nbformat.v4.new_code_cell("import re  # mine\n\n" + work.cells[at].source)
    work.cells[at : at + 1] = [merged]
    found = mended(release, work)
    assert cell_of(found.notebook, "a1-1-answer").source == merged.source
    assert "NotImplementedError" not in defined(found, "b64url")


def test_two_answers_in_one_cell_count_for_both(release, work):
    one, two = (cell_of(work, name) for name in ("a1-1-answer", "a1-2-answer"))
    one.source, one["metadata"] = f"{one.source}\n\n{two.source}", {}
    work.cells.remove(two)
    found = mended(release, work)
    for name in ("b64url", "read_claims"):
        assert "NotImplementedError" not in defined(found, name)
    assert (
        "a1-2-answer was merged into another cell: its answer is taken from there, a1-1-answer"
        in found.repairs
    )
    assert cell_of(found.notebook, "a1-2-answer").source.startswith("#")


@pytest.mark.parametrize("answer_first", [True, False], ids=["answer-first", "helper-first"])
def test_both_halves_of_a_split_cell_are_run(release, work, answer_first):
    at = index_of(work, "a1-2-answer")
    helper = copy.deepcopy(work.cells[at])
    helper.source = "padding = {0: '', 2: '==', 3: '='}"
    work.cells[at : at + 1] = [work.cells[at], helper] if answer_first else [helper, work.cells[at]]
    found = mended(release, work)
    assert "NotImplementedError" not in defined(found, "read_claims")
    assert defined(found, "padding") == helper.source
    assert [each for each in found.repairs if "a1-2-answer was there 2 times" in each]
    assert sum(repair.grade_id(each) == "a1-2-answer" for each in found.notebook.cells) == 1


def test_of_an_answer_that_stands_there_again_and_again_the_last_one_is_defined(release, work):
    at = index_of(work, "a1-2-answer")
    second = copy.deepcopy(work.cells[at])
    second.source = "def read_claims(token): return 2"
    work.cells[at:at] = [copy.deepcopy(work.cells[at]), second]
    found = mended(release, work)
    assert cell_of(found.notebook, "a1-2-answer").source == work.cells[at].source
    assert defined(found, "read_claims") == work.cells[at].source


def test_both_halves_of_a_written_answer_are_read_by_whoever_marks(release, work):
    at = index_of(work, "a1-5-answer")
    second = copy.deepcopy(work.cells[at])
    second.source = "She cannot change it."
    work.cells.insert(at + 1, second)
    found = mended(release, work)
    assert cell_of(found.notebook, "a1-5-answer").source == "She can read it.\n\nShe cannot change it."


def test_an_answer_that_was_really_deleted_is_what_was_released(release, work):
    work.cells.remove(cell_of(work, "a1-3-answer"))
    found = mended(release, work)
    assert "a1-3-answer was deleted: it is back as it was released" in found.repairs
    assert "NotImplementedError" in defined(found, "build_token")


def test_the_next_text_is_no_written_answer(release, work):
    work.cells.remove(cell_of(work, "a1-5-answer"))
    found = mended(release, work)
    assert cell_of(found.notebook, "a1-5-answer").source == cell_of(release, "a1-5-answer").source


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("def f(x): pass\nclass G: y = 1\na, (b, *c) = d: int = 1", set()),
        (
            "def f(x): pass\nclass G: y = 1\na, (b, *c) = 1, (2, 3)\nz: int = 4",
            {"f", "G", "a", "b", "c", "z"},
        ),
        ("%time f()\nasync def g(): return 1\nx = 5\nif x == 6: pass\nx: int = 1", {"g", "x"}),
        ("\0", set()),
        ("(" * 10_000, set()),
    ],
    ids=["broken", "whole", "magic", "null", "deep"],
)
def test_names_that_a_cell_defines(source, wanted):
    assert wanted <= lost_cells.names(source)
