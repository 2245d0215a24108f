"""The switches of a flow: every check that somebody asks, on or off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jwtlab.checks import Check, Finding, Policy, Report
from jwtlab.errors import UsageError
from jwtlab.oauth.flows.flow import Flow

LONG_LIST = 14
"""Checks; of a token's longer list only the claims are shown at first."""


@dataclass(frozen=True)
class Switchable:
    """A check with its switch.

    Attributes:
        party: who asks it.
        on: it is asked.
        told: ``False`` for those of a token's long list that wait behind a click.
    """

    check: Check
    party: str
    on: bool
    told: bool = True

    @property
    def target(self) -> str:
        return f"{self.party}|{self.check.id}"


class Switches:
    """What every party of a flow checks, and which of it is switched off.

    Attributes:
        off: targets (``"party|check-id"``) of the checks that are switched off.
    """

    def __init__(self) -> None:
        self.off: set[str] = set()
        self._base: Mapping[str, Mapping[str, Policy]] = {}

    def take(self, flow: Flow) -> Flow:
        """Learn what the parties of a new flow check, and switch off there what is off."""
        self._base = {party: dict(decisions) for party, decisions in flow.world.policies.items()}
        self.apply(flow)
        return flow

    def apply(self, flow: Flow) -> None:
        """Let the parties of a flow check what is on."""
        for party, decisions in flow.world.policies.items():
            names = {each.partition("|")[2] for each in self.off if each.startswith(f"{party}|")}
            for name, policy in self._base[party].items():
                decisions[name] = policy.without(*(i for i in policy.ids if i in names))

    def knows(self, target: str) -> bool:
        """Does somebody ask this check?"""
        party, _, check_id = target.partition("|")
        return any(check_id in policy for policy in self._base.get(party, {}).values())

    def turn(self, target: str, on: bool) -> None:
        """Switch one check on or off."""
        self.off = self.off - {target} if on else self.off | {target}

    def turn_off_everywhere(self, check_id: str) -> None:
        """Switch a check off with everybody who asks it, or with one party: ``"API:not-expired"``.

        Raises:
            UsageError: nobody asks it.
        """
        party, _, name = check_id.rpartition(":")
        found = {f"{who}|{name}" for who in self._base if party in ("", who) and self.knows(f"{who}|{name}")}
        if not found:
            raise UsageError(f"nobody in this flow asks {check_id!r}")
        self.off |= found

    def of(self, party: str, finding: Finding) -> Switchable | None:
        """The switch of a finding's check, if it has one."""
        target = f"{party}|{finding.id}"
        return Switchable(finding.check, party, target not in self.off) if self.knows(target) else None

    def decisions(self, party: str, names: Iterable[str]) -> list[tuple[str, list[Switchable]]]:
        """What a party asks for each of these decisions: name → checks."""
        policies = self._base.get(party, {})
        return [(name, self._rows(party, policies[name])) for name in names if name in policies]

    def _rows(self, party: str, policy: Policy) -> list[Switchable]:
        return [
            Switchable(each, party, f"{party}|{each.id}" not in self.off, is_told(each, len(policy)))
            for each in policy
        ]


def is_told(check: Check, among: int) -> bool:
    """A token's long list is shown from its claims on; the rest waits behind a click."""
    return among <= LONG_LIST or check.group not in ("Form", "Key", "Header", "Payload")


def is_shown(finding: Finding, report: Report) -> bool:
    """As `is_told`; what failed is always shown."""
    return finding.failed or is_told(finding.check, len(report.findings))
