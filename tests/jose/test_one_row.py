"""One row for a new thing: a curve and its algorithm, a claim, a header parameter; found everywhere."""

from __future__ import annotations

import pytest

CURVE = """
    WeierstrassCurve(
        name="secp256k1",
        size=32,
        bits=256,
        meaning="the curve of Bitcoin",
        spec="RFC 8812 §3.1",
        p=2**256 - 2**32 - 977,
        a=0,
        b=7,
        n=0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141,
        crypto=ec.SECP256K1(),
    ),"""
ALGORITHM = """
    _ecdsa("ES256K", "secp256k1", 256, "RFC 8812 §3.2"),"""


ED448 = """
    EdwardsCurve(
        name="Ed448",
        size=57,
        bits=456,
        meaning="the larger curve of EdDSA",
        spec="RFC 8037 §2",
        p=2**448 - 2**224 - 1,
        a=1,
        d=-39081 % (2**448 - 2**224 - 1),
        cofactor=4,
        public=ed448.Ed448PublicKey,
        private=ed448.Ed448PrivateKey,
    ),"""

ED448_ALGORITHM = """
    _eddsa("Ed448", "Ed448", "RFC 9864 §2.2"),"""


@pytest.fixture
def with_ed448(made_up):
    made_up.add("jose/curves.py", "_ROWS: tuple[Curve, ...] = (", ED448)
    made_up.add("jose/curves.py", "asymmetric import ec, ed25519", ", ed448")
    made_up.add("jose/algorithms.py", '_eddsa("Ed25519", "Ed25519", "RFC 9864 §2.2"),', ED448_ALGORITHM)
    return made_up


def test_an_edwards_curve_is_a_row_of_numbers(with_ed448):
    found = with_ed448.run("""
import jwtlab
from jwtlab.jose.curves import CURVES
from jwtlab.jose.steps import signing_steps
from jwtlab.testing import mallory
from jwtlab.widgets import SignatureStepper, TokenInspector
key = jwtlab.Key.generate("Ed448")
found["jwk"] = {name: value for name, value in key.to_jwk().items() if name in ("kty", "crv", "alg")}
found["same"] = jwtlab.Key.from_jwk(key.to_jwk(private=True)) == key
found["pem"] = jwtlab.Key.from_pem(key.to_pem(private=True)).material == key.material
found["words"] = key.public().type_in_words
token = jwtlab.issue({"sub": "alice", "exp": 100}, key, alg="Ed448")
report = jwtlab.verify(token, key.public(), algorithms=["Ed448"], now=0)
found["accepted"], found["on curve"] = report.accepted, report["key-on-curve"].passed
found["bytes"] = len(jwtlab.decode(token).signature)
found["points"] = sum(CURVES["Ed448"].is_point(jwtlab.Key.generate("Ed448").octets["x"]) for _ in range(20))
small = [bytes(57), (1).to_bytes(57, "little"), (2**448 - 2**224 - 2).to_bytes(57, "little")]
off = next(n for n in range(2, 99) if CURVES["Ed448"]._decompress(n.to_bytes(57, "little")) is None)
found["worthless"] = [CURVES["Ed448"].is_point(each) for each in (*small, off.to_bytes(57, "little"), bytes(56))]
found["steps"] = [step.title for step in signing_steps({"sub": "alice"}, key, alg="Ed448")]
found["certificate"] = bool(mallory.certificate("Ed448"))
lab = jwtlab.Lab()
found["lab"] = lab.verify(lab.token(alg="Ed448"), algorithms=["Ed448"]).accepted
found["inspector"] = "EdDSA with Ed448" in TokenInspector(lab.token(alg="Ed448")).html
found["stepper"] = "Ed448" in SignatureStepper(alg="Ed448").html
found["dpop"] = "Ed448" in __import__("jwtlab.oauth.dpop").oauth.dpop.ALGORITHMS
""")
    assert found["jwk"] == {"kty": "OKP", "crv": "Ed448", "alg": "Ed448"}
    assert found["words"] == "a public Ed448 key"
    for fact in ("same", "pem", "accepted", "on curve", "certificate", "lab", "inspector", "stepper", "dpop"):
        assert found[fact], fact
    assert found["bytes"] == 114
    assert found["points"] == 20
    assert found["worthless"] == [False] * 5
    assert "Let Ed448 do it all" in found["steps"]


@pytest.fixture
def with_es256k(made_up):
    made_up.add("jose/curves.py", "_ROWS: tuple[Curve, ...] = (", CURVE)
    made_up.add("jose/algorithms.py", '    _ecdsa("ES512", "P-521", 512),', ALGORITHM)
    return made_up


def test_a_curve_is_found_in_keys_and_signs(with_es256k):
    found = with_es256k.run("""
import jwtlab
from jwtlab.jose.key_set import read_keys
from jwtlab.jose.key_text import recognise
from jwtlab.jose.steps import signing_steps
key = jwtlab.Key.generate("ES256K")
jwk = key.to_jwk(private=True)
found["jwk"] = {name: jwk[name] for name in ("kty", "crv", "alg")}
found["same"] = jwtlab.Key.from_jwk(jwk) == key
found["pem"] = jwtlab.Key.from_pem(key.to_pem(private=True)).material == key.material
found["thumbprint"] = key.kid == key.thumbprint() == key.public().thumbprint()
found["read"] = read_keys(key.public().to_pem().decode()).keys[0].type_in_words
token = jwtlab.issue({"sub": "alice", "exp": 100}, key, alg="ES256K")
report = jwtlab.verify(token, key.public(), algorithms=["ES256K"], now=0)
found["accepted"], found["on curve"] = report.accepted, report["key-on-curve"].passed
point = dict(key.public().to_jwk(), y=key.to_jwk()["x"])
off = jwtlab.verify(token, jwtlab.Key.from_jwk(point), algorithms=["ES256K"], now=0)
found["off the curve"] = off.first_failure.id
other = jwtlab.verify(token, jwtlab.Key.generate("ES256", kid=key.kid), algorithms=["ES256", "ES256K"], now=0)
found["other curve"] = other.first_failure.reason
found["bytes"] = len(jwtlab.decode(token).signature)
found["steps"] = signing_steps({"sub": "alice"}, key, alg="ES256K")[-1].items[-1].value.count(".")
octets = b"\\x04" + key.octets["x"] + key.octets["y"]
found["point"] = recognise(octets).words
""")
    assert found["jwk"] == {"kty": "EC", "crv": "secp256k1", "alg": "ES256K"}
    assert found["same"]
    assert found["pem"]
    assert found["thumbprint"]
    assert found["read"] == "a public EC key on secp256k1"
    assert found["accepted"]
    assert found["on curve"]
    assert found["off the curve"] == "key-on-curve"
    assert "takes an EC key on secp256k1" in found["other curve"]
    assert found["bytes"] == 64
    assert found["steps"] == 2
    assert found["point"] == "a public point on secp256k1"


def test_a_curve_is_found_in_tables_widgets_and_metadata(with_es256k):
    found = with_es256k.run("""
import jwtlab
from jwtlab import glossary
from jwtlab.jose.key_types import KEY_TYPES
from jwtlab.oauth import dpop
from jwtlab.widgets import Glossary, SignatureStepper, TokenBuilder, TokenInspector, VerifierBench
lab = jwtlab.Lab()
found["table"] = list(jwtlab.ALGORITHMS)
found["curves"] = list(KEY_TYPES["EC"].curves)
found["terms"] = [glossary.term(name).spec for name in ("ES256K", "secp256k1")]
found["glossary"] = "secp256k1" in Glossary("bitcoin").html
token = lab.token(alg="ES256K")
found["lab"] = lab.verify(token, algorithms=["ES256K"]).accepted
found["mallory"] = lab.key("ES256K", "mallory") != lab.key("ES256K")
found["inspector"] = "ECDSA on secp256k1 with SHA-256" in TokenInspector(token).html
found["bench"] = VerifierBench(token, algorithms=["ES256K"]).report.accepted
found["stepper"] = "ES256K" in SignatureStepper(alg="ES256K").html
found["builder"] = "ES256K" in TokenBuilder().html
found["dpop"] = "ES256K" in dpop.ALGORITHMS
world = lab.world()
metadata = world.network.client("You", world.server.issuer).get("/.well-known/openid-configuration").json()
found["metadata"] = metadata["dpop_signing_alg_values_supported"]
found["assertions"] = metadata["token_endpoint_auth_signing_alg_values_supported"]
""")
    assert found["table"][11:13] == ["ES512", "ES256K"]
    assert found["curves"] == ["secp256k1", "P-256", "P-384", "P-521"]
    assert found["terms"] == ["RFC 8812 §3.2", "RFC 8812 §3.1"]
    for place in ("glossary", "lab", "mallory", "inspector", "bench", "stepper", "builder", "dpop"):
        assert found[place], place
    assert "ES256K" in found["metadata"]
    assert "ES256K" in found["assertions"]


def test_a_claim_is_one_row(made_up):
    row = """
    Claim(
        name="shoe_size",
        type=NUMERIC_DATE,
        meaning="how large the feet are",
        spec="RFC 7519 §4.1.8",
        registered=REGISTERED,
    ),"""
    made_up.add("jose/claims.py", "ROWS = (", row)
    found = made_up.run("""
import jwtlab
from jwtlab import glossary
from jwtlab.widgets import TokenInspector
lab = jwtlab.Lab()
found["glossary"] = glossary.term("shoe_size").meaning
found["check"] = lab.verify(lab.token(shoe_size="42")).first_failure.reason
found["inspector"] = TokenInspector(lab.token(shoe_size=42)).html
""")
    assert found["glossary"] == "Claim: how large the feet are."
    assert found["check"] == "shoe_size is a number of seconds since 1970; this is text (str)"
    assert "how large the feet are" in found["inspector"]
    assert "1 Jan 1970, 00:00:42 UTC" in found["inspector"]


def test_a_header_parameter_is_one_row(made_up):
    row = """
    HeaderParameter(name="mood", meaning="how the issuer felt", spec="RFC 7515 §4.1.12", extension=True),"""
    made_up.add("jose/header_parameters.py", "ROWS = (", row)
    found = made_up.run("""
import jwtlab
from jwtlab import glossary
from jwtlab.widgets import TokenInspector
lab = jwtlab.Lab()
found["glossary"] = glossary.term("mood").meaning
found["type"] = lab.verify(lab.token(header={"mood": 7})).first_failure.reason
found["critical"] = lab.verify(lab.token(header={"mood": "glad"})).first_failure.id
found["inspector"] = TokenInspector(lab.token(header={"mood": "glad"})).html
""")
    assert found["glossary"] == "Header: how the issuer felt."
    assert found["type"].startswith("mood is text (RFC 7515 §4.1.12)")
    assert found["critical"] == "critical-understood"
    assert "how the issuer felt" in found["inspector"]
