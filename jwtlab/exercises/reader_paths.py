"""Ways through the lessons: one for whoever builds a web application, protects an API, teaches, or reviews security."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jwtlab import exercises
from jwtlab.errors import UsageError
from jwtlab.exercises.model import Lesson

FILE = Path(__file__).parents[1] / "data" / "reader_paths.toml"


@dataclass(frozen=True, kw_only=True)
class ReaderPath:
    """A way through the lessons.

    Attributes:
        id: its name in programs.
        title: what such a reader would say.
        aim: what they can do at its end.
        lessons: numbers, in the order in which they are done; each stands behind those that it needs.
        then: where it goes on; these, too, need only what stands before them, here or in ``lessons``.
    """

    id: str
    title: str
    aim: str
    lessons: tuple[str, ...]
    then: tuple[str, ...]

    @property
    def minutes(self) -> int:
        """How long its lessons take, without those that come then."""
        return sum(exercises.lesson(number).minutes for number in self.lessons)

    def next(self, done: frozenset[str] | set[str]) -> Lesson | None:
        """The first of its lessons that is not done; ``None`` at its end.

        Args:
            done: numbers of lessons.
        """
        left = (number for number in self.lessons + self.then if number not in done)
        return next((exercises.lesson(each) for each in left if each in exercises.numbers()), None)


@cache
def reader_paths() -> dict[str, ReaderPath]:
    """All of them, by id."""
    rows = tomllib.loads(FILE.read_text("utf-8"))["path"]
    paths = (
        ReaderPath(
            id=row["id"],
            title=row["title"],
            aim=row["aim"],
            lessons=tuple(row["lessons"]),
            then=tuple(row["then"]),
        )
        for row in rows
    )
    return {each.id: each for each in paths}


def reader_path(id: str) -> ReaderPath:
    """The path of this id, such as ``"web-app"``.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    found = reader_paths().get(id)
    if found is None:
        raise UsageError(f"there is no path {id!r}; there are: {', '.join(reader_paths())}")
    return found
