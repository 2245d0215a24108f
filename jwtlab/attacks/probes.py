"""Malformed tokens and unfit keys: for each check that no attack tests alone, something only it refuses.

These are no attacks with a story. They show what a check is there for, and they stand in the matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from jwtlab.attacks import material
from jwtlab.attacks.confusion import key_forms
from jwtlab.checks import Policy, Report
from jwtlab.jose import base64url, jwt, strict_json
from jwtlab.jose.algorithms import Algorithm
from jwtlab.jose.key import Key
from jwtlab.jose.verifier import Verifier

KEY = material.key()
ES256 = material.verifier(KEY)


@dataclass(frozen=True)
class Probe:
    """Something that exactly one check refuses.

    Attributes:
        id: lower-case words joined by hyphens.
        title: what is wrong with it.
        check: the one check that refuses it.
        make: gives the token and the verifier.
    """

    id: str
    title: str
    check: str
    make: Callable[[], tuple[str, Verifier]]

    @cached_property
    def _made(self) -> tuple[str, Verifier]:
        return self.make()

    @property
    def token(self) -> str:
        return self._made[0]

    def run(self, policy: Policy = jwt.STANDARD, *, keep_going: bool = False) -> Report:
        token, verifier = self._made
        return verifier.replace(policy=policy).verify(token, now=material.NOW, keep_going=keep_going)


def _raw(header: str, payload: str) -> str:
    """Texts as they stand, base64url around them, and the issuer's signature."""
    text = f"{base64url.encode(header.encode())}.{base64url.encode(payload.encode())}"
    return material.seal(text, Algorithm.named("ES256").sign(KEY, text.encode()))


def _json(**more: Any) -> str:
    return strict_json.write(material.claims(**more), "claims").decode()


HEADER = '{"alg":"ES256","kid":"lab-es256"}'


def _restricted(**restriction: Any) -> tuple[str, Verifier]:
    return material.token(), material.verifier(replace(KEY.public(), **restriction))


def _other_algorithm() -> tuple[str, Verifier]:
    key = replace(material.key("RS256"), alg=None)
    return material.token("RS256", signer=key), material.verifier(key, algorithms=("PS256",))


def _other_key_alg() -> tuple[str, Verifier]:
    key = material.key("RS256")
    verifier = material.verifier(replace(key.public(), alg="PS256"), algorithms=("RS256", "PS256"))
    return material.token("RS256", signer=key), verifier


def _same_kid() -> tuple[str, Verifier]:
    twin = replace(material.key(owner="mallory").public(), kid=KEY.kid)
    return material.token(), material.verifier(KEY.public(), twin)


def _mixed() -> tuple[str, Verifier]:
    return material.token(), material.verifier(KEY, material.key("HS256"), algorithms=("ES256", "HS256"))


def _nameless() -> tuple[str, Verifier]:
    bare = replace(KEY, kid=None)
    return material.token(signer=bare), material.verifier(KEY, material.key(owner="mallory"))


def _pem_as_secret() -> tuple[str, Verifier]:
    secret = Key.from_secret(key_forms(material.key("RS256"))["pem"])
    return material.token("HS256", signer=secret), material.verifier(secret, algorithms=("HS256",))


def _roca() -> tuple[str, Verifier]:
    key = material.special_key("roca")
    return material.token("RS256", signer=key), material.verifier(key, algorithms=("RS256",))


def _weak_point() -> tuple[str, Verifier]:
    """A public key of order 1: R = that same point and S = 0 sign every message."""
    identity = (1).to_bytes(32, "little")
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(identity), "kid": "weak"}
    text = material.signing_input(material.token(), {}, alg="EdDSA", kid="weak")
    return material.seal(text, identity + bytes(32)), material.verifier(
        Key.from_jwk(jwk), algorithms=("EdDSA",)
    )


PROBES = (
    Probe(
        id="bloated",
        title="a token of 70,000 characters",
        check="token-size",
        make=lambda: (material.token(note="x" * 52_000), ES256),
    ),
    Probe(
        id="four-parts",
        title="a fourth part at the end",
        check="compact-form",
        make=lambda: (material.token() + ".e30", ES256),
    ),
    Probe(
        id="header-nan",
        title="NaN in the header",
        check="header-json",
        make=lambda: (_raw(HEADER[:-1] + ',"n":NaN}', _json()), ES256),
    ),
    Probe(
        id="two-algs",
        title="alg appears twice in the header",
        check="header-unique",
        make=lambda: (_raw('{"alg":"none",' + HEADER[1:], _json()), ES256),
    ),
    Probe(
        id="typ-is-a-number",
        title="typ is a number",
        check="header-types",
        make=lambda: (_raw(HEADER[:-1] + ',"typ":7}', _json()), ES256),
    ),
    Probe(
        id="retired-algorithm",
        title="signed by the issuer with an algorithm that is no longer on the list",
        check="algorithm-allowed",
        make=_other_algorithm,
    ),
    Probe(id="two-keys-one-name", title="two trusted keys of one name", check="kids-unique", make=_same_kid),
    Probe(id="mixed-set", title="a shared secret among the public keys", check="set-unmixed", make=_mixed),
    Probe(id="nameless", title="no kid, and two keys would fit", check="key-found", make=_nameless),
    Probe(
        id="key-for-ps256", title="RS256 with a key that is for PS256", check="key-alg", make=_other_key_alg
    ),
    Probe(
        id="key-for-encryption",
        title="a key of use enc",
        check="key-use",
        make=lambda: _restricted(use="enc"),
    ),
    Probe(
        id="key-may-not",
        title="a key that may only sign",
        check="key-ops",
        make=lambda: _restricted(key_ops=("sign",)),
    ),
    Probe(
        id="pem-as-secret",
        title="the PEM of a public key, configured as HMAC secret",
        check="key-secret",
        make=_pem_as_secret,
    ),
    Probe(id="faulty-chip", title="an RSA key with the ROCA fingerprint", check="key-roca", make=_roca),
    Probe(id="weak-point", title="an Ed25519 key of small order", check="key-on-curve", make=_weak_point),
    Probe(
        id="payload-nan",
        title="NaN in the claims",
        check="payload-json",
        make=lambda: (_raw(HEADER, _json()[:-1] + ',"n":NaN}'), ES256),
    ),
    Probe(
        id="sub-is-a-number",
        title="sub is a number",
        check="claim-types",
        make=lambda: (material.token(sub=0), ES256),
    ),
    Probe(
        id="from-the-future",
        title="issued tomorrow",
        check="issued-in-past",
        make=lambda: (material.token(iat=material.NOW + 86_400, exp=material.NOW + 90_000), ES256),
    ),
)
