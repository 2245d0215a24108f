"""What a text of a key *is*: the one place that answers this, for whoever is handed a key.

Keys come as PEM (RFC 7468), DER, JWK and JWK Set (RFC 7517), OpenSSH lines and files (RFC 4253 §6.6,
RFC 4716), certificates (RFC 5280), and each of these again in UTF-16, behind a byte order mark, with
other line ends, with ``\\n`` written as two letters, in base64 or in hexadecimal. `recognise` looks at
what the bytes are, not at what they are called. It makes no key; `jwtlab.jose.jwk` does.
"""

from __future__ import annotations

import ast
import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any
from urllib.parse import unquote_to_bytes

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from jwtlab.jose.curves import CURVES

LIMIT = 1_048_576
"""Bytes beyond which nothing is looked at: no key is that long."""

ESCAPED = "with \\n written as two letters"
"""The wrapping of a PEM whose line breaks were turned into backslash and n, as in many a settings file."""

_MOST_WRAPPINGS = 3


@dataclass(frozen=True)
class Piece:
    """One key inside a text.

    Attributes:
        form: ``"PEM"``, ``"DER"``, ``"OpenSSH"``, ``"JWK"``, ``"JWK Set"``, ``"EC point"``, ``"XML"`` or ``"PGP"``.
        half: ``"public"``, ``"private"`` or ``"secret"`` (a JWK of kty oct).
        words: what it is, for a sentence: ``"a public key in PEM"``.
        octets: its bytes without the wrapping: DER, or the wire format of SSH.
        content: the JSON value of a JWK or JWK Set.
        locked: a password is needed.
        only_for: the algorithms that the key itself allows; empty for no restriction.
    """

    form: str
    half: str
    words: str
    octets: bytes = field(default=b"", repr=False)
    content: Any = field(default=None, repr=False)
    locked: bool = False
    only_for: tuple[str, ...] = ()

    def load(self) -> Any:
        """The key as an object of ``cryptography``.

        Raises:
            ValueError, UnsupportedAlgorithm: it is damaged, locked or of a kind that is not supported.
        """
        if self.form == "OpenSSH":
            return _load_ssh(self)
        if self.half == "private":
            return serialization.load_der_private_key(self.octets, password=None)
        certificate = _certificate(self.octets)
        return certificate.public_key() if certificate else serialization.load_der_public_key(self.octets)

    @property
    def is_certificate(self) -> bool:
        return "certificate" in self.words


@dataclass(frozen=True)
class KeyText:
    """What was recognised.

    Attributes:
        pieces: the keys in it, at least one, in order.
        wrappings: what had to be taken off first, outermost first: ``"in base64"``, ``"in UTF-16"``, `ESCAPED`.
    """

    pieces: tuple[Piece, ...]
    wrappings: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """Nothing in it is private: everybody may know it, so it protects nothing."""
        return all(piece.half == "public" for piece in self.pieces)

    @property
    def form(self) -> str:
        return self.pieces[0].form

    @property
    def words(self) -> str:
        """What it is, for a sentence: ``"a public key in PEM, in base64"``."""
        return ", ".join([self.pieces[0].words, *self.wrappings])


def recognise(octets: bytes | str) -> KeyText | None:
    """What these bytes are, or ``None`` if they are no key in any known form.

    Args:
        octets: bytes, or text (taken as UTF-8).
    """
    if isinstance(octets, str):
        octets = octets.encode("utf-8", "surrogatepass")
    return _recognise(bytes(octets), 0) if len(octets) <= LIMIT else None


def _recognise(octets: bytes, depth: int) -> KeyText | None:
    binary = _binary(octets)
    if binary is not None:
        return KeyText((binary,))
    text, encoding = _as_text(octets)
    if text is None:
        return None
    wrappings = (f"in {encoding}",) if encoding else ()
    for find in (_json_pieces, _pem_pieces, _ssh_lines, _other_forms):
        pieces = tuple(find(text))
        if pieces:
            escaped = pieces[0].form == "PEM" and re.search(r"-\\[rn]|\\n-", text) is not None
            return KeyText(pieces, (*wrappings, ESCAPED) if escaped else wrappings)
    if depth == _MOST_WRAPPINGS:
        return None
    for name, inner in _unwrapped(text):
        found = _recognise(inner, depth + 1)
        if found is not None:
            return replace(found, wrappings=(*wrappings, f"in {name}", *found.wrappings))
    return None


def _as_text(octets: bytes) -> tuple[str | None, str]:
    """The bytes as text, and the name of an unusual encoding."""
    head = octets[:4096]
    for mark, encoding in (
        (b"\xff\xfe\0\0", "UTF-32"),
        (b"\0\0\xfe\xff", "UTF-32"),
        (b"\xff\xfe", "UTF-16"),
        (b"\xfe\xff", "UTF-16"),
    ):
        if octets.startswith(mark):
            return _decoded(octets, encoding), encoding
    for encoding, letters in (("UTF-16-LE", head[::2]), ("UTF-16-BE", head[1::2])):
        nulls = head[1::2] if encoding == "UTF-16-LE" else head[::2]
        if len(nulls) > 8 and not any(nulls) and all(letters.rstrip(b"\0")):
            return _decoded(octets, encoding), "UTF-16"
    if octets.startswith(b"\xef\xbb\xbf"):
        octets = octets[3:]
    text = _decoded(octets, "utf-8")
    return (text if text is not None else octets.decode("latin-1")), ""


def _decoded(octets: bytes, encoding: str) -> str | None:
    try:
        return octets.decode(encoding)
    except UnicodeDecodeError:
        return None


def _unwrapped(text: str) -> Iterator[tuple[str, bytes]]:
    """The bytes that a text spells, for every spelling that it can be."""
    bare = re.sub(r"\s+|\\[rn]", "", text.strip().strip("\0'\"`"))
    if re.fullmatch(r"(0x)?([0-9A-Fa-f]{2}[: ,]?){32,}", bare):
        yield "hexadecimal", bytes.fromhex(re.sub("^0x|[: ,]", "", bare))
    if re.fullmatch(r"[A-Za-z0-9+/_-]{40,}={0,2}", bare):
        plain = bare.rstrip("=").replace("-", "+").replace("_", "/")
        name = "base64url" if "-" in bare or "_" in bare else "base64"
        with suppress(binascii.Error):
            yield name, base64.b64decode(plain + "=" * (-len(plain) % 4))
    if re.search(r"%[0-9A-Fa-f]{2}", text):
        yield "percent-encoding", unquote_to_bytes(text.replace("+", "%2B"))


# JSON


def _json_pieces(text: str) -> Iterator[Piece]:
    stripped = text.strip().strip("\0").strip()
    if stripped[:1] not in ("{", "["):
        return
    value, suffix = _json_value(stripped)
    if isinstance(value, Mapping) and isinstance(value.get("keys"), list):
        halves = {_half_of_jwk(each) for each in value["keys"] if isinstance(each, Mapping)}
        half = next((name for name in ("secret", "private") if name in halves), "public")
        yield Piece("JWK Set", half, f"a JWK Set{suffix}", content=value)
    elif isinstance(value, Mapping) and "kty" in value:
        half = _half_of_jwk(value)
        words = {
            "secret": "a shared secret as JWK",
            "private": "a private JWK",
            "public": "a public key as JWK",
        }[half]
        yield Piece("JWK", half, words + suffix, content=value)
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, Mapping) and "kty" in each:
                yield Piece("JWK", _half_of_jwk(each), "a list of JWKs", content=each)


def _json_value(text: str) -> tuple[Any, str]:
    """The value, and what to say of its spelling."""
    try:
        return json.loads(text), ""
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text) if len(text) < 65_536 else None, PRINTED
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None, ""


PRINTED = " as Python prints it, which is no JSON"


def _half_of_jwk(jwk: Mapping[str, Any]) -> str:
    if jwk.get("kty") == "oct":
        return "secret"
    return "private" if "d" in jwk else "public"


# PEM and its relatives

_MARK = re.compile(r"-{4,5}[ \t]?(BEGIN|END)[ \t]([A-Za-z0-9 ]{1,60}?)[ \t]?-{4,5}")


def _pem_pieces(text: str) -> Iterator[Piece]:
    if "BEGIN" not in text:
        return
    text = re.sub(r"\\r\\n|\\n|\\r", "\n", text)
    marks = list(_MARK.finditer(text))
    for mark, following in zip_longest(marks, marks[1:]):
        if mark[1] != "BEGIN":
            continue
        body = text[mark.end() : following.start() if following else len(text)]
        piece = _pem_piece(mark[2].strip().upper(), body)
        if piece is not None:
            yield piece


def _pem_piece(label: str, body: str) -> Piece | None:
    octets = _base64_body(body)
    if label.startswith("PGP"):
        half = "private" if "PRIVATE" in label else "public"
        return Piece("PGP", half, f"a {half} PGP key", octets)
    ssh = _ssh_type(octets)
    if ssh:
        return Piece("OpenSSH", "public", f"a public OpenSSH key ({ssh})", octets)
    if octets.startswith(b"openssh-key-v1\0"):
        return Piece("OpenSSH", "private", "a private OpenSSH key", octets)
    locked = "Proc-Type:" in body and "ENCRYPTED" in body
    der = None if locked else _der(octets)
    if der is not None:
        return replace(der, form="PEM", words=der.words.replace("in DER", "in PEM"))
    if "PRIVATE KEY" in label:
        # Not DER: a comment that merely looks like the first line, unless a password is in between.
        return Piece("PEM", "private", "a private key in PEM", octets, locked=locked) if locked else None
    if "PUBLIC KEY" in label:
        return Piece("PEM", "public", "a public key in PEM", octets)
    if "CERTIFICATE" in label or label == "PKCS7":
        return Piece("PEM", "public", "a certificate in PEM", octets)
    return None


def _base64_body(body: str) -> bytes:
    """The bytes between two marks, whatever headers, comments and quote marks stand there too."""
    lines = [line.strip().strip("\"'>|,;").strip() for line in body.splitlines()]
    kept = "".join(line for line in lines if ":" not in line and not line.startswith("#"))
    kept = re.sub(r"\s+", "", kept).partition("=")[0]
    try:
        return base64.b64decode(kept + "=" * (-len(kept) % 4), validate=True)
    except ValueError:
        return b""


# OpenSSH

_SSH_LINE = re.compile(r"(?<![A-Za-z0-9+/=])AAAA[A-Za-z0-9+/]{30,}={0,2}")
_SSH_TYPE = re.compile(rb"(ssh-[a-z0-9]+|ecdsa-sha2-[a-z0-9]+|sk-[a-z0-9-]+)(-cert-v01)?(@openssh\.com)?")


def _ssh_lines(text: str) -> Iterator[Piece]:
    """Every line such as ``ssh-ed25519 AAAA… alice@host``, also with options or a host in front."""
    for match in _SSH_LINE.finditer(text):
        octets = _base64_body(match[0])
        name = _ssh_type(octets)
        if name:
            yield Piece("OpenSSH", "public", f"a public OpenSSH key ({name})", octets)


def _ssh_type(octets: bytes) -> str:
    """The type that stands at the beginning of SSH's wire format (RFC 4253 §6.6), or ``""``."""
    length = int.from_bytes(octets[:4])
    name = octets[4 : 4 + length]
    return name.decode("ascii") if 0 < length < 60 and _SSH_TYPE.fullmatch(name) else ""


def _load_ssh(piece: Piece) -> Any:
    encoded = base64.b64encode(piece.octets)
    if piece.half == "public":
        return serialization.load_ssh_public_key(f"{_ssh_type(piece.octets)} ".encode() + encoded)
    lines = b"\n".join(encoded[at : at + 70] for at in range(0, len(encoded), 70))
    name = b"OPENSSH PRIVATE KEY-----"
    return serialization.load_ssh_private_key(
        b"-----BEGIN " + name + b"\n" + lines + b"\n-----END " + name + b"\n", password=None
    )


# DER, and other bytes

_INTEGER, _BITS, _OCTETS, _OID, _SEQUENCE = 0x02, 0x03, 0x04, 0x06, 0x30
_PSS = bytes.fromhex("2a864886f70d01010a")
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_HASHES = {
    bytes.fromhex("6086480165030402" + last): f"PS{bits}"
    for last, bits in (("01", 256), ("02", 384), ("03", 512))
}


def _binary(octets: bytes) -> Piece | None:
    ssh = _ssh_type(octets)
    if ssh:
        return Piece("OpenSSH", "public", f"a public OpenSSH key ({ssh})", octets)
    for curve in CURVES.values():
        point = octets[1 : 1 + curve.size], octets[1 + curve.size :]
        if octets[:1] == b"\x04" and len(octets) == 1 + 2 * curve.size:
            x, y = map(int.from_bytes, point)
            if curve.holds(x, y):
                return Piece("EC point", "public", f"a public point on {curve.name}", octets)
    return _der(octets)


def _der(octets: bytes) -> Piece | None:
    """What a DER structure is, told by its shape (RFC 5280 §4.1, RFC 5958 §2, RFC 8017 A.1, RFC 5915 §3)."""
    outer = _element(octets, 0)
    if outer is None or outer[0] != _SEQUENCE or octets[outer[2] :].strip(b"\r\n\t \0"):
        return None
    octets, children = octets[: outer[2]], _children(outer[1])
    tags = [tag for tag, _ in children]
    contents = [content for _, content in children]
    if tags == [_SEQUENCE, _BITS] and _starts_with_oid(contents[0]):
        return Piece(
            "DER", "public", "a public key in DER", octets, only_for=_restriction(_children(contents[0]))
        )
    if tags == [_INTEGER, _INTEGER] and len(contents[0]) >= 64 and len(contents[1]) <= 33:
        return Piece("DER", "public", "a public RSA key in DER", octets)
    if tags == [_SEQUENCE, _SEQUENCE, _BITS]:
        name = "a certificate" if _certificate(octets) else "a certificate or a request for one"
        inside = next((each for tag, each in _children(contents[0]) if _is_public_key_info(tag, each)), b"")
        only_for = _restriction(_children(_children(inside)[0][1])) if inside else ()
        return Piece("DER", "public", f"{name} in DER", octets, only_for=only_for)
    if tags[:1] == [_OID] and contents[0] == _SIGNED_DATA:
        return Piece("DER", "public", "a bundle of certificates in DER", octets)
    if tags[:3] == [_INTEGER, _SEQUENCE, _OCTETS] and _starts_with_oid(contents[1]):
        only_for = _restriction(_children(contents[1]))
        return Piece("DER", "private", "a private key in DER", octets, only_for=only_for)
    if tags[:2] == [_INTEGER, _OCTETS] or (len(tags) >= 9 and set(tags[:9]) == {_INTEGER}):
        return Piece("DER", "private", "a private key in DER", octets)
    if tags == [_SEQUENCE, _OCTETS] and _starts_with_oid(contents[0]):
        return Piece("DER", "private", "a private key in DER", octets, locked=True)
    return None


def _is_public_key_info(tag: int, octets: bytes) -> bool:
    return tag == _SEQUENCE and [tag for tag, _ in _children(octets)] == [_SEQUENCE, _BITS]


def _element(octets: bytes, at: int) -> tuple[int, bytes, int] | None:
    """Tag, content and end of the DER element at a place."""
    if len(octets) < at + 2:
        return None
    tag, length, start = octets[at], octets[at + 1], at + 2
    if length >= 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4:
            return None
        length, start = int.from_bytes(octets[start : start + count]), start + count
    end = start + length
    return (tag, octets[start:end], end) if end <= len(octets) else None


def _children(octets: bytes) -> list[tuple[int, bytes]]:
    """The elements one behind another, or nothing if they do not fill the bytes exactly."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(octets):
        element = _element(octets, at)
        if element is None or len(found) > 20:
            return []
        found.append(element[:2])
        at = element[2]
    return found


def _starts_with_oid(octets: bytes) -> bool:
    return octets[:1] == bytes([_OID])


def _restriction(identifier: list[tuple[int, bytes]]) -> tuple[str, ...]:
    """The algorithms that an RSASSA-PSS key allows (RFC 4055 §1.2, §3.1); nothing for other keys."""
    if not identifier or identifier[0][1] != _PSS:
        return ()
    if len(identifier) == 1 or identifier[1][0] != _SEQUENCE:
        return tuple(_HASHES.values())
    hash_field = next((content for tag, content in _children(identifier[1][1]) if tag == 0xA0), b"")
    oid = next((_children(content) for _, content in _children(hash_field)), [(0, b"")])
    name = _HASHES.get(oid[0][1]) if oid else None
    return (name or "PSS with SHA-1",)


def _certificate(octets: bytes) -> x509.Certificate | None:
    try:
        return x509.load_der_x509_certificate(octets)
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm):
        return None


# What others write


def _other_forms(text: str) -> Iterator[Piece]:
    if re.search(r"<(RSA|EC|DSA)KeyValue\b", text):
        half = "private" if re.search(r"<D>", text) else "public"
        yield Piece("XML", half, f"a {half} key in XML")
