"""What is remembered of a header is used for that header alone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from material import CLAIMS, EXPECTED, LAB, forge

from jwtlab import Key, KeySet, UsageError, Verifier, issue
from jwtlab.jose import base64url, jws

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


@pytest.mark.parametrize(
    "more",
    [{}, {"x": 1}, {"x": True}, {"x": 1.0}, {"x": "1"}, {"x": None}, {"x": ["1"]}, {"x": "ä" * 2000}],
    ids=["none", "1", "true", "1.0", "text", "null", "list", "long"],
)
def test_each_header_is_written_as_it_is(more):
    for _ in range(2):  # the second time perhaps from memory
        for header in ({"typ": "JWT", "y": "z", **more}, {"typ": "JWT", **more, "y": "z"}):
            wanted = {"alg": "ES256", **header, "kid": "a"}
            segment = issue(CLAIMS, A, alg="ES256", header=header).split(".")[0]
            written = json.dumps(wanted, separators=(",", ":"), ensure_ascii=False).encode()
            assert base64url.decode(segment) == written


def test_a_long_header_is_not_kept():
    def asked():
        memory = jws._spelled_once.cache_info()
        return memory.hits + memory.misses

    before = asked()
    issue(CLAIMS, A, alg="ES256", header={"x": "x" * 1024})
    assert asked() == before
    issue(CLAIMS, A, alg="ES256", header={"x": "x" * (1024 - len("ES256JWTa"))})
    assert asked() == before + 1


def test_what_is_no_header_is_said_each_time():
    issue(CLAIMS, A, alg="ES256", header={"x": "good"})
    for _ in range(2):
        with pytest.raises(UsageError, match="header"):
            issue(CLAIMS, A, alg="ES256", header={1: "x"})
        with pytest.raises(UsageError, match="header"):
            issue(CLAIMS, A, alg="ES256", header={"x": "\ud800"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a", "one part"),
        ("a.b", "two parts"),
        ("a.b.c.d", "4 parts"),
        ("a.b.c.d.é", "5 parts"),
        ("a.b.c.d.e.f", "more than five parts"),
        ("." * 60_000, "more than five parts"),
    ],
    ids=["1", "2", "4", "5", "6", "60,001"],
)
def test_how_many_parts_there_are(text, said):
    report = Verifier(KEYS, algorithms=["ES256"]).verify(text, now=0)
    assert report.first_failure.reason.startswith(f"{said}; a signed token has three")
