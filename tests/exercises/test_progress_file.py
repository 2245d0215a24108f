"""Progress: a file of the learner's own. It survives restarts, and whatever stands there, nothing is lost."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from jwtlab import exercises
from jwtlab.exercises import Progress
from jwtlab.exercises import progress as module
from jwtlab.exercises.progress import MOVED, default_path
from jwtlab.widgets import LessonMap, lesson

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
    assert not list(tmp_path.glob(".*.new"))


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


def test_odd_entries_do_not_count_and_are_not_lost(tmp_path):
    path = tmp_path / "progress.json"
    path.write_text('{"done": [1, null, "01.1"], "mine": "a note"}', "utf-8")
    assert Progress(path).done() == {"01.1"}
    Progress(path).record("01.2")
    document = json.loads(path.read_text("utf-8"))
    assert document["done"] == ["01.1", "01.2", 1, None]
    assert document["mine"] == "a note"


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


# --- several writers at once -------------------------------------------------------------------------

WRITER = """
import sys
from jwtlab import exercises
from jwtlab.exercises import Progress
path, name, count = sys.argv[1:]
sys.stdin.readline()  # all begin at the same moment
for number in range(int(count)):
    Progress(path).record(f"{name}.{number}")
"""


def write_at_once(path, writers, each):
    command = [sys.executable, "-c", WRITER, str(path)]
    running = [
        subprocess.Popen([*command, name, str(each)], stdin=subprocess.PIPE, text=True) for name in writers
    ]
    for process in running:
        process.stdin.write("\n")
        process.stdin.close()
    assert [process.wait(120) for process in running] == [0] * len(running)


def test_kernels_that_record_at_once_lose_nothing(tmp_path):
    path = tmp_path / "progress.json"
    Progress(path).record("00.1")
    write_at_once(path, ["a", "b", "c"], 40)
    expected = {"00.1"} | {f"{name}.{number}" for name in "abc" for number in range(40)}
    assert Progress(path).done() == expected
    assert Progress(path).set_aside() == ()
    assert not list(tmp_path.glob("*.new")) + list(tmp_path.glob(".*.new"))


def test_threads_that_record_at_the_same_instant_lose_nothing(tmp_path):
    path = tmp_path / "progress.json"
    for pair in range(25):
        gate = threading.Barrier(2)

        def write(name, gate=gate):
            gate.wait()
            Progress(path).record(name)

        both = [threading.Thread(target=write, args=(f"{pair}.{name}",)) for name in "ab"]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
    assert Progress(path).done() == {f"{pair}.{name}" for pair in range(25) for name in "ab"}


def test_reset_beside_writers_forgets_only_what_it_was_told_to(tmp_path):
    path = tmp_path / "progress.json"
    Progress(path).record("02.1")
    thread = threading.Thread(target=Progress(path).reset, args=("02.",))
    thread.start()
    for number in range(20):
        Progress(path).record(f"01.{number}")
    thread.join()
    assert Progress(path).done() == {f"01.{number}" for number in range(20)}


def test_broken_file_met_by_several_at_once_is_put_aside_once(tmp_path):
    path = tmp_path / "progress.json"
    path.write_text("{ broken", "utf-8")
    write_at_once(path, ["a", "b", "c"], 5)
    assert len(Progress(path).done()) == 15
    assert Progress(path).set_aside() == ("progress.unreadable.json",)


def test_change_waits_for_the_lock(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    path = tmp_path / "progress.json"
    Progress(path).record("01.1")
    with FileLock(tmp_path / ".progress.json.lock"):
        Progress(path).record("01.2")
        assert "another program" in Progress(path).trouble()
    assert Progress(path).done() == {"01.1"}
    assert Progress(path).trouble() == ""


# --- other people's editors --------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_file_in_another_encoding_is_read(tmp_path, encoding):
    path = tmp_path / "progress.json"
    path.write_bytes('{"done": ["01.1"]}'.encode(encoding))
    assert Progress(path).done() == {"01.1"}
    Progress(path).record("01.2")
    assert Progress(path).done() == {"01.1", "01.2"}
    assert json.loads(path.read_text("utf-8"))["done"] == ["01.1", "01.2"]


def test_what_was_put_aside_is_said_by_the_map_and_the_first_card(tmp_path, monkeypatch):
    path = tmp_path / "progress.json"
    path.write_text("{ broken", "utf-8")
    monkeypatch.setenv("JWTLAB_PROGRESS", str(path))
    for shown in (lesson("01")._repr_html_(), LessonMap().html):
        assert "progress.unreadable.json" in shown
    (tmp_path / "progress.unreadable.json").unlink()
    assert Progress(path).notices() == []


# --- places where nothing can be kept ----------------------------------------------------------------


def folder_in_its_place(path):
    path.mkdir()


def read_only(path):
    path.write_text('{"done": ["01.1"]}', "utf-8")
    path.chmod(0o444)


def damaged_and_read_only(path):
    path.write_text("{ broken", "utf-8")
    path.chmod(0o444)


def link_to_itself(path):
    path.symlink_to(path)


def file_as_its_folder(path):
    path.parent.rmdir()
    path.parent.write_text("", "utf-8")


PLACES = [folder_in_its_place, read_only, damaged_and_read_only, link_to_itself, file_as_its_folder]


@pytest.mark.parametrize("prepare", PLACES, ids=lambda prepare: prepare.__name__)
def test_place_where_nothing_can_be_kept_is_left_alone_and_said(tmp_path, monkeypatch, prepare):
    path = tmp_path / "work" / "progress.json"
    path.parent.mkdir()
    prepare(path)
    before = state(tmp_path)
    monkeypatch.setenv("JWTLAB_PROGRESS", str(path))
    Progress().record("01.2")
    Progress().reset()
    assert "01.2" not in Progress().done()
    for shown in (lesson("01")._repr_html_(), LessonMap().html):
        assert "Your progress cannot be kept" in shown
    assert state(tmp_path) == before


def state(folder):
    return {
        str(each.relative_to(folder)): (each.lstat().st_mode, each.lstat().st_ino)
        for each in folder.rglob("*")
        if not each.name.endswith(".lock")
    }


def no_room(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_full_disk_is_said_and_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "progress.json"
    Progress(path).record("01.1")
    monkeypatch.setattr(module.os, "fsync", no_room)
    Progress(path).record("01.2")
    assert Progress(path).done() == {"01.1"}
    assert "No space left" in Progress(path).trouble()
    assert sorted(each.name for each in tmp_path.iterdir()) == [".progress.json.lock", "progress.json"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_disk_that_is_really_full_is_said(tmp_path, monkeypatch):
    real = Path.open

    def on_the_full_disk(self, mode="r", **options):
        return (
            real(Path("/dev/full"), "w", **options)
            if self.name.endswith(".new")
            else real(self, mode, **options)
        )

    monkeypatch.setattr(Path, "open", on_the_full_disk)
    assert "No space left" in Progress(tmp_path / "progress.json").trouble()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_folder_that_may_only_be_read_is_said(tmp_path):
    tmp_path.chmod(0o555)
    try:
        assert "Permission denied" in Progress(tmp_path / "progress.json").trouble()
    finally:
        tmp_path.chmod(0o755)


def test_good_place_is_no_trouble_and_looking_leaves_nothing(tmp_path):
    assert Progress(tmp_path / "new" / "folder" / "progress.json").notices() == []
    assert list(tmp_path.iterdir()) == []


def test_symbolic_link_is_kept_and_written_through(tmp_path):
    (tmp_path / "stick").mkdir()
    real, link = tmp_path / "stick" / "mine.json", tmp_path / "progress.json"
    real.write_text('{"done": ["01.1"]}', "utf-8")
    link.symlink_to(real)
    Progress(link).record("01.2")
    assert link.is_symlink()
    assert Progress(real).done() == Progress(link).done() == {"01.1", "01.2"}
    real.write_text("{ broken", "utf-8")
    Progress(link).record("01.3")
    assert link.is_symlink()
    assert (tmp_path / "stick" / "mine.unreadable.json").read_text("utf-8") == "{ broken"


def test_link_to_a_disk_that_is_not_there_makes_no_folder(tmp_path):
    link = tmp_path / "progress.json"
    link.symlink_to(tmp_path / "stick" / "progress.json")
    Progress(link).record("01.1")
    assert "not there" in Progress(link).trouble()
    assert [each.name for each in tmp_path.iterdir()] == ["progress.json"]


def test_permissions_of_the_file_stay(tmp_path):
    path = tmp_path / "progress.json"
    Progress(path).record("01.1")
    path.chmod(0o640)
    Progress(path).record("01.2")
    assert path.stat().st_mode & 0o777 == 0o640
