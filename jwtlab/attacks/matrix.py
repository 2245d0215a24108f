"""Every attack against `STANDARD` with each single check taken out, run and not drawn by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from jwtlab.checks import Policy, Report
from jwtlab.jose.jwt import STANDARD

REASONS: Mapping[str, str] = {
    "key-type": "The mathematics refuse a key of another type too (signature-valid). This check asks first, "
    "so that nothing is computed with a wrong key, and its message names the true fault.",
    "key-exponent": "The cryptography library refuses the exponent 1 and even exponents too, today. This check "
    "does not rely on that, and says in words what is wrong.",
}
"""Checks that never stand alone, and why they are there all the same."""


@dataclass(frozen=True)
class MatrixRow:
    """One forgery, or one malformed token.

    Attributes:
        id: of the scenario (``"alg-none:NONE"``) or probe.
        title: what it is.
        attack: the attack's id, or ``None`` for a malformed token.
        accepted: check id → does `STANDARD` without this check accept it?
        stopped_by: the checks of the whole `STANDARD` that refuse it.
    """

    id: str
    title: str
    attack: str | None
    accepted: Mapping[str, bool] = field(repr=False)
    stopped_by: tuple[str, ...]

    @property
    def stands_alone(self) -> str | None:
        """The one check without which it would be accepted, or ``None``: defence in depth."""
        return next((check for check, accepted in self.accepted.items() if accepted), None)


@dataclass(frozen=True)
class Matrix:
    """The table: a row for each forgery, a column for each check that is taken out.

    Attributes:
        checks: the ids of `STANDARD`, in order.
        rows: attacks first, malformed tokens after them.
        reasons: for checks that never stand alone, why they are there.
    """

    checks: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    reasons: Mapping[str, str]

    @property
    def stands_alone(self) -> dict[str, tuple[str, ...]]:
        """Check id → the rows that only this check stops."""
        return {
            check: tuple(row.id for row in self.rows if row.stands_alone == check) for check in self.checks
        }

    @property
    def defence_in_depth(self) -> dict[str, tuple[str, ...]]:
        """Row id → the checks that refuse it, for rows that no single missing check lets through."""
        return {row.id: row.stopped_by for row in self.rows if row.stands_alone is None}

    def to_rows(self) -> list[dict[str, object]]:
        """Plain data: one dict for each row, ready for a figure, a data frame or JSON."""
        return [
            {
                "id": row.id,
                "title": row.title,
                "attack": row.attack,
                "stopped_by": list(row.stopped_by),
                "stands_alone": row.stands_alone,
                "accepted_without": dict(row.accepted),
            }
            for row in self.rows
        ]

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        width = max(len(row.id) for row in self.rows)
        yield f"{'':{width}}  the only check that stops it, or all that do"
        for row in self.rows:
            alone = row.stands_alone
            yield f"{row.id:{width}}  {alone if alone else 'in depth: ' + ', '.join(row.stopped_by)}"
        for check, reason in self.reasons.items():
            yield f"{check}: {reason}"


def attack_matrix() -> Matrix:
    """Run every attack and every malformed token against `STANDARD` with each single check taken out.

    It takes about a second; nothing is remembered between calls.
    """
    from jwtlab.attacks import ATTACKS
    from jwtlab.attacks.probes import PROBES

    weakened = {check: STANDARD.without(check) for check in STANDARD.ids}
    rows = [
        _row(scenario.id, scenario.variant.title, attack.id, scenario.run, weakened)
        for attack in ATTACKS.values()
        for scenario in attack.scenarios()
    ]
    rows += [_row(probe.id, probe.title, None, probe.run, weakened) for probe in PROBES]
    return Matrix(STANDARD.ids, tuple(rows), REASONS)


def _row(
    row_id: str,
    title: str,
    attack: str | None,
    run: Callable[..., Report],
    weakened: Mapping[str, Policy],
) -> MatrixRow:
    accepted = {check: run(policy).accepted for check, policy in weakened.items()}
    stopped_by = tuple(finding.id for finding in run(STANDARD, keep_going=True).failures)
    return MatrixRow(row_id, title, attack, accepted, stopped_by)
