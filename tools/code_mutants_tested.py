"""What the tests say to a mutant: in the quick way, and with everything imported anew (see code_mutants.py)."""

from __future__ import annotations

import ast
import functools
import importlib.machinery
import importlib.util
import shutil
import sys
import tempfile
import traceback
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from code_mutants_coverage import Coverage
from code_mutants_made import Mutant
from code_mutants_process import BROKEN, IGNORED, QUIET, be_quiet, in_child
from code_mutants_quick import OUT_OF_TIME, Answer, Loop, Quick, give_time


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.mutated = source.encode("utf-8")

    def get_data(self, path: str) -> bytes:
        return self.mutated

    def path_stats(self, path: str) -> Any:
        raise OSError("no bytecode is kept of a mutant")


class _Finder:
    """In front of all others: gives the mutant in place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        parts = Path(mutant.name).with_suffix("").parts
        self.name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        self.mutant = mutant

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        if name != self.name:
            return None
        loader = _Loader(name, str(self.mutant.path), self.mutant.source)
        return importlib.util.spec_from_file_location(name, self.mutant.path, loader=loader)


class _Chosen:
    """For pytest: these tests alone, in this order."""

    def __init__(self, tests: dict[str, float]) -> None:
        self.order = {test: number for number, test in enumerate(tests)}
        self.seconds = tests

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        give_time(self.seconds[item.nodeid])

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self.order), key=lambda item: self.order[item.nodeid]
        )


class Suite:
    """Asks the tests of a folder, such as ``"tests/jose"``, what they say to a mutant."""

    def __init__(self, root: Path, suite: str, known: Coverage) -> None:
        self.root, self.known = root, known
        self.quick = Quick(functools.partial(_serve, suite))
        self.trusted: dict[str, bool] = {}

    def close(self) -> None:
        """End the process that has imported everything."""
        self.quick.close()

    def outcome(self, mutant: Mutant, rough: bool = False) -> tuple[str, str]:
        """``"killed"``, ``"survived"``, ``"without end"`` or ``"not run"``, and the test that told it.

        A rough look asks no test of more than a tenth of a second, and a survivor of the quick way is taken for one.
        """
        tests = self.known.tests_of(mutant)
        if rough:
            tests = {test: seconds for test, seconds in tests.items() if seconds < 0.1}
        if not tests:
            return "not run", ""
        while tests:
            found = self.quick.ask(mutant, tests)
            if found is None or found.fate == "passed":
                break
            alone = {found.test: tests.pop(found.test)}
            if self._trusted(mutant, alone) and self.quick.ask(mutant, alone) == found:
                return ("killed" if found.fate == "failed" else found.fate), found.test
            # else it failed for another reason than the mutant: the others are asked
        if rough and found is not None and not self.known.at_import(mutant):
            return "survived", ""
        return self.slow_outcome(mutant, tests), ""

    def _trusted(self, mutant: Mutant, test: dict[str, float]) -> bool:
        """Does the test pass alone, without the mutant? Otherwise its word is worth nothing."""
        name = next(iter(test))
        if name not in self.trusted:
            sound = replace(mutant, source=mutant.path.read_text("utf-8"))
            self.trusted[name] = self.quick.ask(sound, test) == Answer("passed")
        return self.trusted[name]

    def slow_outcome(self, mutant: Mutant, tests: dict[str, float]) -> str:
        """The same with everything imported anew."""
        code = in_child(lambda: _try(mutant, tests, self.root))
        if code in OUT_OF_TIME:
            return "without end"
        if code in (BROKEN, pytest.ExitCode.NO_TESTS_COLLECTED):
            raise SystemExit(
                f"{mutant.name}: the tests could not be asked; CODE_MUTANTS_LOG=FILE keeps what they say"
            )
        return "survived" if code == 0 else "killed"

    def can_tell(self, file: Path) -> bool:
        """Is the module as it is let pass, and a broken one refused, in both ways? Else no figure is good."""
        name, source = file.relative_to(self.root).as_posix(), file.read_text("utf-8")
        sound = Mutant(file, name, 0, range(0), "", "", "", source)
        tests = dict(list(self.known.tests_of(sound).items())[:200])
        useless = self.quick.ask(replace(sound, source=_useless(source)), tests)
        return (
            self.quick.ask(sound, tests) == Answer("passed")
            and useless is not None
            and useless.fate == "failed"
            and self.slow_outcome(sound, tests) == "survived"
            and self.slow_outcome(replace(sound, source=source + "\nraise RuntimeError\n"), tests) == "killed"
        )


def _serve(suite: str, line: Connection) -> None:
    be_quiet()
    folder = tempfile.mkdtemp()
    pytest.main(
        [*QUIET, "--capture=sys", *IGNORED, f"--basetemp={folder}/tests", suite], plugins=[Loop(line)]
    )
    shutil.rmtree(folder, ignore_errors=True)


_SIMPLE = (ast.Expr, ast.Return, ast.Assign, ast.Raise)


def _useless(source: str) -> str:
    """A module whose functions raise at once."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and isinstance(node.body[0], _SIMPLE):
            first, column = node.body[0].lineno - 1, node.body[0].col_offset
            lines[first] = f"{lines[first][:column]}raise RuntimeError; {lines[first][column:]}"
    return "\n".join(lines)


def _try(mutant: Mutant, tests: dict[str, float], root: Path) -> int:
    finder = _Finder(mutant)
    sys.meta_path.insert(0, finder)
    give_time(0)
    try:
        # now, because pytest puts a finder of its own in front of all others
        importlib.import_module(finder.name)
    except Exception:
        traceback.print_exc()
        return 1
    give_time(sum(tests.values()))  # for the collection
    files = sorted({test.partition("::")[0] for test in tests})
    folder = tempfile.mkdtemp()
    code = int(pytest.main([*QUIET, "-x", f"--basetemp={folder}/tests", *files], plugins=[_Chosen(tests)]))
    shutil.rmtree(folder, ignore_errors=True)
    return code
