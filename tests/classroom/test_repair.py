"""Whatever is broken in a notebook: it is unreadable with a word, or it is put in order, and valid then."""

from __future__ import annotations

import copy
import json
import random

import nbformat
import pytest

from jwtlab.classroom import course, intake, repair

ODD = [None, True, 0, -1, 1e400, "", "x" * 50, [], {}, [[]], {"a": 1}, "\ud800", [None], "a1-1-answer"]
ODD += [{"grade_id": 5}, {"grade_id": "a1-1-answer"}, {"nbgrader": []}, "markdown", "raw"]


@pytest.fixture(scope="module")
def whole():
    return nbformat.read(course.sources() / "a1_tokens.ipynb", as_version=4)


def places(told, way=()):
    """The way to every value in it."""
    for name, value in (
        told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    ):
        yield (*way, name)
        yield from places(value, (*way, name))


def damaged(whole, seed: int):
    chance = random.Random(seed)
    told = json.loads(json.dumps(whole))
    for _ in range(chance.randrange(1, 4)):
        ways = list(places(told))
        *way, last = chance.choice(
            ways if chance.random() < 0.7 else [each for each in ways if len(each) <= 4]
        )
        spot = told
        for step in way:
            spot = spot[step]
        if chance.random() < 0.2:
            del spot[last]
        else:
            spot[last] = copy.deepcopy(chance.choice(ODD))
    return told


def test_damage_of_any_kind_is_mended_or_named(whole, caplog):
    readable = 0
    for seed in range(300):
        data = json.dumps(damaged(whole, seed)).encode()
        try:
            notebook = repair.read(data)
        except repair.Unreadable:
            continue
        readable += 1
        intake.inside(notebook)
        again = repair.read(repair.as_text(notebook).encode())  # as it goes to the process that grades
        mended = repair.repair(whole, again).notebook
        nbformat.validate(mended)
        json.dumps(mended, ensure_ascii=False).encode()  # as nbgrader writes it
        wanted = [repair.grade_id(cell) for cell in whole.cells if repair.grade_id(cell)]
        assert [name for cell in mended.cells if (name := repair.grade_id(cell))] == wanted, seed
    assert readable > 280
    assert caplog.text == ""  # nothing of a student's is told in passing


def test_a_cell_of_ones_own_that_changed_its_kind_is_taken_without_what_it_was(whole):
    told = json.loads(json.dumps(whole))
    own = nbformat.v4.new_code_cell("x = '\ud800'", metadata={"nbgrader": {"grade_id": "mine", "points": 99}})
    own["outputs"], own["cell_type"] = [{"output_type": "stream"}], "markdown"
    told["cells"].insert(1, own)
    (found,) = (
        each
        for each in repair.repair(whole, repair.read(json.dumps(told).encode())).notebook.cells
        if each.source == "x = '?'"
    )
    assert (found.cell_type, found.metadata, found.get("outputs")) == ("markdown", {}, None)


@pytest.mark.parametrize(
    "inner",
    [
        '"cells": [], "metadata": {"x": [PARTS]}',
        '"cells": [PARTS], "metadata": {}',
        '"cells": [{"source": [PARTS]}]',
    ],
    ids=["metadata", "cells", "source"],
)
def test_what_would_take_gigabytes_is_refused_before_it_does(whole, monkeypatch, inner):
    monkeypatch.setattr(repair, "MOST_PARTS", 5_000)
    monkeypatch.setattr(nbformat, "convert", lambda *_: pytest.fail("it was read as a notebook"))
    text = "{" + inner.replace("PARTS", ",".join(["{}"] * 6_000)) + ', "nbformat": 4, "nbformat_minor": 5}'
    with pytest.raises(repair.Unreadable, match="more than 5,000 parts"):
        repair.read(text.encode())


def test_brackets_in_a_text_are_no_parts(whole, monkeypatch):
    monkeypatch.setattr(repair, "MOST_PARTS", 5_000)
    told = json.loads(json.dumps(whole))
    told["cells"][1]["source"] = "[" * 20_000
    assert repair.read(json.dumps(told).encode()).cells[1].source == "[" * 20_000
