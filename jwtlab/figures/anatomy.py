"""Anatomy of a token: three coloured parts, and what each of them is when decoded."""

from __future__ import annotations

import json
from typing import Any

from matplotlib.axes import Axes

from jwtlab.figures import palette
from jwtlab.figures.picture import MONO, WIDTH, Picture, arrow, box, drawing, fitted, pixels, write
from jwtlab.jose.token import Token, decode

HEIGHT = 322
_LINES = 8


def anatomy(token: str) -> Picture:
    """A picture of a token (RFC 7515 §3.1).

    Args:
        token: in the compact serialization. It is read and **not verified**.

    Raises:
        MalformedToken: it cannot be read.
    """
    parts = decode(token)
    with drawing(HEIGHT) as (figure, ax):
        draw_anatomy(ax, parts)
    sizes = ", ".join(
        f"{name} {len(octets)} bytes as {len(segment)} characters"
        for name, octets, segment in zip(palette.LINES, _octets(parts), parts.segments, strict=True)
    )
    return Picture(figure, f"Anatomy of a token of {len(token)} characters: {sizes}")


def draw_anatomy(ax: Axes, token: Token) -> Axes:
    """The token as a strip, to scale; below it each part decoded, with bytes and characters."""
    pixels(ax, WIDTH, HEIGHT)
    left, width, gap = 12.0, 936.0, 10.0
    whole = sum(map(len, token.segments))
    write(ax, left, 14, f"the token: {len(token.text)} characters, two of them dots", "dim", 12)
    column = (width - 2 * 18) / 3
    x = left
    for index, (name, octets, segment) in enumerate(
        zip(palette.LINES, _octets(token), token.segments, strict=True)
    ):
        share = max(20.0, (width - 2 * gap) * len(segment) / whole) if segment else 20.0
        box(ax, x, 28, share, 44, name, f"{name}-bg", linestyle=palette.LINES[name], linewidth=1.6)
        write(ax, x + 12, 50, fitted(segment, share - 24), name, family=MONO)
        if index < 2:
            write(ax, x + share + gap / 2, 58, ".", "ink", 20, ha="center", weight="bold")
        below = left + index * (column + 18)
        arrow(ax, (min(x + share / 2, below + column - 20), 74), (below + column / 2, 104), name)
        _draw_part(ax, below, 108, column, name, octets, segment)
        x += share + gap
    return ax


def _draw_part(ax: Axes, x: float, y: float, width: float, name: str, octets: bytes, segment: str) -> None:
    box(ax, x, y, width, HEIGHT - y - 10, name, "bg", linestyle=palette.LINES[name], linewidth=1.4)
    kind = {"header": "JSON", "payload": "JSON, readable by anyone", "signature": "bytes"}[name]
    write(ax, x + 14, y + 22, name.upper(), name, 12, weight="bold")
    write(ax, x + width - 14, y + 22, kind, "dim", 12, ha="right")
    for row, line in enumerate(_content(name, octets)):
        write(ax, x + 14, y + 50 + 18 * row, fitted(line, width - 28, 12.5), "ink", 12.5, family=MONO)
    count = f"{len(octets)} bytes   →   base64url   →   {len(segment)} characters"
    write(ax, x + 14, HEIGHT - 28, count, "dim", 12)


def _content(name: str, octets: bytes) -> list[str]:
    if name == "signature":
        return [octets[i : i + 10].hex(" ") for i in range(0, len(octets), 10)][:_LINES] or ["(empty)"]
    try:
        value: Any = json.loads(octets)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        return [repr(octets)]
    lines = [f"{json.dumps(key)}: {json.dumps(item, ensure_ascii=False)}" for key, item in value.items()]
    return lines if len(lines) <= _LINES else [*lines[: _LINES - 1], f"… {len(lines) - _LINES + 1} more"]


def _octets(token: Token) -> tuple[bytes, bytes, bytes]:
    from jwtlab.jose import base64url

    return base64url.decode(token.segments[0]), token.payload, token.signature
