"""The mutants of a module: cosmic-ray's operators, and two of our own (see code_mutants.py)."""

from __future__ import annotations

import ast
import difflib
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cosmic_ray.plugins
import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code
from parso.python.tree import Keyword

# Replaced at random, by no seed of ours.
LEFT_OUT = ("core/VariableReplacer", "core/VariableInserter")


@dataclass(frozen=True)
class Mutant:
    """A module with one fault.

    Attributes:
        path: the file.
        name: the file, seen from the project's folder.
        line_number: where the fault is.
        around: the lines of the function or class that it is in, decorators and all.
        operator: what was done.
        before, after: the line, without and with it.
        source: the whole module with it.
    """

    path: Path
    name: str
    line_number: int
    around: range
    operator: str
    before: str
    after: str
    source: str

    @property
    def label(self) -> str:
        """What tells it from the others, whatever lines are added above it."""
        return f"{self.name}: {self.operator}: {self.before} -> {self.after}"


class NoRefusal:
    """Of our own: a ``raise`` that does nothing."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        if node.type == "raise_stmt":
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        return Keyword("pass", node.start_pos, prefix=node.get_first_leaf().prefix)


class CheckLeftOut:
    """Of our own: a tuple of checks, such as ``Policy((a, b))``, with one thing fewer."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        for element in self._elements(node):
            yield element.start_pos, element.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        position = node.children.index(self._elements(node)[index])
        del node.children[position : position + 2]  # with its comma
        return node

    @staticmethod
    def _elements(node: Any) -> list[Any]:
        if node.type != "testlist_comp" or node.parent.type != "atom" or len(node.children) < 3:
            return []
        opening, above = node.parent.children[0].value, node.parent.parent
        called = above is not None and above.type in ("trailer", "arglist", "argument")
        return node.children[::2] if opening == "(" and called else []


OWN = {"own/NoRefusal": NoRefusal, "own/CheckLeftOut": CheckLeftOut}


@dataclass(frozen=True)
class Place:
    """Where a module can be spoiled, and how."""

    path: Path
    operator: str
    occurrence: int

    def mutant(self, root: Path) -> Mutant | None:
        """The module with this fault; ``None`` where that is the same program, or none."""
        return _mutant(self.path, root, self.operator, self.occurrence)


def places(path: Path, seed: int = 0) -> list[Place]:
    """One fault of each kind in each place: several ways to spoil one comparison are not several tests.

    Which of the ways is drawn by the place and the seed, so it is the same in every run with that seed.
    """
    source = path.read_text("utf-8")
    nodes = list(ast_nodes(parso.parse(source)))
    without_effect = _annotations(source)
    ways: dict[tuple[Any, str], list[Place]] = defaultdict(list)
    for name in sorted({*cosmic_ray.plugins.operator_names(), *OWN} - set(LEFT_OUT)):
        operator, occurrence = _operator(name), 0
        for node in nodes:
            for start, _ in operator.mutation_positions(node):
                if start not in without_effect and not _by_identity(name):
                    ways[start, name.rsplit("_", 1)[0]].append(Place(path, name, occurrence))
                occurrence += 1
    return [
        random.Random(f"{seed} {path.name} {start} {kind}").choice(names)
        for (start, kind), names in sorted(ways.items())
    ]


def drawn(found: list[Place], count: int, seed: int, root: Path) -> list[Mutant]:
    """A sample of mutants, in the order in which they are drawn: whoever stops early has a sample too."""
    mixed = list(found)
    random.Random(seed).shuffle(mixed)
    sample: list[Mutant] = []
    for place in mixed:
        if len(sample) == count:
            break
        mutant = place.mutant(root)
        if mutant is not None:
            sample.append(mutant)
    return sample


def _operator(name: str) -> Any:
    return OWN[name]() if name in OWN else cosmic_ray.plugins.get_operator(name)()


def _by_identity(name: str) -> bool:
    """``==`` for ``is`` and back: for texts, enumerations and small numbers the same."""
    if name.endswith(("_Is_Eq", "_IsNot_NotEq")):
        return True
    return name.endswith(("_Is", "_IsNot")) and "_Is_" not in name and "_IsNot_" not in name


def _mutant(path: Path, root: Path, name: str, occurrence: int) -> Mutant | None:
    source = path.read_text("utf-8")
    try:
        changed = mutate_code(source, _operator(name), occurrence)
    except AttributeError:  # cosmic-ray replaces names of exceptions, and not module.Exception
        return None
    if changed is None:
        return None
    try:
        same = ast.dump(ast.parse(changed)) == ast.dump(ast.parse(source))
    except SyntaxError:  # no mutant: Python itself refuses it
        return None
    if same:
        return None
    number, before, after = _difference(source.splitlines(), changed.splitlines())
    file = path.relative_to(root).as_posix()
    return Mutant(path, file, number, _around(source, number), name.partition("/")[2], before, after, changed)


def _around(source: str, number: int) -> range:
    spans = [
        range(min([node.lineno, *(each.lineno for each in node.decorator_list)]), (node.end_lineno or 0) + 1)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    return min((span for span in spans if number in span), key=len, default=range(0))


def _difference(before: list[str], after: list[str]) -> tuple[int, str, str]:
    """The number of the first line that differs, and what stands there in the one and in the other."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        gone = [(number, line.strip()) for number, line in enumerate(before[first:last], first + 1)]
        if kind != "equal" and any(line for _, line in gone):
            words = " ".join(line for _, line in gone if line)
            instead = " ".join(line.strip() for line in after[begin:end] if line.strip())
            return next(number for number, line in gone if line), words, instead
    raise AssertionError("two programs that differ have a line that differs")


def _annotations(source: str) -> set[tuple[int, int]]:
    """Places in annotations, which nobody evaluates (PEP 563)."""
    places: set[tuple[int, int]] = set()
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if part is not None:
                places |= set(_between(lines, part))
    return places


def _between(lines: list[str], part: ast.expr) -> Iterator[tuple[int, int]]:
    for number in range(part.lineno, (part.end_lineno or part.lineno) + 1):
        first = part.col_offset if number == part.lineno else 0
        last = part.end_col_offset if number == part.end_lineno else len(lines[number - 1])
        yield from ((number, column) for column in range(first, (last or 0) + 1))
