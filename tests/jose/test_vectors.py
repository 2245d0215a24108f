"""The RFCs' own examples. A signature that verifies proves that the vector is the RFC's."""

from __future__ import annotations

import json

import pytest
import rfc_vectors as rfc

import jwtlab
from jwtlab import Key, KeySet, base64url
from jwtlab.jose.algorithms import Algorithm
from jwtlab.jose.key_checks import KEY_CHECKS, Signing


def vectors(kind):
    return pytest.mark.parametrize("vector", rfc.load(kind), ids=lambda vector: vector.id)


def test_vectors_cover_the_sections_promised():
    assert {vector.id for vector in rfc.load()} == {
        *(f"RFC 7515 {section}" for section in ("A.1", "A.2", "A.3", "A.4", "A.5", "C")),
        *(f"RFC 7517 {section}" for section in ("A.1", "A.2", "A.3")),
        *(f"RFC 7519 {section}" for section in ("§3.1", "§6.1")),
        "RFC 7638 §3.1",
        *(f"RFC 8037 {section}" for section in ("A.1", "A.2", "A.3", "A.4", "A.5")),
    }


@pytest.mark.parametrize(
    "vector",
    [
        {"id": "x", "kind": "base64url", "octets": [], "text": "", "expect": "?"},
        {"id": "x", "kind": "base64url", "octets": []},
        {"id": "x", "kind": "unheard-of"},
    ],
    ids=["unknown field", "missing field", "unknown kind"],
)
def test_loader_refuses(vector):
    with pytest.raises((TypeError, KeyError)):
        rfc.parse({"vectors": [vector]})


@vectors(rfc.Signed)
def test_signed_example_verifies(vector):
    key = Key.from_jwk(vector.key)
    trusted = key if key.is_symmetric else key.public()
    payload = jwtlab.jws.verify(vector.token, trusted, algorithms=[vector.alg])
    assert payload == vector.payload.encode()
    parts = jwtlab.decode(vector.token)
    assert parts.header == json.loads(vector.header)
    assert base64url.decode(parts.segments[0]) == vector.header.encode()


@vectors(rfc.Signed)
def test_signed_example_is_made_again(vector):
    key, parts = Key.from_jwk(vector.key), jwtlab.decode(vector.token)
    if not key.is_private:
        with pytest.raises(jwtlab.InvalidKey):
            jwtlab.jws.sign(parts.payload, key, alg=vector.alg)
        return
    signature = jwtlab.ALGORITHMS[vector.alg].sign(key, parts.signing_input)
    assert (signature == parts.signature) is vector.signing_gives_the_same_token
    assert jwtlab.ALGORITHMS[vector.alg].verify(key, parts.signing_input, signature)


@vectors(rfc.Signed)
def test_signed_example_with_one_changed_character_is_refused(vector):
    key = Key.from_jwk(vector.key)
    header, payload, signature = vector.token.split(".")
    changed = f"{header}.{'Z' + payload[1:]}.{signature}"
    with pytest.raises(jwtlab.InvalidSignature):
        jwtlab.jws.verify(changed, key, algorithms=[vector.alg])


@vectors(rfc.Claims)
def test_claims_example_is_accepted_until_it_expires(vector):
    key = Key.from_jwk(vector.key)
    report = jwtlab.verify(vector.token, key, algorithms=[vector.alg], now=vector.now)
    assert report.claims == vector.claims
    late = jwtlab.verify(vector.token, key, algorithms=[vector.alg], now=vector.expired_at)
    assert late.first_failure.id == "not-expired"


@vectors(rfc.Unsecured)
def test_unsecured_example_is_read_and_refused(vector):
    parts = jwtlab.decode(vector.token)
    assert parts.payload == vector.payload.encode()
    assert base64url.decode(parts.segments[0]) == vector.header.encode()
    assert parts.signature == b""
    for key in (Key.generate("HS256"), Key.generate("ES256")):
        report = jwtlab.verify(vector.token, key, algorithms=[key.alg], now=0)
        assert report.first_failure.id == vector.refused_by


@vectors(rfc.Base64url)
def test_base64url_example_agrees(vector):
    assert base64url.encode(bytes(vector.octets)) == vector.text
    assert base64url.decode(vector.text) == bytes(vector.octets)


@vectors(rfc.Thumbprint)
def test_thumbprint_example_agrees(vector):
    assert Key.from_jwk(vector.key).thumbprint() == vector.thumbprint


@vectors(rfc.KeyPair)
def test_key_pair_example_gives_its_public_half(vector):
    key = Key.from_jwk(vector.private)
    assert key.to_jwk(private=True) == vector.private
    assert key.to_jwk() == vector.public
    assert key.public_crypto.public_bytes_raw() == key.private_crypto.public_key().public_bytes_raw()


@vectors(rfc.KeySetOf)
def test_key_set_example_is_read_and_judged(vector):
    keys = KeySet.from_jwks(vector.jwks)
    assert not keys.ignored
    assert keys.to_jwks(private=True) == vector.jwks
    for key, member in zip(keys, vector.members, strict=True):
        assert (key.kty, key.kid, key.is_private, key.bits) == (
            member.kty,
            member.kid,
            member.private,
            member.bits,
        )
        alg = member.signs or {"EC": "ES256", "oct": "HS256"}[key.kty]
        operation = "sign" if key.is_private else "verify"
        failure = KEY_CHECKS.run(Signing(key, Algorithm.named(alg), operation)).first_failure
        assert (failure and failure.id) == member.refused_by
        if member.signs and member.private:
            token = jwtlab.jws.sign(b"x", key, alg=member.signs)
            assert jwtlab.jws.verify(token, key, algorithms=[member.signs]) == b"x"
