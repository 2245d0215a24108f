"""A learner's function that raises, loops or is none gets a sentence."""

from __future__ import annotations

import sys

import pytest

from jwtlab.exercises.model import Wrong
from jwtlab.exercises.safely import call


def test_value_and_arguments_pass_through():
    assert call(lambda a, b=0: a + b, 1, b=2) == 3
    assert call(lambda: None) is None


@pytest.mark.parametrize("odd", [None, 5, "text", [], {}])
def test_what_is_no_function_is_said(odd):
    with pytest.raises(Wrong, match="wants a function"):
        call(odd)


@pytest.mark.parametrize(
    "error", [ValueError("why"), KeyboardInterrupt(), SystemExit(3), RecursionError("deep")]
)
def test_exception_is_named_and_kept(error):
    def fails():
        raise error

    with pytest.raises(Wrong, match=type(error).__name__) as caught:
        call(fails)
    assert caught.value.__cause__ is error


def test_exit_does_not_end_the_kernel():
    with pytest.raises(Wrong, match="SystemExit"):
        call(sys.exit, 1)


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
        call(stubborn, seconds=0.2)
    assert state["turns"] > 0
    assert state["ended"]  # the thread is gone, it does not go on burning the processor


def test_wrong_number_of_arguments_is_an_error_of_the_learners():
    with pytest.raises(Wrong, match="TypeError"):
        call(lambda: None, 1)
