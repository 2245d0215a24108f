"""Cells run again: a learner goes back, and runs a cell once more, or the whole lesson."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

import nbformat
import pytest
from short_form import few

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
LESSONS = sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("JWTLAB_PROGRESS", str(tmp_path / "progress.json"))


def sources(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def printed(source: str, namespace: dict[str, Any]) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(source, "<cell>", "exec"), namespace)
    return said.getvalue()


@pytest.mark.long
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson_run_twice_in_one_kernel_prints_the_same(path):
    namespace: dict[str, Any] = {"__name__": "__main__"}
    first, second = ([printed(source, namespace) for source in sources(path)] for _ in range(2))
    assert first == second


@pytest.mark.parametrize("path", few(LESSONS, *LESSONS[::4]), ids=lambda path: path.stem)
def test_each_cell_may_be_run_once_more(path):
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for source in sources(path):
        printed(source, namespace)
        printed(source, namespace)
