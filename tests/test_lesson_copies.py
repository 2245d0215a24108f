"""Learners' copies: never overwritten, restored with a back-up, trusted by JupyterLab."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from jwtlab import lessons
from jwtlab.errors import UsageError
from jwtlab.style import STYLE_MARK, put_style, style


@pytest.fixture(autouse=True)
def own_jupyter(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "work"


def test_copy_missing_brings_every_lesson(folder):
    copied = lessons.copy_missing(folder)
    originals = sorted(path.name for path in lessons.source().glob(lessons.PATTERN))
    assert list(copied.new) == originals
    assert copied.kept == ()
    assert lessons.FIRST in originals
    assert not list(folder.glob("*.new"))


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
    for original in lessons.source().glob(lessons.PATTERN):
        assert style()[:200] not in html_of(original)
        assert html_of(original).count(STYLE_MARK) == 1
        assert style() in html_of(folder / original.name)


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
