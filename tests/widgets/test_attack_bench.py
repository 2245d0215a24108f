"""AttackBench: what it shows is what the verifiers say."""

from __future__ import annotations

import pytest
from page import Page

import jwtlab
from jwtlab.attacks import ATTACKS
from jwtlab.widgets import AttackBench
from jwtlab.widgets.attack import GOALS, marked, members


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("goal", GOALS)
def test_weak_verifier_falls_for_it_and_the_sound_one_does_not(name, goal):
    bench = AttackBench(name, goal=goal)
    for variant in ATTACKS[name].variants:
        bench.act("variant", variant.name)
        assert bench.weak_report.accepted
        assert not bench.sound_report.accepted
        assert "Accepts the forgery" in bench.html
        assert "Refused" in bench.html
        shown = {line.check.id for line in bench.context()["lines"]}
        assert set(variant.stopped_by) <= shown


@pytest.mark.parametrize("name", ATTACKS)
def test_good_token_is_accepted_by_both_unless_the_key_is_at_fault(name):
    bench = AttackBench(name)
    bench.act("sent", "good")
    assert bench.weak_report.accepted
    if bench.scenario.stage.repaired:
        assert "with a new key" in bench.html
    else:
        assert bench.sound_report.accepted


def test_switching_the_one_check_off_lets_the_forgery_through():
    bench = AttackBench("expired")
    bench.act("switch", False, "not-expired")
    assert bench.sound_report.accepted
    assert "STANDARD without not-expired" in bench.html
    bench.act("switch", True, "not-expired")
    assert not bench.sound_report.accepted
    bench.act("switch", False, "not-expired")
    bench.act("reset")
    assert bench.off == ()


@pytest.mark.parametrize("name", ATTACKS)
def test_code_is_that_of_the_variant(name):
    bench = AttackBench(name)
    for variant in ATTACKS[name].variants:
        bench.act("variant", variant.name)
        (shown,) = [each.text for each in Page(bench.html).all("pre")]
        assert shown == bench.scenario.code


def test_two_faults_show_two_pieces_of_code():
    bench = AttackBench("signature-stripped")
    first = bench.html
    bench.act("variant", "compared-short")
    assert "if signature:" in first
    assert "zip(b64decode(signature), right)" in bench.html
    assert "if signature:" not in bench.html


def test_choosing_an_attack_begins_anew():
    bench = AttackBench("expired")
    bench.act("switch", False, "not-expired")
    bench.act("sent", "good")
    bench.act("attack", "alg-none")
    assert (bench.variant, bench.off, bench.sent) == ("none", (), "forged")


@pytest.mark.parametrize(
    ("action", "value", "target"),
    [
        ("attack", "nothing", ""),
        ("variant", "nothing", ""),
        ("goal", "nothing", ""),
        ("sent", "nothing", ""),
        ("switch", False, "nothing"),
    ],
)
def test_what_does_not_exist_changes_nothing(action, value, target):
    bench = AttackBench()
    before = bench.html
    bench.act(action, value, target)
    assert bench.html == before


def test_only_some_attacks_to_choose_from():
    bench = AttackBench("alg-none", only=["unverified", "signature-stripped"])
    bench.act("attack", "expired")
    assert bench.attack == "alg-none"
    bench.act("attack", "unverified")
    assert bench.attack == "unverified"


@pytest.mark.parametrize("arguments", [{"attack": "x"}, {"variant": "x"}, {"goal": "x"}, {"only": ["x"]}])
def test_unknown_names_are_listed_in_the_error(arguments):
    with pytest.raises(jwtlab.UsageError, match="there are"):
        AttackBench(**arguments)


def test_members_say_what_was_changed_added_and_left_out():
    rows = members({"alg": "ES256", "kid": "1", "typ": "JWT"}, {"alg": "none", "typ": "JWT", "jwk": {}})
    assert [(row.name, row.state) for row in rows] == [
        ("alg", "changed"),
        ("kid", "gone"),
        ("typ", "same"),
        ("jwk", "added"),
    ]


def test_marks_cover_every_changed_letter_and_join_what_is_equal_by_chance():
    (header, payload) = marked("abcdefgh.aXcdefghij", "abcdefgh.aYcZefghij")
    assert [(piece.text, piece.changed) for piece in header] == [("abcdefgh", False)]
    assert [(piece.text, piece.changed) for piece in payload] == [
        ("a", False),
        ("YcZ", True),
        ("efghij", False),
    ]
