"""One case for each check that this check alone refuses: take it out, and the token passes.

So no check can go missing unnoticed. Where a later check, or OpenSSL, refuses as well, the case stands
in `SHADOWED` with the reason, and only the order of refusals is held.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from material import (
    CLAIMS,
    LAB,
    NO_KEY_CHECKS,
    SMALL_ORDER,
    forge,
    good_token,
    nameless,
    off_curve_key,
    roca_key,
    small_order_key,
    small_rsa_key,
    with_octets,
)
from trials import (
    CASES,
    ES256,
    HEADER,
    RSA_PUBLIC,
    SHADOWED,
    Trial,
    forged_with_small_order,
    public_key_as_secret,
    signed,
)

import jwtlab
from jwtlab import STANDARD, Key, KeySet, base64url
from jwtlab.jose.curves import CURVES
from jwtlab.jose.key_checks import KEY_CHECKS, has_roca_fingerprint
from jwtlab.jose.key_text import recognise


def test_every_check_of_standard_has_a_case():
    assert set(CASES) | set(SHADOWED) == set(STANDARD.ids)
    assert not set(CASES) & set(SHADOWED)


@pytest.mark.parametrize("check_id", CASES)
def test_check_alone_refuses(check_id):
    trial = CASES[check_id]()
    report = trial.verify()
    assert report.first_failure.id == check_id
    assert report.first_failure.reason
    assert [f.id for f in trial.verify(keep_going=True).failures] == [check_id]
    with pytest.raises(jwtlab.InvalidToken) as caught:
        _ = report.claims
    assert caught.value.finding.id == check_id


@pytest.mark.parametrize("check_id", CASES)
def test_token_passes_when_the_check_is_taken_out(check_id):
    report = CASES[check_id]().verify(STANDARD.without(check_id))
    assert report.accepted, report
    assert isinstance(report.claims, dict)


@pytest.mark.parametrize("check_id", SHADOWED)
def test_shadowed_check_refuses_first(check_id):
    make, shadow, _ = SHADOWED[check_id]
    assert make().verify().first_failure.id == check_id
    assert [f.id for f in make().verify(keep_going=True).failures] == [check_id, shadow]
    assert make().verify(STANDARD.without(check_id)).first_failure.id == shadow


@pytest.mark.parametrize("check_id", CASES)
def test_good_token_is_accepted_by_what_a_case_varies(check_id):
    """The cases start from a token that passes; otherwise they would prove nothing."""
    assert Trial(good_token()).verify().accepted
    assert Trial(good_token()).verify(STANDARD.without(check_id)).accepted


# Signing asks the same checks of the key.


def with_exponent_one() -> Key:
    return with_octets(nameless("RS256"), e=b"\x01")


def with_wrong_point() -> Key:
    return with_octets(nameless("ES256"), y=off_curve_key().octets["y"])


SIGNING: dict[str, tuple[Callable[[], Key], str]] = {
    "key-alg": (lambda: nameless("RS256", alg="PS256"), "RS256"),
    "key-use": (lambda: nameless("ES256", use="enc"), "ES256"),
    "key-ops": (lambda: nameless("ES256", key_ops=("verify",)), "ES256"),
    "key-secret": (lambda: Key.from_secret(RSA_PUBLIC.to_pem()), "HS256"),
    "key-size": (small_rsa_key, "RS256"),
    "key-roca": (roca_key, "RS256"),
}
SIGNING_SHADOWED: dict[str, tuple[Callable[[], Key], str, str]] = {
    "key-type": (lambda: RSA_PUBLIC, "HS256", "Algorithm.sign refuses a key of another type"),
    "key-exponent": (with_exponent_one, "RS256", "cryptography loads no such key"),
    "key-on-curve": (with_wrong_point, "ES256", "the private half does not belong to a point off the curve"),
}


def test_every_key_check_has_a_case_for_signing():
    assert set(SIGNING) | set(SIGNING_SHADOWED) == set(KEY_CHECKS.ids)


@pytest.mark.parametrize("check_id", SIGNING)
def test_signing_with_unfit_key_is_refused_by_the_check_alone(check_id):
    make, alg = SIGNING[check_id]
    with pytest.raises(jwtlab.InvalidKey) as caught:
        jwtlab.issue(CLAIMS, make(), alg=alg)
    assert caught.value.finding.id == check_id
    assert jwtlab.issue(CLAIMS, make(), alg=alg, policy=KEY_CHECKS.without(check_id)).count(".") == 2


@pytest.mark.parametrize("check_id", SIGNING_SHADOWED)
def test_signing_with_unfit_key_is_refused_twice(check_id):
    make, alg, _ = SIGNING_SHADOWED[check_id]
    with pytest.raises(jwtlab.InvalidKey) as caught:
        jwtlab.issue(CLAIMS, make(), alg=alg)
    assert caught.value.finding.id == check_id
    with pytest.raises(jwtlab.InvalidKey) as caught:
        jwtlab.issue(CLAIMS, make(), alg=alg, policy=KEY_CHECKS.without(check_id))
    assert caught.value.finding is None


# More of what the key checks refuse.


@pytest.mark.parametrize("octets", SMALL_ORDER, ids=lambda octets: octets.hex()[:8])
def test_small_order_point_is_refused(octets):
    trial = Trial(forged_with_small_order().token, small_order_key(octets), ("EdDSA",))
    assert trial.verify().first_failure.id == "key-on-curve"


@pytest.mark.parametrize(
    "octets",
    [
        (2**255 - 19 + 2).to_bytes(32, "little"),  # y is not below p: a second spelling
        (2).to_bytes(32, "little"),  # no point has this y
        bytes(32 - 1),
    ],
    ids=["not reduced", "no point", "31 bytes"],
)
def test_impossible_ed25519_point_is_refused(octets):
    trial = Trial(forged_with_small_order().token, small_order_key(octets), ("EdDSA",))
    assert trial.verify().first_failure.id == "key-on-curve"


@pytest.mark.parametrize("alg", ["ES256", "ES384", "ES512"])
def test_point_off_its_curve_is_refused(alg):
    key = nameless(alg).public()
    wrong = with_octets(key, y=key.octets["y"][:-1] + bytes([key.octets["y"][-1] ^ 1]))
    trial = signed(nameless(alg), alg, wrong)
    assert trial.verify().first_failure.id == "key-on-curve"
    assert trial.verify(STANDARD.without("key-on-curve")).first_failure.id == "signature-valid"


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
def test_hmac_key_shorter_than_its_hash_is_refused(alg):
    size = jwtlab.ALGORITHMS[alg].minimum_key_bits // 8
    assert signed(Key.from_secret(b"k" * size), alg).verify().accepted
    for short in (size - 1, 1, 0):
        assert signed(Key.from_secret(b"k" * short), alg).verify().first_failure.id == "key-size"


@pytest.mark.parametrize("alg", ["RS256", "RS512", "PS256", "PS384"])
def test_rsa_key_of_1024_bits_is_refused(alg):
    trial = signed(small_rsa_key(), alg)
    assert trial.verify().first_failure.id == "key-size"
    assert trial.verify(STANDARD.without("key-size")).accepted


def test_rsa_key_too_small_for_the_hash_is_refused_without_a_crash():
    with pytest.raises(jwtlab.InvalidKey, match="too few"):
        jwtlab.issue(CLAIMS, small_rsa_key(), alg="PS512", policy=NO_KEY_CHECKS)
    header, payload, _ = forge({"alg": "PS512"}, CLAIMS, nameless("PS512"), "PS512").split(".")
    tiny = with_octets(RSA_PUBLIC, n=b"\xf1" * 64)
    trial = Trial(
        f"{header}.{payload}.{base64url.encode(bytes(64))}", replace(tiny, kid=None, alg=None), ("PS512",)
    )
    assert trial.verify(STANDARD.without("key-size")).first_failure.id == "signature-valid"


@pytest.mark.parametrize(
    "exponent",
    [b"\x01", b"\x02", b"\x01\x00", b"\xff" * 2047 + b"\xfe"],
    ids=["1", "2", "256", "huge and even"],
)
def test_unsound_exponent_is_refused(exponent):
    trial = signed(nameless("RS256"), "RS256", with_octets(nameless("RS256").public(), e=exponent))
    report = trial.verify(keep_going=True)
    assert report.first_failure.id == "key-exponent"
    assert repr(report.findings)


def public_key_secrets() -> dict[str, bytes]:
    pem = RSA_PUBLIC.to_pem()
    der = RSA_PUBLIC.public_crypto.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    jwk = b'{"kty":"RSA","n":"AQAB","e":"AQAB"}'
    return {
        "PEM": pem,
        "PEM without its last line break": pem.rstrip(),
        "PEM with other line breaks": pem.replace(b"\n", b"\r\n"),
        "certificate": b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        "DER": der,
        "JWK": jwk,
        "JWK Set": b' {"keys":[' + jwk + b"]}",
        "EC DER": ES256.public_crypto.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
    }


@pytest.mark.parametrize("form", public_key_secrets())
def test_public_key_as_secret_is_refused(form):
    trial = public_key_as_secret(public_key_secrets()[form])
    report = trial.verify(STANDARD.without("key-size"))
    assert report.first_failure.id == "key-secret"
    found = {"certificate": "PEM", "EC DER": "DER", "JWK Set": "JWK Set"}.get(form, form.split()[0])
    assert report.first_failure.found == found


def test_secret_that_merely_looks_odd_is_taken():
    for secret in (b'{"a": 1}', b"{", b"\x30\x82", b"-----", bytes(64)):
        assert recognise(secret) is None


def test_roca_fingerprint_is_seen_in_few_sound_moduli():
    assert has_roca_fingerprint(roca_key().modulus)
    assert roca_key().bits == 2048
    assert not any(has_roca_fingerprint(LAB.key(alg).modulus) for alg in ("RS256", "PS256"))
    assert not has_roca_fingerprint(small_rsa_key().modulus)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["secret first", "secret last"])
def test_mixed_set_is_refused_in_any_order(order):
    both = (LAB.key("HS256"), ES256.public())
    keys = KeySet(both[i] for i in order)
    for alg in ("HS256", "ES256"):
        assert Trial(good_token(alg), keys, (alg,)).verify().first_failure.id == "set-unmixed"


def test_token_without_kid_and_two_fitting_keys_is_refused():
    keys = KeySet([nameless("ES256").public(), Key.generate("ES256").public()])
    token = forge(HEADER, CLAIMS, ES256, "ES256")
    assert Trial(token, keys).verify().first_failure.id == "key-found"
    assert Trial(token, KeySet([])).verify().first_failure.id == "key-found"


@pytest.mark.parametrize("kid", [7, ["lab-es256"], {"a": 1}, True], ids=repr)
def test_kid_that_is_no_text_is_refused(kid):
    trial = Trial(forge(HEADER | {"kid": kid}, CLAIMS, ES256, "ES256"))
    assert trial.verify().first_failure.id == "header-types"
    assert trial.verify(STANDARD.without("header-types")).first_failure.id == "key-found"


@pytest.mark.parametrize(
    "crit",
    [[], "x", [7], ["alg"], ["exp"], ["missing"], {}, None, 1, [["x"]], ["x" * 10_000]],
    ids=lambda c: repr(c)[:20],
)
def test_any_crit_is_refused(crit):
    trial = Trial(forge(HEADER | {"crit": crit, "exp": 1}, CLAIMS, ES256, "ES256"))
    assert trial.verify(STANDARD.without("header-types")).first_failure.id == "critical-understood"
    typed = isinstance(crit, list) and all(isinstance(name, str) for name in crit)
    assert trial.verify().first_failure.id == ("critical-understood" if typed else "header-types")


@pytest.mark.parametrize("signature", [bytes(64), b"\xff" * 64], ids=["r and s are 0", "r and s too large"])
def test_psychic_signature_is_refused(signature):
    """CVE-2022-21449: Java 15 to 18 took r = s = 0 for a signature of everything."""
    header, payload, _ = good_token().split(".")
    trial = Trial(f"{header}.{payload}.{base64url.encode(signature)}")
    assert trial.verify().first_failure.id == "signature-valid"


@pytest.mark.parametrize("half", [0, CURVES["P-256"].n], ids=["0", "the order"])
def test_signature_out_of_range_is_refused_before_openssl_is_asked(half, monkeypatch):
    """OpenSSL refuses it too; the range is ours to check all the same."""
    monkeypatch.setattr(jwtlab.jwa, "_matches", lambda *arguments: True)
    out, good = half.to_bytes(32), (1).to_bytes(32)
    algorithm, key = jwtlab.ALGORITHMS["ES256"], nameless("ES256")
    assert algorithm.verify(key, b"", good + good)
    assert not algorithm.verify(key, b"", out + good)
    assert not algorithm.verify(key, b"", good + out)


@pytest.mark.parametrize("alg", ["ES256", "ES384", "ES512"])
def test_der_signature_is_refused(alg):
    """JWS wants r and s one behind the other, not DER (RFC 7518 §3.4)."""
    algorithm, key = jwtlab.ALGORITHMS[alg], nameless(alg)
    header, payload, _ = forge({"alg": alg}, CLAIMS, key, alg).split(".")
    der = key.private_crypto.sign(f"{header}.{payload}".encode(), ec.ECDSA(algorithm.hash_function))
    trial = Trial(f"{header}.{payload}.{base64url.encode(der)}", key.public(), (alg,))
    assert trial.verify().first_failure.id == "signature-valid"
