"""Hostile tokens and growth: what a stranger can make a verifier work, beside PyJWT. Aim: linear, ≤ 1.5 × its time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import jwt as pyjwt
from measure import Row

import jwtlab
from jwtlab import Key, KeySet
from jwtlab.jose import base64url
from jwtlab.jose.token import MAX_LENGTH

LAB = jwtlab.Lab()
SECRET = LAB.key("HS256")
EXPECTED = {"issuer": LAB.issuer, "audience": LAB.audience}


def tokens_of_size(seconds: float) -> Iterator[Row]:
    """Good tokens of 100 bytes to one megabyte: verify with the whole report. What is too long is refused unread."""
    for size in (100, 1_000, 10_000, 40_000, 100_000, 1_000_000):
        token = jwtlab.issue(LAB.claims(exp=4_102_444_800, filler="x" * size), SECRET, alg="HS256")
        fits = len(token) <= MAX_LENGTH
        name = "verify HS256, {} bytes of filler" if fits else "refuse: {} bytes of filler, too long"
        yield _beside(name.format(f"{size:,}"), token, seconds)


def broken_tokens(seconds: float) -> Iterator[Row]:
    """Small broken ones: how long a refusal takes."""
    good = jwtlab.issue(LAB.claims(exp=4_102_444_800), SECRET, alg="HS256")
    head, claims, tag = good.split(".")
    for name, token in (
        ("one piece", "x" * 60),
        ("no JSON", f"{base64url.encode(b'{{{{')}.{claims}.{tag}"),
        ("another signature", f"{head}.{claims}.{base64url.encode(bytes(32))}"),
        ("a megabyte of dots", "." * 1_000_000),
        ("a megabyte of letters", f"{'A' * 1_000_000}.{claims}.{tag}"),
    ):
        yield _beside(f"refuse: {name}", token, seconds)


def key_sets(seconds: float) -> Iterator[Row]:
    """Key sets of 1 to 10,000 keys: find the one key by its kid, and verify."""
    public = LAB.key("ES256").public()
    token = jwtlab.issue(LAB.claims(exp=4_102_444_800), LAB.key("ES256"), alg="ES256")
    for count in (1, 10, 100, 1_000, 10_000):
        others = [_renamed(public, f"k{number}") for number in range(count - 1)]
        keys = KeySet([*others, public])
        theirs = pyjwt.PyJWKSet([{**key.to_jwk(), "alg": "ES256"} for key in keys])
        yield _row(
            f"verify ES256 out of {count:,} keys",
            seconds,
            lambda keys=keys: (
                jwtlab.verify(token, keys, algorithms=["ES256"], now=LAB.now, **EXPECTED).claims
            ),
            lambda theirs=theirs: pyjwt.decode(
                token,
                theirs[pyjwt.get_unverified_header(token)["kid"]],
                algorithms=["ES256"],
                options={"verify_iat": False},
                **EXPECTED,
            ),
        )


def _renamed(key: Key, kid: str) -> Key:
    return Key.from_jwk({**key.to_jwk(), "kid": kid})


def _beside(what: str, token: str, seconds: float) -> Row:
    def theirs() -> object:
        try:
            return pyjwt.decode(
                token, SECRET.secret, algorithms=["HS256"], options={"verify_iat": False}, **EXPECTED
            )
        except pyjwt.PyJWTError as error:
            return error

    return _row(
        what,
        seconds,
        lambda: str(jwtlab.verify(token, SECRET, algorithms=["HS256"], now=LAB.now, **EXPECTED).accepted),
        theirs,
    )


def _row(what: str, seconds: float, ours: Callable[[], object], theirs: Callable[[], object]) -> Row:
    mine, other = _fastest(ours, seconds), _fastest(theirs, seconds)
    return Row(what, "µs", {"jwtlab": mine, "PyJWT": other})


def _fastest(call: Callable[[], object], seconds: float) -> float:
    """Microseconds of the fastest call within the time."""
    call()
    found, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(found) < 3:
        began = time.perf_counter()
        call()
        found.append(time.perf_counter() - began)
    return min(found) * 1e6


BENCHMARKS = [tokens_of_size, broken_tokens, key_sets]
