"""VerifierBench: every switch, the clock, the leeway and the examples do what they say."""

from __future__ import annotations

import pytest
from page import Page

import jwtlab
from jwtlab import STANDARD
from jwtlab.jose import times
from jwtlab.widgets import VerifierBench

lab = jwtlab.Lab()
TOKEN = lab.token()
CUT = TOKEN.rpartition(".")[0] + "."


def text_of(bench: VerifierBench) -> str:
    return Page(bench.html).text


def switches(bench: VerifierBench) -> dict[str, bool]:
    controls = [e for e in Page(bench.html).all("input") if e.attributes["data-action"] == "switch"]
    return {e.attributes["data-name"]: "checked" in e.attributes for e in controls}


def test_bench_says_what_verify_says():
    bench = VerifierBench(TOKEN, lab=lab)
    assert bench.report.accepted
    assert [f.id for f in bench.report.findings] == [f.id for f in lab.verify(TOKEN).findings]
    bench.act("token", CUT)
    assert bench.report.first_failure.id == lab.verify(CUT).first_failure.id
    assert "Refused" in text_of(bench)
    assert bench.report.first_failure.reason in text_of(bench)


def test_every_check_has_a_switch_that_is_on():
    assert switches(VerifierBench(TOKEN, lab=lab)) == dict.fromkeys(STANDARD.ids, True)


@pytest.mark.parametrize("check", STANDARD.ids)
def test_check_can_be_switched_off_and_on(check):
    bench = VerifierBench(TOKEN, lab=lab)
    before = bench.html
    bench.act("switch", False, check)
    assert bench.off == (check,)
    assert check not in [finding.id for finding in bench.report.findings if finding.id in STANDARD.ids]
    assert [name for name, on in switches(bench).items() if not on] == [check]
    assert "1 switched off" in text_of(bench)
    assert "Accepted by a weakened verifier" in text_of(bench)
    bench.act("switch", True, check)
    assert bench.off == ()
    assert bench.html == before


def test_switches_add_up_and_stay_in_order():
    bench = VerifierBench(TOKEN, lab=lab)
    for check in reversed(STANDARD.ids):
        bench.act("switch", False, check)
        bench.act("switch", False, check)
    assert bench.off == STANDARD.ids
    assert not any(switches(bench).values())
    assert f"{len(STANDARD.ids)} switched off" in text_of(bench)


def test_refused_token_gets_through_when_its_check_is_off():
    late = jwtlab.issue(lab.claims(exp=lab.now - 1), lab.key("ES256"), alg="ES256")
    early = lab.token(nbf=lab.now + 60)
    foreign = lab.token(iss="https://else.example")
    other = lab.token(aud="somebody else")
    for token in (late, early, foreign, other):
        bench = VerifierBench(token, lab=lab)
        off = []
        while not bench.report.accepted:
            off.append(bench.report.first_failure.id)
            bench.act("switch", False, off[-1])
        assert len(off) == 1
        assert "Accepted by a weakened verifier" in text_of(bench)


def test_cut_token_needs_the_signature_check_off():
    bench = VerifierBench(CUT, lab=lab)
    assert bench.report.first_failure.id == "signature-valid"
    bench.act("switch", False, "signature-valid")
    assert bench.report.accepted


def test_time_moves_and_the_token_expires():
    bench = VerifierBench(TOKEN, lab=lab)
    for now, accepted in ((lab.now + 899, True), (lab.now + 900, False), (lab.now + 899.5, True)):
        bench.act("time", str(now))
        assert bench.now == now
        assert bench.report.accepted == accepted
        assert ("Accepted" in text_of(bench)) == accepted
    assert bench.html != VerifierBench(TOKEN, lab=lab).html


def test_time_line_spans_the_token():
    slider = Page(VerifierBench(TOKEN, lab=lab).html).control("time")
    assert float(slider.attributes["min"]) < lab.now < lab.now + 900 < float(slider.attributes["max"])
    assert float(slider.attributes["value"]) == lab.now
    assert slider.attributes["aria-valuetext"]


def test_leeway_forgives_seconds():
    bench = VerifierBench(TOKEN, lab=lab)
    bench.act("time", str(lab.now + 930))
    for leeway, accepted in (("30", False), ("31", True), ("0", False), ("60.5", True)):
        bench.act("leeway", leeway)
        assert bench.leeway == float(leeway)
        assert bench.report.accepted == accepted
        assert Page(bench.html).control("leeway").attributes["value"] == leeway
    assert VerifierBench(TOKEN, lab=lab, leeway=10).leeway == 10


@pytest.mark.parametrize(
    "value", ["", "soon", None, [], {}, "nan", "inf", "-inf", "1e300", 10**400, times.LATEST + 1]
)
def test_unreadable_number_changes_nothing(value):
    bench = VerifierBench(TOKEN, lab=lab, leeway=7)
    before = bench.html
    bench.act("time", value)
    bench.act("leeway", value)
    assert (bench.now, bench.leeway) == (lab.now, 7)
    assert bench.html == before


@pytest.mark.parametrize("value", [0, -1, -1e10, times.LATEST])
def test_number_at_the_edge_still_gives_a_verdict(value):
    bench = VerifierBench(TOKEN, lab=lab)
    bench.act("leeway", value)
    bench.act("time", value)
    assert bench.leeway >= 0
    assert bench.now >= 0
    assert bench.html == str(bench.draw())


def test_reset_brings_back_checks_time_and_leeway_and_keeps_the_token():
    bench = VerifierBench(TOKEN, lab=lab)
    bench.act("token", CUT)
    before = bench.html
    bench.act("switch", False, "signature-valid")
    bench.act("time", "5")
    bench.act("leeway", "99")
    bench.act("reset")
    assert (bench.off, bench.now, bench.leeway, bench.token) == ((), lab.now, 0, CUT)
    assert bench.html == before


def test_examples_are_buttons():
    bench = VerifierBench(lab=lab, examples={"as issued": TOKEN, "cut": CUT})
    assert bench.token == TOKEN
    for name, token in bench.examples.items():
        bench.act("example", name)
        assert bench.token == token
        buttons = [b for b in Page(bench.html).all("button") if b.attributes["data-action"] == "example"]
        pressed = [b.text for b in buttons if b.attributes["aria-pressed"] == "true"]
        assert pressed == [name]
    bench.act("example", "no such example")
    assert bench.token == CUT
    assert VerifierBench(CUT, lab=lab, examples={"as issued": TOKEN}).token == CUT


def test_what_is_expected_is_shown_and_applied():
    token = lab.token(header={"typ": "at+jwt"}, aud=None)
    bench = VerifierBench(token, lab.key("ES256").public(), lab=lab, typ="at+jwt", issuer=None, audience=None)
    assert bench.report.accepted
    text = text_of(bench)
    assert "at+jwt" in text
    assert text.count("not asked") >= 2
    bench.act("token", TOKEN)
    assert not bench.report.accepted
    stranger = VerifierBench(TOKEN, lab.key("ES256", "mallory").public(), lab=lab)
    assert not stranger.report.accepted


def test_other_algorithms_and_policies():
    for alg in ("HS256", "RS256", "EdDSA"):
        assert VerifierBench(lab.token(alg=alg), lab=lab, algorithms=[alg]).report.accepted
        assert not VerifierBench(lab.token(alg=alg), lab=lab).report.accepted
    weak = STANDARD.without("signature-valid")
    bench = VerifierBench(CUT, lab=lab, policy=weak)
    assert bench.report.accepted
    assert set(switches(bench)) == set(weak.ids)


def test_bench_does_not_move_the_labs_clock():
    world = jwtlab.Lab()
    VerifierBench(TOKEN, lab=world).act("time", str(world.now + 60))
    assert world.now == lab.now


@pytest.mark.parametrize("token", ["", "abc", "a.b.c.d.e", "{}", "....", "\x00", "ä.ö.ü"])
def test_no_token_gets_a_verdict_and_a_page(token):
    bench = VerifierBench(lab=lab)
    bench.act("token", token)
    assert not bench.report.accepted
    assert bench.report.first_failure.reason in text_of(bench)
