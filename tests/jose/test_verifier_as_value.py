"""Verifier is a value; what checks remember of a key or a header never lets anything past."""

from __future__ import annotations

import dataclasses

import pytest
from material import CLAIMS, LAB, NOW, forge, good_token, nameless, small_rsa_key

import jwtlab
from jwtlab import STANDARD, KeySet, Verifier
from jwtlab.jose import key_set

KEY = LAB.key("ES256")
VERIFIER = Verifier(KEY.public(), algorithms=["ES256"], issuer=LAB.issuer, audience=LAB.audience)


def test_it_judges_as_verify_does():
    for token in (good_token(), good_token()[:-4], "", LAB.token(exp=1)):
        expected = jwtlab.verify(
            token, KEY.public(), algorithms=["ES256"], issuer=LAB.issuer, audience=LAB.audience, now=NOW
        )
        assert VERIFIER.verify(token, now=NOW) == expected


def test_it_shows_what_it_was_given():
    assert VERIFIER.keys == KeySet([KEY.public()])
    assert (VERIFIER.algorithms, VERIFIER.issuer, VERIFIER.audience) == (("ES256",), LAB.issuer, LAB.audience)
    assert (VERIFIER.typ, VERIFIER.leeway, VERIFIER.policy) == (None, 0, STANDARD)
    assert VERIFIER.replace(audience=["a", "b"]).audience == ("a", "b")


def test_it_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        VERIFIER.issuer = "https://mallory.example"
    assert VERIFIER.replace() == VERIFIER
    assert VERIFIER.replace(typ="at+jwt") != VERIFIER


def test_without_takes_out_a_check_and_leaves_the_original():
    expired = LAB.token(exp=1, iat=0)
    careless = VERIFIER.without("not-expired")
    assert careless.verify(expired, now=NOW).accepted
    assert VERIFIER.verify(expired, now=NOW).first_failure.id == "not-expired"
    assert careless.policy.name == "standard without not-expired"
    with pytest.raises(jwtlab.UsageError, match="not-expirde"):
        VERIFIER.without("not-expirde")


def test_a_replaced_value_counts():
    late = LAB.token(exp=NOW - 3)
    assert VERIFIER.replace(leeway=5).verify(late, now=NOW).accepted
    assert (
        VERIFIER.replace(audience="https://other.example").verify(good_token(), now=NOW).first_failure.claim
        == "aud"
    )


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"isuer": "x"}, "isuer"),
        ({"leeway": -1}, "leeway"),
        ({"algorithms": "ES256"}, "list"),
        ({"keys": 7}, "Key"),
    ],
)
def test_wrong_arguments_are_named(changes, word):
    with pytest.raises(jwtlab.UsageError, match=word):
        VERIFIER.replace(**changes)


def test_now_is_asked_for():
    with pytest.raises(jwtlab.UsageError, match="now"):
        VERIFIER.verify(good_token())


# What is remembered.


def test_a_key_is_looked_at_once():
    asked = []
    counting = dataclasses.replace(STANDARD["key-on-curve"], run=lambda case: asked.append(case.key) or "")
    verifier = VERIFIER.replace(policy=STANDARD.replacing(counting), keys=KEY.public())
    for minutes in (5, 6, 7):
        assert verifier.verify(LAB.token(minutes=minutes), now=NOW)["key-on-curve"].passed
    assert len(asked) == 1


def test_a_weak_policy_that_knows_a_key_does_not_vouch_for_it():
    key = small_rsa_key()
    token = forge({"alg": "RS256"}, CLAIMS, key, "RS256")
    sound = Verifier(key.public(), algorithms=["RS256"], issuer=CLAIMS["iss"], audience=CLAIMS["aud"])
    for _ in range(2):
        assert sound.without("key-size").verify(token, now=NOW).accepted
        assert sound.verify(token, now=NOW).first_failure.id == "key-size"


def test_a_key_that_may_verify_may_not_therefore_sign():
    key = dataclasses.replace(nameless("ES256"), key_ops=("verify",))
    token = forge({"alg": "ES256"}, CLAIMS, key, "ES256")
    assert jwtlab.verify(
        token, key, algorithms=["ES256"], issuer=CLAIMS["iss"], audience=CLAIMS["aud"], now=NOW
    ).accepted
    with pytest.raises(jwtlab.InvalidKey):
        jwtlab.issue(CLAIMS, key, alg="ES256")


def test_a_header_known_to_one_verifier_is_new_to_another():
    token = good_token()
    assert VERIFIER.verify(token, now=NOW).accepted
    assert (
        VERIFIER.replace(algorithms=["RS256"]).verify(token, now=NOW).first_failure.id == "algorithm-allowed"
    )
    stranger = VERIFIER.replace(keys=LAB.key("ES256", "mallory").public())
    assert stranger.verify(token, now=NOW).first_failure.id == "key-found"


def test_a_report_on_one_token_says_nothing_of_the_next():
    for _ in range(2):
        assert VERIFIER.verify(good_token(), now=NOW).accepted
        header, _, signature = good_token().split(".")
        payload = LAB.token("mallory").split(".")[1]
        forged = VERIFIER.verify(f"{header}.{payload}.{signature}", now=NOW)
        assert forged.first_failure.id == "signature-valid"


def test_a_header_that_was_handed_out_can_be_changed_without_harm():
    parts = jwtlab.decode(good_token())
    parts.header["alg"] = "none"
    assert jwtlab.decode(good_token()).header["alg"] == "ES256"
    assert VERIFIER.verify(good_token(), now=NOW).accepted


def test_ever_new_headers_fill_no_memory():
    keys = VERIFIER.keys
    for number in range(3 * key_set._MOST_ANSWERS):
        VERIFIER.verify(LAB.token(header={"x": number})[:-8] + "AAAAAAAA", now=NOW)
    assert len(keys._answers) <= key_set._MOST_ANSWERS


def test_findings_can_be_read_long_after():
    reports = [VERIFIER.verify(LAB.token(minutes=minutes), now=NOW) for minutes in (5, 10)]
    assert [report["not-expired"].reason for report in reports] == [
        "expires in 5 minutes",
        "expires in 10 minutes",
    ]
