"""What a DER structure is, told by its shape: real keys and requests, and what only looks like one."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from material import nameless

from jwtlab import Key
from jwtlab.jose import der

RSA, EC = nameless("RS256"), nameless("ES256")
DER = serialization.Encoding.DER


def element(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 0x80 else bytes([0x82]) + size.to_bytes(2)
    return bytes([tag]) + length + content


def sequence(*elements: bytes) -> bytes:
    return element(0x30, b"".join(elements))


def number(octets: bytes = b"\x01") -> bytes:
    return element(0x02, octets)


def private(key: Key, form: serialization.PrivateFormat, password: bytes | None = None) -> bytes:
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_crypto.private_bytes(DER, form, lock)


def public(key: Key, form: serialization.PublicFormat) -> bytes:
    return key.public_crypto.public_bytes(DER, form)


def request_for_a_certificate(key: Key) -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(key.private_crypto, hashes.SHA256()).public_bytes(DER)


PKCS8, TRADITIONAL = serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL
INFO, PKCS1 = serialization.PublicFormat.SubjectPublicKeyInfo, serialization.PublicFormat.PKCS1
OID = element(0x06, bytes.fromhex("2b6570"))
REAL = {
    "PKCS 8": (private(EC, PKCS8), "private", "a private key", False),
    "PKCS 8, RSA": (private(RSA, PKCS8), "private", "a private key", False),
    "PKCS 8, locked": (private(EC, PKCS8, b"password"), "private", "a private key", True),
    "RFC 5915": (private(EC, TRADITIONAL), "private", "a private key", False),
    "RFC 8017 A.1.2": (private(RSA, TRADITIONAL), "private", "a private key", False),
    "PKCS 8 with attributes": (
        sequence(number(b"\0"), sequence(OID), element(0x04, b"\4\0"), element(0xA0, b"")),
        "private",
        "a private key",
        False,
    ),
    "public": (public(EC, INFO), "public", "a public key", False),
    "public, RFC 8017 A.1.1": (public(RSA, PKCS1), "public", "a public RSA key", False),
    "request": (request_for_a_certificate(EC), "public", "a certificate or a request for one", False),
    "bundle": (
        sequence(element(0x06, bytes.fromhex("2a864886f70d010702")), element(0xA0, b"")),
        "public",
        "a bundle of certificates",
        False,
    ),
}


@pytest.mark.parametrize("name", REAL)
def test_structure_is_told_by_its_shape(name):
    octets, half, words, locked = REAL[name]
    for text in (octets, octets + b"\r\n\t \0"):
        found = der.recognise(text)
        assert (found.half, found.words, found.locked, found.only_for) == (half, words, locked, ())
        assert found.octets == octets


@pytest.mark.parametrize("name", REAL)
def test_structure_that_is_cut_or_longer_is_none(name):
    octets = REAL[name][0]
    for wrong in (octets[:-1], octets[:1], octets + b"x", b"\x31" + octets[1:]):
        assert der.recognise(wrong) is None


NONE = {
    "nothing": b"",
    "an empty sequence": sequence(),
    "a child that is cut": b"\x30\x03\x02\x05\x01",
    "a length without bytes": b"\x30\x80",
    "a length of five bytes": b"\x30\x85" + bytes(5),
    "two small numbers": sequence(number(), number()),
    "a number and a long one": sequence(number(b"\1" * 64), number(b"\1" * 34)),
    "eight numbers": sequence(*[number()] * 8),
    "eight numbers and something else": sequence(*[number()] * 8, element(0x04, b"")),
    "22 numbers": sequence(*[number()] * 22),
    "a sequence without a name": sequence(sequence(number()), element(0x03, b"\0")),
    "a locked one without a name": sequence(sequence(number()), element(0x04, b"\0")),
    "PKCS 8 without a name": sequence(number(), sequence(number()), element(0x04, b"\0")),
    "an encrypted bundle": sequence(element(0x06, bytes.fromhex("2a864886f70d010703")), element(0xA0, b"")),
}


@pytest.mark.parametrize("name", NONE)
def test_what_only_looks_like_a_key_is_none(name):
    assert der.recognise(NONE[name]) is None


def test_edges_of_the_shapes():
    assert der.recognise(sequence(number(b"\1" * 64), number(b"\1" * 33))).words == "a public RSA key"
    assert der.recognise(sequence(number(b"\1" * 63), number())) is None
    for count in (9, 21):
        assert der.recognise(sequence(*[number()] * count)).half == "private"
    long = element(0x04, b"\1" * 0x80)
    assert der.recognise(sequence(number(), long)).octets == sequence(number(), long)
    four = b"\x30\x84" + len(long + number()).to_bytes(4) + number() + long
    assert der.recognise(four).octets == four


PSS = "2a864886f70d01010a"


def parameters(hash_oid: str) -> bytes:
    name = sequence(element(0x06, bytes.fromhex(hash_oid)), element(0x05, b""))
    return sequence(element(0xA1, sequence()), element(0xA0, name))


RESTRICTIONS = {
    "SHA-256": (parameters("608648016503040201"), ("PS256",)),
    "SHA-384": (parameters("608648016503040202"), ("PS384",)),
    "SHA-512": (parameters("608648016503040203"), ("PS512",)),
    "SHA-1": (parameters("2b0e03021a"), ("PSS with SHA-1",)),
    "the usual one": (sequence(), ("PSS with SHA-1",)),
    "an empty name": (sequence(element(0xA0, sequence())), ("PSS with SHA-1",)),
    "none": (b"", ("PS256", "PS384", "PS512")),
    "NULL": (element(0x05, b""), ("PS256", "PS384", "PS512")),
}


@pytest.mark.parametrize("name", RESTRICTIONS)
def test_key_for_pss_says_which_hash_it_allows(name):
    given, only_for = RESTRICTIONS[name]
    algorithm = sequence(element(0x06, bytes.fromhex(PSS)), given)
    info = sequence(algorithm, element(0x03, b"\0"))
    assert der.recognise(info).only_for == only_for
    assert der.recognise(sequence(number(), algorithm, element(0x04, b""))).only_for == only_for
    certificate = sequence(sequence(number(), sequence(number()), info), sequence(OID), element(0x03, b"\0"))
    assert der.recognise(certificate).only_for == only_for
    assert der.recognise(certificate).words == "a certificate or a request for one"
