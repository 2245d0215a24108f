"""What a forgery is: a token that no verifier should take, and what it means where one does."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jwtlab.errors import UsageError, kind
from jwtlab.jose.key import Key
from jwtlab.testing import mallory
from jwtlab.testing.faults import MissingCheck
from jwtlab.testing.issuer import Issuer

ACCESS_TOKEN = "at+jwt"


@dataclass(frozen=True)
class Bench:
    """Where forgeries are made: what the issuer gives to everybody, and what Mallory has herself.

    Attributes:
        issuer: whose tokens the application takes.
        alg: what the application verifies with.
        audience: how the application calls itself.
        sub: whom good tokens are about.
        scope: what they are good for.
        typ: their header's ``typ``.
        claims: further claims that a good token of this application has.
        header: further header parameters.
    """

    issuer: Issuer
    alg: str
    audience: str
    sub: str = "alice"
    scope: str | None = None
    typ: str | None = ACCESS_TOKEN
    claims: Mapping[str, Any] = field(default_factory=dict)
    header: Mapping[str, Any] = field(default_factory=dict)

    def good(self, *, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """A token that the issuer gives. ``typ`` in the header is replaced, or left out with ``None``."""
        more = {**self.header, **(header or {})}
        typ = more.pop("typ", self.typ)
        return self.issuer.sign(self.claims_of_good(**claims), alg=self.alg, typ=typ, header=more)

    def claims_of_good(self, **claims: Any) -> dict[str, Any]:
        """What stands in it; ``None`` leaves a claim out."""
        return self.issuer.claims(
            **{"sub": self.sub, "scope": self.scope, "aud": self.audience, **self.claims, **claims}
        )

    @property
    def goal(self) -> dict[str, Any]:
        """What Mallory writes into it: the right to everything, and a ``jti`` of its own."""
        return {"admin": True, "jti": f"forged-{secrets.token_hex(6)}"}

    @property
    def now(self) -> int:
        return int(self.issuer.now)

    @property
    def public_key(self) -> Key:
        """The key that everybody may see."""
        return self.issuer.key_for(self.alg).public()

    @property
    def own_key(self) -> Key:
        """Mallory's, of the same kind."""
        return mallory.key(self.alg)

    @property
    def is_hmac(self) -> bool:
        return self.alg.startswith("HS")

    @property
    def is_ecdsa(self) -> bool:
        return self.alg.startswith("ES")


def check_issuer(issuer: Any) -> None:
    """
    Raises:
        UsageError: it is no issuer, or does not listen.
    """
    if not isinstance(issuer, Issuer):
        raise UsageError(
            f"issuer is an Issuer of jwtlab.testing, started: with Issuer() as issuer: ...; this is {kind(issuer)}"
        )
    issuer.check_started()


def bench_at(
    issuer: Issuer,
    audience: str | None,
    *,
    sub: str,
    scope: str | None,
    typ: str | None,
    claims: Mapping[str, Any] | None,
    header: Mapping[str, Any] | None,
) -> Bench:
    """The bench for what a test has said.

    Raises:
        UsageError: the issuer is none, or does not listen; the audience is no text.
    """
    check_issuer(issuer)
    if audience is not None and (not isinstance(audience, str) or not audience):
        raise UsageError(
            f"audience is the one text by which your application calls itself, and not {audience!r}; that a token "
            "may name several is tried as well"
        )
    if scope is not None and not isinstance(scope, str):
        raise UsageError(f"scope is a text, several separated by spaces, and not {scope!r}")
    named = issuer.audience if audience is None else audience
    return Bench(issuer, issuer.alg, named, sub, scope, typ, dict(claims or {}), dict(header or {}))


Make = Callable[[Bench], str]


def everywhere(bench: Bench) -> bool:
    """It makes sense for every key."""
    return True


def with_key_pair(bench: Bench) -> bool:
    return not bench.is_hmac


def with_secret(bench: Bench) -> bool:
    return bench.is_hmac


def with_ecdsa(bench: Bench) -> bool:
    return bench.is_ecdsa


@dataclass(frozen=True)
class Forgery:
    """A token that should be refused.

    Attributes:
        id: never changes: lower-case words, ``"attack"`` or ``"attack:variant"``.
        title: what is sent, in a phrase.
        why: why it matters where it gets in, in one sentence.
        fault: the check that is missing there, and the fix.
        make: ``bench -> token``.
        fits: for which keys it makes sense.
        advice: a sound library lets it through as well: a strict verifier would refuse it.
        single_use: it counts only where a token is good for one time.
        after: ``(good token that was let in, bench) -> token``: made of one that the application knows already.
        while_down: it is sent while the issuer does not answer.
    """

    id: str
    title: str
    why: str
    fault: MissingCheck
    make: Make = field(repr=False)
    fits: Callable[[Bench], bool] = field(default=everywhere, repr=False)
    advice: bool = False
    single_use: bool = False
    after: Callable[[str, Bench], str] | None = field(default=None, repr=False)
    while_down: bool = False

    @property
    def attack(self) -> str:
        """The id without its variant."""
        return self.id.partition(":")[0]

    @property
    def spec(self) -> str:
        """Where the defence is written."""
        return self.fault.spec

    def token(self, issuer: Issuer, *, audience: str | None = None, alg: str = "", **bench: Any) -> str:
        """The forged token, for a test of your own.

        Args:
            issuer: whose tokens your code takes.
            audience: how your code calls itself; the issuer's ``audience`` by default.
            alg: what your code verifies with; the issuer's by default.
            bench: further attributes of `Bench`.

        Raises:
            UsageError: it makes no sense for this algorithm.
        """
        made = Bench(issuer, alg or issuer.alg, audience or issuer.audience, **bench)
        if not self.fits(made):
            raise UsageError(
                f"{self.id} makes no sense for {made.alg}: forgeries({made.alg!r}) leaves it out"
            )
        return self.make(made)

    def __str__(self) -> str:
        return self.id
