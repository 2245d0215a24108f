"""The colours and line styles of figures."""

from __future__ import annotations

from jwtlab.palette import LIGHT

_DRAWN = (
    *("bg", "panel", "line", "ink", "dim", "accent", "header", "payload", "signature"),
    *("header-bg", "payload-bg", "signature-bg", "bad", "bad-bg", "warn", "warn-bg"),
)
COLOURS = {name: LIGHT[name] for name in _DRAWN}
"""What figures are drawn with: light colours, each another one, so that a page can put its own theme in."""

LINES = {"header": "solid", "payload": (0, (5, 2)), "signature": (0, (1.5, 1.5))}
"""Each part of a token has a line style too, so that colour never carries the meaning alone."""


def colour(name: str) -> str:
    """The colour of this name, as six hexadecimal digits (matplotlib writes them so)."""
    value = COLOURS[name]
    return value if len(value) == 7 else "#" + "".join(2 * digit for digit in value[1:])
