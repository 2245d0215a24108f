"""What is typed wrong is answered with a sentence, before anything has happened."""

from __future__ import annotations

import json
import socket

import pytest

pytest.importorskip("nbgrader")

from jwtlab.classroom import course, marking
from jwtlab.cli import main


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A course with nobody in it, a file, an empty folder; and we are beside them."""
    monkeypatch.chdir(tmp_path)
    course.new(tmp_path / "course")
    (tmp_path / "file").write_text("x")
    (tmp_path / "dir").mkdir()
    (tmp_path / "empty.ipynb").write_text(json.dumps({"cells": []}))
    return tmp_path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("grade nothere --submissions dir", "nothere is no course's folder: jwtlab classroom new nothere"),
        ("grade dir --submissions dir", "dir is no course's folder"),
        ("grade file --submissions dir", "file is no course's folder"),
        ("grade course --submissions dir", "roster.csv holds nobody"),
        ("grade course --submissions dir --jobs 0", "--jobs is a number of 1 or more"),
        ("grade course --submissions dir --time-limit nan", "--time-limit is a number of seconds from 5 to"),
        ("grade course --submissions dir --time-limit inf", "--time-limit is a number of seconds from 5 to"),
        ("grade course --submissions dir --time-limit 4.9", "--time-limit is a number of seconds from 5 to"),
        ("mark nothere", "nothere is no course's folder"),
        ("mark course", "no written answer waits"),
        ("release dir", "dir is no course's folder"),
        ("release course --new-version a9", "there is no assignment 'a9'; there are: a1_tokens"),
        ("new file", "file is a file"),
        ("forget course ../x", "'../x' is no student's id"),
        ("overview dir --csv nothere/x.csv", "nothere/x.csv: No such file or directory"),
        ("kit k --extra nonsense --offline", "--extra nonsense is not known; there are: classroom"),
        ("hub file --prepare-only", "is a file"),
    ],
)
def test_mistake_is_named(place, capsys, words, said):
    pytest.importorskip("jupyterhub")
    assert main(["classroom", *words.split()]) == 1
    errors = capsys.readouterr().err
    assert said in errors
    assert errors.startswith("jwtlab: ")
    assert errors.count("\n") == 1
    assert not (place / "k").exists()


@pytest.mark.parametrize(
    "words", [["new", ""], ["grade", "course", "--submissions", ""], ["overview", " "], ["hub", ""]], ids=str
)
def test_empty_name_is_a_variable_that_was_not_set_and_not_this_folder(place, capsys, words):
    with pytest.raises(SystemExit):
        main(["classroom", *words])
    assert "the name is empty" in capsys.readouterr().err
    assert not (place / "roster.csv").exists()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("nofile", "No such file"),
        ("dir", "directory"),
        ("file", "no notebook"),
        ("empty.ipynb", "is no assignment of this course"),
    ],
)
def test_file_that_cannot_be_checked_is_named(place, capsys, file, said):
    assert main(["check-submission", file]) == 1
    errors = capsys.readouterr().err
    assert said in errors
    assert errors.count("\n") == 1


def test_port_that_is_none_or_taken(place, capsys, monkeypatch):
    monkeypatch.setattr(marking, "answers", lambda folder: [])
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for port, said in (
            ("99999", "a port is a number from 0 to 65535"),
            ("-1", "a port is a number from 0 to 65535"),
            (str(taken.getsockname()[1]), "choose another, or leave --port out"),
        ):
            assert main(["classroom", "mark", "course", "--port", port]) == 1
            assert said in capsys.readouterr().err
