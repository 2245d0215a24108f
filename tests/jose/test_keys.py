"""Key and KeySet: what they read, what they refuse, and that they never give a secret away."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, x25519
from hypothesis import given, settings
from hypothesis import strategies as st
from material import LAB, nameless, roca_key, verifying, with_octets

import jwtlab
from jwtlab import ALGORITHMS, InvalidKey, Key, KeySet, UsageError, base64url

PAIRS = ["RS256", "PS384", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
SECRETS = ("k", "d", "p", "q", "dp", "dq", "qi")
calm = settings(max_examples=200, deadline=None, derandomize=True)


# Round trips.


@pytest.mark.parametrize("alg", list(ALGORITHMS))
def test_generated_key_survives_its_jwk(alg):
    key = LAB.key("RS256") if ALGORITHMS[alg].kty == "RSA" else Key.generate(alg)
    assert Key.from_jwk(key.to_jwk(private=True)) == key
    assert Key.from_jwk(json.dumps(key.to_jwk(private=True))) == key
    assert Key.from_jwk(json.dumps(key.to_jwk(private=True)).encode()) == key


@pytest.mark.parametrize("alg", list(ALGORITHMS))
def test_generated_key_signs_and_verifies(alg):
    key = Key.generate(alg)
    assert key.alg == alg
    assert key.bits >= ALGORITHMS[alg].minimum_key_bits
    assert (key.kid is None) is key.is_symmetric
    token = jwtlab.jws.sign(b"x", key, alg=alg)
    assert jwtlab.jws.verify(token, verifying(key), algorithms=[alg]) == b"x"


@pytest.mark.parametrize("alg", PAIRS)
def test_key_pair_survives_its_pem(alg):
    key = LAB.key(alg)
    names = {"kid": key.kid, "alg": key.alg}
    assert Key.from_pem(key.to_pem(private=True), **names) == key
    assert Key.from_pem(key.to_pem(), **names) == key.public()
    assert Key.from_pem(key.to_pem().decode(), **names) == key.public()


@pytest.mark.parametrize("alg", PAIRS)
def test_public_half_holds_nothing_private(alg):
    key = LAB.key(alg).public()
    assert not key.is_private
    assert not set(key.octets) & set(SECRETS)
    assert not set(key.to_jwk(private=True)) & set(SECRETS)
    assert key.public() == key
    assert key.kid == LAB.key(alg).kid
    with pytest.raises(InvalidKey):
        key.to_pem(private=True)
    with pytest.raises(InvalidKey):
        jwtlab.issue({}, key, alg=alg)


def test_shared_secret_is_not_published():
    key = LAB.key("HS256")
    for attempt in (key.public, key.to_jwk, key.to_pem, KeySet([key]).to_jwks, KeySet([key]).public):
        with pytest.raises(InvalidKey):
            attempt()
    with pytest.raises(InvalidKey):
        _ = LAB.key("ES256").secret


@pytest.mark.parametrize(
    "ops", [("sign",), ("sign", "verify"), ("verify", "sign"), ("verify",)], ids="-".join
)
def test_public_half_may_verify_once(ops):
    key = nameless("ES256", key_ops=ops).public()
    assert key.key_ops == ("verify",)
    assert Key.from_jwk(key.to_jwk()) == key


def test_rsa_key_is_completed_from_n_e_d():
    whole = LAB.key("RS256").to_jwk(private=True)
    bare = {name: whole[name] for name in ("kty", "n", "e", "d")}
    key = Key.from_jwk(bare)
    assert {key.octets["p"], key.octets["q"]} == {LAB.key("RS256").octets[name] for name in ("p", "q")}
    token = jwtlab.jws.sign(b"x", key, alg="RS256")
    assert jwtlab.jws.verify(token, LAB.key("RS256").public(), algorithms=["RS256"]) == b"x"


def test_key_sizes_are_chosen_or_refused():
    assert Key.generate("HS256", bits=512).bits == 512
    assert Key.generate("RS256", bits=1024).bits == 1024
    for alg, bits in (
        ("RS256", 512),
        ("RS256", "2048"),
        ("HS256", 0),
        ("HS256", -8),
        ("HS256", True),
        ("HS256", 1.5),
    ):
        with pytest.raises(UsageError):
            Key.generate(alg, bits=bits)
    with pytest.raises(jwtlab.UnknownAlgorithm):
        Key.generate("none")


def test_random_bytes_of_a_secret_come_from_the_caller():
    assert Key.generate("HS256", random=lambda count: b"r" * count).secret == b"r" * 32


# Thumbprints.


def test_thumbprint_ignores_everything_but_the_key():
    jwk = LAB.key("ES256").to_jwk(private=True)
    plain = Key.from_jwk({name: jwk[name] for name in ("y", "x", "crv", "kty")})
    assert plain.thumbprint() == Key.from_jwk(jwk | {"use": "sig", "kid": "other"}).thumbprint()
    assert Key.generate("ES256").kid != plain.thumbprint()
    key = Key.generate("EdDSA")
    assert key.kid == key.thumbprint()


# Frozen, comparable, copyable.


@pytest.mark.parametrize("alg", ["HS256", "RS256", "ES256", "EdDSA"])
def test_key_is_frozen(alg):
    key = LAB.key(alg)
    with pytest.raises(FrozenInstanceError):
        key.kid = "other"
    with pytest.raises(TypeError):
        key.octets["x"] = b""
    given_ = {"kty": "oct", "k": "AAAA", "key_ops": ["sign"]}
    read = Key.from_jwk(given_)
    given_["key_ops"].append("verify")
    assert read.key_ops == ("sign",)


@pytest.mark.parametrize("alg", ["HS256", "RS256", "ES256", "EdDSA"])
def test_key_is_equal_to_its_copies(alg):
    key = LAB.key(alg)
    for twin in (copy.copy(key), copy.deepcopy(key), pickle.loads(pickle.dumps(key)), replace(key)):
        assert twin == key
        assert hash(twin) == hash(key)
    assert replace(key, kid="other") != key


# Nothing secret is ever shown.


@pytest.mark.parametrize("alg", list(ALGORITHMS))
def test_repr_shows_no_secret(alg):
    key = LAB.key(alg)
    shown = " ".join(
        [repr(key), str(key), f"{key}", repr(KeySet([key])), key.label, key.type_in_words, repr([key])]
    )
    for name in SECRETS:
        if name in key.octets:
            assert base64url.encode(key.octets[name]) not in shown
            assert repr(key.octets[name])[2:-1] not in shown
            assert str(int.from_bytes(key.octets[name])) not in shown


def damages() -> st.SearchStrategy:
    """Ways of breaking a JWK; each takes the value of a member and gives another."""
    return st.sampled_from(
        [
            lambda value: value + "=",
            lambda value: value + "!",
            lambda value: value[:-1],
            lambda value: value[1:],
            lambda value: " " + value,
            lambda value: value * 2,
            lambda value: [value],
            lambda value: {"value": value},
            lambda value: "AA" + value,
            lambda value: None,
            lambda value: 7,
        ]
    )


@calm
@given(st.sampled_from(["HS256", "RS256", "ES256", "ES512", "EdDSA"]), st.data())
def test_errors_of_faulty_jwks_show_no_secret(alg, data):
    jwk = LAB.key(alg).to_jwk(private=True)
    hidden = [jwk[name] for name in SECRETS if name in jwk]
    for name in data.draw(
        st.lists(st.sampled_from([name for name in jwk if name != "kty"]), min_size=1, unique=True)
    ):
        jwk[name] = data.draw(damages())(jwk[name])
    for name in data.draw(st.lists(st.sampled_from(sorted(jwk)), max_size=2)):
        jwk.pop(name, None)
    said = []
    text = json.dumps(jwk)
    for attempt in (
        lambda: Key.from_jwk(jwk),
        lambda: KeySet.from_jwks({"keys": [jwk]}),
        lambda: Key.from_jwk(text[:-1]),
    ):
        try:
            key = attempt()
            said.append(repr(key))
            jwtlab.issue({}, key, alg=alg)
        except jwtlab.JwtlabError as error:
            while error is not None:
                said += [str(error), repr(error)]
                error = error.__cause__ or error.__context__
    assert said
    for secret in hidden:
        for piece in (secret, secret[:12], secret[-12:]):
            assert piece not in " ".join(said)


# What is refused, and by which name.


@pytest.mark.parametrize(
    ("alg", "name"),
    [
        ("ES256", "kty"),
        ("ES256", "x"),
        ("ES256", "y"),
        ("RS256", "n"),
        ("RS256", "e"),
        ("EdDSA", "x"),
        ("HS256", "k"),
    ],
)
def test_missing_member_is_named(alg, name):
    jwk = {key: value for key, value in LAB.key(alg).to_jwk(private=True).items() if key != name}
    with pytest.raises(InvalidKey, match=f"'{name}'.*missing"):
        Key.from_jwk(jwk)


@pytest.mark.parametrize(
    ("alg", "change", "words"),
    [
        ("ES256", {"x": 7}, "'x' is base64url text"),
        ("ES256", {"x": "AAAA"}, "'x' has 3 bytes"),
        ("ES256", {"x": "A="}, "'x' is not strict base64url, at character 2"),
        ("ES256", {"crv": "secp256k1"}, "crv is 'secp256k1'"),
        ("ES256", {"crv": 7}, "'crv' is text"),
        ("ES256", {"kty": "ec"}, "kty 'ec' is not known"),
        ("ES256", {"kty": ["EC"]}, "'kty' is text"),
        ("ES256", {"kid": 7}, "'kid' is text"),
        ("ES256", {"use": ["sig"]}, "'use' is text"),
        ("ES256", {"alg": {}}, "'alg' is text"),
        ("ES256", {"key_ops": "sign"}, "'key_ops' is a list"),
        ("ES256", {"key_ops": ["sign", 7]}, "'key_ops' is a list"),
        ("ES256", {"key_ops": ["sign", "sign"]}, "'key_ops' names an operation twice"),
        ("RS256", {"e": "AAEAAQ"}, "without leading zero"),
        ("RS256", {"n": ""}, "positive number"),
        ("RS256", {"n": base64url.encode(b"\xff" * 2049)}, "2,049 bytes"),
        ("RS256", {"oth": []}, "more than two primes"),
        ("RS256", {"p": None}, "'p' is missing"),
        ("EdDSA", {"crv": "X25519"}, "crv is 'X25519'"),
        ("EdDSA", {"crv": "Ed448"}, "crv is 'Ed448'"),
        ("EdDSA", {"d": "AAAA"}, "'d' has 3 bytes"),
    ],
)
def test_odd_member_is_named(alg, change, words):
    with pytest.raises(InvalidKey, match=words):
        Key.from_jwk(LAB.key(alg).to_jwk(private=True) | change)


def test_rsa_key_with_some_primes_or_a_foreign_d_is_refused():
    whole = LAB.key("RS256").to_jwk(private=True)
    without_q = {name: value for name, value in whole.items() if name != "q"}
    with pytest.raises(InvalidKey, match="'q' is missing"):
        Key.from_jwk(without_q)
    foreign = {name: whole[name] for name in ("kty", "n", "e")} | {
        "d": LAB.key("PS256").to_jwk(private=True)["d"]
    }
    with pytest.raises(InvalidKey, match="'d' does not belong"):
        Key.from_jwk(foreign)
    with pytest.raises(InvalidKey, match="all six"):
        Key.from_jwk({"kty": "RSA", "n": base64url.encode(b"\xff" * 1024), "e": "AQAB", "d": "AQAB"})


@pytest.mark.parametrize("name", ["x", "y"])
def test_private_half_of_another_key_is_refused(name):
    mixed = with_octets(nameless("ES256"), **{name: LAB.key("ES256", owner="mallory").octets[name]})
    with pytest.raises(InvalidKey):
        jwtlab.issue({}, mixed, alg="ES256", policy=jwtlab.Policy(()))


def test_private_half_of_the_mirrored_point_is_refused():
    """(x, -y) lies on the curve too, and its private key is another."""
    prime = 2**256 - 2**224 + 2**192 + 2**96 - 1
    y = prime - int.from_bytes(nameless("ES256").octets["y"])
    with pytest.raises(InvalidKey, match="does not belong"):
        jwtlab.issue({}, with_octets(nameless("ES256"), y=y.to_bytes(32)), alg="ES256")


def test_jwk_with_a_member_twice_is_refused():
    with pytest.raises(InvalidKey, match="'k' appears there twice"):
        Key.from_jwk('{"kty":"oct","k":"AAAA","k":"BBBB"}')


def test_members_not_understood_are_ignored():
    jwk = LAB.key("ES256").to_jwk() | {"x5c": ["MIIB"], "ext": True, "nbf": 1}
    assert Key.from_jwk(jwk) == LAB.key("ES256").public()


# PEM.


def test_locked_pem_is_refused_with_the_way_out():
    locked = nameless("ES256").private_crypto.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"password"),
    )
    with pytest.raises(InvalidKey, match="locked by a password"):
        Key.from_pem(locked)


def certificate(key: Key) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "issuer.example")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_crypto)
    builder = builder.serial_number(1).not_valid_before(start).not_valid_after(start + timedelta(days=1))
    signed = builder.sign(key.private_crypto, None if key.kty == "OKP" else hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
def test_certificate_gives_its_public_key(alg):
    assert Key.from_pem(certificate(nameless(alg))) == nameless(alg).public()


def test_certificate_as_a_secret_is_refused():
    pem = certificate(nameless("ES256"))
    der = x509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)
    for secret, form in ((pem, "PEM"), (der, "DER")):
        with pytest.raises(InvalidKey) as caught:
            jwtlab.issue({}, Key.from_secret(secret), alg="HS256")
        assert (caught.value.finding.id, caught.value.finding.found) == ("key-secret", form)


def pem_of(private) -> bytes:
    return private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@pytest.mark.parametrize(
    "make",
    [
        x25519.X25519PrivateKey.generate,
        ed448.Ed448PrivateKey.generate,
        lambda: ec.generate_private_key(ec.SECP256K1()),
        lambda: dsa.generate_private_key(1024),
    ],
    ids=["X25519", "Ed448", "secp256k1", "DSA"],
)
def test_pem_of_a_type_that_signs_no_jws_is_refused(make):
    with pytest.raises(InvalidKey):
        Key.from_pem(pem_of(make()))


def test_pem_that_is_none_is_refused_with_a_hint():
    with pytest.raises(InvalidKey, match="BEGIN PUBLIC KEY"):
        Key.from_pem("hello")


@pytest.mark.parametrize("read", [Key.from_secret, Key.from_pem])
def test_text_that_no_encoding_can_write_is_refused(read):
    with pytest.raises(InvalidKey, match="half a character"):
        read("\ud800")


# Sets.


GOOD = LAB.key("ES256").public().to_jwk()
RSA = LAB.key("RS256").public().to_jwk()
BAD_ENTRIES = {
    "a type of tomorrow": {"kty": "AKP", "alg": "ML-DSA-44", "kid": "bad"},
    "a curve that signs nothing": {"kty": "OKP", "crv": "X25519", "x": "AAAA", "kid": "bad"},
    "an unknown curve": {"kty": "EC", "crv": "P-1", "kid": "bad"},
    "EC without crv": {name: value for name, value in GOOD.items() if name != "crv"} | {"kid": "bad"},
    "a zero byte in front of n": RSA
    | {"kid": "bad", "n": base64url.encode(b"\0" + LAB.key("RS256").octets["n"])},
    "padding": GOOD | {"kid": "bad", "x": GOOD["x"] + "="},
    "kty is a number": {"kty": 7, "kid": "bad"},
    "no kty": {"kid": "bad"},
    "a member missing": {"kty": "oct", "kid": "bad"},
    "use is a list": GOOD | {"kid": "bad", "use": ["sig"]},
    "a number that is too large": GOOD | {"kid": "bad", "exp": float("inf")},
}


@pytest.mark.parametrize("entry", BAD_ENTRIES.values(), ids=BAD_ENTRIES)
def test_one_bad_entry_does_not_lose_the_key_set(entry):
    for keys in (KeySet.from_jwks({"keys": [entry, GOOD]}), KeySet.from_jwks({"keys": (GOOD, entry)})):
        assert keys.keys == (LAB.key("ES256").public(),)
        assert [(ignored.kid, bool(ignored.reason)) for ignored in keys.ignored] == [("bad", True)]
    with pytest.raises(InvalidKey):
        _ = Key.from_jwk(entry) if "exp" not in entry else KeySet.from_jwks(7)


@pytest.mark.parametrize("kid", [7, None, ["a"], True], ids=repr)
def test_entry_whose_kid_is_no_text_is_ignored(kid):
    keys = KeySet.from_jwks(json.dumps({"keys": [GOOD | {"kid": kid}, RSA]}))
    assert [key.kid for key in keys] == ([None] if kid is None else []) + ["lab-rs256"]
    assert [ignored.kid for ignored in keys.ignored] == ([] if kid is None else [kid])


@pytest.mark.parametrize("entry", [7, None, "text", [], True], ids=repr)
def test_entry_that_is_no_object_is_ignored(entry):
    keys = KeySet.from_jwks(json.dumps({"keys": [entry, GOOD]}))
    assert [key.kid for key in keys] == ["lab-es256"]
    assert [(ignored.place, ignored.kid) for ignored in keys.ignored] == [("keys[0]", None)]


@pytest.mark.parametrize(
    "entry", ['{"kty":"oct","k":"AAAA","k":"BBBB"}', '{"kty":"oct","k":"\\ud800"}', '{"kty":"oct","k":1e999}']
)
def test_fault_in_the_json_of_one_entry_does_not_lose_the_key_set(entry):
    keys = KeySet.from_jwks(f'{{"keys": [{entry}, {json.dumps(GOOD)}]}}')
    assert [key.kid for key in keys] == ["lab-es256"]
    assert len(keys.ignored) == 1
    with pytest.raises(InvalidKey):
        Key.from_jwk(entry)


@pytest.mark.parametrize(
    "jwks", [{}, {"keys": {}}, "[]", "", "x", '{"keys":[],"keys":[]}', '{"keys":[],"x":NaN}', GOOD]
)
def test_what_is_no_key_set_is_refused(jwks):
    with pytest.raises(InvalidKey):
        KeySet.from_jwks(jwks)


def test_token_that_names_an_ignored_key_is_told_so():
    keys = KeySet.from_jwks({"keys": [GOOD | {"crv": "P-1"}, RSA]})
    report = jwtlab.verify(LAB.token(alg="ES256"), keys, algorithms=["ES256"], now=LAB.now)
    assert report.first_failure.id == "key-found"
    assert keys.ignored[0].reason in report.first_failure.reason
    stranger = jwtlab.verify(
        LAB.token(key=LAB.key("ES256", owner="mallory")), keys, algorithms=["ES256"], now=LAB.now
    )
    assert keys.ignored[0].reason not in stranger.first_failure.reason


def test_reasons_of_ignored_keys_show_no_secret():
    jwk = LAB.key("ES256").to_jwk(private=True) | {"crv": "P-1"}
    assert jwk["d"] not in str(KeySet.from_jwks({"keys": [jwk]}).ignored)


def test_certificate_in_a_jwk_belongs_to_its_key():
    own, other = (certificate_in_base64(nameless(alg)) for alg in ("ES256", "RS256"))
    assert Key.from_jwk(GOOD | {"x5c": [own]}) == LAB.key("ES256").public()
    assert Key.from_jwk(GOOD | {"x5c": [own, other]}) == LAB.key("ES256").public()
    for chain in ([other], [other, own], [certificate_in_base64(nameless("ES384"))]):
        with pytest.raises(InvalidKey, match="x5c"):
            Key.from_jwk(GOOD | {"x5c": chain})
        assert KeySet.from_jwks({"keys": [GOOD | {"x5c": chain}, RSA]}).ignored[0].kid == "lab-es256"
    private = LAB.key("ES256").to_jwk(private=True)
    assert Key.from_jwk(private | {"x5c": [own]}) == LAB.key("ES256")
    with pytest.raises(InvalidKey, match="x5c"):
        Key.from_jwk(private | {"x5c": [other]})


def certificate_in_base64(key: Key) -> str:
    return "".join(certificate(key).decode().splitlines()[1:-1])


def test_key_set_is_asked_by_kid():
    keys = KeySet([LAB.key("ES256"), LAB.key("RS256")])
    assert keys["lab-rs256"] == LAB.key("RS256")
    assert keys.find("nobody") == ()
    with pytest.raises(KeyError):
        keys["nobody"]
    with pytest.raises(KeyError):
        KeySet([LAB.key("ES256")] * 2)["lab-es256"]
    assert KeySet.from_jwks(keys.public().to_jwks()) == keys.public()
    assert not any(key.is_private for key in keys.public())


@pytest.mark.parametrize("keys", ["secret", b"secret", None, 7, {"kty": "oct"}, ["secret"]], ids=repr)
def test_verifying_with_what_is_no_key_is_a_usage_error(keys):
    with pytest.raises(UsageError, match="Key"):
        jwtlab.verify("a.b.c", keys, algorithms=["HS256"], now=0)


def test_roca_key_is_a_working_key_all_the_same():
    assert roca_key().private_crypto.key_size == 2048
