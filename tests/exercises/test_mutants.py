"""Judges are tested like verifiers: what is taken out of a right answer, the judge notices.

Whatever a judge lets pass is listed in ``equivalents.toml`` with the reason why it is right, too.
"""

from __future__ import annotations

import contextlib
import io
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from judging_answers import WRONG, run_with_answer
from mutants import mutants
from right import FURTHER
from short_form import spread
from values import wrong_values

from jwtlab import exercises
from jwtlab.exercises import Exercise, Verdict, gauntlet, safely
from jwtlab.exercises.forging import FORGED
from jwtlab.exercises.table import Table

# A mutant that never ends is stopped wherever it is: in a destructor, too, which nobody can catch.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

ALL = {each.id: each for lesson in exercises.lessons().values() for each in lesson.exercises if each.mistakes}
EQUIVALENTS = tomllib.loads((Path(__file__).parent / "equivalents.toml").read_text("utf-8"))


SHARED = (*FORGED, *gauntlet.MISTAKES)
_CLOCK = "Depends on the machine's clock"
"""PyJWT looks at it: such mutants are right on some days, and refused on others."""


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A mutant that never ends is stopped soon; no right answer takes a tenth of this."""
    monkeypatch.setitem(safely.call.__kwdefaults__, "seconds", 0.5)


def answer_of(exercise_id: str, source: str, seconds: float = 60) -> Any:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return safely.call(run_with_answer, exercise_id, source, seconds=seconds)


def same(answer: Any, right: Any) -> bool:
    """Is the answer of a mutant the very value that is right? Then it is no wrong answer."""
    return not callable(right) and type(answer) is type(right) and bool(answer == right)


def spoilt(exercise: Exercise, count: int | None = None) -> Iterator[tuple[str, Any]]:
    """Wrong answers by rule: their names, and the answers; all, or ``count`` mutants and as many others."""
    right = answer_of(exercise.id, exercise.solution)
    for number, solution in enumerate((exercise.solution, *FURTHER.get(exercise.id, ()))):
        made = list(mutants(solution))
        for mutant in made if count is None else spread(made, count) if number == 0 else ():
            try:
                answer = answer_of(exercise.id, mutant.source, 2)
            except exercises.Wrong:
                continue  # the cell itself stops with an error: there is no answer
            if not same(answer, right):
                yield f"{mutant.name}{f' [{number}]' if number else ''}", answer
    others = list(_wrapped(right) if callable(right) else wrong_values(right))
    yield from others if count is None else spread(others, count)


def _wrapped(right: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    """Functions that do the right thing, and then something else."""
    for name, change in (
        ("gives its repr", repr),
        ("gives a list", lambda found: [found]),
        ("gives the opposite", lambda found: not found),
        ("gives true", lambda found: True),
        ("gives false", lambda found: False),
        ("gives an empty text", lambda found: ""),
    ):
        yield name, lambda *given, change=change: change(right(*given))
    yield "gives what it got", lambda *given: given[0] if given else None


def outcome(exercise_id: str, count: int | None = None) -> tuple[int, dict[str, str], set[str]]:
    """How many mutants were made, what the judge said of those it called right, and which mistakes it told."""
    exercise, made, survivors, told = ALL[exercise_id], 0, {}, set()
    for name, answer in spoilt(exercise, count):
        made += 1
        feedback = exercise.judge(answer)
        told.add(feedback.mistake)
        if feedback.verdict is Verdict.RIGHT:
            survivors[name] = feedback.message
    return made, survivors, told


@pytest.mark.parametrize("exercise_id", ALL)
def test_a_few_mutants_are_refused_or_explained(exercise_id):
    made, survivors, _ = outcome(exercise_id, 4)
    assert made >= 3
    assert set(survivors) <= set(EQUIVALENTS.get(exercise_id, {})), "a wrong answer is called right"


@pytest.mark.long
@pytest.mark.parametrize("exercise_id", ALL)
def test_every_mutant_is_refused_or_explained(exercise_id):
    made, survivors, told = outcome(exercise_id)
    explained = EQUIVALENTS.get(exercise_id, {})
    assert made >= 3
    assert set(survivors) <= set(explained), "a wrong answer is called right"
    gone = {
        name for name, reason in explained.items() if name not in survivors and not reason.startswith(_CLOCK)
    }
    assert not gone, "listed, and not called right any more"
    assert all(len(reason) > 15 for reason in explained.values())
    # Each mistake is told to somebody: to a wrong answer by hand, to a mutant, or (a table's) to one case.
    exercise = ALL[exercise_id]
    told |= {mistake for _, mistake in WRONG[exercise_id]}
    if isinstance(exercise.judge_answer, Table):
        told |= {case.mistake for case in exercise.judge_answer.cases} | {"changes-input"}
    own = {each.id for each in exercise.mistakes if each not in SHARED}
    assert own <= told, "a mistake that no wrong answer makes"


@pytest.mark.parametrize("exercise_id", ALL)
def test_mistakes_have_ids_and_sentences_of_their_own(exercise_id):
    found = ALL[exercise_id].mistakes
    assert len({each.id for each in found}) == len({each.hint for each in found}) == len(found)
    assert all(len(each.hint) > 15 for each in found if "{" not in each.hint)


def test_each_mistake_that_exercises_share_is_made_somewhere():
    assert {each.id for each in SHARED} <= {mistake for cases in WRONG.values() for _, mistake in cases}


def test_every_list_of_equivalents_belongs_to_an_exercise():
    assert set(EQUIVALENTS) <= set(ALL)


TABLES = {name: each.judge_answer for name, each in ALL.items() if isinstance(each.judge_answer, Table)}


@pytest.mark.parametrize("exercise_id", TABLES)
def test_a_few_cases_are_reached_and_told_by_their_own_mistake(exercise_id):
    assert_told(exercise_id, 6)


@pytest.mark.long
@pytest.mark.parametrize("exercise_id", TABLES)
def test_each_case_is_reached_and_told_by_its_own_mistake(exercise_id):
    assert_told(exercise_id)


def assert_told(exercise_id: str, count: int | None = None) -> None:
    """A function that is right but for one input is told that input's mistake: for each input, or for some."""
    table, exercise = TABLES[exercise_id], ALL[exercise_id]
    right = answer_of(exercise_id, exercise.solution)
    inputs: dict[str, Any] = {}
    for case in table.cases:
        inputs.setdefault(_shown(table.arguments(*case.given)), case)
    for asked, case in spread(list(inputs.items()), count or len(inputs)):

        def answer(*given, asked=asked):
            is_asked = _shown(given) == asked  # before the function changes what it is given
            found = right(*given)
            return _other(found) if is_asked else found

        feedback = exercise.judge(answer)
        told = {case.mistake, *table.own}
        assert feedback.verdict is Verdict.WRONG, case
        assert feedback.mistake in told, (case, feedback)


def _shown(value: Any) -> str:
    """As text that is the same for equal values: a copy of a set may have another order."""
    if isinstance(value, tuple | list):
        return f"{type(value).__name__}({', '.join(_shown(each) for each in value)})"
    if isinstance(value, set | frozenset):
        return f"{type(value).__name__}({', '.join(sorted(_shown(each) for each in value))})"
    return repr(value)


def _other(found: Any) -> Any:
    """Another result of the same kind."""
    if isinstance(found, bool):
        return not found
    if isinstance(found, str):
        return f"{found}x"
    if isinstance(found, int):
        return found + 1
    return "something else" if found is None else None
