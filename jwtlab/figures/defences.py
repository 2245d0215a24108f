"""Attacks on a single-page application and the walls before them, as a picture: what is played, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matplotlib.axes import Axes

from jwtlab.figures.picture import WIDTH, Picture, box, drawing, pixels, write
from jwtlab.oauth.browser_app import ATTACKS, DEFENCES, DESIGNS, PlayedCase, PlayOutcome

_LEFT, _TOP, _ROW, _GROUP = 300, 74, 30, 26
_GROUPS = {
    "note": "Her script is in a note",
    "library": "Her script is in a library",
    "": "Her page is elsewhere",
}
_TONES = {
    "taken home": "bad",
    "while open": "header",
    "read": "bad",
    "written": "bad",
    "stopped": "signature",
}


@dataclass(frozen=True)
class _Column:
    heading: str
    up: frozenset[str]


def defence_table(design: str, found: Mapping[PlayedCase, PlayOutcome]) -> Picture:
    """A row for each attack, a column for each set of defences.

    Args:
        design: id of the design whose cases are shown.
        found: what `jwtlab.oauth.browser_app.table` has played.
    """
    columns = _columns(design, found)
    with drawing(_height()) as (figure, ax):
        draw_defence_table(ax, design, found)
    title = next(each.title for each in DESIGNS if each.id == design)
    rows = (
        f"{attack.name}: "
        + ", ".join(f"{each.heading} {found[_case(design, attack.name, each)]}" for each in columns)
        for attack in ATTACKS
    )
    return Picture(figure, f"Attacks and defences, {title}. " + "; ".join(rows) + ".")


def draw_defence_table(ax: Axes, design: str, found: Mapping[PlayedCase, PlayOutcome]) -> Axes:
    """Red is taken home or done, yellow works while the page is open, green is stopped; each with its word."""
    columns = _columns(design, found)
    pixels(ax, WIDTH, _height())
    step = (WIDTH - _LEFT - 8) / len(columns)
    write(
        ax,
        8,
        22,
        next(each.title for each in DESIGNS if each.id == design).capitalize(),
        "ink",
        15,
        weight="bold",
    )
    for number, column in enumerate(columns):
        write(
            ax,
            _LEFT + (number + 0.5) * step,
            _TOP - 18,
            column.heading,
            "ink",
            12,
            ha="center",
            weight="bold",
        )
    y = float(_TOP)
    for entry, heading in _GROUPS.items():
        write(ax, 8, y + _GROUP / 2, heading, "dim", 12)
        y += _GROUP
        for attack in (each for each in ATTACKS if each.entry == entry):
            write(ax, 20, y + _ROW / 2, attack.title, "ink", 12)
            for number, column in enumerate(columns):
                said = str(found[_case(design, attack.name, column)])
                _draw_cell(ax, _LEFT + number * step, y, step, said)
            y += _ROW
    return ax


def _draw_cell(ax: Axes, x: float, y: float, width: float, said: str) -> None:
    tone = _TONES[said]
    style = {"linestyle": (0, (4, 2))} if said == "while open" else {}
    box(ax, x + 3, y + 3, width - 6, _ROW - 6, tone, f"{tone}-bg", **style)
    mark = "✓ " if said == "stopped" else ""
    write(ax, x + width / 2, y + _ROW / 2, mark + said, tone, 11, ha="center")


def _columns(design: str, found: Mapping[PlayedCase, PlayOutcome]) -> list[_Column]:
    """The sets of defences that were played, in the order in which they were."""
    names = {each.id: each.title for each in DEFENCES}
    sets = dict.fromkeys(case.defences for case in found if case.design == design)
    return [_Column(_heading(each, names), each) for each in sets]


def _heading(up: frozenset[str], names: Mapping[str, str]) -> str:
    if len(up) == len(names):
        return "all"
    return " + ".join(names[each] for each in names if each in up) or "nothing"


def _case(design: str, attack: str, column: _Column) -> PlayedCase:
    return PlayedCase(design, attack, column.up)


def _height() -> int:
    return _TOP + len(_GROUPS) * _GROUP + len(ATTACKS) * _ROW + 10
