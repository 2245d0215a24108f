"""Mutants of the code: the explanations are about code that is there, and a fault is put where it belongs."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = tomllib.loads((ROOT / "tests" / "code_mutants.toml").read_text("utf-8"))["mutant"]


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}" for n in range(len(ROWS))])
def test_explanation_is_about_a_line_that_is_there(row):
    source = (ROOT / row["file"]).read_text("utf-8")
    assert bare(row["line"]) in bare(source)
    assert bare(row.get("mutant", "")) not in bare(source) or "mutant" not in row
    assert row["why"].endswith(".")
    assert row.keys() <= {"file", "line", "mutant", "why"}


@pytest.fixture
def made(monkeypatch, tmp_path):
    """The mutants of a small module, by what was done to which line."""
    pytest.importorskip("cosmic_ray", reason="the extra mutants is not installed")
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    from code_mutants_made import places

    path = tmp_path / "small_module_of_mutants.py"
    path.write_text(SMALL, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = [place.mutant(tmp_path) for place in places(path)]
    yield {mutant.before: mutant for mutant in found if mutant is not None}
    sys.modules.pop(path.stem, None)


SMALL = """MOST = 3
LIST = [number for number in range(4) if number > 1]


def refuse(count: int) -> int:
    if count > MOST:
        raise ValueError(count)
    return count


def outer():
    def inner():
        return 5
    return inner
"""


def test_fault_inside_a_function_is_put_into_the_living_one(made):
    import small_module_of_mutants as small
    from code_mutants_quick import _living_functions, replaced

    living = _living_functions()
    small.refuse(2)
    for function, code in replaced(made["raise ValueError(count)"], living):
        function.__code__ = code
    assert small.refuse(9) == 9
    kept = small.outer()
    for function, code in replaced(made["return 5"], _living_functions()):
        function.__code__ = code
    assert kept() != 5
    assert small.outer()() != 5


def test_fault_outside_of_functions_is_imported_anew(made):
    import small_module_of_mutants  # noqa: F401
    from code_mutants_quick import Changed, _living_functions, replaced

    for line in ("MOST = 3", "LIST = [number for number in range(4) if number > 1]"):
        with pytest.raises(Changed):
            replaced(made[line], _living_functions())
