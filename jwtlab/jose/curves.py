"""Just enough of elliptic curves to ask whether a point is one: RFC 7518 §6.2, RFC 8032 §5.

Signing and verifying is left to ``cryptography``. Asking "is this point on the curve?" is kept
here, because it is a check like every other: it can be read, shown and switched off. A new curve is
one more row at the end of this file, numbers alone; its class says which type of key lies on it. Its
algorithm is a row of `jwtlab.jose.algorithms`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

Octets = Mapping[str, bytes]
"""The members of a JWK, decoded: ``{"x": b"...", "y": b"..."}``."""


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What every row about a curve says.

    Attributes:
        name: its name as a JWK's ``crv``.
        size: bytes of each number in a key, and of each of the two numbers in a signature.
        bits: how large a key on it counts.
        meaning: what it is, in a phrase.
        spec: where it is defined for JOSE.
    """

    name: str
    size: int
    bits: int
    meaning: str
    spec: str

    def holds_key(self, octets: Octets) -> bool:
        """Is the public point of a key one that lies on this curve, and is worth having?"""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class WeierstrassCurve(Curve):
    """A short Weierstrass curve y² = x³ + ax + b over the integers modulo p (SEC 2, FIPS 186-4 D.1.2).

    Attributes:
        p: the prime modulus.
        a, b: the coefficients.
        n: the order of the base point: r and s of a signature lie in 1 … n-1.
        crypto: the curve as ``cryptography`` knows it.
    """

    p: int
    a: int = -3
    b: int
    n: int
    crypto: Any = field(repr=False)

    def holds(self, x: int, y: int) -> bool:
        """Is (x, y) a point of this curve?"""
        in_range = 0 <= x < self.p and 0 <= y < self.p
        return in_range and (y * y - (x * x * x + self.a * x + self.b)) % self.p == 0

    def holds_key(self, octets: Octets) -> bool:
        return self.holds(int.from_bytes(octets["x"]), int.from_bytes(octets["y"]))


@dataclass(frozen=True, kw_only=True)
class EdwardsCurve(Curve):
    """A curve of EdDSA, ax² + y² = 1 + dx²y² modulo p, whose public key is y and the sign of x (RFC 8032 §5).

    Attributes:
        p: the prime modulus; 3 modulo 4, or 5 modulo 8.
        a, d: the coefficients.
        cofactor: how many points are of small order: a power of two.
        public, private: the classes of ``cryptography``.
    """

    p: int
    a: int
    d: int
    cofactor: int
    public: Any = field(repr=False)
    private: Any = field(repr=False)

    def holds_key(self, octets: Octets) -> bool:
        return self.is_point(octets["x"])

    def is_point(self, octets: bytes) -> bool:
        """Is this the encoding of a public key that is worth having?

        ``False`` for bytes that decode to no point (RFC 8032 §5.1.3, §5.2.3), and for the points of small
        order: with those as public key, a signature can be made that fits many messages.
        """
        point = self._decompress(octets)
        if point is None:
            return False
        for _ in range(self.cofactor.bit_length() - 1):
            point = self._double(point)
        return point != (0, 1)

    def _decompress(self, octets: bytes) -> tuple[int, int] | None:
        """The point, or its mirror image (-x, y): the one is of small order where the other is."""
        encoded, top = int.from_bytes(octets, "little"), self.size * 8 - 1
        sign, y = encoded >> top, encoded & ((1 << top) - 1)
        if len(octets) != self.size or y >= self.p:
            return None
        x = self._square_root((y * y - 1) * pow(self.d * y * y - self.a, -1, self.p) % self.p)
        if x is None or (x == 0 and sign):
            return None
        return x, y

    def _square_root(self, square: int) -> int | None:
        """A root modulo p, or ``None`` where there is none (RFC 8032 §5.1.3, §5.2.3)."""
        if self.p % 4 == 3:
            root = pow(square, (self.p + 1) // 4, self.p)
        else:
            root = pow(square, (self.p + 3) // 8, self.p)
            if (root * root - square) % self.p:
                root = root * pow(2, (self.p - 1) // 4, self.p) % self.p
        return None if (root * root - square) % self.p else root

    def _double(self, point: tuple[int, int]) -> tuple[int, int]:
        """2·(x, y) by the addition law of RFC 8032 §3, in affine coordinates."""
        x, y = point
        product = self.d * x * x * y * y % self.p
        doubled_x = 2 * x * y * pow(1 + product, -1, self.p) % self.p
        doubled_y = (y * y - self.a * x * x) * pow(1 - product, -1, self.p) % self.p
        return doubled_x, doubled_y


_ROWS: tuple[Curve, ...] = (
    WeierstrassCurve(
        name="P-256",
        size=32,
        bits=256,
        meaning="the curve of ES256, known to OpenSSL as prime256v1",
        spec="RFC 7518 §6.2.1.1",
        p=0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
        b=0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        n=0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
        crypto=ec.SECP256R1(),
    ),
    WeierstrassCurve(
        name="P-384",
        size=48,
        bits=384,
        meaning="the curve of ES384",
        spec="RFC 7518 §6.2.1.1",
        p=2**384 - 2**128 - 2**96 + 2**32 - 1,
        b=int(
            "B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE814112"
            "0314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF",
            16,
        ),
        n=2**384 - int("389CB27E0BC8D220A7E5F24DB74F58851313E695333AD68D", 16),
        crypto=ec.SECP384R1(),
    ),
    WeierstrassCurve(
        name="P-521",
        size=66,
        bits=521,
        meaning="the curve of ES512; 521 is no slip of the pen",
        spec="RFC 7518 §6.2.1.1",
        p=2**521 - 1,
        b=int(
            "0051953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF1"
            "09E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00",
            16,
        ),
        n=int(
            "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA"
            "51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409",
            16,
        ),
        crypto=ec.SECP521R1(),
    ),
    EdwardsCurve(
        name="Ed25519",
        size=32,
        bits=256,
        meaning="the curve of EdDSA; its public key is one coordinate and a sign",
        spec="RFC 8037 §2",
        p=2**255 - 19,
        a=-1,
        d=-121665 * pow(121666, -1, 2**255 - 19) % (2**255 - 19),
        cofactor=8,
        public=ed25519.Ed25519PublicKey,
        private=ed25519.Ed25519PrivateKey,
    ),
)

CURVES: Mapping[str, Any] = MappingProxyType({row.name: row for row in _ROWS})
"""Every curve, by its name as ``crv``."""
