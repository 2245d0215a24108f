"""The arguments of issue, decode and verify, and what the claim checks make of times and names."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta, timezone

import pytest
from material import CLAIMS, EXPECTED, LAB, NOW, forge, good_token, nameless

import jwtlab
from jwtlab import Key, UsageError

KEY = LAB.key("ES256")
MOMENT = datetime.fromtimestamp(NOW, UTC)


def token(**claims):
    return jwtlab.issue(
        {name: value for name, value in (CLAIMS | claims).items() if value is not None}, KEY, alg="ES256"
    )


def verify(text, **more):
    return jwtlab.verify(text, KEY.public(), algorithms=["ES256"], **(EXPECTED | more))


def refused_by(text, **more):
    failure = verify(text, **more).first_failure
    return failure and failure.id


# The call.


@pytest.mark.parametrize(
    "arguments",
    [
        {"algorithms": "ES256"},
        {"algorithms": b"ES256"},
        {"algorithms": []},
        {"algorithms": None},
        {"algorithms": 7},
        {"now": None},
        {"now": "noon"},
        {"now": True},
        {"now": float("nan")},
        {"now": float("inf")},
        {"now": 1_767_225_600_000},
        {"now": -1},
        {"now": 10**400},
        {"now": datetime(2026, 1, 1)},
        {"leeway": -1},
        {"leeway": "60"},
        {"leeway": None},
        {"leeway": 10**400},
        {"leeway": timedelta(seconds=-1)},
        {"issuer": []},
        {"issuer": 7},
        {"issuer": b"x"},
        {"audience": [7]},
        {"audience": {"x": 1}},
        {"typ": 7},
        {"typ": ["JWT"]},
    ],
    ids=lambda arguments: repr(arguments)[:40],
)
def test_wrong_argument_is_a_usage_error(arguments):
    with pytest.raises(UsageError):
        jwtlab.verify(good_token(), KEY, **({"algorithms": ["ES256"], "now": NOW} | arguments))


def test_missing_now_says_what_to_write():
    with pytest.raises(UsageError, match=r"now=lab\.now"):
        jwtlab.verify(good_token(), KEY, algorithms=["ES256"])


def test_algorithms_has_no_default():
    with pytest.raises(TypeError):
        jwtlab.verify(good_token(), KEY, now=NOW)


@pytest.mark.parametrize("name", ["none", "None", "NONE", "ES256K", "", "es256"])
def test_unknown_algorithm_is_named(name):
    with pytest.raises(jwtlab.UnknownAlgorithm):
        jwtlab.verify(good_token(), KEY, algorithms=["ES256", name], now=NOW)
    with pytest.raises(jwtlab.UnknownAlgorithm):
        jwtlab.issue({}, KEY, alg=name)
    assert name not in jwtlab.ALGORITHMS


@pytest.mark.parametrize("alg", [["ES256"], None, 7, {"a": 1}], ids=repr)
def test_algorithm_that_is_no_text_is_refused(alg):
    with pytest.raises(jwtlab.UnknownAlgorithm):
        jwtlab.issue({}, KEY, alg=alg)
    text = forge({"alg": alg}, CLAIMS, KEY, "ES256")
    assert refused_by(text) == "header-types"
    untyped = jwtlab.STANDARD.without("header-types")
    assert refused_by(text, policy=untyped) == "algorithm-allowed"
    assert refused_by(text, policy=untyped.without("algorithm-allowed"))


# Reading.


def test_token_is_decoded_without_being_verified():
    parts = jwtlab.decode(good_token()[:-4] + "AAAA")
    assert parts.header == {"alg": "ES256", "typ": "JWT", "kid": "lab-es256"}
    assert parts.claims == CLAIMS
    assert len(parts.signature) == 64
    assert parts.signing_input.decode() == ".".join(parts.segments[:2])
    assert "not verified" in repr(parts)
    assert str(parts) == parts.text


def test_token_may_be_bytes_or_a_decoded_token():
    assert verify(good_token().encode()).accepted
    assert verify(jwtlab.decode(good_token())).accepted


def test_five_parts_are_recognised_as_encrypted():
    with pytest.raises(jwtlab.EncryptedToken, match="JWE"):
        jwtlab.decode("e30.e30.e30.e30.e30")
    finding = verify("e30.e30.e30.e30.e30").first_failure
    assert (finding.id, type(finding.error)) == ("compact-form", jwtlab.EncryptedToken)


@pytest.mark.parametrize(
    ("text", "part", "position", "words"),
    [
        ("", "token", None, "nothing here"),
        ("   ", "token", None, "nothing here"),
        ('{"alg": "ES256"}', "token", None, "JSON"),
        ("abc", "token", None, "one part"),
        ("a.b", "token", None, "two parts"),
        ("a.b.c.d", "token", None, "4 parts"),
        ("e3 0.e30.", "header", 2, "white space"),
        ("e30.e30.AA==", "signature", 2, "padding"),
        ("e30.e3+.", "payload", 2, "plain base64"),
        ("e30.e30.A", "signature", 1, "one character is too many"),
        ("e30.e31.", "payload", 2, "second spelling"),
        ("e30.e30.é", "signature", 0, "not in the base64url alphabet"),
        ("W10.e30.", "header", None, "not an object"),
        ("e3t9.e30.", "header", 1, "not JSON"),
        ("_w.e30.", "header", 0, "not UTF-8"),
    ],
)
def test_malformed_token_is_explained(text, part, position, words):
    with pytest.raises(jwtlab.MalformedToken, match=words) as caught:
        jwtlab.decode(text)
    assert (caught.value.part, caught.value.position) == (part, position)


def test_payload_that_is_no_json_is_a_jws_but_no_jwt():
    text = jwtlab.jws.sign(b"\x00\xff", KEY, alg="ES256")
    assert jwtlab.jws.verify(text, KEY.public(), algorithms=["ES256"]) == b"\x00\xff"
    assert jwtlab.decode(text).payload == b"\x00\xff"
    with pytest.raises(jwtlab.MalformedToken):
        _ = jwtlab.decode(text).claims
    assert refused_by(text) == "payload-json"


# Issuing.


def test_issue_leaves_what_it_was_given_alone():
    claims = {"sub": "alice", "exp": MOMENT, "list": [MOMENT, {"at": MOMENT}]}
    header = {"typ": "at+jwt", "x": [1]}
    before = copy.deepcopy((claims, header))
    jwtlab.issue(claims, KEY, alg="ES256", header=header)
    assert (claims, header) == before


def test_issue_writes_times_as_numeric_dates():
    east = MOMENT.astimezone(timezone(timedelta(hours=5)))
    parts = jwtlab.decode(jwtlab.issue({"exp": MOMENT, "deep": {"at": [east]}}, KEY, alg="ES256"))
    assert parts.claims == {"exp": NOW, "deep": {"at": [NOW]}}


def test_issue_fills_the_header_in():
    assert jwtlab.decode(jwtlab.issue({}, KEY, alg="ES256")).header == {
        "alg": "ES256",
        "typ": "JWT",
        "kid": "lab-es256",
    }
    header = {"typ": "at+jwt", "kid": "other"}
    assert (
        jwtlab.decode(jwtlab.issue({}, KEY, alg="ES256", header=header)).header == {"alg": "ES256"} | header
    )
    assert "typ" not in jwtlab.decode(jwtlab.jws.sign(b"", KEY, alg="ES256")).header


@pytest.mark.parametrize(
    "claims",
    [
        {"at": datetime(2026, 1, 1)},
        {"x": float("nan")},
        {"x": float("-inf")},
        {"x": b"bytes"},
        {"x": {1: 2}},
        {1: 2},
        {None: 2},
        {"x": object()},
        {"x": {1, 2}},
        {"x": "\ud800"},
        {"x": 10**5000},
        [],
        "text",
        None,
    ],
    ids=[
        *(
            "naive time",
            "NaN",
            "-Infinity",
            "bytes",
            "number as inner name",
            "number as name",
            "None as name",
        ),
        *("object", "set", "half a character", "too many digits", "list", "text", "nothing"),
    ],
)
def test_claims_that_are_no_json_are_a_usage_error(claims):
    with pytest.raises(UsageError):
        jwtlab.issue(claims, KEY, alg="ES256")


def test_claims_without_end_are_a_usage_error():
    claims: dict = {}
    claims["self"] = claims
    with pytest.raises(UsageError, match="deep"):
        jwtlab.issue(claims, KEY, alg="ES256")


@pytest.mark.parametrize(
    "header", [{"alg": "HS256"}, {"alg": None}, {"x": b""}, "text", [("a", 1)]], ids=repr
)
def test_header_that_contradicts_is_a_usage_error(header):
    with pytest.raises(UsageError):
        jwtlab.issue({}, KEY, alg="ES256", header=header)


@pytest.mark.parametrize("key", ["secret", b"secret", None, {"kty": "oct"}], ids=repr)
def test_signing_with_what_is_no_key_is_a_usage_error(key):
    with pytest.raises(UsageError, match="Key"):
        jwtlab.issue({}, key, alg="HS256")


def test_payload_that_is_no_bytes_is_a_usage_error():
    with pytest.raises(UsageError, match="bytes"):
        jwtlab.jws.sign("text", KEY, alg="ES256")


# Time.


@pytest.mark.parametrize(
    ("claims", "more", "verdict"),
    [
        ({"exp": NOW + 1}, {}, None),
        ({"exp": NOW}, {}, "not-expired"),
        ({"exp": NOW + 0.5}, {}, None),
        ({"exp": NOW - 0.5}, {}, "not-expired"),
        ({"exp": NOW}, {"leeway": 1}, None),
        ({"exp": NOW - 60}, {"leeway": 60}, "not-expired"),
        ({"exp": NOW - 59}, {"leeway": timedelta(minutes=1)}, None),
        ({"nbf": NOW}, {}, None),
        ({"nbf": NOW + 0.25}, {}, "already-valid"),
        ({"nbf": NOW + 60}, {"leeway": 60}, None),
        ({"nbf": NOW + 61}, {"leeway": 60}, "already-valid"),
        ({"iat": NOW + 1}, {}, "issued-in-past"),
        ({"iat": NOW + 1}, {"leeway": 1}, None),
        ({"iat": None}, {}, None),
        ({"exp": NOW + 1}, {"now": MOMENT}, None),
        ({"exp": NOW}, {"now": MOMENT}, "not-expired"),
        ({"exp": NOW + 1}, {"now": NOW + 0.999}, None),
        ({"exp": 253_402_300_799}, {}, None),
        ({"exp": 253_402_300_800}, {}, "numeric-dates"),
        ({"exp": NOW * 1000}, {}, "numeric-dates"),
        ({"exp": -1}, {}, "numeric-dates"),
        ({"exp": True}, {}, "numeric-dates"),
        ({"exp": str(NOW + 9)}, {}, "numeric-dates"),
        ({"exp": [NOW + 9]}, {}, "numeric-dates"),
        ({"exp": 1e300}, {}, "numeric-dates"),
        ({"exp": 10**400}, {}, "numeric-dates"),
        ({"nbf": False}, {}, "numeric-dates"),
        ({"iat": {}}, {}, "numeric-dates"),
    ],
    ids=repr,
)
def test_times_are_compared(claims, more, verdict):
    assert refused_by(token(**claims), **more) == verdict


def test_date_that_is_null_is_refused():
    assert refused_by(jwtlab.issue(CLAIMS | {"exp": None}, KEY, alg="ES256")) == "numeric-dates"


def test_milliseconds_are_recognised():
    assert "milliseconds" in verify(token(exp=NOW * 1000)).first_failure.reason
    with pytest.raises(UsageError, match="milliseconds"):
        verify(token(), now=NOW * 1000)


# Names.


@pytest.mark.parametrize(
    ("claims", "more", "verdict"),
    [
        ({"aud": ["x", LAB.audience]}, {}, None),
        ({"aud": ["x", "y"]}, {}, "audience-expected"),
        ({"aud": []}, {}, "audience-expected"),
        ({"aud": None}, {}, "audience-expected"),
        ({"aud": LAB.audience + "/"}, {}, "audience-expected"),
        ({"aud": LAB.audience.upper()}, {}, "audience-expected"),
        ({"aud": ["x", 7]}, {}, "claim-types"),
        ({"aud": {LAB.audience: 1}}, {}, "claim-types"),
        ({"aud": "x"}, {"audience": ["x", "y"]}, None),
        ({"aud": "x"}, {"audience": None}, "audience-expected"),
        ({"aud": []}, {"audience": None}, "audience-expected"),
        ({"aud": None}, {"audience": None}, None),
        ({"iss": "x"}, {"issuer": ("x", "y")}, None),
        ({"iss": "x"}, {"issuer": None}, None),
        ({"iss": None}, {}, "issuer-expected"),
        ({"iss": [LAB.issuer]}, {}, "claim-types"),
        ({"iss": LAB.issuer + "/"}, {}, "issuer-expected"),
        ({"sub": ["alice"]}, {}, "claim-types"),
        ({"jti": 7}, {}, "claim-types"),
        ({"jti": None}, {"seen": set()}, "not-replayed"),
        ({"jti": None}, {}, None),
        ({}, {"seen": {"another"}}, None),
        ({}, {"seen": ["one"]}, "not-replayed"),
    ],
    ids=repr,
)
def test_names_are_compared(claims, more, verdict):
    assert refused_by(token(**claims), **more) == verdict


@pytest.mark.parametrize(
    ("typ", "expected", "verdict"),
    [
        ("at+jwt", "at+jwt", None),
        ("application/at+jwt", "at+jwt", None),
        ("at+jwt", "application/at+jwt", None),
        ("AT+JWT", "at+jwt", None),
        ("Application/At+Jwt", "at+jwt", None),
        ("JWT", "at+jwt", "type-expected"),
        ("application/x/at+jwt", "x/at+jwt", "type-expected"),
        ("text/at+jwt", "at+jwt", "type-expected"),
        ("Jw\N{KELVIN SIGN}", "jwk", "type-expected"),
        ("jwt", "\N{LATIN SMALL LETTER LONG S}d-jwt", "type-expected"),
        (7, "at+jwt", "header-types"),
        (None, "at+jwt", "header-types"),
        (None, None, "header-types"),
        (7, None, "header-types"),
    ],
)
def test_types_are_compared(typ, expected, verdict):
    text = forge({"alg": "ES256", "typ": typ}, CLAIMS, KEY, "ES256")
    assert refused_by(text, typ=expected) == verdict


@pytest.mark.parametrize("typ", [7, None])
def test_type_that_is_no_text_is_refused_by_whoever_expects_one(typ):
    text = forge({"alg": "ES256", "typ": typ}, CLAIMS, KEY, "ES256")
    policy = jwtlab.STANDARD.without("header-types")
    assert refused_by(text, typ="at+jwt", policy=policy) == "type-expected"
    assert refused_by(text, policy=policy) is None


def test_key_without_name_serves_a_token_with_one():
    text = jwtlab.issue(CLAIMS, KEY, alg="ES256", header={"kid": "whatever"})
    report = jwtlab.verify(text, nameless("ES256").public(), algorithms=["ES256"], **EXPECTED)
    assert report.accepted


def test_iterable_of_keys_is_taken():
    other = Key.generate("ES256").public()
    assert jwtlab.verify(good_token(), iter([other, KEY.public()]), algorithms=["ES256"], **EXPECTED).accepted
