"""What a DER structure is, told by its shape alone: keys and certificates as X.509 and PKCS write them."""

from __future__ import annotations

from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

_INTEGER, _BITS, _OCTETS, _OID, _SEQUENCE = 0x02, 0x03, 0x04, 0x06, 0x30
_PSS = bytes.fromhex("2a864886f70d01010a")
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_HASHES = {
    bytes.fromhex("6086480165030402" + last): f"PS{bits}"
    for last, bits in (("01", 256), ("02", 384), ("03", 512))
}


class Structure(NamedTuple):
    """A key or certificate in DER.

    Attributes:
        half: ``"public"`` or ``"private"``.
        words: what it is: ``"a public key"``.
        octets: its bytes, without what follows.
        only_for: the algorithms that the key itself allows; empty for no restriction.
        locked: a password is needed.
    """

    half: str
    words: str
    octets: bytes
    only_for: tuple[str, ...] = ()
    locked: bool = False


def recognise(octets: bytes) -> Structure | None:
    """What a DER structure is, told by its shape (RFC 5280 §4.1, RFC 5958 §2, RFC 8017 A.1, RFC 5915 §3)."""
    outer = _element(octets, 0)
    if outer is None or outer[0] != _SEQUENCE or octets[outer[2] :].strip(b"\r\n\t \0"):
        return None
    octets, children = octets[: outer[2]], _children(outer[1])
    tags = [tag for tag, _ in children]
    contents = [content for _, content in children]
    if tags == [_SEQUENCE, _BITS] and _starts_with_oid(contents[0]):
        return Structure("public", "a public key", octets, only_for=_restriction(_children(contents[0])))
    if tags == [_INTEGER, _INTEGER] and len(contents[0]) >= 64 and len(contents[1]) <= 33:
        return Structure("public", "a public RSA key", octets)
    if tags == [_SEQUENCE, _SEQUENCE, _BITS]:
        name = "a certificate" if certificate(octets) else "a certificate or a request for one"
        inside = next((each for tag, each in _children(contents[0]) if _is_public_key_info(tag, each)), b"")
        only_for = _restriction(_children(_children(inside)[0][1])) if inside else ()
        return Structure("public", name, octets, only_for=only_for)
    if tags[:1] == [_OID] and contents[0] == _SIGNED_DATA:
        return Structure("public", "a bundle of certificates", octets)
    if tags[:3] == [_INTEGER, _SEQUENCE, _OCTETS] and _starts_with_oid(contents[1]):
        only_for = _restriction(_children(contents[1]))
        return Structure("private", "a private key", octets, only_for=only_for)
    if tags[:2] == [_INTEGER, _OCTETS] or (len(tags) >= 9 and set(tags[:9]) == {_INTEGER}):
        return Structure("private", "a private key", octets)
    if tags == [_SEQUENCE, _OCTETS] and _starts_with_oid(contents[0]):
        return Structure("private", "a private key", octets, locked=True)
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


def certificate(octets: bytes) -> x509.Certificate | None:
    """The certificate that these bytes are, or ``None``."""
    try:
        return x509.load_der_x509_certificate(octets)
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm):
        return None
