"""One verifier and many tokens: what it remembers of one never answers for another, whatever was let pass before."""

from __future__ import annotations

import pytest
from trials import CASES, ES256, Trial, good_token

from jwtlab import STANDARD, KeySet, Verifier
from jwtlab.jose.header_checks import about_header, soundly_read

KEYS = KeySet([ES256.public()])
"""One set for all of them: what is known of a header and of a key is kept with it."""

OF_ONE_KEY = {name: trial for name, make in CASES.items() if (trial := make()).keys == ES256.public()}
HEADER_AND_FORM = [check.id for check in STANDARD.checks if check.memory in (soundly_read, about_header)]


def judged(trial: Trial, policy):
    return Trial(trial.token, KEYS, trial.algorithms, trial.more).verify(policy)


def test_cases_of_one_key_are_many():
    assert len(OF_ONE_KEY) >= 20
    assert len(HEADER_AND_FORM) >= 10


@pytest.mark.parametrize("left_out", OF_ONE_KEY)
def test_token_that_a_weakened_policy_let_pass_opens_no_door_for_the_next(left_out):
    policy = STANDARD.without(left_out)
    for _ in range(2):
        assert judged(OF_ONE_KEY[left_out], policy).accepted
        for other, trial in OF_ONE_KEY.items():
            if other != left_out:
                assert judged(trial, policy).first_failure.id == other
        assert judged(Trial(good_token()), policy).accepted


def test_faulty_token_is_remembered_under_no_name_and_a_sound_one_is():
    """A weakened policy lets two faults of one kind pass; the third, of another kind, is refused as before."""
    policy = STANDARD.without("base64url-strict", "compact-form")
    good = good_token()
    for text, refused in (
        (good + "=", None),
        (good + ".more", None),
        (good, None),
        (OF_ONE_KEY["header-json"].token, "header-json"),
        (OF_ONE_KEY["header-unique"].token, "header-unique"),
        (good + "=", None),
    ):
        failed = judged(Trial(text), policy).first_failure
        assert (failed and failed.id) == refused


def test_what_was_found_of_a_header_is_found_once(monkeypatch):
    asked = []
    check = STANDARD["critical-understood"]

    def counted(case):
        asked.append(case.token)
        return check.run(case)

    policy = STANDARD.replacing(type(check)(**{**vars(check), "run": counted}))
    verifier = Verifier(KeySet([ES256.public()]), algorithms=["ES256"], policy=policy)
    good = good_token()
    for text in (good, good, good[:-1] + ("A" if good[-1] != "A" else "Q")):
        verifier.verify(text, now=0)
    assert len(asked) == 1
    for _ in range(2):  # of one with a fault nothing is kept
        verifier.verify(OF_ONE_KEY["claims-unique"].token, now=0)
    assert len(asked) == 3
