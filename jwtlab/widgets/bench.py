"""VerifierBench: a token, a key, and a switch on every check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import traitlets

from jwtlab.checks import Policy, Report
from jwtlab.figures.layout import timeline
from jwtlab.jose import key_set, times
from jwtlab.jose.algorithms import allow_list
from jwtlab.jose.key import Key
from jwtlab.jose.key_set import KeySet
from jwtlab.jose.verifier import STANDARD, Verifier
from jwtlab.lab import Lab
from jwtlab.widgets import reading
from jwtlab.widgets.view import View, action


class VerifierBench(View):
    """A verifier that you can take apart: switch checks off, move the clock, see what gets through.

    Args:
        token: the token to judge; edit it in the page.
        keys: the keys that the verifier trusts; by default the lab's, for ``algorithms``.
        algorithms: the verifier's allow-list.
        lab: whose clock, issuer and audience to use.
        issuer, audience, typ: what the verifier expects; ``None`` for "not asked".
        leeway: seconds.
        examples: named tokens to try: name → token.
        policy: the checks.

    Attributes:
        report: the verdict at the moment.
        off: the ids of the checks that are switched off.
    """

    template = "bench.html"
    watched = ("token", "now", "leeway", "off")

    token = traitlets.Unicode("")
    now = traitlets.Float(0)
    leeway = traitlets.Float(0)
    off: Any = traitlets.Tuple()

    def __init__(
        self,
        token: str = "",
        keys: Key | KeySet | Iterable[Key] | None = None,
        *,
        algorithms: Iterable[str] = ("ES256",),
        lab: Lab | None = None,
        issuer: str | None = "lab",
        audience: str | None = "lab",
        typ: str | None = None,
        leeway: float = 0,
        examples: Mapping[str, str] | None = None,
        policy: Policy = STANDARD,
    ) -> None:
        world = lab if lab is not None else Lab()
        accepted = allow_list(algorithms)
        self.verifier = Verifier(
            world.verifying_keys(*accepted) if keys is None else keys,
            algorithms=accepted,
            issuer=world.issuer if issuer == "lab" else issuer,
            audience=world.audience if audience == "lab" else audience,
            typ=typ,
            policy=policy,
        )
        self.policy, self.home = self.verifier.policy, world.now
        self.examples = dict(examples or {})
        if self.examples and not token:
            token = next(iter(self.examples.values()))
        super().__init__(token=str(token), now=world.now, leeway=leeway)

    @action("token")
    def edit_token(self, value: str, target: str = "", cut: int = 0) -> None:
        self.token = str(value)

    @action("example")
    def choose_example(self, value: str, target: str = "") -> None:
        self.token = self.examples.get(value, self.token)

    @action("switch")
    def switch(self, value: bool, target: str = "") -> None:
        """Switch a check on or off."""
        if target in self.policy:
            self.off = tuple(
                i for i in self.policy.ids if (i in self.off or i == target) and not (value and i == target)
            )

    @action("time")
    def move_time(self, value: str, target: str = "") -> None:
        self.now = max(0, _number(value, self.now))

    @action("leeway")
    def set_leeway(self, value: str, target: str = "") -> None:
        self.leeway = max(0, _number(value, self.leeway))

    @action("reset")
    def reset(self, value: str = "", target: str = "") -> None:
        """All checks on, the clock where it was, no leeway."""
        self.off, self.now, self.leeway = (), self.home, 0

    @property
    def report(self) -> Report:
        verifier = self.verifier.without(*self.off).replace(leeway=self.leeway)
        return verifier.verify(self.token, now=self.now)

    def context(self) -> dict[str, Any]:
        report = self.report
        seen = reading.inspect(self.token, self.now)
        return {
            "seen": seen,
            "report": report,
            "words": reading.verdict(report, len(self.off)),
            "list": reading.checklist(self.policy, report, self.off, self.lesson_checks),
            "line": timeline(seen.reading.claims, self.now, self.home, self.leeway),
            "expects": self._expectations(),
            "danger": report.accepted and bool(self.off),
        }

    def _expectations(self) -> tuple[tuple[str, str], ...]:
        verifier = self.verifier
        return (
            ("algorithms", ", ".join(verifier.algorithms)),
            ("keys", key_set.describe(verifier.keys)),
            ("issuer", _names(verifier.issuer)),
            ("audience", _names(verifier.audience)),
            ("typ", verifier.typ or "not asked"),
        )


def _names(expected: str | tuple[str, ...] | None) -> str:
    """What a verifier expects, in words."""
    if expected is None:
        return "not asked"
    return expected if isinstance(expected, str) else " or ".join(expected)


def _number(value: Any, otherwise: float) -> float:
    """What a slider or number field holds; something unreadable changes nothing."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return otherwise
    return number if abs(number) <= times.LATEST else otherwise
