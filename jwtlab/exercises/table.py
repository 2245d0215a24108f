"""Judging a function by a table: what it is called with, what it has to give, and why.

The cases of a table are drawn so that no short cut survives. `near` makes those that a comparison
lets in when it minds capital letters, spaces, the beginning or the end of a text too little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from jwtlab.errors import kind
from jwtlab.exercises.model import Mistake, NotYet, Wrong
from jwtlab.exercises.safely import call, shown

NOTHING = "Your function gives nothing yet. Write it, end it with a return, and run this cell again."


@dataclass(frozen=True)
class Case:
    """One call of the learner's function.

    Attributes:
        mistake: the id of the mistake that another result shows.
        given: what varies from case to case: the arguments, or what `Table.arguments` makes them of.
        expected: what the function has to give.
        why: the hint.
        values: what the hint has in braces.
    """

    mistake: str
    given: tuple[Any, ...]
    expected: Any
    why: str
    values: dict[str, Any] = field(default_factory=dict)


def as_it_is(*given: Any) -> tuple[Any, ...]:
    return given


def equal(found: Any, expected: Any) -> bool:
    """Equal, and of one type: 1 is not True."""
    return type(found) is type(expected) and bool(found == expected)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A judge of functions.

    Attributes:
        cases: what to ask, in order: the good ones first, then the ordinary mistakes, then the sly ones.
        praise: why a right answer is right; ``{count}`` is the number of cases.
        arguments: makes the arguments of what a case gives.
        fits: ``(found, expected) -> bool``.
        read: what a result is compared as; raises `Wrong` for one of the wrong kind.
        look: ``(found, case)``, called for a result that does not fit; raises `Wrong` for a mistake that
            can be told by the result.
        changes: the function may change what it is given.
        outcome: ``(found, arguments)`` → what ``read`` gets: by default what the function gave. Where the function
            is to change an argument, what has become of that can be taken along.
        none_counts: ``None`` is a result like others; then only a function that calls nothing is not yet written.
        own: mistakes that ``read``, ``look`` and ``further`` tell, id → hint.
        further: what is asked after the table; raises `Wrong`.
        raised: name of an exception → what it shows if the function raises it; what a case says is of no use to
            somebody whose function has not come so far.
    """

    cases: tuple[Case, ...]
    praise: str
    arguments: Callable[..., tuple[Any, ...]] = as_it_is
    fits: Callable[[Any, Any], bool] = equal
    read: Callable[[Any], Any] = lambda found: found
    look: Callable[[Any, Case], None] = lambda found, case: None
    changes: bool = False
    outcome: Callable[[Any, tuple[Any, ...]], Any] = lambda found, arguments: found
    none_counts: bool = False
    own: dict[str, str] = field(default_factory=dict)
    further: Callable[[Any], None] = lambda answer: None
    raised: dict[str, str] = field(default_factory=dict)

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        hints = {"changes-input": "Your function changes what it is given. Leave that as it is."}
        hints = ({} if self.changes else hints) | self.own
        for case in self.cases:
            hints.setdefault(case.mistake, case.why)
        return tuple(Mistake(id=name, hint=hint) for name, hint in hints.items())

    def __call__(self, answer: Any) -> str:
        if self._is_untouched(answer):
            raise NotYet(NOTHING)
        for case in self.cases:
            self._ask(answer, case)
        self.further(answer)
        return self.praise.format(count=len(self.cases)) if "{count}" in self.praise else self.praise

    def _is_untouched(self, answer: Any) -> bool:
        if self.none_counts and getattr(getattr(answer, "__code__", None), "co_names", True):
            return False
        return all(_is_nothing(call(answer, *self._arguments(case))) for case in self.cases[:12])

    def _arguments(self, case: Case) -> tuple[Any, ...]:
        return deepcopy(self.arguments(*case.given))

    def _ask(self, answer: Any, case: Case) -> None:
        arguments = self._arguments(case)
        try:
            found = self.read(self.outcome(call(answer, *arguments), arguments))
        except Wrong as problem:
            if problem.mistake == "raised":
                problem.after = f". {self._on_error(problem.__cause__, case)}"
            raise
        if not self.changes and arguments != self._arguments(case):
            raise Wrong("changes-input")
        if not self.fits(found, case.expected):
            self.look(found, case)
            asked = ", ".join(shown(each) for each in case.given)
            raise Wrong(case.mistake, f"For {asked} your function gives {shown(found)}.", **case.values)

    def _on_error(self, error: BaseException | None, case: Case) -> str:
        """What helps somebody whose function raised: what this kind of error shows, or what is special in the case."""
        name = type(error).__name__
        if name in self.raised:
            return self.raised[name]
        missing = error.args[0] if isinstance(error, KeyError) and error.args else None
        dicts = [each for each in case.given if isinstance(each, dict)]
        if isinstance(missing, str) and dicts and all(missing not in each for each in dicts):
            return f"There is no {missing[:40]!r} this time; .get({missing[:40]!r}) gives None then. {self._hint(case)}"
        return self._hint(case)

    def _hint(self, case: Case) -> str:
        hint = next(each.hint for each in self.mistakes if each.id == case.mistake)
        return hint.format(**case.values) if case.values else hint


def _is_nothing(found: Any) -> bool:
    return found is None or found is ...


TRUE_OR_FALSE = {"not-bool": "Say True or False; your function gives {what}."}


def true_or_false(found: Any) -> bool:
    """For `Table.read`: the result has to be a bool.

    Raises:
        Wrong: not-bool, which the table has to declare (`TRUE_OR_FALSE`).
    """
    if not isinstance(found, bool):
        raise Wrong("not-bool", what=kind(found))
    return found


def near(
    name: str, right: str, make: Callable[[str], tuple[Any, ...]], expected: Any, *, without: str = ""
) -> tuple[Case, ...]:
    """Cases in which one text is nearly, but not quite, the right one.

    Args:
        name: what the text is, such as ``"iss"``; the mistake's id is this with ``-loosely`` behind it.
        right: the right text.
        make: the case's arguments for a text.
        expected: the result for all of these.
        without: kinds of near misses that are right here, of `near_misses`, between spaces.
    """
    why = name + " {value!r} is not {right!r}: {how}."
    return tuple(
        Case(f"{name}-loosely", make(text), expected, why, {"value": text, "right": right, "how": how})
        for sort, how, text in near_misses(right)
        if sort not in without.split()
    )


def near_misses(right: str) -> Iterator[tuple[str, str, str]]:
    """What a careless comparison takes for a text: the kind, what is different, the other text."""
    seen = {right}
    for sort, how, text in _near_misses(right):
        if text not in seen:
            seen.add(text)
            yield sort, how, text


def _near_misses(right: str) -> Iterator[tuple[str, str, str]]:
    for text in (right.upper(), right.lower(), right.title(), right.swapcase()):
        yield "case", "capital letters count", text
    for text in (f" {right}", f"{right} ", f"{right}\n", f"\t{right}", f"{right}\r\n"):
        yield "space", "a space or a line break is a letter too, so this is another text", text
    for letter, twin in (("k", "\u212a"), ("s", "\u017f"), ("K", "\u212a"), ("S", "\u017f")):
        yield (
            "letter",
            "one letter in it only looks alike in one of the two cases",
            right.replace(letter, twin, 1),
        )
    for text in (
        f"{right}x",
        f"x{right}",
        f"{right}0",
        f"{right}/",
        f"{right}.mallory.example",
        f"{right},x",
        f"x {right}",
    ):
        yield "longer", "it has more letters, so it only begins, ends or goes on like it", text
    for text in (right[:-1], right[1:], right[: len(right) // 2], right.rpartition("/")[2], ""):
        yield "shorter", "it is only a piece of it", text
    for text in (right.replace(".", "x"), f"{right[:-1]}.", ".*", f"{right}|x"):
        yield "pattern", "it is a text and no pattern: a dot is a dot, and stands for no other letter", text
    yield "null", "a zero byte ends no text in Python", f"{right}\0"
    if right.startswith("https://"):
        yield from _near_addresses(right)


def _near_addresses(right: str) -> Iterator[tuple[str, str, str]]:
    parts = urlsplit(right)
    host, path = parts.netloc, parts.path
    yield "slash", "a slash more or less is another text", right[:-1] if right.endswith("/") else f"{right}/"
    for port in (443, 8443):
        yield "port", "a port belongs to the name", f"https://{host}:{port}{path}"
    yield "scheme", "http is not https", f"http://{host}{path}"
    yield (
        "user",
        "what stands before an @ is a user name, and not the host",
        f"https://{host}@mallory.example{path}",
    )
    yield "user", "what stands before an @ is a user name", f"https://mallory@{host}{path}"
    yield "host", "another host that ends alike is another host", f"https://mallory-{host}{path}"
    yield "host", "a host below it is another host", f"https://mallory.{host}{path}"
    for more in ("?", "?x", "#", "#x", "/x", "/../x", "/.", "%20", ";x"):
        yield "longer", "there is something behind it", right + more
    yield "spelling", "percent signs make another text", right.replace(".", "%2E")
    yield "longer", "it only contains it", f"https://mallory.example/{right}"
