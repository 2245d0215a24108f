"""Where an application notes what it has checked, for the record of the exchange that it answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from jwtlab.checks import Report

_reports: ContextVar[list[tuple[str, Report]] | None] = ContextVar("reports", default=None)


def record_report(name: str, report: Report) -> Report:
    """Note what an application has checked; it appears in the exchange that is being answered.

    Args:
        name: of the decision, such as ``"authorization request"``.
        report: what came out.

    Returns:
        The report, so that the call may stand around the check.
    """
    noted = _reports.get()
    if noted is not None:
        noted.append((name, report))
    return report


@contextmanager
def noting(noted: list[tuple[str, Report]] | None = None) -> Iterator[list[tuple[str, Report]]]:
    """Collect what `record_report` notes in here."""
    noted = [] if noted is None else noted
    before = _reports.set(noted)
    try:
        yield noted
    finally:
        _reports.reset(before)
