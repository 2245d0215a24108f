"""Checks and findings to the letter: what mutants of the code got past the other tests with."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import pytest

from jwtlab import Check, InvalidToken, Policy, Report
from jwtlab.checks import Finding, NotAsked, Refusal, Status
from jwtlab.jose import strict_json


def answering(note):
    def run(case):
        if isinstance(note, Exception):
            raise note
        return note

    return Check(id="it", title="It", run=run)


# id, what the check answers, the status, and whether it passed, failed, asks for more; the mark
ANSWERS = [
    ("a word", "good", Status.PASSED, (True, False, False), "✓"),
    ("no word", None, Status.PASSED, (True, False, False), "✓"),
    ("not asked", NotAsked("nothing to compare with"), Status.NOT_ASKED, (False, False, False), "○"),
    ("refused", Refusal("bad"), Status.FAILED, (False, True, False), "✕"),
]


@pytest.mark.parametrize(
    ("note", "status", "said", "mark"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS]
)
def test_a_finding_is_in_one_state(note, status, said, mark):
    finding = Policy((answering(note),)).run(None).findings[0]
    assert finding.status is status
    assert (finding.passed, finding.failed, finding.asks_more) == said  # booleans, and no methods
    assert finding.mark == mark
    assert finding.id == "it"


def test_a_finding_without_a_reason_or_a_source_says_neither():
    bare = Finding(answering(None), Status.PASSED)
    assert str(bare) == "✓ It"
    full = Finding(Check(id="it", title="It", spec="RFC 1", run=lambda case: None), Status.FAILED, "no")
    assert str(full) == "✕ It: no [RFC 1]"


def test_nothing_of_a_check_or_finding_can_be_changed():
    check, asked = answering(None), NotAsked("why")
    for thing, name in ((check, "id"), (asked, "reason"), (Finding(check, Status.PASSED), "status")):
        with pytest.raises(FrozenInstanceError):
            setattr(thing, name, "changed")
    assert {NotAsked("why"), asked} == {asked}  # equal by what it says


def test_what_is_printed_of_a_check_is_short():
    check = Check(id="it", title="It", purpose="a long story", memory=lambda case: {}, run=lambda case: None)
    shown = repr(check)
    assert shown.startswith("Check(id='it', title='It'")
    assert not any(word in shown for word in ("lambda", "purpose", "memory", "run=", "error"))


def test_a_finding_is_compared_and_printed_without_its_error():
    check = answering(None)
    one, other = (Finding(check, Status.FAILED, "no", error=InvalidToken(word)) for word in ("a", "b"))
    assert one == other
    assert "error" not in repr(one)


def test_report_that_was_made_by_hand_hands_out_its_value_or_holds_none():
    good, bad = Finding(answering(None), Status.PASSED), Finding(answering(None), Status.FAILED, "no")
    assert Report((good,), "treasure").value == "treasure"
    assert "treasure" not in vars(Report((good, bad), "treasure")).values()
    with pytest.raises(InvalidToken, match="no"):
        _ = Report((good, bad), "treasure").value


def test_report_counts_what_passed_and_what_was_not_asked():
    checks = [
        Check(id=f"c{n}", title="", run=lambda case, n=n: None if n < 3 else NotAsked("why"))
        for n in range(4)
    ]
    assert repr(Policy(tuple(checks)).run(None)) == "<Report: accepted, 3 checks passed, 1 not asked>"
    assert repr(Policy(tuple(checks[:2])).run(None)) == "<Report: accepted, 2 checks passed>"


FLAT = [{}, {"sub": "älice ✓"}, {"a": 1, "b": True, "c": None, "d": -(10**30)}, {'"\\\n\x00': "\u2028/\x7f"}]


@pytest.mark.parametrize("flat", FLAT, ids=["empty", "text", "numbers", "escapes"])
def test_flat_claims_are_written_as_nested_ones_are(flat):
    """Two writers, the quick one for flat objects and the careful one, give the same octets."""
    inside = strict_json.write({"x": [1], **flat}, "claims").removeprefix(b'{"x":[1]').removeprefix(b",")
    assert strict_json.write(flat, "claims") == b"{" + inside
    assert json.loads(strict_json.write(flat, "claims")) == flat
