"""The pieces that a text of keys consists of."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import serialization

from jwtlab.jose import der

LIMIT = 1_048_576
"""Bytes beyond which nothing is looked at: no key is that long."""


ESCAPED = "with \\n written as two letters"
"""The wrapping of a PEM whose line breaks were turned into backslash and n, as in many a settings file."""


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


PRINTED = " as Python prints it, which is no JSON"


_SSH_TYPE = re.compile(rb"(ssh-[a-z0-9]+|ecdsa-sha2-[a-z0-9]+|sk-[a-z0-9-]+)(-cert-v01)?(@openssh\.com)?")


def ssh_type(octets: bytes) -> str:
    """The type that stands at the beginning of SSH's wire format (RFC 4253 §6.6), or ``""``."""
    length = int.from_bytes(octets[:4])
    name = octets[4 : 4 + length]
    return name.decode("ascii") if 0 < length < 60 and _SSH_TYPE.fullmatch(name) else ""


def _load_ssh(piece: Piece) -> Any:
    encoded = base64.b64encode(piece.octets)
    if piece.half == "public":
        return serialization.load_ssh_public_key(f"{ssh_type(piece.octets)} ".encode() + encoded)
    lines = b"\n".join(encoded[at : at + 70] for at in range(0, len(encoded), 70))
    name = b"OPENSSH PRIVATE KEY-----"
    return serialization.load_ssh_private_key(
        b"-----BEGIN " + name + b"\n" + lines + b"\n-----END " + name + b"\n", password=None
    )
