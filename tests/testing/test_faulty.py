"""Faults that somebody finds in their own repository: each is found, and by the forgery that names it."""

from __future__ import annotations

import faulty
import pytest
import sound
from faulty import FAULTY
from idioms import SOUND
from short_form import few

from jwtlab.testing import attack_verifier

NAMES = [next(name for name, value in vars(faulty).items() if value is make) for make, _ in FAULTY]


@pytest.mark.parametrize(("make", "found"), few(FAULTY, *FAULTY[::3]), ids=NAMES)
def test_the_fault_is_found_and_no_other(issuer, make, found):
    outcome = attack_verifier(make(issuer), issuer, audience=sound.AUDIENCE)
    assert not outcome.turned_away, outcome.report()
    assert set(outcome.let_through.ids) == found, outcome.report()


@pytest.mark.parametrize("make", few(SOUND, *SOUND[::3]), ids=lambda each: each.__name__)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_sound_ones_are_not_accused(issuer, make):
    outcome = attack_verifier(make(issuer), issuer, audience=sound.AUDIENCE).check()
    assert not outcome.let_through
    families = {each.partition(":")[0] for each in outcome.advice.ids}
    assert families <= {"expired", "wrong-type", "duplicate-claim", "malleable-token"}, outcome.report()
