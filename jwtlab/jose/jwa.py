"""The algorithms, as one table of facts: RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2.

Nothing else in the house enumerates algorithms. ``none`` is in no table: a token without a
signature is not a signed token, and the one room where it can be made is ``jwtlab.attacks``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature as _Mismatch
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils

from jwtlab.errors import InvalidKey, UnknownAlgorithm, UsageError, kind
from jwtlab.jose.curves import CURVES

if TYPE_CHECKING:
    from jwtlab.jose.jwk import Key

MINIMUM_RSA_BITS = 2048
MAXIMUM_EXPONENT_BITS = 64
"""OpenSSL's limit for the public exponent where the modulus is longer than 3072 bits."""


@dataclass(frozen=True)
class Algorithm:
    """One row of the table.

    Attributes:
        name: the value of the header parameter ``alg``.
        family: how it signs.
        meaning: the same in a phrase.
        kty: the type of key that it takes (RFC 7518 §6.1).
        crv: the curve, for those that have one.
        hash: the hash function's name in ``hashlib``; empty for EdDSA, which brings its own.
        signature_bytes: the length of a signature, or ``None`` where it is the length of the modulus.
        spec: where it is defined.
    """

    name: str
    family: str
    meaning: str
    kty: str
    crv: str
    hash: str
    signature_bytes: int | None
    spec: str

    @property
    def symmetric(self) -> bool:
        """One secret both signs and verifies."""
        return self.kty == "oct"

    @property
    def minimum_key_bits(self) -> int:
        """The smallest key that may be used: RFC 7518 §3.2 (HMAC), §3.3 and §3.5 (RSA)."""
        if self.kty == "oct":
            return hashlib.new(self.hash).digest_size * 8
        return MINIMUM_RSA_BITS if self.kty == "RSA" else CURVE_BITS[self.crv]

    def fits(self, key: Key) -> bool:
        """Is the key of the type and curve that this algorithm takes?"""
        return key.kty == self.kty and key.crv == self.crv

    def sign(self, key: Key, data: bytes) -> bytes:
        """Sign bytes.

        Raises:
            InvalidKey: the key is of another type, or is a public key.
        """
        self._refuse_misfit(key)
        if not key.is_private:
            raise InvalidKey(
                f"{key.label} is a public key: it verifies, it cannot sign. Signing needs the private key"
            )
        return _SIGN[self.family](self, key, data)

    def verify(self, key: Key, data: bytes, signature: bytes) -> bool:
        """Does the signature belong to these bytes and this key?

        Raises:
            InvalidKey: the key is of another type. It is refused before any mathematics.
        """
        self._refuse_misfit(key)
        if len(signature) != (self.signature_bytes or (key.bits + 7) // 8):
            return False
        return _VERIFY[self.family](self, key, data, signature)

    def _refuse_misfit(self, key: Key) -> None:
        if not self.fits(key):
            raise InvalidKey(f"{self.name} takes {self.key_wanted}; {key.label} is {key.type_in_words}")

    @property
    def key_wanted(self) -> str:
        return {
            "oct": "a shared secret (kty oct)",
            "RSA": "an RSA key",
            "EC": f"an EC key on {self.crv}",
            "OKP": f"an {self.crv} key (kty OKP)",
        }[self.kty]


CURVE_BITS = {"P-256": 256, "P-384": 384, "P-521": 521, "Ed25519": 256}


def _table() -> Mapping[str, Algorithm]:
    rows = [
        *(_hmac(bits) for bits in (256, 384, 512)),
        *(_rsa("RS", bits) for bits in (256, 384, 512)),
        *(_rsa("PS", bits) for bits in (256, 384, 512)),
        *(_ecdsa(bits, crv) for bits, crv in ((256, "P-256"), (384, "P-384"), (512, "P-521"))),
        Algorithm("EdDSA", "EdDSA", "EdDSA with Ed25519", "OKP", "Ed25519", "", 64, "RFC 8037 §3.1"),
        Algorithm("Ed25519", "EdDSA", "EdDSA with Ed25519", "OKP", "Ed25519", "", 64, "RFC 9864 §2.2"),
    ]
    return MappingProxyType({row.name: row for row in rows})


def _hmac(bits: int) -> Algorithm:
    name, size = f"HS{bits}", bits // 8
    return Algorithm(name, "HMAC", f"HMAC with SHA-{bits}", "oct", "", f"sha{bits}", size, "RFC 7518 §3.2")


def _rsa(prefix: str, bits: int) -> Algorithm:
    family, section = ("RSASSA-PKCS1-v1_5", "§3.3") if prefix == "RS" else ("RSASSA-PSS", "§3.5")
    meaning = f"{family} with SHA-{bits}"
    return Algorithm(f"{prefix}{bits}", family, meaning, "RSA", "", f"sha{bits}", None, f"RFC 7518 {section}")


def _ecdsa(bits: int, crv: str) -> Algorithm:
    meaning = f"ECDSA on {crv} with SHA-{bits}"
    size = 2 * CURVES[crv].size
    return Algorithm(f"ES{bits}", "ECDSA", meaning, "EC", crv, f"sha{bits}", size, "RFC 7518 §3.4")


def get(name: object) -> Algorithm:
    """The algorithm of this name.

    Raises:
        UnknownAlgorithm: it is in no table; the message lists those that are.
    """
    if isinstance(name, str) and name in ALGORITHMS:
        return ALGORITHMS[name]
    if isinstance(name, str) and name.lower() == "none":
        raise UnknownAlgorithm(f"{name!r} means 'no signature'; it is no algorithm here")
    known = ", ".join(ALGORITHMS)
    said = repr(name) if isinstance(name, str) else kind(name)
    raise UnknownAlgorithm(f"there is no algorithm {said[:60]}; there are: {known}")


def allow_list(algorithms: Iterable[str]) -> tuple[str, ...]:
    """A verifier's list of algorithms, checked.

    Raises:
        UsageError: it is empty, or one text instead of a list of texts.
        UnknownAlgorithm: a name that is in no table.
    """
    if isinstance(algorithms, str | bytes) or not isinstance(algorithms, Iterable):
        raise UsageError(f'algorithms is a list of names, such as ["ES256"]; this is {kind(algorithms)}')
    names = tuple(get(name).name for name in algorithms)
    if not names:
        raise UsageError(
            'algorithms is empty, so no token could ever pass; name those you use, such as ["ES256"]'
        )
    return names


# How each family signs and verifies.


def hash_of(algorithm: Algorithm) -> hashes.HashAlgorithm:
    """The hash function as ``cryptography`` names it."""
    table: dict[str, hashes.HashAlgorithm] = {
        "sha256": hashes.SHA256(),
        "sha384": hashes.SHA384(),
        "sha512": hashes.SHA512(),
    }
    return table[algorithm.hash]


def _sign_hmac(algorithm: Algorithm, key: Key, data: bytes) -> bytes:
    return hmac.digest(key.secret, data, algorithm.hash)


def _verify_hmac(algorithm: Algorithm, key: Key, data: bytes, signature: bytes) -> bool:
    # Compared in constant time: otherwise the answer's delay tells how many bytes were right.
    return hmac.compare_digest(hmac.digest(key.secret, data, algorithm.hash), signature)


def _sign_pkcs1(algorithm: Algorithm, key: Key, data: bytes) -> bytes:
    signature: bytes = key.private_crypto.sign(data, padding.PKCS1v15(), hash_of(algorithm))
    return signature


def _verify_pkcs1(algorithm: Algorithm, key: Key, data: bytes, signature: bytes) -> bool:
    return _matches(key.public_crypto, signature, data, padding.PKCS1v15(), hash_of(algorithm))


def _pss(algorithm: Algorithm) -> padding.PSS:
    # RFC 7518 §3.5: the salt is as long as the hash, and MGF1 uses the same hash.
    return padding.PSS(padding.MGF1(hash_of(algorithm)), padding.PSS.DIGEST_LENGTH)


def _sign_pss(algorithm: Algorithm, key: Key, data: bytes) -> bytes:
    try:
        signature: bytes = key.private_crypto.sign(data, _pss(algorithm), hash_of(algorithm))
    except ValueError as error:
        raise InvalidKey(_too_small(algorithm, key)) from error
    return signature


def _verify_pss(algorithm: Algorithm, key: Key, data: bytes, signature: bytes) -> bool:
    try:
        return _matches(key.public_crypto, signature, data, _pss(algorithm), hash_of(algorithm))
    except ValueError as error:
        raise InvalidKey(_too_small(algorithm, key)) from error


def _too_small(algorithm: Algorithm, key: Key) -> str:
    return f"{key.label} has {key.bits} bits: too few to hold a signature of {algorithm.name}"


def _sign_ecdsa(algorithm: Algorithm, key: Key, data: bytes) -> bytes:
    # RFC 6979: the nonce is computed, not drawn, so the same bytes give the same signature.
    der = key.private_crypto.sign(data, ec.ECDSA(hash_of(algorithm), deterministic_signing=True))
    return der_to_raw(der, CURVES[algorithm.crv].size)


def _verify_ecdsa(algorithm: Algorithm, key: Key, data: bytes, signature: bytes) -> bool:
    r, s = split_signature(signature)
    order = CURVES[algorithm.crv].n
    if not (0 < r < order and 0 < s < order):  # the check that Java 15 to 18 left out: CVE-2022-21449
        return False
    der = utils.encode_dss_signature(r, s)
    return _matches(key.public_crypto, der, data, ec.ECDSA(hash_of(algorithm)))


def _sign_eddsa(algorithm: Algorithm, key: Key, data: bytes) -> bytes:
    signature: bytes = key.private_crypto.sign(data)
    return signature


def _verify_eddsa(algorithm: Algorithm, key: Key, data: bytes, signature: bytes) -> bool:
    return _matches(key.public_crypto, signature, data)


def _matches(public_key: Any, signature: bytes, *arguments: Any) -> bool:
    try:
        public_key.verify(signature, *arguments)
    except _Mismatch:
        return False
    return True


def split_signature(signature: bytes) -> tuple[int, int]:
    """The numbers r and s of a JWS ECDSA signature, which is r and s one behind the other (RFC 7518 §3.4)."""
    half = len(signature) // 2
    return int.from_bytes(signature[:half]), int.from_bytes(signature[half:])


def is_der_signature(octets: bytes) -> bool:
    """Is this an ECDSA signature as X.509 and OpenSSL write it?"""
    try:
        utils.decode_dss_signature(octets)
    except ValueError:
        return False
    return True


def exponent_too_long(key: Key) -> bool:
    """An RSA key that OpenSSL does not compute with: every signature of it seems wrong."""
    return key.exponent.bit_length() > MAXIMUM_EXPONENT_BITS and key.bits > 3072


def der_to_raw(der: bytes, size: int) -> bytes:
    """A DER signature (as X.509 and OpenSSL write it) as r ‖ s, ``size`` bytes each."""
    r, s = utils.decode_dss_signature(der)
    return r.to_bytes(size) + s.to_bytes(size)


_SIGN = {
    "HMAC": _sign_hmac,
    "RSASSA-PKCS1-v1_5": _sign_pkcs1,
    "RSASSA-PSS": _sign_pss,
    "ECDSA": _sign_ecdsa,
    "EdDSA": _sign_eddsa,
}
_VERIFY = {
    "HMAC": _verify_hmac,
    "RSASSA-PKCS1-v1_5": _verify_pkcs1,
    "RSASSA-PSS": _verify_pss,
    "ECDSA": _verify_ecdsa,
    "EdDSA": _verify_eddsa,
}

ALGORITHMS: Mapping[str, Algorithm] = _table()
"""Every algorithm there is here, by name."""
