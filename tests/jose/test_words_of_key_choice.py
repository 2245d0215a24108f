"""Which key is meant, and what is said where none is, to the letter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from material import CLAIMS, EXPECTED, forge, nameless, off_curve_key, small_order_key, with_octets

import jwtlab
from jwtlab import STANDARD, InvalidKey, Key, KeySet
from jwtlab.checks import Refusal
from jwtlab.jose.header_parameters import HEADER_PARAMETERS, header_parameter
from jwtlab.jose.key_checks import Signing

KEY = nameless("ES256")
HALF, OTHER = KEY.public(), replace(Key.generate("ES256").public(), kid=None)
RSA, ED = (nameless(alg).public() for alg in ("RS256", "EdDSA"))
BAD, UNKNOWN = 7, {"kty": "X", "kid": "a" * 70}
WHY = "keys[{}]: a JWK is an object; this is a number (int)"


def judged(keys, **header):
    token = forge({"alg": "ES256"} | header, CLAIMS, KEY, "ES256")
    report = jwtlab.verify(
        token, keys, algorithms=["ES256"], policy=STANDARD.without("header-types"), **EXPECTED
    )
    failed = report.first_failure
    if failed is None:
        return report["key-found"].reason
    return failed.id, failed.reason, failed.claim, failed.expected, failed.found


def called(*names, key=HALF):
    return KeySet([replace(key, kid=name) for name in names])


def jwks(*entries):
    return KeySet.from_jwks({"keys": [each.to_jwk() if isinstance(each, Key) else each for each in entries]})


@pytest.mark.parametrize(
    ("keys", "header", "note"),
    [
        (HALF, {}, "with this key"),
        (HALF, {"kid": "x"}, "with this key"),
        (KeySet([HALF, HALF]), {}, "with this key"),
        (called("q"), {}, "with key 'q'"),
        (called("q", "r"), {"kid": "r"}, "with key 'r'"),
        (KeySet([HALF, RSA]), {}, "with this key"),
        (KeySet([HALF, replace(OTHER, use="enc")]), {}, "with this key"),
        (
            KeySet([replace(HALF, kid="q"), replace(OTHER, kid="q", key_ops=("sign",))]),
            {"kid": "q"},
            "with key 'q'",
        ),
        (jwks(UNKNOWN, HALF), {"kid": "a"}, "with this key"),
    ],
)
def test_key_that_is_meant(keys, header, note):
    assert judged(keys, **header) == note


SOMETHING_ELSE = "an EC key on P-256 is among the 2 trusted keys, but it is for something else: "


def two(**change):
    return KeySet([replace(HALF, **change), replace(OTHER, **change)])


@pytest.mark.parametrize(
    ("keys", "header", "reason", "expected"),
    [
        (KeySet([]), {}, "the verifier trusts no key at all", ()),
        (
            jwks(BAD, UNKNOWN),
            {},
            f"the verifier trusts no key at all (2 more could not be used: {WHY.format(0)})",
            (),
        ),
        (two(use="enc"), {}, f"{SOMETHING_ELSE}use 'enc'", ()),
        (two(key_ops=("sign", "wrapKey")), {}, f"{SOMETHING_ELSE}key_ops sign, wrapKey", ()),
        (two(key_ops=()), {}, f"{SOMETHING_ELSE}key_ops none", ()),
        (two(alg="ES384"), {}, f"{SOMETHING_ELSE}alg ES384", ()),
        (
            KeySet([replace(HALF, use="enc"), replace(OTHER, alg="x")]),
            {},
            f"{SOMETHING_ELSE}use 'enc'; alg x",
            (),
        ),
        (KeySet([RSA, ED]), {}, "none of the 2 trusted keys fits ES256", ()),
        (
            jwks(RSA, ED, BAD),
            {},
            f"none of the 2 trusted keys fits ES256 (1 more could not be used: {WHY.format(2)})",
            (),
        ),
        (
            called(*"abcdefg"),
            {"kid": "x" * 70},
            f"no trusted key is called '{'x' * 60}'; there are: 'a', 'b', 'c', 'd', 'e'. "
            "Fetch the issuer's keys again, once",
            tuple("abcdefg"),
        ),
        (
            KeySet([HALF, OTHER]),
            {"kid": "x"},
            "no trusted key is called 'x'; the trusted keys have no names. Fetch the issuer's keys again, once",
            (),
        ),
        (
            jwks(UNKNOWN, HALF, OTHER),
            {"kid": "a" * 70},
            f"the trusted set has a key called '{'a' * 59}, but it cannot be used: JWK: kty 'X' is not known; there "
            "are oct, RSA, EC, OKP (RFC 7518 §6.1)",
            (),
        ),
        (KeySet([HALF, OTHER]), {}, "the token names no key (kid), and 2 trusted keys would fit", ()),
        (called("q"), {"kid": 7}, "kid must be text; this is a number (int)", None),
    ],
)
def test_no_key_is_meant(keys, header, reason, expected):
    assert judged(keys, **header) == ("key-found", reason, "kid", expected, header.get("kid"))


def test_several_keys_are_meant():
    keys = KeySet([replace(HALF, kid="q"), replace(OTHER, kid="q")])
    said = (
        "2 trusted keys are called 'q', and each fits this token: nobody can tell which is meant. "
        "Give each its own kid"
    )
    assert judged(keys, kid="q") == ("kids-unique", said, "kid", None, "q")


def test_algorithms_that_a_key_fits():
    rsa = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
    assert RSA.algorithms == rsa
    assert replace(RSA, alg="PS256").algorithms == ("PS256",)
    assert replace(RSA, alg="ES256").algorithms == rsa
    assert replace(RSA, only_for=("PS384", "PS256")).algorithms == ("PS256", "PS384")
    assert HALF.algorithms == ("ES256",)
    assert ED.algorithms == ("EdDSA", "Ed25519")


@pytest.mark.parametrize(("exponent", "fault"), [(1, 1), (2, 2), (4, 4), (2**33, "of 34 bits")])
def test_exponent_of_one_and_even_ones_are_refused(exponent, fault):
    key = with_octets(RSA, e=exponent.to_bytes((exponent.bit_length() + 7) // 8))
    with pytest.raises(Refusal) as caught:
        STANDARD["key-exponent"].run(Signing(key, jwtlab.ALGORITHMS["RS256"]))
    assert caught.value.reason == (
        f"this key has the public exponent {fault}: with 1 the signature is the message itself, "
        "and an even one is no RSA"
    )
    assert (caught.value.claim, caught.value.found) == ("e", str(fault))


def test_exponent_that_is_too_long_is_refused_for_a_long_modulus():
    key = with_octets(RSA, n=b"\xff" * 512, e=b"\1" + bytes(7) + b"\1")
    with pytest.raises(Refusal) as caught:
        STANDARD["key-exponent"].run(Signing(key, jwtlab.ALGORITHMS["RS256"]))
    assert caught.value.reason == (
        "this key has the public exponent of 65 bits: with a modulus of 4096 bits OpenSSL computes "
        "with at most 64, so no signature of it would ever match"
    )
    assert (caught.value.claim, caught.value.found) == ("e", "of 65 bits")


def test_point_off_its_curve_is_refused_by_its_coordinates():
    for key, reason in (
        (off_curve_key(), "this key: the point (x, y) does not lie on P-256"),
        (small_order_key(), "this key: x is no Ed25519 point, or one of the eight weak ones"),
    ):
        with pytest.raises(Refusal) as caught:
            STANDARD["key-on-curve"].run(Signing(key, jwtlab.ALGORITHMS["ES256"]))
        assert (caught.value.reason, caught.value.claim) == (reason, "x")
    with pytest.raises(InvalidKey, match="this key is no usable key: "):
        _ = off_curve_key().public_crypto
    rsa = Signing(RSA, jwtlab.ALGORITHMS["RS256"])
    assert STANDARD["key-on-curve"].run(rsa) == "only keys on curves have a point"


def test_header_parameter_that_nobody_has_registered():
    assert header_parameter("alg") is HEADER_PARAMETERS["alg"]
    other = header_parameter("mine")
    said = "not registered: means what sender and receiver agreed"
    assert (other.name, other.meaning, other.spec) == ("mine", said, "RFC 7515 §4.3")


@pytest.mark.parametrize(
    ("exponent", "shown"),
    [(3, "3"), (5, "5"), (10**9 - 1, "999999999"), (10**9 + 1, "of 30 bits"), ((1 << 33) + 1, "of 34 bits")],
)
def test_exponent_is_shown_in_full_while_it_can_be_read(exponent, shown):
    key = with_octets(RSA, e=exponent.to_bytes((exponent.bit_length() + 7) // 8))
    case = Signing(key, jwtlab.ALGORITHMS["RS256"])
    assert STANDARD["key-exponent"].run(case) == f"e is {shown}"
