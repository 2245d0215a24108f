"""The outcome of a policy: one finding per check, and what it guards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from functools import cached_property
from itertools import starmap, zip_longest
from typing import Any, NoReturn

from jwtlab.checks.check import Check
from jwtlab.checks.finding import NOT_REACHED, Finding, Status, finding_of
from jwtlab.errors import InvalidToken


class Report:
    """The outcome of a policy: one finding per check, in order. It is a value and cannot be changed.

    Args:
        findings: the findings.
        value: what the policy guards, handed out only if no check failed.

    Attributes:
        findings: a tuple of `Finding`.
        accepted: ``True`` when no check failed.
    """

    accepted: bool
    _value: Any
    _checks: tuple[Check, ...]
    _outcomes: list[Any]

    def __init__(self, findings: tuple[Finding, ...], value: Any = None) -> None:
        accepted = not any(finding.failed for finding in findings)
        self.__dict__.update(findings=tuple(findings), accepted=accepted, _value=value if accepted else None)

    @classmethod
    def _made(cls, checks: tuple[Check, ...], outcomes: list[Any], accepted: bool, value: Any) -> Report:
        """A report whose findings are made from the outcomes when they are first read."""
        report = cls.__new__(cls)
        report.__dict__.update(_checks=checks, _outcomes=outcomes, accepted=accepted, _value=value)
        return report

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(starmap(finding_of, zip_longest(self._checks, self._outcomes, fillvalue=NOT_REACHED)))

    @property
    def failures(self) -> tuple[Finding, ...]:
        """All failed findings (one, unless the policy was run with ``keep_going=True``)."""
        return () if self.accepted else tuple(f for f in self.findings if f.failed)

    @property
    def asks_more(self) -> bool:
        """Nothing is wrong, but the decision waits for something that is still missing."""
        return bool(self.failures) and all(f.asks_more for f in self.failures)

    @property
    def first_failure(self) -> Finding | None:
        """The finding that decided against the token, or ``None``."""
        return next(iter(self.failures), None)

    @property
    def value(self) -> Any:
        """What the policy guards (claims, a payload, a decision).

        Raises:
            JwtlabError: the failed check's error, if the report was not accepted.
        """
        if self.accepted:
            return self._value
        failure = self.failures[0]
        raise failure.error or InvalidToken(failure.reason, failure)

    @property
    def claims(self) -> dict[str, Any]:
        """The claims of an accepted token.

        Raises:
            InvalidToken: the failed check's error. There is no way to get claims out of a
                report that was not accepted.
        """
        claims: dict[str, Any] = self.value
        return claims

    def count(self, status: Status) -> int:
        """How many findings are of this status."""
        return sum(finding.status is status for finding in self.findings)

    def __getitem__(self, check_id: str) -> Finding:
        for finding in self.findings:
            if finding.id == check_id:
                return finding
        raise KeyError(check_id)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise FrozenInstanceError(f"a report cannot be changed (assigned to {name!r})")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Report):
            return NotImplemented
        return (self.findings, self._value) == (other.findings, other._value)

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        verdict = "accepted" if self.accepted else "asks for more" if self.asks_more else "refused"
        return "\n".join([verdict, *(f"  {finding}" for finding in self.findings)])

    def __repr__(self) -> str:
        failure = self.first_failure
        if failure is None:
            passed, idle = self.count(Status.PASSED), self.count(Status.NOT_ASKED)
            return f"<Report: accepted, {passed} checks passed{f', {idle} not asked' if idle else ''}>"
        verdict = "held back" if self.asks_more else "refused"
        return f"<Report: {verdict} by {failure.id}: {failure.reason}>"
