"""Hashes that requests and tokens carry, and the ways in which people commonly misspell them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from jwtlab.jose import base64url

_NAMES = ("sha256", "sha384", "sha512", "sha1")

SPELLINGS = {
    "padding": "There is padding (=) at its end; base64url in requests and tokens has none.",
    "standard-base64": "This is standard base64, with + and /. Requests and tokens use base64url, with - and _.",
    "hexadecimal": "These are hexadecimal digits. The bytes themselves are written, in base64url: .digest(), "
    "not .hexdigest().",
    "encoded-digits": "Here the hexadecimal digits were written in base64url, and not the bytes: .digest(), "
    "not .hexdigest().",
    "other-hash": "This was made with another hash.",
}
"""What goes wrong with any hash: mistake → hint."""

HALVES = {
    **SPELLINGS,
    "whole-hash": "This is the whole hash; only its left half is used.",
    "right-half": "This is the right half of the hash; the left one is used.",
    "half-of-text": "This is half of the text. Halve the bytes of the hash, then write them in base64url.",
}
"""What goes wrong with half a hash."""


def whole(text: str, name: str = "sha256") -> str:
    """The hash of a text's ASCII bytes in base64url, such as a ``code_challenge`` (RFC 7636 §4.2)."""
    return base64url.encode(_digest(text, name))


def half(text: str, name: str = "sha256") -> str:
    """The left half of the hash, such as ``at_hash`` and ``c_hash`` (OpenID Connect Core §3.1.3.6, §3.3.2.11)."""
    digest = _digest(text, name)
    return base64url.encode(digest[: len(digest) // 2])


def misspelt(text: str, name: str = "sha256") -> Iterator[tuple[str, str]]:
    """Misspellings of the whole hash: a mistake of `SPELLINGS`, and what comes of it."""
    digest = _digest(text, name)
    yield from _written(digest)
    yield "hexadecimal", digest.hex()
    yield "encoded-digits", base64url.encode(digest.hex().encode())
    yield from (("other-hash", whole(text, other)) for other in _NAMES if other != name)


def misspelt_half(text: str, name: str = "sha256") -> Iterator[tuple[str, str]]:
    """Misspellings of half a hash: a mistake of `HALVES`, and what comes of it."""
    digest, right = _digest(text, name), half(text, name)
    size, everything = len(digest) // 2, base64url.encode(digest)
    yield "whole-hash", everything
    yield "right-half", base64url.encode(digest[size:])
    yield from _written(digest[:size])
    middle = len(everything) // 2
    yield from (
        ("half-of-text", everything[:end]) for end in (middle, middle + 1) if everything[:end] != right
    )
    yield from (("hexadecimal", digest.hex()[:end]) for end in (size, size * 2, size * 4))
    yield from (("encoded-digits", base64url.encode(digest.hex()[:end].encode())) for end in (size, size * 2))
    yield from (("other-hash", half(text, other)) for other in _NAMES if other != name)
    yield from (
        ("other-hash", base64url.encode(_digest(text, other)[:size])) for other in _NAMES if other != name
    )


def _digest(text: str, name: str) -> bytes:
    return hashlib.new(name, text.encode("ascii")).digest()


def _written(octets: bytes) -> Iterator[tuple[str, str]]:
    padded, standard = base64.urlsafe_b64encode(octets).decode(), base64.b64encode(octets).decode()
    if padded.endswith("="):
        yield "padding", padded
    if standard != padded:
        yield from (("standard-base64", text) for text in (standard.rstrip("="), standard))
