"""Tokens in front of verifiers: for each check of STANDARD one that it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from material import (
    CLAIMS,
    EXPECTED,
    LAB,
    NOW,
    SMALL_ORDER,
    forge,
    good_token,
    nameless,
    roca_key,
    small_order_key,
    verifying,
    with_octets,
)

import jwtlab
from jwtlab import STANDARD, Key, KeySet, base64url
from jwtlab.jose.token import MAX_LENGTH

ES256 = LAB.key("ES256")
RSA_PUBLIC = nameless("RS256").public()
HEADER = {"alg": "ES256", "typ": "JWT"}


@dataclass
class Trial:
    """A token in front of a verifier."""

    token: str
    keys: Any = field(default_factory=ES256.public)
    algorithms: tuple[str, ...] = ("ES256",)
    more: dict[str, Any] = field(default_factory=dict)

    def verify(self, policy: jwtlab.Policy = STANDARD, **more: Any) -> jwtlab.Report:
        settings = EXPECTED | self.more | more
        return jwtlab.verify(self.token, self.keys, algorithms=self.algorithms, policy=policy, **settings)


def signed(key: Key, alg: str, trusted: Key | None = None) -> Trial:
    """A good token by a key that is not."""
    return Trial(forge({"alg": alg}, CLAIMS, key, alg), trusted or verifying(key), (alg,))


def claims(changes: dict[str, Any], **more: Any) -> Trial:
    """A well signed token with other claims; ``None`` leaves one out."""
    changed = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    return Trial(forge(HEADER, changed, ES256, "ES256"), more=more)


def raw(header: bytes = b'{"alg":"ES256"}', payload: bytes | dict[str, Any] = CLAIMS) -> Trial:
    return Trial(forge(header, payload, ES256, "ES256"))


def json_of_claims(extra: bytes) -> bytes:
    return b'{"exp":%d,"iss":"https://as.example","aud":"https://api.example",%s}' % (NOW + 9, extra)


def forged_with_small_order() -> Trial:
    """With the neutral point as public key, s = 0 and R = the neutral point fit every message."""
    header, payload, _ = forge({"alg": "EdDSA"}, CLAIMS, LAB.key("EdDSA"), "EdDSA").split(".")
    signature = base64url.encode(SMALL_ORDER[0] + bytes(32))
    return Trial(f"{header}.{payload}.{signature}", small_order_key(), ("EdDSA",))


def changed_signature() -> Trial:
    header, payload, _ = good_token().split(".")
    return Trial(f"{header}.{payload}.{good_token('ES256')[::-1].split('.')[0][:85]}A")


def two_of_one_name() -> Trial:
    other = replace(Key.generate("ES256"), kid=ES256.kid)
    return Trial(good_token(), KeySet([ES256.public(), other.public()]))


def public_key_as_secret(secret: bytes) -> Trial:
    return signed(Key.from_secret(secret), "HS256")


CASES: dict[str, Callable[[], Trial]] = {
    "token-size": lambda: claims({"padding": "x" * MAX_LENGTH}),
    "compact-form": lambda: Trial(good_token() + ".more"),
    "base64url-strict": lambda: Trial(good_token() + "="),
    "header-json": lambda: raw(header=b'{"alg":"ES256","x":NaN}'),
    "header-unique": lambda: raw(header=b'{"alg":"none","alg":"ES256"}'),
    "header-types": lambda: raw(header=b'{"alg":"ES256","jku":5}'),
    "algorithm-allowed": lambda: Trial(
        forge({"alg": "HS512"}, CLAIMS, nameless("HS512"), "HS512"), nameless("HS512"), ("HS256",)
    ),
    "critical-understood": lambda: raw(header=b'{"alg":"ES256","crit":["x"],"x":1}'),
    "kids-unique": two_of_one_name,
    "set-unmixed": lambda: Trial(good_token(), KeySet([LAB.key("HS256"), ES256.public()])),
    "key-found": lambda: Trial(forge(HEADER | {"kid": "unheard-of"}, CLAIMS, ES256, "ES256")),
    "key-alg": lambda: signed(nameless("RS256"), "RS256", nameless("RS256", alg="PS256").public()),
    "key-use": lambda: signed(nameless("ES256", use="enc"), "ES256"),
    "key-ops": lambda: signed(nameless("ES256"), "ES256", nameless("ES256", key_ops=("deriveKey",)).public()),
    "key-secret": lambda: public_key_as_secret(RSA_PUBLIC.to_pem()),
    "key-size": lambda: signed(Key.from_secret(b"31 bytes are not 256 bits long."), "HS256"),
    "key-roca": lambda: signed(roca_key(), "RS256"),
    "key-on-curve": forged_with_small_order,
    "signature-valid": changed_signature,
    "payload-json": lambda: raw(payload=json_of_claims(b'"x":NaN')),
    "claims-unique": lambda: raw(payload=json_of_claims(b'"sub":"alice","sub":"mallory"')),
    "claim-types": lambda: claims({"sub": 7}),
    "numeric-dates": lambda: claims({"exp": "tomorrow"}),
    "type-expected": lambda: Trial(good_token(), more={"typ": "at+jwt"}),
    "issuer-expected": lambda: claims({"iss": "https://mallory.example"}),
    "audience-expected": lambda: claims({"aud": "https://bank.example"}),
    "expiry-present": lambda: claims({"exp": None}),
    "not-expired": lambda: claims({"exp": NOW}),
    "already-valid": lambda: claims({"nbf": NOW + 1}),
    "issued-in-past": lambda: claims({"iat": NOW + 1}),
    "not-replayed": lambda: claims({}, seen={"one"}),
}

SHADOWED: dict[str, tuple[Callable[[], Trial], str, str]] = {
    # check: (case, the check that refuses if this one is taken out, why)
    "key-type": (
        lambda: Trial(forge({"alg": "HS256"}, CLAIMS, nameless("HS256"), "HS256"), RSA_PUBLIC, ("HS256",)),
        "signature-valid",
        "Algorithm.verify refuses a key of another type before any mathematics, whatever the policy says",
    ),
    "key-exponent": (
        lambda: Trial(
            forge({"alg": "RS256"}, CLAIMS, nameless("RS256"), "RS256"),
            with_octets(nameless("RS256").public(), e=b"\x01"),
            ("RS256",),
        ),
        "signature-valid",
        "cryptography loads no RSA key whose exponent is even or below 3",
    ),
}
