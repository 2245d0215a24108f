"""PEM, in whatever state it arrives (RFC 7468)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from itertools import zip_longest

from jwtlab.jose.key_text.binary import der_piece
from jwtlab.jose.key_text.pieces import Piece, ssh_type

# PEM and its relatives

_MARK = re.compile(r"-{4,5}[ \t]?(BEGIN|END)[ \t]([A-Za-z0-9 ]{1,60}?)[ \t]?-{4,5}")


def pem_pieces(text: str) -> Iterator[Piece]:
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
    octets = base64_body(body)
    if label.startswith("PGP"):
        half = "private" if "PRIVATE" in label else "public"
        return Piece("PGP", half, f"a {half} PGP key", octets)
    ssh = ssh_type(octets)
    if ssh:
        return Piece("OpenSSH", "public", f"a public OpenSSH key ({ssh})", octets)
    if octets.startswith(b"openssh-key-v1\0"):
        return Piece("OpenSSH", "private", "a private OpenSSH key", octets)
    locked = "Proc-Type:" in body and "ENCRYPTED" in body
    structure = None if locked else der_piece(octets, "PEM")
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


def base64_body(body: str) -> bytes:
    """The bytes between two marks, whatever headers, comments and quote marks stand there too."""
    lines = [line.strip().strip("\"'>|,;").strip() for line in body.splitlines()]
    kept = "".join(line for line in lines if ":" not in line and not line.startswith("#"))
    kept = re.sub(r"\s+", "", kept).partition("=")[0]
    try:
        return base64.b64decode(kept + "=" * (-len(kept) % 4), validate=True)
    except ValueError:
        return b""
