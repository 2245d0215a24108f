"""Good tokens first, then every forgery: the same for a verifier and for an API."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from jwtlab.errors import UsageError
from jwtlab.jose.algorithms import ALGORITHMS
from jwtlab.jose.token import decode
from jwtlab.testing import faults
from jwtlab.testing.asking import VerifierAnswer
from jwtlab.testing.catalogue import fitting
from jwtlab.testing.forgery import Bench, Forgery
from jwtlab.testing.forging import signed_with
from jwtlab.testing.outcome import Outcome, Result, Tally
from jwtlab.testing.patience import attacking
from jwtlab.testing.places import check_stopped, nothing_leaves

FAMILIES = (("RS256", "PS256"), ("ES256",), ("EdDSA",), ("ES384",), ("ES512",), ("Ed25519",))
"""What is tried, a key each, where the issuer's own algorithm is refused."""
NewKey = float | int | Callable[[], Any] | None
"""How a test says what time an application has to find a new key: seconds, or what lets them pass."""
USUAL = ("RS256", "ES256", "EdDSA")
"""Keys that are published before the first token: a client of key sets may not look again for half a minute."""


@dataclass(frozen=True)
class Target:
    """Who is attacked.

    Attributes:
        what: in a phrase.
        ask: ``token -> Answer``.
        fault: ``(answer, claims sent) -> what is wrong with it``, for a good token; empty if it is right.
    """

    what: str
    ask: Callable[[str], VerifierAnswer]
    fault: Callable[[VerifierAnswer, Mapping[str, Any]], str]


def attack(
    target: Target,
    bench: Bench,
    accept: Mapping[str, str],
    algorithms: Iterable[str] | None = None,
    single_use: bool = False,
    more: Iterable[Forgery] = (),
    new_key: NewKey = None,
) -> Outcome:
    """Good tokens, then forgeries, and between them good tokens again.

    Raises:
        UsageError: there is no such algorithm.
        RefusedAddress: the target wanted to leave this machine.
    """
    with attacking():
        return _attack(target, bench, Tally(accept), algorithms, single_use, tuple(more), new_key)


def _attack(
    target: Target,
    bench: Bench,
    tally: Tally,
    algorithms: Iterable[str] | None,
    single_use: bool,
    more: tuple[Forgery, ...],
    new_key: NewKey,
) -> Outcome:
    with nothing_leaves() as stopped:
        found = _algorithms(target, bench, algorithms)
        bench = replace(bench, alg=found[0] if found else bench.alg)
        _good(target, bench, tally)
    check_stopped(stopped)
    _note_refusal(bench, found, tally)
    with nothing_leaves() as stopped:
        every = (*fitting(bench, single_use=single_use), *more)
        _forged_all(target, bench, [each for each in every if not each.while_down], tally)
        _ask_for_new_key(target, bench, new_key, tally)
        for last in (each for each in every if each.while_down):
            _forged(target, bench, last, tally)
    tally.notes += [
        f"{each} was to be reached, and was not: nothing leaves this machine."
        for each in dict.fromkeys(stopped)
    ]
    return tally.outcome(target.what, found)


def _forged_all(target: Target, bench: Bench, forgeries: Iterable[Forgery], tally: Tally) -> None:
    """Every forgery. Who answers nothing any more refuses them all, so a good token is sent after each family."""
    doubtful = bool(tally.turned_away)
    for _, family in groupby(forgeries, lambda each: each.attack):
        for forgery in family:
            _forged(target, bench, forgery, tally)
        if doubtful:
            continue
        token = bench.good()
        answer = target.ask(token)
        fault = target.fault(answer, decode(token).claims)
        if fault:
            title = f"a good token, after {forgery.id}: from here on nothing more was tried"
            tally.turned_away.append(Result("good:afterwards", title, said=fault))
            tally.notes.append(
                "An application that refuses everything after a few bad tokens (a limit of requests, a service "
                "that has ended) cannot be judged: switch the limit off in the test."
            )
            return


def _ask_for_new_key(target: Target, bench: Bench, new_key: NewKey, tally: Tally) -> None:
    """The issuer signs with a new key one day: is it found?"""
    if bench.is_hmac or tally.turned_away:
        return
    key = bench.issuer.key_of_tomorrow(bench.alg)
    try:
        token = signed_with(key, bench)
        answer = target.ask(token)
        if new_key is not None and not answer.let_in:
            time.sleep(new_key) if isinstance(new_key, int | float) else new_key()
            answer = target.ask(token)
    finally:
        bench.issuer.withdraw(key)
    if answer.let_in:
        return
    if new_key is None:
        tally.notes.append(
            f"A token of a new key was refused at once ({answer.said}). Many clients wait half a minute before they "
            "look for keys again; whether yours ever does, new_key=31 finds out."
        )
        return
    title = "a good token, signed with a key that the issuer has published since"
    said = (
        f"it answered {answer.said}; let an unknown kid be a reason to fetch the keys again (not more often than "
        "every half minute), and keep them for minutes, not for ever"
    )
    tally.turned_away.append(Result("good:new-key", title, said=said))


def _algorithms(target: Target, bench: Bench, told: Iterable[str] | None) -> tuple[str, ...]:
    """What the target verifies with, the issuer's own first."""
    if told is not None:
        names = tuple(told)
        for each in names:
            if each not in ALGORITHMS:
                raise UsageError(f"there is no algorithm {each!r}; there are: {', '.join(ALGORITHMS)}")
        return names
    own = [bench.alg, *(each for each in _of_one_key(bench) if each != bench.alg)]
    if not bench.is_hmac:
        for each in USUAL:
            bench.issuer.key_for(each)
    found = tuple(each for each in own if _takes(target, bench, each))
    if found or bench.is_hmac:
        bench.issuer.forget_extra_keys()
        return found
    for names in FAMILIES:
        found = tuple(each for each in names if each not in own and _takes(target, bench, each))
        if found:
            return found
    bench.issuer.forget_extra_keys()
    return ()


def _of_one_key(bench: Bench) -> tuple[str, ...]:
    """The algorithms that go with the issuer's own key."""
    kty = ALGORITHMS[bench.alg].kty
    if kty not in ("RSA", "oct"):
        return (bench.alg,)
    return tuple(name for name, each in ALGORITHMS.items() if each.kty == kty)


def _takes(target: Target, bench: Bench, alg: str) -> bool:
    try:
        token = replace(bench, alg=alg).good()
    except UsageError:
        return False
    return target.ask(token).let_in


def _good(target: Target, bench: Bench, tally: Tally) -> None:
    now = bench.now
    tokens = {
        "good:plain": ("a good token", bench.good()),
        "good:two-audiences": (
            "a good token for two services, one of them yours",
            bench.good(aud=["https://b.example", bench.audience]),
        ),
        "good:last-minute": ("a good token in its last minute", bench.good(iat=now - 840, exp=now + 60)),
        "good:nbf": ("a good token that has begun to count", bench.good(nbf=now - 60)),
        "good:more-claims": ("a good token with claims of its own", bench.good(nickname="Zoë", groups=["a"])),
    }
    for name, (title, token) in tokens.items():
        answer = target.ask(token)
        fault = target.fault(answer, decode(token).claims)
        if fault:
            tally.turned_away.append(Result(name, title, said=fault))


def _note_refusal(bench: Bench, found: tuple[str, ...], tally: Tally) -> None:
    """What may be the matter, where good tokens are refused."""
    if tally.turned_away and not found:
        claims = bench.claims_of_good()
        tally.notes.append(
            f"No good token got in, so the forgeries prove nothing yet. The issuer signs with {bench.alg}; if your "
            "application takes another algorithm, or a shared secret, make its issuer so: "
            'Issuer("ES256"), Issuer(secret=...). What a good token of yours looks like can be said with claims=, '
            "typ= and header=."
        )
        shown = ", ".join(f"{name} {claims.get(name)!r}" for name in ("iss", "aud", "sub", "scope"))
        tally.notes.append(f"In the good tokens that were sent: typ {bench.typ!r}, {shown}.")
    if tally.turned_away and abs(bench.issuer.ahead) >= 1:
        tally.notes.append(
            f"The issuer's clock was moved by {bench.issuer.ahead:.0f} seconds; your application has its own clock."
        )


def _forged(target: Target, bench: Bench, forgery: Forgery, tally: Tally) -> None:
    token = _prepared(target, bench, forgery)
    visits = len(bench.issuer.site.visits)
    with bench.issuer.down() if forgery.while_down else nullcontext():
        answer = target.ask(token)
    if answer.let_in and _reads_forgery(forgery, answer):
        tally.got_in(forgery, answer.said)
        return
    tally.refused.append(forgery.id)
    if answer.crashed:
        tally.advice.append(
            Result(
                f"crash:{forgery.id}",
                f"{forgery.title}: refused by accident",
                "Whoever may choose what crashes you, chooses when; and the next version may not crash there.",
                faults.CRASH,
                answer.said,
            )
        )
    _note_visit(bench, forgery, visits, tally)


def _prepared(target: Target, bench: Bench, forgery: Forgery) -> str:
    """The token; where it needs one that the application has seen, that is sent first."""
    if forgery.after is not None:
        known = bench.good()
        target.ask(known)
        return forgery.after(known, bench)
    token = forgery.make(bench)
    if forgery.single_use:
        target.ask(token)
    return token


def _note_visit(bench: Bench, forgery: Forgery, before: int, tally: Tally) -> None:
    """It was refused, but an address out of the token was fetched all the same."""
    if len(bench.issuer.site.visits) > before:
        tally.advice.append(
            Result(
                f"fetched:{forgery.id}",
                f"{forgery.title}: refused, but your server fetched the address",
                "Mallory chooses which addresses your server visits, inside your network too (SSRF).",
                faults.KEY_SOURCE,
            )
        )


def _reads_forgery(forgery: Forgery, answer: VerifierAnswer) -> bool:
    """A token that is true to one reader counts only where the forged half of it is read."""
    if forgery.id != "polyglot" or answer.claims is None:
        return True
    return answer.claims.get("admin") is True
