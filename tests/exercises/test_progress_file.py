"""Progress: a file of the learner's own. It survives restarts, and whatever stands there, nothing is lost."""

from __future__ import annotations

import json

import pytest

from jwtlab import exercises
from jwtlab.exercises import Progress
from jwtlab.exercises.progress import MOVED, default_path

BROKEN = [
    "{ not json",
    "",
    "[]",
    "null",
    '{"done": 5}',
    '{"my other": "file"}',
    "[" * 100_000,
    "9" * 10_000,
    b"\xff\xfe\x00",
]


def test_progress_survives_a_restart(tmp_path):
    path = tmp_path / "folder" / "progress.json"
    Progress(path).record("01.1")
    Progress(path).record("01.2")
    Progress(path).record("01.1")
    assert Progress(path).done() == {"01.1", "01.2"}
    assert Progress(path).count(["01.1", "02.1"]) == 1
    assert json.loads(path.read_text("utf-8"))["done"] == ["01.1", "01.2"]


def test_reset_of_one_lesson_and_of_all(tmp_path):
    progress = Progress(tmp_path / "progress.json")
    for item in ("01.1", "02.1", "02.q1"):
        progress.record(item)
    progress.reset("02.")
    assert progress.done() == {"01.1"}
    progress.reset()
    assert progress.done() == frozenset()


@pytest.mark.parametrize("content", BROKEN, ids=lambda content: repr(content)[:16])
def test_file_that_is_no_progress_is_kept_aside(tmp_path, content):
    path = tmp_path / "progress.json"
    octets = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(octets)
    progress = Progress(path)
    assert progress.done() == frozenset()
    progress.record("01.1")
    assert Progress(path).done() == {"01.1"}
    assert (tmp_path / "progress.unreadable.json").read_bytes() == octets


def test_second_broken_file_does_not_push_out_the_first(tmp_path):
    path = tmp_path / "progress.json"
    for content in ("{ first", "{ second", "{ third"):
        path.write_text(content, "utf-8")
        assert Progress(path).done() == frozenset()
    kept = sorted(each.read_text("utf-8") for each in tmp_path.glob("*.unreadable*.json"))
    assert kept == ["{ first", "{ second", "{ third"]


def test_reset_keeps_a_broken_file_too(tmp_path):
    path = tmp_path / "progress.json"
    path.write_text("{ broken", "utf-8")
    Progress(path).reset()
    assert [each.read_text("utf-8") for each in tmp_path.glob("*.unreadable.json")] == ["{ broken"]


def test_folder_in_its_place_is_left_alone(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine", "utf-8")
    progress = Progress(folder)
    progress.record("01.1")
    progress.reset()
    assert progress.done() == frozenset()
    assert (folder / "thesis.txt").read_text("utf-8") == "mine"


def test_crash_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "progress.json"
    Progress(path).record("01.1")

    def fails(self, target):
        raise OSError("the disk is full")

    monkeypatch.setattr(type(path), "replace", fails)
    Progress(path).record("01.2")
    assert Progress(path).done() == {"01.1"}


def test_two_open_lessons_do_not_undo_each_other(tmp_path):
    one, other = Progress(tmp_path / "p.json"), Progress(tmp_path / "p.json")
    one.record("01.1")
    other.record("02.1")
    one.record("01.2")
    assert one.done() == other.done() == {"01.1", "01.2", "02.1"}


def test_solved_twice_is_written_once(tmp_path):
    path = tmp_path / "progress.json"
    Progress(path).record("01.1")
    before = path.stat().st_mtime_ns
    Progress(path).record("01.1")
    assert path.stat().st_mtime_ns == before
    assert path.read_text("utf-8").count("01.1") == 1


def test_no_file_is_made_by_looking(tmp_path):
    progress = Progress(tmp_path / "progress.json")
    assert progress.count(["01.1"]) == 0
    assert list(tmp_path.iterdir()) == []


def test_file_says_what_it_is(tmp_path):
    Progress(tmp_path / "p.json").record("01.1")
    assert "solved in jwtlab; delete this file to start afresh" in (tmp_path / "p.json").read_text("utf-8")


def test_odd_entries_are_left_out(tmp_path):
    path = tmp_path / "progress.json"
    path.write_text('{"done": [1, null, "01.1"]}', "utf-8")
    assert Progress(path).done() <= {"01.1"}


def test_folder_that_cannot_be_written_stops_nothing(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    progress = Progress(tmp_path / "file" / "progress.json")
    progress.record("01.1")
    assert progress.done() == frozenset()


def test_place_is_the_environments_or_beside_the_notebook(monkeypatch):
    monkeypatch.setenv("JWTLAB_PROGRESS", "elsewhere.json")
    assert str(default_path()) == "elsewhere.json"
    monkeypatch.delenv("JWTLAB_PROGRESS")
    assert str(default_path()) == "progress.json"


def test_what_went_to_another_lesson_is_found_and_counted_under_its_old_id_too(tmp_path):
    path = tmp_path / "progress.json"
    path.write_text(json.dumps({"done": ["04.1", "04.3", "04.p2"]}), "utf-8")
    assert Progress(path).done() == {"04.1", "07.2", "07.p1"}
    for old, new in MOVED.items():
        find = exercises.question if ".p" in old else exercises.exercise
        assert find(old).id == new
        assert all(
            old != item.id for item in (*exercises.lesson("04").exercises, *exercises.lesson("04").quiz)
        )
