"""Curves: small ones counted point by point, and the large ones beside OpenSSL."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from jwtlab import Key
from jwtlab.jose.curves import CURVES, EdwardsCurve, WeierstrassCurve


def toy_edwards(p: int, cofactor: int) -> EdwardsCurve:
    """A curve so small that every point can be listed; a is a square and d is none, so all points can be added."""
    squares = {x * x % p for x in range(p)}
    a = 1 if p % 4 == 3 else -1
    d = next(d for d in range(2, p) if d not in squares)
    return EdwardsCurve(
        name="toy",
        size=1,
        bits=8,
        meaning="",
        spec="",
        p=p,
        a=a,
        d=d,
        cofactor=cofactor,
        public=None,
        private=None,
    )


def added(curve: EdwardsCurve, one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """RFC 8032 §3, written out once more."""
    (x1, y1), (x2, y2), p = one, other, curve.p
    product = curve.d * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, p - 2, p)
    y = (y1 * y2 - curve.a * x1 * x2) * pow(1 - product, p - 2, p)
    return x % p, y % p


def is_worth_having(curve: EdwardsCurve, octet: int) -> bool:
    sign, y, p = octet >> 7, octet & 0x7F, curve.p
    roots = [x for x in range(p) if (curve.a * x * x + y * y - 1 - curve.d * x * x * y * y) % p == 0]
    if y >= p or not roots or (roots == [0] and sign):
        return False
    point = (roots[0], y)
    total = (0, 1)
    for _ in range(curve.cofactor):
        total = added(curve, total, point)
    return total != (0, 1)


@pytest.mark.parametrize("cofactor", [1, 2, 4, 8])
@pytest.mark.parametrize("p", [11, 19, 23, 31, 13, 29, 37, 53, 61, 101])
def test_every_point_of_a_small_edwards_curve(p, cofactor):
    curve = toy_edwards(p, cofactor)
    judged = {octet for octet in range(256) if curve.is_point(bytes([octet]))}
    assert judged == {octet for octet in range(256) if is_worth_having(curve, octet)}
    assert 0 < len(judged) < 256
    assert not any(curve.is_point(octets) for octets in (b"", bytes([min(judged), 0]), bytes(2)))
    assert curve.holds_key({"x": bytes([min(judged)])})


@pytest.mark.parametrize(("p", "a", "b"), [(7, -3, 1), (13, 2, 3), (23, -3, 5)])
def test_every_point_of_a_small_weierstrass_curve(p, a, b):
    curve = WeierstrassCurve(
        name="toy", size=1, bits=8, meaning="", spec="", p=p, a=a, b=b, n=0, crypto=ec.SECP256R1()
    )
    everything = {(x, y) for x in range(-p, 2 * p) for y in range(-p, 2 * p)}
    points = {(x, y) for x, y in everything if x in range(p) and y in range(p)}
    points = {(x, y) for x, y in points if (y**2 - x**3 - a * x - b) % p == 0}
    assert {(x, y) for x, y in everything if curve.holds(x, y)} == points
    assert points
    assert all(curve.holds_key({"x": bytes([x]), "y": bytes([y])}) for x, y in points)


WEIERSTRASS = {name: row for name, row in CURVES.items() if isinstance(row, WeierstrassCurve)}


@pytest.mark.parametrize("name", WEIERSTRASS)
def test_numbers_of_a_curve_are_those_that_openssl_has(name):
    row = WEIERSTRASS[name]
    assert (row.bits, row.size) == (row.crypto.key_size, (row.crypto.key_size + 7) // 8)
    assert row.name == name
    for secret in (1, 2, row.n - 1):
        numbers = ec.derive_private_key(secret, row.crypto).public_key().public_numbers()
        assert row.holds(numbers.x, numbers.y)
        assert not row.holds(numbers.x, numbers.y ^ 1)
        assert not row.holds(numbers.x + row.p, numbers.y)
        assert not row.holds(numbers.x, numbers.y + row.p)
    for secret in (row.n, row.n + 1):
        with pytest.raises(ValueError, match=r"(?i)key"):
            ec.derive_private_key(secret, row.crypto)


@pytest.mark.parametrize(("alg", "bits"), [("ES256", 256), ("ES384", 384), ("ES512", 521), ("EdDSA", 256)])
def test_key_is_as_long_as_its_curve(alg, bits):
    key = Key.generate(alg)
    assert key.bits == bits
    assert CURVES[key.crv].holds_key(key.octets)
