"""The attack matrix as a picture: which check stands alone between an attack and success."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from jwtlab.attacks.matrix import Matrix, Row
from jwtlab.attacks.matrix import attack_matrix as run_attacks
from jwtlab.figures.palette import colour
from jwtlab.figures.picture import WIDTH, Picture, drawing, pixels, write

_LEFT, _TOP, _ROW, _RIGHT = 218, 148, 17, 56


def attack_matrix(matrix: Matrix | None = None) -> Picture:
    """A row for each forgery, a column for each check.

    Args:
        matrix: what `jwtlab.attacks.attack_matrix` has found; it is run if none is given.
    """
    found = run_attacks() if matrix is None else matrix
    with drawing(_height(found)) as (figure, ax):
        draw_attack_matrix(ax, found)
    alone = {check: rows for check, rows in found.stands_alone.items() if rows}
    words = "; ".join(f"{check} alone stops {', '.join(rows)}" for check, rows in alone.items())
    return Picture(figure, f"Attack matrix. {words}. Several checks stop {', '.join(found.defence_in_depth)}")


def draw_attack_matrix(ax: Axes, matrix: Matrix) -> Axes:
    """A filled square where a check stands alone, an outline where it is one of several."""
    height = _height(matrix)
    pixels(ax, WIDTH, height)
    step = (WIDTH - _LEFT - _RIGHT) / len(matrix.checks)
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
    write(ax, _LEFT + 400, y, "grey names: malformed tokens and unfit keys", "dim", 11.5)
    return ax


def _draw_cell(ax: Axes, x: float, y: float, row: Row, check: str) -> None:
    alone = row.accepted[check]
    if not alone and check not in row.stopped_by:
        return
    fill, edge = ("bad", "bad") if alone else ("signature-bg", "signature")
    ax.add_patch(Rectangle((x - 5, y - 5), 10, 10, fc=colour(fill), ec=colour(edge), linewidth=1))


def _height(matrix: Matrix) -> int:
    return _TOP + _ROW * len(matrix.rows) + 40
