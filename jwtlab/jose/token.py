"""A token taken apart: the compact serialization of RFC 7515 §3.1 and §7.1.

`decode` is for people who want to look; it verifies nothing. `read` is for the checks: it reads
as far as anybody could and lists, by check, everything that a strict reader objects to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from jwtlab.errors import EncryptedToken, MalformedToken, kind
from jwtlab.jose import base64url, strict_json

MAX_LENGTH = 65_536
"""Characters. Web servers cut headers off at 8 to 16 KiB; four times that is generous."""

HARD_LIMIT = 1_048_576
"""Characters beyond which nothing is read at all, whichever checks are switched off."""

PARTS = ("header", "payload", "signature")


@dataclass(frozen=True)
class Fault:
    """What a strict reader objects to.

    Attributes:
        check: the id of the check that refuses it.
        message: what is wrong, in a sentence.
        part: ``"token"``, ``"header"``, ``"payload"`` or ``"signature"``.
        position: where in that part, in characters from 0, or ``None``.
        encrypted: it looks like a JWE.
    """

    check: str
    message: str
    part: str = "token"
    position: int | None = None
    encrypted: bool = False

    def error(self) -> MalformedToken:
        if self.encrypted:
            return EncryptedToken(self.message, self.part, self.position)
        return MalformedToken(self.message, self.part, self.position)


@dataclass(frozen=True)
class Token:
    """The parts of a token, decoded and **not verified**: anybody could have written them.

    Attributes:
        text: the whole token.
        header: the JOSE header, a dict.
        payload: the payload, as bytes.
        signature: the signature, as bytes; empty for an unsecured token.
    """

    text: str
    header: dict[str, Any]
    payload: bytes
    signature: bytes

    @property
    def segments(self) -> tuple[str, str, str]:
        """The three parts as they are spelled in the token."""
        header, payload, signature = self.text.split(".")
        return header, payload, signature

    @property
    def signing_input(self) -> bytes:
        """What is signed: the ASCII bytes of ``header.payload`` (RFC 7515 §5.1 step 5)."""
        return self.text.rpartition(".")[0].encode("ascii")

    @cached_property
    def claims(self) -> dict[str, Any]:
        """The claims set, **not verified**.

        Raises:
            MalformedToken: the payload is not a JSON object (a JWS may carry anything; a JWT may not).
        """
        document = strict_json.read(self.payload)
        for fault in _json_faults(document, "payload", self.payload):
            raise fault.error()
        return document.value or {}

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        alg, size = self.header.get("alg"), len(self.text)
        return f"<Token, not verified: alg {alg!r}, {size} characters>"


class Reading(NamedTuple):
    """How far a text could be read, and what a strict reader objects to.

    Values are ``None`` where nobody could read on.
    """

    text: str
    segments: tuple[str, str, str] = ("", "", "")
    header: dict[str, Any] | None = None
    payload: bytes | None = None
    claims: dict[str, Any] | None = None
    signature: bytes | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def signing_input(self) -> bytes:
        return f"{self.segments[0]}.{self.segments[1]}".encode("utf-8", "surrogatepass")

    def fault(self, check: str) -> Fault | None:
        """The first fault that this check refuses."""
        return next((fault for fault in self.faults if fault.check == check), None)


def decode(token: str | bytes) -> Token:
    """Take a token apart to look at it. **This verifies nothing**: not the signature, not the time, nothing.

    Args:
        token: a JWS in compact serialization.

    Returns:
        A `Token` with ``header``, ``claims``, ``signature`` and ``signing_input``.

    Raises:
        MalformedToken: it is no token; ``.part`` and ``.position`` tell where.
        EncryptedToken: it is a JWE.
    """
    reading = read(token)
    about_claims = {"payload-json", "claims-unique"}
    for fault in reading.faults:
        if fault.check not in about_claims:
            raise fault.error()
    if reading.header is None or reading.payload is None or reading.signature is None:
        raise MalformedToken("this cannot be read as a token")
    return Token(reading.text, reading.header, reading.payload, reading.signature)


def read(token: object) -> Reading:
    """Read anything as a token, as far as it goes; never raises."""
    sound = _read_sound(token)
    if sound is not None:
        return sound
    faults: list[Fault] = []
    text = _as_text(token, faults)
    if len(text) > MAX_LENGTH:
        message = (
            f"{len(text):,} characters; the limit is {MAX_LENGTH:,}, many times what a header line carries"
        )
        faults.append(Fault("token-size", message))
    if len(text) > HARD_LIMIT:
        faults.append(Fault("compact-form", f"longer than {HARD_LIMIT:,} characters: not even looked at"))
        return Reading(text, faults=tuple(faults))
    segments = _segments(text, faults)
    octets = [_octets(name, segment, faults) for name, segment in zip(PARTS, segments, strict=True)]
    header = _object("header", octets[0], faults)
    claims = _object("payload", octets[1], faults)
    return Reading(text, segments, header, octets[1], claims, octets[2], tuple(faults))


def _read_sound(token: object) -> Reading | None:
    """The reading of a token that is beyond doubt; ``None`` where somebody has to look closely."""
    if type(token) is not str or len(token) > MAX_LENGTH or not token.startswith(_BEGINS):
        return None
    segments = token.split(".", 3)
    header = _sound_header(segments[0]) if len(segments) == 3 and len(segments[0]) <= MAX_KEPT else None
    if header is None:
        return None
    payload, signature = base64url.strict_octets(segments[1]), base64url.strict_octets(segments[2])
    claims = None if payload is None or signature is None else strict_json.read_sound(payload)
    if claims is None:
        return None
    return Reading(token, (segments[0], segments[1], segments[2]), header.copy(), payload, claims, signature)


_BEGINS = "eyJ"
"""How ``{"`` is spelled in base64url: with this in front there is nothing around the token."""
MAX_KEPT = 1024
"""Characters of a header that is kept: an issuer writes the same few headers over and over."""


@lru_cache(maxsize=256)
def _sound_header(segment: str) -> dict[str, Any] | None:
    """The header that a text spells, if it is beyond doubt and holds nothing that could be changed later."""
    octets = base64url.strict_octets(segment)
    header = None if octets is None else strict_json.read_sound(octets)
    flat = header is not None and not any(isinstance(value, dict | list) for value in header.values())
    return header if flat else None


def _as_text(token: object, faults: list[Fault]) -> str:
    if isinstance(token, str):
        return token
    if isinstance(token, Token):
        return token.text
    if isinstance(token, bytes | bytearray):
        return bytes(token).decode("latin-1")
    faults.append(Fault("compact-form", f"a token is text; this is {kind(token)}"))
    return ""


def _segments(text: str, faults: list[Fault]) -> tuple[str, str, str]:
    parts = text.split(".", 5)  # a megabyte of dots makes no million pieces, nor is it counted
    count = len(parts)
    around = "" if faults else _what_is_around(text)
    if around:
        faults.append(Fault("base64url-strict" if count == 3 else "compact-form", around))
    elif count != 3 and not faults:
        faults.append(_wrong_number(text, count))
    header, payload, signature = (*parts, "", "")[:3]
    return header, payload, signature


def _wrong_number(text: str, parts: int) -> Fault:
    if not text.strip():
        return Fault("compact-form", "there is nothing here; paste a token: three parts joined by two dots")
    if text.lstrip().startswith("{"):
        return Fault(
            "compact-form", "this is JSON, not a compact token: three base64url parts joined by two dots"
        )
    if parts == 5 and set(text) <= {*base64url.ALPHABET, "."}:
        message = (
            "five parts: this is a JWE, an encrypted token (RFC 7516 §7.1). Only whoever holds the "
            "decryption key can read it; there is no signature here to verify"
        )
        return Fault("compact-form", message, encrypted=True)
    count = {1: "one part", 2: "two parts", 6: "more than five parts"}.get(parts, f"{parts} parts")
    return Fault("compact-form", f"{count}; a signed token has three, joined by two dots (RFC 7515 §7.1)")


_INSIDE = re.compile(r"eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*")
_BYTE_ORDER_MARK = "77u_"
"""What the three bytes EF BB BF in front of a header look like in base64url."""
_SCHEME = re.compile(
    r"\s*[\"'`]?\s*(?:(?:proxy-)?authorization\s*[:=]\s*)?(bearer|dpop|jwt|token)[\s:]+", re.IGNORECASE
)


def _what_is_around(text: str) -> str:
    """What to say where a token was pasted together with something else, or ``""``."""
    scheme = _SCHEME.match(text)
    if scheme:
        return (
            f"this begins with {scheme[0].strip()!r}, the scheme of the Authorization header (RFC 6750 §2.1): it is "
            "no part of the token. Paste only what comes after it"
        )
    inside = _INSIDE.search(text)
    if inside is None or text.lstrip().startswith("{"):
        return ""
    before, after = text[: inside.start()], text[inside.end() :]
    if before == _BYTE_ORDER_MARK:
        return ""  # it is in the header, and signed with it: nothing was pasted in front
    if before.strip() in {'"', "'", "`", "“", "‘", "«"}:
        return f"there are quote marks around the token ({before.strip()}): leave them out"
    if before.strip():
        return (
            f"the token begins only at character {inside.start() + 1}: leave out {_shortened(before.strip())!r} in "
            "front of it"
        )
    if before or (after and not after.strip()):
        return "there is white space around the token: leave it out"
    return ""


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _octets(name: str, segment: str, faults: list[Fault]) -> bytes | None:
    fault = base64url.first_fault(segment)
    if fault is None:
        return base64url.decode(segment)
    position, message = fault
    faults.append(Fault("base64url-strict", f"{name}: {message}", name, position))
    return base64url.decode_leniently(segment)


def _object(name: str, octets: bytes | None, faults: list[Fault]) -> dict[str, Any] | None:
    if octets is None:
        return None
    document = strict_json.read(octets)
    faults.extend(_json_faults(document, name, octets))
    return document.value


_NESTED = re.compile(rb"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){2}((\.[A-Za-z0-9_-]*){2})?")


def _json_faults(document: strict_json.Document, name: str, octets: bytes) -> list[Fault]:
    about, unique = (
        ("header-json", "header-unique") if name == "header" else ("payload-json", "claims-unique")
    )
    faults = []
    if name == "payload" and document.value is None and _NESTED.fullmatch(octets):
        message = (
            "payload: this is a token inside the token, so there are no claims here (a nested JWT, cty 'JWT', "
            "RFC 7519 §5.2). Take decode(token).payload and verify that one too"
        )
        faults.append(Fault(about, message, name))
    elif document.fault:
        faults.append(Fault(about, f"{name}: {document.fault}", name, document.position))
    if document.duplicates:
        names = ", ".join(repr(d) for d in document.duplicates[:3])
        message = f"{name}: {names} appears there twice; two readers could take two different values"
        faults.append(Fault(unique, message, name))
    return faults
