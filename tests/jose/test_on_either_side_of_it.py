"""What has to be equal is refused whether it stands before or behind it in the alphabet, or is nearly the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from material import CLAIMS, EXPECTED, LAB, forge, nameless

import jwtlab
from jwtlab import ALGORITHMS, Key, KeySet, base64url, jws
from jwtlab.jose.key_set import read_keys
from jwtlab.jose.key_types import KEY_TYPES

KEY = nameless("ES256")


def neighbours(text: str) -> list[str]:
    """Before it, behind it, shorter and longer, and in other letters."""
    before, behind = chr(ord(text[-1]) - 1), chr(ord(text[-1]) + 1)
    others = ["", "!", "~", text[:-1], text[:-1] + before, text[:-1] + behind, text + "a", text.swapcase()]
    return [each for each in others if each != text]


def refusal(header=None, claims=None, key=KEY, keys=None, **more):
    token = forge({"alg": "ES256"} | (header or {}), CLAIMS | (claims or {}), key, "ES256")
    report = jwtlab.verify(
        token, key.public() if keys is None else keys, algorithms=["ES256"], **EXPECTED | more
    )
    return report.first_failure and report.first_failure.id


@pytest.mark.parametrize(
    ("check", "right", "asked"),
    [
        ("algorithm-allowed", "ES256", lambda value: refusal({"alg": value})),
        ("type-expected", "x+jwt", lambda value: refusal({"typ": value}, typ="x+jwt")),
        ("issuer-expected", LAB.issuer, lambda value: refusal(claims={"iss": value})),
        ("audience-expected", LAB.audience, lambda value: refusal(claims={"aud": value})),
        ("audience-expected", LAB.audience, lambda value: refusal(claims={"aud": ["x", value, "y"]})),
        (
            "key-found",
            "name",
            lambda value: refusal({"kid": value}, keys=KeySet([replace(KEY.public(), kid="name")])),
        ),
        ("key-alg", "ES256", lambda value: refusal(keys=replace(KEY.public(), alg=value))),
        ("key-use", "sig", lambda value: refusal(keys=replace(KEY.public(), use=value))),
        ("key-ops", "verify", lambda value: refusal(keys=replace(KEY.public(), key_ops=("x", value)))),
    ],
    ids=["alg", "typ", "iss", "aud", "one aud of three", "kid", "alg of a key", "use", "key_ops"],
)
def test_nothing_but_the_right_value_passes(check, right, asked):
    assert asked(right) is None
    for wrong in neighbours(right):
        if not (check == "type-expected" and wrong.lower() == right):  # RFC 2045 §5.1: case does not matter
            assert asked(wrong) == check, wrong


def test_jti_was_used_or_another_one_was():
    for used in neighbours("middle"):
        assert refusal(claims={"jti": "middle"}, seen={used}) is None
    assert refusal(claims={"jti": "middle"}, seen={"middle"}) == "not-replayed"


KINDS = {alg: nameless(alg) for alg in ("HS256", "RS256", "ES256", "ES384", "ES512", "EdDSA")}


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_algorithm_fits_its_type_and_curve_alone(alg):
    row = ALGORITHMS[alg]
    fitting = {name for name, key in KINDS.items() if row.fits(key)}
    expected = {
        "HS": "HS256",
        "RS": "RS256",
        "PS": "RS256",
        "Ed": "EdDSA",
    }.get(alg[:2], alg)
    assert fitting == {expected}


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_signature_of_another_length_is_told_by_its_length(alg):
    key = KINDS[{"HS": "HS256", "RS": "RS256", "PS": "RS256", "Ed": "EdDSA"}.get(alg[:2], alg)]
    key = Key.generate(alg) if key.is_symmetric else key
    token = jws.sign(b"payload", key, alg=alg)
    head, payload, signature = token.split(".")
    octets = base64url.decode(signature)
    half = key if key.is_symmetric else key.public()
    assert jws.verify(token, half, algorithms=[alg]) == b"payload"
    for wrong in (b"", b"\1", octets[:-1], octets + b"\0", b"\0" + octets, octets + octets):
        with pytest.raises(jwtlab.InvalidToken) as caught:
            jws.verify(f"{head}.{payload}.{base64url.encode(wrong)}", half, algorithms=[alg])
        said = f"the signature has {len(wrong)} bytes; one of {alg} has {len(octets)}"
        assert str(caught.value.finding.reason) == said


def test_secret_is_read_in_another_way_only_if_that_is_said():
    assert read_keys("YWI", secret_as="base64url").keys[0].secret == b"ab"
    for other in neighbours("base64url"):
        assert read_keys("YWI", secret_as=other).keys[0].secret == b"YWI"


@pytest.mark.parametrize("crv", ["P-256", "P-384", "P-521"])
def test_key_of_a_seed_is_a_number_from_one_to_below_the_order(crv):
    row, n = KEY_TYPES["EC"], KEY_TYPES["EC"].curves[crv].n
    size = (n.bit_length() + 7) // 8
    for seed, number in (
        (0, 1),
        (1, 2),
        (n - 2, n - 1),
        (n - 1, 1),
        (n, 2),
        (2 * n - 2, 1),
        (2 * n - 3, n - 1),
    ):
        private = row.derive(crv, seed.to_bytes(size + 1))
        assert private.private_numbers().private_value == number


def test_edwards_key_of_a_seed_is_its_first_bytes():
    row, seed = KEY_TYPES["OKP"], bytes(range(128))
    assert row.derive("Ed25519", seed).private_bytes_raw() == seed[:32]
    assert KEY_TYPES["RSA"].derive("", seed) is None
