"""Which tests run a line, and how long each takes: measured once, and anew for what has changed since."""

from __future__ import annotations

import difflib
import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import coverage
import pytest
from code_mutants_made import Mutant
from code_mutants_process import BROKEN, KEPT, LEFT_OUT, QUIET, in_child

_AT_IMPORT = ""  # in place of the name of a test


@dataclass(frozen=True)
class Coverage:
    """Measured once: the tests of each line, and how long each test takes."""

    lines: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]

    @classmethod
    def measured(cls, root: Path, files: list[Path], suite: str, again: bool) -> Coverage:
        """What is kept of a suite, such as ``"tests/jose"``; new and changed files of tests are run once.

        Lines that have moved since keep their tests; changed ones have none, see `tests_of`.
        """
        kept = root / KEPT / f"{Path(suite).name}.json"
        kept.parent.mkdir(exist_ok=True)
        before = _Kept() if again or not kept.exists() else _Kept(**json.loads(kept.read_text("utf-8")))
        there = _files_of_tests(root, suite)
        changed = [name for name, written in there.items() if before.tests.get(name) != written]
        sources = {file.relative_to(root).as_posix(): file.read_text("utf-8") for file in files}
        if changed or sources != before.sources:
            before = before.without([*changed, *(before.tests.keys() - there.keys())]).moved_to(sources)
        if changed:
            print(f"which test runs which line: {len(changed)} files of {suite}", file=sys.stderr, flush=True)
            if in_child(lambda: _record(root, files, changed, before, kept)) != 0:
                raise SystemExit(f"the suite could not be run; python -m pytest {suite} says why")
            before = _Kept(**json.loads(kept.read_text("utf-8")))
        before.tests, before.sources = there, sources
        kept.write_text(json.dumps(vars(before), ensure_ascii=False), "utf-8")
        lines = {
            name: {int(line): [before.names[number] for number in tests] for line, tests in rows.items()}
            for name, rows in before.lines.items()
        }
        return cls(lines, before.seconds)

    def tests_of(self, mutant: Mutant) -> dict[str, float]:
        """Those that run the line, the quickest first, with the seconds each takes.

        A line that runs at the import alone, such as a decorator or a field of a dataclass, has all of them: what it
        makes may be used without running a line of its file. Those of its function or class come first, then those
        of its module.
        """
        rows = self.lines.get(mutant.name, {})
        at_import = self.at_import(mutant)
        found: dict[str, float] = {}
        for numbers in ([mutant.line_number], mutant.around, rows):
            found |= self._quickest({test for number in numbers for test in rows.get(number, ())})
            if found and not at_import:
                return found
        return found | self._quickest(set(self.seconds))

    def at_import(self, mutant: Mutant) -> bool:
        """Does the line run when its module is imported, or a module that asks it for something?"""
        return _AT_IMPORT in self.lines.get(mutant.name, {}).get(mutant.line_number, ())

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


@dataclass
class _Kept:
    """What is kept in .mutants/.

    Attributes:
        names: of the tests.
        lines: file -> line -> the tests that run it, as places in ``names``.
        seconds: name of a test -> how long it takes.
        tests: file of tests -> digest of what stood in it.
        sources: file of the package -> what stood in it.
    """

    names: list[str] = field(default_factory=list)
    lines: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    tests: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def without(self, files: Iterable[str]) -> _Kept:
        """As if these files of tests had never been run."""
        gone = set(files)
        out = {number for number, name in enumerate(self.names) if name.partition("::")[0] in gone}
        self.lines = {
            name: {line: [test for test in tests if test not in out] for line, tests in rows.items()}
            for name, rows in self.lines.items()
        }
        self.seconds = {
            name: taken for name, taken in self.seconds.items() if name.partition("::")[0] not in gone
        }
        return self

    def moved_to(self, sources: dict[str, str]) -> _Kept:
        """The lines where they stand now."""
        for name, rows in self.lines.items():
            before, now = self.sources.get(name, ""), sources.get(name, "")
            if before != now:
                matcher = difflib.SequenceMatcher(None, before.splitlines(), now.splitlines(), autojunk=False)
                self.lines[name] = {
                    str(new + step + 1): rows[str(old + step + 1)]
                    for old, new, size in matcher.get_matching_blocks()
                    for step in range(size)
                    if str(old + step + 1) in rows
                }
        return self

    def add(self, name: str, line: int, tests: Iterable[str], numbers: dict[str, int]) -> None:
        """These tests run this line too."""
        row = self.lines.setdefault(name, {}).setdefault(str(line), [])
        for test in sorted(tests):
            if test not in numbers:
                numbers[test] = len(self.names)
                self.names.append(test)
            if numbers[test] not in row:
                row.append(numbers[test])


def _files_of_tests(root: Path, suite: str) -> dict[str, str]:
    return {
        file.relative_to(root).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted((root / suite).rglob("test_*.py"))
        if not any(name in file.name for name in LEFT_OUT)
    }


def _record(root: Path, files: list[Path], tests: list[str], known: _Kept, kept: Path) -> int:
    data_file = kept.with_suffix(".data")
    data_file.unlink(missing_ok=True)
    measuring = coverage.Coverage(data_file=str(data_file), include=[str(file) for file in files])
    recording = _Recording(measuring)
    measuring.start()
    code = pytest.main([*QUIET, *tests], plugins=[recording])
    measuring.stop()
    measuring.save()
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return BROKEN
    data, numbers = measuring.get_data(), {name: number for number, name in enumerate(known.names)}
    for file in files:
        name = file.relative_to(root).as_posix()
        for line, found in data.contexts_by_lineno(str(file)).items():
            known.add(name, line, found, numbers)
    known.seconds |= recording.seconds
    kept.write_text(json.dumps(vars(known), ensure_ascii=False), "utf-8")
    data_file.unlink(missing_ok=True)
    return 0
