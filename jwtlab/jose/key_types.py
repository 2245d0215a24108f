"""The types of key, one row each: RFC 7518 §6, RFC 8037 §2.

Whatever depends on the type of a key (its members, its size, how it is made, read and written) is
said here and nowhere else: `Key`, the checks, the tables of the lessons and the glossary read the rows.
Their curves are rows of `jwtlab.jose.curves`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from jwtlab.errors import InvalidKey, UsageError
from jwtlab.jose.curves import CURVES, Curve, EdwardsCurve, Octets, WeierstrassCurve

Members = dict[str, bytes]

MINIMUM_RSA_BITS = 2048
"""RFC 7518 §3.3, §3.5."""
MAXIMUM_RSA_BYTES = 2048
"""16,384 bits, as in OpenSSL: the time for one signature grows with the cube of the length."""


@dataclass(frozen=True, kw_only=True)
class KeyType:
    """One row: a value of ``kty``.

    Attributes:
        kty: its name.
        title: one such key, for a sentence: ``"an RSA key"``.
        meaning: what it is, in a phrase.
        spec: where it is defined.
        public: the members that everybody may know (RFC 7518 §6); empty for a shared secret.
        private: the members that only the owner may know.
        pem: the PEM forms (RFC 7468) in which such a key is written; empty if there are none.
        minimum_bits: the smallest key that may be used, whatever the algorithm; 0 where it depends on that.
    """

    kty: str
    title: str
    meaning: str
    spec: str
    public: tuple[str, ...]
    private: tuple[str, ...]
    pem: tuple[str, ...] = ()
    minimum_bits: int = 0

    curve_class: ClassVar[type[Curve] | None] = None

    @property
    def curves(self) -> Mapping[str, Curve]:
        """The curves that keys of this type lie on, by name."""
        of = self.curve_class
        return {} if of is None else {each.name: each for each in CURVES.values() if isinstance(each, of)}

    @property
    def thumbprint_members(self) -> tuple[str, ...]:
        """What the thumbprint is computed from (RFC 7638 §3.2, RFC 8037 §2)."""
        crv = ("crv",) if self.curve_class else ()
        return tuple(sorted(("kty", *crv, *(self.public or self.private))))

    def wanted(self, crv: str) -> str:
        """What an algorithm of this type of key takes, for a sentence."""
        return f"{self.title} on {crv}" if crv else self.title

    def words(self, octets: Octets, crv: str) -> str:
        """What a key is, for a sentence: ``"a private EC key on P-256"``."""
        raise NotImplementedError

    def bits(self, octets: Octets, crv: str) -> int:
        """The size of a key."""
        size: int = CURVES[crv].bits
        return size

    def fault(self, octets: bytes, crv: str) -> str:
        """Why these bytes cannot be a member of such a key, or ``""``."""
        if not self.curve_class or len(octets) == CURVES[crv].size:
            return ""
        size = CURVES[crv].size
        return f"has {len(octets)} bytes; on {crv} it has {size} (RFC 7518 §6.2.1, RFC 8037 §2)"

    def complete(self, octets: Members) -> Members:
        """All members of a key, where some can be computed from the others."""
        return octets

    def generate(self, crv: str, bits: int) -> Any:
        """A new private key, as an object of ``cryptography``."""
        raise InvalidKey(f"{self.title} is no key pair")

    def derive(self, crv: str, seed: bytes) -> Any:
        """The private key that belongs to a seed, the same every time, or ``None`` where that is not done.

        For a lab only: whoever knows the seed has the key.
        """
        return None

    def export(self, crypto: Any) -> tuple[str, Members] | None:
        """Curve and members of an object of ``cryptography``; ``None`` if it is no key of this type."""
        return None

    def public_crypto(self, octets: Octets, crv: str) -> Any:
        """The public half as an object of ``cryptography``; ValueError if the numbers are no key."""
        raise InvalidKey(f"{self.title} has no public half")

    def private_crypto(self, octets: Octets, crv: str) -> Any:
        """The private key as an object of ``cryptography``; ValueError if the numbers are no key."""
        raise InvalidKey(f"{self.title} is no key pair")


def _half(octets: Octets) -> str:
    return "private" if "d" in octets else "public"


def _public_of(crypto: Any) -> tuple[Any, Any]:
    """The public half, and the private key or ``None``."""
    private = crypto if hasattr(crypto, "private_bytes") else None
    return (crypto.public_key() if private else crypto), private


@dataclass(frozen=True)
class SecretType(KeyType):
    """Bytes that both sides know."""

    def words(self, octets: Octets, crv: str) -> str:
        return f"a shared secret of {self.bits(octets, crv)} bits"

    def bits(self, octets: Octets, crv: str) -> int:
        return len(octets["k"]) * 8


@dataclass(frozen=True)
class RsaType(KeyType):
    """A modulus and two exponents."""

    def words(self, octets: Octets, crv: str) -> str:
        return f"a {_half(octets)} RSA key of {self.bits(octets, crv)} bits"

    def bits(self, octets: Octets, crv: str) -> int:
        return int.from_bytes(octets["n"]).bit_length()

    def fault(self, octets: bytes, crv: str) -> str:
        if not octets or octets[0] == 0:
            return "is a positive number without leading zero bytes (RFC 7518 §2, §6.3)"
        if len(octets) > MAXIMUM_RSA_BYTES:
            return f"has {len(octets):,} bytes; nobody computes with more than {MAXIMUM_RSA_BYTES:,}"
        return ""

    def complete(self, octets: Members) -> Members:
        """A private key may come as n, e, d alone (RFC 7518 §6.3.2): find its primes."""
        given = [name for name in self.private if name in octets]
        if not given or len(given) == len(self.private):
            return octets
        if given != ["d"]:
            missing = next(name for name in self.private if name not in octets)
            raise InvalidKey(
                f"JWK of kty 'RSA': {missing!r} is missing; give d alone or all six (RFC 7518 §6.3.2)"
            )
        if len(octets["n"]) > MAXIMUM_RSA_BYTES // 4:
            raise InvalidKey("JWK of kty 'RSA': for a key of this length give all six members, not 'd' alone")
        n, e, d = (int.from_bytes(octets[name]) for name in ("n", "e", "d"))
        try:
            p, q = rsa.rsa_recover_prime_factors(n, e, d)
        except ValueError as error:
            raise InvalidKey("JWK of kty 'RSA': 'd' does not belong to 'n' and 'e'") from error
        p, q = max(p, q), min(p, q)
        numbers = (d, p, q, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
        return octets | dict(zip(self.private, map(_integer, numbers), strict=True))

    def generate(self, crv: str, bits: int) -> Any:
        try:
            return rsa.generate_private_key(65537, bits)
        except ValueError as error:
            raise UsageError(f"an RSA key of {bits} bits cannot be made: {error}") from error

    def export(self, crypto: Any) -> tuple[str, Members] | None:
        public, private = _public_of(crypto)
        if not isinstance(public, rsa.RSAPublicKey):
            return None
        numbers = public.public_numbers()
        octets = {"n": _integer(numbers.n), "e": _integer(numbers.e)}
        if private is not None:
            own = private.private_numbers()
            all_six = (own.d, own.p, own.q, own.dmp1, own.dmq1, own.iqmp)
            octets |= dict(zip(self.private, map(_integer, all_six), strict=True))
        return "", octets

    def _numbers(self, octets: Octets) -> rsa.RSAPublicNumbers:
        return rsa.RSAPublicNumbers(int.from_bytes(octets["e"]), int.from_bytes(octets["n"]))

    def public_crypto(self, octets: Octets, crv: str) -> Any:
        return self._numbers(octets).public_key()

    def private_crypto(self, octets: Octets, crv: str) -> Any:
        d, p, q, dp, dq, qi = (int.from_bytes(octets[name]) for name in self.private)
        return rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, self._numbers(octets)).private_key()


@dataclass(frozen=True)
class EllipticType(KeyType):
    """A point of a Weierstrass curve, and how often the base point has to be added to get there."""

    curve_class = WeierstrassCurve

    def words(self, octets: Octets, crv: str) -> str:
        return f"a {_half(octets)} EC key on {crv}"

    def _curve(self, crv: str) -> WeierstrassCurve:
        curve = CURVES[crv]
        assert isinstance(curve, WeierstrassCurve)  # the curves of this type of key are of this class
        return curve

    def generate(self, crv: str, bits: int) -> Any:
        return ec.generate_private_key(self._curve(crv).crypto)

    def derive(self, crv: str, seed: bytes) -> Any:
        curve = self._curve(crv)
        return ec.derive_private_key(int.from_bytes(seed) % (curve.n - 1) + 1, curve.crypto)

    def export(self, crypto: Any) -> tuple[str, Members] | None:
        public, private = _public_of(crypto)
        if not isinstance(public, ec.EllipticCurvePublicKey):
            return None
        name = public.curve.name
        crv = next((crv for crv in self.curves if self._curve(crv).crypto.name == name), None)
        if crv is None:
            raise InvalidKey(f"curve {name} is none of {', '.join(self.curves)}")
        size, numbers = CURVES[crv].size, public.public_numbers()
        octets = {"x": numbers.x.to_bytes(size), "y": numbers.y.to_bytes(size)}
        if private is not None:
            octets["d"] = private.private_numbers().private_value.to_bytes(size)
        return crv, octets

    def public_crypto(self, octets: Octets, crv: str) -> Any:
        x, y = int.from_bytes(octets["x"]), int.from_bytes(octets["y"])
        return ec.EllipticCurvePublicNumbers(x, y, self._curve(crv).crypto).public_key()

    def private_crypto(self, octets: Octets, crv: str) -> Any:
        return ec.derive_private_key(int.from_bytes(octets["d"]), self._curve(crv).crypto)


@dataclass(frozen=True)
class OctetPairType(KeyType):
    """A public and a private string of bytes, on a curve of EdDSA."""

    curve_class = EdwardsCurve

    def wanted(self, crv: str) -> str:
        return f"an {crv} key (kty OKP)"

    def words(self, octets: Octets, crv: str) -> str:
        return f"a {_half(octets)} {crv} key"

    def _curve(self, crv: str) -> EdwardsCurve:
        curve = CURVES[crv]
        assert isinstance(curve, EdwardsCurve)  # the curves of this type of key are of this class
        return curve

    def generate(self, crv: str, bits: int) -> Any:
        return self._curve(crv).private.generate()

    def derive(self, crv: str, seed: bytes) -> Any:
        curve = self._curve(crv)
        return curve.private.from_private_bytes(seed[: curve.size])

    def export(self, crypto: Any) -> tuple[str, Members] | None:
        public, private = _public_of(crypto)
        crv = next((crv for crv in self.curves if isinstance(public, self._curve(crv).public)), None)
        if crv is None:
            return None
        octets = {"x": public.public_bytes_raw()}
        return crv, octets | ({"d": private.private_bytes_raw()} if private else {})

    def public_crypto(self, octets: Octets, crv: str) -> Any:
        return self._curve(crv).public.from_public_bytes(octets["x"])

    def private_crypto(self, octets: Octets, crv: str) -> Any:
        return self._curve(crv).private.from_private_bytes(octets["d"])


def _integer(value: int) -> bytes:
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8))


_PAIR = ("PUBLIC KEY", "PRIVATE KEY", "CERTIFICATE")

_ROWS: tuple[KeyType, ...] = (
    SecretType(
        kty="oct",
        title="a shared secret (kty oct)",
        meaning="bytes that both sides know: whoever can check can also sign",
        spec="RFC 7518 §6.4",
        public=(),
        private=("k",),
    ),
    RsaType(
        kty="RSA",
        title="an RSA key",
        meaning="a modulus of two primes, and two exponents",
        spec="RFC 7518 §6.3",
        public=("n", "e"),
        private=("d", "p", "q", "dp", "dq", "qi"),
        pem=(*_PAIR, "RSA PUBLIC KEY", "RSA PRIVATE KEY"),
        minimum_bits=MINIMUM_RSA_BITS,
    ),
    EllipticType(
        kty="EC",
        title="an EC key",
        meaning="a point on an elliptic curve",
        spec="RFC 7518 §6.2",
        public=("x", "y"),
        private=("d",),
        pem=(*_PAIR, "EC PRIVATE KEY"),
    ),
    OctetPairType(
        kty="OKP",
        title="an Edwards-curve key",
        meaning="a pair of byte strings, as EdDSA uses them",
        spec="RFC 8037 §2",
        public=("x",),
        private=("d",),
        pem=_PAIR,
    ),
)

KEY_TYPES: Mapping[str, KeyType] = MappingProxyType({row.kty: row for row in _ROWS})
"""Every type of key, by its name as ``kty``."""
