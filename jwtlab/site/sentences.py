"""The first sentence of a paragraph, with its markup: what a slide shows of a passage."""

from __future__ import annotations

import copy
import re

from bs4 import NavigableString, Tag

SHORTEST = 28
"""Characters: a first sentence below that ("Two things.") takes the next one along."""

_END = re.compile(r"[.!?…]['\"”’)]*(?=\s+[^a-z\s])")
_SHORTENED = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|No|etc|St)|\b[A-Z]|…)\.$")


def lead(paragraph: Tag) -> Tag:
    """A copy of a paragraph that ends with its first sentence."""
    found = copy.copy(paragraph)
    read = ""
    for child in list(found.children):
        words = child.get_text() if isinstance(child, Tag) else str(child)
        end = None
        if isinstance(child, NavigableString):
            end = _end(read, words)
        elif _closes(read + words) and _begins(child.next_sibling):
            end = len(words)
        if end is None:
            read += words
            continue
        for later in list(child.next_siblings):
            later.extract()
        if isinstance(child, NavigableString):
            child.replace_with(NavigableString(words[:end]))
        return found
    return found


def _end(before: str, words: str) -> int | None:
    """Where the first sentence ends within these words, if it does."""
    for match in _END.finditer(words):
        whole = before + words[: match.end()]
        if len(whole) >= SHORTEST and not _SHORTENED.search(whole):
            return match.end()
    return None


def _closes(text: str) -> bool:
    return len(text) >= SHORTEST and text.rstrip()[-1:] in tuple(".!?")


def _begins(following: object) -> bool:
    """Does a new sentence begin here?"""
    return isinstance(following, NavigableString) and bool(re.match(r"\s+[^a-z\s]", str(following)))
