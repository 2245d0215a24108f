"""Registered header parameters have their types (RFC 7515 §4.1); unknown ones are ignored (§4)."""

from __future__ import annotations

import pytest
from material import CLAIMS, EXPECTED, LAB, forge

import jwtlab
from jwtlab import STANDARD
from jwtlab.jose.header_parameters import HEADER_PARAMETERS

KEY = LAB.key("ES256")
TEXT = ["alg", "jku", "kid", "x5u", "x5t", "x5t#S256", "typ", "cty"]
WRONG = {
    **{name: [None, 7, True, [], ["x"], {}, 1.5] for name in TEXT},
    "jwk": [None, 7, "x", [], [{}], True],
    "x5c": [None, 7, "MIIB", {}, [7], ["MIIB", None], True],
    "crit": [None, 7, "x", {}, [7], ["x", None], False],
    "b64": [None, 7, "false", [], {}],
}


def judge(header: dict[str, object], policy: jwtlab.Policy = STANDARD) -> jwtlab.Report:
    token = forge({"alg": "ES256", "kid": KEY.kid} | header, CLAIMS, KEY, "ES256")
    return jwtlab.verify(token, KEY.public(), algorithms=["ES256"], policy=policy, **EXPECTED)


def test_every_parameter_of_rfc_7515_is_in_the_table():
    signed = {name for name, row in HEADER_PARAMETERS.items() if row.signed}
    assert signed == {*TEXT, "jwk", "x5c", "crit", "b64"}
    assert all(row.spec and row.meaning for row in HEADER_PARAMETERS.values())


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in WRONG for value in WRONG[name]])
def test_parameter_of_another_type_is_refused(name, value):
    failure = judge({name: value}).first_failure
    assert (failure.id, failure.claim) == ("header-types", name)
    assert isinstance(failure.error, jwtlab.MalformedToken)
    assert name in failure.reason


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT", "cty": "x", "jku": "https://x.example", "x5u": "x", "x5t": "x", "x5t#S256": "x"},
        {"jwk": {}, "x5c": ["MIIB"]},
        {"jwk": LAB.key("ES256").public().to_jwk()},
        {"unknown": None, "also": [7], "ALG": 7, "Kid": None, "x5t#s256": 7},
        {"enc": 7, "zip": None, "p2c": 1000, "epk": "x"},
    ],
    ids=lambda header: "-".join(header)[:30],
)
def test_parameter_of_its_type_and_unknown_ones_pass(header):
    assert judge(header).accepted


@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize("crit", [{}, {"crit": ["exp"], "exp": 1}], ids=["no crit", "another crit"])
def test_b64_without_crit_is_refused(value, crit):
    failure = judge({"b64": value} | crit).first_failure
    assert (failure.id, failure.claim) == ("critical-understood", "crit")
    assert "RFC 7797" in failure.reason
    assert judge({"b64": value} | crit, STANDARD.without("critical-understood")).accepted


@pytest.mark.parametrize("value", [True, False])
def test_b64_with_crit_is_refused_as_not_understood(value):
    failure = judge({"b64": value, "crit": ["b64"]}).first_failure
    assert failure.id == "critical-understood"
    assert "insists" in failure.reason


@pytest.mark.parametrize("alg", [["ES256"], {"a": 1}, 7, True])
def test_algorithm_that_is_no_text_is_not_called_missing(alg):
    for policy in (STANDARD, STANDARD.without("header-types")):
        reason = judge({"alg": alg}, policy).first_failure.reason
        assert "missing" not in reason
        assert "text" in reason
    token = forge({"kid": KEY.kid}, CLAIMS, KEY, "ES256")
    report = jwtlab.verify(token, KEY.public(), algorithms=["ES256"], **EXPECTED)
    assert (report.first_failure.id, "missing" in report.first_failure.reason) == ("algorithm-allowed", True)
