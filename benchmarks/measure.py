"""How benchmarks measure."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes:
        what: what is measured.
        unit: such as ``"per second"`` or ``"ms"``.
        values: by column, such as ``{"jwtlab": 1000.0, "PyJWT": 900.0}``; what it is to be stands in `aims.AIMS`.
    """

    what: str
    unit: str
    values: dict[str, float]


def is_rate(unit: str) -> bool:
    """Is more of it better? Of seconds and megabytes less is."""
    return unit in {"per second", "million/s", "a minute"}


def in_turn(calls: list[Callable[[], object]], seconds: float) -> list[float]:
    """How often each call can be made in a second, measured in turns: a busy machine slows all of them alike."""
    for call in calls:
        call()
    rounds = [[_round(call, seconds / 10) for call in calls] for _ in range(10)]
    return [max(each) for each in zip(*rounds, strict=True)]


def _round(call: Callable[[], object], seconds: float) -> float:
    count, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        for _ in range(10):
            call()
        count += 10
    return count / spent


def start_up(code: str, times: int = 10) -> float:
    """Milliseconds that a fresh interpreter spends on a piece of code: the median."""
    timed = f"import time; began = time.perf_counter()\n{code}\nprint(time.perf_counter() - began)"
    runs = []
    for _ in range(times):
        done = subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True)
        runs.append(float(done.stdout) * 1000)
    return statistics.median(runs)
