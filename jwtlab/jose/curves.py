"""Just enough of elliptic curves to ask whether a point is one: RFC 7518 §6.2, RFC 8032 §5.1.

Signing and verifying is left to ``cryptography``. Asking "is this point on the curve?" is kept
here, because it is a check like every other: it can be read, shown and switched off.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Curve:
    """A short Weierstrass curve y² = x³ - 3x + b over the integers modulo p (FIPS 186-4 D.1.2).

    Attributes:
        name: its name as a JWK's ``crv``.
        p: the prime modulus.
        b: the coefficient.
        n: the order of the base point: r and s of a signature lie in 1 … n-1.
        size: bytes of a coordinate, and of each of r and s.
    """

    name: str
    p: int
    b: int
    n: int
    size: int

    def holds(self, x: int, y: int) -> bool:
        """Is (x, y) a point of this curve?"""
        in_range = 0 <= x < self.p and 0 <= y < self.p
        return in_range and (y * y - (x * x * x - 3 * x + self.b)) % self.p == 0


CURVES = {
    curve.name: curve
    for curve in (
        Curve(
            "P-256",
            0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
            0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
            0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
            32,
        ),
        Curve(
            "P-384",
            2**384 - 2**128 - 2**96 + 2**32 - 1,
            0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
            0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
            48,
        ),
        Curve(
            "P-521",
            2**521 - 1,
            int(
                "0051953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF1"
                "09E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00",
                16,
            ),
            int(
                "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA"
                "51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409",
                16,
            ),
            66,
        ),
    )
}

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P


def is_ed25519_point(octets: bytes) -> bool:
    """Is this the encoding of an Ed25519 public key that is worth having?

    ``False`` for text that decodes to no point (RFC 8032 §5.1.3), and for the eight points of
    small order: with those as public key, a signature can be made that fits many messages.
    """
    point = _decompress(octets)
    if point is None:
        return False
    for _ in range(3):
        point = _double(point)
    return point != (0, 1)


def _decompress(octets: bytes) -> tuple[int, int] | None:
    encoded = int.from_bytes(octets, "little")
    sign, y = encoded >> 255, encoded & ((1 << 255) - 1)
    if len(octets) != 32 or y >= _P:
        return None
    x2 = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(x2, (_P + 3) // 8, _P)
    if (x * x - x2) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if (x * x - x2) % _P or (x == 0 and sign):
        return None
    return (x if x & 1 == sign else _P - x), y


def _double(point: tuple[int, int]) -> tuple[int, int]:
    """2·(x, y) by the addition law of RFC 8032 §3, in affine coordinates."""
    x, y = point
    product = _D * x * x * y * y % _P
    doubled_x = 2 * x * y * pow(1 + product, -1, _P) % _P
    doubled_y = (y * y + x * x) * pow(1 - product, -1, _P) % _P
    return doubled_x, doubled_y
