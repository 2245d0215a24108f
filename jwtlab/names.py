"""The names that people choose: any script, short, and nothing in them that could play tricks on a page."""

from __future__ import annotations

import unicodedata

from jwtlab.errors import UsageError, kind

LONGEST = 40
"""Characters."""
_MARKS = 2
"""Accents on one letter; more of them climb over the lines above."""
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""General categories of Unicode without a glyph of their own: control and format characters (these turn the
direction of writing), half characters, private and unassigned ones, line and paragraph separators."""


def clean(given: object) -> str:
    """The name as it is shown; empty for somebody who gives none.

    Args:
        given: what came over the wire.

    Raises:
        UsageError: it is no text, or too long.
    """
    if given is None:
        return ""
    if not isinstance(given, str):
        raise UsageError(f"a name is a text; this is {kind(given)}")
    if len(given) > 4 * LONGEST:  # before any work is done on a megabyte
        raise UsageError(_too_long(len(given)))
    kept, marks = [], 0
    for letter in unicodedata.normalize("NFC", given):
        category = unicodedata.category(letter)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > _MARKS:
            continue
        kept.append(" " if category in _UNSEEN or letter.isspace() else letter)
    name = " ".join("".join(kept).split())
    if len(name) > LONGEST:
        raise UsageError(_too_long(len(name)))
    return name


def visible(text: str) -> str:
    """A text in which every character can be seen: what has no glyph is written as its code.

    For names of files, which come from others too and may hold line ends or turn the writing.
    """
    return "".join(
        letter.encode("unicode_escape").decode() if unicodedata.category(letter) in _UNSEEN else letter
        for letter in text
    )


def _too_long(count: int) -> str:
    return f"a name has {LONGEST} characters at most; this one has {count:,}"


def likeness(name: str) -> str:
    """Names with the same likeness count as one: capitals, spaces and wide letters do not tell them apart."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(folded.split())
