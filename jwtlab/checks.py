"""A check is data: the one mechanism behind every decision in the lab.

Deciding whether to trust a token, or how to answer an OAuth request, is an ordered list of
named checks. A `Policy` is such a list. Running it on a *case* (whatever the checks look at)
gives a `Report` with one `Finding` for each check. A weak verifier is a sound one minus a check::

    careless = jwtlab.STANDARD.without("audience-expected")

A check's ``run`` is a function of the case. It returns a note (text, or nothing) when it is
content, and raises `Refusal` when it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from jwtlab.errors import InvalidToken, JwtlabError, UsageError


class Status(StrEnum):
    """What became of a check."""

    PASSED = "passed"
    FAILED = "failed"
    ASKS_MORE = "asks for more"
    NOT_REACHED = "not reached"


class Refusal(Exception):
    """Raised inside a check to refuse; it never leaves `Policy.run`.

    Args:
        reason: one or two plain sentences: what is wrong, and the way out.
        claim: the header parameter, claim or request parameter to blame, if there is one.
        expected: what would have passed.
        found: what was there instead.
        error: the class that `Report.claims` raises for this refusal.
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
        error: type[JwtlabError] = InvalidToken,
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


class Unasked(str):
    """A note that says: the verifier gave this check nothing to compare with, so it let the token pass."""

    __slots__ = ()


@dataclass(frozen=True)
class Check:
    """One named decision.

    Attributes:
        id: lower-case words joined by hyphens; unique within a policy.
        title: what is true when it passes, for a checklist ("Not expired").
        spec: where the rule is written ("RFC 7519 §4.1.4"); empty for a rule of the house.
        run: ``case -> note or None``; raises `Refusal`.
        group: the heading it stands under in a long checklist.
        purpose: what goes wrong without it, in one sentence.
    """

    id: str
    title: str
    spec: str
    run: Callable[[Any], str | None] = field(repr=False)
    group: str = ""
    purpose: str = field(default="", repr=False)


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        check: the `Check`.
        status: passed, failed, asks for more, or not reached.
        reason: why it failed, or a note of what it saw when it passed.
        claim, expected, found: the evidence, for whoever wants more than a sentence.
        asked: ``False`` where the verifier gave the check nothing to compare with.
        error: the error that stands for a failed finding.
    """

    check: Check
    status: Status
    reason: str = ""
    claim: str | None = None
    expected: Any = None
    found: Any = None
    asked: bool = True
    error: JwtlabError | None = field(default=None, repr=False, compare=False)

    @property
    def id(self) -> str:
        return self.check.id

    @property
    def passed(self) -> bool:
        return self.status is Status.PASSED

    @property
    def failed(self) -> bool:
        """The check does not let the case pass: something is wrong, or something is still missing."""
        return self.status in (Status.FAILED, Status.ASKS_MORE)

    @property
    def asks_more(self) -> bool:
        """Nothing is wrong; the other side has to bring something first."""
        return self.status is Status.ASKS_MORE

    def __str__(self) -> str:
        mark = {Status.PASSED: "✓", Status.FAILED: "✕", Status.ASKS_MORE: "…", Status.NOT_REACHED: "·"}[
            self.status
        ]
        said = f": {self.reason}" if self.reason else ""
        spec = f" [{self.check.spec}]" if self.check.spec else ""
        return f"{mark} {self.check.title}{said}{spec}"


@dataclass(frozen=True, repr=False)
class Report:
    """The outcome of a policy: one finding per check, in order.

    Attributes:
        findings: a tuple of `Finding`.
        accepted: ``True`` when no check failed.
    """

    findings: tuple[Finding, ...]
    _value: Any = None

    @property
    def accepted(self) -> bool:
        return not self.failures

    @property
    def failures(self) -> tuple[Finding, ...]:
        """All failed findings (one, unless the policy was run with ``keep_going=True``)."""
        return tuple(f for f in self.findings if f.failed)

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
        failure = self.first_failure
        if failure is not None:
            raise failure.error or InvalidToken(failure.reason, failure)
        return self._value

    @property
    def claims(self) -> dict[str, Any]:
        """The claims of an accepted token.

        Raises:
            InvalidToken: the failed check's error. There is no way to get claims out of a
                report that was not accepted.
        """
        claims: dict[str, Any] = self.value
        return claims

    def __getitem__(self, check_id: str) -> Finding:
        for finding in self.findings:
            if finding.id == check_id:
                return finding
        raise KeyError(check_id)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __str__(self) -> str:
        verdict = "accepted" if self.accepted else "asks for more" if self.asks_more else "refused"
        return "\n".join([verdict, *(f"  {finding}" for finding in self.findings)])

    def __repr__(self) -> str:
        failure = self.first_failure
        if failure is None:
            return f"<Report: accepted, {len(self.findings)} checks passed>"
        verdict = "held back" if self.asks_more else "refused"
        return f"<Report: {verdict} by {failure.id}: {failure.reason}>"


@dataclass(frozen=True)
class Policy:
    """An ordered tuple of checks with different ids.

    Policies are values: every method gives a new one and leaves the old one alone.
    """

    checks: tuple[Check, ...]
    name: str = "policy"

    def __post_init__(self) -> None:
        ids = self.ids
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise UsageError(f"a policy names each check once; {', '.join(twice)} stands in it twice")

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(check.id for check in self.checks)

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
        return Policy(self.checks + other.checks, self.name)

    def __repr__(self) -> str:
        return f"<Policy {self.name!r}: {len(self.checks)} checks>"

    def without(self, *check_ids: str) -> Policy:
        """The same policy with these checks taken out: a *weakened* one.

        Raises:
            UsageError: an id that is not in the policy (a misspelt check must not pass unnoticed).
        """
        for check_id in check_ids:
            self[check_id]
        kept = tuple(check for check in self.checks if check.id not in check_ids)
        return Policy(kept, f"{self.name} without {', '.join(check_ids)}" if check_ids else self.name)

    def replacing(self, *checks: Check) -> Policy:
        """The same policy with the checks of these ids exchanged for these, in the same places."""
        new = {check.id: check for check in checks}
        for check_id in new:
            self[check_id]
        return Policy(tuple(new.get(check.id, check) for check in self.checks), self.name)

    def adding(self, *checks: Check) -> Policy:
        """The same policy with further checks at its end."""
        return replace(self, checks=self.checks + checks)

    def run(
        self, case: Any, value: Callable[[Any], Any] | None = None, *, keep_going: bool = False
    ) -> Report:
        """Judge a case.

        Args:
            case: what the checks look at.
            value: ``case -> what the policy guards``; called only when every check has passed.
            keep_going: ask every check even after one has failed. A verifier stops at the first
                failure; a teacher wants to know which others would have refused too.

        Returns:
            A `Report` with one finding for each check, in order.
        """
        findings: list[Finding] = []
        refused = False
        for check in self.checks:
            if refused and not keep_going:
                findings.append(Finding(check, Status.NOT_REACHED))
                continue
            finding = _ask(check, case, refused)
            refused = refused or finding.failed
            findings.append(finding)
        if refused or value is None:
            return Report(tuple(findings))
        try:
            return Report(tuple(findings), value(case))
        except Refusal as refusal:
            # Every check that would have noticed was taken out, and still there is nothing to hand over.
            return Report((*findings, _failed(READABLE, refusal)))


def _ask(check: Check, case: Any, already_refused: bool) -> Finding:
    try:
        note = check.run(case)
    except NotReadable as refusal:
        if already_refused:
            return Finding(check, Status.NOT_REACHED, refusal.reason)
        return _failed(check, refusal)
    except Refusal as refusal:
        return _failed(check, refusal)
    return Finding(check, Status.PASSED, note or "", asked=not isinstance(note, Unasked))


def _failed(check: Check, refusal: Refusal) -> Finding:
    error = refusal.error(refusal.reason, **refusal.details)
    finding = Finding(
        check,
        Status.ASKS_MORE if refusal.asks_more else Status.FAILED,
        refusal.reason,
        refusal.claim,
        refusal.expected,
        refusal.found,
        error=error,
    )
    error.finding = finding  # type: ignore[attr-defined]
    return finding


READABLE = Check("readable", "There is something to read", "", lambda case: None)
