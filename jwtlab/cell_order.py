"""A cell that was run before the one it needs: a sentence that names that cell, instead of a traceback.

A lesson reads from top to bottom, and nobody has to. `watch` looks on in a kernel: which cell of the lesson has
run, and what ended in an error. If that cell uses a name that an earlier cell of the lesson makes, and that
earlier cell has not run, or another one has given the name another value since, then this is said first.

Nothing is read before something goes wrong. A cell whose names are all in order keeps its traceback, and so
does everything in a notebook that is no lesson. The kernels of ``jwtlab lab`` are watched from their start,
others from the lesson's first cell.
"""

from __future__ import annotations

import ast
import builtins
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

LESSON = re.compile(r"\d\d_\w+")
_WATCHED = "_jwtlab_cell_order"


@dataclass(frozen=True)
class CodeCell:
    """A code cell of a lesson.

    Attributes:
        place: its number among the code cells, from 0.
        id: its id in the notebook, which stays when its text is changed; empty in old notebooks.
        source: its text.
        makes: the names that it gives a value.
        needs: the names that it uses and does not make before.
    """

    place: int
    id: str
    source: str
    makes: frozenset[str] = field(default=frozenset(), repr=False)
    needs: frozenset[str] = field(default=frozenset(), repr=False)

    def in_words(self) -> str:
        """How a learner finds it."""
        if self.place == 0:
            return "the first code cell of this lesson, which opens the lab"
        lines = (
            line for line in self.source.splitlines() if line.strip() and not line.lstrip().startswith("#")
        )
        first = next(lines, "").strip()
        return f"code cell {self.place + 1} of this lesson, which begins with: {first[:70]}"


class _Names(ast.NodeVisitor):
    """The names of a cell, in the order in which Python meets them."""

    def __init__(self) -> None:
        self.makes: set[str] = set()
        self.needs: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.makes.add(node.id)
        elif node.id not in self.makes:
            self.needs.add(node.id)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.makes.update((each.asname or each.name).partition(".")[0] for each in node.names)

    visit_ImportFrom = visit_Import  # noqa: N815

    def visit_Assign(self, node: ast.Assign) -> None:
        for part in (node.value, *node.targets):  # the value is there first
            self.visit(part)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name) and node.target.id not in self.makes:
            self.needs.add(node.target.id)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: Any) -> None:
        """What its body uses is needed when it is called, which may be in this cell."""
        self.makes.add(node.name)
        self._inner(node, {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)})

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._inner(node, {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)})

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.makes.add(node.name)
        self._inner(node, set())

    def visit_ListComp(self, node: Any) -> None:
        self._inner(node, set())

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp  # noqa: N815

    def _inner(self, node: ast.AST, bound: set[str]) -> None:
        """A scope of its own: its names are not the cell's."""
        stored = {
            each.id
            for each in ast.walk(node)
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        }
        used = {
            each.id
            for each in ast.walk(node)
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
        }
        self.needs |= used - stored - bound - self.makes


def names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a cell makes, and those that it needs; none if it is not Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return frozenset(), frozenset()
    found = _Names()
    found.visit(tree)
    return frozenset(found.makes), frozenset(found.needs - set(dir(builtins)))


def cells(notebook: Path) -> tuple[CodeCell, ...]:
    """The code cells of a notebook; none if it cannot be read."""
    try:
        document = json.loads(notebook.read_text("utf-8"))
        code = [each for each in document["cells"] if each["cell_type"] == "code"]
        texts = [
            each["source"] if isinstance(each["source"], str) else "".join(each["source"]) for each in code
        ]
        return tuple(
            CodeCell(place, str(each.get("id", "")), text, *names(text))
            for place, (each, text) in enumerate(zip(code, texts, strict=True))
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return ()


@dataclass(frozen=True)
class RunFirst:
    """What to run first.

    Attributes:
        cell: this one.
        missing: the name that has no value; empty if the names have values, and others than they should.
        all_above: everything from there on: something else than a name is missing or changed.
    """

    cell: CodeCell
    missing: str = ""
    all_above: bool = False

    def in_words(self) -> str:
        if self.all_above:
            return (
                "If your own lines are right: the cells of this lesson were not run in their order, so one of them may "
                "have changed what this cell works with, or not made it yet. Run > Run All Above Selected Cell, then "
                "run this cell again."
            )
        what = (
            f"{self.missing} is not there yet" if self.missing else "What this cell needs has changed since"
        )
        return (
            f"{what}. Run {self.cell.in_words()}\n"
            "Then run this cell again. (Run > Run All Above Selected Cell does it too.)"
        )


class Order:
    """What has run in one kernel.

    Args:
        notebook: the lesson's file; by default the one that the front end has opened.

    Attributes:
        latest: the last advice.
    """

    def __init__(self, notebook: Path | None = None) -> None:
        self.notebook = notebook
        self.latest: RunFirst | None = None
        self._ran: list[tuple[str, str, bool]] = []

    def note(self, source: str, cell_id: str | None, good: bool) -> None:
        """A cell has run."""
        self._ran.append((source, cell_id or "", good))

    def advice(self, source: str, cell_id: str | None, missing: str, known: Sequence[str]) -> RunFirst | None:
        """What to run first, if it is that.

        Args:
            source, cell_id: the cell that ended in an error. One of the learner's own is only told of a name that
                is not there.
            missing: the name that was not there, or ``""`` for another error.
            known: the names that have a value.
        """
        lesson = cells(self._file())
        here = _found(lesson, source, cell_id or "")
        place = here.place if here else len(lesson)
        ran = [(cell.place, good) for text, id, good in self._ran if (cell := _found(lesson, text, id))]
        needed = [missing] if missing else sorted(names(source)[1] if here else ())
        makers = [cell for name in needed if (cell := _maker(lesson, name, place, ran, name in known))]
        self.latest = None
        if makers:
            self.latest = RunFirst(min(makers, key=lambda each: each.place), missing)
        elif not missing and here and not _in_order(place, ran):
            self.latest = RunFirst(lesson[0], all_above=True)
        return self.latest

    def _file(self) -> Path:
        if self.notebook is not None:
            return self.notebook
        opened = Path(os.environ.get("JPY_SESSION_NAME", ""))  # the server says so, since jupyter_server 2
        return Path(opened.name) if LESSON.fullmatch(opened.stem) else Path()


def _found(lesson: Sequence[CodeCell], source: str, cell_id: str) -> CodeCell | None:
    """The lesson's cell that was run: by its id, or by its text where a front end gives ids of its own."""
    by_id = (each for each in lesson if cell_id and each.id == cell_id)
    return next(by_id, None) or next((each for each in lesson if each.source == source), None)


def _in_order(place: int, ran: Sequence[tuple[int, bool]]) -> bool:
    """Has everything above a cell run, and nothing below it?"""
    done = {each for each, good in ran if good}
    return done.issuperset(range(place)) and not any(each > place for each, _ in ran)


def _maker(
    lesson: Sequence[CodeCell], name: str, place: int, ran: Sequence[tuple[int, bool]], known: bool
) -> CodeCell | None:
    """The cell above that should have made the name last, unless it has."""
    above = [each for each in lesson[:place] if name in each.makes]
    if not above:
        return None
    wanted = above[-1]
    makers = [(each, good) for each, good in ran if name in lesson[each].makes and each != place]
    is_last = not makers or makers[-1] == (wanted.place, True)
    return None if known and is_last else wanted


def watch(shell: Any, notebook: Path | None = None) -> Order | None:
    """Look on in a kernel from now on. Twice is once.

    Args:
        shell: what ``get_ipython()`` gives there; ``None`` outside of a kernel.
        notebook: the lesson's file, if it is known.
    """
    if shell is None or not hasattr(shell, "set_custom_exc"):
        return None
    known: Order | None = getattr(shell, _WATCHED, None)
    if known is not None:
        if notebook is not None and notebook.is_file():
            known.notebook = notebook
        return known
    order = Order(notebook)
    setattr(shell, _WATCHED, order)
    running: dict[str, Any] = {}

    def begin(info: Any) -> None:
        running.update(source=info.raw_cell, id=getattr(info, "cell_id", None))

    def end(result: Any) -> None:
        order.note(result.info.raw_cell, getattr(result.info, "cell_id", None), result.success)

    def told(
        shell: Any,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType,
        tb_offset: int | None = None,
    ) -> None:
        missing = str(error.name or "") if isinstance(error, NameError) else ""
        advice = (
            order.advice(running["source"], running["id"], missing, list(shell.user_ns)) if running else None
        )
        if advice and missing:
            error._render_traceback_ = lambda: [advice.in_words()]  # type: ignore[attr-defined]
        elif advice:
            error.add_note(advice.in_words())
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)

    shell.events.register("pre_run_cell", begin)
    shell.events.register("post_run_cell", end)
    shell.set_custom_exc((Exception,), told)
    return order
