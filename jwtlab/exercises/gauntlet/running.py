"""A run: everything is sent to a learner's verifier."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import jwt as pyjwt

from jwtlab.checks import Report
from jwtlab.errors import InvalidToken
from jwtlab.exercises.gauntlet.desk import Verify
from jwtlab.exercises.gauntlet.samples import HINTS, forgeries, good_tokens
from jwtlab.exercises.gauntlet.score import Family, Score
from jwtlab.exercises.model import Wrong, in_words
from jwtlab.exercises.safely import call
from jwtlab.jose.token import decode

_RUNS = itertools.count(1)


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
