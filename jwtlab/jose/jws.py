"""JSON Web Signature, compact serialization: RFC 7515 §5.1 (sign), §5.2 (verify), §7.1 (form)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from jwtlab.checks import Check, Note, Policy, Refusal, Report
from jwtlab.errors import InvalidKey, InvalidSignature, KeyRefused, UsageError, kind
from jwtlab.jose import base64url, strict_json
from jwtlab.jose.algorithms import ECDSA, Algorithm, allow_list, exponent_too_long, is_der_signature
from jwtlab.jose.case import Case, readable
from jwtlab.jose.header_checks import ALGORITHM_CHECKS, FORM_CHECKS
from jwtlab.jose.key import Key
from jwtlab.jose.key_checks import KEY_CHECKS, Signing
from jwtlab.jose.key_choice import KEY_CHOICE
from jwtlab.jose.key_set import KeySet, as_key_set
from jwtlab.jose.token import MAX_KEPT

__all__ = ["JWS_CHECKS", "Case", "examine", "readable", "sign", "verify"]


def sign(
    payload: bytes,
    key: Key,
    *,
    alg: str,
    header: Mapping[str, Any] | None = None,
    policy: Policy = KEY_CHECKS,
) -> str:
    """Sign any payload (RFC 7515 §5.1).

    Args:
        payload: the bytes to protect.
        key: a private key or a shared secret that fits ``alg``.
        alg: the algorithm; it becomes the header's ``alg``.
        header: further header parameters. Nothing is changed in it; ``kid`` is added from the key
            if the key has one and the header does not.
        policy: the checks that the key has to pass.

    Returns:
        The token in compact serialization.

    Raises:
        UnknownAlgorithm: no such algorithm.
        InvalidKey: the key is unfit; ``.finding`` says which check refused it.
        UsageError: the header contradicts ``alg``, or something cannot be written as JSON.
    """
    algorithm = Algorithm.named(alg)
    if not isinstance(key, Key):
        raise UsageError(f"the key must be a Key; this is {kind(key)}. Key.generate({alg!r}) makes one")
    if not isinstance(payload, bytes | bytearray):
        raise UsageError(f"a payload is bytes; this is {kind(payload)}. For claims there is jwtlab.issue")
    failure = policy.run(Signing(key, algorithm)).first_failure
    if failure is not None:
        raise InvalidKey(failure.reason, failure)
    head = _spelled(_full_header(algorithm.name, key, header or {}))
    signing_input = f"{head}.{base64url.encode(bytes(payload))}"
    signature = algorithm.sign(key, signing_input.encode("ascii"))
    return f"{signing_input}.{base64url.encode(signature)}"


def verify(
    token: str | bytes,
    keys: Key | KeySet | Iterable[Key],
    *,
    algorithms: Iterable[str],
    policy: Policy | None = None,
) -> bytes:
    """Verify a signed token of any payload (RFC 7515 §5.2).

    Args:
        token: the token in compact serialization.
        keys: the keys that the verifier trusts.
        algorithms: the algorithms that the verifier accepts. There is no default: the verifier
            brings the list, the token never does.
        policy: the checks to run (`JWS_CHECKS`).

    Returns:
        The payload.

    Raises:
        InvalidToken: the token is refused; ``.finding`` says by which check and why.
        UsageError, UnknownAlgorithm: the call itself is wrong.
    """
    case = Case(token, as_key_set(keys), allow_list(algorithms))
    payload: bytes = examine(case, JWS_CHECKS if policy is None else policy).value
    return payload


def examine(case: Case, policy: Policy) -> Report:
    """The report behind `verify`."""
    return policy.run(case, lambda checked: checked.payload)


def _full_header(alg: str, key: Key, header: Mapping[str, Any]) -> dict[str, Any]:
    if header.get("alg", alg) != alg:
        raise UsageError(
            f"the header says alg {header['alg']!r} and the call says {alg!r}; say it once, in alg="
        )
    full = {"alg": alg, **header}
    if key.kid is not None and "kid" not in full:
        full["kid"] = key.kid
    return full


def _spelled(header: dict[str, Any]) -> str:
    """The first part of a token. One that was spelled before, and is short, is remembered."""
    # Only of texts: to a memory 1 and True are the same.
    texts = _TEXT.issuperset(map(type, header)) and _TEXT.issuperset(map(type, header.values()))
    if texts and sum(map(len, header.values())) <= MAX_KEPT:
        return _spelled_once(tuple(header.items()))
    return base64url.encode(strict_json.write(header, "header"))


_TEXT = {str}


@lru_cache(maxsize=256)
def _spelled_once(members: tuple[tuple[str, str], ...]) -> str:
    return base64url.encode(strict_json.write(dict(members), "header"))


def signature_valid(case: Case) -> Note:
    key, algorithm = case.key, case.algorithm
    try:
        good = algorithm.verify(key, case.reading.signing_input, case.signature)
    except InvalidKey as error:
        raise Refusal(str(error), error=KeyRefused) from error
    if not good:
        raise Refusal(_why_not(case, key), found=case.signature)
    return lambda: f"with {key.label}"


def _why_not(case: Case, key: Key) -> str:
    size = case.algorithm.signature_size(key)
    if case.algorithm.family == ECDSA and is_der_signature(case.signature):
        return (
            f"the signature is in DER, as certificates and OpenSSL write it; JWS puts r and s side by side, "
            f"{size} bytes (RFC 7518 §3.4)"
        )
    if len(case.signature) != size:
        return f"the signature has {len(case.signature)} bytes; one of {case.algorithm.name} has {size}"
    if key.kty == "RSA" and exponent_too_long(key):
        return f"{key.label} has an exponent of {key.exponent.bit_length()} bits: OpenSSL computes with no such key"
    return (
        f"the signature does not belong to these bytes and {key.label}: the token was changed after it was "
        "signed, or it was signed with another key"
    )


JWS_CHECKS = Policy(
    (
        *FORM_CHECKS,
        *ALGORITHM_CHECKS,
        *KEY_CHOICE,
        *KEY_CHECKS.checks,
        Check(
            id="signature-valid",
            title="The signature matches",
            spec="RFC 7515 §5.2",
            run=signature_valid,
            group="Signature",
            error=InvalidSignature,
            purpose="Without it anybody writes the claims.",
        ),
    ),
    "JWS",
)
"""Everything that has to hold before the payload is looked at."""
