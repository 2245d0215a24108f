"""A lesson as slides: one idea each, questions before answers, and what to say in the notes.

Which cell becomes which slide is decided by rule, so that a changed lesson has changed slides:

- The title, the promise and the three verbs are the first slide.
- A heading begins a slide. Of each paragraph it shows the first sentence, those that ask or introduce a term,
  and what else has room (`ROOM`); the whole passage is in the notes. Lists come point by point. A sentence that
  ends with a colon stands above what it announces.
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

from bs4 import Tag
from markupsafe import Markup

from jwtlab.exercises import Exercise, Question
from jwtlab.site import markup
from jwtlab.site.pages import NOTHING, Block, LessonPage
from jwtlab.site.sentences import lead

MOST = 3
"""Paragraphs on a slide."""

ROOM = {1: 230, 2: 130, 3: 90}
"""How many paragraphs are on a slide → characters for each."""

MOST_POINTS = 5
"""Points of a list on a slide."""

MOST_MISTAKES = 5
"""Mistakes in the notes to an exercise."""

_ONLY_HEADING = ("Predict", "Quiz", "Before you go on")
_LAST = "In three lines"
_EXERCISE = re.compile(r"^Exercise ([\d.]+)")


@dataclass
class Slide:
    """What the room sees, and what only the speaker sees.

    Attributes:
        kind: ``cover``, ``words``, ``code``, ``picture``, ``question`` or ``exercise``.
        title: its heading.
        steps: pieces that appear one after the other.
        notes: what to say.
        intro: a sentence that announces what follows.
        question, exercise, source: what a slide of that kind shows.
    """

    kind: str
    title: str
    steps: list[Markup] = field(default_factory=list)
    notes: list[Markup] = field(default_factory=list)
    intro: Markup = NOTHING
    question: Question | None = None
    exercise: Exercise | None = None
    source: str = ""

    @property
    def mistakes(self) -> list[str]:
        """What people get wrong in its exercise; values that only an answer has are left out."""
        found = self.exercise.mistakes if self.exercise is not None else ()
        return [re.sub(r"\{[^}]*\}", "…", each.hint) for each in found[:MOST_MISTAKES]]


@dataclass(frozen=True)
class Deck:
    """All slides of a lesson."""

    page: LessonPage
    slides: tuple[Slide, ...]


def deck(page: LessonPage) -> Deck:
    """The slides of a lesson, by the rules above."""
    maker = _Maker(page)
    for block in page.blocks:
        maker.take(block)
    made = maker.slides
    for slide, after in zip(made, [*made[1:], None], strict=True):
        if slide.kind == "code":
            shows = slide.steps or (after is not None and after.kind == "picture")
            words = "Ask first: what will it show? Then the next key." if shows else "Read it line by line."
            slide.notes.append(Markup("<p>{}</p>").format(words))
    return Deck(page, tuple(made))


class _Maker:
    """Goes through a lesson and remembers under which heading it is."""

    def __init__(self, page: LessonPage) -> None:
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
            self.slides += [_asked(each) for each in block.questions]
        elif block.kind == "exercise":
            self._exercise(block)
        elif block.cell not in self._exercise_cells:
            self._shown(block)

    def _shown(self, block: Block) -> None:
        """Code, or what it has shown: after its code on the same slide, or alone."""
        last = self.slides[-1]
        if block.kind == "text" and last.kind == "code":
            last.steps.append(Markup('<pre class="s-out">{}</pre>').format(block.html))
            return
        if block.kind == "code":
            made = Slide("code", self.title, source=block.source)
        else:
            if last.kind == "code" and not last.steps and "\n" not in last.source:
                self.slides.pop()  # one line that draws a picture: the picture is enough
            call = block.source or (last.source if last.kind == "code" else "")
            run = Markup("<code>{}</code>").format(call) if call and "\n" not in call else "the cell"
            made = Slide("picture", self.title, [_lifted(block.html)])
            made.notes.append(Markup("<p>Live: open {} and run {}.</p>").format(self.page.notebook, run))
        self._announce(made)
        self.slides.append(made)

    def _announce(self, made: Slide) -> None:
        """A slide that only announces the next one becomes its first line."""
        last = self.slides[-1]
        if last.kind == "words" and len(last.notes) == 1 and _announces(last.notes[0]):
            self.slides.pop()
            made.intro = last.notes[0]

    def _exercise(self, block: Block) -> None:
        for each in block.exercises:
            slide = next(
                (s for s in reversed(self.slides) if s.title.startswith(f"Exercise {each.id}")), None
            )
            if slide is None:
                slide = Slide("exercise", f"Exercise {each.id}: {each.title}")
                self.slides.append(slide)
            slide.kind, slide.exercise = "exercise", each
        self.title = self.page.lesson.title  # what follows is no longer the task

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
        self.slides.append(
            Slide("cover", self.page.lesson.title, [Markup(str(part)) for part in shown], notes)
        )

    def _section(self, parts: list[Tag]) -> None:
        if self.title in _ONLY_HEADING:
            return
        if self.title == _LAST:  # where to read on is for afterwards
            self.slides += [
                Slide("words", self.title, [Markup(str(_points(part, 200)))]) for part in parts[:1]
            ]
            self.slides[-1].notes += [Markup(str(part)) for part in parts]
            return
        for group in _groups(parts):
            slide = Slide("words", self.title)
            paragraphs = sum(part.name == "p" for part in group)
            for part in group:
                _put(slide, part, ROOM.get(paragraphs, ROOM[MOST]))
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
    pieces = list(_pieces(parts))
    for part, after in zip(pieces, [*pieces[1:], None], strict=True):
        announces = part.name == "p" and after is not None and after.name != "p" and _announces(part)
        heavy = part.name != "p" and not (len(group) == 1 and group[0].name == "p")
        if group and (len(group) >= MOST or heavy or announces or group[-1].name != "p"):
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _announces(part: object) -> bool:
    """Does this paragraph end with a colon, and say little else?"""
    words = markup.parse(str(part)).get_text().strip()
    return words.endswith(":") and len(words) <= 160


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


def _put(slide: Slide, part: Tag, room: int) -> None:
    """A piece of a passage: its chief sentences on the slide, the whole in the notes."""
    slide.notes.append(Markup(str(part)))
    if part.name == "p":
        slide.steps.append(Markup(str(lead(part, room))))
    elif part.name in ("ul", "ol"):
        slide.steps.append(Markup(str(_points(part, room))))
    elif part.name == "details":
        opened = copy.copy(part)
        opened["open"] = ""
        slide.steps.append(Markup(str(opened)))
    else:
        slide.steps.append(Markup(str(part)))


def _points(part: Tag, room: int) -> Tag:
    """A list whose points appear one after the other, each with its chief sentences."""
    found = copy.copy(part)
    for point in [each for each in found.children if isinstance(each, Tag)]:
        if point.select_one("p, ul, ol, pre") is None:
            point.replace_with(lead(point, room))
    for point in [each for each in found.children if isinstance(each, Tag)]:
        point["class"] = "step"
    return found


def _lifted(html: Markup) -> Markup:
    """A picture whose headings follow the title of its slide."""
    tree = markup.parse(html)
    for heading in markup.tags(tree, "h3, h4"):
        level = 2 if heading.name == "h3" or heading.get("aria-level") == "3" else 3
        heading["role"], heading["aria-level"] = "heading", str(level)
    return Markup(str(tree))


def _asked(question: Question) -> Slide:
    title = "Predict" if ".p" in question.id else "Quiz"
    words = "Let everybody choose, by hand or with the board, before the next key shows the answer."
    return Slide("question", title, notes=[Markup("<p>{}</p>").format(words)], question=question)
