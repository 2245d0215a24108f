"""The button in an assignment's last cell: it finds the saved file, runs it afresh, and says what it found."""

from __future__ import annotations

import json
import os

import nbformat
import pytest
import solving

from jwtlab.classroom import submission_button
from jwtlab.classroom.assignments import ASSIGNMENTS

NAME = "a4_flows"


def save(path, student, changes=None, solved=True, name=NAME):
    cells = solving.cells(name, student, solved=solved, changes=changes)
    notebook = {
        "cells": [dict(cell) for cell in cells],
        "metadata": {"jwtlab": {"assignment": name, "version": "1"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(notebook), "utf-8")


def test_before_it_is_pressed_nothing_runs_and_nothing_is_looked_for(tmp_path):
    button = submission_button(NAME, tmp_path / "nowhere")
    assert "Check my saved file" in button.html
    assert button.checked is None


def test_without_a_saved_file_it_says_what_to_do(tmp_path):
    (tmp_path / "other.ipynb").write_text("{}", "utf-8")
    (tmp_path / "broken.ipynb").write_bytes(b"\xff\xfe{")
    button = submission_button(NAME, tmp_path)
    button.act("check")
    assert "Nothing was checked" in button.html
    assert "Save it first" in repr(button)


def test_it_runs_the_file_that_was_saved_last_whatever_its_name(tmp_path):
    save(tmp_path / "a4_flows.ipynb", "alice", solved=False)
    save(tmp_path / "a4_flows (1).ipynb", "alice")
    os.utime(tmp_path / "a4_flows.ipynb", (1, 1))
    button = submission_button(NAME, tmp_path)
    button.act("check")
    assert button.checked.file == "a4_flows (1).ipynb"
    assert button.checked.student == "alice"
    assert all(part.earned for each in button.checked.results for part in each.parts)
    assert button.checked.fingerprint in button.html
    assert "2 of 2 visible tests" in button.html


def test_what_a_student_wrote_is_text_and_never_markup(tmp_path):
    save(
        tmp_path / "x.ipynb", "<img src=x>", {"return base64url": "raise ValueError('<script>') or base64url"}
    )
    button = submission_button(NAME, tmp_path)
    button.act("check")
    for hostile in ("<img", "<script"):
        assert hostile not in button.html
    assert "&lt;img src=x&gt;" in button.html


@pytest.mark.parametrize("name", [each.name for each in ASSIGNMENTS])
def test_each_assignment_ends_with_its_button_which_checks_the_file_that_was_saved(name, tmp_path):
    source = nbformat.read(solving.FOLDER / f"{name}.ipynb", as_version=4)
    before, last = source.cells[-2:]
    assert f"jwtlab check-submission {name}.ipynb" in before.source
    space: dict[str, object] = {}
    *lines, call = last.source.splitlines()
    exec("\n".join(lines), space)
    button = eval(call, space)
    button.folder = tmp_path
    save(tmp_path / f"{name}.ipynb", "alice", name=name)
    button.act("check")
    assert (button.checked.assignment.name, button.checked.student) == (name, "alice")
    assert not button.checked.problems
    assert all(part.earned for each in button.checked.results for part in each.parts)
    assert "PUT RIGHT" not in repr(button)
