"""What is remembered of a header is used for that header alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from material import CLAIMS, EXPECTED, LAB, forge

from jwtlab import Key, KeySet, Verifier

A, B = (replace(Key.generate("ES256"), kid=name) for name in "ab")
KEYS = KeySet([A.public(), B.public()])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["a first", "b first"])
def test_tokens_with_the_same_claims_and_other_headers_are_judged_apart(order):
    api = Verifier(KEYS, algorithms=["ES256"], issuer=LAB.issuer, audience=LAB.audience)
    tokens = [forge({"alg": "ES256", "kid": key.kid}, CLAIMS, key, "ES256") for key in (A, B)]
    notes = {}
    for number in order:
        report = api.verify(tokens[number], now=EXPECTED["now"])
        assert report.accepted
        notes[number] = report["key-found"].reason
    assert notes == {0: "with key 'a'", 1: "with key 'b'"}
    swapped = forge({"alg": "ES256", "kid": "a"}, CLAIMS, B, "ES256")
    assert api.verify(swapped, now=EXPECTED["now"]).first_failure.id == "signature-valid"


def test_header_that_is_not_allowed_is_not_covered_by_the_one_before():
    api = Verifier(KEYS, algorithms=["ES256"], issuer=LAB.issuer, audience=LAB.audience)
    good = forge({"alg": "ES256", "kid": "a"}, CLAIMS, A, "ES256")
    assert api.verify(good, now=EXPECTED["now"]).accepted
    for header, check in (
        ({"alg": "ES384", "kid": "a"}, "algorithm-allowed"),
        ({"alg": "ES256", "kid": "a", "crit": ["x"], "x": 1}, "critical-understood"),
        ({"alg": "ES256", "kid": "c"}, "key-found"),
    ):
        assert api.verify(forge(header, CLAIMS, A, "ES256"), now=EXPECTED["now"]).first_failure.id == check
