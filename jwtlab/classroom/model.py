"""What an assignment is made of: tasks with parts that are judged, and written questions.

A judge never runs in the student's process. It asks an `Answer`: for the value of a name, or for what
a function returns for arguments of the judge's choice. In a notebook the answer is the object itself
(`LocalAnswer`); where marks are made it is a line to a process in a sandbox, and what comes back is
plain data (`jwtlab.classroom.plain`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from jwtlab.classroom.draw import Draw
from jwtlab.classroom.variants import Variant


class Wrong(Exception):
    """Raised by a part's test: the answer is wrong; the message tells the student what to look at.

    It must not give the solution away, nor the inputs of a hidden test.
    """


class Missing(Wrong):
    """There is no answer: the name is not defined, or it is still ``None`` or ``...``."""


class Raised(Wrong):
    """The student's function raised an exception.

    Attributes:
        kind: the exception's class name.
    """

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(f"your function raised {kind}" + (f": {message[:200]}" if message else ""))


class Answer(Protocol):
    """What a judge can ask of an answer."""

    def value(self) -> Any:
        """The value, as plain data.

        Raises:
            Missing: there is none.
            Wrong: it is no plain data.
        """

    def call(self, *arguments: Any) -> Any:
        """What the function returns, as plain data.

        Raises:
            Missing: there is no function.
            Raised: it raised an exception.
            Wrong: it did not end in time, ended its process, or returned no plain data.
        """


Test = Callable[[Answer, Variant, Draw], None]


def cell_id(task: str, what: str) -> str:
    """The grade id of a cell: ``"a1-2-test"``, ``"a1-2-answer"`` (nbgrader allows no dot in it)."""
    return f"{task.replace('.', '-')}-{what}"


@dataclass(frozen=True, kw_only=True)
class Part:
    """Something that is judged on its own, so that a partly right answer has its part of the points.

    Attributes:
        id: within its task, such as ``"padding"``.
        title: what is asked, as a student reads it in the feedback; it gives no hidden input away.
        points: what it is worth.
        hidden: it is judged only where marks are made, not by ``check`` in the notebook.
        test: ``(answer, my, draw) -> None``; raises `Wrong`. ``draw`` gives fresh inputs: those of a
            hidden part come from the course's secret, so nobody knows them beforehand.
    """

    id: str
    title: str
    points: float
    test: Test = field(repr=False)
    hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class Task:
    """A piece of an assignment with one answer.

    Attributes:
        id: assignment and number, such as ``"a1.2"``; its test cell has the grade id ``"a1-2-test"``.
        title: what to do, in a few words.
        name: the name of the variable or function that is the answer.
        parts: what is judged.
    """

    id: str
    title: str
    name: str
    parts: tuple[Part, ...]

    @property
    def points(self) -> float:
        return sum(part.points for part in self.parts)

    @property
    def test_cell(self) -> str:
        """The grade id of the cell that holds the tests."""
        return cell_id(self.id, "test")

    @property
    def answer_cell(self) -> str:
        """The grade id of the cell that holds the answer."""
        return cell_id(self.id, "answer")


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One thing that a written answer is marked for.

    Attributes:
        about: what, in a few words.
        points: what it is worth; half of them for half of what is asked.
        full, half, none: what earns all of them, half of them, and none.
        look_for: key points.
    """

    about: str
    points: float
    full: str
    half: str
    none: str
    look_for: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Written:
    """A question that is marked by hand.

    Attributes:
        id: such as ``"a1.6"``; its cell has the grade id ``"a1-6-answer"``.
        title: the question in a few words.
        points: what it is worth.
        rubric: what earns how much, for whoever marks (``jwtlab/data/rubrics.toml``).
    """

    id: str
    title: str
    points: float
    rubric: tuple[Criterion, ...]

    @property
    def answer_cell(self) -> str:
        """The grade id of the cell that holds the answer."""
        return cell_id(self.id, "answer")


GIVEN = tuple(
    f"jwtlab.classroom.{name}" for name in ("check", "submission_button", "variant", "notebook.judged")
)
"""What the cells of every assignment import of the classroom; the rest holds tests, and what they compare with."""


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A notebook that is handed in.

    Attributes:
        name: file name without its ending, such as ``"a1_tokens"``.
        version: of the released text; a corrected assignment gets a new one.
        title, minutes: for people.
        tasks: judged by `Part.test`.
        written: marked by hand.
        primitives: modules that the text asks to do without, or that hold the tests; a submission that imports one
            is noted.
        allowed: names in them that the text uses all the same, such as ``"jwtlab.base64url"``.
    """

    name: str
    title: str
    minutes: int
    tasks: tuple[Task, ...]
    written: tuple[Written, ...]
    version: str = "1"
    primitives: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """Points of the automatic part."""
        return sum(task.points for task in self.tasks)


@dataclass(frozen=True)
class PartResult:
    """What became of a part.

    Attributes:
        part: the `Part`.
        earned: its points, or 0.
        words: for the student: what to look at, or ``""``.
    """

    part: Part
    earned: float
    words: str = ""


@dataclass(frozen=True)
class TaskResult:
    """What became of a task."""

    task: Task
    parts: tuple[PartResult, ...]

    @property
    def earned(self) -> float:
        return sum(each.earned for each in self.parts)


def judge(task: Task, answer: Answer, my: Variant, seed: str, *, hidden: bool = True) -> TaskResult:
    """Judge an answer, part by part.

    Args:
        task: what was asked.
        answer: what can be asked back.
        my: the student's world.
        seed: from which inputs are drawn; the course's secret where marks are made.
        hidden: judge the hidden parts as well.
    """
    results = []
    for part in task.parts:
        if part.hidden and not hidden:
            continue
        draw = Draw("judge", seed, my.student, task.id, part.id)
        try:
            part.test(answer, my, draw)
        except Raised as reason:
            if reason.kind == "NotImplementedError":  # what a released cell holds
                results.append(PartResult(part, 0, "there is no answer yet"))
                continue
            # What an exception says may quote a hidden input; its name is enough.
            words = f"your function raised {reason.kind}" if part.hidden else str(reason)
            results.append(PartResult(part, 0, words[:600]))
        except Wrong as reason:
            results.append(PartResult(part, 0, str(reason)[:600]))
        except Exception as error:  # an answer of a kind that the test did not foresee
            words = (
                f"this answer could not be judged: it is not what the text asks for ({type(error).__name__})"
            )
            results.append(PartResult(part, 0, words))
        else:
            results.append(PartResult(part, part.points))
    return TaskResult(task, tuple(results))


class LocalAnswer:
    """An answer in the student's own kernel, for ``check`` in the notebook."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def value(self) -> Any:
        from jwtlab.classroom import plain

        if self._answer is None or self._answer is ...:
            raise Missing("there is no answer yet")
        try:
            return plain.from_text(plain.to_text(self._answer))
        except plain.NotPlain as reason:
            raise Wrong(
                f"the answer is {reason}; plain text, numbers, bytes, lists and dicts are wanted"
            ) from None

    def call(self, *arguments: Any) -> Any:
        from jwtlab.classroom import plain

        if self._answer is None or self._answer is ...:
            raise Missing("there is no answer yet")
        if not callable(self._answer):
            raise Wrong("the answer has to be a function")
        given = plain.from_text(plain.to_text(list(arguments)))  # a function may change what it is given
        try:
            returned = self._answer(*given)
        except Exception as error:
            raise Raised(type(error).__name__, str(error)) from None
        try:
            return plain.from_text(plain.to_text(returned))
        except plain.NotPlain as reason:
            raise Wrong(f"your function returned {reason}, which is no plain data") from None
