"""Of the tests none is lost between ``make test`` and ``make test-long``, and a few that stand for many are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from short_form import few, spread

ROOT = Path(__file__).resolve().parents[1]


def test_each_test_is_run_by_one_of_the_two_commands_and_both_by_ci():
    marks = re.findall(r'pytest -m ("[^"]*"|\w+) \$\(SPREAD\)', (ROOT / "Makefile").read_text("utf-8"))
    assert sorted(mark.strip('"') for mark in marks) == ["long", "not long"]
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert {"make test", "make check", "make test-long"} <= set(lines)


def test_all_but_the_chosen_are_long():
    first, second = few(["a", ("b", "c")], "a")
    assert first == "a"
    assert second.values == ("b", "c")
    assert [mark.name for mark in second.marks] == ["long"]


def test_chosen_one_that_is_not_there_is_named():
    with pytest.raises(LookupError, match="'x' is none of"):
        few(["a", "b"], "x")


@pytest.mark.parametrize("count", [2, 3, 8, 50])
def test_spread_goes_from_the_first_to_the_last(count):
    values = list(range(20))
    found = spread(values, count)
    assert len(found) == min(count, 20)
    assert found == sorted(set(found))
    assert (found[0], found[-1]) == (0, 19)
