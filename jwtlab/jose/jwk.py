"""Keys: JSON Web Key and JWK Set (RFC 7517), their parameters (RFC 7518 §6, RFC 8037 §2), thumbprints (RFC 7638).

A `Key` is frozen and knows what it is for. Reading one is liberal about *quality* (a short
secret, a small modulus): judging that is the business of the named checks in
`jwtlab.jose.keychecks`, so that each of them can be shown and switched off. Reading is strict
about *form*: what cannot be a key is refused with the name of the member that is wrong.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from jwtlab.errors import InvalidKey, UsageError, kind
from jwtlab.jose import base64url, jwa, key_text, strict_json
from jwtlab.jose.curves import CURVES
from jwtlab.jose.key_text import KeyText, Piece

_EC_CURVES: dict[str, ec.EllipticCurve] = {
    "P-256": ec.SECP256R1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
}
_PUBLIC = {"RSA": ("n", "e"), "EC": ("x", "y"), "OKP": ("x",), "oct": ()}
_PRIVATE = {"RSA": ("d", "p", "q", "dp", "dq", "qi"), "EC": ("d",), "OKP": ("d",), "oct": ("k",)}
MAXIMUM_RSA_BYTES = 2048
"""16,384 bits, as in OpenSSL: the time for one signature grows with the cube of the length."""
_TEXT_MEMBERS = ("kid", "use", "alg")


@dataclass(frozen=True, repr=False)
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
        algorithm = jwa.get(alg)
        size = algorithm.minimum_key_bits if bits is None else bits
        if isinstance(size, bool) or not isinstance(size, int) or size < 8:
            raise UsageError("bits is a whole number, 8 or more; leave it out for the usual size")
        if algorithm.kty == "oct":
            return cls("oct", "", MappingProxyType({"k": random(size // 8)}), kid, None, None, alg)
        key = cls._from_crypto(_generate_pair(algorithm, size))
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
        if isinstance(secret, str):
            secret = _utf8(secret, "a secret")
        if not isinstance(secret, bytes | bytearray):
            raise InvalidKey(f"a secret is bytes (or text, taken as UTF-8); this is {kind(secret)}")
        return cls("oct", "", MappingProxyType({"k": bytes(secret)}), kid, None, None, alg)

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
        octets = _utf8(pem, "a PEM") if isinstance(pem, str) else pem
        if not isinstance(octets, bytes | bytearray):
            raise InvalidKey(f"a PEM is bytes or text; this is {kind(pem)}")
        text = key_text.recognise(bytes(octets))
        if text is None:
            raise InvalidKey(_NO_PEM)
        if text.form != "PEM" or not set(text.wrappings) <= {"in UTF-16", "in UTF-32"}:
            raise InvalidKey(f"this is {text.words}, no PEM. {_way_out(text)}")
        return replace(cls._from_pieces(text.pieces), kid=kid, alg=alg, use=use)

    @classmethod
    def from_text(cls, text: KeyText) -> Key:
        """The one key in a text that `jwtlab.jose.key_text.recognise` has recognised, in whatever form.

        Raises:
            InvalidKey: it cannot be read, or holds several keys.
        """
        if text.form == "JWK Set":
            raise InvalidKey(f"this is a JWK Set. {_way_out(text)}")
        return cls.from_jwk(text.pieces[0].content) if text.form == "JWK" else cls._from_pieces(text.pieces)

    @classmethod
    def _from_pieces(cls, pieces: Iterable[Piece]) -> Key:
        """The private key among them, if there is one; else the first: in a chain, the leaf."""
        keys = [(piece, cls._from_piece(piece)) for piece in pieces]
        private = [key for piece, key in keys if piece.half == "private"]
        if not private:
            if len({key for piece, key in keys if not piece.is_certificate}) > 1:
                raise InvalidKey("there are several public keys in this text; give each its own file and kid")
            return keys[0][1]
        if len(set(private)) > 1:
            raise InvalidKey("there are several private keys in this text; give the one that is meant")
        public = [key for piece, key in keys if piece.half == "public"]
        if public and not any(key.material == private[0].material for key in public):
            raise InvalidKey(
                "the certificate (or public key) and the private key in this text do not belong together"
            )
        return private[0]

    @classmethod
    def _from_piece(cls, piece: Piece) -> Key:
        if piece.locked:
            raise InvalidKey(_LOCKED)
        try:
            key = cls._from_crypto(piece.load())
        except TypeError as error:
            raise InvalidKey(_LOCKED) from error
        except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
            raise InvalidKey(
                f"this is {piece.words}, but damaged or of a kind that signs no JWS here"
            ) from error
        return replace(key, only_for=piece.only_for)

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
        members = _as_object(jwk, "a JWK")
        if "kty" not in members and "keys" in members:
            raise InvalidKey("this is a JWK Set, a list of keys. KeySet.from_jwks reads it")
        kty, crv = _type_and_curve(members)
        octets = {name: _member(members, name, kty, crv) for name in _PUBLIC[kty]}
        octets |= {name: _member(members, name, kty, crv) for name in _PRIVATE[kty] if name in members}
        if kty == "oct" and "k" not in octets:
            raise InvalidKey("JWK of kty 'oct': the member 'k' (the secret) is missing (RFC 7518 §6.4.1)")
        if "oth" in members:
            raise InvalidKey("JWK: RSA keys of more than two primes ('oth') are not supported")
        if kty == "RSA":
            octets = _complete_rsa(octets)
        kid, use, alg = (_text(members, name) for name in _TEXT_MEMBERS)
        key = cls(kty, crv, MappingProxyType(octets), kid, use, _key_ops(members), alg)
        certified = _certified_key(members.get("x5c"))
        if certified is not None and key.material != certified.material:
            raise InvalidKey("JWK: the certificate in 'x5c' belongs to another key (RFC 7517 §4.7)")
        return key

    @classmethod
    def _from_crypto(cls, crypto: Any) -> Key:
        """A key from an object of ``cryptography``."""
        kty, crv, octets = _octets_of(crypto)
        return cls(kty, crv, MappingProxyType(octets))

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
    def bits(self) -> int:
        """Its size: of the modulus, the secret or the curve, in bits."""
        if self.kty == "RSA":
            return self.modulus.bit_length()
        if self.kty == "oct":
            return len(self.octets["k"]) * 8
        return jwa.CURVE_BITS[self.crv]

    @property
    def material(self) -> tuple[str | bytes, ...]:
        """What makes it this key and no other: type, curve and public numbers (or the secret)."""
        return (self.kty, self.crv, *(self.octets[name] for name in _PUBLIC[self.kty] or ("k",)))

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
        fitting = tuple(name for name, algorithm in jwa.ALGORITHMS.items() if algorithm.fits(self))
        allowed = tuple(name for name in fitting if not self.only_for or name in self.only_for)
        return tuple(name for name in allowed if self.alg in (None, name)) or allowed

    @property
    def type_in_words(self) -> str:
        half = "private" if self.is_private else "public"
        return {
            "oct": f"a shared secret of {self.bits} bits",
            "RSA": f"a {half} RSA key of {self.bits} bits" if self.kty == "RSA" else "",
            "EC": f"a {half} EC key on {self.crv}",
            "OKP": f"a {half} {self.crv} key",
        }[self.kty]

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
        names = ("kty", "crv", "kid", "use", "key_ops", "alg", "only_for")
        return {**{name: getattr(self, name) for name in names}, "octets": dict(self.octets)}

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
        octets = {name: self.octets[name] for name in _PUBLIC[self.kty]}
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
        names = _PUBLIC[self.kty] + (_PRIVATE[self.kty] if private else ())
        jwk: dict[str, Any] = {"kty": self.kty}
        if self.crv:
            jwk["crv"] = self.crv
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
        pem = serialization.Encoding.PEM
        if not private:
            public: bytes = self.public_crypto.public_bytes(
                pem, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            return public
        octets: bytes = self.private_crypto.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return octets

    def thumbprint(self) -> str:
        """A name computed from the key: SHA-256 over its required members in order (RFC 7638 §3)."""
        required = {"kty": self.kty} | ({"crv": self.crv} if self.crv else {})
        names = _PUBLIC[self.kty] or ("k",)
        required |= {name: base64url.encode(self.octets[name]) for name in names}
        octets = strict_json.write(dict(sorted(required.items())), "thumbprint")
        return base64url.encode(hashlib.sha256(octets).digest())

    # What signs and verifies

    @cached_property
    def public_crypto(self) -> Any:
        """The public half as an object of ``cryptography``.

        Raises:
            InvalidKey: the numbers are no key (a point off its curve, an impossible exponent).
        """
        try:
            return _public_crypto(self)
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
            return _private_crypto(self)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise InvalidKey(f"{self.label} is no usable private key: {error}") from error


@dataclass(frozen=True)
class Ignored:
    """An entry of a JWK Set that cannot be used.

    Attributes:
        place: where it stands: ``"keys[2]"``.
        kid: its ``kid`` as it stands there, or ``None``.
        reason: why it cannot be used.
    """

    place: str
    kid: Any
    reason: str

    def __str__(self) -> str:
        called = "" if self.kid is None else f", called {str(self.kid)[:60]!r}"
        return f"{self.place}{called}: {self.reason}"


@dataclass(frozen=True)
class KeySet:
    """The keys that a verifier trusts: a JWK Set (RFC 7517 §5).

    Attributes:
        keys: the keys, in order.
        ignored: what a set contained besides: entries of unknown types and faulty ones. RFC 7517 §5
            asks to ignore these, so that one bad entry does not lose the set.
    """

    keys: tuple[Key, ...]
    ignored: tuple[Ignored, ...] = ()

    def __init__(self, keys: Iterable[Key], ignored: Iterable[Ignored] = ()) -> None:
        members = tuple(keys)
        wrong = next((key for key in members if not isinstance(key, Key)), None)
        if wrong is not None:
            raise UsageError(
                f"a KeySet holds Key objects; this is {kind(wrong)}. Key.from_jwk(...) makes one"
            )
        object.__setattr__(self, "keys", members)
        object.__setattr__(self, "ignored", tuple(ignored))

    @classmethod
    def from_jwks(cls, jwks: Mapping[str, Any] | str | bytes) -> KeySet:
        """A set from its JSON form.

        Entries that are no usable key are left out (RFC 7517 §5); ``ignored`` says which and why.

        Raises:
            InvalidKey: it is no JWK Set at all.
        """
        members, faulty = _as_set(jwks)
        if "kty" in members and "keys" not in members:
            raise InvalidKey("this is a single JWK, not a JWK Set. Key.from_jwk reads it")
        entries = members.get("keys")
        if not isinstance(entries, list | tuple):
            raise InvalidKey("a JWK Set has a member 'keys' that is a list of JWKs (RFC 7517 §5.1)")
        keys, ignored = [], []
        for number, entry in enumerate(entries):
            try:
                if not isinstance(entry, Mapping):
                    raise InvalidKey(f"a JWK is an object; this is {kind(entry)}")
                if any(entry is each for each in faulty):
                    raise InvalidKey("a member stands there more than once (RFC 7517 §4)")
                fault = strict_json.fault_in(entry)
                if fault:
                    raise InvalidKey(f"JWK: {fault}")
                keys.append(Key.from_jwk(entry))
            except InvalidKey as error:
                kid = entry.get("kid") if isinstance(entry, Mapping) else None
                ignored.append(Ignored(f"keys[{number}]", kid, str(error)))
        return cls(keys, ignored)

    def to_jwks(self, *, private: bool = False) -> dict[str, Any]:
        """The set as JSON to publish; shared secrets are refused unless ``private`` insists."""
        return {"keys": [key.to_jwk(private=private) for key in self.keys]}

    def public(self) -> KeySet:
        """The set of public halves."""
        return KeySet(key.public() for key in self.keys)

    def find(self, kid: str) -> tuple[Key, ...]:
        """The keys of this name: one, none or several (RFC 7517 §4.5: names SHOULD be distinct)."""
        return tuple(key for key in self.keys if key.kid == kid)

    def why_ignored(self, kid: str) -> Ignored | None:
        """The entry of this name that could not be used, if there is one."""
        return next((entry for entry in self.ignored if str(entry.kid) == kid), None)

    def __iter__(self) -> Iterator[Key]:
        return iter(self.keys)

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, kid: str) -> Key:
        """The one key of this name.

        Raises:
            KeyError: there is none, or there are several.
        """
        found = self.find(kid)
        if len(found) != 1:
            raise KeyError(
                f"{len(found)} keys are called {kid!r}; there are: {[key.kid for key in self.keys]}"
            )
        return found[0]

    def __repr__(self) -> str:
        return f"<KeySet: {', '.join(repr(key.kid) if key.kid else key.kty for key in self.keys) or 'empty'}>"


def as_key_set(keys: Key | KeySet | Iterable[Key]) -> KeySet:
    """A verifier's keys, however they were handed over.

    Raises:
        UsageError: it is neither a `Key`, nor a `KeySet`, nor an iterable of keys.
    """
    if isinstance(keys, KeySet):
        return keys
    if isinstance(keys, Key):
        return KeySet([keys])
    if isinstance(keys, str | bytes | Mapping) or not isinstance(keys, Iterable):
        raise UsageError(
            f"the key must be a Key or a KeySet; this is {kind(keys)}. "
            "Key.from_secret(...), Key.from_pem(...) or Key.from_jwk(...) make one"
        )
    return KeySet(keys)


def _utf8(text: str, name: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidKey(f"{name} is text that UTF-8 can write; this holds half a character") from None


def _public_operation(operation: str) -> str:
    return "verify" if operation == "sign" else operation


def _as_object(value: Mapping[str, Any] | str | bytes, name: str) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    document = _document(value, name)
    if document.duplicates:
        raise InvalidKey(f"{name}: member {document.duplicates[0]!r} appears there twice (RFC 7517 §4)")
    if document.fault:
        raise InvalidKey(f"{name} is a JSON object; in this one {document.fault}")
    return document.value or {}


def _as_set(value: Mapping[str, Any] | str | bytes) -> tuple[Mapping[str, Any], tuple[dict[str, Any], ...]]:
    """A JWK Set, and the objects in it that have two members of one name."""
    if isinstance(value, Mapping):
        return value, ()
    document = _document(value, "a JWK Set")
    members = document.value or {}
    if any(members is each for each in document.doubled):
        raise InvalidKey(f"a JWK Set: member {document.duplicates[0]!r} stands there more than once")
    entries = members.get("keys")
    if document.fault and not (isinstance(entries, list) and strict_json.fault_in(entries)):
        raise InvalidKey(f"a JWK Set is a JSON object; in this one {document.fault}")
    return members, document.doubled


def _document(value: str | bytes, name: str) -> strict_json.Document:
    """JSON text as far as it can be read; the byte order mark that some programs write is passed over."""
    if isinstance(value, str):
        value = value.encode("utf-8", "replace")
    if not isinstance(value, bytes | bytearray):
        raise InvalidKey(f"{name} is a JSON object; this is {kind(value)}")
    document = strict_json.read(bytes(value).removeprefix(b"\xef\xbb\xbf"))
    if document.value is None:
        text = key_text.recognise(bytes(value))
        if text is not None:
            raise InvalidKey(f"{name} is a JSON object; this is {text.words}. {_way_out(text)}")
        raise InvalidKey(f"{name} is a JSON object; this is {document.fault}")
    return document


_LOCKED = "this key is locked by a password; unlock it first (openssl pkey -in FILE -out OTHER)"
_NO_PEM = "this is no PEM key that can be read: it begins with a line such as '-----BEGIN PUBLIC KEY-----'"


def _way_out(text: KeyText) -> str:
    """What to do with a key that came in another form than the one asked for."""
    if key_text.ESCAPED in text.wrappings:
        return 'Turn them into line breaks first: text.replace("\\\\n", "\\n")'
    if text.words.endswith(key_text.PRINTED):
        return "json.dumps(...) writes JSON"
    if text.form == "PEM":
        return "Key.from_pem reads PEM" + (": take the wrapping off first" if text.wrappings else "")
    if text.form == "JWK":
        return "Key.from_jwk reads it"
    if text.form == "JWK Set":
        return "KeySet.from_jwks reads it"
    if text.form == "OpenSSH" and text.pieces[0].half == "private":
        return (
            "ssh-keygen -p -m PKCS8 -f FILE rewrites an RSA or EC key as PEM; "
            "jwtlab.jose.keytext.read_keys reads it as it is"
        )
    if text.form == "OpenSSH":
        return (
            "ssh-keygen -e -m PKCS8 -f FILE writes an RSA or EC key as PEM; "
            "jwtlab.jose.keytext.read_keys reads it as it is"
        )
    if text.form == "DER":
        side = "" if text.pieces[0].half == "private" else "-pubin "
        return f"openssl pkey {side}-inform DER -in FILE -out OTHER writes it as PEM"
    return "Export it as PEM or as a JWK"


def _type_and_curve(jwk: Mapping[str, Any]) -> tuple[str, str]:
    kty, crv = _text(jwk, "kty"), _text(jwk, "crv")
    if kty is None:
        raise InvalidKey("JWK: the member 'kty' (key type) is missing (RFC 7517 §4.1)")
    if kty not in _PUBLIC:
        raise InvalidKey(f"JWK: kty {kty[:40]!r} is not known; there are oct, RSA, EC, OKP (RFC 7518 §6.1)")
    if kty in ("oct", "RSA"):
        return kty, ""
    known = tuple(CURVES) if kty == "EC" else ("Ed25519",)
    if crv not in known:
        wanted = ", ".join(known)
        raise InvalidKey(f"JWK of kty {kty!r}: crv is {str(crv)[:40]!r}; curves that sign here are {wanted}")
    return kty, crv


def _member(jwk: Mapping[str, Any], name: str, kty: str, crv: str) -> bytes:
    value = jwk.get(name)
    place = f"JWK of kty {kty!r}: member {name!r}"
    if value is None:
        raise InvalidKey(f"{place} is missing (RFC 7518 §6)")
    if not isinstance(value, str):
        raise InvalidKey(f"{place} is base64url text; this is {kind(value)}")
    fault = base64url.first_fault(value)
    if fault is not None:
        # Not the base64url message itself: it would repeat characters of a secret.
        raise InvalidKey(f"{place} is not strict base64url, at character {fault[0] + 1}")
    octets = base64url.decode(value)
    size = CURVES[crv].size if kty == "EC" else 32 if kty == "OKP" else None
    if size is not None and len(octets) != size:
        raise InvalidKey(
            f"{place} has {len(octets)} bytes; on {crv} it has {size} (RFC 7518 §6.2.1, RFC 8037 §2)"
        )
    if kty == "RSA" and (not octets or octets[0] == 0):
        raise InvalidKey(f"{place} is a positive number without leading zero bytes (RFC 7518 §2, §6.3)")
    if kty == "RSA" and len(octets) > MAXIMUM_RSA_BYTES:
        raise InvalidKey(
            f"{place} has {len(octets):,} bytes; nobody computes with more than {MAXIMUM_RSA_BYTES:,}"
        )
    return octets


def _text(jwk: Mapping[str, Any], name: str) -> str | None:
    value = jwk.get(name)
    if value is None or isinstance(value, str):
        return value
    raise InvalidKey(f"JWK: member {name!r} is text; this is {kind(value)}")


def _key_ops(jwk: Mapping[str, Any]) -> tuple[str, ...] | None:
    value = jwk.get("key_ops")
    if value is None:
        return None
    if not isinstance(value, list | tuple) or not all(isinstance(op, str) for op in value):
        raise InvalidKey("JWK: member 'key_ops' is a list of texts (RFC 7517 §4.3)")
    if len(set(value)) != len(value):
        raise InvalidKey("JWK: member 'key_ops' names an operation twice (RFC 7517 §4.3)")
    return tuple(value)


def _complete_rsa(octets: dict[str, bytes]) -> dict[str, bytes]:
    """A private RSA key may come as n, e, d alone (RFC 7518 §6.3.2): find its primes."""
    given = [name for name in _PRIVATE["RSA"] if name in octets]
    if not given or len(given) == len(_PRIVATE["RSA"]):
        return octets
    if given != ["d"]:
        missing = next(name for name in _PRIVATE["RSA"] if name not in octets)
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
    return octets | dict(zip(_PRIVATE["RSA"], map(_integer, numbers), strict=True))


def _integer(value: int) -> bytes:
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8))


def _generate_pair(algorithm: jwa.Algorithm, bits: int) -> Any:
    if algorithm.kty == "RSA":
        try:
            return rsa.generate_private_key(65537, bits)
        except ValueError as error:
            raise UsageError(f"an RSA key of {bits} bits cannot be made: {error}") from error
    if algorithm.kty == "EC":
        return ec.generate_private_key(_EC_CURVES[algorithm.crv])
    return ed25519.Ed25519PrivateKey.generate()


def _certified_key(x5c: Any) -> Key | None:
    """The key of the first certificate in ``x5c``; ``None`` where there is none that can be read."""
    if not isinstance(x5c, list) or not x5c or not isinstance(x5c[0], str):
        return None
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(x5c[0]))
        return Key._from_crypto(certificate.public_key())
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm, InvalidKey):
        return None


def _octets_of(crypto: Any) -> tuple[str, str, dict[str, bytes]]:
    """kty, crv and members of an object of ``cryptography``."""
    private = crypto if hasattr(crypto, "private_bytes") else None
    public = crypto.public_key() if private else crypto
    if isinstance(public, rsa.RSAPublicKey):
        return "RSA", "", _rsa_octets(public.public_numbers(), private)
    if isinstance(public, ec.EllipticCurvePublicKey):
        return _ec_octets(public.public_numbers(), private)
    if isinstance(public, ed25519.Ed25519PublicKey):
        octets = {"x": public.public_bytes_raw()}
        return "OKP", "Ed25519", octets | ({"d": private.private_bytes_raw()} if private else {})
    raise InvalidKey(f"a key of type {type(public).__name__.removesuffix('PublicKey')} signs no JWS here")


def _rsa_octets(public: rsa.RSAPublicNumbers, private: Any) -> dict[str, bytes]:
    octets = {"n": _integer(public.n), "e": _integer(public.e)}
    if private is not None:
        own = private.private_numbers()
        numbers = (own.d, own.p, own.q, own.dmp1, own.dmq1, own.iqmp)
        octets |= dict(zip(_PRIVATE["RSA"], map(_integer, numbers), strict=True))
    return octets


def _ec_octets(public: ec.EllipticCurvePublicNumbers, private: Any) -> tuple[str, str, dict[str, bytes]]:
    crv = next((name for name, curve in _EC_CURVES.items() if curve.name == public.curve.name), None)
    if crv is None:
        raise InvalidKey(f"curve {public.curve.name} is none of {', '.join(_EC_CURVES)}")
    size = CURVES[crv].size
    octets = {"x": public.x.to_bytes(size), "y": public.y.to_bytes(size)}
    if private is not None:
        octets["d"] = private.private_numbers().private_value.to_bytes(size)
    return "EC", crv, octets


def _public_crypto(key: Key) -> Any:
    if key.kty == "RSA":
        return rsa.RSAPublicNumbers(key.exponent, key.modulus).public_key()
    if key.kty == "EC":
        x, y = int.from_bytes(key.octets["x"]), int.from_bytes(key.octets["y"])
        return ec.EllipticCurvePublicNumbers(x, y, _EC_CURVES[key.crv]).public_key()
    if key.kty == "OKP":
        return ed25519.Ed25519PublicKey.from_public_bytes(key.octets["x"])
    raise InvalidKey(f"{key.label} is a shared secret: it has no public half")


def _private_crypto(key: Key) -> Any:
    if key.kty == "RSA":
        d, p, q, dp, dq, qi = (int.from_bytes(key.octets[name]) for name in _PRIVATE["RSA"])
        public = rsa.RSAPublicNumbers(key.exponent, key.modulus)
        return rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, public).private_key()
    private: Any
    if key.kty == "EC":
        private = ec.derive_private_key(int.from_bytes(key.octets["d"]), _EC_CURVES[key.crv])
    elif key.kty == "OKP":
        private = ed25519.Ed25519PrivateKey.from_private_bytes(key.octets["d"])
    else:
        raise InvalidKey(f"{key.label} is a shared secret, not a key pair")
    derived = _octets_of(private)[2]
    if any(derived[name] != key.octets[name] for name in _PUBLIC[key.kty]):
        raise InvalidKey(f"{key.label}: the private half does not belong to the public half")
    return private
