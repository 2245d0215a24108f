"""One verifier and many tokens: what it remembers of one never answers for another, whatever was let pass before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from material import CLAIMS, forge
from trials import CASES, ES256, Trial, good_token

from jwtlab import STANDARD, KeySet, Verifier, base64url
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


def counting(asked):
    """A verifier that notes each token whose header it looks at."""
    check = STANDARD["critical-understood"]

    def counted(case):
        asked.append(case.token)
        return check.run(case)

    policy = STANDARD.replacing(replace(check, run=counted))
    return Verifier(KeySet([ES256.public()]), algorithms=["ES256"], policy=policy)


def test_what_was_found_of_a_header_is_found_once():
    asked = []
    verifier = counting(asked)
    good = good_token()
    for text in (good, good, good[:-1] + ("A" if good[-1] != "A" else "Q")):
        verifier.verify(text, now=0)
    assert len(asked) == 1
    for _ in range(2):  # of one with a fault nothing is kept
        verifier.verify(OF_ONE_KEY["claims-unique"].token, now=0)
    assert len(asked) == 3


@pytest.mark.parametrize(("length", "times"), [(44, 1), (1_023, 1), (1_024, 1), (1_026, 2), (4_000, 2)])
def test_of_a_long_header_nothing_is_remembered(length, times):
    asked = []
    verifier = counting(asked)
    header = b'{"alg":"ES256","x":"' + b"x" * (length * 3 // 4 - 22) + b'"}'
    assert len(base64url.encode(header)) == length
    for subject in ("alice", "bob"):
        verifier.verify(forge(header, CLAIMS | {"sub": subject}, ES256, "ES256"), now=0)
    assert len(asked) == times


def test_so_many_headers_are_remembered_and_then_begun_anew():
    asked = []
    verifier = counting(asked)
    tokens = [forge({"alg": "ES256", "x": f"{number}"}, CLAIMS, ES256, "ES256") for number in range(300)]
    for token in (*tokens[:250], *tokens[:250]):
        verifier.verify(token, now=0)
    assert len(asked) == 250
    for token in tokens:
        verifier.verify(token, now=0)
    assert 300 <= len(asked) <= 600
