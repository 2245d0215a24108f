"""Every exercise: the stub says "not yet", the solution is right, plausible mistakes get their own hint."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judging_answers import WRONG, exercise_code, judged, run, run_with_answer, setup_code, with_answer
from short_form import few

from jwtlab import exercises
from jwtlab.exercises import Verdict

ALL = {e.id: e for lesson in exercises.lessons().values() for e in lesson.exercises}


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("JWTLAB_PROGRESS", str(tmp_path / "progress.json"))


@pytest.mark.parametrize("exercise_id", ALL)
def test_untouched_exercise_is_not_yet(exercise_id):
    assert judged(exercise_id, None).startswith(f"{exercise_id} not yet: ")


@pytest.mark.parametrize("exercise_id", ALL)
def test_solution_is_right_and_recorded(exercise_id):
    assert judged(exercise_id, ALL[exercise_id].solution).startswith(f"{exercise_id} right: ")
    assert exercise_id in exercises.Progress().done()


@pytest.mark.long
@pytest.mark.parametrize("exercise_id", ALL)
def test_solution_run_twice_in_one_kernel_is_still_right(exercise_id):
    cell = with_answer(exercise_code(exercise_id), ALL[exercise_id].solution)
    assert repr(run(setup_code(exercise_id[:2]), cell, cell)).startswith(f"{exercise_id} right: ")


@pytest.mark.parametrize("exercise_id", few(ALL, *(each for each in ALL if each != "43.4")))  # seven seconds
def test_wrong_answers_are_told_apart(exercise_id):
    exercise, cases = ALL[exercise_id], WRONG[exercise_id]
    told = [exercise.judge(run_with_answer(exercise_id, code)) for code, _ in cases]
    for feedback, (code, expected) in zip(told, cases, strict=True):
        assert feedback.verdict is Verdict.WRONG, code
        if exercise.mistakes:
            assert feedback.mistake == expected, f"{code}\n→ {feedback}"
        else:
            assert expected.lower() in feedback.message.lower(), f"{code}\n→ {feedback}"
    assert len({feedback.message for feedback in told}) >= 3


def test_every_wrong_answer_belongs_to_an_exercise():
    assert set(WRONG) == set(ALL)


@pytest.mark.parametrize("exercise_id", ALL)
def test_exercise_has_hints_and_the_solution_is_not_in_the_notebook(exercise_id):
    exercise = ALL[exercise_id]
    assert len(exercise.hints) >= 1
    last = exercise.solution.strip().splitlines()[-1]
    assert last not in exercise_code(exercise_id)


ODD = [
    object(),
    3.5,
    float("nan"),
    [],
    {},
    b"\xff",
    "",
    "\ud800",
    "a" * 100_000,
    True,
    range(3),
    lambda: 1,
    Exception,
]


@pytest.mark.long
@pytest.mark.parametrize("exercise_id", ALL)
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
def test_odd_answer_gets_a_sentence(exercise_id, odd):
    feedback = ALL[exercise_id].judge(odd)
    assert feedback.verdict in (Verdict.WRONG, Verdict.NOT_YET)
    assert feedback.message


@pytest.mark.long
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(answer=st.recursive(st.none() | st.booleans() | st.integers() | st.text() | st.binary(), st.lists))
def test_no_answer_raises(answer):
    for exercise in ALL.values():
        assert exercise.judge(answer).message


QUESTIONS = [q for lesson in exercises.lessons().values() for q in (*lesson.predictions, *lesson.quiz)]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_question_explains_every_option(question):
    assert len(question.options) >= 3
    assert len({option.why for option in question.options}) == len(question.options)
    assert all(len(option.why) > 20 for option in question.options)


@pytest.mark.parametrize(
    "lesson",
    [each for each in exercises.lessons().values() if len(each.quiz) > 1],
    ids=lambda lesson: lesson.number,
)
def test_the_right_option_does_not_always_stand_at_the_same_place(lesson):
    places = [
        [each.right for each in asked.options].index(True) for asked in (*lesson.predictions, *lesson.quiz)
    ]
    assert len(set(places)) > 1, "whoever has noticed it need not read the options"


@pytest.mark.parametrize("lesson", exercises.lessons().values(), ids=lambda lesson: lesson.number)
def test_lesson_is_complete(lesson):
    assert len(lesson.quiz) == (0 if lesson.number == "00" else 3)
    ids = [item.id for item in (*lesson.exercises, *lesson.predictions, *lesson.quiz)]
    assert len(set(ids)) == len(ids)
    assert all(item.startswith(f"{lesson.number}.") for item in ids)
