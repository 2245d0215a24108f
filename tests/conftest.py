"""What several test modules share: the browser, and the word about it at the end of a run."""

from __future__ import annotations

import os
import shutil

import pytest

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
