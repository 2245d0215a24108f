"""One word for one thing, and the field's own: what this house used to say stays away."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PLACES = ("jwtlab", "notebooks", "classroom", "docs", "tools", "benchmarks")
KINDS = {".py", ".ipynb", ".md", ".html", ".toml", ".js"}
OLD = {
    "login": r"\b[Ll]og-ins?\b",
    "logout": r"\b[Ll]og-outs?\b",
    "appears twice": r"\bstands? (there )?twice\b",
    "back channel": r"\bby the back way\b",
}


def texts():
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*")):
            if path.suffix in KINDS and "node_modules" not in path.parts:
                yield path
    yield ROOT / "README.md"


@pytest.mark.parametrize("word", OLD)
def test_the_word_of_the_field_is_used(word):
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in texts()
        for match in re.finditer(OLD[word], path.read_text("utf-8"))
    ]
    assert found == [], f"say {word}"


# One noun, one class

STILL_TWO = {
    # a token's case and a function's: both stand in every lesson
    "Case": {"jwtlab/jose/case.py", "jwtlab/exercises/table.py"},
    # an attack's and a student's: each the word of its own room
    "Variant": {"jwtlab/attacks/model.py", "jwtlab/classroom/variants.py"},
    # of an exercise and of an assignment: judges raise them
    "Wrong": {"jwtlab/exercises/model.py", "jwtlab/classroom/model.py"},
}
"""Known, and no more may come."""

APART = "jwtlab/classroom/assignments/"
"""Each file there is a world that students see by itself."""


def public_classes(source):
    """The names of the classes of a text of Python, those inside others included."""
    names = (node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef))
    return [name for name in names if not name.startswith("_")]


def test_two_classes_of_one_name_are_noticed():
    source = "class A:\n    class B: ...\nclass _C: ...\ndef f():\n    class A: ..."
    assert sorted(public_classes(source)) == ["A", "A", "B"]


def test_no_two_public_classes_have_one_name():
    places = defaultdict(set)
    for path in sorted((ROOT / "jwtlab").rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if not place.startswith(APART):
            for name in public_classes(path.read_text("utf-8")):
                places[name].add(place)
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert twice == STILL_TWO, "give the new one a name of its own"
