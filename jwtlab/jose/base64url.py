"""base64url, strictly: RFC 7515 §2 and Appendix C, RFC 4648 §5 and §3.5.

base64url writes 3 bytes as 4 characters that survive a URL: ``A-Z a-z 0-9 - _``. JWS leaves the
padding ``=`` off. Strict means that every byte string has exactly one spelling; a reader that
lets a second spelling through lets the same token come back under another name.
"""

from __future__ import annotations

import base64
import binascii
import re

from jwtlab.errors import MalformedToken, UsageError, kind

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_PLAIN, _URL_SAFE = bytes.maketrans(b"-_", b"+/"), bytes.maketrans(b"+/", b"-_")
_FOREIGN = re.compile(r"[^A-Za-z0-9_-]")
# How many bits of the last character are not used, for each length modulo 4.
_UNUSED_BITS = {0: 0, 2: 4, 3: 2}


def encode(octets: bytes) -> str:
    """Bytes as base64url text without padding.

    Raises:
        UsageError: they are no bytes.
    """
    if not isinstance(octets, bytes | bytearray):
        raise UsageError(f"base64url writes bytes; this is {kind(octets)}. Text has .encode()")
    plain = binascii.b2a_base64(octets, newline=False)
    return plain.translate(_URL_SAFE).rstrip(b"=").decode("ascii")


def decode(text: str, part: str = "token") -> bytes:
    """The bytes that a base64url text stands for.

    Args:
        text: the text, without padding.
        part: what the text is, for the error message.

    Raises:
        MalformedToken: padding, white space, foreign characters, an impossible length or unused
            bits that are not zero; ``.position`` tells where.
        UsageError: it is no text.
    """
    if not isinstance(text, str):
        raise UsageError(f"base64url is text; this is {kind(text)}")
    octets = strict_octets(text)
    if octets is None:
        fault = first_fault(text)
        assert fault is not None  # the two agree
        raise MalformedToken(f"{part}: {fault[1]}", part, fault[0])
    return octets


def strict_octets(text: str) -> bytes | None:
    """The bytes that a text stands for, or ``None`` where it is not their one strict spelling.

    `first_fault` says what is wrong. Here the bytes are spelled again instead: whatever a forgiving
    reader passes over (padding, foreign characters, unused bits) is missing from that spelling.
    """
    try:
        spelled = text.encode("ascii")
        octets = binascii.a2b_base64(spelled.translate(_PLAIN) + b"==")
    except ValueError:  # not ASCII, or of an impossible length
        return None
    again = binascii.b2a_base64(octets, newline=False).translate(_URL_SAFE).rstrip(b"=")
    return octets if again == spelled else None


def first_fault(text: str) -> tuple[int, str] | None:
    """Where the text is not strict base64url, and what to say about it; ``None`` if it is."""
    foreign = _FOREIGN.search(text)
    if foreign:
        return foreign.start(), _foreign_character(text, foreign.start())
    if len(text) % 4 == 1:
        return len(text), (
            f"{len(text)} characters can be no base64url: one character is too many or too few. "
            "Was the end cut off while copying?"
        )
    unused = _UNUSED_BITS[len(text) % 4]
    value = ALPHABET.index(text[-1]) if text else 0
    if value & ((1 << unused) - 1):
        only = ALPHABET[value >> unused << unused]
        return len(text) - 1, (
            f"the last character is {text[-1]!r}, but its last {unused} bits belong to no byte and must be "
            f"zero: it can only be {only!r}. A second spelling of the same bytes is refused"
        )
    return None


def decode_leniently(text: str) -> bytes | None:
    """What a careless reader makes of a text: foreign characters skipped, unused bits dropped.

    Only for policies that have the strict check taken out, to show what it is for. Gives ``None``
    where even a careless reader gives up.
    """
    kept = _FOREIGN.sub("", text)
    try:
        return base64.urlsafe_b64decode(kept + "=" * (-len(kept) % 4))
    except binascii.Error:
        return None


def _foreign_character(text: str, position: int) -> str:
    character = text[position]
    place = f"character {position + 1}"
    if character == "=":
        return f"{place} is '=': JWS leaves the padding off (RFC 7515 §2)"
    if character in "+/":
        instead = {"+": "-", "/": "_"}[character]
        return f"{place} is {character!r}, which is plain base64; base64url writes {instead!r} there"
    if character.isspace():
        return f"{place} is white space ({character!r}). Was the token copied with a line break?"
    return f"{place} is {character!r}, which is not in the base64url alphabet (A-Z a-z 0-9 - _)"
