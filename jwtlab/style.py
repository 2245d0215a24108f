"""The style sheets of widgets and of pages, and how they get into a lesson.

Committed lessons do not hold them: a mark stands in the HTML of their first output, and another in every picture
of a page. The sheets are put in when a lesson is copied to a learner or packed into the wheel, so that a changed
colour changes no file in ``notebooks/``. This module needs nothing but the standard library: the build uses it too.
"""

from __future__ import annotations

import html
import json
from functools import cache
from pathlib import Path

from jwtlab import palette

STYLE_MARK = "<style></style>"
"""Where the style sheet goes in the HTML of a lesson's head; committed lessons hold only this."""

PAGE_STYLE_MARK = "<style>/* page */</style>"
"""Where the sheet of servers' and applications' pages goes, in the picture of one."""


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


@cache
def page_style() -> str:
    """The style sheet of the pages that servers and applications show."""
    rules = (Path(__file__).resolve().parent / "oauth" / "pages" / "page.css").read_text("utf-8")
    light, dark = palette.variables(palette.LIGHT), palette.variables(palette.DARK)
    return (
        f"\n  :root {{ color-scheme: light dark; {light} }}\n"
        f"  @media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n{rules}"
    )


def without_page_style(drawn: str) -> str:
    """HTML in which pictures of pages stand, each with `PAGE_STYLE_MARK` in place of its sheet.

    Args:
        drawn: such as a widget's; the pages in it are escaped once, as values of ``srcdoc``.
    """
    return drawn.replace(_in_srcdoc(f"<style>{page_style()}</style>"), _in_srcdoc(PAGE_STYLE_MARK))


def style_element() -> str:
    """The style sheet as an HTML element; it takes the place of `STYLE_MARK`."""
    return f"<style>{style()}</style>"


def put_style(text: str) -> str:
    """A committed lesson with the style sheet in it, for a copy, an export or the wheel.

    Args:
        text: the notebook's file, as text (JSON).

    Returns:
        The same with the sheets at their marks; a text without a mark comes back unchanged.
    """
    text = text.replace(STYLE_MARK, _in_json(style_element()), 1)
    return text.replace(
        _in_json(_in_srcdoc(PAGE_STYLE_MARK)), _in_json(_in_srcdoc(f"<style>{page_style()}</style>"))
    )


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _in_srcdoc(text: str) -> str:
    """As the templates of the widgets escape it."""
    return html.escape(text, quote=False).replace('"', "&#34;").replace("'", "&#39;")
