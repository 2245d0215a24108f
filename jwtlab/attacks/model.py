"""What an attack is: a forgery, a victim that falls for it, and the checks that refuse it.

An `Attack` has one or more variants; each can be set up as a `Scenario`, in which everything is
fixed (keys, clock, identifiers), so that a widget, a notebook and a test see the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from jwtlab.attacks.material import NOW
from jwtlab.checks import Policy, Report
from jwtlab.errors import UsageError
from jwtlab.jose import jwt
from jwtlab.jose.verifier import Verifier

GOAL: Mapping[str, Any] = MappingProxyType({"sub": "admin", "admin": True})
"""What the attacker wants to read in the victim's claims, unless told otherwise."""

Forge = Callable[..., str]


class LibraryVerdict(NamedTuple):
    """What a library said of a forgery."""

    accepted: bool
    words: str


@dataclass(frozen=True)
class Stage:
    """How one variant is set up.

    Attributes:
        good: a token that the issuer really gave, and that victim and `STANDARD` both accept.
        knowledge: what the attacker knows, as keyword arguments of the attack's ``forge``.
        verifier: keys and expectations, with the sound policy.
        victim: the weak policy, with the same keys and expectations.
        seen: the ``jti`` values that have been used, if the verifier keeps a list.
        repaired: where the fault lies in a key and not in a check: a good token and a verifier
            after the key was replaced; `STANDARD` refuses the old key altogether.
        notes: what is worth pointing at.
    """

    good: str
    knowledge: Mapping[str, Any]
    verifier: Verifier
    victim: Policy
    seen: Container[str] | None = None
    repaired: tuple[str, Verifier] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One way to carry an attack out.

    Attributes:
        name: lower-case words joined by hyphens.
        title: what differs.
        stage: ``goal -> Stage``, always the same for the same goal.
        stopped_by: the checks of `STANDARD` that refuse it when every check is asked.
        code: what a developer would have written to have this fault, where it differs from the attack's.
    """

    name: str
    title: str
    stage: Callable[[Mapping[str, Any]], Stage] = field(repr=False)
    stopped_by: tuple[str, ...]
    code: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Attack:
    """An attack on a verifier of tokens.

    Attributes:
        id: lower-case words joined by hyphens.
        title: in a phrase.
        knows: what the attacker needs to know.
        story: what happens, in two sentences.
        spec: where the defence is written.
        cves: numbers of real cases, where there are any.
        forge: ``forge(goal, **knowledge) -> token``: a pure function of what the attacker knows.
        variants: at least one; the first is the default.
        code: what a developer would have written to have the fault.
        pyjwt: runs today's PyJWT against a scenario's forgery: called as in ``code`` where the fault
            lies in the call, with its defaults where it lay in a library. ``None`` where it would need
            another clock than the machine's.
    """

    id: str
    title: str
    knows: str
    story: str
    spec: str
    cves: tuple[str, ...]
    forge: Forge = field(repr=False)
    variants: tuple[Variant, ...] = field(repr=False)
    code: str = field(default="", repr=False)
    pyjwt: Callable[[Scenario], LibraryVerdict] | None = field(default=None, repr=False)

    @property
    def victim(self) -> Policy:
        """The weak policy of the first variant."""
        return self.scenario().victim

    @property
    def stopped_by(self) -> tuple[str, ...]:
        """The checks of `STANDARD` that refuse the first variant."""
        return self.variants[0].stopped_by

    def variant(self, name: str | None = None) -> Variant:
        """The variant of this name (the first one, if none is given).

        Raises:
            UsageError: there is none; the message lists those there are.
        """
        for variant in self.variants:
            if name in (None, variant.name):
                return variant
        names = ", ".join(variant.name for variant in self.variants)
        raise UsageError(f"{self.id} has no variant {name!r}; there are: {names}")

    def scenario(self, variant: str | None = None, *, goal: Mapping[str, Any] | None = None) -> Scenario:
        """Everything set up and the token forged; the same every time.

        Args:
            variant: its name; the first one by default.
            goal: the claims that the attacker wants, `GOAL` by default.
        """
        chosen, wanted = self.variant(variant), dict(GOAL if goal is None else goal)
        return Scenario(self, chosen, wanted, chosen.stage(wanted))

    def scenarios(self, *, goal: Mapping[str, Any] | None = None) -> tuple[Scenario, ...]:
        """One scenario for every variant."""
        return tuple(self.scenario(variant.name, goal=goal) for variant in self.variants)


@dataclass(frozen=True)
class Scenario:
    """An attack set up: the good token, the forged token, and everybody who judges them."""

    attack: Attack
    variant: Variant
    goal: Mapping[str, Any]
    stage: Stage = field(repr=False)

    @property
    def id(self) -> str:
        """``"alg-none"``, or ``"alg-none:NONE"`` where there is more than one variant."""
        single = len(self.attack.variants) == 1
        return self.attack.id if single else f"{self.attack.id}:{self.variant.name}"

    @property
    def good(self) -> str:
        return self.stage.good

    @property
    def knowledge(self) -> Mapping[str, Any]:
        return self.stage.knowledge

    @property
    def verifier(self) -> Verifier:
        return self.stage.verifier

    @property
    def now(self) -> float:
        """What time it is for whoever judges."""
        return NOW

    @property
    def victim(self) -> Policy:
        return self.stage.victim

    @property
    def stopped_by(self) -> tuple[str, ...]:
        return self.variant.stopped_by

    @property
    def code(self) -> str:
        """What a developer would have written to have the fault."""
        return self.variant.code or self.attack.code

    @property
    def notes(self) -> tuple[str, ...]:
        return self.stage.notes

    @cached_property
    def forged(self) -> str:
        """What the attacker sends."""
        return self.attack.forge(self.goal, **self.knowledge)

    def run(
        self, policy: Policy = jwt.STANDARD, *, token: str | None = None, keep_going: bool = False
    ) -> Report:
        """Judge the forged token (or another one) by any policy."""
        return self.verifier.replace(policy=policy).verify(
            self.forged if token is None else token, now=self.now, seen=self.stage.seen, keep_going=keep_going
        )

    @cached_property
    def victim_report(self) -> Report:
        """The forged token before the victim: accepted, with the attacker's claims."""
        return self.run(self.victim)

    @cached_property
    def sound_report(self) -> Report:
        """The forged token before `STANDARD`, every check asked."""
        return self.run(keep_going=True)

    @cached_property
    def good_victim_report(self) -> Report:
        """The good token before the victim."""
        return self.run(self.victim, token=self.good)

    @cached_property
    def good_report(self) -> Report:
        """The good token before `STANDARD` (after the repair, where a key was at fault)."""
        good, verifier = self.stage.repaired or (self.good, self.verifier)
        return verifier.verify(good, now=self.now, seen=self.stage.seen)

    @cached_property
    def pyjwt(self) -> LibraryVerdict | None:
        """What today's PyJWT says of the forgery (see `Attack`)."""
        return self.attack.pyjwt(self) if self.attack.pyjwt else None
