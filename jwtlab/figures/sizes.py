"""Sizes as bars, with the limits that others set."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes

from jwtlab.errors import UsageError
from jwtlab.figures.palette import colour
from jwtlab.figures.picture import WIDTH, Picture, drawing, pixels, write

_ROW, _TOP, _LEFT, _RIGHT = 30, 44, 210, 90


def sizes(
    bars: Mapping[str, float], limits: Mapping[str, float] | None = None, *, unit: str = "bytes"
) -> Picture:
    """Sizes side by side.

    Args:
        bars: label → size.
        limits: label → size, drawn as a line across all bars.
        unit: what is counted.

    Raises:
        UsageError: there is nothing to draw.
    """
    if not bars:
        raise UsageError("there is nothing to draw; bars is a mapping of label to size")
    with drawing(_height(bars)) as (figure, ax):
        draw_sizes(ax, bars, limits, unit=unit)
    words = ", ".join(f"{label} {value:,.0f}" for label, value in bars.items())
    borders = "".join(f"; {label} at {value:,.0f}" for label, value in (limits or {}).items())
    return Picture(figure, f"Sizes in {unit}: {words}{borders}")


def draw_sizes(
    ax: Axes, bars: Mapping[str, float], limits: Mapping[str, float] | None = None, *, unit: str = "bytes"
) -> Axes:
    """A bar for each size, to scale, and a dashed line for each limit."""
    limits = limits or {}
    height = _height(bars)
    pixels(ax, WIDTH, height)
    scale = (WIDTH - _LEFT - _RIGHT) / max([*bars.values(), *limits.values(), 1])
    for row, (label, value) in enumerate(bars.items()):
        y = _TOP + row * _ROW
        over = any(value > limit for limit in limits.values())
        tone = "bad" if over else "payload"
        ax.barh(
            y,
            max(value * scale, 1),
            16,
            left=_LEFT,
            color=colour(f"{tone}-bg"),
            ec=colour(tone),
            linewidth=1.3,
        )
        write(ax, _LEFT - 12, y, label, "ink", 13, ha="right")
        write(ax, _LEFT + value * scale + 8, y, f"{value:,.0f}", tone, 13, weight="bold")
    for label, value in sorted(limits.items(), key=lambda pair: pair[1]):
        x = _LEFT + value * scale
        ax.plot(
            (x, x), (24, height - 10), color=colour("warn"), linewidth=1.2, linestyle=(0, (4, 3)), zorder=0
        )
        late = value * scale > (WIDTH - _LEFT) / 2
        write(ax, x + (-6 if late else 6), 14, label, "warn", 12, ha="right" if late else "left")
    write(ax, 12, 14, unit, "dim", 12)
    return ax


def _height(bars: Mapping[str, float]) -> int:
    return _TOP + _ROW * len(bars) - 4
