"""The time line of a token: iat, nbf, exp, leeway and now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes

from jwtlab.figures import layout
from jwtlab.figures.palette import colour
from jwtlab.figures.picture import WIDTH, Picture, drawing, pixels, write

HEIGHT = 150
_LEFT, _WIDE, _Y = 40, WIDTH - 80, 78


def token_timeline(claims: Mapping[str, Any], now: float, leeway: float = 0) -> Picture:
    """When a token is good (RFC 7519 §4.1.4 to §4.1.6).

    Args:
        claims: the claims; ``iat``, ``nbf`` and ``exp`` are drawn if they are NumericDates.
        now: the present, in seconds since 1970.
        leeway: seconds by which the verifier is generous at both ends.
    """
    line = layout.timeline(claims, now, leeway=leeway)
    with drawing(HEIGHT) as (figure, ax):
        draw_token_timeline(ax, line)
    return Picture(figure, f"Time line of a token: {line.words}")


def draw_token_timeline(ax: Axes, line: layout.Timeline) -> Axes:
    """The line, with the span in which the token is good, and the leeway beside it."""
    pixels(ax, WIDTH, HEIGHT)
    ax.plot((_x(0), _x(100)), (_Y, _Y), color=colour("line"), linewidth=5, solid_capstyle="round")
    for start, end in line.grace:
        ax.plot((_x(start), _x(end)), (_Y, _Y), color=colour("warn"), linewidth=5, linestyle=(0, (0.8, 0.5)))
        write(ax, (_x(start) + _x(end)) / 2, _Y - 18, "leeway", "warn", 12, ha="center")
    if line.valid:
        ax.plot(
            [_x(at) for at in line.valid],
            (_Y, _Y),
            color=colour("signature"),
            linewidth=5,
            solid_capstyle="butt",
        )
        write(ax, sum(map(_x, line.valid)) / 2, _Y - 18, "good", "signature", 13, ha="center", weight="bold")
    for mark in line.marks:
        tone = "bad" if mark.tone == "bad" else "signature"
        ax.plot(_x(mark.at), _Y, "s" if tone == "bad" else "o", color=colour(tone), markersize=9)
        write(ax, _x(mark.at), _Y + 24 + 18 * mark.row, mark.label, "ink", 13, ha=_ALIGN[mark.anchor])
    ax.plot((_x(line.now_at),) * 2, (34, _Y), color=colour("accent"), linewidth=1.2)
    ax.plot(_x(line.now_at), _Y, "D", color=colour("accent"), markersize=8)
    write(ax, _x(line.now_at), 22, line.now_label, "accent", 13, ha=_ALIGN[line.now_anchor], weight="bold")
    return ax


_ALIGN = {"start": "left", "middle": "center", "end": "right"}


def _x(percent: float) -> float:
    return _LEFT + _WIDE * percent / 100
