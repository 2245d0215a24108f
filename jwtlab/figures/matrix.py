"""The attack matrix as a picture: which check stands alone between an attack and success."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from jwtlab.attacks.matrix import Matrix, MatrixRow
from jwtlab.attacks.matrix import attack_matrix as run_attacks
from jwtlab.errors import UsageError
from jwtlab.figures.palette import colour
from jwtlab.figures.picture import WIDTH, Picture, drawing, pixels, write

_LEFT, _TOP, _ROW, _RIGHT = 218, 148, 17, 56
_WIDEST = 40
"""Columns stand no farther apart than this, also where there are only a few."""


def attack_matrix(matrix: Matrix | None = None, *, attacks: Collection[str] | None = None) -> Picture:
    """A row for each forgery, a column for each check.

    Args:
        matrix: what `jwtlab.attacks.attack_matrix` has found; it is run if none is given.
        attacks: ids of attacks. Then the picture has only the rows of these, and only the columns of
            checks that refuse at least one of them; without it, everything.

    Raises:
        UsageError: there is no attack of one of these ids.
    """
    found = run_attacks() if matrix is None else matrix
    if attacks is not None:
        found = _cut(found, attacks)
    with drawing(_height(found)) as (figure, ax):
        draw_attack_matrix(ax, found)
    alone = {check: rows for check, rows in found.stands_alone.items() if rows}
    words = "; ".join(f"{check} alone stops {', '.join(rows)}" for check, rows in alone.items())
    several = ", ".join(found.defence_in_depth)
    return Picture(
        figure, f"Attack matrix. {words}." + (f" Several checks stop {several}" if several else "")
    )


def draw_attack_matrix(ax: Axes, matrix: Matrix) -> Axes:
    """A filled square where a check stands alone, an outline where it is one of several."""
    height = _height(matrix)
    pixels(ax, WIDTH, height)
    step = min((WIDTH - _LEFT - _RIGHT) / max(len(matrix.checks), 1), _WIDEST)
    for column, check in enumerate(matrix.checks):
        x = _LEFT + (column + 0.5) * step
        # 60 degrees, so that long names fit above narrow columns.
        write(ax, x - 3, _TOP - 10, check, "ink", 11, rotation=60, rotation_mode="anchor", va="bottom")
    for number, row in enumerate(matrix.rows):
        y = _TOP + number * _ROW
        if number % 2 == 0:
            ax.add_patch(Rectangle((8, y), WIDTH - 16, _ROW, fc=colour("panel"), ec="none"))
        write(ax, _LEFT - 10, y + _ROW / 2, row.id, "ink" if row.attack else "dim", 11, ha="right")
        for column, check in enumerate(matrix.checks):
            _draw_cell(ax, _LEFT + (column + 0.5) * step, y + _ROW / 2, row, check)
    y = height - 20
    ax.add_patch(Rectangle((_LEFT, y - 5), 10, 10, fc=colour("bad"), ec=colour("bad")))
    write(ax, _LEFT + 16, y, "only this check stops it", "ink", 11.5)
    ax.add_patch(Rectangle((_LEFT + 190, y - 5), 10, 10, fc=colour("signature-bg"), ec=colour("signature")))
    write(ax, _LEFT + 206, y, "one of several that stop it", "ink", 11.5)
    if any(row.attack is None for row in matrix.rows):
        write(ax, _LEFT + 400, y, "grey names: malformed tokens and unfit keys", "dim", 11.5)
    return ax


def _cut(matrix: Matrix, attacks: Collection[str]) -> Matrix:
    """The rows of some attacks, in their order, and the checks that refuse one of them."""
    for unknown in sorted(set(attacks) - {row.attack for row in matrix.rows}):
        raise UsageError(f"there is no attack {unknown!r}")
    rows = tuple(row for row in matrix.rows if row.attack in attacks)
    refusing = {check for row in rows for check in row.stopped_by}
    return replace(matrix, checks=tuple(check for check in matrix.checks if check in refusing), rows=rows)


def _draw_cell(ax: Axes, x: float, y: float, row: MatrixRow, check: str) -> None:
    alone = row.accepted[check]
    if not alone and check not in row.stopped_by:
        return
    fill, edge = ("bad", "bad") if alone else ("signature-bg", "signature")
    ax.add_patch(Rectangle((x - 5, y - 5), 10, 10, fc=colour(fill), ec=colour(edge), linewidth=1))


def _height(matrix: Matrix) -> int:
    return _TOP + _ROW * len(matrix.rows) + 40
