"""What a doctor says of one thing, and of all together."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnosis:
    """One thing that was looked at.

    Attributes:
        subject: what.
        fine: ``True`` if it is in order.
        finding: what was seen, in a sentence.
        remedy: how to mend it; empty if there is nothing to mend.
    """

    subject: str
    fine: bool
    finding: str
    remedy: str = ""

    def __str__(self) -> str:
        mark = "ok  " if self.fine else "FIX "
        return f"{mark}{self.subject}: {self.finding}" + (f"\n      {self.remedy}" if self.remedy else "")


def report(diagnoses: Iterable[Diagnosis]) -> tuple[str, int]:
    """The diagnoses as text, and the exit code: 0 if everything is in order."""
    found = list(diagnoses)
    bad = sum(not diagnosis.fine for diagnosis in found)
    counted = "1 thing" if bad == 1 else f"{bad} things"
    verdict = "Everything is in order." if not bad else f"{counted} to mend, see FIX above."
    return "\n".join([*map(str, found), "", verdict]), 1 if bad else 0


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def python_in_words() -> str:
    return f'"{sys.executable}"' if " " in sys.executable else sys.executable
