"""What became of a check."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from jwtlab.checks.check import Check, NotAsked, Refusal
from jwtlab.errors import JwtlabError


class Status(StrEnum):
    """What became of a check."""

    PASSED = "passed"
    FAILED = "failed"
    ASKS_MORE = "asks for more"
    NOT_ASKED = "not asked"
    NOT_REACHED = "not reached"


_MARKS = {
    Status.PASSED: "✓",
    Status.FAILED: "✕",
    Status.ASKS_MORE: "…",
    Status.NOT_ASKED: "○",
    Status.NOT_REACHED: "·",
}


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        check: the `Check`.
        status: passed, failed, asks for more, not asked or not reached.
        reason: why it failed, or a note of what it saw when it passed.
        claim, expected, found: the evidence, for whoever wants more than a sentence.
        error: the error that stands for a failed finding.
    """

    check: Check
    status: Status
    reason: str = ""
    claim: str | None = None
    expected: Any = None
    found: Any = None
    error: JwtlabError | None = field(default=None, repr=False, compare=False)

    @property
    def id(self) -> str:
        return self.check.id

    @property
    def passed(self) -> bool:
        """The check was made, and found nothing wrong."""
        return self.status is Status.PASSED

    @property
    def failed(self) -> bool:
        """The check does not let the case pass: something is wrong, or something is still missing."""
        return self.status in (Status.FAILED, Status.ASKS_MORE)

    @property
    def asks_more(self) -> bool:
        """Nothing is wrong; the other side has to bring something first."""
        return self.status is Status.ASKS_MORE

    @property
    def mark(self) -> str:
        """One character for a checklist: ``"✓"``, ``"✕"``, ``"…"``, ``"○"`` (not asked) or ``"·"``."""
        return _MARKS[self.status]

    def __str__(self) -> str:
        said = f": {self.reason}" if self.reason else ""
        spec = f" [{self.check.spec}]" if self.check.spec else ""
        return f"{self.mark} {self.check.title}{said}{spec}"


@dataclass(frozen=True)
class NotReached:
    """The outcome of a check that was not asked any more, or had nothing to look at."""

    reason: str = ""


NOT_REACHED = NotReached()


def finding_of(check: Check, outcome: Any) -> Finding:
    if isinstance(outcome, Refusal):
        return _failed(check, outcome)
    if isinstance(outcome, NotAsked):
        return Finding(check, Status.NOT_ASKED, outcome.reason)
    if isinstance(outcome, NotReached):
        return Finding(check, Status.NOT_REACHED, outcome.reason)
    return Finding(check, Status.PASSED, outcome() if callable(outcome) else outcome or "")


def _failed(check: Check, refusal: Refusal) -> Finding:
    error = (refusal.error or check.error)(refusal.reason, **refusal.details)
    finding = Finding(
        check,
        Status.ASKS_MORE if refusal.asks_more else Status.FAILED,
        refusal.reason,
        refusal.claim,
        refusal.expected,
        refusal.found,
        error,
    )
    error.finding = finding
    error.__cause__ = refusal.__cause__
    return finding
