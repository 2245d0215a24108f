"""AttackBench: an attack, its forged token, and two verifiers side by side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import traitlets

from jwtlab.attacks import ATTACKS, Scenario
from jwtlab.checks import Check, Finding, Report
from jwtlab.errors import UsageError
from jwtlab.jose.jwt import STANDARD
from jwtlab.widgets import reading
from jwtlab.widgets.stepper import Stretch, differences
from jwtlab.widgets.view import View, action

GOALS: Mapping[str, Mapping[str, Any]] = {
    "become admin": {"sub": "admin", "admin": True},
    "become Alice": {"sub": "alice"},
}


@dataclass(frozen=True)
class Member:
    """A header parameter or claim in the good token and in the forged one.

    Attributes:
        name: its name.
        before: its value in the good token, as JSON, or ``None`` where it is missing.
        after: the same of the forged token.
    """

    name: str
    before: str | None
    after: str | None

    @property
    def state(self) -> str:
        """``"same"``, ``"changed"``, ``"added"`` or ``"gone"``."""
        if self.before == self.after:
            return "same"
        return "added" if self.before is None else "gone" if self.after is None else "changed"


@dataclass(frozen=True)
class CompareLine:
    """What the two verifiers make of one check.

    Attributes:
        check: the check of `STANDARD`.
        weak: ``"ok"``, ``"bad"``, ``"off"`` (it is missing), ``"soft"`` (a weaker one stands in its
            place), ``"wait"`` or ``"idle"``.
        sound: the same of the verifier with the switches.
        why: the words beside it.
        on: is it switched on in that verifier?
    """

    check: Check
    weak: str
    sound: str
    why: str
    on: bool

    @property
    def telling(self) -> bool:
        """Is this where the two differ, or where one of them refuses?"""
        if self.weak == "off":
            return self.sound != "wait"
        return self.weak == "soft" or "bad" in (self.weak, self.sound)


class AttackBench(View):
    """Choose an attack, compare the forged token with the good one, and see who falls for it.

    Args:
        attack: an id of `jwtlab.attacks.ATTACKS`.
        variant: one of its variants; the first by default.
        goal: what the attacker wants, a key of `GOALS`.
        only: the ids to choose from; all by default.

    Raises:
        UsageError: there is no such attack, variant or goal.
    """

    template = "attack.html"
    watched = ("attack", "variant", "goal", "off", "sent")

    attack = traitlets.Unicode("")
    variant = traitlets.Unicode("")
    goal = traitlets.Unicode("")
    sent = traitlets.Unicode("forged")
    off: Any = traitlets.Tuple()

    def __init__(
        self,
        attack: str = "alg-none",
        variant: str | None = None,
        *,
        goal: str = "become admin",
        only: tuple[str, ...] | list[str] = (),
    ) -> None:
        unknown = [name for name in (attack, *only) if name not in ATTACKS]
        if unknown:
            raise UsageError(f"there is no attack {unknown[0]!r}; there are: {', '.join(ATTACKS)}")
        if goal not in GOALS:
            raise UsageError(f"there is no goal {goal!r}; there are: {', '.join(GOALS)}")
        self.only = tuple(dict.fromkeys((attack, *only))) if only else tuple(ATTACKS)
        self._ready: dict[tuple[str, str, str], Scenario] = {}
        super().__init__(attack=attack, variant=ATTACKS[attack].variant(variant).name, goal=goal)

    @action("attack")
    def choose_attack(self, value: str, target: str = "") -> None:
        if value in self.only:
            with self.hold_trait_notifications():
                self.attack, self.variant = value, ATTACKS[value].variants[0].name
                self.off, self.sent = (), "forged"

    @action("variant")
    def choose_variant(self, value: str, target: str = "") -> None:
        if value in [variant.name for variant in ATTACKS[self.attack].variants]:
            self.variant = value

    @action("goal")
    def choose_goal(self, value: str, target: str = "") -> None:
        if value in GOALS:
            self.goal = value

    @action("sent")
    def choose_sent(self, value: str, target: str = "") -> None:
        """Send the forged token, or the good one."""
        if value in ("forged", "good"):
            self.sent = value

    @action("switch")
    def switch(self, value: bool, target: str = "") -> None:
        """Switch a check of the sound verifier on or off."""
        if target in STANDARD:
            self.off = tuple(
                i for i in STANDARD.ids if (i in self.off and i != target) or (i == target and not value)
            )

    @action("reset")
    def reset(self, value: str = "", target: str = "") -> None:
        self.off = ()

    @property
    def scenario(self) -> Scenario:
        """Everything about the attack that is chosen."""
        name = (self.attack, self.variant, self.goal)
        if name not in self._ready:
            self._ready[name] = ATTACKS[self.attack].scenario(self.variant, goal=GOALS[self.goal])
        return self._ready[name]

    @property
    def weak_report(self) -> Report:
        """What the victim says of the token that is sent."""
        return self.scenario.run(self.scenario.victim, token=self._token())

    @property
    def sound_report(self) -> Report:
        """What `STANDARD`, without the checks that are switched off, says of it."""
        return self.scenario.run(STANDARD.without(*self.off), token=self._token(), keep_going=True)

    def _token(self) -> str:
        return self.scenario.forged if self.sent == "forged" else self.scenario.good

    def context(self) -> dict[str, Any]:
        scenario, weak, sound = self.scenario, self.weak_report, self.sound_report
        before, after = (reading.inspect(text, scenario.now) for text in (scenario.good, scenario.forged))
        lines = tuple(_line(check, weak, sound, check.id in self.off) for check in STANDARD)
        return {
            "choices": [ATTACKS[name] for name in self.only],
            "chosen": ATTACKS[self.attack],
            "goals": GOALS,
            "headers": members(before.reading.header, after.reading.header),
            "claims": members(before.reading.claims, after.reading.claims),
            "notes": after.notes,
            "before": before,
            "marked": marked(scenario.good, scenario.forged),
            "good": scenario.good,
            "forged": scenario.forged,
            "weak": weak,
            "sound": sound,
            "reads": _reads(weak, self.goal if self.sent == "forged" else ""),
            "lines": [line for line in lines if line.telling],
            "quiet": [line for line in lines if not line.telling],
            "pyjwt": scenario.pyjwt,
            "repair": bool(scenario.stage.repaired) and self.sent == "good",
            "extra": scenario.notes,
            "code": scenario.code,
        }


def members(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[Member, ...]:
    """Both objects name by name, in the order of the good token."""
    old, new = before or {}, after or {}
    names = [*old, *(name for name in new if name not in old)]
    return tuple(Member(name, _json(old, name), _json(new, name)) for name in names)


def marked(good: str, forged: str) -> tuple[tuple[Stretch, ...], ...]:
    """The parts of the forged token, with what differs from the good one marked."""
    old, new = good.split("."), forged.split(".")
    old += [""] * len(new)
    return tuple(_joined(differences(before, after)[0]) for before, after in zip(old, new, strict=False))


def _joined(pieces: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """Letters that are the same by chance, between two stretches that are not, belong to the change."""
    kept: list[Stretch] = []
    for index, piece in enumerate(pieces):
        by_chance = 0 < index < len(pieces) - 1 and len(piece.text) < 4
        changed = piece.changed or by_chance
        if kept and kept[-1].changed == changed:
            kept[-1] = Stretch(kept[-1].text + piece.text, changed)
        else:
            kept.append(Stretch(piece.text, changed))
    return tuple(kept)


def _json(members_of: Mapping[str, Any], name: str) -> str | None:
    return json.dumps(members_of[name], ensure_ascii=False) if name in members_of else None


def _line(check: Check, weak: Report, sound: Report, off: bool) -> CompareLine:
    theirs, ours = _finding(weak, check.id), _finding(sound, check.id)
    soft = theirs is not None and theirs.check.run is not check.run
    weak_state = "soft" if soft and theirs is not None and theirs.passed else _state(theirs)
    if ours is not None and (ours.failed or not (soft or theirs is None)):
        why = ours.reason
    elif soft and theirs is not None:
        why = f"in its place the weak verifier asks: {theirs.check.title.removeprefix('⚠ ')}"
    else:
        why = check.purpose
    return CompareLine(check, weak_state, _state(ours), why, not off)


def _finding(report: Report, check: str) -> Finding | None:
    return next((finding for finding in report.findings if finding.id == check), None)


def _state(finding: Finding | None) -> str:
    if finding is None:
        return "off"
    return reading.STATES[finding.status]


def _reads(weak: Report, goal: str) -> str:
    """What the victim now believes, in a phrase."""
    if not weak.accepted:
        return ""
    names = [name for name in GOALS.get(goal, {"sub": ""}) if name in weak.claims]
    return ", ".join(f"{name} = {json.dumps(weak.claims[name])}" for name in names)
