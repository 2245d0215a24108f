"""What happens in a lesson, and who hears of it: an answer was judged, an option was chosen.

The one place through which the lessons speak: what was answered rightly is noted in the learner's own
progress, and whoever listens is told. Nobody listens unless the learner has asked for it: the class's
board is the only listener there is (`jwtlab.board.join`). A listener can neither slow a lesson nor break it,
as long as it only takes note: it is called in the lesson's own thread, and whatever it raises is dropped.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from jwtlab.exercises.model import Feedback, Question, Verdict
from jwtlab.exercises.progress import Progress


@dataclass(frozen=True)
class AnswerJudged:
    """An answer to an exercise was judged. The answer itself is not in here.

    Attributes:
        exercise: its id, such as ``"02.3"``.
        verdict: not yet, try again or right.
        mistake: the id of the mistake, if one was made.
    """

    exercise: str
    verdict: Verdict
    mistake: str = ""


@dataclass(frozen=True)
class Chosen:
    """An option of a question was chosen.

    Attributes:
        question: its id, such as ``"02.p1"``.
        option: which one, counted from 0.
    """

    question: str
    option: int


Happening = AnswerJudged | Chosen
Listener = Callable[[Happening], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """From now on this function is called with everything that happens; once, however often it is added."""
    if listener not in _listeners:
        _listeners.append(listener)


def stop(listener: Listener) -> None:
    """This function is called no more."""
    if listener in _listeners:
        _listeners.remove(listener)


def judged(feedback: Feedback) -> None:
    """An answer was judged."""
    if feedback.right:
        Progress().record(feedback.exercise.id)
    _tell(AnswerJudged(feedback.exercise.id, feedback.verdict, feedback.mistake))


def chosen(question: Question, option: int) -> None:
    """An option was chosen."""
    if question.options[option].right:
        Progress().record(question.id)
    _tell(Chosen(question.id, option))


def _tell(happening: Happening) -> None:
    for listener in tuple(_listeners):
        with contextlib.suppress(Exception):
            listener(happening)
