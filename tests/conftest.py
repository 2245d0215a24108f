"""What several test modules share: the browser, and the word about it at the end of a run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "jwtlab"

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
REASON = "no Chromium or Chrome on the PATH: the browser tests were left out"


def find_chromium() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the browser is; without one the test is skipped, or fails where one is required."""
    path = find_chromium()
    if path is None and os.environ.get("JWTLAB_REQUIRE_BROWSER"):
        pytest.fail(REASON)
    if path is None:
        pytest.skip(REASON)
    return path


class MadeUp:
    """A copy of the package in which a test adds what does not exist, as a developer would: in the source."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(PACKAGE, folder / "jwtlab")

    def write(self, name: str, text: str) -> None:
        """A new file."""
        self.folder.joinpath("jwtlab", name).write_text(text, "utf-8")

    def add(self, name: str, after: str, text: str) -> None:
        """A text behind one that stands in a file once."""
        path = self.folder / "jwtlab" / name
        source = path.read_text("utf-8")
        assert source.count(after) == 1, f"{after!r} in {name}: {source.count(after)}"
        path.write_text(source.replace(after, after + text), "utf-8")

    def run(self, code: str) -> dict:
        """What a fresh interpreter with this copy puts into ``found``."""
        program = f"found = {{}}\n{code}\nimport json\nprint(json.dumps(found, default=list))"
        environment = os.environ | {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, env=environment, cwd=self.folder
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def made_up(tmp_path) -> MadeUp:
    """A copy of the package to add something to."""
    return MadeUp(tmp_path)


def pytest_terminal_summary(terminalreporter):
    """One plain line: how many browser tests ran, or why none did; nothing if none was asked for."""
    ran, skipped = (
        _browser_tests(terminalreporter, *kinds) for kinds in (("passed", "failed"), ("skipped", "error"))
    )
    if ran:
        terminalreporter.write_line(f"browser tests: {ran} ran with {find_chromium()}")
    elif skipped:
        terminalreporter.write_line(f"browser tests: none ran; {find_chromium() or REASON}")


def _browser_tests(terminalreporter, *kinds):
    reports = [report for kind in kinds for report in terminalreporter.stats.get(kind, [])]
    return sum("browser" in getattr(report, "keywords", ()) for report in reports)
