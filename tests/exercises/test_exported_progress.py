"""Progress handed on: exported as a small file, loaded elsewhere, and nothing is lost on the way."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jwtlab.cli import main
from jwtlab.errors import UsageError
from jwtlab.exercises import Progress, exported, progress


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A learner's folder with something solved."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JWTLAB_PROGRESS", raising=False)
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    for item in ("01.1", "01.q1", "23.2"):
        Progress().record(item)
    return tmp_path


def test_export_then_load_elsewhere_has_everything_of_both(here, monkeypatch, capsys):
    assert main(["progress", "export", "alice.json"]) == 0
    elsewhere = here / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    Progress().record("02.1")
    Progress().record("01.1")
    assert main(["progress", "load", "../alice.json"]) == 0
    assert Progress().done() == {"01.1", "01.q1", "02.1", "23.2"}
    assert "2 new, 1 were there already" in capsys.readouterr().out
    assert main(["progress", "load", "../alice.json"]) == 0  # twice is harmless
    assert Progress().done() == {"01.1", "01.q1", "02.1", "23.2"}


def test_functions_do_the_same(here):
    made = progress.export("mine.json", "Анна")
    assert (made.learner, made.done) == ("Анна", {"01.1", "01.q1", "23.2"})
    Progress().reset()
    found = progress.load("mine.json")
    assert (found.new, found.known, found.whose) == ({"01.1", "01.q1", "23.2"}, frozenset(), "Анна")


def test_file_is_small_says_what_it_is_and_holds_nothing_else(here):
    progress.export("alice.json")
    document = json.loads(Path("alice.json").read_text("utf-8"))
    assert set(document) == {"format", "about", "learner", "exported", "made_with", "solved", "done", "sum"}
    assert document["learner"] == "alice"
    assert "jwtlab progress export" in document["about"]
    everything = exported.Exported(
        "alice", datetime.now(UTC), frozenset(f"{n:02}.{m}" for n in range(48) for m in range(9))
    )
    assert len(everything.text()) < 10_000


def test_learners_own_notes_in_the_file_stay(here):
    progress.export("alice.json")
    Path("progress.json").write_text('{"done": ["05.1", 7], "mine": "a note"}', "utf-8")
    progress.load("alice.json")
    document = json.loads(Path("progress.json").read_text("utf-8"))
    assert document["mine"] == "a note"
    assert document["done"] == ["01.1", "01.q1", "05.1", "23.2", 7]


def test_id_of_another_version_is_loaded_too(here):
    Path("other.json").write_text(
        exported.Exported("alice", datetime.now(UTC), frozenset({"88.1", "04.3"})).text(), "utf-8"
    )
    progress.load("other.json")
    assert {"88.1", "07.2"} <= Progress().done()


def test_file_in_which_progress_is_kept_can_be_loaded_and_is_not_touched(here):
    kept = here / "old" / "progress.json"
    kept.parent.mkdir()
    kept.write_bytes('{"done": ["10.1"]}'.encode("utf-16"))
    before = kept.read_bytes()
    progress.load(kept)
    assert "10.1" in Progress().done()
    assert kept.read_bytes() == before


def test_laid_out_anew_by_an_editor_it_is_still_good(here):
    progress.export("alice.json")
    document = json.loads(Path("alice.json").read_text("utf-8"))
    Path("alice.json").write_text("\ufeff" + json.dumps(document, indent=8).replace("\n", "\r\n"), "utf-8")
    progress.load("alice.json")


BROKEN = {
    "empty": b"",
    "cut": b'{"format": "jwtlab progress 1", "learner": "al',
    "binary": bytes(range(256)),
    "other JSON": b'{"cells": []}',
    "list": b"[]",
    "deep": b"[" * 100_000,
    "long number": b'{"format": ' + b"9" * 10_000 + b"}",
    "newer": b'{"format": "jwtlab progress 2", "items": []}',
}


@pytest.mark.parametrize("octets", BROKEN.values(), ids=BROKEN)
def test_broken_file_is_named_and_changes_nothing(here, capsys, octets):
    Path("bad.json").write_bytes(octets)
    before = Path("progress.json").read_bytes()
    assert main(["progress", "load", "bad.json"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("jwtlab: bad.json ")
    assert Path("progress.json").read_bytes() == before


def test_file_that_is_not_there_and_folder_in_its_place(here, capsys):
    assert main(["progress", "load", "nowhere.json"]) == 1
    assert main(["progress", "load", "."]) == 1
    assert "nowhere.json cannot be read" in capsys.readouterr().err


def edited(**changes):
    """An export with members changed and a check sum that fits: by somebody who has read the source."""
    document = json.loads(exported.Exported("alice", datetime.now(UTC), frozenset({"01.1"})).text())
    document |= changes
    return json.dumps({**document, "sum": exported.check_sum(document)}).encode()


NOW = datetime.now(UTC)
IMPOSSIBLE = {
    "future": (edited(exported=(NOW + timedelta(days=3)).isoformat()), "future"),
    "far future": (edited(exported="9999-12-31T23:59:59-23:59"), "exported"),
    "no zone": (edited(exported="2026-11-27T10:00:00"), "exported"),
    "date as number": (edited(exported=1e308), "exported"),
    "count too high": (edited(solved=10**30), "says that 1000"),
    "count is true": (edited(solved=True), "says that True"),
    "negative": (edited(solved=-1), "says that -1"),
    "twice": (edited(done=["01.1", "01.1"], solved=2), "more than once"),
    "no list": (edited(done={"01.1": True}), "impossible list"),
    "a million": (edited(done=["01.1"] * 6_000, solved=6_000), "impossible list"),
    "no ids": (edited(done=["=cmd()"]), "no exercise"),
    "numbers": (edited(done=[11]), "no exercise"),
    "no name": (edited(learner=" "), "name"),
    "name of a megabyte": (edited(learner="a" * 100_000), "name"),
    "name is a number": (edited(learner=5), "name"),
    "name reverses": (edited(learner="alice\u202egpj"), "reverse"),
    "name of two lines": (edited(learner="alice\nbob"), "cannot be seen"),
    "version": (edited(made_with={"a": 1}), "which version"),
    "more members": (edited(grade=100), "no export has"),
}


@pytest.mark.parametrize(("octets", "words"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cannot_be_is_refused_even_with_a_check_sum_that_fits(octets, words):
    with pytest.raises(UsageError, match=words):
        exported.read(octets)


def test_every_change_of_the_text_is_seen():
    text = exported.Exported("alice", NOW, frozenset({"01.1", "02.1"})).text()
    for place, letter in enumerate(text):
        if letter.isalnum():
            octets = (text[:place] + ("1" if letter != "1" else "2") + text[place + 1 :]).encode()
            with pytest.raises(UsageError):
                exported.read(octets)


def test_member_twice_is_refused():
    text = exported.Exported("alice", NOW, frozenset({"01.1"})).text().replace("{", '{"learner": "bob",', 1)
    with pytest.raises(UsageError, match="more than once"):
        exported.read(text.encode())


def test_clock_a_little_fast_is_believed():
    soon = exported.Exported("alice", NOW + timedelta(hours=14), frozenset())
    assert exported.read(soon.text().encode(), NOW).when == soon.when.replace(microsecond=0)


def test_export_replaces_an_earlier_export_and_nothing_else(here, capsys):
    progress.export("alice.json")
    Progress().record("02.1")
    assert "02.1" in progress.export("alice.json").done
    Path("thesis.txt").write_text("mine", "utf-8")
    for taken in ("thesis.txt", "progress.json", "."):
        assert main(["progress", "export", taken, "--name", "alice"]) == 1
        assert "choose another name" in capsys.readouterr().err
    assert Path("thesis.txt").read_text("utf-8") == "mine"
    assert Progress().done() == {"01.1", "01.q1", "02.1", "23.2"}


def test_export_without_progress_says_where_it_is_made(here, capsys, monkeypatch):
    empty = here / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    assert main(["progress", "export", "alice.json"]) == 1
    assert "folder of your lessons" in capsys.readouterr().err
    assert list(empty.iterdir()) == []


def test_export_into_a_folder_that_is_not_there(here, capsys):
    assert main(["progress", "export", "nowhere/alice.json"]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_progress_in_the_folder_of_copies_is_found_from_above(here, monkeypatch):
    (here / "work").mkdir()
    (here / "work" / "00_start_here.ipynb").write_text("{}", "utf-8")
    Path("progress.json").rename(here / "work" / "progress.json")
    assert main(["progress", "export", "alice.json"]) == 0
    assert exported.read(Path("alice.json").read_bytes()).done == {"01.1", "01.q1", "23.2"}


def test_hubs_name_is_the_default_and_ones_own_wins(here, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "bob")
    assert progress.export("x.json").learner == "bob"
    assert progress.export("x.json", "alice").learner == "alice"


def test_where_nothing_can_be_kept_loading_says_so(here, monkeypatch, capsys):
    progress.export("alice.json")
    os.unlink("progress.json")
    Path("progress.json").mkdir()
    assert main(["progress", "load", "alice.json"]) == 1
    assert "cannot be kept here" in capsys.readouterr().err
