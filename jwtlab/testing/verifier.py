"""Attack a function that verifies tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from jwtlab.errors import UsageError
from jwtlab.testing.asking import VerifierAnswer, ask, check_takes
from jwtlab.testing.catalogue import FORGERIES
from jwtlab.testing.forgery import ACCESS_TOKEN, bench_at
from jwtlab.testing.issuer import Issuer
from jwtlab.testing.onslaught import NewKey, Target, attack
from jwtlab.testing.outcome import Accept, Outcome, accepted_reasons
from jwtlab.testing.patience import Patience


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
    new_key: NewKey = None,
    accept: Accept | None = None,
) -> Outcome:
    """Every forgery that makes sense, sent to a function of yours that verifies tokens.

    Args:
        verify: ``token -> claims``: a mapping, or an object that holds them. It refuses by raising, or by
            returning ``None``. It may be a coroutine function.
        issuer: whose tokens it takes; started.
        audience: how your application calls itself; ``issuer.audience`` by default.
        sub, scope, claims, typ, header: what a good token of your application looks like, where it differs
            from an access token of RFC 9068: ``claims={"type": "access"}`` for flask-jwt-extended.
        algorithms: what your application verifies with. Left out, good tokens find out.
        single_use: a token is good for one time, as in a link for one login.
        new_key: asks whether your application finds a key that the issuer signs with from one day to the
            next: seconds after which it has to (31 for PyJWT's ``PyJWKClient``), or a function that lets the
            time pass. Left out, it is asked at once, and a refusal is no more than a note.
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
    check_takes(verify, "verify(token)", 1)
    bench = bench_at(issuer, audience, sub=sub, scope=scope, typ=typ, claims=claims, header=header)
    reasons = accepted_reasons(accept, (each.id for each in FORGERIES))
    asked = partial(ask, verify, patience=Patience())
    target = Target(f"verifier {_name(verify)}", asked, partial(_fault_of, sub))
    return attack(target, bench, reasons, algorithms, single_use, new_key=new_key)


def _fault_of(sub: str, answer: VerifierAnswer, sent: Mapping[str, Any]) -> str:
    """What is wrong with the answer to a good token, or nothing."""
    if not answer.let_in:
        return answer.said or "refused"
    if answer.fault:
        return answer.fault
    if answer.claims is None or answer.claims.get("sub") == sent.get("sub"):
        return ""
    if "sub" not in answer.claims and sent.get("sub") in answer.claims.values():
        return ""  # an object of the application's own, which calls the person something else than sub
    return f"it returned other claims than the token's: sub is {answer.claims.get('sub')!r}, and not {sub!r}"


def _name(verify: Callable[..., Any]) -> str:
    return getattr(verify, "__qualname__", type(verify).__name__).replace("<locals>.", "")
