"""The picture of RESULTS.md: our time beside each peer's, with the aims; and how work grows with the data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import matplotlib
from aims import OURS, Aim, aims_of
from measure import Row

from jwtlab.palette import LIGHT

PEERS = (
    "PyJWT",
    "joserfc",
    "Authlib",
    "oidc-provider",
    "hashcat",
    "jwt-cracker",
    "pip install jupyterlab",
    "ipywidgets and matplotlib",
)
NUMBER = re.compile(r"[0-9][0-9,]*")
SERIES = {
    "verify HS256, N bytes of filler": "verify a token of N bytes, ms",
    "verify ES256 out of N keys": "find one key of N, and verify, ms",
    "a trace of N messages, drawn": "draw a trace of N messages, ms",
    "a store of N grants, one read": "read one grant of N, ms",
    "a store of N grants, purged of all": "purge a store of all its N grants, ms",
    "graded in one command: N submissions": "seconds for N submissions",
}
SHORTEST = 0.032
"""What is less is drawn as this."""
PER_UNIT = {"µs": 1e-3, "ms": 1.0}


def draw(rows: Sequence[Row], target: Path) -> None:
    """Write the picture as SVG; the same rows give the same bytes."""
    from matplotlib.figure import Figure

    bars = [(row, aim, value) for row in rows for aim in aims_of(row) if aim.beside and not aim.more
            if (value := aim.value(row)) is not None]  # fmt: skip
    curves = list(_curves(rows))
    if not bars:
        return
    with matplotlib.rc_context({"svg.hashsalt": "jwtlab", "svg.fonttype": "path", "font.size": 9}):
        high = 1.2 + 0.24 * len(bars)
        page = Figure(figsize=(12, max(high, 6)), facecolor=LIGHT["bg"], layout="constrained")
        left, right = page.subfigures(1, 2, width_ratios=(1.25, 1))
        _bars(left.subplots(), bars)
        _growth(right, curves)
        page.savefig(target, format="svg", metadata={"Date": None, "Creator": "jwtlab"})


def _bars(ax: Any, bars: Sequence[tuple[Row, Aim, float]]) -> None:
    names = [f"{row.what}  ·  {aim.beside}" for row, aim, _ in bars]
    places = range(len(bars), 0, -1)
    for place, (_, aim, value) in zip(places, bars, strict=True):
        tone = LIGHT["ok" if value <= aim.limit else "bad"]
        ax.plot([1, max(value, SHORTEST)], [place, place], color=tone, linewidth=7, solid_capstyle="butt")
        ax.plot([aim.limit] * 2, [place - 0.4, place + 0.4], color=LIGHT["ink"], linewidth=1.5)
    ax.axvline(1, color=LIGHT["dim"], linewidth=0.8)
    ax.set_xscale("log")
    ax.set_yticks(list(places), names)
    ax.set_ylim(0.3, len(bars) + 0.7)
    ax.set_title("Our time / theirs, left of 1 is faster; black: aim", loc="left", fontsize=9)
    ax.set_xlim(SHORTEST, max(12, *(value * 1.1 for _, _, value in bars)))
    _plain(ax)


def _curves(rows: Sequence[Row]) -> Iterator[tuple[str, list[float], dict[str, list[float]]]]:
    """Each series that was measured: title, sizes, and milliseconds by column."""
    for pattern, title in SERIES.items():
        whole = re.compile(
            re.escape(pattern).replace("N", "([0-9,]+)", 1).replace("submissions", "submissions?")
        )
        found = [(match, row) for row in rows if (match := whole.fullmatch(row.what))]
        if len(found) < 2:
            continue
        sizes = [float(match.group(1).replace(",", "")) for match, _ in found]
        named = [name for name in (OURS, "PyJWT") if name in found[0][1].values]
        yield (
            title,
            sizes,
            {
                name: [_spent(row, name, size) for size, (_, row) in zip(sizes, found, strict=True)]
                for name in named
            },
        )


def _spent(row: Row, column: str, size: float) -> float:
    value = row.values[column]
    return size / value * 60 if row.unit == "a minute" else value * PER_UNIT.get(row.unit, 1)


def _growth(figure: Any, curves: Sequence[tuple[str, list[float], dict[str, list[float]]]]) -> None:
    if not curves:
        return
    across = 2 if len(curves) > 1 else 1
    axes = figure.subplots(-(-len(curves) // across), across, squeeze=False).flatten()
    for ax in axes[len(curves) :]:
        ax.set_visible(False)
    for ax, (title, sizes, columns) in zip(axes, curves, strict=False):
        for name, tone, style in ((OURS, "accent", "-o"), ("PyJWT", "dim", "--o")):
            if name in columns:
                ax.plot(sizes, columns[name], style, color=LIGHT[tone], markersize=4, label=name)
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_title(title, loc="left", fontsize=9)
        if len(columns) > 1:
            ax.legend(frameon=False, fontsize=8)
        _plain(ax)


def _plain(ax: Any) -> None:
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis="both", color=LIGHT["line"], linewidth=0.5)
    ax.set_axisbelow(True)
    ax.tick_params(colors=LIGHT["ink"])
