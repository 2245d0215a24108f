"""A class of exported progress: one table, a heat map, and every file that does not count is named."""

from __future__ import annotations

import csv
import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jwtlab import classroom, exercises, names
from jwtlab.classroom.overviews import items_of
from jwtlab.cli import main
from jwtlab.exercises import exported
from jwtlab.exercises.exported import Exported

NOW = datetime.now(UTC).replace(microsecond=0)
LESSONS = exercises.lessons()


def put(folder: Path, file: str, name: str, done=(), when=NOW) -> Path:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(Exported(name, when, frozenset(done)).text(), "utf-8")
    return path


def test_table_of_a_class(tmp_path):
    put(tmp_path, "1.json", "bob", ["01.1", "02.1"])
    put(tmp_path, "2.json", "alice", items_of(LESSONS["01"]))
    found = classroom.overview(tmp_path)
    assert found.skipped == {}
    assert [line.learner for line in found.learners] == ["alice", "bob"]
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    assert rows[0]["lesson 01"] == rows[0]["solved"] == len(items_of(LESSONS["01"]))
    assert (rows[1]["lesson 01"], rows[1]["lesson 02"], rows[1]["01.1"], rows[1]["01.2"]) == (1, 1, 1, 0)
    assert rows[1]["of"] == sum(len(items_of(each)) for each in LESSONS.values())


def test_prediction_does_not_count_as_solved(tmp_path):
    prediction = LESSONS["01"].predictions[0].id
    put(tmp_path, "1.json", "bob", ["01.1", prediction])
    found = classroom.overview(tmp_path)
    assert found.solved(found.learners[0]) == 1
    assert found.skipped == {}


def hostile(folder: Path) -> dict[str, str]:
    """Files of every kind, with a word of the reason for each."""
    good = put(folder, "good.json", "alice", ["01.1"])
    text = good.read_text("utf-8")
    document = json.loads(text)
    files = {
        "empty.json": (b"", "empty"),
        "binary.dat": (os.urandom(999) + b"\0", "binary"),
        "utf16.json": (text.encode("utf-16"), "UTF-16"),
        "utf16le.json": (text.encode("utf-16-le"), "UTF-16"),
        "latin.json": (b'{"learner": "\xe4"}', "UTF-8"),
        "forged.json": (
            json.dumps({**document, "done": ["01.1", "01.2"], "solved": 2}).encode(),
            "check sum",
        ),
        "renamed.json": (text.replace("alice", "bob").encode(), "check sum"),
        "nosum.json": (json.dumps({k: v for k, v in document.items() if k != "sum"}).encode(), "lacks sum"),
        "sumnull.json": (json.dumps({**document, "sum": None}).encode(), "check sum"),
        "progress.json": (b'{"done": ["01.1"]}', "jwtlab progress export"),
        "notebook.ipynb": (b'{"cells": []}', "no export"),
        "nan.json": (b'{"format": NaN}', "NaN"),
        "copy.json": (text.encode(), "copy of"),
        "unknown.json": (
            Exported("x", NOW, frozenset({"99.1", "01.77"})).text().encode(),
            "do not exist: 01.77, 99.1",
        ),
        "future.json": (Exported("y", NOW + timedelta(days=9), frozenset()).text().encode(), "future"),
        "line\nend \x1b[31m\u202e.json": (b"{", "no export"),
    }
    for name, (octets, _) in files.items():
        (folder / name).write_bytes(octets)
    with (folder / "huge.json").open("wb") as file:
        file.truncate(100_000_000)
    (folder / "loop").symlink_to("loop")
    (folder / "around").symlink_to(folder, target_is_directory=True)
    (folder / "link.json").symlink_to(good)
    os.mkfifo(folder / "pipe")
    (folder / "folder.json").mkdir()
    reasons = {names.visible(name): why for name, (_, why) in files.items()}
    links = dict.fromkeys(("loop", "around", "link.json"), "links are not followed")
    return reasons | links | {"huge.json": "100,000,000", "pipe": "no ordinary file"}


@pytest.mark.skipif(os.name == "nt", reason="names and links that this system does not have")
def test_files_of_every_kind_are_named_and_skipped(tmp_path, capsys):
    expected = hostile(tmp_path)
    assert r"line\nend \x1b[31m\u202e.json" in expected
    # The copy is as good as its original; the first by name counts.
    expected["good.json"] = expected.pop("copy.json")
    found = classroom.overview(tmp_path)
    assert found.skipped.keys() == expected.keys()
    for name, why in expected.items():
        assert why in found.skipped[name], name
    assert [line.learner for line in found.learners] == ["alice"]
    assert main(["classroom", "overview", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert all(name in said for name in expected)


def test_what_may_not_be_read_is_named(tmp_path):
    put(tmp_path, "a.json", "alice")
    put(tmp_path, "shut/b.json", "bob")
    shut = tmp_path / "a.json"
    shut.chmod(0)
    (tmp_path / "shut").chmod(0)
    try:
        if os.access(shut, os.R_OK):
            pytest.skip("nothing is forbidden to this account")
        assert classroom.overview(tmp_path).skipped.keys() == {"a.json", "shut"}
    finally:
        (tmp_path / "shut").chmod(0o755)


def test_newest_export_of_a_learner_counts_and_the_others_are_named(tmp_path):
    put(tmp_path, "monday.json", "Alice", ["01.1"], NOW - timedelta(days=4))
    put(tmp_path, "friday.json", "alice", ["01.1", "01.2"], NOW)
    put(tmp_path, "tuesday.json", "ALICE", ["01.1", "01.2", "01.3"], NOW - timedelta(days=3))
    found = classroom.overview(tmp_path)
    assert [(line.file, len(line.done)) for line in found.learners] == [("friday.json", 2)]
    assert found.skipped.keys() == {"monday.json", "tuesday.json"}
    assert "friday.json is newer" in found.skipped["monday.json"]


def test_folders_of_a_learning_system_are_looked_into(tmp_path):
    put(tmp_path, "Alice Adams_123_assignsubmission_file/alice.json", "alice", ["01.1"])
    put(tmp_path, "Bob_124_assignsubmission_file/progress (1).json", "bob", ["01.1"])
    assert [line.learner for line in classroom.overview(tmp_path).learners] == ["alice", "bob"]


def test_no_folder_a_file_and_an_empty_one(tmp_path, capsys):
    for place in (tmp_path / "nowhere", put(tmp_path, "x.json", "alice")):
        assert main(["classroom", "overview", str(place)]) == 1
        assert "is no folder" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    found = classroom.overview(tmp_path / "empty")
    assert (found.learners, found.rows, found.skipped) == ((), (), {})
    assert "jwtlab progress export" in found._repr_html_()


def test_csv_has_the_rows_and_no_formula(tmp_path):
    put(tmp_path, "1.json", "=HYPERLINK(1)", ["01.1"])
    put(tmp_path, "2.json", 'alice "A", B', ["01.1"])
    assert main(["classroom", "overview", str(tmp_path), "--csv", str(tmp_path / "t.csv")]) == 0
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    found = classroom.overview(tmp_path)
    assert tuple(rows[0]) == found.columns
    assert {row[0] for row in rows[1:]} == {"'=HYPERLINK(1)", 'alice "A", B'}
    assert {len(row) for row in rows} == {len(found.columns)}


def test_html_is_a_table_that_can_be_read_aloud_and_names_are_text(tmp_path):
    put(tmp_path, "1.json", "<script>alert(1)</script>", ["01.1", *items_of(LESSONS["02"])])
    (tmp_path / '<img src=x onerror="alert(2)">').write_bytes(b"{")
    found = classroom.overview(tmp_path)
    assert main(["classroom", "overview", str(tmp_path), "--html", str(tmp_path / "o.html")]) == 0
    for page in (found._repr_html_(), (tmp_path / "o.html").read_text("utf-8")):
        assert "<script>" not in page
        assert "<img" not in page
        assert page.count('scope="col"') == 2 + len(LESSONS)
        assert '<th class="who" scope="row"' in page
        of = len(items_of(LESSONS["01"]))
        assert re.search(rf'<td class="sq e1">1<span class="jl-hidden"> of {of}</span>', page)
        assert f'<span class="jl-hidden">all {len(items_of(LESSONS["02"]))}</span>' in page
        assert "&lt;img src=x" in page
        assert not re.search(r'(?:src|href|url)[=(]["\']?https?:', page)  # no request to anybody


def test_hardest_exercises_of_those_who_began(tmp_path):
    first, *others = [each.id for each in LESSONS["03"].exercises]
    for number in range(4):
        put(tmp_path, f"{number}.json", f"learner {number}", [*others, *([first] if number == 0 else [])])
    put(tmp_path, "5.json", "has not begun", ["01.1"])
    found = classroom.overview(tmp_path)
    hardest = found.hard()[0]
    assert (hardest.id, hardest.solved, hardest.begun) == (first, 1, 4)
    assert {each.id.partition(".")[0] for each in found.hard()} == {"03"}  # one learner is no class


def test_other_version_is_said(tmp_path):
    made = Exported("alice", NOW, frozenset({"99.1"}), made_with="7.0").text()
    (tmp_path / "a.json").write_text(made, "utf-8")
    assert "made with jwtlab 7.0" in classroom.overview(tmp_path).skipped["a.json"]


def test_three_hundred_learners_are_one_page(tmp_path):
    everything = [item for lesson in LESSONS.values() for item in items_of(lesson)]
    for number in range(300):
        put(tmp_path, f"{number}.json", f"learner {number}", everything[: number % len(everything)])
    found = classroom.overview(tmp_path)
    assert len(found.rows) == 300
    assert found._repr_html_().count('scope="row"') == 301
    assert 20 * max(path.stat().st_size for path in tmp_path.glob("*.json")) < exported.LARGEST
