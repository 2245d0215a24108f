"""Is this key fit for the job? The checks that judge keys as strictly as tokens.

They run before any mathematics, for verifying and for signing alike. A case here has a ``key``, an
``algorithm`` and an ``operation`` (``"verify"`` or ``"sign"``), and the answers depend on nothing else:
so each is found out once, and kept with the key.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from jwtlab.checks import Check, Memory, Policy, Refusal
from jwtlab.errors import KeyRefused
from jwtlab.jose import key_text
from jwtlab.jose.algorithms import MAXIMUM_EXPONENT_BITS, Algorithm, exponent_too_long
from jwtlab.jose.curves import CURVES
from jwtlab.jose.key import Key

GROUP = "Key"

# The primes whose product the faulty generator built on (Nemec and others, "The Return of
# Coppersmith's Attack", 2017): its moduli are powers of 65537 modulo each of them.
_ROCA_PRIMES = tuple(p for p in range(3, 168) if all(p % q for q in range(2, p)))


class KeyCase(Protocol):
    """What a key check looks at."""

    @property
    def key(self) -> Key: ...
    @property
    def algorithm(self) -> Algorithm: ...
    @property
    def operation(self) -> str: ...
    @property
    def about_key(self) -> Memory: ...


class Signing(NamedTuple):
    """The case of somebody who is about to sign."""

    key: Key
    algorithm: Algorithm
    operation: str = "sign"

    @property
    def about_key(self) -> Memory:
        return self.key.answers(self.algorithm.name, self.operation)


def about_key(case: KeyCase) -> Memory:
    """What is known of the key, with this algorithm and for this operation."""
    return case.about_key


def key_type(case: KeyCase) -> str:
    key, algorithm = case.key, case.algorithm
    if not algorithm.fits(key):
        raise Refusal(
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
        raise Refusal(
            f"{key.label} is an RSASSA-PSS key: its own file limits it to {', '.join(key.only_for)}, so it does "
            f"not serve {name}. Use one of these, or an ordinary RSA key",
            claim="alg",
            expected=key.only_for,
            found=name,
        )
    if key.alg is None:
        return "the key names no algorithm of its own"
    if key.alg != name:
        raise Refusal(
            f"{key.label} is for {key.alg} only, not {name}", claim="alg", expected=key.alg, found=name
        )
    return f"the key says {key.alg} too"


def key_use(case: KeyCase) -> str:
    if case.key.use not in (None, "sig"):
        raise Refusal(
            f"{case.key.label} has use {case.key.use!r}; signing and verifying take a key of use 'sig'",
            claim="use",
            expected="sig",
            found=case.key.use,
        )
    return "" if case.key.use else "the key does not restrict its use"


def key_ops(case: KeyCase) -> str:
    ops = case.key.key_ops
    if ops is not None and case.operation not in ops:
        raise Refusal(
            f"{case.key.label} may {', '.join(ops) or 'do nothing'} (key_ops); it may not {case.operation}",
            claim="key_ops",
            expected=case.operation,
            found=ops,
        )
    return "" if ops else "the key does not restrict its operations"


def key_size(case: KeyCase) -> str:
    key, algorithm = case.key, case.algorithm
    wanted = key.row.minimum_bits or algorithm.minimum_key_bits
    if key.bits < wanted:
        advice = f"Key.generate({algorithm.name!r}) makes one that is long enough"
        raise Refusal(
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
        raise Refusal(
            f"{key.label} has the public exponent {shown}: with 1 the signature is the message itself, "
            "and an even one is no RSA",
            claim="e",
            found=shown,
        )
    if exponent_too_long(key):
        raise Refusal(
            f"{key.label} has the public exponent {shown}: with a modulus of {key.bits} bits OpenSSL computes "
            f"with at most {MAXIMUM_EXPONENT_BITS}, so no signature of it would ever match",
            claim="e",
            found=shown,
        )
    return f"e is {shown}"


def key_roca(case: KeyCase) -> str:
    if case.key.kty != "RSA":
        return "only RSA keys can have it"
    if has_roca_fingerprint(case.key.modulus):
        raise Refusal(
            f"{case.key.label} bears the fingerprint of a faulty chip (ROCA): its private key can be "
            "computed from the public one. Replace it",
            claim="n",
        )
    return ""


def key_on_curve(case: KeyCase) -> str:
    key = case.key
    if key.crv and not CURVES[key.crv].holds_key(key.octets):
        if "y" in key.octets:
            raise Refusal(f"{key.label}: the point (x, y) does not lie on {key.crv}", claim="x")
        raise Refusal(f"{key.label}: x is no {key.crv} point, or one of the eight weak ones", claim="x")
    return "" if key.crv else "only keys on curves have a point"


def key_secret(case: KeyCase) -> str:
    key = case.key
    if not key.is_symmetric:
        return "only shared secrets can be mistaken"
    found = key_text.recognise(key.secret)
    if found is None:
        return ""
    if found.is_public:
        raise Refusal(
            f"{key.label} is handed over as a secret, but its bytes are {found.words}: everybody knows it. "
            "Load it with Key.from_pem or Key.from_jwk",
            found=found.form,
        )
    if found.form.startswith("JWK"):
        raise Refusal(
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
            error=KeyRefused,
            memory=about_key,
            purpose="Otherwise a public RSA key could be taken for an HMAC secret.",
        ),
        Check(
            id="key-alg",
            title="The key is meant for this algorithm",
            spec="RFC 7517 §4.4",
            run=key_alg,
            group=GROUP,
            error=KeyRefused,
            memory=about_key,
            purpose="A key made for one algorithm must not serve another.",
        ),
        Check(
            id="key-use",
            title="The key is meant for signatures",
            spec="RFC 7517 §4.2",
            run=key_use,
            group=GROUP,
            error=KeyRefused,
            memory=about_key,
            purpose="A key made for encrypting must not verify signatures.",
        ),
        Check(
            id="key-ops",
            title="The key may do this",
            spec="RFC 7517 §4.3",
            run=key_ops,
            group=GROUP,
            error=KeyRefused,
            memory=about_key,
            purpose="A key may be limited to signing, or to verifying.",
        ),
        Check(
            id="key-secret",
            title="The secret is no public key",
            spec="RFC 8725 §2.1",
            run=key_secret,
            group=GROUP,
            error=KeyRefused,
            memory=about_key,
            purpose="Whoever uses the text of a public key as secret lets everybody sign.",
        ),
        Check(
            id="key-size",
            title="The key is long enough",
            spec="RFC 7518 §3.2, §3.3",
            run=key_size,
            group=GROUP,
            error=KeyRefused,
            memory=about_key,
            purpose="Short secrets are guessed and short moduli factored.",
        ),
        Check(
            id="key-exponent",
            title="The RSA exponent is sound",
            spec="RFC 8017 §3.1",
            run=key_exponent,
            group=GROUP,
            error=KeyRefused,
            memory=about_key,
            purpose="With exponent 1 everybody can sign.",
        ),
        Check(
            id="key-roca",
            title="The RSA key comes from no faulty chip",
            spec="CVE-2017-15361",
            run=key_roca,
            group=GROUP,
            error=KeyRefused,
            memory=about_key,
            purpose="Keys of a faulty chip can be factored from the public key alone.",
        ),
        Check(
            id="key-on-curve",
            title="The key's point lies on its curve",
            spec="RFC 8725 §3.4",
            run=key_on_curve,
            group=GROUP,
            error=KeyRefused,
            memory=about_key,
            purpose="Points off the curve break the mathematics the signature rests on.",
        ),
    ),
    "keys",
)
"""What every key has to pass, for signing and for verifying."""

__all__ = ["KEY_CHECKS", "KeyCase", "Signing", "has_roca_fingerprint"]
