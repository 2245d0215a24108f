"""A class at a glance: a folder of learners' exports becomes one table and a heat map.

``jwtlab progress export FILE`` makes such a file. What cannot be used is skipped and named with the reason;
nothing that lies in the folder stops the rest.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from markupsafe import Markup

from jwtlab import exercises, names
from jwtlab.classroom import marks
from jwtlab.errors import UsageError
from jwtlab.exercises import Lesson, exported
from jwtlab.exercises.progress import MOVED
from jwtlab.style import style
from jwtlab.widgets.map_layout import PARTS
from jwtlab.widgets.view import render, static

DEEPEST = 4
"""Folders below the one that is named; learning systems give each learner a folder."""
MOST_FILES = 20_000
FEWEST = 3
"""So many must have begun a lesson before an exercise of it is listed as hard."""


@dataclass(frozen=True)
class Line:
    """One learner.

    Attributes:
        learner: the name that they chose.
        file: where it was read.
        when: when it was exported.
        done: ids of what they have solved.
    """

    learner: str
    file: str
    when: datetime
    done: frozenset[str]

    def of(self, lesson: Lesson) -> int:
        """How many exercises and quiz questions of a lesson they have solved."""
        return len(self.done.intersection(items_of(lesson)))


@dataclass(frozen=True)
class Square:
    """A learner in a lesson: the class that draws it (``e0`` nothing to ``e4`` everything), and the numbers."""

    shade: str
    solved: int
    of: int


@dataclass(frozen=True)
class Hard:
    """An exercise that many of those who began its lesson have not solved."""

    id: str
    title: str
    solved: int
    begun: int


@dataclass(frozen=True)
class Overview:
    """The class; as the value of a cell it is drawn.

    Attributes:
        folder: what was read.
        learners: one line each, by name.
        skipped: file → why it does not count, in a sentence without subject.
    """

    folder: str
    learners: tuple[Line, ...]
    skipped: dict[str, str] = field(default_factory=dict)

    @cached_property
    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons that ask something."""
        return tuple(each for each in exercises.lessons().values() if items_of(each))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of `rows`: who, sums, solved in each lesson, then 1 or 0 for each item."""
        numbers = (f"lesson {each.number}" for each in self.lessons)
        return ("learner", "file", "exported", "solved", "of", *numbers, *self._items)

    @cached_property
    def rows(self) -> tuple[tuple[str | int, ...], ...]:
        """One row a learner, in the order of `columns`."""
        return tuple(
            (
                line.learner,
                line.file,
                line.when.isoformat(timespec="seconds"),
                self.solved(line),
                len(self._items),
                *(line.of(each) for each in self.lessons),
                *(int(item in line.done) for item in self._items),
            )
            for line in self.learners
        )

    @cached_property
    def _items(self) -> tuple[str, ...]:
        return tuple(item for lesson in self.lessons for item in items_of(lesson))

    def solved(self, line: Line) -> int:
        """How much a learner has solved of everything."""
        return len(line.done.intersection(self._items))

    def squares(self, line: Line) -> list[Square]:
        """A learner's row of the heat map."""
        return [_square(line.of(each), len(items_of(each))) for each in self.lessons]

    def whole_class(self) -> list[Square]:
        """The last row: what the class has solved together, in hundredths."""
        count = len(self.learners)
        sums = [
            (sum(line.of(each) for line in self.learners), count * len(items_of(each)))
            for each in self.lessons
        ]
        return [_square(100 * solved // of if of else 0, 100) for solved, of in sums]

    def hard(self, most: int = 8) -> list[Hard]:
        """Exercises with the smallest share of learners who solved them, of those who began the lesson."""
        found = []
        for lesson in self.lessons:
            begun = [line for line in self.learners if line.of(lesson)]
            if len(begun) < FEWEST:
                continue
            for each in lesson.exercises:
                solved = sum(each.id in line.done for line in begun)
                if solved < len(begun):
                    found.append(Hard(each.id, each.title, solved, len(begun)))
        return sorted(found, key=lambda each: (each.solved / each.begun, -each.begun, each.id))[:most]

    def to_csv(self, path: Path | str) -> Path:
        """Write `columns` and `rows` as CSV; spreadsheets take no name for a formula.

        Raises:
            OSError: it cannot be written.
        """
        return marks.write_table(Path(path), self.columns, ([str(cell) for cell in row] for row in self.rows))

    def to_html(self, path: Path | str) -> Path:
        """Write the heat map as a page of its own.

        Raises:
            OSError: it cannot be written.
        """
        target = Path(path)
        body = self._drawn(level=2)
        page = render("class_overview_page.html", style=Markup(style()), body=body, title=self._title)
        target.write_text(str(page), "utf-8")
        return target

    @property
    def _title(self) -> str:
        count = len(self.learners)
        return f"{count} learner{'' if count == 1 else 's'} in {names.visible(Path(self.folder).name or self.folder)}"

    def _drawn(self, level: int = 3) -> Markup:
        spans = [(title, sum(each.number[0] in digits for each in self.lessons)) for title, digits in PARTS]
        return render(
            "class_overview.html",
            view=self,
            title=self._title,
            parts=[each for each in spans if each[1]],
            level=level,
        )

    def _repr_html_(self) -> str:
        return f"<style>{style()}</style>{static(self._drawn())}"

    def __str__(self) -> str:
        lines = [f"{self._title}; {len(self.skipped)} skipped"]
        wide = max((len(line.learner) for line in self.learners), default=0)
        lines += [
            f"  {line.learner:{wide}}  {self.solved(line):3} of {len(self._items)} solved"
            for line in self.learners
        ]
        return "\n".join([*lines, *(f"  skipped: {file} {why}" for file, why in self.skipped.items())])

    __repr__ = __str__


def overview(folder: Path | str, now: datetime | None = None) -> Overview:
    """Read the exports of a class.

    Args:
        folder: with the files; folders in it are looked into, links are not followed.
        now: an export from later than this is not believed; by default the time of this machine.

    Raises:
        UsageError: it is no folder, or holds more files than a class can have.
    """
    place = Path(folder)
    if not place.is_dir():
        raise UsageError(f"{place} is no folder; put your learners' exports into one, and name it")
    skipped: dict[str, str] = {}
    lines: list[Line] = []
    for count, path in enumerate(_files(place, skipped)):
        if count >= MOST_FILES:
            raise UsageError(f"{place} holds more than {MOST_FILES:,} files; name a folder of exports only")
        shown = names.visible(path.relative_to(place).as_posix())
        try:
            lines.append(_line(path, shown, now))
        except UsageError as error:
            skipped[shown] = str(error)
        except OSError as error:
            skipped[shown] = f"cannot be read: {error.strerror or error}"
    kept = _newest(lines, skipped)
    return Overview(str(place), tuple(kept), dict(sorted(skipped.items())))


def items_of(lesson: Lesson) -> tuple[str, ...]:
    """What counts in a lesson: its exercises and its quiz. A prediction cannot be wrong."""
    return (*(each.id for each in lesson.exercises), *(each.id for each in lesson.quiz))


def _files(folder: Path, skipped: dict[str, str]) -> Iterator[Path]:
    """Everything that is no folder, in order of names; not what the system and other programs hide."""

    def unreadable(error: OSError) -> None:
        where = Path(str(error.filename))
        skipped[names.visible(where.name)] = f"cannot be opened: {error.strerror or error}"

    for place, folders, files in os.walk(folder, onerror=unreadable):
        here = Path(place)
        deep = len(here.relative_to(folder).parts) >= DEEPEST
        links = [each for each in folders if (here / each).is_symlink()]
        folders[:] = [] if deep else sorted(each for each in set(folders) - set(links) if each[0] != ".")
        yield from (here / each for each in sorted([*files, *links]) if each[0] != ".")


def _line(path: Path, shown: str, now: datetime | None) -> Line:
    if path.is_symlink():
        raise UsageError("is a link, and links are not followed")
    found = exported.read(exported.octets_of(path), now)
    done = frozenset(MOVED.get(item, item) for item in found.done)
    unknown = sorted(done - _known())
    if unknown:
        made = (
            ""
            if found.made_with == exported.VERSION
            else f" (made with jwtlab {found.made_with}; this is {exported.VERSION})"
        )
        more = f" and {len(unknown) - 3} more" if len(unknown) > 3 else ""
        raise UsageError(f"names exercises that do not exist: {', '.join(unknown[:3])}{more}{made}")
    return Line(found.learner, shown, found.when, done)


def _known() -> frozenset[str]:
    lessons = exercises.lessons().values()
    asked = {each.id for lesson in lessons for each in lesson.predictions}
    return frozenset(asked.union(*map(items_of, lessons)))


def _newest(lines: Sequence[Line], skipped: dict[str, str]) -> list[Line]:
    """One line a learner. Of several files the newest counts; of two as new, the one with more in it."""
    kept: dict[str, Line] = {}
    by_file = sorted(lines, key=lambda each: each.file)
    for line in sorted(by_file, key=lambda each: (each.when, len(each.done)), reverse=True):
        first = kept.setdefault(names.likeness(line.learner), line)
        if first is not line:
            skipped[line.file] = (
                f"is another export by {line.learner}; {first.file} is newer or holds more. "
                "If these are two people, let one of them export with --name"
                if (first.when, first.done) != (line.when, line.done)
                else f"is a copy of {first.file}, by {line.learner}"
            )
    return sorted(kept.values(), key=lambda each: (names.likeness(each.learner), each.learner))


def _square(solved: int, of: int) -> Square:
    shade = "e4" if of and solved >= of else "e0" if not solved else f"e{1 + min(2, 3 * solved // of)}"
    return Square(shade, solved, of)
