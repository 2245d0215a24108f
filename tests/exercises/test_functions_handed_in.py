"""Functions that learners hand in: whatever they raise, return or never return, a sentence comes back."""

from __future__ import annotations

import sys
import threading

import pytest

from jwtlab import exercises
from jwtlab.exercises import Exercise, Verdict, Wrong, safely

ALL = [exercise for lesson in exercises.lessons().values() for exercise in lesson.exercises]


class Awkward:
    """Equal to nothing, true or false to nobody, and no text either."""

    def __eq__(self, other):
        raise ValueError("do not compare me")

    __hash__ = None

    def __bool__(self):
        raise ValueError("do not ask me")

    def __repr__(self):
        raise ValueError("do not write me")

    def __len__(self):
        raise ValueError("do not count me")


class Mute(Exception):
    """An exception that cannot be put into words."""

    def __str__(self):
        raise ValueError("no words")


def raises(error):
    def answer(*args, **named):
        raise error

    return answer


def wrong_arguments(only, exactly, four, of_them):
    return True


def generator(*args, **named):
    yield 1


async def coroutine(*args, **named):
    return 1


ODD = {
    "nothing": lambda *args, **named: None,
    "itself": lambda *args, **named: args,
    "a number": lambda *args, **named: 3.5,
    "bytes": lambda *args, **named: b"\xff",
    "half a character": lambda *args, **named: "\ud800",
    "an awkward object": lambda *args, **named: Awkward(),
    "a class": Awkward,
    "a generator": generator,
    "an exception": raises(ValueError("no")),
    "a mute exception": raises(Mute()),
    "no recursion": raises(RecursionError()),
    "an exit": lambda *args, **named: sys.exit(1),
    "an interrupt": raises(KeyboardInterrupt()),
    "other arguments": wrong_arguments,
    "print": lambda *args, **named: "x" * 1_000_000,
}


@pytest.mark.long
@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.id)
def test_odd_function_gets_a_sentence(exercise, name):
    feedback = exercise.judge(ODD[name])
    assert feedback.verdict in (Verdict.WRONG, Verdict.NOT_YET)
    assert 10 < len(feedback.message) < 1000


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.id)
def test_awkward_object_gets_a_sentence(exercise):
    for answer in (Awkward(), [Awkward()], {"a": Awkward()}):
        feedback = exercise.judge(answer)
        assert feedback.verdict in (Verdict.WRONG, Verdict.NOT_YET)
        assert feedback.message


def calls_it(answer):
    return safely.call(answer, seconds=0.2)


TASK = Exercise(
    id="00.9", title="Write a function", judge_answer=calls_it, hints=("Try.",), solution="answer = print"
)


def test_endless_function_becomes_feedback_and_ends():
    before = threading.active_count()

    def endless():
        while True:
            pass

    feedback = TASK.judge(endless)
    assert feedback.verdict is Verdict.WRONG
    assert "did not come to an end within 0.2 seconds" in feedback.message
    assert threading.active_count() == before


def test_exception_becomes_feedback_that_names_it():
    feedback = TASK.judge(raises(ZeroDivisionError("division by zero")))
    assert (feedback.verdict, feedback.message) == (
        Verdict.WRONG,
        "Your function raised ZeroDivisionError: division by zero",
    )


def test_long_exception_is_cut():
    assert len(TASK.judge(raises(ValueError("x" * 100_000))).message) < 250


def test_exception_without_words_is_named_all_the_same():
    with pytest.raises(Wrong, match="Your function raised Mute"):
        safely.call(raises(Mute()))


def test_wrong_raised_by_the_learner_is_no_word_of_the_judges():
    feedback = TASK.judge(raises(Wrong("all is well")))
    assert feedback.message == "Your function raised Wrong: all is well"


@pytest.mark.parametrize("odd", [None, 5, "print", [print], [], {}])
def test_functions_that_are_none_are_named(odd):
    with pytest.raises(Wrong, match=r"wants a function.*without brackets"):
        safely.call(odd)


def test_value_and_arguments_pass_through():
    assert safely.call(lambda a, b=0: a + b, 1, b=2) == 3
    assert safely.call(lambda: None) is None


@pytest.mark.parametrize(
    "error", [ValueError("why"), KeyboardInterrupt(), SystemExit(3), RecursionError("deep")]
)
def test_exception_is_named_and_kept(error):
    with pytest.raises(Wrong, match=type(error).__name__) as caught:
        safely.call(raises(error))
    assert caught.value.__cause__ is error


def test_exit_does_not_end_the_kernel():
    with pytest.raises(Wrong, match="SystemExit"):
        safely.call(sys.exit, 1)


def test_wrong_number_of_arguments_is_an_error_of_the_learners():
    with pytest.raises(Wrong, match="TypeError"):
        safely.call(lambda: None, 1)


def test_endless_loop_is_stopped_even_if_it_catches_exceptions():
    state = {"turns": 0, "ended": False}

    def stubborn():
        try:
            while True:
                try:
                    state["turns"] += 1
                except Exception:
                    continue
        finally:
            state["ended"] = True

    with pytest.raises(Wrong, match="endless loop"):
        safely.call(stubborn, seconds=0.2)
    assert state["turns"] > 0
    assert state["ended"]  # the thread is gone, it does not go on burning the processor


def test_platform_without_threads_calls_it_directly(monkeypatch):
    def no_threads(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_threads)
    assert safely.call(lambda a: a + 1, 1) == 2
    with pytest.raises(Wrong, match="ValueError: no"):
        safely.call(raises(ValueError("no")))


def test_awkward_value_is_handed_back_as_it_is():
    assert isinstance(safely.call(Awkward), Awkward)
