"""What a text is: its wrappings taken off one by one."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import unquote_to_bytes

from jwtlab.jose.key_text.binary import binary_piece
from jwtlab.jose.key_text.json_forms import json_pieces
from jwtlab.jose.key_text.pem import pem_pieces
from jwtlab.jose.key_text.pieces import ESCAPED, LIMIT, KeyText, Piece
from jwtlab.jose.key_text.ssh import ssh_lines

_MOST_WRAPPINGS = 3


def recognise(octets: bytes | str) -> KeyText | None:
    """What these bytes are, or ``None`` if they are no key in any known form.

    Args:
        octets: bytes, or text (taken as UTF-8).
    """
    if isinstance(octets, str):
        octets = octets.encode("utf-8", "surrogatepass")
    return _recognise(bytes(octets), 0) if len(octets) <= LIMIT else None


def _recognise(octets: bytes, depth: int) -> KeyText | None:
    binary = binary_piece(octets)
    if binary is not None:
        return KeyText((binary,))
    text, encoding = _as_text(octets)
    if text is None:
        return None
    wrappings = (f"in {encoding}",) if encoding else ()
    for find in (json_pieces, pem_pieces, ssh_lines, _other_forms):
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


# What others write


def _other_forms(text: str) -> Iterator[Piece]:
    if re.search(r"<(RSA|EC|DSA)KeyValue\b", text):
        half = "private" if re.search(r"<D>", text) else "public"
        yield Piece("XML", half, f"a {half} key in XML")
