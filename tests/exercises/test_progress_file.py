"""Progress: a file of the learner's own that survives restarts, and that nothing destroys."""

from __future__ import annotations

import json

from jwtlab.exercises import Progress
from jwtlab.exercises.progress import default_path


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


def test_unreadable_file_is_set_aside_and_not_lost(tmp_path):
    path = tmp_path / "progress.json"
    path.write_text("{ not json", "utf-8")
    progress = Progress(path)
    assert progress.done() == frozenset()
    progress.record("01.1")
    assert progress.done() == {"01.1"}
    assert (tmp_path / "progress.unreadable.json").read_text("utf-8") == "{ not json"


def test_odd_content_is_ignored(tmp_path):
    path = tmp_path / "progress.json"
    for content in ("[]", '{"done": 5}', '{"done": [1, null, "01.1"]}', "null"):
        path.write_text(content, "utf-8")
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
