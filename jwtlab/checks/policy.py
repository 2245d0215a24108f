"""An ordered list of checks, which judges a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from jwtlab.checks.check import READABLE, Check, Memory, Note, NotReadable, Refusal
from jwtlab.checks.finding import NotReached
from jwtlab.checks.report import Report
from jwtlab.errors import StorageError, UsageError


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
    origin: Policy | None = field(default=None, compare=False)

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

        Raises:
            StorageError: a check could not read or write its records. That says nothing about the case: whoever
                asked keeps what it holds, and asks again.
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
        except StorageError:
            raise
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
        """The report after the check that follows the outcomes, or the value, has raised an error.

        Raises:
            StorageError: as in `run`.
        """
        if len(outcomes) == len(self.checks):
            # Every check that would have noticed was taken out, and still there is nothing to hand over.
            return Report._made((*self.checks, READABLE), [*outcomes, _refusal(error)], False, None)
        outcomes.append(_refusal(error))
        for check in self.checks[len(outcomes) :] if keep_going else ():
            try:
                outcomes.append(check.run(case))
            except StorageError:
                raise  # it says nothing about the case, whatever the checks before have said
            except Exception as another:
                refusal = _refusal(another)
                unreadable = isinstance(refusal, NotReadable)
                outcomes.append(NotReached(refusal.reason) if unreadable else refusal)
        return Report._made(self.checks, outcomes, False, None)


def _refusal(error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error.with_traceback(None)
    broken = NotReadable(
        f"this check could not be made ({type(error).__name__}: {error}), so nothing gets past it"
    )
    broken.__cause__ = error
    return broken
