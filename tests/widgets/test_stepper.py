"""SignatureStepper: its last step is the token of `jwtlab.issue`, and it marks exactly what differs."""

from __future__ import annotations

import itertools

import pytest
from page import Page

import jwtlab
from jwtlab.jose.algorithms import ALGORITHMS
from jwtlab.jose.steps import signing_steps
from jwtlab.widgets import SignatureStepper
from jwtlab.widgets.stepper import LONGEST, differences

lab = jwtlab.Lab()
CLAIMS = {"sub": "alice", "exp": lab.now + 900, "name": "Älice ☃"}
DETERMINISTIC = [name for name, row in ALGORITHMS.items() if row.family != "RSASSA-PSS"]
RANDOM = [name for name in ALGORITHMS if name not in DETERMINISTIC]


def marked(stepper: SignatureStepper) -> str:
    """Everything that the page marks, in one line."""
    boxes = list(Page(stepper.html).all("mark"))
    return "".join(e.text for e in boxes if e.text != "marked")


def test_only_pss_is_random():
    assert RANDOM == ["PS256", "PS384", "PS512"]


@pytest.mark.parametrize("alg", DETERMINISTIC)
def test_last_step_is_the_token_that_issue_makes(alg):
    stepper = SignatureStepper(CLAIMS, alg=alg, header={"cty": "x"}, lab=lab)
    token = jwtlab.issue(CLAIMS, lab.key(alg), alg=alg, header={"cty": "x"})
    assert stepper.steps()[-1].items[-1].value == token
    stepper.act("go", str(len(stepper.steps()) - 1))
    assert token in Page(stepper.html).text


@pytest.mark.parametrize("alg", RANDOM)
def test_last_step_of_a_random_signature_verifies(alg):
    stepper = SignatureStepper(lab.claims(), alg=alg, lab=lab)
    token = stepper.steps()[-1].items[-1].value
    assert lab.verify(token, algorithms=[alg]).accepted


def test_next_and_back_stop_at_the_ends():
    stepper = SignatureStepper(lab=lab)
    last = len(stepper.steps()) - 1
    stepper.act("back")
    assert stepper.step == 0
    assert "disabled" in Page(stepper.html).control("back").attributes
    assert "disabled" not in Page(stepper.html).control("next").attributes
    seen = [stepper.step]
    for _ in range(last + 3):
        stepper.act("next")
        seen.append(stepper.step)
    assert seen == [*range(last + 1), last, last, last]
    assert "disabled" in Page(stepper.html).control("next").attributes
    stepper.act("back")
    assert stepper.step == last - 1


@pytest.mark.parametrize("value", ["99", "99999", 99])
def test_go_beyond_the_end_is_the_end(value):
    stepper = SignatureStepper(lab=lab)
    stepper.act("go", value)
    assert stepper.step == len(stepper.steps()) - 1


@pytest.mark.parametrize("value", ["-1", "x", "", "²", "1.5", None, "9" * 5000])
def test_go_nowhere_stays(value):
    stepper = SignatureStepper(lab=lab)
    stepper.act("go", "3")
    stepper.act("go", value)
    assert stepper.step == 3


def test_every_step_can_be_gone_to_and_is_the_current_one():
    stepper = SignatureStepper(lab=lab)
    for number, step in enumerate(stepper.steps()):
        stepper.act("go", str(number))
        page = Page(stepper.html)
        (current,) = (b for b in page.all("button") if b.attributes.get("aria-current") == "step")
        assert current.text == f"{number + 1} · {step.title}"
        assert f"step {number + 1} of {len(stepper.steps())}" in page.text


def test_algorithm_with_fewer_steps_still_shows_one():
    stepper = SignatureStepper(alg="HS256", lab=lab)
    stepper.act("go", str(len(stepper.steps()) - 1))
    for alg in ALGORITHMS:
        stepper.act("alg", alg)
        total = len(stepper.steps())
        assert f"of {total}" in Page(stepper.html).text
        stepper.act("next")
        assert stepper.step < total


# One letter changed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"", b""),
        (b"abc", b"abc"),
        (b"abc", b"abd"),
        (b"abc", b"xyz"),
        (b"abc", b"abcd"),
        (b"abcd", b"abc"),
        (b"\x00\x01\x02\x03", b"\x00\xff\x02\xff"),
        ("alice", "alicf"),
        ("ä☃", "ä☂"),
        ("", "new"),
    ],
    ids=repr,
)
def test_differences_mark_exactly_what_differs(old, new):
    pieces, count = differences(old, new)
    units = new if isinstance(new, str) else [f"{octet:02x} " for octet in new]
    differs = [i >= len(old) or old[i] != new[i] for i in range(len(new))]
    assert "".join(piece.text for piece in pieces) == "".join(units)
    assert "".join(p.text for p in pieces if p.changed) == "".join(
        u for u, d in zip(units, differs, strict=True) if d
    )
    assert count == sum(differs)
    assert all(one.changed != other.changed for one, other in itertools.pairwise(pieces))


@pytest.mark.parametrize("alg", DETERMINISTIC)
def test_page_marks_exactly_the_bytes_that_are_not_what_they_were(alg):
    stepper = SignatureStepper(CLAIMS, alg=alg, lab=lab)
    before = stepper.steps()
    stepper.act("change", "alicf")
    after = signing_steps({**CLAIMS, "sub": "alicf"}, lab.key(alg), alg=alg)
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        stepper.act("go", str(number))
        expected = "".join(
            (f"{one:02x} " if isinstance(one, int) else one)
            for was, item in zip(old.items, new.items, strict=True)
            for index, one in enumerate(item.value)
            if index >= len(was.value) or was.value[index] != one
        )
        assert marked(stepper) == expected
    assert expected


def test_one_letter_changes_one_byte_of_the_payload_and_none_of_the_header():
    stepper = SignatureStepper(CLAIMS, lab=lab)
    stepper.act("change", "alicf")
    stepper.act("go", "1")
    assert marked(stepper) == "66 "
    text = Page(stepper.html).text
    assert f"1 of {len(stepper.steps()[1].items[1].value)} changed" in text
    assert "unchanged" in text


def test_undo_and_the_old_name_take_the_marks_away():
    stepper = SignatureStepper(CLAIMS, lab=lab)
    untouched = stepper.html
    for undo in (("undo", ""), ("change", "alice")):
        stepper.act("change", "bob")
        assert marked(stepper)
        stepper.act(*undo)
        assert stepper.changed == ""
        assert stepper.html == untouched


def test_random_signature_changes_anyway_and_the_page_says_so():
    stepper = SignatureStepper(CLAIMS, alg="PS256", lab=lab)
    stepper.act("change", "bob")
    assert "PSS signs with fresh random bytes" in Page(stepper.html).text
    stepper.act("alg", "RS256")
    assert "PSS signs" not in Page(stepper.html).text


def test_long_value_is_cut():
    stepper = SignatureStepper(CLAIMS, lab=lab)
    stepper.act("change", "x" * 100_000)
    assert len(stepper.changed) == LONGEST


def test_value_that_cannot_be_signed_is_explained():
    stepper = SignatureStepper(CLAIMS, lab=lab)
    stepper.act("change", "\ud800")
    assert "the claims cannot be written as JSON" in Page(stepper.html).text


def test_own_key_signs_what_it_fits_and_nothing_else():
    key = jwtlab.Key.generate("HS256")
    stepper = SignatureStepper(CLAIMS, key=key, lab=lab)
    assert stepper.steps()[-1].items[-1].value == jwtlab.issue(CLAIMS, key, alg="HS256")
    stepper.act("alg", "ES256")
    assert stepper.steps()[-1].items[-1].value == jwtlab.issue(CLAIMS, lab.key("ES256"), alg="ES256")
