"""Keys: what a JSON Web Key is (RFC 7517), in each of its forms, and its thumbprint (RFC 7638).

A `Key` is frozen and knows what it is for. Reading one is liberal about *quality* (a short
secret, a small modulus): judging that is the business of the named checks in
`jwtlab.jose.key_checks`, so that each of them can be shown and switched off. Reading is strict
about *form*: what cannot be a key is refused with the name of the member that is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm

from jwtlab.checks import Memory
from jwtlab.errors import InvalidKey, UsageError
from jwtlab.jose import base64url, key_members
from jwtlab.jose.algorithms import ALGORITHMS, Algorithm
from jwtlab.jose.key_members import Parts
from jwtlab.jose.key_text import KeyText
from jwtlab.jose.key_types import KEY_TYPES, KeyType

_TEXT_MEMBERS = ("kid", "use", "alg")
_STATE = ("kty", "crv", *_TEXT_MEMBERS, "key_ops", "only_for")


@dataclass(frozen=True)
class Key:
    """One key: a shared secret, or one half or both halves of a key pair.

    Make one with `generate`, `from_jwk`, `from_pem` or `from_secret`.

    Attributes:
        kty: ``"oct"``, ``"RSA"``, ``"EC"`` or ``"OKP"`` (RFC 7518 §6.1).
        crv: the curve, or ``""``.
        kid: its name, or ``None`` (RFC 7517 §4.5).
        use: ``"sig"``, ``"enc"`` or ``None`` (RFC 7517 §4.2).
        key_ops: what it may do, or ``None`` for no restriction (RFC 7517 §4.3).
        alg: the one algorithm that it is for, or ``None`` (RFC 7517 §4.4).
        only_for: the algorithms that its PEM restricts it to, or nothing: an RSASSA-PSS key says so in
            its very type (RFC 4055 §1.2). A JWK has no member for this.
    """

    kty: str
    crv: str
    octets: Mapping[str, bytes] = field(repr=False)
    kid: str | None = None
    use: str | None = None
    key_ops: tuple[str, ...] | None = None
    alg: str | None = None
    only_for: tuple[str, ...] = ()

    # Making keys

    @classmethod
    def generate(
        cls,
        alg: str,
        *,
        kid: str | None = None,
        bits: int | None = None,
        random: Callable[[int], bytes] = os.urandom,
    ) -> Key:
        """A new key for an algorithm.

        Args:
            alg: the algorithm's name; it is written into the key.
            kid: its name; by default its thumbprint (RFC 7638) for a key pair, none for a secret
                (a thumbprint of a secret would help whoever guesses at it).
            bits: size of an RSA modulus (default 2048) or of a secret (default: the hash's size).
            random: where the bytes of a secret come from; key pairs are drawn by ``cryptography``.

        Raises:
            UnknownAlgorithm: no such algorithm.
            UsageError: a key of so many bits cannot be made.
        """
        algorithm = Algorithm.named(alg)
        size = algorithm.minimum_key_bits if bits is None else bits
        if isinstance(size, bool) or not isinstance(size, int) or size < 8:
            raise UsageError("bits is a whole number, 8 or more; leave it out for the usual size")
        if algorithm.kty == "oct":
            return cls("oct", "", MappingProxyType({"k": random(size // 8)}), kid, None, None, alg)
        key = cls._from_crypto(KEY_TYPES[algorithm.kty].generate(algorithm.crv, size))
        return replace(key, alg=alg, kid=key.thumbprint() if kid is None else kid)

    @classmethod
    def from_secret(cls, secret: bytes | str, *, kid: str | None = None, alg: str | None = None) -> Key:
        """A shared secret for HMAC.

        Args:
            secret: the bytes; text is taken as UTF-8.
            kid: its name.
            alg: the one algorithm that it is for.

        Raises:
            InvalidKey: it is neither bytes nor text.
        """
        return cls("oct", "", MappingProxyType(key_members.of_secret(secret)), kid, None, None, alg)

    @classmethod
    def from_pem(
        cls, pem: bytes | str, *, kid: str | None = None, alg: str | None = None, use: str | None = None
    ) -> Key:
        """A public key, private key or certificate in PEM (RFC 7468).

        Args:
            pem: the file's content. With a private key and certificates in it, it gives the private key.
            kid, alg, use: what the key is called and meant for; PEM itself cannot say so.

        Raises:
            InvalidKey: it is no PEM (the message says what it is, and the way out), is locked by a
                password, is of a type that signs no JWS, or its keys do not belong together.
        """
        return replace(cls._of(key_members.of_pem(pem)), kid=kid, alg=alg, use=use)

    @classmethod
    def from_text(cls, text: KeyText) -> Key:
        """The one key in a text that `jwtlab.jose.key_text.recognise` has recognised, in whatever form.

        Raises:
            InvalidKey: it cannot be read, or holds several keys.
        """
        if text.form == "JWK Set":
            raise InvalidKey(f"this is a JWK Set. {text.way_out}")
        if text.form == "JWK":
            return cls.from_jwk(text.pieces[0].content)
        return cls._of(key_members.of_pieces(text.pieces))

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any] | str | bytes) -> Key:
        """A key from its JSON form.

        Args:
            jwk: a JWK as a mapping or as JSON text. Members that are not understood are ignored
                (RFC 7517 §4).

        Raises:
            InvalidKey: a member is missing, of the wrong kind, of the wrong length or no strict
                base64url; the message names it. The values themselves are never repeated.
        """
        members = key_members.read_object(jwk)
        if "kty" not in members and "keys" in members:
            raise InvalidKey("this is a JWK Set, a list of keys. KeySet.from_jwks reads it")
        row, crv = key_members.type_and_curve(members)
        octets = key_members.octets(members, row, crv)
        kid, use, alg = (key_members.text(members, name) for name in _TEXT_MEMBERS)
        key = cls(row.kty, crv, MappingProxyType(octets), kid, use, key_members.key_ops(members), alg)
        certified = key_members.certified(members)
        if certified is not None and key.material != certified.material:
            raise InvalidKey("JWK: the certificate in 'x5c' belongs to another key (RFC 7517 §4.7)")
        return key

    @classmethod
    def _from_crypto(cls, crypto: Any) -> Key:
        """A key from an object of ``cryptography``."""
        return cls._of(key_members.exported(crypto))

    @classmethod
    def _of(cls, parts: Parts) -> Key:
        return cls(parts.kty, parts.crv, MappingProxyType(parts.octets), only_for=parts.only_for)

    # What it is

    @property
    def is_symmetric(self) -> bool:
        """One secret that both signs and verifies: whoever can check can also forge."""
        return self.kty == "oct"

    @property
    def is_private(self) -> bool:
        """It can sign."""
        return "k" in self.octets or "d" in self.octets

    @property
    def row(self) -> KeyType:
        """The row of its ``kty`` in `jwtlab.jose.key_types`."""
        return KEY_TYPES[self.kty]

    @cached_property
    def bits(self) -> int:
        """Its size: of the modulus, the secret or the curve, in bits."""
        return self.row.bits(self.octets, self.crv)

    @cached_property
    def material(self) -> tuple[str | bytes, ...]:
        """What makes it this key and no other: type, curve and public numbers (or the secret)."""
        return key_members.material(self.kty, self.crv, self.octets)

    @cached_property
    def _answers(self) -> dict[tuple[str, str], Memory]:
        return {}

    def answers(self, alg: str, operation: str) -> Memory:
        """Where checks keep what they have found out about this key, an algorithm and an operation."""
        return self._answers.setdefault((alg, operation), {})

    def signs(self) -> bool:
        """It is meant for signatures, or does not say what for (RFC 7517 §4.2)."""
        return self.use in (None, "sig")

    def verifies(self) -> bool:
        """It may verify, or does not say what it may do (RFC 7517 §4.3)."""
        return self.key_ops is None or "verify" in self.key_ops

    @property
    def modulus(self) -> int:
        return int.from_bytes(self.octets["n"])

    @property
    def exponent(self) -> int:
        return int.from_bytes(self.octets["e"])

    @property
    def secret(self) -> bytes:
        """The shared secret itself.

        Raises:
            InvalidKey: this is no shared secret.
        """
        if self.kty != "oct":
            raise InvalidKey(
                f"{self.label} is {self.type_in_words}; only a shared secret (kty oct) has a secret"
            )
        return self.octets["k"]

    @property
    def algorithms(self) -> tuple[str, ...]:
        """The algorithms that this type of key fits (its own ``alg``, if it names one)."""
        fitting = tuple(name for name, algorithm in ALGORITHMS.items() if algorithm.fits(self))
        allowed = tuple(name for name in fitting if not self.only_for or name in self.only_for)
        return tuple(name for name in allowed if self.alg in (None, name)) or allowed

    @property
    def type_in_words(self) -> str:
        return self.row.words(self.octets, self.crv)

    @property
    def label(self) -> str:
        """How messages call it: its kid, or "this key"."""
        return f"key {self.kid!r}" if self.kid is not None else "this key"

    def __repr__(self) -> str:
        named = f", kid {self.kid!r}" if self.kid is not None else ""
        return f"<Key: {self.type_in_words}{named}>"

    def __hash__(self) -> int:
        return hash((self.kty, self.crv, self.kid, tuple(sorted(self.octets.items()))))

    def __getstate__(self) -> dict[str, Any]:
        return {**{name: getattr(self, name) for name in _STATE}, "octets": dict(self.octets)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, octets=MappingProxyType(state["octets"]))

    # Other forms

    def public(self) -> Key:
        """The half that may be given away.

        Raises:
            InvalidKey: a shared secret has no public half.
        """
        if self.is_symmetric:
            raise InvalidKey(
                f"{self.label} is a shared secret: it has no public half, whoever has it can sign"
            )
        octets = {name: self.octets[name] for name in self.row.public}
        ops = None if self.key_ops is None else tuple(dict.fromkeys(map(_public_operation, self.key_ops)))
        return replace(self, octets=MappingProxyType(octets), key_ops=ops)

    def to_jwk(self, *, private: bool = False) -> dict[str, Any]:
        """The key as a JWK.

        Args:
            private: include the private or secret members. Without it, a shared secret is refused.
        """
        if self.is_symmetric and not private:
            raise InvalidKey(
                f"{self.label} is a shared secret: publishing it gives it away; private=True insists"
            )
        names = self.row.public + (self.row.private if private else ())
        jwk: dict[str, Any] = {"kty": self.kty, **({"crv": self.crv} if self.crv else {})}
        jwk |= {name: base64url.encode(self.octets[name]) for name in names if name in self.octets}
        jwk |= {name: getattr(self, name) for name in _TEXT_MEMBERS if getattr(self, name) is not None}
        if self.key_ops is not None:
            jwk["key_ops"] = list(self.key_ops)
        return jwk

    def to_pem(self, *, private: bool = False) -> bytes:
        """The key as PEM: SubjectPublicKeyInfo, or PKCS #8 for a private key.

        Raises:
            InvalidKey: a shared secret has no PEM form; or ``private`` is asked of a public key.
        """
        if self.is_symmetric:
            raise InvalidKey(f"{self.label} is a shared secret; PEM is for key pairs")
        if private:
            return key_members.private_pem(self.private_crypto)
        return key_members.public_pem(self.public_crypto)

    def thumbprint(self) -> str:
        """A name computed from the key: SHA-256 over its required members in order (RFC 7638 §3)."""
        return key_members.thumbprint(self.kty, self.crv, self.octets)

    # What signs and verifies

    @cached_property
    def public_crypto(self) -> Any:
        """The public half as an object of ``cryptography``.

        Raises:
            InvalidKey: the numbers are no key (a point off its curve, an impossible exponent).
        """
        if self.is_symmetric:
            raise InvalidKey(f"{self.label} is a shared secret: it has no public half")
        try:
            return self.row.public_crypto(self.octets, self.crv)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise InvalidKey(f"{self.label} is no usable key: {error}") from error

    @cached_property
    def private_crypto(self) -> Any:
        """The private key as an object of ``cryptography``.

        Raises:
            InvalidKey: this is a public key, or its numbers do not belong together.
        """
        if not self.is_private:
            raise InvalidKey(f"{self.label} is a public key; the private one is needed here")
        try:
            return self._load_private()
        except (ValueError, UnsupportedAlgorithm) as error:
            raise InvalidKey(f"{self.label} is no usable private key: {error}") from error

    def _load_private(self) -> Any:
        if self.is_symmetric:
            raise InvalidKey(f"{self.label} is a shared secret, not a key pair")
        private = self.row.private_crypto(self.octets, self.crv)
        if key_members.exported(private).material != self.material:
            raise InvalidKey(f"{self.label}: the private half does not belong to the public half")
        return private


def _public_operation(operation: str) -> str:
    return "verify" if operation == "sign" else operation
