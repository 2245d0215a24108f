"""Who knows what: a row for each secret, a column for each party, a bar for how long it has known it."""

from __future__ import annotations

from collections.abc import Iterable

from matplotlib.axes import Axes

from jwtlab.figures.palette import colour
from jwtlab.figures.picture import Picture, drawing, fitted, pixels, write
from jwtlab.figures.sequence_layout import two_lines
from jwtlab.oauth.http.trace import Trace
from jwtlab.oauth.reading.knowledge import Secret
from jwtlab.oauth.reading.knowledge import who_knows as known_secrets

WIDTH = 760
_LEFT, _TOP, _ROW = 168, 66, 34


def who_knows(trace: Trace, also: Iterable[str] = ()) -> Picture:
    """Which party holds which secret or token, and since which message.

    Args:
        trace: of a flow. ``trace[:4]`` shows what everybody knows after four messages.
        also: further parameters to follow, such as ``state`` and ``nonce``.
    """
    secrets = known_secrets(trace, also)
    with drawing(_height(secrets), WIDTH) as (figure, ax):
        draw_who_knows(ax, trace, also)
    words = "; ".join(each.words for each in secrets) or "nothing secret has travelled"
    return Picture(figure, f"Who knows what after {len(trace)} messages. {words}")


def draw_who_knows(ax: Axes, trace: Trace, also: Iterable[str] = ()) -> Axes:
    """A bar runs from the message with which a party learned the secret to the last one; Mallory's are red."""
    secrets = known_secrets(trace, also)
    height = _height(secrets)
    pixels(ax, WIDTH, height)
    last = trace[-1].number if len(trace) else 1
    step = (WIDTH - _LEFT - 10) / max(len(trace.parties), 1)
    for column, party in enumerate(trace.parties):
        lines = two_lines(party)
        for index, text in enumerate(lines):
            y = 30 + (index - (len(lines) - 1) / 2) * 16
            words = fitted(text, step, 11)
            write(ax, _LEFT + step * (column + 0.5), y, words, _tone(party), 12, ha="center", weight="bold")
    for row, secret in enumerate(secrets):
        y = _TOP + _ROW * (row + 0.5)
        ax.plot((12, WIDTH - 12), (y - _ROW / 2,) * 2, color=colour("line"), linewidth=0.7)
        write(ax, _LEFT - 14, y, secret.name, "ink", 12.5, ha="right")
        for column, party in enumerate(trace.parties):
            left, wide = _LEFT + step * column + 7, step - 14
            _cell(ax, left, y, wide, secret.known.get(party), last, _tone(party))
    return ax


def _cell(ax: Axes, left: float, y: float, wide: float, since: int | None, last: int, tone: str) -> None:
    ax.plot((left, left + wide), (y + 8, y + 8), color=colour("line"), linewidth=3, solid_capstyle="round")
    if since is None:
        write(ax, left + wide / 2, y - 5, "–", "dim", 12, ha="center")
        return
    tone = "accent" if tone == "ink" else tone
    begin = left + wide * min(max(since - 1, 0) / max(last, 1), 0.94)
    ax.plot((begin, left + wide), (y + 8, y + 8), color=colour(tone), linewidth=3, solid_capstyle="round")
    write(ax, left + wide / 2, y - 5, f"since {since}" if since else "beforehand", tone, 11.5, ha="center")


def _tone(party: str) -> str:
    return "bad" if "Mallory" in party else "ink"


def _height(secrets: Iterable[Secret]) -> int:
    return _TOP + _ROW * max(len(list(secrets)), 1) + 8
