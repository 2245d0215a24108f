"""⚠ ECDSA with a hole: verification without the range check of r and s (CVE-2022-21449).

Written after the faulty Java code in plain numbers, so that one can see *why* zeros pass. For
demonstration only; the sound verification of the house is in `jwtlab.jose.algorithms`.

Points are (X, Y, Z) with x = X/Z and y = Y/Z; the point at infinity has Z = 0.
"""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric import utils

from jwtlab.jose.algorithms import split_signature
from jwtlab.jose.curves import CURVES
from jwtlab.jose.key import Key

Point = tuple[int, int, int]

_CURVE = CURVES["P-256"]
P, N = _CURVE.p, _CURVE.n
BASE: Point = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    1,
)
INFINITY: Point = (0, 1, 0)


def careless_verify(key: Key, data: bytes, r: int, s: int) -> bool:
    """Does (r, s) sign these bytes? Faulty: 1 ≤ r, s < n is never asked.

    The inverse is computed as s to the power n - 2, which gives 0 for 0 instead of an error. Then
    both factors are 0, the sum is the point at infinity, its x = X · Z⁻¹ comes out as 0, and
    0 equals r.
    """
    public: Point = (int.from_bytes(key.octets["x"]), int.from_bytes(key.octets["y"]), 1)
    digest = int.from_bytes(hashlib.sha256(data).digest())
    inverse = pow(s, N - 2, N)
    total = add(times(digest * inverse % N, BASE), times(r * inverse % N, public))
    return bool(affine_x(total) % N == r)


def read_signature(signature: bytes) -> tuple[int, int]:
    """r and s, from 64 bytes side by side or from DER, as a forgiving library reads them."""
    if len(signature) == 64:
        return split_signature(signature)
    r, s = utils.decode_dss_signature(signature)
    return r, s


def affine_x(point: Point) -> int:
    """x = X/Z, the inverse again by a power: 0 for the point at infinity."""
    x, _, z = point
    return int(x * pow(z, P - 2, P) % P)


def times(factor: int, point: Point) -> Point:
    """factor · point, by doubling and adding."""
    result = INFINITY
    for bit in bin(factor)[2:]:
        result = add(result, result)
        if bit == "1":
            result = add(result, point)
    return result


def add(one: Point, other: Point) -> Point:
    """The sum of two points, equal or not."""
    if not one[2] or not other[2]:
        return other if not one[2] else one
    (x1, y1, z1), (x2, y2, z2) = one, other
    u = (y2 * z1 - y1 * z2) % P
    v = (x2 * z1 - x1 * z2) % P
    if v == 0:
        return INFINITY if u else _double(one)
    vv, w = v * v % P, z1 * z2 % P
    vvv, r = v * vv % P, vv * x1 * z2 % P
    a = (u * u * w - vvv - 2 * r) % P
    return v * a % P, (u * (r - a) - vvv * y1 * z2) % P, vvv * w % P


def _double(point: Point) -> Point:
    x, y, z = point
    if y == 0:
        return INFINITY
    w = 3 * (x - z) * (x + z) % P  # a = -3
    s = y * z % P
    b = x * y * s % P
    h = (w * w - 8 * b) % P
    return 2 * h * s % P, (w * (4 * b - h) - 8 * y * y * s * s) % P, 8 * s**3 % P
