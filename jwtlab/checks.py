"""A check is data: the one mechanism behind every decision in the lab.

Deciding whether to trust a token, or how to answer an OAuth request, is an ordered list of
named checks. A `Policy` is such a list. Running it on a *case* (whatever the checks look at)
gives a `Report` with one `Finding` for each check. A weak verifier is a sound one minus a check::

    careless = jwtlab.STANDARD.without("audience-expected")

A check's ``run`` is a function of the case. It returns a note when it passes, `NotAsked` when it
was given nothing to compare with, and raises `Refusal` when it refuses.

A report costs little until somebody reads it: its findings are made when they are first looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, MutableMapping
from dataclasses import FrozenInstanceError, dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import groupby, starmap, zip_longest
from typing import Any, NamedTuple, NoReturn

from jwtlab.errors import InvalidToken, JwtlabError, UsageError


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


class Refusal(Exception):
    """Raised inside a check to refuse; it never leaves `Policy.run`.

    Args:
        reason: one or two plain sentences: what is wrong, and the way out.
        claim: the header parameter, claim or request parameter to blame, if there is one.
        expected: what would have passed.
        found: what was there instead.
        error: the class that `Report.claims` raises for this refusal, where it is another than the
            one that the check declares.
        asks_more: nothing is wrong, but something is still missing that the other side can bring: a
            login, a press of a button, a nonce. The decision waits.
        details: further keyword arguments of that class (such as ``position``).
    """

    def __init__(
        self,
        reason: str,
        *,
        claim: str | None = None,
        expected: Any = None,
        found: Any = None,
        error: type[JwtlabError] | None = None,
        asks_more: bool = False,
        **details: Any,
    ) -> None:
        super().__init__(reason)
        self.asks_more = asks_more
        self.reason = reason
        self.claim = claim
        self.expected = expected
        self.found = found
        self.error = error
        self.details = details


class NotReadable(Refusal):
    """What the check wants to look at could not be read. Not its own fault: an earlier check's."""


@dataclass(frozen=True)
class NotAsked:
    """A check's answer where the verifier gave it nothing to compare with: it lets the case pass.

    Attributes:
        reason: what was missing, in a sentence.
    """

    reason: str


Note = str | NotAsked | Callable[[], str] | None
"""What a check returns when it lets a case pass. A function is called when the note is read."""

Memory = MutableMapping[Hashable, Any]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One named decision.

    Attributes:
        id: lower-case words joined by hyphens; unique within a policy.
        title: what is true when it passes, for a checklist ("Not expired").
        spec: where the rule is written ("RFC 7519 §4.1.4"); empty for a rule of the house.
        run: ``case -> Note``; raises `Refusal`.
        group: the heading it stands under in a long checklist.
        purpose: what goes wrong without it, in one sentence.
        error: the class that `Report.claims` raises when it refuses.
        memory: ``case -> a mapping``, for a check whose answer depends on less than the case (on the
            key alone, say): the mapping belongs to just that, and a positive answer is kept in it.
    """

    id: str
    title: str
    spec: str = ""
    run: Callable[[Any], Note] = field(repr=False)
    group: str = ""
    purpose: str = field(default="", repr=False)
    error: type[JwtlabError] = field(default=InvalidToken, repr=False)
    memory: Callable[[Any], Memory] | None = field(default=None, repr=False)


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
        return tuple(starmap(_finding, zip_longest(self._checks, self._outcomes, fillvalue=_NOT_REACHED)))

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


class _Part(NamedTuple):
    """Checks of a policy that stand side by side and share a memory (or have none)."""

    memory: Callable[[Any], Memory] | None
    runs: tuple[Callable[[Any], Note], ...]


@dataclass(frozen=True)
class Policy:
    """An ordered tuple of checks with different ids.

    Policies are values: every method gives a new one and leaves the old one alone.

    Attributes:
        checks: the checks.
        name: what it is called. One that was made from another says so: ``"standard without not-expired"``.
        origin: the policy that it was made from, or ``None``.
    """

    checks: tuple[Check, ...]
    name: str = "policy"
    origin: Policy | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        ids = self.ids
        duplicates = sorted({i for i in ids if ids.count(i) > 1})
        if duplicates:
            raise UsageError(f"a policy names each check once, not twice; duplicate: {', '.join(duplicates)}")

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(check.id for check in self.checks)

    @cached_property
    def _parts(self) -> tuple[_Part, ...]:
        parts = groupby(self.checks, key=lambda check: check.memory)
        return tuple(_Part(memory, tuple(check.run for check in checks)) for memory, checks in parts)

    def __iter__(self) -> Iterator[Check]:
        return iter(self.checks)

    def __len__(self) -> int:
        return len(self.checks)

    def __contains__(self, check_id: object) -> bool:
        return check_id in self.ids

    def __getitem__(self, check_id: str) -> Check:
        """The check with this id.

        Raises:
            UsageError: there is none; the message lists those there are.
        """
        for check in self.checks:
            if check.id == check_id:
                return check
        raise UsageError(f"there is no check {check_id!r} here; there are: {', '.join(self.ids)}")

    def __add__(self, other: Policy) -> Policy:
        return Policy(self.checks + other.checks, f"{self.name} and {other.name}")

    def __repr__(self) -> str:
        return f"<Policy {self.name!r}: {len(self.checks)} checks>"

    def named(self, name: str) -> Policy:
        """The same checks under a name of their own."""
        return Policy(self.checks, name)

    def without(self, *check_ids: str) -> Policy:
        """The same policy with these checks taken out: a *weakened* one.

        Raises:
            UsageError: an id that is not in the policy (a misspelt check must not pass unnoticed).
        """
        for check_id in check_ids:
            self[check_id]
        return self._changed(tuple(check for check in self.checks if check.id not in check_ids))

    def replacing(self, *checks: Check) -> Policy:
        """The same policy with the checks of these ids exchanged for these, in the same places."""
        new = {check.id: check for check in checks}
        for check_id in new:
            self[check_id]
        return self._changed(tuple(new.get(check.id, check) for check in self.checks))

    def adding(self, *checks: Check) -> Policy:
        """The same policy with further checks at its end."""
        return self._changed(self.checks + checks)

    def _changed(self, checks: tuple[Check, ...]) -> Policy:
        """A policy with these checks; its name says what differs from the one that all began with."""
        origin = self.origin or self
        ids, before = [check.id for check in checks], {check.id: check for check in origin.checks}
        changes = {
            " without ": [check_id for check_id in before if check_id not in ids],
            " with another ": [check.id for check in checks if before.get(check.id, check) != check],
            " and ": [check_id for check_id in ids if check_id not in before],
        }
        name = origin.name + "".join(words + ", ".join(found) for words, found in changes.items() if found)
        return Policy(checks, name, origin)

    def run(
        self, case: Any, value: Callable[[Any], Any] | None = None, *, keep_going: bool = False
    ) -> Report:
        """Judge a case.

        A check that breaks down (an exception of Python inside it) refuses: nothing gets past it.

        Args:
            case: what the checks look at.
            value: ``case -> what the policy guards``; called only when every check has passed.
            keep_going: ask every check even after one has failed. A verifier stops at the first
                failure; a teacher wants to know which others would have refused too.

        Returns:
            A `Report` with one finding for each check, in order.
        """
        outcomes: list[Any] = []
        try:
            for memory, runs in self._parts:
                if memory is None:
                    for run in runs:
                        outcomes.append(run(case))
                    continue
                known = memory(case)
                answers = known.get(runs)
                if answers is None:
                    before = len(outcomes)
                    for run in runs:
                        outcomes.append(run(case))
                    known[runs] = outcomes[before:]
                else:
                    outcomes += answers
            guarded = None if value is None else value(case)
        except Exception as error:
            return self._refused(case, value, outcomes, error, keep_going)
        return Report._made(self.checks, outcomes, True, guarded)

    def _refused(
        self,
        case: Any,
        value: Callable[[Any], Any] | None,
        outcomes: list[Any],
        error: Exception,
        keep_going: bool,
    ) -> Report:
        """The report after the check that follows the outcomes, or the value, has raised an error."""
        if len(outcomes) == len(self.checks):
            # Every check that would have noticed was taken out, and still there is nothing to hand over.
            return Report._made((*self.checks, READABLE), [*outcomes, _refusal(error)], False, None)
        outcomes.append(_refusal(error))
        for check in self.checks[len(outcomes) :] if keep_going else ():
            try:
                outcomes.append(check.run(case))
            except Exception as another:
                refusal = _refusal(another)
                unreadable = isinstance(refusal, NotReadable)
                outcomes.append(_NotReached(refusal.reason) if unreadable else refusal)
        return Report._made(self.checks, outcomes, False, None)


@dataclass(frozen=True)
class _NotReached:
    """The outcome of a check that was not asked any more, or had nothing to look at."""

    reason: str = ""


_NOT_REACHED = _NotReached()


def _refusal(error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error.with_traceback(None)
    broken = NotReadable(
        f"this check could not be made ({type(error).__name__}: {error}), so nothing gets past it"
    )
    broken.__cause__ = error
    return broken


def _finding(check: Check, outcome: Any) -> Finding:
    if isinstance(outcome, Refusal):
        return _failed(check, outcome)
    if isinstance(outcome, NotAsked):
        return Finding(check, Status.NOT_ASKED, outcome.reason)
    if isinstance(outcome, _NotReached):
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


READABLE = Check(id="readable", title="There is something to read", run=lambda case: None)
"""Asked last of all, where every check that reads was taken out."""
