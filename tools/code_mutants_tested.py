"""Which tests run a line, and what they say to a mutant of it (see code_mutants.py)."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import coverage
import pytest
from code_mutants_made import Mutant

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
MOST_TESTS = 600
MEMORY = 4 << 30
_BROKEN = 99  # our own mistake, and no test's word


def warm_up() -> None:
    """Import what every test needs once, before the processes fork; never jwtlab itself."""
    for name in OFTEN_USED:
        if importlib.util.find_spec(name.partition(".")[0]):
            importlib.import_module(name)
    assert "jwtlab" not in sys.modules, "a mutant has to be imported anew"


@dataclass(frozen=True)
class Coverage:
    """Measured once: the tests of each line, and how long each test takes."""

    lines: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]

    @classmethod
    def measured(cls, root: Path, files: list[Path], suite: str, again: bool) -> Coverage:
        """What is kept, or a run of the suite, such as ``"tests/jose"``."""
        kept = root / ".mutants" / f"{Path(suite).name}.json"
        if again or not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            print(f"which test runs which line: one run of {suite}", file=sys.stderr, flush=True)
            _in_child(lambda: _record(root, files, suite, kept), 3600)
        if not kept.exists():
            raise SystemExit(f"the suite could not be run; python -m pytest {suite} says why")
        found = json.loads(kept.read_text("utf-8"))
        lines = {
            name: {int(line): tests for line, tests in rows.items()} for name, rows in found["lines"].items()
        }
        return cls(lines, found["seconds"])

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Those that run the line, the quickest first.

        A line that runs at the import alone, such as a decorator, has those of its function or class, or of the
        whole module.
        """
        rows = self.lines.get(mutant.name, {})
        for numbers in ([mutant.line_number], mutant.around, rows):
            tests = {test for number in numbers for test in rows.get(number, ())} - {""}
            if tests:
                break
        good = [test for test in tests if test in self.seconds]
        return sorted(good, key=lambda test: (self.seconds[test], test))[:MOST_TESTS]


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

    def __init__(self, tests: list[str]) -> None:
        self.order = {test: number for number, test in enumerate(tests)}
        self.seen = 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self.order), key=lambda item: self.order[item.nodeid]
        )


def _record(root: Path, files: list[Path], suite: str, kept: Path) -> int:
    data_file = kept.with_suffix(".data")
    measuring = coverage.Coverage(data_file=str(data_file), include=[str(file) for file in files])
    recording = _Recording(measuring)
    measuring.start()
    ignored = [f"--ignore-glob=*{name}*" for name in LEFT_OUT]
    pytest.main([*_QUIET, *ignored, suite], plugins=[recording])
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


def outcome(mutant: Mutant, known: Coverage, root: Path) -> str:
    """``"killed"``, ``"survived"``, ``"without end"``, or ``"not run"`` by any test."""
    tests = known.tests_of(mutant)
    if not tests:
        return "not run"
    code = _in_child(lambda: _try(mutant, tests, root), 30 + 10 * sum(known.seconds[test] for test in tests))
    if code is None:
        return "without end"
    if code == _BROKEN or code == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise SystemExit(
            f"{mutant.name}: the tests could not be asked; CODE_MUTANTS_LOG=FILE keeps what they say"
        )
    return "survived" if code == 0 else "killed"


def can_tell(known: Coverage, file: Path, root: Path) -> bool:
    """Is the module as it is let pass, and one that cannot be imported refused? Otherwise no figure means a thing."""
    name, source = file.relative_to(root).as_posix(), file.read_text("utf-8")
    sound = Mutant(file, name, 0, range(0), "", "", "", source)
    broken = replace(sound, source=source + "\nraise RuntimeError\n")
    return (outcome(sound, known, root), outcome(broken, known, root)) == ("survived", "killed")


def _try(mutant: Mutant, tests: list[str], root: Path) -> int:
    finder = _Finder(mutant)
    sys.meta_path.insert(0, finder)
    try:
        importlib.import_module(
            finder.name
        )  # now, because pytest puts a finder of its own in front of all others
    except Exception:
        traceback.print_exc()
        return 1
    files = sorted({test.partition("::")[0] for test in tests})
    return int(pytest.main([*_QUIET, "-x", *files], plugins=[_Chosen(tests)]))


def _in_child(work: Callable[[], int], seconds: float) -> int | None:
    """What the work gives back in a process of its own; ``None`` if it had to be ended."""
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
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _be_quiet() -> None:
    log = os.open(os.environ.get("CODE_MUTANTS_LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.gettempdir() + "/hypothesis-of-mutants"
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
