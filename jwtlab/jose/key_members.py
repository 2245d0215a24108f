"""What a key is made of, read strictly as to its form: from a JWK (RFC 7517 §4, RFC 7518 §6), a file or a certificate.

What cannot be a key is refused with the name of the member that is wrong. Values are never repeated:
they may be secret.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from jwtlab.errors import InvalidKey, kind
from jwtlab.jose import base64url, key_text, strict_json
from jwtlab.jose.key_text import Piece
from jwtlab.jose.key_types import KEY_TYPES, KeyType, Members


def read_object(value: Mapping[str, Any] | str | bytes) -> Mapping[str, Any]:
    """A JWK as a mapping, whether it came as one or as JSON text.

    Raises:
        InvalidKey: it is no JSON object, or names a member twice.
    """
    if isinstance(value, Mapping):
        return value
    document = read_document(value, "a JWK")
    if document.duplicates:
        raise InvalidKey(f"a JWK: member {document.duplicates[0]!r} appears there twice (RFC 7517 §4)")
    if document.fault:
        raise InvalidKey(f"a JWK is a JSON object; in this one {document.fault}")
    return document.value or {}


def read_document(value: str | bytes, name: str) -> strict_json.Document:
    """JSON text as far as it can be read; the byte order mark that some programs write is passed over.

    Raises:
        InvalidKey: there is no object in it; the message says what it is instead.
    """
    if isinstance(value, str):
        value = value.encode("utf-8", "replace")
    if not isinstance(value, bytes | bytearray):
        raise InvalidKey(f"{name} is a JSON object; this is {kind(value)}")
    document = strict_json.read(bytes(value).removeprefix(b"\xef\xbb\xbf"))
    if document.value is None:
        text = key_text.recognise(bytes(value))
        if text is not None:
            raise InvalidKey(f"{name} is a JSON object; this is {text.words}. {text.way_out}")
        raise InvalidKey(f"{name} is a JSON object; this is {document.fault}")
    return document


def type_and_curve(jwk: Mapping[str, Any]) -> tuple[KeyType, str]:
    """The row of its ``kty``, and its ``crv`` (or ``""``)."""
    kty, crv = text(jwk, "kty"), text(jwk, "crv")
    if kty is None:
        raise InvalidKey("JWK: the member 'kty' (key type) is missing (RFC 7517 §4.1)")
    if kty not in KEY_TYPES:
        known = ", ".join(KEY_TYPES)
        raise InvalidKey(f"JWK: kty {kty[:40]!r} is not known; there are {known} (RFC 7518 §6.1)")
    row = KEY_TYPES[kty]
    if not row.curves:
        return row, ""
    if crv is None or crv not in row.curves:
        wanted = ", ".join(row.curves)
        raise InvalidKey(f"JWK of kty {kty!r}: crv is {str(crv)[:40]!r}; curves that sign here are {wanted}")
    return row, crv


def octets(jwk: Mapping[str, Any], row: KeyType, crv: str) -> Members:
    """The members that make the key what it is, decoded."""
    found = {name: _member(jwk, name, row, crv) for name in row.public}
    found |= {name: _member(jwk, name, row, crv) for name in row.private if name in jwk}
    if not row.public and not found:
        name = row.private[0]
        raise InvalidKey(
            f"JWK of kty {row.kty!r}: the member {name!r} (the secret) is missing ({row.spec}.1)"
        )
    if "oth" in jwk:
        raise InvalidKey("JWK: RSA keys of more than two primes ('oth') are not supported")
    return row.complete(found)


def _member(jwk: Mapping[str, Any], name: str, row: KeyType, crv: str) -> bytes:
    value = jwk.get(name)
    place = f"JWK of kty {row.kty!r}: member {name!r}"
    if value is None:
        raise InvalidKey(f"{place} is missing (RFC 7518 §6)")
    if not isinstance(value, str):
        raise InvalidKey(f"{place} is base64url text; this is {kind(value)}")
    fault = base64url.first_fault(value)
    if fault is not None:
        # Not the base64url message itself: it would repeat characters of a secret.
        raise InvalidKey(f"{place} is not strict base64url, at character {fault[0] + 1}")
    decoded = base64url.decode(value)
    unfit = row.fault(decoded, crv)
    if unfit:
        raise InvalidKey(f"{place} {unfit}")
    return decoded


def text(jwk: Mapping[str, Any], name: str) -> str | None:
    """A member that is text, or ``None`` where it is missing."""
    value = jwk.get(name)
    if value is None or isinstance(value, str):
        return value
    raise InvalidKey(f"JWK: member {name!r} is text; this is {kind(value)}")


def key_ops(jwk: Mapping[str, Any]) -> tuple[str, ...] | None:
    """What the key may do, or ``None`` where it does not say."""
    value = jwk.get("key_ops")
    if value is None:
        return None
    if not isinstance(value, list | tuple) or not all(isinstance(op, str) for op in value):
        raise InvalidKey("JWK: member 'key_ops' is a list of texts (RFC 7517 §4.3)")
    if len(set(value)) != len(value):
        raise InvalidKey("JWK: member 'key_ops' names an operation twice (RFC 7517 §4.3)")
    return tuple(value)


class Parts(NamedTuple):
    """What makes a key: its type, its curve and the numbers; and what its own file limits it to."""

    kty: str
    crv: str
    octets: Members
    only_for: tuple[str, ...] = ()

    @property
    def material(self) -> tuple[str | bytes, ...]:
        """What makes it this key and no other: type, curve and public numbers (or the secret)."""
        return material(self.kty, self.crv, self.octets)


def material(kty: str, crv: str, members: Mapping[str, bytes]) -> tuple[str | bytes, ...]:
    """Type, curve and public numbers of a key (or the secret)."""
    row = KEY_TYPES[kty]
    return (kty, crv, *(members[name] for name in row.public or row.private))


def certified(jwk: Mapping[str, Any]) -> Parts | None:
    """The key in the first certificate of ``x5c``; ``None`` where there is none that can be read."""
    x5c = jwk.get("x5c")
    if not isinstance(x5c, list) or not x5c or not isinstance(x5c[0], str):
        return None
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(x5c[0]))
        return exported(certificate.public_key())
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm, InvalidKey):
        return None


def exported(crypto: Any) -> Parts:
    """The parts of an object of ``cryptography``.

    Raises:
        InvalidKey: no row of `jwtlab.jose.key_types` knows such a key.
    """
    for row in KEY_TYPES.values():
        found = row.export(crypto)
        if found is not None:
            return Parts(row.kty, *found)
    name = type(crypto.public_key() if hasattr(crypto, "private_bytes") else crypto).__name__
    raise InvalidKey(f"a key of type {name.removesuffix('PublicKey')} signs no JWS here")


def of_pieces(pieces: Iterable[Piece]) -> Parts:
    """The private key among the pieces of a text, if there is one; else the first: in a chain, the leaf.

    Raises:
        InvalidKey: it cannot be read, holds several keys, or keys that do not belong together.
    """
    found = [(piece, _of_piece(piece)) for piece in pieces]
    private = [parts for piece, parts in found if piece.half == "private"]
    if not private:
        if len({parts.material for piece, parts in found if not piece.is_certificate}) > 1:
            raise InvalidKey("there are several public keys in this text; give each its own file and kid")
        return found[0][1]
    if len({parts.material for parts in private}) > 1:
        raise InvalidKey("there are several private keys in this text; give the one that is meant")
    public = [parts for piece, parts in found if piece.half == "public"]
    if public and not any(parts.material == private[0].material for parts in public):
        raise InvalidKey(
            "the certificate (or public key) and the private key in this text do not belong together"
        )
    return private[0]


_LOCKED = "this key is locked by a password; unlock it first (openssl pkey -in FILE -out OTHER)"


def _of_piece(piece: Piece) -> Parts:
    if piece.locked:
        raise InvalidKey(_LOCKED)
    try:
        parts = exported(piece.load())
    except TypeError as error:
        raise InvalidKey(_LOCKED) from error
    except (ValueError, UnsupportedAlgorithm, InternalError, x509.InvalidVersion) as error:
        # InternalError: OpenSSL finds a private Ed25519 key of the wrong length, and cryptography no words for it.
        raise InvalidKey(f"this is {piece.words}, but damaged or of a kind that signs no JWS here") from error
    return parts._replace(only_for=piece.only_for)


def of_secret(secret: bytes | str) -> dict[str, bytes]:
    """The members of a shared secret; text is taken as UTF-8.

    Raises:
        InvalidKey: it is neither bytes nor text.
    """
    octets = _utf8(secret, "a secret") if isinstance(secret, str) else secret
    if not isinstance(octets, bytes | bytearray):
        raise InvalidKey(f"a secret is bytes (or text, taken as UTF-8); this is {kind(secret)}")
    return {"k": bytes(octets)}


def of_pem(pem: bytes | str) -> Parts:
    """The key in a PEM (RFC 7468).

    Raises:
        InvalidKey: it is no PEM; the message says what it is, and the way out.
    """
    octets = _utf8(pem, "a PEM") if isinstance(pem, str) else pem
    if not isinstance(octets, bytes | bytearray):
        raise InvalidKey(f"a PEM is bytes or text; this is {kind(pem)}")
    text = key_text.recognise(bytes(octets))
    if text is None:
        raise InvalidKey(_NO_PEM)
    if text.form != "PEM" or not set(text.wrappings) <= {"in UTF-16", "in UTF-32"}:
        raise InvalidKey(f"this is {text.words}, no PEM. {text.way_out}")
    return of_pieces(text.pieces)


_NO_PEM = "this is no PEM key that can be read: it begins with a line such as '-----BEGIN PUBLIC KEY-----'"


def _utf8(text: str, name: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidKey(f"{name} is text that UTF-8 can write; this holds half a character") from None


def thumbprint(kty: str, crv: str, octets: Mapping[str, bytes]) -> str:
    """A name computed from a key: SHA-256 over its required members in order (RFC 7638 §3)."""
    values = {name: base64url.encode(each) for name, each in octets.items()} | {"kty": kty, "crv": crv}
    required = {name: values[name] for name in KEY_TYPES[kty].thumbprint_members}
    return base64url.encode(hashlib.sha256(strict_json.write(required, "thumbprint")).digest())


def public_pem(crypto: Any) -> bytes:
    """A public key of ``cryptography`` as SubjectPublicKeyInfo (RFC 5280 §4.1)."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    pem: bytes = crypto.public_bytes(serialization.Encoding.PEM, form)
    return pem


def private_pem(crypto: Any) -> bytes:
    """A private key of ``cryptography`` as PKCS #8 (RFC 5958), without a password."""
    form, lock = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem: bytes = crypto.private_bytes(serialization.Encoding.PEM, form, lock)
    return pem
