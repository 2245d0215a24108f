"""Where several things are wrong, or fit, the first is told, or taken."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from material import LAB, forge, nameless

import jwtlab
from jwtlab import InvalidKey, Key, KeySet, MalformedToken
from jwtlab.jose import strict_json
from jwtlab.jose.key_set import read_keys
from jwtlab.jose.token import read

KEY = LAB.key("ES256")
DOUBLED = '"kid":"1","kty":"EC","kid":"2","kty":"EC","crv":"P-256"'
USELESS = [{"kty": "X", "kid": "x"}, {"kty": "Y", "kid": "y"}, {"kty": "Z", "kid": "z"}]


def refused(call, error=InvalidKey):
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)


def test_name_that_stands_twice():
    said = "a JWK: member 'kid' appears there twice (RFC 7517 §4)"
    assert refused(lambda: Key.from_jwk(f"{{{DOUBLED}}}")) == said
    said = "a JWK Set: member 'b' stands there more than once"
    assert refused(lambda: KeySet.from_jwks('{"b":1,"keys":[],"b":2,"keys":[]}')) == said
    token = forge(b'{"alg":"ES256","x":1,"y":1,"x":2,"y":2}', b"{}", KEY, "ES256")
    assert "'x', 'y' appears there twice" in refused(lambda: jwtlab.decode(token), MalformedToken)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"a":NaN,"b":Infinity,"c":1e999}', "NaN is no JSON number (RFC 8259 §6)"),
        ('{"a":Infinity,"b":NaN}', "Infinity is no JSON number (RFC 8259 §6)"),
        ('{"a":-Infinity,"b":NaN}', "-Infinity is no JSON number (RFC 8259 §6)"),
        ('{"c":1e999,"a":NaN}', "a number is too large to be read exactly"),
        ('{"c":1e999,"a":"\\ud800"}', "a number is too large to be read exactly"),
    ],
)
def test_fault_of_json(text, fault):
    assert strict_json.read(text.encode()).fault == fault


def test_fault_inside_of_what_was_read():
    inside = [{"a": [1.5, float("inf")]}, "\ud800"]
    assert strict_json.fault_in(inside) == "a number in it is none, or too large to be read exactly"
    assert strict_json.fault_in(inside[::-1]) == "a \\u escape in it stands for half a character"
    assert strict_json.fault_in({"\ud800": float("nan")}) == "a \\u escape in it stands for half a character"
    assert strict_json.fault_in([{"a": [1.5, "x", None, True, {}]}]) == ""


def test_entry_that_cannot_be_used():
    keys = json.dumps({"keys": USELESS})
    assert "no key in this set can be used; keys[0], called 'x'" in refused(lambda: read_keys(keys))
    assert (
        KeySet.from_jwks({"keys": [*USELESS, {**USELESS[0], "kty": 7}]}).why_ignored("x").place == "keys[0]"
    )
    assert KeySet.from_jwks({"keys": USELESS}).why_ignored("z").place == "keys[2]"
    assert KeySet.from_jwks({"keys": USELESS}).why_ignored("none") is None


def test_key_of_a_chain_is_the_leaf_and_of_several_private_ones_none():
    first, other = nameless("ES256"), nameless("ES384")
    pems = [key.public().to_pem() for key in (first, first)]
    assert Key.from_pem(b"".join(pems)).material == first.material
    both = b"".join(key.to_pem(private=True) for key in (first, other))
    assert refused(lambda: Key.from_pem(both)).startswith("there are several private keys in this text")
    assert Key.from_pem(first.public().to_pem() + first.to_pem(private=True)).is_private


def test_keys_of_one_name_are_found_in_their_order():
    one, two = (replace(Key.generate("ES256"), kid="same") for _ in range(2))
    keys = KeySet([one, KEY, two])
    assert keys.find("same") == (one, two)
    assert keys[KEY.kid] is KEY
    for name in ("same", "none"):
        with pytest.raises(KeyError):
            keys[name]


TOKEN = forge({"alg": "ES256"}, {"sub": "alice"}, KEY, "ES256")


@pytest.mark.parametrize("mark", ['"', "'", "`", "“", "‘", "«"])
def test_one_quote_mark_around_a_token_is_called_one(mark):
    for text in (f"{mark}{TOKEN}{mark}", f" {mark} {TOKEN}", f"\n{mark}{TOKEN}"):
        assert (
            read(text).faults[0].message == f"there are quote marks around the token ({mark}): leave them out"
        )
    for front in (f"{mark}{mark}", f"x{mark}", f"{mark}x", f"token={mark}"):
        said = read(f"{front}{TOKEN}").faults[0].message
        assert (
            said == f"the token begins only at character {len(front) + 1}: leave out {front!r} in front of it"
        )
