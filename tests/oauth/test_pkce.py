"""PKCE: the example of RFC 7636 appendix B, and everything that is no verifier."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jwtlab
from jwtlab.oauth import pkce

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_example_of_appendix_b():
    assert pkce.challenge(VERIFIER) == CHALLENGE
    assert pkce.fits(VERIFIER, CHALLENGE)


def test_new_verifier_is_a_verifier_and_differs_each_time():
    lab = jwtlab.Lab()
    one, two = pkce.new_verifier(lab.random.bytes), pkce.new_verifier(lab.random.bytes)
    assert one != two
    assert len(one) == 43
    assert pkce.VERIFIER.fullmatch(one)


@pytest.mark.parametrize(
    "text", ["", "a" * 42, "a" * 129, "a" * 42 + "=", "a" * 42 + "\n", "ä" * 43, "a b" * 20]
)
def test_what_is_no_verifier_is_refused(text):
    with pytest.raises(jwtlab.UsageError, match="43 to 128"):
        pkce.challenge(text)
    assert not pkce.fits(text, CHALLENGE)


@pytest.mark.parametrize("odd", [None, 5, [VERIFIER], b"x" * 43, True])
def test_odd_verifiers_never_fit(odd):
    assert not pkce.fits(odd, CHALLENGE)


def test_plain_method_is_not_taken():
    assert not pkce.fits(VERIFIER, VERIFIER)


@given(st.text(), st.text())
def test_nothing_escapes_and_nothing_fits_by_chance(verifier, challenge):
    assert not pkce.fits(verifier, challenge)
