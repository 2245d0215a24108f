"""What came of an attack: an `Outcome`, and a report that a developer can act on."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from xml.etree import ElementTree

from jwtlab.errors import UsageError
from jwtlab.testing.faults import MissingCheck

Accept = Mapping[str, str] | str | Path


class Told(Protocol):
    """What a report has to know of a forgery, or of an attack on a login."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def fault(self) -> MissingCheck: ...
    @property
    def advice(self) -> bool: ...


@dataclass(frozen=True)
class Result:
    """One thing that was tried, and what came of it.

    Attributes:
        id: of the forgery, of the good token, or of the attack.
        title: what was sent, in a phrase.
        why: why it matters.
        fault: the check that is missing; ``None`` for a good token that was refused.
        said: what the application said.
        reason: why it is accepted all the same, where somebody wrote that down.
    """

    id: str
    title: str
    why: str = ""
    fault: MissingCheck | None = field(default=None, repr=False)
    said: str = ""
    reason: str = ""

    @classmethod
    def of(cls, told: Told, said: str = "", reason: str = "") -> Result:
        return cls(told.id, told.title, told.why, told.fault, said, reason)

    def __str__(self) -> str:
        return f"{self.id}: {self.title}" + (f" ({self.said})" if self.said else "")


class Results(tuple[Result, ...]):
    """Several of them, in order. ``"alg-none:none" in results`` asks for an id, ``"alg-none"`` for any variant."""

    __slots__ = ()

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(each.id for each in self)

    def __contains__(self, wanted: object) -> bool:
        if isinstance(wanted, str):
            return any(wanted in (each.id, each.id.partition(":")[0]) for each in self)
        return super().__contains__(wanted)

    def of(self, id: str) -> Results:
        """Those of this id, or of any variant of it."""
        return Results(each for each in self if id in (each.id, each.id.partition(":")[0]))


@dataclass(frozen=True)
class Outcome:
    """What came of an attack.

    Attributes:
        what: what was attacked, in a phrase.
        let_through: forgeries that got in.
        turned_away: good tokens, or good logins, that were refused.
        advice: what a strict verifier would refuse as well; no cause to fail.
        accepted: forgeries that got in, and that somebody has accepted with a reason.
        refused: ids of what was refused, as it should be.
        algorithms: what the application verifies with, as far as good tokens could tell.
        notes: what else there is to say.
    """

    what: str
    let_through: Results = field(default_factory=Results)
    turned_away: Results = field(default_factory=Results)
    advice: Results = field(default_factory=Results)
    accepted: Results = field(default_factory=Results)
    refused: tuple[str, ...] = ()
    algorithms: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Nothing got in that should not, and everything that should."""
        return not self.let_through and not self.turned_away

    @property
    def tried(self) -> int:
        """How many forgeries were tried."""
        beside = ("crash:", "fetched:")  # said of forgeries that were refused, and are counted there
        advice = [each for each in self.advice.ids if not each.startswith(beside)]
        return len(self.refused) + len(self.let_through) + len(self.accepted) + len(advice)

    def check(self) -> Outcome:
        """The same outcome, if it passed.

        Raises:
            AssertionError: with the report.
        """
        __tracebackhide__ = True
        if not self.passed:
            raise AssertionError(f"\n{self.report()}")
        return self

    def report(self) -> str:
        """What a developer needs to know, as text."""
        from jwtlab.testing.report import as_text

        return as_text(self)

    def junit(self, path: str | Path | None = None) -> str:
        """The outcome as JUnit XML, one test case for each forgery; written to a file, if one is named."""
        from jwtlab.testing.report import as_junit

        root = as_junit(self)
        ElementTree.indent(root)
        text = ElementTree.tostring(root, "unicode", xml_declaration=True)
        if path is not None:
            Path(path).write_text(text + "\n", "utf-8")
        return text

    def __str__(self) -> str:
        return self.report()


def accepted_reasons(accept: Accept | None, known: Iterable[str]) -> dict[str, str]:
    """The list of what is accepted, read and checked.

    Args:
        accept: id → reason; or a TOML file with lines such as ``"expired:hour" = "ticket 17"``.
        known: every id there is. An id without its variant stands for all of them.

    Raises:
        UsageError: there is no such id, or no reason.
    """
    if accept is None:
        return {}
    given = _read(Path(accept)) if isinstance(accept, str | Path) else dict(accept)
    ids = set(known)
    ids |= {each.partition(":")[0] for each in ids}
    for name, reason in given.items():
        if name not in ids:
            near = ", ".join(sorted(each for each in ids if each[:4] == name[:4])) or ", ".join(sorted(ids))
            raise UsageError(f"there is no forgery {name!r} to accept; there are: {near}")
        if not isinstance(reason, str) or not reason.strip():
            raise UsageError(
                f"{name} is accepted without a reason: write one, whoever reads it next will ask"
            )
    return given


def _read(path: Path) -> dict[str, str]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read as the list of accepted forgeries: {error}") from error


class Tally:
    """Sorts what comes in.

    Args:
        accept: id → reason.
    """

    def __init__(self, accept: Mapping[str, str]) -> None:
        self._accept, self._used = accept, set[str]()
        self.let_through: list[Result] = []
        self.turned_away: list[Result] = []
        self.advice: list[Result] = []
        self.accepted: list[Result] = []
        self.refused: list[str] = []
        self.notes: list[str] = []

    def got_in(self, told: Told, said: str = "") -> None:
        name = told.id if told.id in self._accept else told.id.partition(":")[0]
        if name in self._accept:
            self._used.add(name)
            self.accepted.append(Result.of(told, said, self._accept[name]))
        else:
            (self.advice if told.advice else self.let_through).append(Result.of(told, said))

    def outcome(self, what: str, algorithms: Iterable[str] = ()) -> Outcome:
        return Outcome(
            what,
            Results(self.let_through),
            Results(self.turned_away),
            Results(self.advice),
            Results(self.accepted),
            tuple(self.refused),
            tuple(algorithms),
            (*self.notes, *self._stale()),
        )

    def _stale(self) -> Iterator[str]:
        for name in self._accept:
            if name not in self._used:
                yield f"{name} is accepted, and does not get in (any more): take it off the list."
