"""The challenge of lesson 30: careless worlds to break, and to mend with one check each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from jwtlab.errors import JwtlabError
from jwtlab.lab import Lab
from jwtlab.oauth.attacks import FLOW_ATTACKS
from jwtlab.oauth.flows.flow import Flow
from jwtlab.oauth.http.messages import Request
from jwtlab.oauth.http.steps import Step


@dataclass(frozen=True)
class Round:
    """An attack, and what a mend makes of it.

    Attributes:
        id: of the attack.
        title: in a phrase.
        mend: the check that was put back, or ``""``.
        holds: the attack fails now.
        words: what became of it.
        why: why it does not hold: ``"missing"``, ``"unknown"``, ``"has-it"`` or ``"turns-away"``.
    """

    id: str
    title: str
    mend: str
    holds: bool
    words: str
    why: str = ""


def play(attack_id: str, mend: object = "") -> Round:
    """An attack in the careless world, with one check put back.

    Args:
        attack_id: of `jwtlab.oauth.FLOW_ATTACKS`.
        mend: the id of a check, with or without the party, or its title; anything else mends nothing.
    """
    return _played(attack_id, mend.strip()[:100] if isinstance(mend, str) else "")


@lru_cache(maxsize=512)
def _played(attack_id: str, wanted: str) -> Round:
    """Kept, because a board is played again for each change of one line, and always ends alike."""
    attack = FLOW_ATTACKS[attack_id]
    wanted = _titles().get(wanted.lower(), wanted)
    kept = [each for each in attack.weak if wanted in (each, each.rpartition(":")[2])]
    if kept and not set(kept) <= set(attack.stopped_by):
        words = "with this check Alice's own, honest login is turned away too: that mends nothing"
        return Round(attack_id, attack.title, wanted, False, words, "turns-away")
    if wanted and not kept:
        known = _known(wanted)
        words = (
            "this world has that check already; another one is missing"
            if known
            else "nobody knows such a check"
        )
        return Round(attack_id, attack.title, wanted, False, words, "has-it" if known else "unknown")
    outcome = Lab().flow_attack(attack_id, keep=kept).run().outcome
    holds = bool(kept) and not outcome.succeeded
    return Round(attack_id, attack.title, wanted, holds, outcome.what, "" if holds else "missing")


@cache
def _titles() -> dict[str, str]:
    """Title of a check in small letters → its id."""
    policies = [policy for each in Lab().world().policies.values() for policy in each.values()]
    return {check.title.lower(): check.id for policy in policies for check in policy}


def _known(check_id: str) -> bool:
    try:
        Lab().world().without(check_id)
    except JwtlabError:
        return False
    return True


def board(mends: Mapping[str, object]) -> list[Round]:
    """Every attack with its mend, in the order of the lesson."""
    return [play(each, mends.get(each, "")) for each in FLOW_ATTACKS]


def changed(id: str, without: tuple[str, ...], change: Callable[[Step], Any], **options: Any) -> Flow:
    """A flow in a careless world, every message of which somebody may change.

    Args:
        id: of the flow.
        without: the checks that are missing.
        change: ``step -> Request`` or ``None``.
        options: of the flow.
    """

    def careful(step: Step) -> Request | None:
        new = change(step)
        return new if isinstance(new, Request) else None

    flow = Lab().flow(id, without=without, **options)
    try:
        return flow.run(careful)
    except JwtlabError as error:
        flow.stopped = flow.stopped or str(error)
        return flow
