"""How long guessing takes, on a scale that has room for a second and for the age of the universe."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

from jwtlab.attacks.wordlist import Estimate, estimate
from jwtlab.figures.palette import colour
from jwtlab.figures.picture import WIDTH, Picture, drawing, pixels, write

_LEFT, _RIGHT, _ROW, _TOP = 190, 150, 32, 46
YEAR = 31_536_000
SAFE = 100_000 * YEAR  # an attacker may rent a thousand machines, each a hundred times as fast
MARKS = {"1 second": 1, "1 hour": 3600, "1 year": YEAR, "age of the universe": 13.8e9 * YEAR}


def guessing_times(rate: float) -> Picture:
    """How long it takes to try every secret of a kind.

    Args:
        rate: guesses a second; measure it with ``make bench`` or the crack bench.
    """
    rows = estimate(rate)
    with drawing(_TOP + _ROW * len(rows) + 4) as (figure, ax):
        draw_guessing_times(ax, rows)
    words = "; ".join(f"{row.what}: {row.words}" for row in rows)
    return Picture(figure, f"Time to try every secret at {rate:,.0f} guesses a second. {words}")


def draw_guessing_times(ax: Axes, rows: Sequence[Estimate]) -> Axes:
    """A bar for each kind of secret, as long as the number of digits of its time."""
    pixels(ax, WIDTH, _TOP + _ROW * len(rows) + 4)
    low = -3.0
    high = max(math.log10(max(row.seconds, 1)) for row in rows)

    def place(seconds: float) -> float:
        share = (math.log10(max(seconds, 10**low)) - low) / (high - low)
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * share

    for number, (label, seconds) in enumerate(MARKS.items()):
        x, y = place(seconds), 12 + 15 * (number % 2)
        ax.plot((x, x), (y + 8, _TOP + _ROW * len(rows) - 6), color=colour("line"), linewidth=1.1, zorder=0)
        write(ax, x, y, label, "dim", 11, ha="center")
    for row, each in enumerate(rows):
        y = _TOP + row * _ROW + 12
        tone = "bad" if each.seconds < SAFE else "signature"
        end = place(each.seconds)
        ax.barh(y, end - _LEFT, 16, left=_LEFT, color=colour(f"{tone}-bg"), ec=colour(tone), linewidth=1.3)
        write(ax, _LEFT - 12, y, each.what, "ink", 13, ha="right")
        write(ax, end + 8, y, each.words, tone, 13, weight="bold")
    return ax
