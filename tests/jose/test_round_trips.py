"""Tokens and keys exchanged with PyJWT and joserfc, both ways, for every algorithm that they know."""

from __future__ import annotations

import json
import warnings

import jwt as pyjwt
import pytest
from joserfc import jwk as joserfc_jwk
from joserfc import jws as joserfc_jws
from joserfc import jwt as joserfc_jwt
from material import CLAIMS, EXPECTED, LAB, NOW, verifying

import jwtlab
from jwtlab import ALGORITHMS, Key
from jwtlab.jose.steps import signing_steps

PYJWT = [name for name in ALGORITHMS if name in pyjwt.algorithms.get_default_algorithms()]
JOSERFC = [name for name in ALGORITHMS if name in joserfc_jws.JWSRegistry.algorithms]
PAIRS = [name for name, algorithm in ALGORITHMS.items() if not algorithm.symmetric]
IGNORE = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False}


@pytest.fixture(autouse=True)
def _deprecation_of_eddsa_is_no_error():
    """joserfc warns that RFC 9864 replaces the name EdDSA; that is not what is tested here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "EdDSA is deprecated")
        yield


def test_libraries_know_nearly_all_algorithms():
    assert set(ALGORITHMS) - set(PYJWT) == {"Ed25519"}
    assert set(ALGORITHMS) - set(JOSERFC) == set()


def pyjwt_key(key: Key, form: str):
    """The key as PyJWT takes it."""
    if key.is_symmetric:
        return key.secret
    if form == "pem":
        return key.to_pem(private=key.is_private)
    return pyjwt.PyJWK.from_dict(key.to_jwk(private=key.is_private)).key


def joserfc_key(key: Key, form: str):
    """The key as joserfc takes it."""
    if key.is_symmetric:
        return joserfc_jwk.OctKey.import_key(key.secret)
    if form == "pem":
        kind = {"RSA": joserfc_jwk.RSAKey, "EC": joserfc_jwk.ECKey, "OKP": joserfc_jwk.OKPKey}[key.kty]
        return kind.import_key(key.to_pem(private=key.is_private))
    return joserfc_jwk.import_key(key.to_jwk(private=key.is_private))


@pytest.mark.parametrize("form", ["jwk", "pem"])
@pytest.mark.parametrize("alg", PYJWT)
def test_our_token_is_accepted_by_pyjwt(alg, form):
    key = LAB.key(alg)
    token = jwtlab.issue(CLAIMS, key, alg=alg)
    assert pyjwt.decode(token, pyjwt_key(verifying(key), form), algorithms=[alg], options=IGNORE) == CLAIMS


@pytest.mark.parametrize("form", ["jwk", "pem"])
@pytest.mark.parametrize("alg", PYJWT)
def test_pyjwt_token_is_accepted_here(alg, form):
    key = LAB.key(alg)
    token = pyjwt.encode(CLAIMS, pyjwt_key(key, form), algorithm=alg)
    assert jwtlab.verify(token, verifying(key), algorithms=[alg], **EXPECTED).claims == CLAIMS


@pytest.mark.parametrize("form", ["jwk", "pem"])
@pytest.mark.parametrize("alg", JOSERFC)
def test_our_token_is_accepted_by_joserfc(alg, form):
    key = LAB.key(alg)
    token = jwtlab.issue(CLAIMS, key, alg=alg)
    assert joserfc_jwt.decode(token, joserfc_key(verifying(key), form), algorithms=[alg]).claims == CLAIMS


@pytest.mark.parametrize("form", ["jwk", "pem"])
@pytest.mark.parametrize("alg", JOSERFC)
def test_joserfc_token_is_accepted_here(alg, form):
    key = LAB.key(alg)
    token = joserfc_jwt.encode({"alg": alg}, CLAIMS, joserfc_key(key, form), algorithms=[alg])
    assert jwtlab.verify(token, verifying(key), algorithms=[alg], **EXPECTED).claims == CLAIMS


def same_numbers(one: Key, other: Key) -> bool:
    return (one.kty, one.crv, one.octets) == (other.kty, other.crv, other.octets)


@pytest.mark.parametrize("alg", [name for name in PYJWT if name != "Ed25519"])
def test_pyjwt_jwk_is_read_here(alg):
    key, algorithm = LAB.key(alg), pyjwt.get_algorithm_by_name(alg)
    theirs = algorithm.prepare_key(pyjwt_key(key, "pem"))
    members = algorithm.to_jwk(theirs, as_dict=True)
    assert same_numbers(Key.from_jwk(members), key)
    assert same_numbers(Key.from_jwk(json.dumps(members)), key)


@pytest.mark.parametrize("private", [True, False], ids=["private", "public"])
@pytest.mark.parametrize("alg", PAIRS)
def test_joserfc_jwk_and_pem_are_read_here(alg, private):
    key = LAB.key(alg) if private else LAB.key(alg).public()
    theirs = joserfc_key(key, "jwk")
    assert same_numbers(Key.from_jwk(theirs.as_dict(private=private)), key)
    assert same_numbers(Key.from_pem(theirs.as_pem(private=private)), key)
    assert theirs.thumbprint() == key.thumbprint()


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
def test_joserfc_secret_is_read_here(alg):
    key = LAB.key(alg)
    assert same_numbers(Key.from_jwk(joserfc_key(key, "jwk").as_dict(private=True)), key)


@pytest.mark.parametrize("alg", list(ALGORITHMS))
def test_signing_by_steps_ends_in_a_token_that_is_accepted(alg):
    key = LAB.key(alg)
    token = signing_steps(CLAIMS, key, alg=alg)[-1].items[-1].value
    assert jwtlab.verify(token, verifying(key), algorithms=[alg], **EXPECTED).claims == CLAIMS
    if not alg.startswith("PS"):  # PSS draws a salt; everything else here is deterministic
        assert token == jwtlab.issue(CLAIMS, key, alg=alg)


@pytest.mark.parametrize("alg", list(ALGORITHMS))
def test_signing_twice_gives_one_token_where_the_algorithm_allows(alg):
    key = LAB.key(alg)
    tokens = {jwtlab.issue({"now": NOW}, key, alg=alg) for _ in range(3)}
    assert (len(tokens) == 1) is not alg.startswith("PS")
