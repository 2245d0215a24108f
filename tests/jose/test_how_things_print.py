"""What a value shows in a notebook, to the letter; and what a row has that says nothing of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from material import EXPECTED, LAB, good_token, nameless

import jwtlab
from jwtlab import ALGORITHMS, STANDARD, InvalidKey, KeySet, Verifier
from jwtlab.jose.curves import Curve
from jwtlab.jose.key_types import KEY_TYPES, KeyType

ES256 = LAB.key("ES256")
KEYS = {
    "HS256": "a shared secret of 256 bits",
    "RS256": "a private RSA key of 2048 bits",
    "ES256": "a private EC key on P-256",
    "ES384": "a private EC key on P-384",
    "ES512": "a private EC key on P-521",
    "EdDSA": "a private Ed25519 key",
}


@pytest.mark.parametrize("alg", KEYS)
def test_key(alg):
    named, plain = LAB.key(alg), nameless(alg)
    assert repr(plain) == f"<Key: {KEYS[alg]}>"
    assert repr(named) == f"<Key: {KEYS[alg]}, kid 'lab-{alg.lower()}'>"
    assert repr(replace(plain, kid="")) == f"<Key: {KEYS[alg]}, kid ''>"
    assert (plain.label, named.label, replace(plain, kid="").label) == (
        "this key",
        f"key 'lab-{alg.lower()}'",
        "key ''",
    )
    if not named.is_symmetric:
        half = KEYS[alg].replace("private", "public")
        assert repr(named.public()) == f"<Key: {half}, kid 'lab-{alg.lower()}'>"
        assert repr(plain.public()) == f"<Key: {half}>"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (KeySet([]), "<KeySet: empty>"),
        (KeySet([ES256, nameless("RS256"), LAB.key("EdDSA")]), "<KeySet: 'lab-es256', RSA, 'lab-eddsa'>"),
        (KeySet([replace(ES256, kid="")]), "<KeySet: EC>"),
        (jwtlab.decode(good_token()), f"<Token, not verified: alg 'ES256', {len(good_token())} characters>"),
        (STANDARD, "<Policy 'standard': 33 checks>"),
        (STANDARD.without("key-roca").named("mine"), "<Policy 'mine': 32 checks>"),
        (
            STANDARD["not-expired"],
            "Check(id='not-expired', title='Not expired', spec='RFC 7519 §4.1.4', group='Time')",
        ),
        (
            Verifier(ES256.public(), algorithms=["ES256"]),
            "Verifier(keys=<KeySet: 'lab-es256'>, algorithms=('ES256',), issuer=None, audience=None, typ=None, "
            "leeway=0, policy=<Policy 'standard': 33 checks>)",
        ),
        (
            ALGORITHMS["ES256"],
            "Algorithm(name='ES256', family='ECDSA', meaning='ECDSA on P-256 with SHA-256', kty='EC', crv='P-256', "
            "hash='sha256', signature_bytes=64, spec='RFC 7518 §3.4')",
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_value(value, shown):
    assert repr(value) == shown


def test_report_prints_a_line_for_each_finding():
    report = jwtlab.verify(good_token(), ES256.public(), algorithms=["ES256"], **EXPECTED)
    first, *lines = str(report).splitlines()
    assert first == "accepted"
    assert lines == [f"  {finding}" for finding in report]
    assert lines[0] == f"  ✓ {report['token-size'].check.title}"
    assert lines[-1].startswith("  ○ ")
    asked, idle = 30, 3
    assert repr(report) == f"<Report: accepted, {asked} checks passed, {idle} not asked>"
    refused = jwtlab.verify(
        good_token(), ES256.public(), algorithms=["ES256"], **EXPECTED | {"audience": "https://bank.example"}
    )
    assert str(refused).splitlines()[0] == "refused"
    assert repr(refused).startswith("<Report: refused by audience-expected")


def test_row_that_says_nothing_of_its_own():
    row = KeyType(kty="X", title="an X key", meaning="", spec="", public=("x",), private=("d",))
    assert (row.pem, row.minimum_bits, row.curves, row.thumbprint_members) == ((), 0, {}, ("kty", "x"))
    assert (row.wanted(""), row.wanted("C")) == ("an X key", "an X key on C")
    assert (row.fault(b"", ""), row.complete({"x": b""}), row.derive("", b""), row.export(None)) == (
        "",
        {"x": b""},
        None,
        None,
    )
    with pytest.raises(NotImplementedError):
        row.words({}, "")
    with pytest.raises(NotImplementedError):
        Curve(name="C", size=1, bits=8, meaning="", spec="").holds_key({})
    for call, words in (
        (lambda: row.generate("", 8), "an X key is no key pair"),
        (lambda: row.public_crypto({}, ""), "an X key has no public half"),
        (lambda: row.private_crypto({}, ""), "an X key is no key pair"),
    ):
        with pytest.raises(InvalidKey, match=f"^{words}$"):
            call()


def test_what_a_type_of_key_is_named_by():
    assert {kty: row.thumbprint_members for kty, row in KEY_TYPES.items()} == {
        "oct": ("k", "kty"),
        "RSA": ("e", "kty", "n"),
        "EC": ("crv", "kty", "x", "y"),
        "OKP": ("crv", "kty", "x"),
    }
    assert {kty: (row.minimum_bits, tuple(row.curves)) for kty, row in KEY_TYPES.items()} == {
        "oct": (0, ()),
        "RSA": (2048, ()),
        "EC": (0, ("P-256", "P-384", "P-521")),
        "OKP": (0, ("Ed25519",)),
    }
