"""Cells of a lesson in any order: each works, or says which one to run first."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from jwtlab import cell_order
from jwtlab.cell_order import Order, RunFirst, cells, names

ROOT = Path(__file__).resolve().parents[1]
_spec = importlib.util.spec_from_file_location("any_order", ROOT / "tools" / "any_order.py")
any_order = importlib.util.module_from_spec(_spec)
sys.modules["any_order"] = any_order
_spec.loader.exec_module(any_order)
FEW = ("01", "05", "20", "22", "27", "31")
"""All lessons in twenty orders: python tools/any_order.py"""


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JWTLAB_PROGRESS", str(tmp_path / "progress.json"))


@pytest.mark.parametrize("number", FEW)
def test_whoever_follows_the_advice_comes_to_a_cell_that_works(number):
    (path,) = any_order.lessons([number])
    assert any_order.faults(path, seed=0) == []


def test_whoever_begins_in_the_middle_is_told_and_not_shown_a_traceback():
    (path,) = any_order.lessons(["01"])
    learner = any_order.Learner(path)
    try:
        result, said = learner._once(1)  # Predict("01.p1")
        assert not result.success
        assert "Predict is not there yet. Run the first code cell of this lesson" in said
        assert "Traceback" not in said
        learner._once(0)
        result, said = learner._once(3)  # header, payload, signature = token.split(".")
        assert 'begins with: token = lab.token("alice"' in said
        assert learner.run(3) == ""
        result = learner.shell.run_cell("tokn")  # the learner's own slip is Python's to tell
        assert learner.order.latest is None
    finally:
        learner.end()


def test_slip_in_a_cell_that_is_in_order_gets_no_advice():
    (path,) = any_order.lessons(["01"])
    learner = any_order.Learner(path)
    try:
        for place in range(4):
            assert learner._once(place)[0].success
        assert not learner.shell.run_cell("header[100]").success
        assert learner.order.latest is None
    finally:
        learner.end()


def write(folder, *sources):
    path = folder / "90_made_up.ipynb"
    code = [
        {"cell_type": "code", "id": f"c{number}", "source": source.splitlines(keepends=True)}
        for number, source in enumerate(sources)
    ]
    path.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": "x = 1"}, *code]}), "utf-8")
    return path


def test_name_that_another_cell_has_given_another_value_since(tmp_path):
    order = Order(write(tmp_path, "import a", "x = a.b()", "print(x.c)", "x = 5"))
    for place in (0, 1, 3):
        order.note(cells(order.notebook)[place].source, f"c{place}", True)
    advice = order.advice("print(x.c)", "c2", "", ["a", "x"])
    assert advice.cell.place == 1
    assert "changed since" in advice.in_words()
    order.note("x = a.b()", "c1", True)
    again = order.advice("print(x.c)", "c2", "", ["a", "x"])
    assert again.all_above  # nothing but that later cells have run


def test_cell_that_broke_in_the_middle_counts_as_not_run(tmp_path):
    order = Order(write(tmp_path, "import a", "x = 1\na.b", "print(x + 'c')"))
    order.note("import a", "c0", True)
    order.note("x = 1\na.b", "c1", False)
    assert order.advice("print(x + 'c')", "c2", "", ["a", "x"]).cell.place == 1


def test_cell_whose_text_was_changed_is_found_by_its_id_and_one_without_id_by_its_text(tmp_path):
    order = Order(write(tmp_path, "a = 1", "b = a", "print(b)"))
    assert order.advice("print(b, a)", "c2", "b", []).cell.place == 1
    assert order.advice("print(b)", "another", "b", []).cell.place == 1
    assert order.advice("print(a)  # a cell of the learner's own", None, "a", []).cell.place == 0
    assert order.advice("a = a + 1", "c0", "a", []) is None  # nothing stands above it


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"cells": 5}', '{"cells": [5]}', '{"cells": [{"cell_type": "code"}]}']
)
def test_notebook_that_cannot_be_read_gives_no_advice(tmp_path, text):
    path = tmp_path / "90_made_up.ipynb"
    path.write_text(text, "utf-8")
    assert Order(path).advice("x", "c0", "x", []) is None
    assert Order(tmp_path / "none.ipynb").advice("x", "c0", "x", []) is None


def test_notebook_that_is_no_lesson_is_left_alone(tmp_path, monkeypatch):
    write(tmp_path, "a = 1").rename(tmp_path / "mine.ipynb")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "mine.ipynb"))
    assert Order().advice("a", None, "a", []) is None
    write(tmp_path, "a = 1")
    monkeypatch.setenv("JPY_SESSION_NAME", "work/90_made_up.ipynb")
    assert Order().advice("a", None, "a", []) == RunFirst(cells(tmp_path / "90_made_up.ipynb")[0], "a")


def test_names_that_a_cell_makes_and_needs():
    source = """
import os.path, json as j
from a import b as c
x, (y, *z) = c(w)
for n in x: print(n)
def f(p, q=r): s = p; return s + t + f
class K(base): inner = u
total += 1
[v for v in x if v != limit]
with g() as h: pass
"""
    makes, needs = names(source)
    assert makes == {"os", "j", "c", "x", "y", "z", "n", "f", "K", "total", "h"}
    assert needs == {"w", "r", "t", "base", "u", "total", "limit", "g"}
    assert names("this is no python") == (frozenset(), frozenset())


def test_watching_twice_is_watching_once_and_outside_of_a_kernel_is_nothing(tmp_path):
    assert cell_order.watch(None) is None
    assert cell_order.watch(object()) is None
    (path,) = any_order.lessons(["01"])
    learner = any_order.Learner(path)
    try:
        assert cell_order.watch(learner.shell) is learner.order
        assert learner.order.notebook == path
    finally:
        learner.end()
