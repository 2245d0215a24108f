"""JSON and size limits: what is too deep, too long, twice or no number, each with a message.

No time is asserted. An input that took quadratic time would make this module stand out by minutes.
"""

from __future__ import annotations

import json

import pytest
from material import EXPECTED, LAB, forge

import jwtlab
from jwtlab.jose import strict_json
from jwtlab.jose.token import HARD_LIMIT, MAX_LENGTH, read

KEY = LAB.key("HS256")


def verdict(header, payload):
    text = forge(header, payload, KEY, "HS256")
    return jwtlab.verify(text, KEY, algorithms=["HS256"], **EXPECTED).first_failure


def nested(depth: int) -> bytes:
    return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (nested(33), "33 levels"),
        (nested(100_000), "100000 levels"),
        (b'{"a":NaN}', "NaN"),
        (b'{"a":Infinity}', "Infinity"),
        (b'{"a":[-Infinity]}', "Infinity"),
        (b'{"a":1e400}', "too large"),
        (b'{"a":-1e400}', "too large"),
        (b'{"a":1%s}' % (b"0" * 5000), "digits"),
        (b'{"a":"\\ud800"}', "half a character"),
        (b'{"\\udfff":1}', "half a character"),
        (b'{"a":"\\udc00\\ud800"}', "half a character"),
        (b"[]", "not an object"),
        (b'"x"', "not an object"),
        (b"null", "not an object"),
        (b"7", "not an object"),
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"{'a':1}", "not JSON"),
        (b'{"a":1,}', "not JSON"),
        (b'{"a":1} x', "not JSON"),
        (b'{"a":"\n"}', "not JSON"),
        (b'{"a":01}', "not JSON"),
        (b'\xef\xbb\xbf{"a":1}', "not JSON"),
        (b'{"a":"\xff"}', "byte 7 is not UTF-8"),
        (b'{"a":"\xed\xa0\x80"}', "not UTF-8"),
    ],
    ids=lambda value: repr(value[:24]),
)
def test_json_that_is_not_strict_is_refused(octets, words):
    document = strict_json.read(octets)
    assert words in document.fault
    assert verdict(b'{"alg":"HS256"}', octets).id in ("payload-json", "token-size")
    assert words in str(jwtlab_error(octets))


def jwtlab_error(octets: bytes) -> jwtlab.MalformedToken:
    token = jwtlab.decode(forge({"alg": "HS256"}, b"{}", KEY, "HS256"))
    with pytest.raises(jwtlab.MalformedToken) as caught:
        _ = jwtlab.Token(token.text, token.header, octets, token.signature).claims
    return caught.value


@pytest.mark.parametrize(
    "octets",
    [
        nested(32),
        b'{"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}',
        b'{"a":"\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}',
        b'{"a":"\\\\","b":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}',
        b'{"a":"\\ud83d\\ude00"}',
        b'{"a":"\xf0\x9f\x98\x80"}',
        b'{"a":1e308}',
        b'{"a":1%s}' % (b"0" * 4000),
        b' \r\n{"a":1}\t',
    ],
    ids=lambda value: repr(value[:24]),
)
def test_json_within_the_limits_is_read(octets):
    document = strict_json.read(octets)
    assert (document.fault, document.duplicates) == ("", ())
    assert document.value == json.loads(octets)


@pytest.mark.parametrize(
    ("octets", "duplicates"),
    [
        (b'{"a":1,"a":1}', ("a",)),
        (b'{"a":1,"\\u0061":2}', ("a",)),
        (b'{"x":{"a":1,"a":2},"b":1,"b":2,"b":3}', ("a", "b")),
        (b'{"x":[{"a":1},{"a":2}],"a":3}', ()),
    ],
)
def test_names_that_stand_twice_are_found(octets, duplicates):
    assert strict_json.read(octets).duplicates == duplicates
    refused_by = "claims-unique" if duplicates else "issuer-expected"
    assert verdict(b'{"alg":"HS256"}', octets).id == refused_by


def test_header_that_names_alg_twice_is_refused():
    assert verdict(b'{"alg":"none","alg":"HS256"}', b"{}").id == "header-unique"
    assert verdict(b'{"alg":"HS256","x":' + b"[" * 40 + b"]" * 40 + b"}", b"{}").id == "header-json"


HOSTILE = {
    "quotes that never close": b'{"a":"' + b'\\"' * 375_000 + b"[" * 40,
    "backslashes": b'{"' + b"\\" * 750_001 + b"[" * 40,
    "quotes": b'"' * 750_000 + b"{" * 40,
    "opening brackets": b"[" * 750_000,
    "names that appear twice": b"{" + b",".join(b'"a%d":1,"a%d":1' % (i, i) for i in range(35_000)) + b"}",
    "10,000 claims": json.dumps({f"claim {i}": i for i in range(10_000)}).encode(),
    "digits": b'{"a":' + b"9" * 750_000 + b"}",
    "half characters": b'{"a":"' + b"\\ud800" * 120_000 + b'"}',
    "one long claim": b'{"a":"' + b"x" * 750_000 + b'"}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_token_of_a_megabyte_is_refused_with_a_message(name):
    text = forge({"alg": "HS256"}, HOSTILE[name], KEY, "HS256")
    report = jwtlab.verify(text, KEY, algorithms=["HS256"], keep_going=True, **EXPECTED)
    assert report.first_failure.id == "token-size"
    assert f"{MAX_LENGTH:,}" in report.first_failure.reason
    assert len(str(report)) < 20_000
    with pytest.raises(jwtlab.MalformedToken, match="the limit is"):
        jwtlab.decode(text)


@pytest.mark.parametrize("text", ["a" * 1_000_000, "." * 1_000_000, "é" * 1_000_000, " " * 1_000_000])
def test_text_of_a_megabyte_is_refused_with_a_message(text):
    report = jwtlab.verify(text, KEY, algorithms=["HS256"], keep_going=True, **EXPECTED)
    assert report.first_failure.id == "token-size"
    assert len(str(report)) < 20_000


def test_token_at_the_limit_is_accepted():
    room = MAX_LENGTH - len(forge({"alg": "HS256"}, {"exp": EXPECTED["now"] + 1, "x": ""}, KEY, "HS256"))
    claims = {"exp": EXPECTED["now"] + 1, "x": "x" * (room * 3 // 4)}
    text = forge({"alg": "HS256"}, claims, KEY, "HS256")
    assert MAX_LENGTH - 4 < len(text) <= MAX_LENGTH
    assert jwtlab.verify(text, KEY, algorithms=["HS256"], now=EXPECTED["now"]).accepted


def test_long_values_are_cut_in_messages():
    """What a token says is repeated in messages, but never at length."""
    long = "x" * 40_000
    for header, claims in (
        ({"alg": long}, {}),
        ({"alg": "HS256", "kid": long}, {}),
        ({"alg": "HS256"}, {"iss": long}),
        ({"alg": "HS256"}, {"iss": LAB.issuer, "aud": long}),
    ):
        keys = jwtlab.KeySet([KEY])
        report = jwtlab.verify(forge(header, claims, KEY, "HS256"), keys, algorithms=["HS256"], **EXPECTED)
        assert len(report.first_failure.reason) < 400


def test_hopelessly_long_text_is_not_even_read():
    token = LAB.token()
    long = token + "A" * HARD_LIMIT
    report = LAB.verify(long, policy=jwtlab.STANDARD.without("token-size"))
    assert not report.accepted
    assert report.first_failure.id == "compact-form"
    reading = read(long)
    assert (reading.header, reading.payload, reading.claims, reading.signature) == (None,) * 4
