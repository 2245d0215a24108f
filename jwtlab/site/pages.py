"""A lesson as a page: its cells in order, each as what a reader needs of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from bs4 import BeautifulSoup, Tag
from markupsafe import Markup

from jwtlab import exercises
from jwtlab.errors import UsageError
from jwtlab.exercises import Exercise, Lesson, Question
from jwtlab.site import markup
from jwtlab.site.still import still

RESERVED = ("main", "lessons", "run", "contents", "search")
"""Ids of the page itself."""

NOTHING = Markup()

_CHECK = re.compile(r'\bcheck\("([\d.]+)"')
_ASKED = re.compile(r'^(?:Predict|Quiz)\("([\d.p]+)"\)$')
_LINE = re.compile(r"^\w+\(.*\)$")
_WIDGET = re.compile(r"^<\w+>$")


@dataclass(frozen=True)
class Block:
    """A piece of a page.

    Attributes:
        kind: ``words``, ``code``, ``setup``, ``text`` (what a program printed), ``picture`` (a figure or
            a table), ``widget``, ``questions`` or ``exercise``.
        html: the piece itself, ready for the page.
        source: the Python of the cell; of a widget the call that makes it.
        questions, exercises: what is asked.
        cell: its place in the notebook, and the cell's metadata.
    """

    kind: str
    html: Markup = NOTHING
    source: str = ""
    questions: tuple[Question, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    cell: int = 0
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def painted(self) -> Markup:
        """Its Python, coloured."""
        return Markup(markup.code(self.source))


@dataclass(frozen=True)
class Heading:
    """An entry of the table of contents."""

    id: str
    title: str
    text: str = ""


@dataclass(frozen=True)
class LessonPage:
    """A lesson, read.

    Attributes:
        lesson: what the course knows of it.
        blocks: its pieces, in order.
        headings: its sections, each with its words, for the contents and the search.
        opening: the words before the first of them.
    """

    lesson: Lesson
    blocks: tuple[Block, ...]
    headings: tuple[Heading, ...]
    opening: str = ""

    @property
    def file(self) -> str:
        """Name of its page."""
        return f"{self.lesson.name}.html"

    @property
    def notebook(self) -> str:
        """Name of the notebook."""
        return f"{self.lesson.name}.ipynb"


def read(path: Path) -> LessonPage:
    """Read a committed lesson.

    Raises:
        UsageError: its number belongs to no lesson, or it is no notebook.
    """
    lesson = exercises.lesson(path.name[:2])
    names = markup.Names(RESERVED)
    headings: list[Heading] = []
    blocks: list[Block] = []
    for number, cell in enumerate(_cells(path)):
        found = _words(cell, names, headings) if cell.cell_type == "markdown" else _code(cell, number)
        blocks += [_placed(each, number, dict(cell.metadata)) for each in found]
    texts = _texts(blocks)
    sections = tuple(Heading(each.id, each.title, " ".join(texts.get(each.id, ()))) for each in headings)
    return LessonPage(lesson, tuple(blocks), sections, " ".join(texts[""]))


def _cells(path: Path) -> list[Any]:
    try:
        return list(nbformat.read(path, as_version=4).cells)
    except (ValueError, AttributeError, nbformat.ValidationError) as error:
        raise UsageError(
            f"{path} is no notebook; jwtlab reset {path.name[:2]} puts the lesson back"
        ) from error


def _placed(block: Block, number: int, metadata: dict[str, Any]) -> Block:
    return Block(block.kind, block.html, block.source, block.questions, block.exercises, number, metadata)


def _words(cell: Any, names: markup.Names, headings: list[Heading]) -> list[Block]:
    tree = markup.markdown(cell.source)
    for heading in markup.tags(tree, "h1, h2, h3"):
        heading["id"] = names.of(markup.text_of(heading))
        if heading.name == "h2":
            headings.append(Heading(str(heading["id"]), markup.text_of(heading)))
    return [Block("words", Markup(str(tree)), cell.source)]


def _code(cell: Any, number: int) -> list[Block]:
    """A code cell: its Python, then what it has shown."""
    if asked := _ASKED.match(cell.source.strip()):
        return [Block("questions", questions=_questions(asked[1]))]
    outputs = [block for output in cell.outputs if (block := _output(output, cell, number)) is not None]
    tags = cell.metadata.get("tags", ())
    if "setup" in tags:
        return [Block("setup", source=cell.source)]
    if any(block.kind == "widget" for block in outputs) and _LINE.match(cell.source.strip()):
        return outputs
    asked_here = tuple(exercises.exercise(name) for name in _CHECK.findall(cell.source))
    if asked_here:
        kept = [block for block in outputs if block.kind == "text"]
        return [Block("code", source=cell.source), *kept, Block("exercise", exercises=asked_here)]
    return [Block("code", source=cell.source), *outputs]


def _questions(name: str) -> tuple[Question, ...]:
    return (exercises.question(name),) if "p" in name else exercises.lesson(name).quiz


def _output(output: Any, cell: Any, number: int) -> Block | None:
    if output.output_type == "stream":
        return Block("text", Markup("{}").format(output.text.rstrip("\n")))
    data = output.get("data", {})
    plain = str(data.get("text/plain", ""))
    if "text/html" in data:
        kind = "widget" if _WIDGET.match(plain) else "picture"
        source = cell.source.strip() if kind == "widget" else ""
        return Block(kind, Markup(str(still(data["text/html"], f"c{number}"))), source)
    return Block("text", Markup("{}").format(plain)) if plain else None


def _texts(blocks: list[Block]) -> dict[str, list[str]]:
    """Id of a heading → the words, questions and code that follow it up to the next one."""
    texts: dict[str, list[str]] = {"": []}
    current = ""
    for block in blocks:
        if block.kind == "words":
            for part in markup.parse(block.html).children:
                current = _heard(part, current, texts)
        said = [question.text for question in block.questions]
        said += [" ".join(block.source.split())] if block.kind == "code" else []
        texts.setdefault(current, []).extend(said)
    return texts


def _heard(part: Any, current: str, texts: dict[str, list[str]]) -> str:
    if isinstance(part, Tag) and not isinstance(part, BeautifulSoup):
        if part.name == "h2":
            return str(part["id"])
        texts.setdefault(current, []).append(markup.text_of(part))
    return current
