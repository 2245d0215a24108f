"""Each check as a policy of its own, before what it cannot read: it refuses in its own name, and says what is missing.

A weakened policy has nobody in front who would have noticed. What nobody asked for is noticed when the claims are
handed over.
"""

from __future__ import annotations

import pytest
from material import CLAIMS, EXPECTED, forge, good_token
from trials import ES256

import jwtlab
from jwtlab import (
    ALGORITHMS,
    STANDARD,
    AlgorithmRefused,
    InvalidSignature,
    KeyRefused,
    KeySet,
    MalformedToken,
    Policy,
    base64url,
)
from jwtlab.jose.key_checks import KEY_CHECKS

HEAD, PAYLOAD, SIGNATURE = good_token().split(".")
KEYS = KeySet([ES256.public()])
OF_KEY = {*KEY_CHECKS.ids, "key-found", "signature-valid"}
OF_HEADER = {"header-types", "algorithm-allowed", "critical-understood", "kids-unique", "type-expected"}
OF_CLAIMS = {
    "claim-types",
    "numeric-dates",
    "issuer-expected",
    "audience-expected",
    "expiry-present",
    "not-expired",
    "already-valid",
    "issued-in-past",
    "not-replayed",
}
NO_ALGORITHM = f"there is no algorithm 'XX'; there are: {', '.join(ALGORITHMS)}"
FAULTS = {
    # the check, before a token of that kind: what it says itself
    ("compact-form", "no token"): "there is nothing here; paste a token: three parts joined by two dots",
    ("header-json", "no token"): "header: not JSON: expecting value at character 1, where the text ends",
    ("payload-json", "no token"): "payload: not JSON: expecting value at character 1, where the text ends",
    ("payload-json", "no claims"): "payload: JSON, but not an object in braces: it is a list",
}


def refused(check_id, token, keys=KEYS, **more):
    policy = Policy((STANDARD[check_id],))
    report = jwtlab.verify(token, keys, algorithms=["ES256"], policy=policy, **EXPECTED | more)
    failed = report.first_failure
    return failed and (failed.id, failed.reason, type(failed.error))


def test_all_checks_are_told_apart():
    assert set(STANDARD.ids) >= OF_KEY | OF_HEADER | OF_CLAIMS


@pytest.mark.parametrize("check_id", STANDARD.ids)
def test_token_of_which_nothing_can_be_read(check_id):
    fault = FAULTS.get((check_id, "no token"))
    what = "header" if check_id in OF_HEADER | OF_KEY else "claims"
    own = fault or check_id in OF_HEADER | OF_KEY | OF_CLAIMS
    expected = (check_id if own else "readable", fault or f"the {what} cannot be read", MalformedToken)
    assert refused(check_id, "") == expected


@pytest.mark.parametrize("check_id", STANDARD.ids)
def test_payload_that_holds_no_claims(check_id):
    if check_id == "signature-valid":
        assert refused(check_id, f"{HEAD}.W10.{SIGNATURE}")[::2] == (check_id, InvalidSignature)
        return
    fault = FAULTS.get((check_id, "no claims"))
    own = fault or check_id in OF_CLAIMS
    expected = (check_id if own else "readable", fault or "the claims cannot be read", MalformedToken)
    assert refused(check_id, f"{HEAD}.{base64url.encode(b'[]')}.{SIGNATURE}") == expected


@pytest.mark.parametrize("check_id", STANDARD.ids)
def test_algorithm_that_nobody_knows(check_id):
    token = forge({"alg": "XX"}, CLAIMS, ES256, "ES256")
    expected = {
        **dict.fromkeys(OF_KEY, (check_id, NO_ALGORITHM, AlgorithmRefused)),
        "algorithm-allowed": (check_id, "the token says 'XX'; this verifier accepts ES256", AlgorithmRefused),
    }
    assert refused(check_id, token) == expected.get(check_id)


@pytest.mark.parametrize("check_id", STANDARD.ids)
def test_verifier_that_has_no_key(check_id):
    said = (
        "the verifier trusts no key at all" if check_id == "key-found" else "there is no key to verify with"
    )
    expected = (check_id, said, KeyRefused) if check_id in OF_KEY else None
    assert refused(check_id, good_token(), KeySet([])) == expected


@pytest.mark.parametrize("check_id", sorted(OF_KEY - {"key-found"}))
def test_of_several_keys_the_first_that_fits_is_looked_at(check_id):
    """What a careless verifier would take, for a token whose name leads nowhere."""
    token = forge({"alg": "ES256", "kid": "nowhere"}, CLAIMS, ES256, "ES256")
    others = [key.public() for key in map(jwtlab.Key.generate, ("RS256", "EdDSA"))]
    assert refused(check_id, token, KeySet([*others, ES256.public()])) is None
    if check_id == "key-type":
        assert refused(check_id, token, KeySet(others[:1]))[::2] == (check_id, KeyRefused)
