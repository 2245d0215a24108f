"""The session map of single sign-on: one session at the server, and the ones that were entered with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from jwtlab.figures.palette import colour
from jwtlab.figures.picture import WIDTH, Picture, box, drawing, pixels, write
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.reading.session_lifetimes import SessionLifetime, session_lifetimes

_BOX, _TOP, _ROW, _BARS = 216, 14, 62, 290


def session_map(trace: Trace) -> Picture:
    """Who is logged in where, from which message to which (OpenID Connect Back-Channel Logout §2).

    Args:
        trace: of single sign-on, or a slice of it: ``trace[:17]`` is before the logout.
    """
    found = session_lifetimes(trace)
    with drawing(_height(found)) as (figure, ax):
        draw_session_map(ax, trace)
    words = "; ".join(each.words for each in found) or "nobody is logged in anywhere"
    return Picture(figure, f"Sessions after {len(trace)} messages. {words}")


def draw_session_map(ax: Axes, trace: Trace) -> Axes:
    """On the left which session hangs on which; on the right from which message to which each one lasts."""
    found = sorted(session_lifetimes(trace), key=lambda each: not each.root)
    height = _height(found)
    pixels(ax, WIDTH, height)
    last = trace[-1].number if len(trace) else 1
    scale = (WIDTH - _BARS - 40) / max(last, 2)
    root = next((row for row, each in enumerate(found) if each.root), None)
    for row, each in enumerate(found):
        y = _TOP + _ROW * row
        shift = 0 if each.root or root is None else 34
        tone = "line" if each.until is not None else "accent"
        box(ax, 12 + shift, y, _BOX, 46, tone, "panel")
        write(ax, 26 + shift, y + 16, each.place, "ink", 13, weight="bold")
        state = "logged out" if each.until is not None else "logged in"
        write(ax, 26 + shift, y + 33, state, "dim" if each.until is not None else "accent", 12)
        if shift and root is not None and (not each.sid or each.sid == found[root].sid):
            line: Any = {"color": colour("dim"), "linewidth": 1.1}
            ax.plot((28, 28), (_TOP + _ROW * root + 46, y + 23), **line, zorder=0)
            ax.plot((28, 12 + shift), (y + 23, y + 23), **line)
        _draw_bar(ax, each, y + 14, scale, last)
    y = height - 30
    ax.plot((_BARS, WIDTH - 40), (y, y), color=colour("line"), linewidth=1)
    for number in range(1, last + 1, max(1, round(last / 12))):
        write(ax, _BARS + scale * (number - 0.5), y + 14, str(number), "dim", 11.5, ha="center")
    write(ax, 12, y + 14, "message", "dim", 11.5)
    return ax


def _draw_bar(ax: Axes, each: SessionLifetime, y: float, scale: float, last: int) -> None:
    begin = _BARS + scale * (each.since - 0.5)
    end = _BARS + scale * ((each.until or last + 0.5) - 0.5)
    tone = "signature" if each.until is None else "payload"
    ax.barh(
        y, max(end - begin, 3), 13, left=begin, color=colour(f"{tone}-bg"), ec=colour(tone), linewidth=1.2
    )
    write(ax, begin, y + 20, each.begun_by, "dim", 11.5)
    if each.until is not None:
        ax.plot(end, y, "X", color=colour("bad"), markersize=9)
        write(ax, end + 4, y + 20, each.ended_by, "bad", 11.5, ha="center" if end < WIDTH - 70 else "right")


def _height(found: Sequence[SessionLifetime]) -> int:
    return _TOP + _ROW * max(len(found), 1) + 34
