"""The steps of signing: each follows from the one before, and their numbers are those of the RFCs."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import utils
from material import LAB, nameless

import jwtlab
from jwtlab.jose.algorithms import ALGORITHMS, Algorithm
from jwtlab.jose.steps import signing_steps

CLAIMS = {"sub": "alice", "exp": LAB.now + 900, "name": "Älice ☃"}


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_steps_hang_together(alg):
    steps = {step.id: step for step in signing_steps(CLAIMS, LAB.key(alg), alg=alg)}
    header, payload, signature = steps["token"].items[0].value.split(".")
    assert [item.value for item in steps["base64url"].items] == [header, payload]
    assert steps["signing-input"].items[0].value == f"{header}.{payload}"
    assert steps["encode-signature"].items[0].value == signature
    assert [i.value.encode() for i in steps["json"].items] == [i.value for i in steps["utf8"].items]
    octets = [item.value for step in steps.values() for item in step.items if item.part == "signature"]
    made = jwtlab.base64url.decode(signature)
    assert made in octets or made == b"".join(part for part in octets if isinstance(part, bytes))
    if "raw" in steps:  # both numbers are equally long
        one, other = (item.value for item in steps.get("ecdsa", steps.get("eddsa")).items)
        assert len(one) == len(other)
        assert one + other == steps["raw"].items[0].value == made
    assert all(step.text and step.spec.startswith("RFC ") for step in steps.values())


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("length", [64, 128, 200])
def test_hmac_steps_are_those_of_rfc_2104_for_secrets_of_any_length(alg, length):
    key = jwtlab.Key.from_secret(bytes(range(length)))
    steps = {step.id: step for step in signing_steps(CLAIMS, key, alg=alg)}
    name = Algorithm.named(alg).hash
    block, inner_pad, outer_pad = (item.value for item in steps["hmac-key"].items)
    assert bytes(b ^ 0x36 for b in block) == inner_pad
    inner = steps["hmac-inner"].items[0].value
    assert hashlib.new(name, inner_pad + steps["signing-input"].items[0].value.encode()).digest() == inner
    outer = hashlib.new(name, outer_pad + inner).digest()
    assert outer == steps["hmac-outer"].items[0].value
    assert outer == hmac.digest(bytes(range(length)), steps["signing-input"].items[0].value.encode(), name)


@pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512"])
def test_rsa_block_comes_back_with_the_public_exponent(alg):
    key = LAB.key(alg)
    steps = {step.id: step for step in signing_steps(CLAIMS, key, alg=alg)}
    block, signature = steps["padding"].items[0].value, steps["rsa"].items[0].value
    assert pow(int.from_bytes(signature), key.exponent, key.modulus).to_bytes(len(signature)) == block
    assert block.endswith(steps["hash"].items[0].value)
    assert f"{len(block)} bytes" in steps["padding"].text


@pytest.mark.parametrize("alg", [name for name, row in ALGORITHMS.items() if row.family != "EdDSA"])
def test_hash_step_names_its_function_and_its_length(alg):
    bits = Algorithm.named(alg).hash.removeprefix("sha")
    said = " ".join(step.text for step in signing_steps(CLAIMS, LAB.key(alg), alg=alg))
    assert f"SHA-{bits}" in said
    assert alg.startswith("HS") or f"down to {int(bits) // 8}." in said


def test_numbers_of_ecdsa_are_the_same_in_der():
    steps = {step.id: step for step in signing_steps(CLAIMS, LAB.key("ES512"), alg="ES512")}
    r, s = (int.from_bytes(item.value) for item in steps["ecdsa"].items)
    assert utils.decode_dss_signature(steps["raw"].items[1].value) == (r, s)


def test_header_of_the_steps_has_what_is_asked_for_and_the_name_of_the_key():
    key = LAB.key("ES256")
    steps = signing_steps(CLAIMS, key, alg="ES256", header={"cty": "x"})
    assert json.loads(steps[0].items[0].value) == {"alg": "ES256", "typ": "JWT", "cty": "x", "kid": key.kid}
    own = signing_steps(CLAIMS, key, alg="ES256", header={"kid": "mine", "typ": "at+jwt"})
    assert json.loads(own[0].items[0].value) == {"alg": "ES256", "typ": "at+jwt", "kid": "mine"}
    without = signing_steps(CLAIMS, nameless("ES256"), alg="ES256")
    assert json.loads(without[0].items[0].value) == {"alg": "ES256", "typ": "JWT"}


def test_pss_block_ends_in_bc():
    steps = {step.id: step for step in signing_steps(CLAIMS, LAB.key("PS256"), alg="PS256")}
    assert steps["pss"].items[0].value[-1] == 0xBC


@pytest.mark.parametrize("bits", [1025, 1031, 1032])
@pytest.mark.parametrize("alg", ["RS256", "PS256"])
def test_blocks_are_as_long_as_the_modulus_in_whole_bytes(bits, alg):
    key = replace(odd_key(bits), alg=None)
    steps = {step.id: step for step in signing_steps(CLAIMS, key, alg=alg)}
    block = steps["padding" if alg == "RS256" else "pss"].items[0].value
    assert len(block) == len(steps["rsa"].items[0].value) == (129 if bits < 1033 else 130)
    if alg == "RS256":
        assert block.startswith(b"\x00\x01\xff")
        assert block.count(b"\x00", 2, -32) >= 1
        filling = block[2:].partition(b"\x00")[0]
        assert set(filling) == {0xFF}
        assert (
            block == b"\x00\x01" + filling + b"\x00" + block[-51:]
        )  # DigestInfo of SHA-256: 19 bytes and the hash
        assert "129 bytes" in steps["padding"].text


@cache
def odd_key(bits):
    return jwtlab.Key.generate("RS256", bits=bits)
