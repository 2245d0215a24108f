"""The gauntlet: every forgery is refused by the sound verifier, and is let in where a check is missing."""

from __future__ import annotations

import jwt as pyjwt
import pytest

import jwtlab
from jwtlab.attacks import ATTACKS
from jwtlab.exercises import gauntlet
from jwtlab.exercises.gauntlet import DESK, HINTS, forgeries, good_tokens


def sound(token):
    report = DESK.judge(token)
    return report.claims if report.accepted else None


@pytest.mark.parametrize("sample", good_tokens(), ids=lambda sample: sample.name)
def test_good_token_is_accepted(sample):
    assert DESK.judge(sample.token).accepted


@pytest.mark.parametrize("sample", forgeries(), ids=lambda sample: sample.name)
def test_forgery_is_refused(sample):
    assert not DESK.judge(sample.token).accepted
    assert sample.family in HINTS


def test_every_family_has_a_check_without_which_a_forgery_of_it_gets_in():
    alone = {
        sample.family
        for sample in forgeries()
        for check in jwtlab.STANDARD.ids
        if DESK.judge(sample.token, jwtlab.STANDARD.without(check)).accepted
    }
    assert alone >= {"signature", "time", "place", "once", "two readers"}


def test_names_are_unique_and_the_forged_tokens_differ():
    assert len({sample.name for sample in forgeries()}) == len(forgeries())
    assert len({sample.token for sample in forgeries()}) == len(forgeries())


def test_sound_verifier_gets_all_points_and_the_naive_one_few():
    score = gauntlet.run(sound)
    assert score.perfect
    assert score.points == len(forgeries())
    naive = gauntlet.run(lambda token: jwtlab.decode(token).claims)
    assert 0 < naive.points < 10
    assert not naive.turned_away


def test_refusing_everything_scores_nothing():
    score = gauntlet.run(lambda token: None)
    assert score.stopped == score.total
    assert score.points == 0
    assert "Nothing counts" in score.advice


def test_accepting_without_claims_is_no_welcome():
    score = gauntlet.run(lambda token: True)
    assert "return its claims" in score.advice


def test_endless_loop_and_exit_are_reported():
    def loops(token):
        while True:
            pass

    def leaves(token):
        raise SystemExit

    assert "endless loop" in gauntlet.run(loops).advice
    assert "SystemExit" in gauntlet.run(leaves).advice


def test_crash_on_a_forgery_is_no_point_and_is_named():
    def fragile(token):
        return sound(token) if token.count(".") == 2 else 1 / 0

    score = gauntlet.run(fragile)
    assert score.points < score.total
    assert "ZeroDivisionError" in score.advice


def test_errors_of_the_libraries_are_refusals():
    def raising(token):
        claims = sound(token)
        if claims is None:
            raise pyjwt.InvalidTokenError
        return claims

    assert gauntlet.run(raising).perfect


def test_something_that_is_no_function_is_said():
    assert "wants a function" in gauntlet.run(5).advice


@pytest.mark.parametrize("check", ["signature-valid", "not-expired", "issuer-expected", "claims-unique"])
def test_verifier_without_a_check_is_told_its_family(check):
    policy = jwtlab.STANDARD.without(check)

    def weak(token):
        report = DESK.judge(token, policy)
        return report.claims if report.accepted else None

    score = gauntlet.run(weak)
    assert score.points < score.total
    (family,) = [family for family in score.families if family.let_in]
    assert HINTS[family.name] in score.advice


def test_every_attack_is_among_the_forgeries_or_needs_another_key():
    """What the list leaves out, and why: one cannot forge them for a sound ES256 key."""
    needs_another_key = {"weak-secret", "empty-secret", "key-confusion-recovered", "x5u-spoof"}
    told = {sample.name for sample in forgeries()}
    assert {"the secret changeme", "the empty secret", "x5c in the header"} <= told  # their twins are there
    assert needs_another_key < set(ATTACKS)
