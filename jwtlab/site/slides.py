"""A lesson as slides: one idea each, questions before answers, and what to say in the notes.

Which cell becomes which slide is decided by rule, so that a changed lesson has changed slides:

- The title, the promise and the three verbs are the first slide.
- A heading begins a slide. It shows the *first sentence* of each paragraph, at most `MOST` of them; the
  whole passage is in the notes. Lists come point by point.
- A question is a slide: first what can be chosen, with the next key the right one and every reason.
- Code is a slide; what it prints comes with the next key, after the room has said what it expects.
- A widget or a figure is a slide of its own; the notes say which cell to run for the live one.
- An exercise shows the task. Its hints, what people get wrong and a solution are in the notes.
- The first cell, and the cells of exercises, are none.

A cell's metadata ``slideshow.slide_type`` has the last word, as in Jupyter: ``skip`` leaves it out,
``notes`` puts its text into the notes of the slide before, ``fragment`` adds it there as a step.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import NavigableString, Tag
from markupsafe import Markup

from jwtlab.exercises import Exercise, Question
from jwtlab.site import markup
from jwtlab.site.pages import Block, Page
from jwtlab.site.sentences import lead

MOST = 3
"""Paragraphs on a slide."""

MOST_POINTS = 5
"""Points of a list on a slide."""

_ONLY_HEADING = ("Predict", "Quiz", "Before you go on")
_EXERCISE = re.compile(r"^Exercise ([\d.]+)")


@dataclass
class Slide:
    """What the room sees, and what only the speaker sees.

    Attributes:
        kind: ``cover``, ``words``, ``code``, ``picture``, ``question`` or ``exercise``.
        title: its heading.
        steps: pieces that appear one after the other.
        notes: what to say.
        question, exercise, source: what a slide of that kind shows.
    """

    kind: str
    title: str
    steps: list[Markup] = field(default_factory=list)
    notes: list[Markup] = field(default_factory=list)
    question: Question | None = None
    exercise: Exercise | None = None
    source: str = ""


@dataclass(frozen=True)
class Deck:
    """All slides of a lesson."""

    page: Page
    slides: tuple[Slide, ...]


def deck(page: Page) -> Deck:
    """The slides of a lesson, by the rules above."""
    maker = _Maker(page)
    for block in page.blocks:
        maker.take(block)
    return Deck(page, tuple(maker.slides))


class _Maker:
    """Goes through a lesson and remembers under which heading it is."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.title = page.lesson.title
        self.slides: list[Slide] = []
        self._exercise_cells = {block.cell for block in page.blocks if block.kind == "exercise"}

    def take(self, block: Block) -> None:
        kind = str(block.metadata.get("slideshow", {}).get("slide_type", ""))
        if kind == "skip" or block.kind == "setup":
            return
        if kind in ("notes", "fragment") and self.slides:
            target = self.slides[-1].notes if kind == "notes" else self.slides[-1].steps
            target.append(block.html or block.painted)
        elif block.kind == "words":
            self._words(block)
        elif block.kind == "questions":
            self.slides += [_asked(each, block) for each in block.questions]
        elif block.kind == "exercise":
            self._exercise(block)
        elif block.cell not in self._exercise_cells:
            self._shown(block)

    def _shown(self, block: Block) -> None:
        """Code, or what it has shown: after its code on the same slide, or alone."""
        if block.kind == "code":
            note = Markup("<p>Ask first: what will it show? Then the next key.</p>")
            self.slides.append(Slide("code", self.title, notes=[note], source=block.source))
            return
        if block.kind == "text" and self.slides and self.slides[-1].kind == "code":
            self.slides[-1].steps.append(Markup('<pre class="s-out">{}</pre>').format(block.html))
            return
        note = Markup("<p>Live: open {} and run {}.</p>").format(
            self.page.notebook, Markup("<code>{}</code>").format(block.source) if block.source else "the cell"
        )
        self.slides.append(Slide("picture", self.title, [block.html], [note]))

    def _exercise(self, block: Block) -> None:
        for each in block.exercises:
            slide = next((s for s in reversed(self.slides) if s.title.startswith(f"Exercise {each.id}")), None)
            if slide is None:
                slide = Slide("exercise", f"Exercise {each.id}: {each.title}")
                self.slides.append(slide)
            slide.kind, slide.exercise = "exercise", each

    def _words(self, block: Block) -> None:
        tree = markup.parse(block.html)
        if not self.slides:
            self._cover(tree)
        for title, parts in _sections(tree):
            if title:
                self.title = title
            if parts:
                self._section(parts)

    def _cover(self, tree: Tag) -> None:
        """The title with the promise and the verbs; taken out of the tree."""
        heading = tree.select_one("h1")
        if heading is not None:
            heading.extract()
        before_sections = [part for part in tree.children if isinstance(part, Tag)]
        mine: list[Tag] = []
        for part in before_sections:
            if part.name == "h2":
                break
            mine.append(part)
        for part in mine:
            part.extract()
        notes = [Markup(str(part)) for part in mine]
        shown = [part for part in mine if part.name in ("p", "ul") and part.select_one("strong") is not None]
        self.slides.append(Slide("cover", self.page.lesson.title, [Markup(str(part)) for part in shown], notes))

    def _section(self, parts: list[Tag]) -> None:
        if self.title in _ONLY_HEADING:
            return
        for group in _groups(parts):
            slide = Slide("words", self.title)
            for part in group:
                _put(slide, part)
            if _EXERCISE.match(self.title):
                slide.kind = "exercise"
            self.slides.append(slide)


def _sections(tree: Tag) -> Iterator[tuple[str, list[Tag]]]:
    """Heading and what stands below it; the first has none if the cell begins without."""
    title, parts = "", list[Tag]()
    for part in tree.children:
        if not isinstance(part, Tag):
            continue
        if part.name in ("h1", "h2", "h3"):
            yield title, parts
            title, parts = markup.text_of(part), []
        else:
            parts.append(part)
    yield title, parts


def _groups(parts: list[Tag]) -> Iterator[list[Tag]]:
    """What fits on one slide: some paragraphs, or one list with the sentence before it, or one piece of code."""
    group: list[Tag] = []
    for part in _pieces(parts):
        heavy = part.name != "p"
        if group and (len(group) >= MOST or (heavy and len(group) > 1) or group[-1].name != "p"):
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _pieces(parts: list[Tag]) -> Iterator[Tag]:
    """The parts, long lists cut."""
    for part in parts:
        points = [each for each in part.children if isinstance(each, Tag)]
        if part.name not in ("ul", "ol") or len(points) <= MOST_POINTS:
            yield part
            continue
        for start in range(0, len(points), MOST_POINTS):
            piece = copy.copy(part)
            piece.clear()
            if part.name == "ol":
                piece["start"] = str(start + 1)
            for each in points[start : start + MOST_POINTS]:
                piece.append(copy.copy(each))
            yield piece


def _put(slide: Slide, part: Tag) -> None:
    """A piece of a passage: its first sentence on the slide, the whole in the notes."""
    slide.notes.append(Markup(str(part)))
    if part.name == "p":
        slide.steps.append(Markup(str(lead(part))))
    elif part.name in ("ul", "ol"):
        slide.steps.append(Markup(str(_points(part))))
    elif part.name == "details":
        opened = copy.copy(part)
        opened["open"] = ""
        slide.steps.append(Markup(str(opened)))
    else:
        slide.steps.append(Markup(str(part)))


def _points(part: Tag) -> Tag:
    """A list whose points appear one after the other, each with its first sentence."""
    found = copy.copy(part)
    for point in [each for each in found.children if isinstance(each, Tag)]:
        if point.select_one("p, ul, ol, pre") is None:
            point.replace_with(lead(point))
    for point in [each for each in found.children if isinstance(each, Tag)]:
        point["class"] = "step"
    for text in [each for each in found.children if isinstance(each, NavigableString)]:
        text.extract()
    return found


def _asked(question: Question, block: Block) -> Slide:
    title = "Predict" if ".p" in question.id else "Quiz"
    words = "Let everybody choose, by hand or with the board, before the next key shows the answer."
    return Slide("question", title, notes=[Markup("<p>{}</p>").format(words)], question=question)
