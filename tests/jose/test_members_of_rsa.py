"""An RSA key as a JWK: every choice of private members, and every member with a byte that should not be there."""

from __future__ import annotations

from itertools import combinations

import pytest
from material import nameless

from jwtlab import InvalidKey, Key, base64url, jws

KEY = nameless("RS256")
PUBLIC = KEY.public().to_jwk()
PRIVATE = {name: value for name, value in KEY.to_jwk(private=True).items() if name not in PUBLIC}
NAMES = ("d", "p", "q", "dp", "dq", "qi")
CHOICES = [choice for size in range(7) for choice in combinations(NAMES, size)]


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: " ".join(choice) or "none")
def test_private_members_come_all_together_or_d_alone(choice):
    jwk = PUBLIC | {name: PRIVATE[name] for name in choice}
    if choice in ((), ("d",), NAMES):
        key = Key.from_jwk(jwk)
        assert key.is_private == bool(choice)
        if choice:
            assert jws.verify(jws.sign(b"x", key, alg="RS256"), KEY.public(), algorithms=["RS256"]) == b"x"
            assert {key.octets["p"], key.octets["q"]} == {KEY.octets["p"], KEY.octets["q"]}
            assert int.from_bytes(key.octets["p"]) > int.from_bytes(key.octets["q"])
        return
    with pytest.raises(InvalidKey) as caught:
        Key.from_jwk(jwk)
    missing = next(name for name in NAMES if name not in choice)
    said = f"JWK of kty 'RSA': {missing!r} is missing; give d alone or all six (RFC 7518 §6.3.2)"
    assert str(caught.value) == said


@pytest.mark.parametrize("name", ["n", "e", *NAMES])
@pytest.mark.parametrize(
    "wrong",
    [b"", b"\0", b"\0\1", b"\0" * 9, b"\1" * 2049, b"\1" * 2050],
    ids=lambda wrong: f"{wrong[:3]!r} {len(wrong)}",
)
def test_member_is_a_positive_number_in_as_few_bytes_as_it_takes(name, wrong):
    with pytest.raises(InvalidKey) as caught:
        Key.from_jwk(PUBLIC | PRIVATE | {name: base64url.encode(wrong)})
    said = (
        f"has {len(wrong):,} bytes; nobody computes with more than 2,048"
        if len(wrong) > 2048
        else "is a positive number without leading zero bytes (RFC 7518 §2, §6.3)"
    )
    assert str(caught.value) == f"JWK of kty 'RSA': member {name!r} {said}"


@pytest.mark.parametrize("last", [b"\0", b"\0\0", b"\1"])
def test_number_may_end_in_zeros(last):
    jwk = PUBLIC | {"e": base64url.encode(b"\1" + last)}
    assert Key.from_jwk(jwk).octets["e"] == b"\1" + last


@pytest.mark.parametrize("alg", ["RS256", "ES256", "ES384", "ES512", "EdDSA"])
def test_key_has_what_it_is_exported_with(alg):
    key = nameless(alg)
    again = Key.from_pem(key.to_pem(private=True))
    assert dict(again.octets) == dict(key.octets)
    assert dict(Key.from_pem(key.public().to_pem()).octets) == dict(key.public().octets)
    assert Key.from_jwk(key.to_jwk(private=True)) == again
