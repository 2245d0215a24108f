"""What a text of a key is: a public key in any form is no secret, and every form is named or read."""

from __future__ import annotations

import base64
import json
import secrets
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, x25519
from material import CLAIMS, EXPECTED, LAB, forge, nameless, verifying

import jwtlab
from jwtlab import InvalidKey, Key, KeySet
from jwtlab.jose.key_set import read_keys
from jwtlab.jose.key_text import recognise

ALGS = ("RS256", "ES256", "ES512", "EdDSA")
# An RSASSA-PSS key (RFC 4055 §1.2): openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048
PSS_PREFIX = bytes.fromhex("300b06092a864886f70d01010a")
PLAIN_PREFIX = bytes.fromhex("300d06092a864886f70d0101010500")


def der(key: Key) -> bytes:
    return key.public_crypto.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def ssh_line(key: Key) -> bytes:
    return key.public_crypto.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)


def ssh_file(key: Key) -> bytes:
    return key.private_crypto.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )


def rfc4716(key: Key) -> bytes:
    body = ssh_line(key).split()[1]
    lines = b"\n".join(body[at : at + 70] for at in range(0, len(body), 70))
    mark = b"---- %s SSH2 PUBLIC KEY ----"
    return mark % b"BEGIN" + b'\nComment: "PRIVATE KEY"\n' + lines + b"\n" + mark % b"END" + b"\n"


def certificate(key: Key) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "issuer.example")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_crypto)
    builder = builder.serial_number(1).not_valid_before(start).not_valid_after(start + timedelta(days=1))
    signed = builder.sign(key.private_crypto, None if key.kty == "OKP" else hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM)


def request(key: Key) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "issuer.example")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    signed = builder.sign(key.private_crypto, None if key.kty == "OKP" else hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM)


def public_forms(key: Key) -> dict[str, bytes]:
    """One public key in every form in which keys lie about."""
    pem, jwk = key.to_pem(), json.dumps(key.public().to_jwk())
    line = ssh_line(key) + b" alice@host"
    cert = certificate(key)
    forms = {
        "PEM": pem,
        "PEM without its last line break": pem.rstrip(),
        "PEM of Windows": pem.replace(b"\n", b"\r\n"),
        "PEM behind a byte order mark": b"\xef\xbb\xbf" + pem,
        "PEM in UTF-16": pem.decode().encode("utf-16"),
        "PEM in UTF-16 without a mark": pem.decode().encode("utf-16-le"),
        "PEM in UTF-16, big end first": pem.decode().encode("utf-16-be"),
        "PEM with a comment": b"# not the PRIVATE KEY\n" + pem,
        "PEM with a comment that looks like a mark": b"# -----BEGIN PRIVATE KEY-----\n" + pem,
        "PEM with literal line breaks": pem.replace(b"\n", b"\\n"),
        "PEM in quote marks": b'"' + pem.replace(b"\n", b"\\n") + b'"',
        "PEM on one line": pem.replace(b"\n", b" "),
        "PEM indented": pem.replace(b"\n", b"\n    "),
        "PEM without its end": pem[:-12],
        "PEM in JSON": json.dumps({"kid-1": pem.decode()}).encode(),
        "PEM in base64": base64.b64encode(pem),
        "PEM in percent-encoding": quote(pem.decode()).encode(),
        "certificate": cert,
        "certificate in UTF-16": cert.decode().encode("utf-16"),
        "request for a certificate": request(key),
        "DER": der(key),
        "DER and a line break": der(key) + b"\n",
        "DER in base64": base64.b64encode(der(key)),
        "DER in base64 with line breaks": base64.encodebytes(der(key)),
        "DER in base64url": base64.urlsafe_b64encode(der(key)).rstrip(b"="),
        "DER in hexadecimal": der(key).hex().encode(),
        "DER in hexadecimal with colons": der(key).hex(":").encode(),
        "certificate in base64": b"".join(cert.splitlines()[1:-1]),
        "OpenSSH line": line,
        "OpenSSH line without a comment": ssh_line(key),
        "OpenSSH line with options": b'from="10.0.0.0/8" ' + line,
        "OpenSSH line of known hosts": b"host.example " + line,
        "OpenSSH line in UTF-16": line.decode().encode("utf-16"),
        "OpenSSH base64 alone": ssh_line(key).split()[1],
        "OpenSSH bytes": base64.b64decode(ssh_line(key).split()[1]),
        "RFC 4716": rfc4716(key),
        "JWK": jwk.encode(),
        "JWK behind a byte order mark": b"\xef\xbb\xbf" + jwk.encode(),
        "JWK in UTF-16": jwk.encode().decode().encode("utf-16"),
        "JWK as Python prints it": str(key.public().to_jwk()).encode(),
        "JWK in base64": base64.b64encode(jwk.encode()),
        "JWK Set": json.dumps(KeySet([key.public()]).to_jwks()).encode(),
        "list of JWKs": f"[{jwk}]".encode(),
    }
    if key.kty == "RSA":
        forms["PKCS #1"] = key.public_crypto.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.PKCS1
        )
        forms["PKCS #1 in DER"] = key.public_crypto.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.PKCS1
        )
    if key.kty == "EC":
        forms["point"] = b"\x04" + key.octets["x"] + key.octets["y"]
        forms["point in base64"] = base64.b64encode(forms["point"])
    return forms


PUBLIC = [(alg, form) for alg in ALGS for form in public_forms(nameless(alg))]


@pytest.mark.parametrize(("alg", "form"), PUBLIC)
def test_public_key_in_any_form_is_no_hmac_secret(alg, form):
    octets = public_forms(nameless(alg))[form]
    secret = Key.from_secret(octets)
    token = forge({"alg": "HS256"}, CLAIMS, secret, "HS256")
    report = jwtlab.verify(token, secret, algorithms=["HS256"], keep_going=True, **EXPECTED)
    assert "key-secret" in [finding.id for finding in report.failures]
    assert recognise(octets).is_public
    with pytest.raises(InvalidKey) as caught:
        jwtlab.issue(CLAIMS, secret, alg="HS256")
    assert caught.value.finding.id == "key-secret"


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
def test_public_key_of_a_kind_that_signs_no_jws_is_no_secret_either(make):
    public = make().public_key()
    for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER):
        octets = public.public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
        assert recognise(octets).is_public


def test_public_key_of_an_algorithm_of_tomorrow_is_no_secret():
    """ML-DSA-44 (RFC 9881): the shape of SubjectPublicKeyInfo is enough."""
    spki = (
        bytes.fromhex("300b0609608648016503040311")
        + b"\x03\x82\x05\x21\x00"
        + bytes(range(256)) * 5
        + bytes(32)
    )
    octets = b"\x30\x82" + len(spki).to_bytes(2) + spki
    assert recognise(octets).is_public
    assert recognise(base64.b64encode(octets)).is_public


@pytest.mark.parametrize("size", [0, 1, 31, 32, 48, 64, 65, 97, 133, 256, 1024])
def test_random_bytes_remain_a_secret_however_they_are_written(size):
    octets = secrets.token_bytes(size)
    for secret in (
        octets,
        base64.b64encode(octets),
        base64.urlsafe_b64encode(octets),
        octets.hex().encode(),
        b"base64:" + base64.b64encode(octets),
    ):
        assert recognise(secret) is None
    if size >= 32:
        jwtlab.issue(CLAIMS, Key.from_secret(base64.b64encode(octets)), alg="HS256")


@pytest.mark.parametrize(
    "text",
    [
        "ssh-ed25519",
        "ssh-ed25519 alice@host",
        "-----BEGIN PUBLIC KEY-----" * 0 + "-----",
        "kty",
        "BEGIN",
        '{"kty"',
    ],
)
def test_words_about_keys_are_no_keys(text):
    assert recognise(text) is None


@pytest.mark.parametrize("alg", ALGS)
def test_private_key_is_not_taken_for_a_public_one(alg):
    for octets in (LAB.key(alg).to_pem(private=True), ssh_file(nameless(alg))):
        assert not recognise(octets).is_public
        assert not recognise(certificate(nameless(alg)) + octets).is_public


# read_keys: whatever was pasted.


NAMED_ONLY = {"PEM without its end", "request for a certificate", "PEM in JSON", "JWK as Python prints it"}
PASTED = [
    (alg, form)
    for alg, form in PUBLIC
    if form not in NAMED_ONLY and "point" not in form and "UTF-16" not in form
    if public_forms(nameless(alg))[form].isascii()
]


@pytest.mark.parametrize(("alg", "form"), PASTED)
def test_pasted_public_key_is_read_as_one(alg, form):
    (key,) = read_keys(public_forms(nameless(alg))[form].decode())
    assert key.material == nameless(alg).public().material
    assert not key.is_private


@pytest.mark.parametrize("alg", ALGS)
def test_pasted_private_key_is_read_as_one(alg):
    for octets in (LAB.key(alg).to_pem(private=True), ssh_file(nameless(alg))):
        (key,) = read_keys(octets.decode())
        assert key == nameless(alg)


def test_several_ssh_lines_are_several_keys():
    text = b"\n".join(ssh_line(nameless(alg)) + b" alice@host" for alg in ALGS).decode()
    assert [key.type_in_words for key in read_keys(text)] == [
        nameless(alg).public().type_in_words for alg in ALGS
    ]


def test_pasted_secret_remains_a_secret():
    secret = base64.b64encode(secrets.token_bytes(48)).decode()
    assert read_keys(secret).keys[0].secret == secret.encode()
    spelled = secret.rstrip("=").translate(str.maketrans("+/", "-_"))
    assert read_keys(spelled, secret_as="base64url").keys[0].secret == base64.b64decode(secret)


# Key.from_pem and Key.from_jwk: read, or a sentence that names what it is.


@pytest.mark.parametrize("alg", ALGS)
@pytest.mark.parametrize("order", [1, -1], ids=["certificate first", "key first"])
def test_pem_with_certificate_and_private_key_gives_the_private_key(alg, order):
    parts = [certificate(nameless(alg)), LAB.key(alg).to_pem(private=True)][::order]
    assert Key.from_pem(b"".join(parts)) == nameless(alg)
    issuer = certificate(LAB.key(alg, owner="mallory"))
    assert Key.from_pem(b"".join([*parts, issuer])) == nameless(alg)
    assert Key.from_pem(b"".join([parts[0], LAB.key(alg).to_pem(), parts[1]])) == nameless(alg)


@pytest.mark.parametrize("order", [1, -1], ids=["certificate first", "key first"])
def test_certificate_and_private_key_that_do_not_belong_together_are_refused(order):
    parts = [certificate(LAB.key("ES256", owner="mallory")), LAB.key("ES256").to_pem(private=True)][::order]
    with pytest.raises(InvalidKey, match="belong together"):
        Key.from_pem(b"".join(parts))


def test_several_keys_in_one_pem_are_refused_and_a_chain_gives_its_leaf():
    keys = [LAB.key("ES256"), LAB.key("ES256", owner="mallory")]
    for private in (True, False):
        with pytest.raises(InvalidKey, match="several"):
            Key.from_pem(b"".join(key.to_pem(private=private) for key in keys))
    assert Key.from_pem(b"".join(map(certificate, keys))) == nameless("ES256").public()


def test_ec_private_key_behind_its_parameters_is_read():
    parameters = b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    assert Key.from_pem(parameters + LAB.key("ES256").to_pem(private=True)) == nameless("ES256")


NAMED = {
    "PEM with literal line breaks": ("line breaks", lambda key: key.to_pem().replace(b"\n", b"\\n")),
    "private PEM with literal line breaks": (
        "line breaks",
        lambda key: key.to_pem(private=True).replace(b"\n", b"\\n"),
    ),
    "OpenSSH private key": ("OpenSSH.*ssh-keygen", ssh_file),
    "OpenSSH line": ("OpenSSH.*ssh-keygen", ssh_line),
    "DER": ("DER.*openssl", der),
    "JWK": ("from_jwk", lambda key: json.dumps(key.public().to_jwk())),
    "JWK Set": ("from_jwks", lambda key: json.dumps(KeySet([key.public()]).to_jwks())),
    "base64 of PEM": ("base64", lambda key: base64.b64encode(key.to_pem())),
}


@pytest.mark.parametrize("form", NAMED)
def test_what_is_no_pem_is_named_with_the_way_out(form):
    words, make = NAMED[form]
    with pytest.raises(InvalidKey, match=words):
        Key.from_pem(make(nameless("ES256")))


@pytest.mark.parametrize(
    "form", ["PEM in UTF-16", "PEM behind a byte order mark", "PEM on one line", "PEM indented"]
)
def test_pem_that_only_looks_different_is_read(form):
    assert Key.from_pem(public_forms(nameless("ES256"))[form]) == nameless("ES256").public()


def test_what_is_no_jwk_is_named_with_the_way_out():
    key = nameless("ES256")
    jwks = KeySet([key.public()]).to_jwks()
    for value in (jwks, json.dumps(jwks)):
        with pytest.raises(InvalidKey, match=r"JWK Set.*from_jwks"):
            Key.from_jwk(value)
    for value in (key.public().to_jwk(), json.dumps(key.public().to_jwk())):
        with pytest.raises(InvalidKey, match=r"single JWK.*from_jwk\b"):
            KeySet.from_jwks(value)
    for read in (Key.from_jwk, KeySet.from_jwks):
        with pytest.raises(InvalidKey, match=r"PEM.*from_pem"):
            read(key.to_pem())
        with pytest.raises(InvalidKey, match="OpenSSH"):
            read(ssh_line(key))
    with pytest.raises(InvalidKey, match=r"no JSON.*json\.dumps"):
        Key.from_jwk(str(key.public().to_jwk()))
    assert Key.from_jwk(b"\xef\xbb\xbf" + json.dumps(key.to_jwk()).encode()) == key.public()


# A key whose own file limits it.


def pss_key(parameters: bytes = b"") -> Key:
    """The lab's RSA key under the object identifier of RSASSA-PSS."""
    inner = der(nameless("RS256")).split(PLAIN_PREFIX)[1]
    identifier = PSS_PREFIX[2:] + parameters
    body = b"\x30" + bytes([len(identifier)]) + identifier + inner
    octets = base64.encodebytes(b"\x30\x82" + len(body).to_bytes(2) + body)
    return Key.from_pem(b"-----BEGIN PUBLIC KEY-----\n" + octets + b"-----END PUBLIC KEY-----\n")


# hash SHA-256, MGF1 with SHA-256 (RFC 4055 §3.1)
ONLY_SHA256 = bytes.fromhex(
    "3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120"
)


def test_rsassa_pss_key_does_not_serve_rs256():
    key = pss_key()
    assert key.algorithms == ("PS256", "PS384", "PS512")
    assert key.material == nameless("RS256").public().material
    for alg, accepted in (("PS256", True), ("PS512", True), ("RS256", False)):
        token = forge({"alg": alg}, CLAIMS, nameless("RS256"), alg)
        report = jwtlab.verify(token, key, algorithms=[alg], **EXPECTED)
        assert report.accepted is accepted
        if not accepted:
            assert report.first_failure.id == "key-alg"
            assert "RSASSA-PSS" in report.first_failure.reason


def test_rsassa_pss_key_for_one_hash_serves_that_one():
    assert pss_key(ONLY_SHA256).algorithms == ("PS256",)
    token = forge({"alg": "PS384"}, CLAIMS, nameless("RS256"), "PS384")
    report = jwtlab.verify(token, pss_key(ONLY_SHA256), algorithms=["PS384"], **EXPECTED)
    assert report.first_failure.id == "key-alg"


def test_ordinary_rsa_key_serves_both():
    for alg in ("RS256", "PS256"):
        token = forge({"alg": alg}, CLAIMS, nameless("RS256"), alg)
        key = Key.from_pem(verifying(nameless("RS256")).to_pem())
        assert jwtlab.verify(token, key, algorithms=[alg], **EXPECTED).accepted
