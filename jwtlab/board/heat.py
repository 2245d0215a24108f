"""The heat map: exercises by learners, and beside each exercise what the room runs into."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from jwtlab import exercises
from jwtlab.board.reports import exercise_of, mistakes_of
from jwtlab.board.store import BoardStore, ExerciseState, Learner
from jwtlab.exercises import Exercise

FEWEST = 3
"""So many must have begun an exercise before the map speaks of half of them."""
COLUMNS = (20, 60)
"""Fewest and most squares in a line; a larger room takes several lines."""
SQUARE = 12


@dataclass(frozen=True)
class Cell:
    """One learner at one exercise, or in one lesson.

    Attributes:
        state: the symbol that draws it: none, seen, wrong1 to wrong3, solved; some1 to some3 for a lesson.
        help: they ask for help there.
        words: the same in words.
    """

    state: str
    help: bool
    words: str


@dataclass(frozen=True)
class Trouble:
    """A mistake that was made: its id, the sentence that the learner reads, how many learners made it."""

    mistake: str
    hint: str
    learners: int


@dataclass(frozen=True)
class HeatRow:
    """A line of the map.

    Attributes:
        id, title: of the exercise or lesson.
        cells: one for each learner, in the order of joining.
        begun, solved: how many have handed in an answer, and how many a right one.
        stuck: those who have a wrong answer and no right one, or ask for help there.
        troubles: the mistakes, the most frequent first.
        alarm: in words, where half of them are stuck; else empty.
        lesson: it is a whole lesson.
    """

    id: str
    title: str
    cells: tuple[Cell, ...]
    begun: int
    solved: int
    stuck: tuple[Learner, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    alarm: str = ""
    lesson: bool = False

    @property
    def words(self) -> str:
        """The line for those who do not see it."""
        count = len(self.cells)
        if self.lesson:
            return f"Lesson {self.id}: {self.solved} of {count} have solved everything"
        return (
            f"{self.id}: {self.solved} of {count} solved it, {self.begun - self.solved} tried without success"
        )


@dataclass(frozen=True)
class LessonChoice:
    """A lesson to choose from: its number and title, and how many are there now."""

    number: str
    title: str
    here: int


@dataclass(frozen=True)
class Room:
    """The whole picture.

    Attributes:
        lesson: the number of the lesson that is shown, or ``"all"``.
        title: what is shown.
        learners: everybody.
        asking: those who ask for help, the longest wait first.
        stops: the lessons in which somebody was.
        rows: the lines.
        worst: the three exercises, of all lessons, at which most are stuck.
        columns: squares in a line.
    """

    lesson: str
    title: str
    learners: tuple[Learner, ...]
    asking: tuple[Learner, ...]
    stops: tuple[LessonChoice, ...]
    rows: tuple[HeatRow, ...]
    worst: tuple[HeatRow, ...]
    columns: int = field(default=COLUMNS[0])

    @property
    def lines(self) -> int:
        return max(1, -(-len(self.learners) // self.columns))

    def at(self, number: int) -> tuple[int, int]:
        """Where the square of the learner in this place is drawn."""
        line, column = divmod(number, self.columns)
        return column * SQUARE, line * SQUARE

    @property
    def size(self) -> tuple[int, int]:
        return self.columns * SQUARE, self.lines * SQUARE


def look(store: BoardStore, lesson: str = "") -> Room:
    """The picture as it is now.

    Args:
        store: the board's file.
        lesson: a lesson's number, ``"all"``, or anything else for the one in which most learners are.
    """
    learners = store.learners()
    answers = store.answers()
    here = _whereabouts(answers)
    known = exercises.lessons()
    if lesson not in known and lesson != "all":
        lesson = max(here, key=lambda number: (here[number], number), default="all")
    touched = {each.exercise.partition(".")[0] for each in answers}
    stops = tuple(LessonChoice(n, known[n].title, here[n]) for n in known if n in touched or n == lesson)
    by_exercise: dict[str, dict[int, ExerciseState]] = {}
    for each in answers:
        by_exercise.setdefault(each.exercise, {})[each.learner] = each
    mistakes = store.mistakes()
    asked = {each.help for each in learners if each.help}
    every = {
        each.id: _row(each, learners, by_exercise.get(each.id, {}), mistakes.get(each.id, {}))
        for each in exercise_of().values()
        if each.id in by_exercise or each.id in asked or each.id.startswith(f"{lesson}.")
    }
    rows = [row for row in every.values() if row.id.startswith(f"{lesson}.")]
    if lesson == "all":
        rows = [_lesson_row(stop, learners, by_exercise) for stop in stops]
    stuck = sorted((row for row in every.values() if row.stuck), key=lambda row: -len(row.stuck))
    return Room(
        lesson,
        "All lessons" if lesson == "all" else f"{lesson} {known[lesson].title}",
        tuple(learners),
        tuple(
            sorted((each for each in learners if each.help is not None), key=lambda who: who.help_since or 0)
        ),
        stops,
        tuple(rows),
        tuple(stuck[:3]),
        min(max(len(learners), COLUMNS[0]), COLUMNS[1]),
    )


def _whereabouts(answers: Iterable[ExerciseState]) -> Counter[str]:
    """Lesson → how many learners were there last."""
    last: dict[int, ExerciseState] = {}
    for each in answers:
        if each.learner not in last or each.changed >= last[each.learner].changed:
            last[each.learner] = each
    return Counter(each.exercise.partition(".")[0] for each in last.values())


def _row(
    exercise: Exercise,
    learners: Sequence[Learner],
    answers: Mapping[int, ExerciseState],
    mistakes: Mapping[str, int],
) -> HeatRow:
    begun = [who for who in learners if who.id in answers and answers[who.id].tries]
    stuck = tuple(
        who for who in learners if (who in begun and not answers[who.id].solved) or (who.help == exercise.id)
    )
    return HeatRow(
        exercise.id,
        exercise.title,
        tuple(_cell(who, exercise.id, answers.get(who.id)) for who in learners),
        len(begun),
        sum(answers[who.id].solved for who in begun),
        stuck,
        tuple(Trouble(name, hint_of(exercise.id, name), many) for name, many in mistakes.items()),
        _alarm(len(stuck), len(begun), len(learners)),
    )


def _alarm(stuck: int, begun: int, room: int) -> str:
    if begun < FEWEST:
        return ""
    if 2 * stuck >= room:
        return "Half the room is stuck"
    return "Half of those here are stuck" if 2 * stuck >= begun else ""


def _cell(who: Learner, exercise: str, answer: ExerciseState | None) -> Cell:
    help_here = who.help == exercise
    if answer is None:
        state, words = "none", "not here yet"
    elif answer.solved:
        state, words = "solved", f"solved with {_tries(answer.tries)}"
    elif not answer.tries:
        state, words = "seen", "has opened it"
    else:
        state = "wrong1" if answer.wrong == 1 else "wrong2" if answer.wrong < 4 else "wrong3"
        words = f"{_tries(answer.tries)}, last mistake: {answer.mistake}"
    return Cell(state, help_here, f"{who.called}: {words}{', asks for help' if help_here else ''}")


def _tries(count: int) -> str:
    return "1 try" if count == 1 else f"{count} tries"


def _lesson_row(
    stop: LessonChoice, learners: Sequence[Learner], by_exercise: Mapping[str, Mapping[int, ExerciseState]]
) -> HeatRow:
    ids = [each.id for each in exercises.lesson(stop.number).exercises]
    cells, begun, all_solved = [], 0, 0
    for who in learners:
        found = [by_exercise[each][who.id] for each in ids if who.id in by_exercise.get(each, {})]
        solved = sum(each.solved for each in found)
        begun += bool(found)
        all_solved += solved == len(ids)
        share = -(-3 * solved // len(ids))
        state = (
            "none"
            if not found
            else "seen"
            if not solved
            else "solved"
            if solved == len(ids)
            else f"some{share}"
        )
        help_here = bool(who.help) and who.help in ids
        cells.append(Cell(state, help_here, f"{who.called}: {solved} of {len(ids)} solved"))
    return HeatRow(stop.number, stop.title, tuple(cells), begun, all_solved, lesson=True)


def hint_of(exercise: str, mistake: str) -> str:
    """The sentence that names a mistake, with dots for what differs from learner to learner."""
    found = mistakes_of(exercise).get(mistake)
    return re.sub(r"\{[^{}]*\}\.?", "…", found.hint) if found else ""


def title_of(exercise: str) -> str:
    found = exercise_of().get(exercise)
    return found.title if found else ""
