"""Which tests run a line, and what they say to a mutant of it (see code_mutants.py)."""

from __future__ import annotations

import ast
import functools
import importlib.machinery
import importlib.util
import json
import os
import resource
import shutil
import sys
import tempfile
import traceback
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import coverage
import pytest
from code_mutants_made import Mutant
from code_mutants_quick import OUT_OF_TIME, Answer, Loop, Quick, give_time
from hypothesis import HealthCheck, Phase, settings

# They start interpreters of their own, which read the files as they are.
LEFT_OUT = ("test_one_row.py", "test_purity.py", "test_made_up", "test_concurrency.py", "test_web_browser.py")
OFTEN_USED = (
    "hypothesis",
    "cryptography.hazmat.primitives.asymmetric.rsa",
    "jwt",
    "joserfc.jwt",
    "flask",
    "httpx",
    "jinja2",
    "requests",
    "werkzeug.serving",
    "requests_oauthlib",
    "authlib.integrations.requests_client",
    "bs4",
)
KEPT = ".mutants"
MEMORY = 4 << 30
_AT_IMPORT = ""  # in place of the name of a test
_BROKEN = 99  # our own mistake, and no test's word


def warm_up() -> None:
    """Import what every test needs once, before the processes fork; never jwtlab itself."""
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(Path(KEPT).resolve() / "bytecode")
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(Path(KEPT).resolve() / "hypothesis")
    for name in OFTEN_USED:
        if importlib.util.find_spec(name.partition(".")[0]):
            importlib.import_module(name)
    calm = {
        "deadline": None,
        "derandomize": True,
        "database": None,
        "suppress_health_check": list(HealthCheck),
    }
    settings.register_profile("mutants", **calm, phases=(Phase.explicit, Phase.generate))  # shrinks nothing
    settings.load_profile("mutants")
    assert "jwtlab" not in sys.modules, "a mutant has to be imported anew"


@dataclass(frozen=True)
class Coverage:
    """Measured once: the tests of each line, and how long each test takes."""

    lines: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]

    @classmethod
    def measured(cls, root: Path, files: list[Path], suite: str, again: bool) -> Coverage:
        """What is kept, or a run of the suite, such as ``"tests/jose"``."""
        kept = root / KEPT / f"{Path(suite).name}.json"
        if again or not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            print(f"which test runs which line: one run of {suite}", file=sys.stderr, flush=True)
            _in_child(lambda: _record(root, files, suite, kept))
        if not kept.exists():
            raise SystemExit(f"the suite could not be run; python -m pytest {suite} says why")
        found = json.loads(kept.read_text("utf-8"))
        lines = {
            name: {int(line): tests for line, tests in rows.items()} for name, rows in found["lines"].items()
        }
        return cls(lines, found["seconds"])

    def tests_of(self, mutant: Mutant) -> dict[str, float]:
        """Those that run the line, the quickest first, with the seconds each takes.

        A line that runs at the import alone, such as a decorator or a field of a dataclass, has all of them: what it
        makes may be used without running a line of its file. Those of its function or class come first, then those
        of its module.
        """
        rows = self.lines.get(mutant.name, {})
        at_import = _AT_IMPORT in rows.get(mutant.line_number, ())
        found: dict[str, float] = {}
        for numbers in ([mutant.line_number], mutant.around, rows):
            found |= self._quickest({test for number in numbers for test in rows.get(number, ())})
            if found and not at_import:
                return found
        return found | self._quickest(set(self.seconds))

    def _quickest(self, tests: set[str]) -> dict[str, float]:
        good = [test for test in tests if test in self.seconds]
        return {
            test: self.seconds[test] for test in sorted(good, key=lambda test: (self.seconds[test], test))
        }


class _Recording:
    """For pytest: says to the coverage which test begins, and notes how long those that pass take."""

    def __init__(self, measuring: coverage.Coverage) -> None:
        self.measuring, self.seconds = measuring, dict[str, float]()

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self.measuring.switch_context(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.seconds[report.nodeid] = report.duration


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


def _record(root: Path, files: list[Path], suite: str, kept: Path) -> int:
    data_file = kept.with_suffix(".data")
    measuring = coverage.Coverage(data_file=str(data_file), include=[str(file) for file in files])
    recording = _Recording(measuring)
    measuring.start()
    pytest.main([*_QUIET, *_IGNORED, suite], plugins=[recording])
    measuring.stop()
    measuring.save()
    data, lines = measuring.get_data(), defaultdict(dict)
    for file in files:
        for number, tests in data.contexts_by_lineno(str(file)).items():
            lines[file.relative_to(root).as_posix()][number] = sorted(tests)
    kept.write_text(json.dumps({"lines": lines, "seconds": recording.seconds}), "utf-8")
    data_file.unlink(missing_ok=True)
    return 0


_KNOWN = ("-W", "ignore::pytest.PytestAssertRewriteWarning")  # warm_up has imported plugins already
_QUIET = ("-q", "-n", "0", "-p", "no:cacheprovider", "-p", "no:jwtlab", "--no-header", "--tb=no", *_KNOWN)
_IGNORED = [f"--ignore-glob=*{name}*" for name in LEFT_OUT]


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

        A rough look asks no test of more than half a second, and a survivor of the quick way is taken for one.
        """
        tests = self.known.tests_of(mutant)
        if rough:
            tests = {test: seconds for test, seconds in tests.items() if seconds < 0.5}
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
        if rough and found is not None:
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
        code = _in_child(lambda: _try(mutant, tests, self.root))
        if code in OUT_OF_TIME:
            return "without end"
        if code in (_BROKEN, pytest.ExitCode.NO_TESTS_COLLECTED):
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
    _be_quiet()
    folder = tempfile.mkdtemp()
    pytest.main(
        [*_QUIET, "--capture=sys", *_IGNORED, f"--basetemp={folder}/tests", suite], plugins=[Loop(line)]
    )
    shutil.rmtree(folder, ignore_errors=True)


def _useless(source: str) -> str:
    """A module whose functions raise at once."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and isinstance(node.body[0], ast.Expr | ast.Return):
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
    code = int(pytest.main([*_QUIET, "-x", f"--basetemp={folder}/tests", *files], plugins=[_Chosen(tests)]))
    shutil.rmtree(folder, ignore_errors=True)
    return code


def _in_child(work: Callable[[], int]) -> int:
    """What the work gives back in a process of its own; below zero, as os.waitstatus_to_exitcode has it, if ended."""
    child = os.fork()
    if child == 0:
        _be_quiet()
        code = _BROKEN
        try:
            code = work()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _be_quiet() -> None:
    log = os.open(os.environ.get("CODE_MUTANTS_LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
