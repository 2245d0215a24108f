"""A submission put in order on a copy: graded cells that were doubled, deleted, retyped or moved.

Students move cells, copy them, and delete what they are not sure about. nbgrader then refuses the
notebook, and with it everybody after it in the batch. Here the released notebook is the plan: each of
its cells is found by its grade id, its answer kept, its place and kind restored; each repair is
listed, and the file that was handed in is never touched.
"""

from __future__ import annotations

import contextlib
import copy
import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import nbformat

from jwtlab.classroom import lost_cells

MOST_PARTS = 100_000
"""Lists and objects of a notebook; a long one with many figures has some thousands."""


@dataclass(frozen=True)
class Repaired:
    """A notebook in order.

    Attributes:
        notebook: the copy.
        repairs: what was done, one sentence each.
        answered: grade ids of the cells that differ from the release.
    """

    notebook: Any
    repairs: tuple[str, ...]
    answered: tuple[str, ...]


class Unreadable(Exception):
    """The file is no notebook; the message says why."""


def read(data: bytes) -> Any:
    """A notebook from the bytes of a file.

    Raises:
        Unreadable: it is none.
    """
    if not data.strip():
        raise Unreadable("the file is empty")
    for encoding in ("utf-8-sig", "utf-16"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeError:
            continue
    else:
        raise Unreadable("the file is no text, so it is no notebook")
    if _is_bomb(text):
        raise Unreadable(
            f"the file has more than {MOST_PARTS:,} parts: it is no notebook that somebody has written"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # ids that are doubled or missing: `repair` gives new ones
            try:
                notebook = nbformat.convert(nbformat.reader.reads(text), 4)
                with contextlib.suppress(
                    nbformat.ValidationError
                ):  # nbformat.reads would log the student's text
                    nbformat.validate(notebook)
            except Exception:
                notebook = _without_outputs(json.loads(text))
        cells = [_whole(cell) for cell in notebook["cells"]]
    except json.JSONDecodeError as error:
        words = f"in line {error.lineno} it is damaged, or breaks off"
        raise Unreadable(f"the file is no notebook that can be read: {words}") from error
    except Exception as error:  # nbformat raises many kinds for a file that is broken in many ways
        raise Unreadable(
            "the file is no notebook that can be read: cells are not where they belong"
        ) from error
    notebook["cells"] = cells
    notebook.setdefault("metadata", nbformat.from_dict({}))
    return notebook


def _is_bomb(text: str) -> bool:
    """Has it so many lists and objects that reading it as a notebook would take gigabytes and minutes?"""
    if text.count("[") + text.count("{") <= MOST_PARTS:  # those in texts are among them: it is quick to ask
        return False
    try:
        waiting = [json.loads(text)]
    except (ValueError, RecursionError):
        return False  # it is told below what it is
    count = 0
    while waiting and count <= MOST_PARTS:
        here = waiting.pop()
        if isinstance(here, dict | list):
            count += 1
            waiting += [
                each
                for each in (here.values() if isinstance(here, dict) else here)
                if isinstance(each, dict | list)
            ]
    return count > MOST_PARTS


def _without_outputs(told: Any) -> Any:
    """A notebook that nbformat refuses, from what marks are made of: cells, their kind, source and metadata.

    Raises:
        ValueError: there are no cells of today's format.
    """
    cells = told.get("cells") if isinstance(told, dict) else None
    if not isinstance(cells, list):
        raise ValueError("no cells")
    kept = [
        {name: cell[name] for name in ("cell_type", "source", "metadata") if name in cell}
        for cell in cells
        if isinstance(cell, dict)
    ]
    metadata = told.get("metadata")
    return nbformat.from_dict(
        {
            "cells": kept,
            "metadata": metadata if isinstance(metadata, dict) else {},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def as_text(notebook: Any) -> str:
    """A notebook as JSON, as it is: nothing is validated or mended on the way."""
    return json.dumps(notebook)


def _whole(cell: Any) -> Any:
    """A cell with everything that a cell has."""
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else []
    text = source if isinstance(source, str) else "".join(map(str, lines))
    cell["source"] = text.encode("utf-8", "replace").decode("utf-8")  # half a character is none
    if not isinstance(cell.get("metadata"), dict):
        cell["metadata"] = nbformat.from_dict({})
    if cell.get("cell_type") not in ("code", "markdown", "raw"):
        cell["cell_type"] = "raw"
    if cell["cell_type"] == "code":
        outputs = cell.get("outputs")
        cell["outputs"] = [each for each in outputs if _is_output(each)] if isinstance(outputs, list) else []
        cell.setdefault("execution_count", None)
    return cell


def _is_output(told: Any) -> bool:
    return isinstance(told, dict) and isinstance(told.get("data", {}), dict)


def grade_id(cell: Any) -> str | None:
    """The grade id of a cell, or ``None``."""
    told = cell["metadata"].get("nbgrader")
    found = told.get("grade_id") if isinstance(told, dict) else None
    return found if isinstance(found, str) else None


def repair(release: Any, submitted: Any) -> Repaired:
    """Put a submission in order.

    Args:
        release: the notebook as it was handed out.
        submitted: the notebook as it came back.
    """
    known = {name: cell for cell in release.cells if (name := grade_id(cell))}
    copies: dict[str, list[Any]] = {name: [] for name in known}
    unmarked = [cell for cell in submitted.cells if grade_id(cell) not in known]
    missing = known.keys() - {grade_id(cell) for cell in submitted.cells}
    lost = lost_cells.find(release, unmarked, [name for name in known if name in missing], known)
    taken = {id(cell): name for name, cell in reversed(lost.items())}
    own: dict[str | None, list[Any]] = {None: []}  # a student's own cells, by the known cell before them
    order: list[str] = []
    before: str | None = None
    for cell in submitted.cells:
        name = taken.get(id(cell)) or grade_id(cell)
        if name in copies:
            copies[name].append(cell)
            order.append(name)
            before = name
        else:
            own.setdefault(before, []).append(_bare(cell))
    repairs: list[str] = []
    cells = own.pop(None, [])
    answered = []
    for name, plan in known.items():
        cell = lost.get(name)
        if cell is not None and taken[id(cell)] != name:
            fresh, parts, words = _elsewhere(name, plan, taken[id(cell)])
        else:
            fresh, parts, words = _one(name, plan, copies[name], lost=cell is not None)
        repairs += words
        if fresh["source"] != plan["source"]:
            answered.append(name)
        cells += [*parts, fresh, *own.pop(name, [])]
    firsts = list(dict.fromkeys(order))
    if firsts != [name for name in known if name in firsts]:
        repairs.append("cells were moved: they are back in their order")
    notebook = copy.deepcopy(release)
    notebook["cells"] = _unique(cells)
    return Repaired(notebook, tuple(repairs), tuple(answered))


def _elsewhere(name: str, plan: Any, other: str) -> tuple[Any, list[Any], list[str]]:
    """A cell whose answer was merged into another's: what was released must not undo it."""
    fresh = copy.deepcopy(plan)
    fresh["source"] = lost_cells.ELSEWHERE.format(other)
    return fresh, [], [f"{name} was merged into another cell: its answer is taken from there, {other}"]


def _one(name: str, plan: Any, found: list[Any], *, lost: bool) -> tuple[Any, list[Any], list[str]]:
    """The cell of one grade id: its kind and metadata from the release, its answer from the student.

    If it is there more than once with different answers, as after a split, the last one has its place. The others
    become cells of the student's own before it: whatever they define is defined, as it was in the notebook.
    """
    fresh = copy.deepcopy(plan)
    told = plan["metadata"]["nbgrader"]
    if not found:
        return fresh, [], [f"{name} was deleted: it is back as it was released"]
    words = []
    texts: dict[str, str] = {}
    for cell in found:  # each text at its last place
        texts.pop(cell["source"].strip(), None)
        texts[cell["source"].strip()] = cell["source"]
    answers = [text for bare, text in texts.items() if bare != plan["source"].strip()]
    parts: list[Any] = []
    if lost:
        words.append(f"{name} had lost its marks: it is known again by what is in it")
    if len(found) > 1:
        several = "the last one counts, and the others are run before it"
        words.append(
            f"{name} was there {len(found)} times: {several if len(answers) > 1 else 'the last answer counts'}"
        )
    kinds = {cell["cell_type"] for cell in found} - {plan["cell_type"]}
    words += [
        f"{name} was made a {kind} cell: it is a {plan['cell_type']} cell again" for kind in sorted(kinds)
    ]
    if told.get("solution") and plan["cell_type"] == "markdown":
        fresh["source"] = "\n\n".join(answers) or plan["source"]  # whoever marks reads all of it
    elif told.get("solution") and answers:
        fresh["source"] = answers[-1]
        parts = [nbformat.v4.new_code_cell(text) for text in answers[:-1]]
    elif answers:
        words.append(f"{name} was changed: it is as it was released")
    marks = [cell["metadata"].get("nbgrader") for cell in found]
    if any(
        isinstance(theirs, dict) and theirs.get(each) != told.get(each)
        for theirs in marks
        for each in ("points", "grade", "locked")
    ):
        words.append(f"the marks of {name} were changed: they are as they were released")
    return fresh, parts, words


def _bare(cell: Any) -> Any:
    """A student's own cell: its kind and its text, without marks that are none and whatever else was in it."""
    made: dict[str, Callable[[str], Any]] = {
        "code": nbformat.v4.new_code_cell,
        "markdown": nbformat.v4.new_markdown_cell,
        "raw": nbformat.v4.new_raw_cell,
    }
    return made[cell["cell_type"]](cell["source"])


def _unique(cells: list[Any]) -> list[Any]:
    """Cells with ids that are different from each other."""
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number:03d}"
    return cells
