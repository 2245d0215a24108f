"""Text of other people in a table for a spreadsheet, which would take some of it for a formula and run it."""

from __future__ import annotations

import re

BEGINNINGS = tuple("=+-@＝＋－＠")
"""What a formula begins with; to some spreadsheets the wide signs are the same."""
_FURTHER = re.compile(rf"(; ?)(?=[{re.escape(''.join(BEGINNINGS))}])")


def harmless(text: str) -> str:
    """The text as one line that is no formula, nor several cells with one among them.

    Where a comma stands in numbers, spreadsheets take the semicolon for the end of a cell.
    """
    flat = _FURTHER.sub(r"\1'", " ".join(text.split()))
    return f"'{flat}" if flat[:1] in BEGINNINGS else flat


def as_it_was(cell: str) -> str:
    """A cell without the mark that makes it harmless."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in BEGINNINGS else cell
