"""One palette: the light colours of the widgets' style sheet, by the names that it gives them."""

from __future__ import annotations

COLOURS = {
    "bg": "#fff",
    "panel": "#f7f8fa",
    "line": "#d9dde3",
    "ink": "#1d2430",
    "dim": "#5b6675",
    "accent": "#1565c0",
    "header": "#b24a00",
    "payload": "#0060a8",
    "signature": "#00775a",
    "header-bg": "#fdf0e6",
    "payload-bg": "#e8f2fb",
    "signature-bg": "#e6f5f0",
    "bad": "#b3261e",
    "bad-bg": "#fdecea",
    "warn": "#8a5a00",
    "warn-bg": "#fff5dc",
}
"""``--jl-<name>`` of the style sheet → colour. A test holds the two against each other."""

LINES = {"header": "solid", "payload": (0, (5, 2)), "signature": (0, (1.5, 1.5))}
"""Each part of a token has a line style too, so that colour never carries the meaning alone."""


def colour(name: str) -> str:
    """The colour of this name, as six hexadecimal digits (matplotlib writes them so)."""
    value = COLOURS[name]
    return value if len(value) == 7 else "#" + "".join(2 * digit for digit in value[1:])
