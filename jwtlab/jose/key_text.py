"""What a text of a key *is*: the one place that answers this, for whoever is handed a key.

Keys come as PEM (RFC 7468), DER, JWK and JWK Set (RFC 7517), OpenSSH lines and files (RFC 4253 §6.6,
RFC 4716), certificates (RFC 5280), and each of these again in UTF-16, behind a byte order mark, with
other line ends, with ``\\n`` written as two letters, in base64 or in hexadecimal. `recognise` looks at
what the bytes are, not at what they are called. It makes no key; `jwtlab.jose.key` does.
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

from cryptography.hazmat.primitives import serialization

from jwtlab.jose import der
from jwtlab.jose.curves import CURVES, WeierstrassCurve
from jwtlab.jose.key_types import KEY_TYPES

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
        certificate = der.certificate(self.octets)
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

    @property
    def way_out(self) -> str:
        """What to do with a key that came in another form than the one asked for."""
        if ESCAPED in self.wrappings:
            return 'Turn them into line breaks first: text.replace("\\\\n", "\\n")'
        if self.words.endswith(PRINTED):
            return "json.dumps(...) writes JSON"
        if self.form == "PEM":
            return "Key.from_pem reads PEM" + (": take the wrapping off first" if self.wrappings else "")
        if self.form == "JWK":
            return "Key.from_jwk reads it"
        if self.form == "JWK Set":
            return "KeySet.from_jwks reads it"
        if self.form == "OpenSSH" and self.pieces[0].half == "private":
            return (
                "ssh-keygen -p -m PKCS8 -f FILE rewrites an RSA or EC key as PEM; "
                "jwtlab.jose.key_set.read_keys reads it as it is"
            )
        if self.form == "OpenSSH":
            return (
                "ssh-keygen -e -m PKCS8 -f FILE writes an RSA or EC key as PEM; "
                "jwtlab.jose.key_set.read_keys reads it as it is"
            )
        if self.form == "DER":
            side = "" if self.pieces[0].half == "private" else "-pubin "
            return f"openssl pkey {side}-inform DER -in FILE -out OTHER writes it as PEM"
        return "Export it as PEM or as a JWK"


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
    row = KEY_TYPES.get(str(jwk.get("kty")))
    if row is not None and not row.public:
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
    structure = None if locked else _der(octets, "PEM")
    if structure is not None:
        return structure
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


# Bytes


def _binary(octets: bytes) -> Piece | None:
    ssh = _ssh_type(octets)
    if ssh:
        return Piece("OpenSSH", "public", f"a public OpenSSH key ({ssh})", octets)
    for curve in CURVES.values():
        if isinstance(curve, WeierstrassCurve) and _is_point(octets, curve):
            return Piece("EC point", "public", f"a public point on {curve.name}", octets)
    return _der(octets)


def _is_point(octets: bytes, curve: WeierstrassCurve) -> bool:
    """Is this a point as SEC 1 §2.3.3 writes it, uncompressed?"""
    if octets[:1] != b"\x04" or len(octets) != 1 + 2 * curve.size:
        return False
    return curve.holds(int.from_bytes(octets[1 : 1 + curve.size]), int.from_bytes(octets[1 + curve.size :]))


def _der(octets: bytes, form: str = "DER") -> Piece | None:
    found = der.recognise(octets)
    if found is None:
        return None
    words = f"{found.words} in {form}"
    return Piece(form, found.half, words, found.octets, locked=found.locked, only_for=found.only_for)


# What others write


def _other_forms(text: str) -> Iterator[Piece]:
    if re.search(r"<(RSA|EC|DSA)KeyValue\b", text):
        half = "private" if re.search(r"<D>", text) else "public"
        yield Piece("XML", half, f"a {half} key in XML")
