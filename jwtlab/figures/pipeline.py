"""The signing pipeline: from header, claims and key to the token (RFC 7515 §5.1)."""

from __future__ import annotations

from matplotlib.axes import Axes

from jwtlab.figures import palette
from jwtlab.figures.picture import MONO, WIDTH, Picture, arrow, box, drawing, fitted, pixels, write
from jwtlab.jose import base64url
from jwtlab.jose.algorithms import Algorithm
from jwtlab.jose.token import Token, decode

HEIGHT = 300


def signing_pipeline(token: str) -> Picture:
    """How this token was made.

    Args:
        token: in the compact serialization, with an ``alg`` of the table `jwtlab.ALGORITHMS`.

    Raises:
        MalformedToken: it cannot be read.
        UnknownAlgorithm: its ``alg`` is none of the table's.
    """
    parts = decode(token)
    algorithm = Algorithm.named(parts.header.get("alg"))
    with drawing(HEIGHT) as (figure, ax):
        draw_signing_pipeline(ax, parts)
    alt = (
        "The signing pipeline: header and claims are written as JSON and then base64url, joined by a dot to the "
        f"signing input, signed with {algorithm.name}; the signature is appended after a second dot"
    )
    return Picture(figure, alt)


def draw_signing_pipeline(ax: Axes, token: Token) -> Axes:
    """Four steps from left to right, numbered, with this token's own bytes."""
    pixels(ax, WIDTH, HEIGHT)
    header, payload, signature = token.segments
    algorithm = Algorithm.named(token.header["alg"])
    for number, (x, words) in enumerate(
        ((12, "write JSON"), (262, "base64url"), (470, "join"), (640, "sign"), (800, "append")), 1
    ):
        write(ax, x, 18, f"{number}", "accent", 13, weight="bold")
        write(ax, x + 14, 18, words, "ink", 13, weight="bold")
    _part(ax, "header", 12, 44, 216, base64url.decode(header).decode("utf-8", "replace"), "header")
    _part(ax, "payload", 12, 128, 216, token.payload.decode("utf-8", "replace"), "claims")
    _part(ax, "header", 262, 44, 174, header, f"{len(header)} characters")
    _part(ax, "payload", 262, 128, 174, payload, f"{len(payload)} characters")
    for y in (72, 156):
        arrow(ax, (230, y), (260, y))
        arrow(ax, (438, y), (468, 114 + (y - 114) * 0.35))
    box(ax, 470, 84, 136, 60, "dim", "panel")
    write(ax, 538, 104, "signing input", "ink", 12.5, ha="center", weight="bold")
    write(ax, 538, 126, "header.payload", "dim", 12, ha="center", family=MONO)
    arrow(ax, (608, 114), (638, 114))
    box(ax, 640, 84, 126, 60, "accent", "panel", linewidth=1.8)
    write(ax, 703, 104, algorithm.name, "accent", 14, ha="center", weight="bold")
    write(ax, 703, 126, f"{len(token.signature)} bytes out", "dim", 12, ha="center")
    held = "shared secret" if algorithm.symmetric else "private key"
    box(ax, 640, 186, 126, 34, "warn", "warn-bg")
    write(ax, 703, 203, held, "warn", 12.5, ha="center", weight="bold")
    arrow(ax, (703, 184), (703, 147), "warn")
    arrow(ax, (768, 114), (798, 114))
    _part(ax, "signature", 800, 86, 148, signature, f"{len(signature)} characters")
    _draw_token(ax, token)
    arrow(ax, (874, 144), (874, 236), "signature")
    arrow(ax, (349, 186), (349, 236))
    return ax


def _part(ax: Axes, name: str, x: float, y: float, width: float, text: str, label: str) -> None:
    box(ax, x, y, width, 56, name, f"{name}-bg", linestyle=palette.LINES[name], linewidth=1.4)
    write(ax, x + 10, y + 17, label, name, 12, weight="bold")
    write(ax, x + 10, y + 39, fitted(text, width - 20, 12), "ink", 12, family=MONO)


def _draw_token(ax: Axes, token: Token) -> None:
    box(ax, 12, 240, 936, 46, "line", "bg")
    write(ax, 24, 263, "the token", "dim", 12)
    x = 100.0
    letter = 8.0  # of 13 pixels, rounded up as raster printers do
    for index, (name, segment) in enumerate(zip(palette.LINES, token.segments, strict=True)):
        text = fitted(segment, (260, 320, 220)[index])
        write(ax, x, 263, text, name, family=MONO)
        x += letter * len(text)
        if index < 2:
            write(ax, x, 263, ".", "ink", family=MONO, weight="bold")
            x += letter
