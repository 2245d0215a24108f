"""What is true of every value of the tokens and checks: it cannot be changed, and it prints briefly."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from all_values import dataclasses_of, try_to_add, try_to_change
from material import EXPECTED, LAB, good_token

import jwtlab
import jwtlab.checks
import jwtlab.jose
from jwtlab import STANDARD, Check, Policy
from jwtlab.jose.algorithms import ALGORITHMS
from jwtlab.jose.claims import CLAIMS
from jwtlab.jose.curves import CURVES
from jwtlab.jose.header_parameters import HEADER_PARAMETERS
from jwtlab.jose.key_types import KEY_TYPES


@pytest.mark.parametrize(
    "value_class", dataclasses_of(jwtlab.jose, jwtlab.checks), ids=lambda each: each.__qualname__
)
def test_value_cannot_be_changed(value_class):
    with pytest.raises(FrozenInstanceError):
        try_to_change(value_class)
    with pytest.raises((FrozenInstanceError, TypeError, AttributeError)):
        try_to_add(value_class)


ROWS = {
    "algorithm": ALGORITHMS["ES256"],
    "claim": CLAIMS["exp"],
    "curve": CURVES["P-256"],
    "Edwards curve": CURVES["Ed25519"],
    "header parameter": HEADER_PARAMETERS["alg"],
    "key type": KEY_TYPES["EC"],
    "check": STANDARD["not-expired"],
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_row_prints_what_it_says_and_no_inner_workings(row):
    printed = repr(row)
    assert not any(word in printed for word in ("<", "explanation", "purpose"))
    assert len(printed) < 400


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_row_is_written_with_names(row):
    """Else a column that is added in the middle would shift the others."""
    with pytest.raises(TypeError, match="takes 1 positional"):
        type(row)("name", "title", "spec")


def test_two_verifications_of_one_token_find_the_same():
    key = LAB.key("ES256").public()
    for token in (good_token(), good_token()[:-8] + "AAAAAAAA"):
        one, other = (jwtlab.verify(token, key, algorithms=["ES256"], **EXPECTED) for _ in range(2))
        assert one.findings == other.findings
        assert all("Error(" not in repr(finding) and "Invalid" not in repr(finding) for finding in one)


def test_policies_with_the_same_checks_and_name_are_equal_wherever_they_come_from():
    a, b = (Check(id=name, title=name, run=lambda case: None) for name in "ab")
    assert Policy((a, b), "p").without("b") == Policy((a,), "p without b")
