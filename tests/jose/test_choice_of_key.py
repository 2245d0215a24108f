"""Which trusted key a token can mean: by kid, then by type, alg, use and key_ops (RFC 7515 §6, RFC 7517 §4)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from material import CLAIMS, EXPECTED, LAB, forge, nameless

import jwtlab
from jwtlab import STANDARD, Key, KeySet

EC, EC2 = nameless("ES256").public(), LAB.key("ES256", owner="mallory").public()
RSA = nameless("RS256").public()


def called(key: Key, kid: str | None = "k", **more: object) -> Key:
    return replace(key, **{"kid": kid, "alg": None, **more})


def judge(keys: list[Key], alg: str = "ES256", kid: str | None = "k", policy: jwtlab.Policy = STANDARD):
    header = {"alg": alg} | ({} if kid is None else {"kid": kid})
    token = forge(header, CLAIMS, nameless("RS256" if alg == "RS512" else alg), alg)
    return jwtlab.verify(token, KeySet(keys), algorithms=[alg], policy=policy, **EXPECTED)


SAME_NAME = {
    "an RSA and an EC key": [called(RSA), called(EC)],
    "two curves": [called(nameless("ES384").public()), called(EC)],
    "a signing and an encryption key": [called(EC2, use="enc"), called(EC, use="sig")],
    "an encryption key and one that does not say": [called(EC2, use="enc"), called(EC)],
    "one for another algorithm": [called(EC2, alg="ECDH-ES"), called(EC, alg="ES256")],
    "one that may not verify": [called(EC2, key_ops=("deriveKey",)), called(EC, key_ops=("verify",))],
    "the same key once more": [called(EC), called(EC)],
    "the same key once more, with its use": [called(EC), called(EC, use="sig")],
}


@pytest.mark.parametrize("keys", SAME_NAME.values(), ids=SAME_NAME)
@pytest.mark.parametrize("order", [1, -1])
def test_same_kid_twice_is_judged_by_what_fits(keys, order):
    assert judge(keys[::order]).accepted


@pytest.mark.parametrize("alg", ["RS256", "RS512", "ES256"])
def test_one_name_serves_every_algorithm_of_the_set(alg):
    assert judge([called(RSA), called(EC)], alg).accepted


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("kid", ["k", None])
def test_two_keys_that_still_fit_this_token_are_refused(order, kid):
    report = judge([called(EC, kid), called(EC2, kid)][::order], kid=kid)
    assert report.first_failure.id == ("kids-unique" if kid else "key-found")
    assert "2 trusted keys" in report.first_failure.reason


def test_same_name_of_keys_that_this_token_does_not_mean_is_no_matter():
    assert judge([called(EC), called(RSA, "other"), called(EC2, "other")]).accepted


def test_none_of_the_same_name_fits_and_the_true_fault_is_named():
    both = [called(EC, use="enc"), called(RSA, use="enc")]
    assert judge(both).first_failure.id == "key-use"
    assert judge([called(RSA), called(nameless("ES384").public())]).first_failure.id in (
        "key-type",
        "kids-unique",
    )
    assert judge([called(EC, alg="ES384"), called(RSA)]).first_failure.id == "key-alg"


NAMELESS = {
    "one for encryption": called(EC2, None, use="enc"),
    "one for another algorithm": called(EC2, None, alg="ECDH-ES"),
    "one that may not verify": called(EC2, None, key_ops=("deriveBits",)),
    "one of another type": called(RSA, None),
    "itself": called(EC, "x"),
}


@pytest.mark.parametrize("other", NAMELESS.values(), ids=NAMELESS)
@pytest.mark.parametrize("order", [1, -1])
def test_without_a_kid_keys_for_something_else_do_not_count(other, order):
    assert judge([called(EC, None), other][::order], kid=None).accepted


def test_without_a_kid_it_is_said_what_the_keys_are_for():
    keys = [called(EC, None, use="enc"), called(RSA, "r")]
    failure = judge(keys, kid=None).first_failure
    assert failure.id == "key-found"
    assert "use 'enc'" in failure.reason
    assert "none of the 2" in judge([called(RSA, None), called(RSA, "r")], kid=None).first_failure.reason


def test_names_that_keys_do_not_have_are_not_listed():
    failure = judge([called(EC, None), called(EC2, None)], kid="k").first_failure
    assert failure.id == "key-found"
    assert "None" not in failure.reason
    assert failure.expected == ()
    assert "'other'" in judge([called(EC, None), called(EC2, "other")], kid="k").first_failure.reason


def test_without_the_check_chance_decides():
    policy = STANDARD.without("kids-unique")
    assert judge([called(EC), called(EC2)], policy=policy).accepted
    assert judge([called(EC2), called(EC)], policy=policy).first_failure.id == "signature-valid"
