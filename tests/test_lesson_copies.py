"""Learners' copies: never overwritten, restored with a back-up, trusted by JupyterLab."""

from __future__ import annotations

import errno
import json
import os
import shutil
from html import unescape
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from jwtlab import lessons
from jwtlab.errors import UsageError
from jwtlab.style import PAGE_STYLE_MARK, STYLE_MARK, page_style, put_style, style


@pytest.fixture(autouse=True)
def own_jupyter(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "work"


def leftovers(folder):
    return [path for path in folder.rglob("*") if path.name.endswith(".new")]


def test_copy_missing_brings_every_lesson(folder):
    copied = lessons.copy_missing(folder)
    originals = sorted(path.name for path in lessons.originals())
    assert list(copied.new) == originals
    assert copied.kept == ()
    assert lessons.FIRST in originals
    assert not leftovers(folder)


def test_copy_missing_never_overwrites(folder):
    lessons.copy_missing(folder)
    mine = folder / lessons.FIRST
    mine.write_text("my notes", "utf-8")
    (folder / "01_three_parts.ipynb").unlink()
    copied = lessons.copy_missing(folder)
    assert copied.new == ("01_three_parts.ipynb",)
    assert mine.read_text("utf-8") == "my notes"


def test_copies_hold_the_style_sheet_and_originals_only_its_mark(folder):
    lessons.copy_missing(folder)
    for original in lessons.originals():
        assert style()[:200] not in html_of(original)
        assert html_of(original).count(STYLE_MARK) == 1
        assert style() in html_of(folder / original.name)


def test_copies_hold_the_sheet_of_pages_and_originals_only_its_mark(folder):
    """Pictures of pages stand in lesson 22: a colour of the pages changes no committed lesson."""
    lessons.copy_missing(folder)
    marked = [each for each in lessons.originals() if PAGE_STYLE_MARK in unescape(html_of(each))]
    assert [each.name[:2] for each in marked] == ["22"]
    for original in lessons.originals():
        assert page_style() not in unescape(html_of(original)), original.name
    copy = unescape(html_of(folder / marked[0].name))
    assert page_style() in copy
    assert PAGE_STYLE_MARK not in copy


def html_of(path):
    cells = nbformat.read(path, as_version=4).cells
    return "".join(
        output.get("data", {}).get("text/html", "") for cell in cells for output in cell.get("outputs", [])
    )


def test_copies_are_trusted(folder):
    lessons.copy_missing(folder)
    notary = NotebookNotary()
    try:
        assert notary.check_signature(nbformat.read(folder / lessons.FIRST, as_version=4))
    finally:
        notary.store.close()


def test_reset_restores_and_keeps_every_version(folder):
    lessons.copy_missing(folder)
    mine = folder / "01_three_parts.ipynb"
    for text in ("first", "second"):
        mine.write_text(text, "utf-8")
        target, backup = lessons.reset("1", folder)
        assert target == mine
        assert backup.read_text("utf-8") == text
    assert mine.read_text("utf-8") == put_style((lessons.source() / mine.name).read_text("utf-8"))
    assert [p.name for p in sorted(folder.glob("*backup*"))] == [
        "01_three_parts.backup-1.ipynb",
        "01_three_parts.backup-2.ipynb",
    ]


def test_reset_of_a_lesson_that_is_gone_makes_no_backup(folder):
    target, backup = lessons.reset("01_three_parts", folder)
    assert target.exists()
    assert backup is None


@pytest.mark.parametrize("number", ["99", "xx", "", "../01"])
def test_reset_of_an_unknown_lesson_names_the_choices(folder, number):
    with pytest.raises(UsageError, match="there are: 00, 01"):
        lessons.reset(number, folder)


def test_default_folder_is_work_in_a_checkout_and_here_elsewhere(tmp_path):
    assert lessons.default_folder(lessons.source().parent) == lessons.source().parent / "work"
    assert lessons.default_folder(tmp_path) == tmp_path


# --- a newer version ---------------------------------------------------------------------------------


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """A shelf of three lessons that can be changed, as a newer version does."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for original in lessons.originals()[:3]:
        shutil.copy(original, shelf)
    monkeypatch.setattr(lessons, "source", lambda: shelf)
    return shelf


def publish(shelf, name):
    path = shelf / name
    path.write_text(path.read_text("utf-8").replace("# ", "# New: ", 1), "utf-8")
    return put_style(path.read_text("utf-8"))


def test_copies_that_nobody_has_changed_are_renewed(folder, shipped):
    first, second, third = sorted(path.name for path in shipped.iterdir())
    lessons.copy_missing(folder)
    (folder / second).write_text("my notes", "utf-8")
    (folder / third).write_text("my notes too", "utf-8")
    newer = publish(shipped, first)
    publish(shipped, second)
    for _ in range(2):  # a changed one is said each time, a renewed one once
        copied = lessons.copy_missing(folder)
        assert copied.outdated == (second,)
        assert copied.new == ()
        assert (folder / first).read_text("utf-8") == newer
        assert (folder / second).read_text("utf-8") == "my notes"
        assert (folder / third).read_text("utf-8") == "my notes too"
    assert copied.renewed == ()
    assert copied.kept == (first, second, third)
    assert not leftovers(folder)


def test_renewed_is_said_and_trusted(folder, shipped):
    lessons.copy_missing(folder)
    publish(shipped, lessons.FIRST)
    assert lessons.copy_missing(folder).renewed == (lessons.FIRST,)
    notary = NotebookNotary()
    try:
        assert notary.check_signature(nbformat.read(folder / lessons.FIRST, as_version=4))
    finally:
        notary.store.close()


def test_after_reset_a_lesson_is_renewed_again(folder, shipped):
    lessons.copy_missing(folder)
    mine = folder / lessons.FIRST
    mine.write_text("my notes", "utf-8")
    publish(shipped, lessons.FIRST)
    assert lessons.copy_missing(folder).outdated == (lessons.FIRST,)
    lessons.reset("00", folder)
    assert lessons.copy_missing(folder).outdated == ()
    publish(shipped, lessons.FIRST)
    assert lessons.copy_missing(folder).renewed == (lessons.FIRST,)


def test_changed_colour_renews_untouched_copies_and_says_nothing_of_changed_ones(
    folder, shipped, monkeypatch
):
    lessons.copy_missing(folder)
    mine = sorted(path.name for path in shipped.iterdir())[1]
    (folder / mine).write_text("my notes", "utf-8")
    monkeypatch.setattr(lessons, "put_style", lambda text: put_style(text) + "\n")
    copied = lessons.copy_missing(folder)
    assert len(copied.renewed) == 2
    assert copied.outdated == ()


def test_copies_of_a_version_that_recorded_nothing_are_kept_and_said_once(folder, shipped):
    folder.mkdir()
    (folder / lessons.FIRST).write_text("an old copy", "utf-8")
    assert lessons.copy_missing(folder).outdated == (lessons.FIRST,)
    assert lessons.copy_missing(folder).outdated == ()
    assert (folder / lessons.FIRST).read_text("utf-8") == "an old copy"


@pytest.mark.parametrize(
    "content", ["{ broken", "[]", '{"00_start_here.ipynb": 5}', "", '{"x": {"copy": 1}}']
)
def test_damaged_record_changes_no_copy(folder, shipped, content):
    lessons.copy_missing(folder)
    (folder / lessons.RECORD).write_text(content, "utf-8")
    before = (folder / lessons.FIRST).read_text("utf-8")
    publish(shipped, lessons.FIRST)
    assert lessons.copy_missing(folder).renewed == ()
    assert (folder / lessons.FIRST).read_text("utf-8") == before


# --- the originals are no copies ---------------------------------------------------------------------


@pytest.mark.parametrize("way", ["itself", "link"])
def test_reset_in_the_folder_of_the_originals_changes_nothing(shipped, tmp_path, way):
    folder = shipped
    if way == "link":
        folder = tmp_path / "link"
        folder.symlink_to(shipped)
    before = {path.name: path.read_bytes() for path in shipped.iterdir()}
    with pytest.raises(UsageError, match="holds the original lessons"):
        lessons.reset("00", folder)
    assert {path.name: path.read_bytes() for path in shipped.iterdir()} == before


def test_reset_of_a_copy_that_is_a_link_to_the_original_changes_nothing(shipped, folder):
    folder.mkdir()
    (folder / lessons.FIRST).symlink_to(shipped / lessons.FIRST)
    before = (shipped / lessons.FIRST).read_bytes()
    with pytest.raises(UsageError, match="original"):
        lessons.reset("00", folder)
    assert (shipped / lessons.FIRST).read_bytes() == before
    assert [path.name for path in folder.iterdir()] == [lessons.FIRST]


@pytest.mark.parametrize("name", ["00_start_here.backup-1.ipynb", "00_start_here-Copy1.ipynb"])
def test_back_up_beside_the_originals_is_no_lesson(shipped, folder, name):
    (shipped / name).write_text("not a lesson", "utf-8")
    assert name not in [path.name for path in lessons.originals()]
    assert lessons.find("00").name == lessons.FIRST
    assert name not in lessons.copy_missing(folder).new


def test_lab_in_the_folder_of_the_originals_means_work():
    assert lessons.default_folder(lessons.source()) == lessons.source().parent / "work"


def test_folder_of_the_originals_gets_no_record(shipped):
    before = sorted(shipped.iterdir())
    assert len(lessons.copy_missing(shipped).kept) == 3
    assert sorted(shipped.iterdir()) == before


# --- a full disk -------------------------------------------------------------------------------------


def full_after(monkeypatch, count):
    """The disk is full from the given file on: each file of a new copy is flushed to the disk once."""
    left = [count]
    real = os.fsync

    def fsync(number):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(number)

    monkeypatch.setattr(lessons.os, "fsync", fsync)


def test_full_disk_during_lab_names_the_lesson_that_is_missing_and_leaves_no_half(
    folder, shipped, monkeypatch
):
    first, second, _ = sorted(path.name for path in shipped.iterdir())
    full_after(monkeypatch, 1)
    with pytest.raises(OSError, match="No space left") as caught:
        lessons.copy_missing(folder)
    assert caught.value.filename == str(folder / second)
    assert [path.name for path in folder.glob("*.ipynb")] == [first]
    assert not leftovers(folder)


def test_full_disk_during_reset_leaves_the_learners_version_where_it_was(folder, shipped, monkeypatch):
    lessons.copy_missing(folder)
    mine = folder / lessons.FIRST
    mine.write_text("my notes", "utf-8")
    full_after(monkeypatch, 0)
    with pytest.raises(OSError, match="No space left") as caught:
        lessons.reset("00", folder)
    assert caught.value.filename == str(mine)
    assert mine.read_text("utf-8") == "my notes"
    assert not list(folder.glob("*backup*"))
    assert not leftovers(folder)


def test_reset_that_fails_at_the_last_step_puts_the_learners_version_back(folder, shipped, monkeypatch):
    lessons.copy_missing(folder)
    mine = folder / lessons.FIRST
    mine.write_text("my notes", "utf-8")

    def fails(self, target):
        raise OSError(errno.EIO, "the disk is broken", str(target))

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OSError, match="broken"):
        lessons.reset("00", folder)
    assert mine.read_text("utf-8") == "my notes"
    assert not list(folder.glob("*backup*"))
    assert not leftovers(folder)


def test_after_a_full_disk_the_rest_is_copied_and_recorded(folder, shipped, monkeypatch):
    with monkeypatch.context() as for_now:
        full_after(for_now, 2)
        with pytest.raises(OSError, match="No space left"):
            lessons.copy_missing(folder)
    assert not (folder / lessons.RECORD).exists()  # it was full for the record as well
    copied = lessons.copy_missing(folder)
    assert len(copied.new) == 1
    assert copied.outdated == ()
    assert len(json.loads((folder / lessons.RECORD).read_text("utf-8"))) == 3


def test_file_in_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    for call in (lessons.copy_missing, lambda folder: lessons.reset("00", folder)):
        with pytest.raises(UsageError, match="is a file"):
            call(tmp_path / "file")
    assert (tmp_path / "file").read_text("utf-8") == "x"


def test_reset_keeps_a_link_that_leads_nowhere(folder, shipped):
    lessons.copy_missing(folder)
    (folder / lessons.FIRST).unlink()
    (folder / lessons.FIRST).symlink_to(folder / "nowhere")
    _, backup = lessons.reset("00", folder)
    assert backup.is_symlink()  # even a link that leads nowhere is the learner's
