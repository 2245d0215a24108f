"""The desk at which tokens arrive: what a verifier there knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jwtlab.attacks import material
from jwtlab.checks import Policy, Report
from jwtlab.jose.key_set import KeySet
from jwtlab.jose.verifier import STANDARD, Verifier

Verify = Callable[[str], Any]


@dataclass(frozen=True)
class Desk:
    """What the verifier knows.

    Attributes:
        verifier: a sound one; its parts are on the desk, too: ``keys`` (the issuer's public keys, a `KeySet`),
            ``algorithms`` (the allow-list), and ``issuer``, ``audience``, ``typ`` (good tokens are access tokens).
        pem: the same key as PEM, for PyJWT.
        now: what time it is, in seconds since 1970.
        used: ``jti`` values that must not come in (again): used up, or revoked.
    """

    verifier: Verifier = field(repr=False)
    pem: bytes = field(repr=False)
    now: float = material.NOW
    used: frozenset[str] = frozenset({"used-once", "revoked-1"})

    @property
    def keys(self) -> KeySet:
        return self.verifier.keys

    @property
    def algorithms(self) -> tuple[str, ...]:
        return self.verifier.algorithms

    @property
    def issuer(self) -> str:
        return str(self.verifier.issuer)

    @property
    def audience(self) -> str:
        return str(self.verifier.audience)

    @property
    def typ(self) -> str:
        return str(self.verifier.typ)

    def judge(self, token: str, policy: Policy = STANDARD, *, keep_going: bool = False) -> Report:
        """What the sound verifier says, with everything that the desk knows."""
        verifier = self.verifier.replace(policy=policy)
        return verifier.verify(token, now=self.now, seen=self.used, keep_going=keep_going)


DESK = Desk(material.verifier(typ="at+jwt"), material.key().to_pem())
