"""Where every lesson stands on the map, and what leads to what."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from jwtlab.exercises import Lesson
from jwtlab.exercises.reader_paths import ReaderPath

WIDE, HIGH = 124, 54
"""Pixels of a lesson's box."""

_STEP_X, _STEP_Y, _TITLE = 144, 64, 34
_COLUMNS, _LETTERS = 7, 17

PARTS = (
    ("The token", "0"),
    ("Attacks on tokens", "1"),
    ("The flows of OAuth and OpenID Connect", "23"),
    ("At work", "4"),
)
"""Title of a part of the course → first digits of its lessons."""


@dataclass(frozen=True)
class Stop:
    """A lesson on the map.

    Attributes:
        lesson: itself.
        x, y: its left upper corner, in pixels.
        lines: its title, in at most two lines.
        state: ``"done"``, ``"begun"``, ``"next"`` (all it needs is done) or ``"later"``.
        share: how much of it is done, from 0 to 1.
        aside: it is not on the way that was chosen.
    """

    lesson: Lesson
    x: float
    y: float
    lines: tuple[str, ...]
    state: str
    share: float
    aside: bool = False


@dataclass(frozen=True)
class Plan:
    """The whole map.

    Attributes:
        width, height: in pixels.
        parts: title of each part, with what it needs, and its height.
        stops: the lessons.
        ways: from which corner to which, ``(x1, y1, x2, y2)``: a lesson and one that builds on it.
        suggestion: the lesson to do next, or ``None`` if all is done.
        words: the same for whoever cannot see it.
    """

    width: int
    height: int
    parts: tuple[tuple[str, float], ...]
    stops: tuple[Stop, ...]
    ways: tuple[tuple[float, float, float, float], ...]
    suggestion: Lesson | None
    words: str


def plan(lessons: Mapping[str, Lesson], shares: Mapping[str, float], path: ReaderPath | None = None) -> Plan:
    """Lay the map out: a row of lessons as long as each needs the one before, branches below each other.

    Args:
        lessons: number → lesson.
        shares: number → how much of it is done, from 0 to 1.
        path: the way that was chosen; it says what comes next.
    """
    done = {number for number, share in shares.items() if share >= 1}
    if path is None:
        suggestion = next((each for each in lessons.values() if _is_next(each, done)), None)
    else:
        suggestion = path.next(done)
    y, parts, stops = 0.0, [], []
    for title, _ in PARTS:
        members = {number: each for number, each in lessons.items() if _part(number) == title}
        if not members:
            continue
        parts.append((title + _needed_before(members), y + 20))
        places = _places(members)
        for number, lesson in members.items():
            column, row = places[number]
            stops.append(
                Stop(
                    lesson,
                    column * _STEP_X + 1,
                    y + _TITLE + row * _STEP_Y,
                    tuple(textwrap.wrap(lesson.title, _LETTERS))[:2],
                    _state(lesson, done, shares),
                    shares.get(number, 0),
                    path is not None and number not in path.lessons,
                )
            )
        y += _TITLE + _STEP_Y * (1 + max(row for _, row in places.values())) + 8
    width = round(max((each.x for each in stops), default=0) + WIDE + 1)
    return Plan(
        width, round(y), tuple(parts), tuple(stops), _ways(stops), suggestion, _words(stops, suggestion)
    )


def _needed_before(members: Mapping[str, Lesson]) -> str:
    """What a part needs of earlier parts: first all of it, then any single lesson that needs more."""
    outside = {number: [n for n in each.needs if n not in members] for number, each in members.items()}
    said, known = [], set[str]()
    for number, needs in outside.items():
        new = [need for need in needs if need not in known]
        if new:
            who = f"{number} also " if known else ""
            said.append(f"{who}after {' and after '.join(new)}")
        known.update(new)
    return f" · {'; '.join(said)}" if said else ""


def _part(number: str) -> str:
    return next((title for title, digits in PARTS if number[0] in digits), "")


def _is_next(lesson: Lesson, done: Collection[str]) -> bool:
    return lesson.number not in done and all(need in done for need in lesson.needs)


def _state(lesson: Lesson, done: Collection[str], shares: Mapping[str, float]) -> str:
    if lesson.number in done:
        return "done"
    if shares.get(lesson.number, 0) > 0:
        return "begun"
    return "next" if _is_next(lesson, done) else "later"


def _places(members: Mapping[str, Lesson]) -> dict[str, tuple[int, int]]:
    """Column and row: the first that builds on a lesson stands beside it, the others below.

    Lessons that build on none of their part stand side by side, as many in a row as there is room for.
    """
    children: dict[str, list[str]] = {}
    roots = []
    for number, lesson in members.items():
        parent = next((need for need in lesson.needs if need in members), None)
        (roots if parent is None else children.setdefault(parent, [])).append(number)
    found: dict[str, tuple[int, int]] = {}

    def put(number: str, column: int, row: int) -> tuple[int, int]:
        """The first free column and the first free row behind this lesson and all that build on it."""
        found[number] = column, row
        right, below = column + 1, row + 1
        for index, child in enumerate(children.get(number, ())):
            deeper, lower = put(child, column + 1, row if index == 0 else below)
            right, below = max(right, deeper), max(below, lower)
        return right, below

    column = row = below = 0
    for root in roots:
        if column and column + _depth(root, children) > _COLUMNS:
            column, row = 0, below
        column, lower = put(root, column, row)
        below = max(below, lower)
    return found


def _depth(number: str, children: Mapping[str, list[str]]) -> int:
    return 1 + max((_depth(child, children) for child in children.get(number, ())), default=0)


def _ways(stops: Collection[Stop]) -> tuple[tuple[float, float, float, float], ...]:
    places = {each.lesson.number: each for each in stops}
    found = []
    for stop in stops:
        for need in stop.lesson.needs:
            before = places.get(need)
            if before is not None and _part(need) == _part(
                stop.lesson.number
            ):  # a part's title says the rest
                found.append((before.x + WIDE, before.y + HIGH / 2, stop.x, stop.y + HIGH / 2))
    return tuple(found)


def _words(stops: Collection[Stop], suggestion: Lesson | None) -> str:
    said = "; ".join(
        f"{each.lesson.number} {each.lesson.title}"
        + (f" after {', '.join(each.lesson.needs)}" if each.lesson.needs else "")
        + f", {each.state}"
        for each in stops
    )
    then = f"Next for you: {suggestion.number} {suggestion.title}." if suggestion else "All is done."
    return f"Map of the lessons: {said}. {then}"
