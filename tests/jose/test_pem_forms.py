"""The row of a type of key names the PEM forms that there are of it, and each of them is read."""

from __future__ import annotations

import datetime
import re

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.x509.oid import NameOID
from material import nameless

from jwtlab import InvalidKey, Key
from jwtlab.jose.key_types import KEY_TYPES

PEM, PLAIN = serialization.Encoding.PEM, serialization.NoEncryption()
PRIVATE, PUBLIC = serialization.PrivateFormat, serialization.PublicFormat
PAIRS = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}


def forms(alg: str) -> list[bytes]:
    """The key in every PEM form that OpenSSL writes it in."""
    private = serialization.load_pem_private_key(nameless(alg).to_pem(private=True), None)
    found = [certificate(private)]
    for form in (PRIVATE.PKCS8, PRIVATE.TraditionalOpenSSL):
        if form is PRIVATE.PKCS8 or not isinstance(private, ed25519.Ed25519PrivateKey):
            found.append(private.private_bytes(PEM, form, PLAIN))
    found.append(private.public_key().public_bytes(PEM, PUBLIC.SubjectPublicKeyInfo))
    if alg == "RS256":
        found.append(private.public_key().public_bytes(PEM, PUBLIC.PKCS1))
    return found


def certificate(private) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "alice")])
    begin = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    hashed = None if isinstance(private, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    builder = x509.CertificateBuilder(name, name, private.public_key(), 1, begin, begin.replace(year=2027))
    return builder.sign(private, hashed).public_bytes(PEM)


def test_type_has_a_pem_form_or_is_a_secret():
    assert {kty for kty, row in KEY_TYPES.items() if row.pem} == set(PAIRS)


@pytest.mark.parametrize("kty", PAIRS)
def test_forms_of_the_row_are_those_there_are(kty):
    written = [re.match(r"-----BEGIN ([A-Z ]+)-----", pem.decode())[1] for pem in forms(PAIRS[kty])]
    assert sorted(written) == sorted(KEY_TYPES[kty].pem)


@pytest.mark.parametrize("kty", PAIRS)
def test_each_form_is_read_as_the_same_key(kty):
    own = nameless(PAIRS[kty])
    for pem in forms(PAIRS[kty]):
        read = Key.from_pem(pem)
        assert read.material == own.material
        assert read.is_private == (b"PRIVATE" in pem)


def test_secret_is_written_in_no_pem():
    with pytest.raises(InvalidKey):
        nameless("HS256").to_pem()
