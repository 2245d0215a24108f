"""Running a learner's verifier against every forgery, and against good tokens.

The verifier stands at a `Desk`: one service, one issuer, ES256. Everything is fixed, so that the same
verifier always gets the same score.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import jwt as pyjwt

from jwtlab.checks import Report
from jwtlab.errors import InvalidToken
from jwtlab.exercises.gauntlet_tokens import DESK, Desk, Sample, forgeries, good_tokens
from jwtlab.exercises.model import Mistake, Wrong, in_words
from jwtlab.exercises.safely import call
from jwtlab.jose.token import decode

__all__ = [
    "DESK",
    "HINTS",
    "MISTAKES",
    "Desk",
    "Family",
    "Sample",
    "Score",
    "forgeries",
    "good_tokens",
    "run",
]

Verify = Callable[[str], Any]

_RUNS = itertools.count(1)


HINTS: Mapping[str, str] = {
    "what is no token": "Text that is no token must be refused, not crash the service: the empty text, five parts, "
    "70,000 letters. jwtlab.decode raises InvalidToken for it, and raising that counts as a refusal.",
    "signature": "Is the signature verified for every token, also if it is empty, and with your key rather than one "
    "from the header? jwtlab.verify does that. It needs your keys, your algorithms and the time of this desk, "
    "and a report has claims only if it was accepted (lesson 05).",
    "algorithm": "The header chooses how it is checked. Bring a list of your own: algorithms=desk.algorithms.",
    "time": "Some come too late or too early, or have a date that is none. "
    "Compare with desk.now, require exp, and distrust dates that are thousands of years away.",
    "place": "These are genuine tokens, but for somebody else or of somebody else: issuer=, audience=, typ=.",
    "once": "These were used up or revoked. Their jti stands in desk.used, however the token is spelled.",
    "two readers": "One claim appears twice, a header marks something as critical, or the text is two tokens in one. "
    "Another reader would read something else: refuse what is ambiguous.",
}
"""Family → what to do about it, in the order in which it is advised."""

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


def run(verify: Verify) -> Score:
    """Send everything to a learner's verifier.

    Args:
        verify: ``token -> claims``; a refusal is ``None`` or ``False``, or an `InvalidToken` or an error
            of PyJWT that is raised. Anything else that is raised counts as a crash.

    Returns:
        The score; an endless loop cuts the run short and is said there. Never raises.
    """
    welcome: list[str] = []
    turned_away: dict[str, str] = {}
    try:
        for sample in good_tokens(next(_RUNS)):
            for token in sample.tokens:
                fault, why = _ask(verify, token, partial(_fault, decode(token).claims))
                if fault is not None or why:
                    turned_away[sample.name] = fault or why
                    break
            else:
                welcome.append(sample.name)
        families = tuple(_run_family(verify, name) for name in HINTS)
    except _CutShort as reason:
        return Score(_untried(), tuple(welcome), turned_away, str(reason))
    return Score(families, tuple(welcome), turned_away)


class _CutShort(Exception):
    """There is no sense in going on."""


def _fault(claims: Mapping[str, Any], answer: Any) -> str | None:
    """What is wrong with the verifier's answer to a good token: nothing, or why it is no welcome."""
    if isinstance(answer, Report):
        return "this is the report; return report.claims if it was accepted"
    if isinstance(answer, Mapping) and dict(answer) == claims:
        return None
    if isinstance(answer, Mapping) and answer:
        return "return its claims as they stand in the token, all of them"
    return "return its claims" if answer else ""


def _ask(verify: Verify, token: str, look: Callable[[Any], Any]) -> tuple[Any, str]:
    """What there is to see in the verifier's answer, and what it raised: a refusal or a crash."""

    def answer(text: str) -> Any:
        return look(verify(text))  # looked at in here: an answer, too, may raise or never end

    try:
        return call(answer if callable(verify) else verify, token), ""
    except Wrong as problem:
        cause = problem.__cause__
        if cause is None:
            raise _CutShort(str(problem)) from None
        if isinstance(cause, InvalidToken | pyjwt.PyJWTError):
            return None, f"refused: {in_words(cause)[:160]}"
        return None, f"{type(cause).__name__}: {in_words(cause)[:80]}"


def _run_family(verify: Verify, name: str) -> Family:
    stopped, let_in, crashed = [], [], {}
    for sample in forgeries():
        if sample.family == name:
            for token in sample.tokens:
                accepted, why = _ask(verify, token, bool)
                if why and not why.startswith("refused: "):
                    crashed[sample.name] = why
                    break
                if accepted:
                    let_in.append(sample.name)
                    break
            else:
                stopped.append(sample.name)
    return Family(name, tuple(stopped), tuple(let_in), crashed)


def _untried() -> tuple[Family, ...]:
    names = [(name, tuple(s.name for s in forgeries() if s.family == name)) for name in HINTS]
    return tuple(Family(name, (), members, {}) for name, members in names)
