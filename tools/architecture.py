"""Draw the rooms of the package and who imports whom, from the import graph: docs/architecture.svg.

    python tools/architecture.py            draw it
    python tools/architecture.py check      is the committed picture current? (exit code 1 if not)

A room is a module or package of ``jwtlab``; of ``jwtlab.oauth`` each room of its own. A room stands above
all that it imports. An arrow that follows from others is left out; imports for type checking count.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import grimp
from jinja2 import Environment

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "architecture.svg"
OPENED = ("jwtlab.oauth",)
"""Packages of which each room is shown by itself."""
LEFT_OUT = ("jwtlab", "jwtlab.__main__", "jwtlab.oauth")

WIDTH, ROW, HEIGHT, LETTER, GAP, SIDE = 1080, 74, 34, 7.6, 18, 24
COLOURS = {"jwtlab.oauth": "oauth", "jwtlab.jose": "core", "jwtlab.checks": "core", "jwtlab.errors": "core"}

Spot = tuple[int, str]
"""A row and who stands there: a room, or an arrow that passes."""

TEMPLATE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="{{ left }} 0 {{ width }} {{ height }}"
 font-family="system-ui, sans-serif" font-size="13" role="img"
 aria-label="The rooms of jwtlab; an arrow goes from a room to one that it imports">
<style>
svg { background: #fff }
.box { fill: #f3f4f6; stroke: #9ca3af }
.core { fill: #e0f2fe; stroke: #0369a1 }
.oauth { fill: #ede9fe; stroke: #6d28d9 }
path { fill: none; stroke: #9ca3af; stroke-width: 1.1 }
text { fill: #1f2937; text-anchor: middle }
@media (prefers-color-scheme: dark) {
svg { background: #111827 }
.box { fill: #1f2937; stroke: #6b7280 }
.core { fill: #0c3350; stroke: #38bdf8 }
.oauth { fill: #2e2059; stroke: #a78bfa }
text { fill: #e5e7eb }
path { stroke: #6b7280 }
}
</style>
{% for arrow in arrows %}<path d="{{ arrow }}"/>
{% endfor %}
{% for room in rooms %}
<rect class="{{ room.kind }}" x="{{ room.x }}" y="{{ room.y }}" width="{{ room.width }}" height="34" rx="6"/>
<text x="{{ room.middle }}" y="{{ room.y + 22 }}">{{ room.name }}</text>
{% endfor %}
</svg>
"""


def rooms_and_imports() -> dict[str, set[str]]:
    """Room → the rooms that it imports."""
    graph = grimp.build_graph("jwtlab", exclude_type_checking_imports=False)
    edges: dict[str, set[str]] = {}
    for module in sorted(graph.modules):
        here = _room(module)
        found = {_room(each) for each in graph.find_modules_directly_imported_by(module)}
        edges.setdefault(here, set()).update(found - {here})
    return {
        room: {each for each in found if each not in LEFT_OUT}
        for room, found in edges.items()
        if room not in LEFT_OUT
    }


def _room(module: str) -> str:
    depth = 3 if module.startswith(tuple(f"{each}." for each in OPENED)) else 2
    return ".".join(module.split(".")[:depth])


def levels(edges: dict[str, set[str]]) -> dict[str, int]:
    """How many rooms stand below each other under a room; the lowest is 0."""
    found: dict[str, int] = {}

    def level(room: str) -> int:
        if room not in found:
            found[room] = 1 + max((level(each) for each in edges[room]), default=-1)
        return found[room]

    for room in edges:
        level(room)
    return found


def needed(edges: dict[str, set[str]]) -> set[tuple[str, str]]:
    """The arrows that do not follow from others."""

    def below(room: str) -> set[str]:
        return edges[room].union(*(below(each) for each in edges[room]))

    return {
        (room, each)
        for room, found in edges.items()
        for each in found
        if not any(each in below(other) for other in found - {each})
    }


def draw() -> str:
    """The picture."""
    edges = rooms_and_imports()
    heights = levels(edges)
    chains = [_chain(one, other, heights) for one, other in sorted(needed(edges))]
    links = {link for chain in chains for link in pairwise(chain)}
    rows: dict[int, list[Spot]] = {level: [] for level in range(max(heights.values()), -1, -1)}
    for spot in sorted({*((heights[room], room) for room in edges), *(each for c in chains for each in c)}):
        rows[spot[0]].append(spot)
    middles: dict[Spot, float] = {}
    for row in rows.values():
        _set_out(row, links, middles)
    top = max(rows)
    boxes = [
        _box(room, middles[heights[room], room], SIDE + (top - heights[room]) * ROW) for room in sorted(edges)
    ]
    lines = [_line([(middles[spot], SIDE + (top - spot[0]) * ROW) for spot in chain]) for chain in chains]
    left = min(float(box["x"]) for box in boxes) - SIDE
    right = max(*(float(box["x"]) + float(box["width"]) for box in boxes), *middles.values()) + SIDE
    environment = Environment(autoescape=True, keep_trailing_newline=True, trim_blocks=True)
    return environment.from_string(TEMPLATE).render(
        left=round(left),
        width=round(right - left),
        height=2 * SIDE + top * ROW + HEIGHT,
        arrows=lines,
        rooms=boxes,
    )


def _chain(one: str, other: str, heights: dict[str, int]) -> list[Spot]:
    """An arrow as the spots that it passes: between the boxes of the rows in between a place is kept for it."""
    between = [(level, f"{one} > {other}") for level in range(heights[one] - 1, heights[other], -1)]
    return [(heights[one], one), *between, (heights[other], other)]


def _set_out(row: list[Spot], links: set[tuple[Spot, Spot]], middles: dict[Spot, float]) -> None:
    """Find a place for everything in a row: below what leads to it, as far as there is room."""

    def wish(spot: Spot) -> float:
        above = [middles[one] for one, other in links if other == spot]
        return sum(above) / len(above) if above else WIDTH / 2

    row.sort(key=lambda spot: (round(wish(spot), 1), spot))
    widths = [_width(room) for _, room in row]
    gap = min(GAP, (WIDTH - 2 * SIDE - sum(widths)) / max(1, len(row)))
    x, placed = SIDE + 0.0, []
    for spot, width in zip(row, widths, strict=True):
        x = max(x, wish(spot) - width / 2)
        placed.append(x)
        x += width + gap
    limit = WIDTH - SIDE + 0.0
    for spot, width, left in reversed(list(zip(row, widths, placed, strict=True))):
        left = min(left, limit - width)
        middles[spot] = round(left + width / 2, 1)
        limit = left - gap


def _name(room: str) -> str:
    return room.removeprefix("jwtlab.")


def _width(room: str) -> float:
    return 6 if " > " in room else len(_name(room)) * LETTER + 24


def _box(room: str, middle: float, y: float) -> dict[str, float | str]:
    kind = next((kind for prefix, kind in COLOURS.items() if room.startswith(prefix)), "box")
    left = round(middle - _width(room) / 2, 1)
    width = round(_width(room), 1)
    return {
        "name": _name(room),
        "kind": kind,
        "x": left,
        "y": y,
        "width": width,
        "height": HEIGHT,
        "middle": middle,
    }


def _line(points: list[tuple[float, float]]) -> str:
    """From the bottom of a box, straight down through the rows in between, to the top of another box."""
    (x, y), *rest = points
    path = [f"M{x:g} {y + HEIGHT:g}"]
    for number, (x2, y2) in enumerate(rest, 1):
        start = y + HEIGHT
        bend = (y2 - start) / 2
        path.append(f"C{x:g} {start + bend:g} {x2:g} {y2 - bend:g} {x2:g} {y2:g}")
        if number < len(rest):
            path.append(f"L{x2:g} {y2 + HEIGHT:g}")
        x, y = x2, y2
    return " ".join([*path, f"M{x - 4:g} {y - 6:g} L{x:g} {y:g} L{x + 4:g} {y - 6:g}"])


def main() -> int:
    picture = draw()
    if sys.argv[1:] == ["check"]:
        current = PICTURE.exists() and PICTURE.read_text("utf-8") == picture
        print("docs/architecture.svg is current" if current else "docs/architecture.svg: run make picture")
        return 0 if current else 1
    PICTURE.write_text(picture, "utf-8")
    print(f"drawn: {PICTURE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
