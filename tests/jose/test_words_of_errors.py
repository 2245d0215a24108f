"""What is said of a text that is no token, no JSON or no key, to the letter: people act on these sentences."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from material import LAB, nameless

from jwtlab import InvalidKey, Key, KeySet, MalformedToken, UnknownAlgorithm, UsageError, base64url
from jwtlab.jose import strict_json
from jwtlab.jose.algorithms import ALGORITHMS, exponent_too_long
from jwtlab.jose.claims import claim
from jwtlab.jose.key_set import as_key_set, describe, read_keys, write_key
from jwtlab.jose.key_types import KEY_TYPES
from jwtlab.jose.token import read

KEPT = json.loads(Path(__file__).with_name("data").joinpath("words.json").read_text("utf-8"))
TOKEN = LAB.token()
NAMED, HALF, SECRET = LAB.key("ES256"), nameless("ES256").public(), nameless("HS256")


def rows(name):
    return pytest.mark.parametrize("row", KEPT[name], ids=[f"{n}" for n in range(len(KEPT[name]))])


@rows("base64url")
def test_text_that_is_no_base64url(row):
    text, position, message = row
    with pytest.raises(MalformedToken) as caught:
        base64url.decode(text, "payload")
    assert (str(caught.value), caught.value.part, caught.value.position) == (
        f"payload: {message}",
        "payload",
        position,
    )


@rows("json")
def test_text_that_is_no_strict_json(row):
    text, fault, position = row
    document = strict_json.read(text.encode("latin-1"))
    assert (document.fault, document.position) == (fault, position)
    assert strict_json.read_sound(text.encode("latin-1")) is None


def test_json_at_the_edge_of_what_is_read():
    assert strict_json.read(b'{"a":%s}' % (b"9" * 5000)).fault == "a number has too many digits"
    for sound in (b'{"a":%s}' % (b"[" * 31 + b"]" * 31), b'{"a":"\\"%s"}' % (b"[" * 40)):
        assert strict_json.read(sound).fault == ""
        assert strict_json.read(sound).value
    wide = b'{"a":[%s]}' % b",".join([b"[]"] * 40)  # many brackets, and no depth
    assert strict_json.read(wide).value == {"a": [[]] * 40}
    inner = strict_json.read(b'{"x":{"a":1,"a":2},"b":1,"b":2}')
    assert (inner.duplicates, inner.doubled) == (("a", "b"), ({"a": 2}, {"x": {"a": 2}, "b": 2}))


@rows("jwk")
def test_jwk_that_is_none(row):
    base, change, message = row
    made = {
        "nothing": {},
        "RSA": nameless("RS256").public().to_jwk(),
        "EC": HALF.to_jwk(),
        "OKP": nameless("EdDSA").public().to_jwk(),
        "private RSA": nameless("RS256").to_jwk(private=True),
    }[base] | change
    with pytest.raises(InvalidKey) as caught:
        Key.from_jwk({name: value for name, value in made.items() if value is not None})
    assert str(caught.value) == message


def test_rsa_key_that_nobody_computes_with():
    jwk = nameless("RS256").public().to_jwk()
    assert Key.from_jwk(jwk | {"n": base64url.encode(b"\xff" * 2048)}).bits == 16_384
    with pytest.raises(InvalidKey, match=r"'n' has 2,049 bytes; nobody computes with more than 2,048"):
        Key.from_jwk(jwk | {"n": base64url.encode(b"\xff" * 2049)})
    with pytest.raises(InvalidKey, match="'d' does not belong"):
        Key.from_jwk(jwk | {"n": base64url.encode(b"\xff" * 512), "d": "AQAB"})
    with pytest.raises(InvalidKey, match="give all six members, not 'd' alone"):
        Key.from_jwk(jwk | {"n": base64url.encode(b"\xff" * 513), "d": "AQAB"})


@rows("jwk text")
def test_text_that_is_no_jwk(row):
    with pytest.raises(InvalidKey) as caught:
        Key.from_jwk(row[0])
    assert str(caught.value) == row[1]
    assert Key.from_jwk(b'\xef\xbb\xbf{"kty":"oct","k":"AA"}').secret == b"\0"


@rows("jwks")
def test_text_that_is_no_set(row):
    with pytest.raises(InvalidKey) as caught:
        KeySet.from_jwks(row[0])
    assert str(caught.value) == row[1]


@rows("ignored")
def test_entries_that_are_left_out(row):
    keys = KeySet.from_jwks(row[0])
    assert [str(each) for each in keys.ignored] == row[1]
    assert describe(keys) == "; ".join(f"ignored: {each}" for each in row[1])


@rows("pasted")
def test_paste_that_is_no_key(row):
    text, secret_as, message = row
    with pytest.raises(InvalidKey) as caught:
        read_keys(text, secret_as=secret_as)
    assert str(caught.value) == message


def test_paste_that_is_a_secret():
    assert read_keys(" secret ").keys[0].secret == b" secret "
    assert read_keys(" YWI ", secret_as="base64url").keys[0].secret == b"ab"
    assert read_keys(" YWI ").keys[0].secret == b" YWI "
    assert len(read_keys('\ufeff{"keys":[]}')) == 0


@rows("tokens")
def test_paste_that_is_no_token(row):
    text, *said = row
    fault = read(text.replace("TOKEN", TOKEN)).faults[0]
    message = fault.message.replace(TOKEN, "TOKEN")
    assert [fault.check, message, fault.part, fault.position, fault.encrypted] == said


@pytest.mark.parametrize(
    ("value", "words"), [(7, "a number (int)"), (None, "nothing (None)"), ([], "a list")]
)
def test_value_that_is_no_text(value, words):
    assert read(value).faults[0].message == f"a token is text; this is {words}"
    assert read(value).faults[0].check == "compact-form"


def test_length_of_a_token():
    assert read("e" * 65_536).fault("token-size") is None
    assert read("e" * 65_537).fault("token-size").message.startswith("65,537 characters; the limit is 65,536")
    assert read("e" * 1_048_576).fault("compact-form") is None
    assert read("e" * 1_048_576).segments[0]
    far = read("e" * 1_048_577)
    assert far.fault("compact-form").message == "longer than 1,048,576 characters: not even looked at"
    assert (far.header, far.segments) == (None, ("", "", ""))


KEYS = [
    (SECRET.public, "this key is a shared secret: it has no public half, whoever has it can sign"),
    (SECRET.to_jwk, "this key is a shared secret: publishing it gives it away; private=True insists"),
    (SECRET.to_pem, "this key is a shared secret; PEM is for key pairs"),
    (lambda: HALF.to_pem(private=True), "this key is a public key; the private one is needed here"),
    (lambda: SECRET.private_crypto, "this key is a shared secret, not a key pair"),
    (lambda: SECRET.public_crypto, "this key is a shared secret: it has no public half"),
    (
        lambda: NAMED.secret,
        "key 'lab-es256' is a private EC key on P-256; only a shared secret (kty oct) has a secret",
    ),
    (
        lambda: ALGORITHMS["ES256"].sign(HALF, b""),
        "this key is a public key: it verifies, it cannot sign. Signing needs the private key",
    ),
    (
        lambda: ALGORITHMS["EdDSA"].verify(NAMED, b"", b""),
        "EdDSA takes an Ed25519 key (kty OKP); key 'lab-es256' is a private EC key on P-256",
    ),
    (
        lambda: ALGORITHMS["ES256"].sign(SECRET, b""),
        "ES256 takes an EC key on P-256; this key is a shared secret of 256 bits",
    ),
    (lambda: Key.from_secret(7), "a secret is bytes (or text, taken as UTF-8); this is a number (int)"),
    (lambda: Key.from_pem(7), "a PEM is bytes or text; this is a number (int)"),
    (lambda: Key.from_jwk(7), "a JWK is a JSON object; this is a number (int)"),
    (
        lambda: Key.from_jwk(HALF.to_pem()),
        "a JWK is a JSON object; this is a public key in PEM. Key.from_pem reads PEM",
    ),
    (lambda: Key.from_pem("\ud800"), "a PEM is text that UTF-8 can write; this holds half a character"),
]


@pytest.mark.parametrize(("ask", "message"), KEYS, ids=[row[1][:50] for row in KEYS])
def test_key_that_cannot_do_it(ask, message):
    with pytest.raises(InvalidKey) as caught:
        ask()
    assert str(caught.value) == message


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
def test_locked_key_of_openssh_is_refused_with_the_way_out(alg):
    lock = serialization.BestAvailableEncryption(b"password")
    form = serialization.PrivateFormat.OpenSSH
    text = nameless(alg).private_crypto.private_bytes(serialization.Encoding.PEM, form, lock).decode()
    with pytest.raises(InvalidKey, match="locked by a password; unlock it first"):
        read_keys(text)


def test_pem_that_is_damaged_and_pems_of_several_keys():
    damaged = base64.b64encode(bytes.fromhex("300e020100300506032b657004020400")).decode()
    text = f"-----BEGIN PRIVATE KEY-----\n{damaged}\n-----END PRIVATE KEY-----\n"
    with pytest.raises(InvalidKey, match="this is a private key in PEM, but damaged or of a kind"):
        Key.from_pem(text)
    two = b"".join(Key.generate("ES256").public().to_pem() for _ in range(2)).decode()
    with pytest.raises(InvalidKey, match="there are several public keys in this text"):
        read_keys(two)
    assert len(read_keys(HALF.to_pem().decode() * 2)) == 1


def test_key_is_written_for_people_to_read():
    assert write_key(HALF) == json.dumps(HALF.to_jwk(), indent=1)
    assert write_key(SECRET) == json.dumps(SECRET.to_jwk(private=True), indent=1)
    both = {"keys": [HALF.to_jwk(), NAMED.to_jwk()]}
    assert write_key(KeySet([HALF, NAMED])) == json.dumps(both, indent=1)


def test_shared_secret_is_no_key_pair():
    row = KEY_TYPES["oct"]
    for ask, words in (
        (lambda: row.generate("", 256), "is no key pair"),
        (lambda: row.public_crypto({}, ""), "has no public half"),
        (lambda: row.private_crypto({}, ""), "is no key pair"),
    ):
        with pytest.raises(InvalidKey, match=rf"a shared secret \(kty oct\) {words}"):
            ask()
    assert row.export(NAMED.private_crypto) is None
    assert row.derive("", b"seed") is None


def test_usage_of_keys_and_names_of_algorithms():
    for bits in (7, True, "8", 8.0):
        with pytest.raises(UsageError, match="bits is a whole number, 8 or more"):
            Key.generate("HS256", bits=bits)
    assert Key.generate("HS256", bits=8).bits == 8
    for value, words in (("x", "text"), ({}, "an object"), (7, "a number"), (b"x", "bytes")):
        with pytest.raises(UsageError, match=f"must be a Key or a KeySet; this is {words}"):
            as_key_set(value)
    for name, words in (("None", "'None' means"), ("x" * 80, f"'{'x' * 59}; there are"), (7, "a number")):
        with pytest.raises(UnknownAlgorithm, match=words):
            Key.generate(name)
    with pytest.raises(KeyError, match=r"0 keys are called 'x'; there are: \['lab-es256', None\]"):
        KeySet([NAMED, HALF])["x"]
    assert [repr(KeySet(each)) for each in ([], [HALF], [NAMED, HALF])] == [
        "<KeySet: empty>",
        "<KeySet: EC>",
        "<KeySet: 'lab-es256', EC>",
    ]
    assert describe(KeySet([])) == "a set without a key"
    both = "a private EC key on P-256, called 'lab-es256'; a public EC key on P-256"
    assert describe(KeySet([NAMED, HALF])) == both


def test_signature_is_as_long_as_the_modulus_in_whole_bytes():
    key = Key.generate("RS256", bits=1025)
    signature = ALGORITHMS["RS256"].sign(key, b"data")
    assert len(signature) == 129
    assert ALGORITHMS["RS256"].verify(key, b"data", signature)


def test_modulus_too_short_for_the_padding_is_the_fault_and_not_the_token():
    members = {"n": base64url.encode(b"\xff" * 64), "e": "AQAB"}
    key = Key.from_jwk({"kty": "RSA"} | members)
    with pytest.raises(InvalidKey, match="has 512 bits: too few to hold a signature of PS512"):
        ALGORITHMS["PS512"].verify(key, b"data", bytes(64))


@pytest.mark.parametrize(
    ("modulus", "exponent", "too_long"), [(3072, 65, False), (3073, 64, False), (3073, 65, True)]
)
def test_exponent_that_openssl_does_not_compute_with(modulus, exponent, too_long):
    numbers = {"n": (1 << modulus) - 1, "e": (1 << exponent) - 1}
    members = {name: base64url.encode(n.to_bytes((n.bit_length() + 7) // 8)) for name, n in numbers.items()}
    assert exponent_too_long(Key.from_jwk({"kty": "RSA"} | members)) is too_long


@pytest.mark.parametrize(
    ("name", "kind"),
    [("https://a.example/role", "§4.2"), ("urn:example:role", "§4.2"), ("role", "§4.3"), ("turn:x", "§4.3")],
)
def test_claim_that_nobody_has_registered(name, kind):
    assert claim(name).spec == f"RFC 7519 {kind}"
    assert claim(name).name == name
