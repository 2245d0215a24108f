"""Is this key fit for the job? The checks that judge keys as strictly as tokens.

They run before any mathematics, for verifying and for signing alike. A case here has three
attributes: ``key``, ``algorithm`` and ``operation`` (``"verify"`` or ``"sign"``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from jwtlab.checks import Check, Policy, Refusal
from jwtlab.errors import KeyRefused
from jwtlab.jose import jwa, key_text
from jwtlab.jose.curves import CURVES, is_ed25519_point
from jwtlab.jose.jwk import Key

GROUP = "Key"

# The primes whose product the faulty generator built on (Nemec and others, "The Return of
# Coppersmith's Attack", 2017): its moduli are powers of 65537 modulo each of them.
_ROCA_PRIMES = tuple(p for p in range(3, 168) if all(p % q for q in range(2, p)))


class KeyCase(Protocol):
    """What a key check looks at."""

    @property
    def key(self) -> Key: ...
    @property
    def algorithm(self) -> jwa.Algorithm: ...
    @property
    def operation(self) -> str: ...


@dataclass(frozen=True)
class Signing:
    """The case of somebody who is about to sign."""

    key: Key
    algorithm: jwa.Algorithm
    operation: str = "sign"


def _refuse(reason: str, **evidence: Any) -> Refusal:
    return Refusal(reason, error=KeyRefused, **evidence)


def key_type(case: KeyCase) -> str:
    key, algorithm = case.key, case.algorithm
    if not algorithm.fits(key):
        raise _refuse(
            f"{algorithm.name} takes {algorithm.key_wanted}, and {key.label} is {key.type_in_words}. "
            "The key decides what it may be used for, not the token",
            claim="alg",
            expected=key.algorithms,
            found=algorithm.name,
        )
    return f"{algorithm.name} takes {algorithm.key_wanted}"


def key_alg(case: KeyCase) -> str:
    key, name = case.key, case.algorithm.name
    if key.only_for and name not in key.only_for:
        raise _refuse(
            f"{key.label} is an RSASSA-PSS key: its own file limits it to {', '.join(key.only_for)}, so it does "
            f"not serve {name}. Use one of these, or an ordinary RSA key",
            claim="alg",
            expected=key.only_for,
            found=name,
        )
    if key.alg is None:
        return "the key names no algorithm of its own"
    if key.alg != name:
        raise _refuse(
            f"{key.label} is for {key.alg} only, not {name}", claim="alg", expected=key.alg, found=name
        )
    return f"the key says {key.alg} too"


def key_use(case: KeyCase) -> str:
    if case.key.use not in (None, "sig"):
        raise _refuse(
            f"{case.key.label} has use {case.key.use!r}; signing and verifying take a key of use 'sig'",
            claim="use",
            expected="sig",
            found=case.key.use,
        )
    return "" if case.key.use else "the key does not restrict its use"


def key_ops(case: KeyCase) -> str:
    ops = case.key.key_ops
    if ops is not None and case.operation not in ops:
        raise _refuse(
            f"{case.key.label} may {', '.join(ops) or 'do nothing'} (key_ops); it may not {case.operation}",
            claim="key_ops",
            expected=case.operation,
            found=ops,
        )
    return "" if ops else "the key does not restrict its operations"


def key_size(case: KeyCase) -> str:
    key, algorithm = case.key, case.algorithm
    wanted = jwa.MINIMUM_RSA_BITS if key.kty == "RSA" else algorithm.minimum_key_bits
    if key.bits < wanted:
        advice = f"Key.generate({algorithm.name!r}) makes one that is long enough"
        raise _refuse(
            f"{key.label} has {key.bits} bits; {algorithm.name} needs {wanted} or more. {advice}",
            expected=wanted,
            found=key.bits,
        )
    return f"{key.bits} bits"


def key_exponent(case: KeyCase) -> str:
    key = case.key
    if key.kty != "RSA":
        return "only RSA keys have one"
    e = key.exponent
    shown = str(e) if e < 10**9 else f"of {e.bit_length()} bits"
    if e < 3 or e % 2 == 0:
        raise _refuse(
            f"{key.label} has the public exponent {shown}: with 1 the signature is the message itself, "
            "and an even one is no RSA",
            claim="e",
            found=shown,
        )
    if jwa.exponent_too_long(key):
        raise _refuse(
            f"{key.label} has the public exponent {shown}: with a modulus of {key.bits} bits OpenSSL computes "
            f"with at most {jwa.MAXIMUM_EXPONENT_BITS}, so no signature of it would ever match",
            claim="e",
            found=shown,
        )
    return f"e is {shown}"


def key_roca(case: KeyCase) -> str:
    if case.key.kty != "RSA":
        return "only RSA keys can have it"
    if has_roca_fingerprint(case.key.modulus):
        raise _refuse(
            f"{case.key.label} bears the fingerprint of a faulty chip (ROCA): its private key can be "
            "computed from the public one. Replace it",
            claim="n",
        )
    return ""


def key_on_curve(case: KeyCase) -> str:
    key = case.key
    if key.kty == "OKP" and not is_ed25519_point(key.octets["x"]):
        raise _refuse(f"{key.label}: x is no Ed25519 point, or one of the eight weak ones", claim="x")
    if key.kty == "EC":
        x, y = int.from_bytes(key.octets["x"]), int.from_bytes(key.octets["y"])
        if not CURVES[key.crv].holds(x, y):
            raise _refuse(f"{key.label}: the point (x, y) does not lie on {key.crv}", claim="x")
    return "" if key.crv else "only keys on curves have a point"


def key_secret(case: KeyCase) -> str:
    key = case.key
    if not key.is_symmetric:
        return "only shared secrets can be mistaken"
    found = key_text.recognise(key.secret)
    if found is None:
        return ""
    if found.is_public:
        raise _refuse(
            f"{key.label} is handed over as a secret, but its bytes are {found.words}: everybody knows it. "
            "Load it with Key.from_pem or Key.from_jwk",
            found=found.form,
        )
    if found.form.startswith("JWK"):
        raise _refuse(
            f"{key.label} is handed over as a secret, but its bytes are {found.words}: JSON, not the secret "
            "itself. Load it with Key.from_jwk or KeySet.from_jwks",
            found=found.form,
        )
    return ""


def has_roca_fingerprint(modulus: int) -> bool:
    """Is the modulus a power of 65537 modulo every one of the fingerprint's primes (CVE-2017-15361)?

    A sound modulus passes for faulty about once in 2 to the 27th.
    """
    return all(modulus % p in _powers(65537, p) for p in _ROCA_PRIMES)


def _powers(base: int, modulus: int) -> frozenset[int]:
    return frozenset(pow(base, exponent, modulus) for exponent in range(modulus - 1))


KEY_CHECKS = Policy(
    (
        Check(
            id="key-type",
            title="The key is of the algorithm's type",
            spec="RFC 8725 §3.1",
            run=key_type,
            group=GROUP,
            purpose="Otherwise a public RSA key could be taken for an HMAC secret.",
        ),
        Check(
            id="key-alg",
            title="The key is meant for this algorithm",
            spec="RFC 7517 §4.4",
            run=key_alg,
            group=GROUP,
            purpose="A key made for one algorithm must not serve another.",
        ),
        Check(
            id="key-use",
            title="The key is meant for signatures",
            spec="RFC 7517 §4.2",
            run=key_use,
            group=GROUP,
            purpose="A key made for encrypting must not verify signatures.",
        ),
        Check(
            id="key-ops",
            title="The key may do this",
            spec="RFC 7517 §4.3",
            run=key_ops,
            group=GROUP,
            purpose="A key may be limited to signing, or to verifying.",
        ),
        Check(
            id="key-secret",
            title="The secret is no public key",
            spec="RFC 8725 §2.1",
            run=key_secret,
            group=GROUP,
            purpose="Whoever uses the text of a public key as secret lets everybody sign.",
        ),
        Check(
            id="key-size",
            title="The key is long enough",
            spec="RFC 7518 §3.2, §3.3",
            run=key_size,
            group=GROUP,
            purpose="Short secrets are guessed and short moduli factored.",
        ),
        Check(
            id="key-exponent",
            title="The RSA exponent is sound",
            spec="RFC 8017 §3.1",
            run=key_exponent,
            group=GROUP,
            purpose="With exponent 1 everybody can sign.",
        ),
        Check(
            id="key-roca",
            title="The RSA key comes from no faulty chip",
            spec="CVE-2017-15361",
            run=key_roca,
            group=GROUP,
            purpose="Keys of a faulty chip can be factored from the public key alone.",
        ),
        Check(
            id="key-on-curve",
            title="The key's point lies on its curve",
            spec="RFC 8725 §3.4",
            run=key_on_curve,
            group=GROUP,
            purpose="Points off the curve break the mathematics the signature rests on.",
        ),
    ),
    "keys",
)
"""What every key has to pass, for signing and for verifying."""

__all__ = ["KEY_CHECKS", "KeyCase", "Signing", "has_roca_fingerprint"]
