"""Markdown and code of a lesson as HTML, with links that lead to pages instead of notebooks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from bs4 import BeautifulSoup, Tag
from nbconvert.filters import Highlight2HTML, markdown2html

_LESSON = re.compile(r"^(\d\d_\w+)\.ipynb(#.*)?$")


def parse(html: str) -> BeautifulSoup:
    """HTML as a tree. This parser adds no ``html`` or ``body`` around a fragment."""
    return BeautifulSoup(html, "html.parser")


def tags(tree: Tag, selector: str) -> list[Tag]:
    """What a CSS selector finds, as a list that stays as it is while the tree changes."""
    return list(tree.select(selector))


def classes(tag: Tag) -> list[str]:
    """Its classes."""
    return [str(each) for each in tag.get_attribute_list("class") if each]


def text_of(tag: Tag) -> str:
    """The words of a part of the tree, on one line."""
    return " ".join(tag.get_text().split())


def markdown(source: str) -> BeautifulSoup:
    """A Markdown cell as a tree: no marks beside headings, tables in a frame that can scroll, links to pages."""
    tree = parse(markdown2html(source))
    for mark in tags(tree, "a.anchor-link"):
        mark.decompose()
    for empty in [each for each in tags(tree, "th") if not text_of(each)]:
        empty.name = "td"  # a heading that says nothing is none
    for table in tags(tree, "table"):
        frame = tree.new_tag(
            "div", attrs={"class": "s-scroll", "tabindex": "0", "role": "group", "aria-label": "Table"}
        )
        table.wrap(frame)
    lead_to_pages(tree)
    return tree


def lead_to_pages(tree: Tag) -> None:
    """Links to lessons lead to their pages; those to other places say nothing of where they come from."""
    for link in tree.find_all("a", href=True):
        target = str(link["href"])
        if match := _LESSON.match(target):
            link["href"] = f"{match[1]}.html{match[2] or ''}"
        elif target.startswith(("http:", "https:")):
            link["rel"] = "noopener noreferrer"
            link["class"] = " ".join([*classes(link), "s-out"])
        link.attrs.pop("data-lesson", None)


@cache
def _painter() -> Highlight2HTML:
    return Highlight2HTML()  # type: ignore[no-untyped-call]


def code(source: str) -> str:
    """Python with its words in classes that the style sheet colours."""
    return str(_painter()(source, language="ipython3"))


class Names:
    """Ids for headings: short, of plain letters, each once a page.

    Args:
        taken: ids that the page uses itself.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def of(self, heading: str) -> str:
        """An id from the words of a heading, such as ``"exercise-11-1-sign-with-what-everybody-knows"``."""
        plain = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-") or "part"
        name, count = plain, 1
        while name in self._taken:
            count += 1
            name = f"{plain}-{count}"
        self._taken.add(name)
        return name
