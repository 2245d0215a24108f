"""Attack a function that verifies tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from jwtlab.errors import UsageError
from jwtlab.testing.asking import VerifierAnswer, ask
from jwtlab.testing.catalogue import FORGERIES
from jwtlab.testing.forgery import ACCESS_TOKEN, Bench
from jwtlab.testing.issuer import Issuer
from jwtlab.testing.onslaught import Target, attack
from jwtlab.testing.outcome import Accept, Outcome, accepted_reasons


def attack_verifier(
    verify: Callable[[str], Any],
    issuer: Issuer,
    *,
    audience: str | None = None,
    sub: str = "alice",
    scope: str | None = None,
    claims: Mapping[str, Any] | None = None,
    typ: str | None = ACCESS_TOKEN,
    header: Mapping[str, Any] | None = None,
    algorithms: tuple[str, ...] | list[str] | None = None,
    single_use: bool = False,
    accept: Accept | None = None,
) -> Outcome:
    """Every forgery that makes sense, sent to a function of yours that verifies tokens.

    Args:
        verify: ``token -> claims``. It refuses by raising, or by returning ``None``. It may be a coroutine
            function.
        issuer: whose tokens it takes; started.
        audience: how your application calls itself; ``issuer.audience`` by default.
        sub, scope, claims, typ, header: what a good token of your application looks like, where it differs
            from an access token of RFC 9068: ``claims={"type": "access"}`` for flask-jwt-extended.
        algorithms: what your application verifies with. Left out, good tokens find out.
        single_use: a token is good for one time, as in a link for one login.
        accept: forgeries that are known to get in, with the reason: ``{"expired:hour": "ticket 17"}``, or
            the path of a TOML file.

    Returns:
        The `Outcome`; ``.check()`` raises if it is not good.

    Raises:
        UsageError: the call itself is wrong.
        RefusedAddress: your verifier wanted to leave this machine.
    """
    if not callable(verify):
        raise UsageError(
            f"attack_verifier takes a function, token -> claims; this is {type(verify).__name__}"
        )
    bench = Bench(
        issuer,
        issuer.alg,
        audience or issuer.audience,
        sub,
        scope,
        typ,
        dict(claims or {}),
        dict(header or {}),
    )
    reasons = accepted_reasons(accept, (each.id for each in FORGERIES))
    target = Target(f"verifier {_name(verify)}", partial(_ask, verify), partial(_fault_of, sub))
    return attack(target, bench, reasons, algorithms, single_use)


def _ask(verify: Callable[[str], Any], token: str) -> VerifierAnswer:
    return ask(verify, token)


def _fault_of(sub: str, answer: VerifierAnswer, sent: Mapping[str, Any]) -> str:
    """What is wrong with the answer to a good token, or nothing."""
    if not answer.let_in:
        return answer.said or "refused"
    if answer.fault:
        return answer.fault
    if answer.claims is not None and answer.claims.get("sub") != sent.get("sub"):
        return (
            f"it returned other claims than the token's: sub is {answer.claims.get('sub')!r}, and not {sub!r}"
        )
    return ""


def _name(verify: Callable[..., Any]) -> str:
    return getattr(verify, "__qualname__", type(verify).__name__).replace("<locals>.", "")
