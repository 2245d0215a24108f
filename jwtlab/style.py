"""The one style sheet, and how it gets into a lesson.

Committed lessons do not hold it: a mark stands in the HTML of their first output. The sheet is put
in when a lesson is copied to a learner or packed into the wheel, so that a changed colour changes
no file in ``notebooks/``. This module needs nothing but the standard library: the build uses it too.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from jwtlab import palette

STYLE_MARK = "<style></style>"
"""Where the style sheet goes in the HTML of a lesson's head; committed lessons hold only this."""


@cache
def style() -> str:
    """The style sheet that widgets and cards share: the palette of the page's theme, then the rules."""
    rules = (Path(__file__).resolve().parent / "widgets" / "static" / "view.css").read_text("utf-8")
    light, dark = palette.variables(palette.LIGHT), palette.variables(palette.DARK)
    return (
        f".jwtlab {{ {light} }}\n"
        f'body[data-jp-theme-light="false"] .jwtlab {{ {dark} }}\n'
        f"@media (prefers-color-scheme: dark) {{ body:not([data-jp-theme-light]) .jwtlab {{ {dark} }} }}\n"
        f"{rules}"
    )


def style_element() -> str:
    """The style sheet as an HTML element; it takes the place of `STYLE_MARK`."""
    return f"<style>{style()}</style>"


def put_style(text: str) -> str:
    """A committed lesson with the style sheet in it, for a copy, an export or the wheel.

    Args:
        text: the notebook's file, as text (JSON).

    Returns:
        The same with the sheet at the mark; a text without a mark comes back unchanged.
    """
    return text.replace(STYLE_MARK, json.dumps(style_element(), ensure_ascii=False)[1:-1], 1)
