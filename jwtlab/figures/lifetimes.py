"""Token lifetimes across a refresh: a bar for each token, a mark for each use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from jwtlab.figures.palette import colour
from jwtlab.figures.picture import WIDTH, Picture, drawing, pixels, write
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.reading.token_lifetimes import TokenLifetime
from jwtlab.oauth.reading.token_lifetimes import token_lifetimes as read_lifetimes

_LEFT, _RIGHT, _TOP, _ROW = 160, 128, 20, 40
_ENDS = {"expires": "expires", "used": "used up", "revoked": "revoked"}
_TAKEN = {"marker": "o", "markersize": 7, "color": colour("signature")}
_REFUSED = {"marker": "X", "markersize": 9, "color": colour("bad")}


def token_lifetimes(trace: Trace) -> Picture:
    """How long each token of a trace lives, when it was used, and whether it was taken.

    Args:
        trace: with an access token and perhaps a refresh (RFC 6749 §1.5).
    """
    lives = read_lifetimes(trace)
    with drawing(_height(lives)) as (figure, ax):
        draw_token_lifetimes(ax, lives)
    return Picture(
        figure, "Lives of tokens. " + ("; ".join(each.words for each in lives) or "There are none.")
    )


def draw_token_lifetimes(ax: Axes, lives: Sequence[TokenLifetime] | Trace) -> Axes:
    """A bar from birth to end; an open one fades into an arrow. Ticks are uses: round if taken, crossed if not."""
    if isinstance(lives, Trace):
        lives = read_lifetimes(lives)
    height = _height(lives)
    pixels(ax, WIDTH, height)
    ends = [each.end for each in lives if each.end is not None]
    uses = [at for each in lives for at, _ in each.uses]
    last = max([*ends, *uses, *(each.start for each in lives), 60]) * 1.04
    for row, life in enumerate(lives):
        _draw_life(ax, life, _TOP + _ROW * (row + 0.5), last)
    y = height - 34
    ax.plot((_LEFT, WIDTH - _RIGHT), (y, y), color=colour("line"), linewidth=1)
    step = _step(last)
    for minutes in range(0, int(last / 60) + 1, step):
        x = _x(minutes * 60, last)
        ax.plot((x, x), (y, y + 5), color=colour("line"), linewidth=1)
        write(ax, x, y + 18, f"{minutes} min", "dim", 11.5, ha="center")
    return ax


def _draw_life(ax: Axes, life: TokenLifetime, y: float, last: float) -> None:
    tone = "payload" if life.name.startswith("access") else "warn"
    begin = _x(life.start, last)
    end = _x(life.end, last) if life.end is not None else float(WIDTH - _RIGHT)
    write(ax, _LEFT - 14, y, life.name, "ink", 13, ha="right")
    dash = "solid" if life.end is not None else (0, (2, 1))
    ax.barh(
        y, max(end - begin, 3), 15, left=begin, color=colour(f"{tone}-bg"), ec=colour(tone), linestyle=dash
    )
    for at, good in life.uses:
        mark: Any = _TAKEN if good else _REFUSED
        ax.plot(_x(at, last), y, linestyle="none", **mark)
    words = _ENDS.get(life.how, "goes on")
    write(ax, end + 10, y, words, "bad" if life.how == "revoked" else "dim", 12)


def _x(seconds: float, last: float) -> float:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * seconds / last


def _step(last: float) -> int:
    """Minutes between two marks of the scale: about eight marks."""
    return next(
        (each for each in (1, 2, 5, 10, 15, 30, 60, 240, 1440) if last / 60 / each <= 8), round(last / 480)
    )


def _height(lives: Sequence[TokenLifetime]) -> int:
    return _TOP + _ROW * max(len(lives), 1) + 48
