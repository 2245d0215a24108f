"""Messages are true, and help: what was pasted wrongly, what a number means, whose rule it is."""

from __future__ import annotations

import math
from types import MappingProxyType

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa, utils
from material import CLAIMS, EXPECTED, LAB, NOW, forge, good_token, nameless, small_rsa_key

import jwtlab
from jwtlab import STANDARD, Key, base64url
from jwtlab.jose import times

KEY = LAB.key("ES256")


def failure(token: str, key: Key = KEY, **more: object):
    return jwtlab.verify(
        token, key.public(), algorithms=[key.alg or "RS256"], **(EXPECTED | more)
    ).first_failure


def dated(**claims: float):
    return failure(jwtlab.issue(CLAIMS | claims, KEY, alg="ES256"))


@pytest.mark.parametrize(
    "front",
    [
        "Bearer ",
        "bearer ",
        "BEARER  ",
        "DPoP ",
        "Authorization: Bearer ",
        "authorization:bearer ",
        ' "Bearer ',
    ],
)
def test_scheme_in_front_is_named(front):
    refused = failure(front + good_token())
    assert refused.id == "base64url-strict"
    assert "RFC 6750" in refused.reason
    assert front.strip() in refused.reason
    with pytest.raises(jwtlab.MalformedToken, match="scheme"):
        jwtlab.decode(front + good_token())


@pytest.mark.parametrize(
    ("front", "back", "words"),
    [
        ('"', '"', "quote marks"),
        ("“", "”", "quote marks"),
        (" ", "", "white space"),
        ("", "\n", "white space"),
        ("access_token=", "", "'access_token='"),
        ("https://app.example/cb#access_token=", "&x=1", "leave out"),
        ('{"access_token":"', '"}', ""),
    ],
)
def test_what_is_around_a_token_is_named(front, back, words):
    refused = failure(front + good_token() + back)
    assert refused.id in ("base64url-strict", "compact-form")
    assert words in refused.reason
    assert "JWE" not in refused.reason


@pytest.mark.parametrize("header", [{"cty": "JWT"}, {}])
def test_nested_token_is_named(header):
    inner = good_token().encode()
    refused = failure(forge({"alg": "ES256"} | header, inner, KEY, "ES256"))
    assert refused.id == "payload-json"
    assert "inside the token" in refused.reason
    assert "RFC 7519 §5.2" in refused.reason
    encrypted = forge({"alg": "ES256", "cty": "JWT"}, b"eyJh.x.y.z.tag", KEY, "ES256")
    assert "inside the token" in failure(encrypted).reason
    assert "not JSON" in failure(forge({"alg": "ES256", "cty": "JWT"}, b"hello", KEY, "ES256")).reason


@pytest.mark.parametrize("fraction", [0.5, 0.25, 0.001, 0.999])
def test_fraction_of_a_second_prints_two_different_times(fraction):
    for refused in (
        failure(jwtlab.issue(CLAIMS | {"exp": NOW}, KEY, alg="ES256"), now=NOW + fraction),
        dated(nbf=NOW + fraction),
        dated(iat=NOW + fraction),
    ):
        one, other = (
            refused.reason.split(" is ")[1].split(",")[0],
            refused.reason.split("now is ")[1].split(",")[0],
        )
        assert one != other
    then, now = times.two_instants(NOW + fraction, NOW)
    assert then != now


@pytest.mark.parametrize(
    ("one", "other"),
    [(NOW + 0.999999, NOW + 0.9999995), (NOW + 1e-6, NOW), (NOW + 0.96, NOW + 0.99), (NOW, NOW + 86_400)],
)
def test_instants_that_differ_are_written_differently(one, other):
    then, now = times.two_instants(one, other)
    assert then != now
    assert times.two_instants(one, one)[0] == times.two_instants(one, one)[1]


def test_less_than_a_second_is_not_now():
    assert times.relative(NOW + 0.3, NOW) == "in less than a second"
    assert times.relative(NOW - 0.3, NOW) == "less than a second ago"
    assert times.relative(NOW, NOW) == "now"
    assert times.relative(NOW + 0.7, NOW) == "in 1 second"


def unusual_rsa_key() -> Key:
    """4096 bits, and a public exponent of 65, one more than OpenSSL computes with."""
    numbers = rsa.generate_private_key(65537, 4096).private_numbers()
    p, q = numbers.p, numbers.q
    order, e = math.lcm(p - 1, q - 1), (1 << 64) | 1
    while math.gcd(e, order) != 1:
        e += 2
    integers = {"n": p * q, "e": e, "d": pow(e, -1, order)}
    octets = {name: value.to_bytes((value.bit_length() + 7) // 8) for name, value in integers.items()}
    return Key.from_jwk({"kty": "RSA"} | {name: base64url.encode(value) for name, value in octets.items()})


def test_unusual_exponent_is_the_fault_and_not_the_token():
    key = unusual_rsa_key()
    token = forge({"alg": "RS256"}, CLAIMS, key, "RS256")
    assert failure(token, key).id == "key-exponent"
    report = jwtlab.verify(
        token, key.public(), algorithms=["RS256"], policy=STANDARD.without("key-exponent"), **EXPECTED
    )
    assert report.first_failure.id == "signature-valid"
    assert "exponent" in report.first_failure.reason
    assert "changed" not in report.first_failure.reason


def test_large_exponent_of_a_shorter_key_is_taken():
    key = nameless("RS256")
    order = math.lcm(*(int.from_bytes(key.octets[name]) - 1 for name in "pq"))
    e = (1 << 64) | 1
    while math.gcd(e, order) != 1:
        e += 2
    octets = {"n": key.octets["n"], "e": e.to_bytes(9), "d": pow(e, -1, order).to_bytes(256)}
    odd = Key.from_jwk({"kty": "RSA"} | {name: base64url.encode(value) for name, value in octets.items()})
    token = forge({"alg": "RS256"}, CLAIMS, odd, "RS256")
    assert failure(token, odd) is None


@pytest.mark.parametrize("alg", ["ES256", "ES384", "ES512"])
def test_signature_in_der_is_named(alg):
    key = LAB.key(alg)
    data, _, signature = forge({"alg": alg}, CLAIMS, key, alg).rpartition(".")
    raw = base64url.decode(signature)
    half = len(raw) // 2
    der = utils.encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))
    assert "DER" in failure(f"{data}.{base64url.encode(der)}", key).reason
    assert "DER" not in failure(f"{data}.AAAA", key).reason


# Whose rule it is.


@pytest.mark.parametrize(
    "check_id", ["issued-in-past", "kids-unique", "set-unmixed", "expiry-present", "token-size"]
)
def test_rule_of_the_house_cites_no_rfc_as_its_source(check_id):
    assert STANDARD[check_id].spec == ""


@pytest.mark.parametrize("check_id", ["issued-in-past", "kids-unique", "set-unmixed"])
def test_rule_of_the_house_says_so(check_id):
    assert "rule of the house" in STANDARD[check_id].purpose


def test_small_key_is_named_by_its_size():
    token = forge({"alg": "RS256"}, CLAIMS, small_rsa_key(), "RS256")
    assert "1024 bits" in failure(token, small_rsa_key()).reason
    assert isinstance(small_rsa_key().octets, MappingProxyType)


def test_byte_order_mark_in_the_header_is_named_and_is_nothing_pasted_in_front():
    """Found by the fuzzer: to leave out what was signed would be bad advice."""
    header = base64url.encode(b'\xef\xbb\xbf{"alg":"ES256"}')
    found = failure(".".join([header, *good_token().split(".")[1:]]))
    assert found.id == "header-json"
    assert "byte order mark" in found.reason
    assert "77u_" not in found.reason
