"""The forgeries as parameters of pytest, one test each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jwtlab.errors import UsageError
from jwtlab.jose.algorithms import ALGORITHMS
from jwtlab.testing.catalogue import FORGERIES, fitting
from jwtlab.testing.forgery import ACCESS_TOKEN, Bench
from jwtlab.testing.issuer import Issuer
from jwtlab.testing.outcome import Accept, accepted_reasons

EXAMPLE_SECRET = "an example of a secret that is long enough for HS512, and no word of a list"


def forgeries(
    alg: str | Issuer = "RS256",
    *,
    typ: str | None = ACCESS_TOKEN,
    advice: bool = False,
    single_use: bool = False,
    without: Iterable[str] = (),
    accept: Accept | None = None,
) -> list[Any]:
    """Every forgery that makes sense for an algorithm, for ``pytest.mark.parametrize``.

    ::

        @pytest.mark.parametrize("forgery", forgeries("ES256"))
        def test_refuses(forgery, issuer):
            with pytest.raises(jwt.InvalidTokenError):
                my_verify(forgery.token(issuer, audience="https://notes.example", alg="ES256"))

    Args:
        alg: what your application verifies with, or an issuer of it.
        typ: of good tokens.
        advice: also those that a sound library lets through.
        single_use: also a token that was used before.
        without: ids to leave out.
        accept: those that are known to get in, with the reason: they become expected failures, strictly,
            so that one which no longer gets in is noticed.

    Returns:
        ``pytest.param`` objects, each a `Forgery` under its stable id.

    Raises:
        UsageError: no such algorithm or id, or pytest is not installed.
    """
    try:
        import pytest
    except ModuleNotFoundError:
        raise UsageError("forgeries() makes parameters for pytest: pip install pytest") from None
    chosen = [
        each for each in fitting(_example(alg, typ), single_use=single_use) if advice or not each.advice
    ]
    known = {each.id for each in FORGERIES}
    unknown = sorted(set(without) - known)
    if unknown:
        raise UsageError(f"there is no forgery {unknown[0]!r}; there are: {', '.join(sorted(known))}")
    reasons = accepted_reasons(accept, known)

    def marks(name: str) -> list[Any]:
        reason = reasons.get(name) or reasons.get(name.partition(":")[0])
        return [pytest.mark.xfail(reason=reason, strict=True)] if reason else []

    return [
        pytest.param(each, id=each.id, marks=marks(each.id)) for each in chosen if each.id not in set(without)
    ]


def _example(alg: str | Issuer, typ: str | None) -> Bench:
    """A bench to ask what makes sense: no socket is opened for it."""
    if isinstance(alg, Issuer):
        return Bench(alg, alg.alg, alg.audience, typ=typ)
    if alg not in ALGORITHMS:
        raise UsageError(f"there is no algorithm {alg!r}; there are: {', '.join(ALGORITHMS)}")
    issuer = Issuer(alg, secret=EXAMPLE_SECRET if alg.startswith("HS") else None)
    return Bench(issuer, alg, issuer.audience, typ=typ)
