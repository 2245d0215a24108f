"""The names that people choose: any script, short, and nothing in them that could play tricks on a page."""

from __future__ import annotations

import re
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


_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def unmasked(text: str) -> str:
    """Somebody else's text, with every sign in it that cannot be seen or that turns the line round made visible.

    Line breaks and tabs stay. The others are written as their number in Unicode, such as ``⟨202E⟩``.
    """
    return _HIDDEN.sub(lambda found: f"⟨{ord(found[0]):04X}⟩", text)


_TAG = re.compile(r"(<[^>]*>)")


def unmasked_page(html: str) -> str:
    """HTML in which the text, wherever it stands, is `unmasked`.

    What is in a tag (the values of fields) and in a text area stays to the letter, because it is sent back; so does
    a part with ``data-mirror``, which lies under a text area and has to cover it. For our own templates: there a
    ``<`` or ``>`` of somebody else's is escaped.
    """
    if not _HIDDEN.search(html):
        return html
    parts, left_alone = _TAG.split(html), ""
    depth = 0
    for place, part in enumerate(parts):
        if not part.startswith("<"):
            if not left_alone:
                parts[place] = unmasked(part)
            continue
        name = part[1:].lstrip("/").split(" ")[0].rstrip("/>").lower()
        if not left_alone and (name == "textarea" or " data-mirror" in part):
            left_alone, depth = name, 0
        if name == left_alone:
            depth += -1 if part.startswith("</") else 1
            left_alone = left_alone if depth else ""
    return "".join(parts)


def _too_long(count: int) -> str:
    return f"a name has {LONGEST} characters at most; this one has {count:,}"


def likeness(name: str) -> str:
    """Names with the same likeness count as one: capitals, spaces and wide letters do not tell them apart."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(folded.split())
