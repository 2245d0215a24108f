"""SignatureStepper: from header and claims to the token, one step at a time, with the bytes of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import traitlets

from jwtlab.errors import JwtlabError
from jwtlab.jose.algorithms import ALGORITHMS, Algorithm
from jwtlab.jose.key import Key
from jwtlab.jose.steps import Item, SigningStep, signing_steps
from jwtlab.lab import Lab
from jwtlab.widgets.view import View, action

LONGEST = 4096


@dataclass(frozen=True)
class Stretch:
    """A stretch of bytes or characters, and whether it differs from before the change."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Shown:
    """An item of a step, ready to be laid out."""

    label: str
    size: str
    css: str
    pieces: tuple[Stretch, ...]
    is_text: bool
    note: str


class SignatureStepper(View):
    """Step through signing; then change one character of a claim and watch which bytes change.

    Args:
        claims: the claims to sign.
        alg: the algorithm to begin with.
        key: the key; by default the lab's demo key for the algorithm.
        header: further header parameters.
        lab: whose keys and clock to use.

    Attributes:
        step: which step is shown, from 0.
        changed: the changed ``sub``, or ``""`` while nothing is changed.
    """

    template = "stepper.html"
    watched = ("alg", "step", "changed")

    alg = traitlets.Unicode("HS256")
    step = traitlets.Int(0)
    changed = traitlets.Unicode("")

    def __init__(
        self,
        claims: Mapping[str, Any] | None = None,
        *,
        alg: str = "HS256",
        key: Key | None = None,
        header: Mapping[str, Any] | None = None,
        lab: Lab | None = None,
    ) -> None:
        self.lab = lab if lab is not None else Lab()
        self.claims = dict(claims) if claims is not None else self.lab.claims(jti=None, iss=None, aud=None)
        self.claims.setdefault("sub", "alice")
        self.header = dict(header or {})
        self.own_key = key
        super().__init__(alg=Algorithm.named(alg).name)

    @action("next")
    def next(self, value: str = "", target: str = "") -> None:
        self._go(self.step + 1)

    @action("back")
    def back(self, value: str = "", target: str = "") -> None:
        self._go(self.step - 1)

    @action("go")
    def go(self, value: str, target: str = "") -> None:
        self._go(int(value) if str(value).isdecimal() and len(str(value)) < 6 else self.step)

    @action("alg")
    def choose_algorithm(self, value: str, target: str = "") -> None:
        if value in ALGORITHMS:
            self.alg = value

    @action("change")
    def change(self, value: str, target: str = "", cut: int = 0) -> None:
        """Sign another ``sub`` and mark the bytes that are not what they were."""
        value = str(value)[:LONGEST]
        self.changed = "" if value == self.claims["sub"] else value

    @action("undo")
    def undo(self, value: str = "", target: str = "") -> None:
        self.changed = ""

    def _go(self, step: int) -> None:
        self.step = min(max(step, 0), len(self.steps()) - 1)

    def key(self) -> Key:
        if self.own_key is not None and ALGORITHMS[self.alg].fits(self.own_key):
            return self.own_key
        return self.lab.key(self.alg)

    def steps(self, changed: str = "") -> tuple[SigningStep, ...]:
        """All steps, for the claims as they are, or with another ``sub``."""
        claims = {**self.claims, "sub": changed} if changed else self.claims
        return signing_steps(claims, self.key(), alg=self.alg, header=self.header)

    def context(self) -> dict[str, Any]:
        before = self.steps()
        problem, after = "", before
        if self.changed:
            try:
                after = self.steps(self.changed)
            except JwtlabError as error:
                problem = str(error)
        number = min(self.step, len(after) - 1)
        shown = [_shown(*pair) for pair in zip(before[number].items, after[number].items, strict=True)]
        return {
            "steps": after,
            "number": number,
            "current": after[number],
            "shown": shown,
            "problem": problem,
            "sub": self.changed or self.claims["sub"],
            "algorithms": ALGORITHMS.values(),
            "key": self.key(),
            "random": ALGORITHMS[self.alg].family == "RSASSA-PSS",
        }


def _shown(before: Item, after: Item) -> Shown:
    css = {"header": "h", "payload": "p", "signature": "s"}.get(after.part, "")
    if isinstance(after.value, str):
        old, new = str(before.value), after.value
        size = f"{len(new):,} characters"
    else:
        old, new = before.value, after.value  # type: ignore[assignment]
        size = f"{len(new):,} bytes"
    pieces, count = differences(old, new)
    note = f"{count:,} of {len(new):,} changed" if count else ("unchanged" if before is not after else "")
    return Shown(after.label, size, css, pieces, isinstance(new, str), note)


def differences(old: str | bytes, new: str | bytes) -> tuple[tuple[Stretch, ...], int]:
    """The new value in stretches, each marked whether it differs from the old one in the same place.

    Bytes are written in hexadecimal. Gives the stretches and the number of units that differ.
    """
    pieces: list[Stretch] = []
    count = 0
    for index in range(min(len(new), LONGEST)):
        unit = new[index] if isinstance(new, str) else f"{new[index]:02x} "
        differs = index >= len(old) or old[index] != new[index]
        count += differs
        if pieces and pieces[-1].changed == differs:
            pieces[-1] = Stretch(pieces[-1].text + unit, differs)
        else:
            pieces.append(Stretch(unit, differs))
    return tuple(pieces), count
