"""No input escapes the error tree, and no changed bit passes."""

from __future__ import annotations

import contextlib
import json
import re

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from material import EXPECTED, LAB, ONE_OF_EACH_FAMILY, forge, good_token, nameless, verifying

import jwtlab
from jwtlab import STANDARD, JwtlabError, Key, KeySet, base64url
from jwtlab.jose.key_set import read_keys
from jwtlab.jose.key_text import recognise

often = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
seldom = settings(often, max_examples=100)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["ES256", "HS256", "none", "alice", LAB.issuer, LAB.audience, 1e300, -(10**40)]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
header_names = st.sampled_from(["alg", "kid", "typ", "crit", "jwk", "b64", "cty"]) | st.text(max_size=4)
claim_names = st.sampled_from(["iss", "sub", "aud", "exp", "nbf", "iat", "jti"]) | st.text(max_size=4)
alphabet = st.sampled_from(base64url.ALPHABET + ".=+/ \n\x00é\ud800")
almost_tokens = st.text(alphabet, max_size=60) | st.lists(
    st.binary(max_size=30).map(base64url.encode), min_size=1, max_size=5
).map(".".join)
KEYS = KeySet([LAB.key("ES256").public(), LAB.key("RS256").public(), LAB.key("EdDSA").public()])
ALGORITHMS = ("ES256", "RS256", "EdDSA")
LOOSE = STANDARD.without("signature-valid")
NOTHING = jwtlab.Policy((), "nothing")
LAST = jwtlab.Policy((STANDARD["signature-valid"],), "the signature alone")


def judge(token) -> None:
    """Every policy reports; none raises. What was not accepted raises from `claims` alone."""
    for policy in (STANDARD, LOOSE, LAST, NOTHING):
        for keep_going in (False, True):
            report = jwtlab.verify(
                token,
                KEYS,
                algorithms=ALGORITHMS,
                policy=policy,
                keep_going=keep_going,
                typ="JWT",
                seen=(),
                **EXPECTED,
            )
            str(report), repr(report)
            if not report.accepted:
                with pytest.raises(JwtlabError):
                    _ = report.claims
    with contextlib.suppress(JwtlabError):
        jwtlab.jws.verify(token, KEYS, algorithms=ALGORITHMS)
    with contextlib.suppress(JwtlabError):
        parts = jwtlab.decode(token)
        assert parts.signing_input.decode().split(".") == list(parts.segments[:2])
        _ = parts.claims


@often
@given(st.binary(max_size=80) | st.text(st.characters(), max_size=80) | almost_tokens)
@example("")
@example("..")
@example(b"\xff.\xff.\xff")
@example("\ud800.\udfff.\x00")
@example("e30.e30.")
def test_any_bytes_or_text_are_reported(token):
    judge(token)
    judge(token.decode("latin-1") if isinstance(token, bytes) else token.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "token", [None, 7, 1.5, True, [], {}, object(), ("a", "b", "c")], ids=lambda value: type(value).__name__
)
def test_no_token_at_all_is_reported(token):
    judge(token)


@often
@given(
    st.dictionaries(header_names, json_values, max_size=4),
    st.dictionaries(claim_names, json_values, max_size=5),
    st.sampled_from(ALGORITHMS),
)
def test_any_signed_header_and_claims_are_reported(header, claims, alg):
    """Past the signature: a trusted issuer that writes nonsense."""
    octets = [json.dumps(value).encode() for value in ({"alg": alg} | header, claims)]
    judge(forge(*octets, LAB.key(alg), alg))


@often
@given(st.binary(max_size=40), st.binary(max_size=40))
def test_any_signed_bytes_are_reported(header, payload):
    judge(forge(header, payload, LAB.key("ES256"), "ES256"))
    judge(forge({"alg": "ES256"}, payload, LAB.key("ES256"), "ES256"))


@often
@given(st.text(st.sampled_from('{}[]":,\\u0d8ntE19.+-\n\x00'), max_size=40))
def test_any_signed_almost_json_is_reported(text):
    judge(forge({"alg": "ES256"}, text.encode(), LAB.key("ES256"), "ES256"))


# Keys.

JWK_MEMBERS = {
    "kty": st.sampled_from(["oct", "RSA", "EC", "OKP", "oKP"]),
    "crv": st.sampled_from(["P-256", "P-521", "Ed25519", "X25519", ""]),
    "key_ops": st.lists(st.sampled_from(["sign", "verify", ""]), max_size=3) | json_values,
} | {
    name: st.binary(max_size=67).map(base64url.encode) | json_values
    for name in ("k", "n", "e", "d", "p", "q", "dp", "dq", "qi", "oth", "x", "y", "kid", "use", "alg")
}
jwks = st.fixed_dictionaries({}, optional=JWK_MEMBERS) | st.dictionaries(st.text(max_size=4), json_values)


def use(key: Key) -> None:
    """Whatever could be read can be shown, signed with and verified with; errors stay in the tree."""
    str(key), repr(key), hash(key), key.label, key.type_in_words, key.algorithms, key.thumbprint()
    for alg in key.algorithms:
        with contextlib.suppress(JwtlabError):
            jwtlab.issue({}, key, alg=alg, policy=NOTHING)
        header = base64url.encode(json.dumps({"alg": alg}).encode())
        token = f"{header}.e30.{base64url.encode(bytes(max(1, (key.bits + 7) // 8)))}"
        for size in (64, 96, 132, 32):
            for policy in (STANDARD, LAST):
                sized = f"{header}.e30.{base64url.encode(bytes(size))}"
                for each in (token, sized):
                    jwtlab.verify(each, key, algorithms=[alg], now=0, policy=policy, keep_going=True)


@often
@given(jwks)
def test_any_jwk_is_read_or_refused(jwk):
    try:
        key = Key.from_jwk(jwk)
    except JwtlabError:
        return
    use(key)
    assert Key.from_jwk(key.to_jwk(private=True)) == key


@seldom
@given(st.binary(max_size=60) | st.text(st.characters(), max_size=60) | jwks.map(json.dumps))
def test_any_text_as_jwk_or_set_is_read_or_refused(value):
    for read in (Key.from_jwk, KeySet.from_jwks):
        with contextlib.suppress(JwtlabError):
            read(value)
    if isinstance(value, str):
        with contextlib.suppress(JwtlabError):
            read_keys(value)
        with contextlib.suppress(JwtlabError):
            Key.from_secret(value)


@seldom
@given(st.lists(jwks | json_values, max_size=3) | json_values)
def test_any_key_set_is_read_or_refused(keys):
    for jwks_form in ({"keys": keys}, keys):
        with contextlib.suppress(JwtlabError):
            KeySet.from_jwks(jwks_form)


PEMS = [
    LAB.key("ES256").to_pem(),
    LAB.key("ES256").to_pem(private=True),
    LAB.key("EdDSA").to_pem(private=True),
    LAB.key("RS256").to_pem(),
]


@seldom
@given(st.binary(max_size=60) | st.text(st.characters(), max_size=60))
@example("-----BEGIN PUBLIC KEY-----")
@example("-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----")
@example("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----")
def test_any_text_as_pem_is_read_or_refused(pem):
    with contextlib.suppress(JwtlabError):
        Key.from_pem(pem)


@often
@given(st.sampled_from(PEMS), st.integers(0, 10**6), st.binary(max_size=3), st.integers(0, 3))
def test_any_damaged_pem_is_read_or_refused(pem, at, put, drop):
    at %= len(pem)
    with contextlib.suppress(JwtlabError):
        use(Key.from_pem(pem[:at] + put + pem[at + drop :]))


SSH = [
    key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    for key in (LAB.key(alg).private_crypto for alg in ("ES256", "EdDSA"))
]


@often
@given(st.sampled_from([*PEMS, *SSH]), st.integers(0, 10**6), st.binary(max_size=3), st.integers(0, 3))
def test_any_damaged_paste_is_read_or_refused(text, at, put, drop):
    at %= len(text)
    with contextlib.suppress(JwtlabError):
        read_keys((text[:at] + put + text[at + drop :]).decode("latin-1"))


@often
@given(st.binary(max_size=80) | st.binary(max_size=12).map(lambda octets: b"\x30\x0c" + octets))
def test_any_bytes_are_a_known_form_or_none(octets):
    recognise(octets)
    recognise(octets.hex())
    recognise(b"{" + octets)


@pytest.mark.parametrize("value", [None, 7, [], object()], ids=lambda value: type(value).__name__)
def test_what_is_no_key_is_refused(value):
    for read in (Key.from_jwk, Key.from_pem, Key.from_secret, KeySet.from_jwks):
        with pytest.raises(JwtlabError):
            read(value)


# base64url.


@often
@given(st.binary(max_size=100))
def test_base64url_gives_back_what_was_put_in(octets):
    text = base64url.encode(octets)
    assert base64url.decode(text) == octets
    assert re.fullmatch(r"[A-Za-z0-9_-]*", text)


@often
@given(
    st.text(st.sampled_from(base64url.ALPHABET + "=+/ \n"), max_size=9) | st.text(st.characters(), max_size=6)
)
def test_base64url_has_one_spelling_for_every_value(text):
    fault = base64url.first_fault(text)
    if fault is None:
        assert base64url.encode(base64url.decode(text)) == text
        return
    with pytest.raises(jwtlab.MalformedToken) as caught:
        base64url.decode(text)
    assert caught.value.position == fault[0]
    assert 0 <= fault[0] <= len(text)


def test_base64url_twins_are_refused_exhaustively():
    """All texts of two and of three characters that end in any letter: one in 16, one in 4 is a spelling."""
    good = sum(base64url.first_fault("A" + last) is None for last in base64url.ALPHABET)
    better = sum(base64url.first_fault("AA" + last) is None for last in base64url.ALPHABET)
    assert (good, better) == (4, 16)


@pytest.mark.parametrize("value", [b"abc", None, 7], ids=repr)
def test_base64url_of_something_else_is_a_usage_error(value):
    with pytest.raises(jwtlab.UsageError):
        base64url.decode(value)
    with pytest.raises(jwtlab.UsageError):
        base64url.encode("text")


# Every bit.


@pytest.mark.parametrize("alg", ONE_OF_EACH_FAMILY)
def test_every_changed_bit_is_refused(alg):
    key = nameless(alg)
    token = forge({"alg": alg}, {"exp": EXPECTED["now"] + 1}, key, alg).encode("ascii")
    trusted, settings_ = verifying(key), {"algorithms": [alg], "now": EXPECTED["now"]}
    assert jwtlab.verify(token, trusted, **settings_).accepted
    passed = []
    for at in range(len(token)):
        for bit in range(8):
            changed = token[:at] + bytes([token[at] ^ (1 << bit)]) + token[at + 1 :]
            if jwtlab.verify(changed, trusted, **settings_).accepted:
                passed.append((at, bit))
    assert passed == []


@seldom
@given(st.sampled_from(ONE_OF_EACH_FAMILY), st.data())
def test_any_cut_or_repeated_piece_is_refused(alg, data):
    token = good_token(alg)
    start = data.draw(st.integers(0, len(token) - 1))
    end = data.draw(st.integers(start + 1, len(token)))
    for changed in (token[:start] + token[end:], token[:end] + token[start:]):
        if changed != token:
            report = jwtlab.verify(changed, verifying(LAB.key(alg)), algorithms=[alg], **EXPECTED)
            assert not report.accepted
