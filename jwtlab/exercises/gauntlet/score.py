"""What came out of a run, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jwtlab.exercises.gauntlet.samples import HINTS, good_tokens
from jwtlab.exercises.model import Mistake

_POINTS = "{points} of {total} points. {advice}"


MISTAKES = (
    Mistake(id="cut-short", hint="{advice}"),
    Mistake(id="turned-away", hint=f"Good tokens first. {_POINTS}"),
    Mistake(id="crashes", hint=f"It crashes. {_POINTS}"),
    *(Mistake(id=name.replace(" ", "-"), hint=f"{_POINTS} (Family: {name}.)") for name in HINTS),
)
"""What a verifier can be told by its `Score`: the first family that is not stopped, as an id."""


@dataclass(frozen=True)
class Family:
    """How one family of forgeries fared.

    Attributes:
        name: a key of `HINTS`.
        stopped: names of those that were refused.
        let_in: names of those that were accepted.
        crashed: name → what the verifier raised.
    """

    name: str
    stopped: tuple[str, ...]
    let_in: tuple[str, ...]
    crashed: Mapping[str, str]

    @property
    def total(self) -> int:
        return len(self.stopped) + len(self.let_in) + len(self.crashed)


@dataclass(frozen=True)
class Score:
    """What came out of a run.

    Attributes:
        families: in the order of `HINTS`.
        welcome: good tokens that were let in.
        turned_away: good tokens that were not: name → why.
        trouble: why the run was cut short, or nothing.
    """

    families: tuple[Family, ...]
    welcome: tuple[str, ...]
    turned_away: Mapping[str, str]
    trouble: str = ""

    @property
    def total(self) -> int:
        return sum(family.total for family in self.families)

    @property
    def stopped(self) -> int:
        return sum(len(family.stopped) for family in self.families)

    @property
    def points(self) -> int:
        """Forgeries stopped, counted only if every good token is let in."""
        return 0 if self.turned_away or self.trouble else self.stopped

    @property
    def perfect(self) -> bool:
        return self.points == self.total

    @property
    def mistake(self) -> str:
        """The id of what stands first in the way, of `MISTAKES`; nothing for a perfect score."""
        if self.trouble:
            return "cut-short"
        if self.turned_away:
            return "turned-away"
        family = next((each for each in self.families if each.crashed or each.let_in), None)
        return "" if family is None else "crashes" if family.crashed else family.name.replace(" ", "-")

    @property
    def advice(self) -> str:
        """What to do next."""
        if self.trouble:
            return self.trouble
        if self.turned_away:
            name, why = next(iter(self.turned_away.items()))
            return f"A good token is turned away: {name}{f' ({why})' if why else ''}. Nothing counts before all get in."
        for family in self.families:
            if family.crashed:
                name, why = next(iter(family.crashed.items()))
                return (
                    f"{name}: your verifier crashes ({why}). Return None, or raise the library's own error."
                )
            if family.let_in:
                return f"This gets in: {family.let_in[0]}. {HINTS[family.name]}"
        return "Nothing gets in that should not, and everything that should. This verifier may go to work."

    def __str__(self) -> str:
        lines = [
            f"{self.points} of {self.total} points · good tokens let in: {len(self.welcome)} of {len(good_tokens())}"
        ]
        lines += [
            f"  {family.name:17} {len(family.stopped):2} of {family.total:2} stopped"
            for family in self.families
        ]
        return "\n".join([*lines, self.advice])
