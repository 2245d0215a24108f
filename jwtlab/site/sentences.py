"""The sentences of a paragraph, each with its markup: what a slide shows of a passage."""

from __future__ import annotations

import copy
import re

from bs4.element import NavigableString, PageElement, Tag

SHORTEST = 28
"""Characters: a first sentence below that ("Two things.") takes the next one along."""

_END = re.compile(r"[.!?…]['\"”’)]*(?=\s+[^a-z\s])")
_SHORTENED = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|No|etc|St)|\b[A-Z])\.$")


def lead(paragraph: Tag, room: int) -> Tag:
    """A copy of a paragraph with its first sentence, those that ask or introduce a term, and what else has room.

    Args:
        paragraph: with markup; terms are introduced in bold letters.
        room: characters; the first sentence, questions and those with a term may go beyond it.
    """
    every = sentences(paragraph)
    lengths = [len(_words(each)) for each in every]
    count = 1
    while count < len(every) and (sum(lengths[: count + 1]) <= room or sum(lengths[:count]) < SHORTEST):
        count += 1
    kept = [number for number, each in enumerate(every) if number < count or _has_term(each) or _asks(each)]
    found = copy.copy(paragraph)
    found.clear()
    for place, number in enumerate(kept):
        nodes = [copy.copy(node) for node in every[number]]
        if place and number != kept[place - 1] + 1:
            found.append(NavigableString(" … "))
            nodes = [
                NavigableString(str(node).lstrip())
                if node is nodes[0] and isinstance(node, NavigableString)
                else node
                for node in nodes
            ]
        found.extend(nodes)
    return found


def sentences(paragraph: Tag) -> list[list[PageElement]]:
    """The sentences, each as the nodes it is made of. None ends within a tag that goes on."""
    found: list[list[PageElement]] = [[]]
    for child in paragraph.children:
        if isinstance(child, Tag):
            found[-1].append(child)
            if _closes(_words(found[-1])) and _begins(child.next_sibling):
                found.append([])
            continue
        rest = str(child)
        while match := _end(_words(found[-1]), rest):
            found[-1].append(NavigableString(rest[:match]))
            found.append([])
            rest = rest[match:]
        if rest:
            found[-1].append(NavigableString(rest))
    return [each for each in found if _words(each).strip()]


def _words(nodes: list[PageElement]) -> str:
    return "".join(node.get_text() for node in nodes)


def _has_term(nodes: list[PageElement]) -> bool:
    return any(
        isinstance(node, Tag) and (node.name == "strong" or node.select_one("strong")) for node in nodes
    )


def _asks(nodes: list[PageElement]) -> bool:
    return _words(nodes).rstrip().endswith("?")


def _end(before: str, words: str) -> int | None:
    """Where the sentence ends within these words, if it does."""
    for match in _END.finditer(words):
        if not _SHORTENED.search(before + words[: match.end()]):
            return match.end()
    return None


def _closes(text: str) -> bool:
    return text.rstrip()[-1:] in tuple(".!?")


def _begins(following: object) -> bool:
    """Does a new sentence begin here?"""
    return isinstance(following, NavigableString) and bool(re.match(r"\s+[^a-z\s]", str(following)))
