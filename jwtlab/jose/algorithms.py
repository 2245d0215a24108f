"""The algorithms, one row each: RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2.

Nothing else in the house enumerates algorithms: a new one is one row of `ROWS`. ``none`` is in no row:
a token without a signature is not a signed token, and the one room where it can be made is
``jwtlab.attacks``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature as _Mismatch
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils

from jwtlab.errors import InvalidKey, UnknownAlgorithm, UsageError, kind
from jwtlab.jose.curves import CURVES
from jwtlab.jose.key_types import KEY_TYPES

MAXIMUM_EXPONENT_BITS = 64
"""OpenSSL's limit for the public exponent where the modulus is longer than 3072 bits."""


class KeyOf(Protocol):
    """What an algorithm wants to know of a key; `jwtlab.jose.key.Key` is one."""

    @property
    def kty(self) -> str: ...
    @property
    def crv(self) -> str: ...
    @property
    def bits(self) -> int: ...
    @property
    def exponent(self) -> int: ...
    @property
    def secret(self) -> bytes: ...
    @property
    def is_private(self) -> bool: ...
    @property
    def label(self) -> str: ...
    @property
    def type_in_words(self) -> str: ...
    @property
    def public_crypto(self) -> Any: ...
    @property
    def private_crypto(self) -> Any: ...


@dataclass(frozen=True, kw_only=True)
class Algorithm:
    """One row of the table.

    Attributes:
        name: the value of the header parameter ``alg``.
        family: how it signs.
        meaning: the same in a phrase.
        kty: the type of key that it takes: a row of `jwtlab.jose.key_types`.
        crv: the curve, for those that have one: a row there, too.
        hash: the hash function's name in ``hashlib``; empty for EdDSA, which brings its own.
        signature_bytes: the length of a signature, or ``None`` where it is the length of the modulus.
        spec: where it is defined.
        explanation: what a glossary adds to the meaning, in a sentence.
        signs: ``(algorithm, key, data) -> signature``.
        matches: ``(algorithm, key, data, signature) -> bool``.
    """

    name: str
    family: str
    meaning: str
    kty: str
    crv: str = ""
    hash: str = ""
    signature_bytes: int | None
    spec: str
    explanation: str = field(default="", repr=False)
    signs: Callable[[Algorithm, KeyOf, bytes], bytes] = field(repr=False)
    matches: Callable[[Algorithm, KeyOf, bytes, bytes], bool] = field(repr=False)

    @staticmethod
    def named(name: object) -> Algorithm:
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

    @property
    def symmetric(self) -> bool:
        """One secret both signs and verifies."""
        return self.kty == "oct"

    @cached_property
    def minimum_key_bits(self) -> int:
        """The smallest key that may be used: RFC 7518 §3.2 (HMAC), §3.3 and §3.5 (RSA)."""
        if self.kty == "oct":
            return hashlib.new(self.hash).digest_size * 8
        minimum: int = CURVES[self.crv].bits if self.crv else KEY_TYPES[self.kty].minimum_bits
        return minimum

    @cached_property
    def hash_function(self) -> hashes.HashAlgorithm:
        """The hash function as ``cryptography`` names it."""
        function: hashes.HashAlgorithm = getattr(hashes, self.hash.upper())()
        return function

    @cached_property
    def arguments(self) -> tuple[Any, ...]:
        """What ``cryptography`` wants to be told beside data and signature, to verify."""
        if self.family == PKCS1:
            return padding.PKCS1v15(), self.hash_function
        if self.family == PSS:
            # RFC 7518 §3.5: the salt is as long as the hash, and MGF1 uses the same hash.
            mask = padding.MGF1(self.hash_function)
            return padding.PSS(mask, padding.PSS.DIGEST_LENGTH), self.hash_function
        return (ec.ECDSA(self.hash_function),) if self.family == ECDSA else ()

    @cached_property
    def deterministic(self) -> ec.ECDSA:
        """ECDSA by RFC 6979: the nonce is computed, not drawn, so the same bytes give the same signature."""
        return ec.ECDSA(self.hash_function, deterministic_signing=True)

    def fits(self, key: KeyOf) -> bool:
        """Is the key of the type and curve that this algorithm takes?"""
        return key.kty == self.kty and key.crv == self.crv

    def signature_size(self, key: KeyOf) -> int:
        """The length of a signature with this key."""
        return self.signature_bytes or (key.bits + 7) // 8

    def sign(self, key: KeyOf, data: bytes) -> bytes:
        """Sign bytes.

        Raises:
            InvalidKey: the key is of another type, or is a public key.
        """
        self._refuse_misfit(key)
        if not key.is_private:
            raise InvalidKey(
                f"{key.label} is a public key: it verifies, it cannot sign. Signing needs the private key"
            )
        return self.signs(self, key, data)

    def verify(self, key: KeyOf, data: bytes, signature: bytes) -> bool:
        """Does the signature belong to these bytes and this key?

        Raises:
            InvalidKey: the key is of another type. It is refused before any mathematics.
        """
        self._refuse_misfit(key)
        return len(signature) == self.signature_size(key) and self.matches(self, key, data, signature)

    def _refuse_misfit(self, key: KeyOf) -> None:
        if not self.fits(key):
            raise InvalidKey(f"{self.name} takes {self.key_wanted}; {key.label} is {key.type_in_words}")

    @property
    def key_wanted(self) -> str:
        return KEY_TYPES[self.kty].wanted(self.crv)


# How each family signs and verifies.

HMAC, PKCS1, PSS, ECDSA, EDDSA = "HMAC", "RSASSA-PKCS1-v1_5", "RSASSA-PSS", "ECDSA", "EdDSA"


def _sign_hmac(algorithm: Algorithm, key: KeyOf, data: bytes) -> bytes:
    return hmac.digest(key.secret, data, algorithm.hash)


def _verify_hmac(algorithm: Algorithm, key: KeyOf, data: bytes, signature: bytes) -> bool:
    # Compared in constant time: otherwise the answer's delay tells how many bytes were right.
    return hmac.compare_digest(hmac.digest(key.secret, data, algorithm.hash), signature)


def _sign_rsa(algorithm: Algorithm, key: KeyOf, data: bytes) -> bytes:
    try:
        signature: bytes = key.private_crypto.sign(data, *algorithm.arguments)
    except ValueError as error:
        raise InvalidKey(_too_small(algorithm, key)) from error
    return signature


def _verify_rsa(algorithm: Algorithm, key: KeyOf, data: bytes, signature: bytes) -> bool:
    try:
        return _matches(algorithm, key, data, signature)
    except ValueError as error:
        raise InvalidKey(_too_small(algorithm, key)) from error


def _too_small(algorithm: Algorithm, key: KeyOf) -> str:
    return f"{key.label} has {key.bits} bits: too few to hold a signature of {algorithm.name}"


def _sign_ecdsa(algorithm: Algorithm, key: KeyOf, data: bytes) -> bytes:
    der = key.private_crypto.sign(data, algorithm.deterministic)
    return der_to_raw(der, CURVES[algorithm.crv].size)


def _verify_ecdsa(algorithm: Algorithm, key: KeyOf, data: bytes, signature: bytes) -> bool:
    r, s = split_signature(signature)
    order = CURVES[algorithm.crv].n
    if not (0 < r < order and 0 < s < order):  # the check that Java 15 to 18 left out: CVE-2022-21449
        return False
    return _matches(algorithm, key, data, utils.encode_dss_signature(r, s))


def _sign_eddsa(algorithm: Algorithm, key: KeyOf, data: bytes) -> bytes:
    signature: bytes = key.private_crypto.sign(data)
    return signature


def _matches(algorithm: Algorithm, key: KeyOf, data: bytes, signature: bytes) -> bool:
    try:
        key.public_crypto.verify(signature, data, *algorithm.arguments)
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


def exponent_too_long(key: KeyOf) -> bool:
    """An RSA key that OpenSSL does not compute with: every signature of it seems wrong."""
    return key.exponent.bit_length() > MAXIMUM_EXPONENT_BITS and key.bits > 3072


def der_to_raw(der: bytes, size: int) -> bytes:
    """A DER signature (as X.509 and OpenSSL write it) as r ‖ s, ``size`` bytes each."""
    r, s = utils.decode_dss_signature(der)
    return r.to_bytes(size) + s.to_bytes(size)


# The rows.


def _hmac(bits: int) -> Algorithm:
    return Algorithm(
        name=f"HS{bits}",
        family=HMAC,
        meaning=f"HMAC with SHA-{bits}",
        kty="oct",
        hash=f"sha{bits}",
        signature_bytes=bits // 8,
        spec="RFC 7518 §3.2",
        explanation="One secret signs and verifies.",
        signs=_sign_hmac,
        matches=_verify_hmac,
    )


def _rsa(name: str, family: str, bits: int, spec: str, explanation: str) -> Algorithm:
    return Algorithm(
        name=name,
        family=family,
        meaning=f"{family} with SHA-{bits}",
        kty="RSA",
        hash=f"sha{bits}",
        signature_bytes=None,
        spec=spec,
        explanation=explanation,
        signs=_sign_rsa,
        matches=_verify_rsa,
    )


def _ecdsa(name: str, crv: str, bits: int, spec: str = "RFC 7518 §3.4") -> Algorithm:
    size = 2 * CURVES[crv].size
    return Algorithm(
        name=name,
        family=ECDSA,
        meaning=f"ECDSA on {crv} with SHA-{bits}",
        kty="EC",
        crv=crv,
        hash=f"sha{bits}",
        signature_bytes=size,
        spec=spec,
        explanation=f"A key pair on an elliptic curve, and signatures of {size} bytes.",
        signs=_sign_ecdsa,
        matches=_verify_ecdsa,
    )


def _eddsa(name: str, crv: str, spec: str) -> Algorithm:
    return Algorithm(
        name=name,
        family=EDDSA,
        meaning=f"EdDSA with {crv}",
        kty="OKP",
        crv=crv,
        signature_bytes=2 * CURVES[crv].size,
        spec=spec,
        explanation="A key pair on an Edwards curve; it hashes by itself and draws no random number.",
        signs=_sign_eddsa,
        matches=_matches,
    )


_PLAIN = "An RSA key pair; the same bytes are signed alike every time."
_AT_RANDOM = "An RSA key pair, padded at random: the same message is signed differently each time."

ROWS = (
    _hmac(256),
    _hmac(384),
    _hmac(512),
    _rsa("RS256", PKCS1, 256, "RFC 7518 §3.3", _PLAIN),
    _rsa("RS384", PKCS1, 384, "RFC 7518 §3.3", _PLAIN),
    _rsa("RS512", PKCS1, 512, "RFC 7518 §3.3", _PLAIN),
    _rsa("PS256", PSS, 256, "RFC 7518 §3.5", _AT_RANDOM),
    _rsa("PS384", PSS, 384, "RFC 7518 §3.5", _AT_RANDOM),
    _rsa("PS512", PSS, 512, "RFC 7518 §3.5", _AT_RANDOM),
    _ecdsa("ES256", "P-256", 256),
    _ecdsa("ES384", "P-384", 384),
    _ecdsa("ES512", "P-521", 512),
    _eddsa("EdDSA", "Ed25519", "RFC 8037 §3.1"),
    _eddsa("Ed25519", "Ed25519", "RFC 9864 §2.2"),
)

ALGORITHMS: Mapping[str, Algorithm] = MappingProxyType({row.name: row for row in ROWS})
"""Every algorithm there is here, by name."""


def allow_list(algorithms: Iterable[str]) -> tuple[str, ...]:
    """A verifier's list of algorithms, checked.

    Raises:
        UsageError: it is empty, or one text instead of a list of texts.
        UnknownAlgorithm: a name that is in no table.
    """
    if isinstance(algorithms, str | bytes) or not isinstance(algorithms, Iterable):
        raise UsageError(f'algorithms is a list of names, such as ["ES256"]; this is {kind(algorithms)}')
    names = tuple(Algorithm.named(name).name for name in algorithms)
    if not names:
        raise UsageError(
            'algorithms is empty, so no token could ever pass; name those you use, such as ["ES256"]'
        )
    return names
