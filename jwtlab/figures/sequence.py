"""The sequence diagram of a flow, from its trace."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from jwtlab.figures.palette import colour
from jwtlab.figures.picture import Picture, arrow, box, drawing, fitted, pixels, write
from jwtlab.figures.sequence_layout import Diagram, sequence_layout
from jwtlab.oauth.http.trace import Trace

WIDTH = 760
_TONES = {"done": "ink", "refused": "bad", "waiting": "dim", "next": "accent", "coming": "line"}


def sequence(trace: Trace) -> Picture:
    """Who sent what to whom, from top to bottom.

    Args:
        trace: of a flow, or a slice of one.
    """
    diagram = sequence_layout(trace, width=WIDTH)
    with drawing(diagram.height, WIDTH) as (figure, ax):
        draw_sequence(ax, diagram)
    return Picture(figure, diagram.words)


def draw_sequence(ax: Axes, trace: Trace | Diagram) -> Axes:
    """Lanes for the parties, an arrow for each message; a refusal is red and crossed."""
    diagram = trace if isinstance(trace, Diagram) else sequence_layout(trace, width=WIDTH)
    pixels(ax, diagram.width, diagram.height)
    wide = min(150.0, diagram.width / max(len(diagram.lanes), 1) - 14)
    for lane in diagram.lanes:
        line: Any = {"color": colour("line"), "linewidth": 1, "linestyle": (0, (3, 3)), "zorder": 0}
        ax.plot([lane.x, lane.x], [50, diagram.height - 6], **line)
        box(ax, lane.x - wide / 2, 8, wide, 40, "line", "panel")
        for index, words in enumerate(lane.lines):
            y = 28 + (index - (len(lane.lines) - 1) / 2) * 15
            write(ax, lane.x, y, fitted(words, wide, 11), "ink", 12, ha="center", weight="bold")
    for each in diagram.arrows:
        tone = _TONES[each.state]
        style = {} if each.asks else {"linestyle": (0, (4, 3))}
        arrow(ax, (each.start, each.y), (each.end, each.y), tone, **style)
        room = max(abs(each.end - each.start) - 8, 150)
        mark = "✕ " if each.state == "refused" else ""
        write(ax, each.middle, each.y - 9, mark + fitted(each.label, room, 11), tone, 11.5, ha="center")
    return ax
