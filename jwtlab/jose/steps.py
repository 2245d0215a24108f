"""Signing, slowly: every step from the header to the token, with the bytes that each step makes.

The last bytes are those of `jwtlab.issue`: the tests hold the two against each other. Here the
steps that a library takes inside one call are spelled out, because seeing them is the lesson.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import utils

from jwtlab.jose import base64url, strict_json
from jwtlab.jose.algorithms import Algorithm, split_signature
from jwtlab.jose.key import Key

# DigestInfo in front of the hash: which hash function it is, in DER (RFC 8017 §9.2, note 1).
_DIGEST_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}
_BLOCK = {"sha256": 64, "sha384": 128, "sha512": 128}


@dataclass(frozen=True)
class Item:
    """Something that a step shows.

    Attributes:
        label: what it is.
        value: text, or bytes.
        part: ``"header"``, ``"payload"``, ``"signature"`` or ``""``, for its colour.
    """

    label: str
    value: str | bytes
    part: str = ""


@dataclass(frozen=True)
class SigningStep:
    """One step.

    Attributes:
        id: a short name.
        title: what is done.
        text: the same in a sentence or two.
        items: what comes out.
        spec: where it is written.
    """

    id: str
    title: str
    text: str
    items: tuple[Item, ...]
    spec: str = ""


def signing_steps(
    claims: Mapping[str, Any], key: Key, *, alg: str, header: Mapping[str, Any] | None = None
) -> tuple[SigningStep, ...]:
    """The steps of signing a JWT (RFC 7515 §5.1).

    Args:
        claims: the claims.
        key: a private key or a shared secret.
        alg: the algorithm's name.
        header: further header parameters.

    Returns:
        The steps in order; the last item of the last one is the token.

    Raises:
        InvalidKey: the key does not fit, or cannot sign.
        UsageError: something cannot be written as JSON.
    """
    algorithm = Algorithm.named(alg)
    full: dict[str, Any] = {"alg": alg, "typ": "JWT", **(header or {})}
    if key.kid is not None:
        full.setdefault("kid", key.kid)
    head, payload = strict_json.write(full, "header"), strict_json.write(claims, "claims")
    encoded = [base64url.encode(head), base64url.encode(payload)]
    signing_input = ".".join(encoded).encode("ascii")
    signature = algorithm.sign(key, signing_input)
    return (
        *_writing(head, payload, encoded, signing_input),
        *_ALGORITHM_STEPS[algorithm.family](algorithm, key, signing_input, signature),
        *_finishing(signing_input, signature),
    )


def _writing(
    head: bytes, payload: bytes, encoded: list[str], signing_input: bytes
) -> tuple[SigningStep, ...]:
    texts = (head.decode("utf-8"), payload.decode("utf-8"))
    return (
        SigningStep(
            "json",
            "Write both as JSON",
            "The header says how the token is signed; the payload carries the claims. Both become JSON text, "
            "without spaces to keep it short.",
            (Item("header", texts[0], "header"), Item("payload", texts[1], "payload")),
            "RFC 7519 §7.1",
        ),
        SigningStep(
            "utf8",
            "Turn text into bytes",
            "Signatures are computed over bytes, not letters. UTF-8 turns each letter into one to four bytes.",
            (Item("header", head, "header"), Item("payload", payload, "payload")),
            "RFC 7515 §2",
        ),
        SigningStep(
            "base64url",
            "Encode as base64url",
            "Every 3 bytes become 4 characters that survive a URL or an HTTP header. "
            "This is a spelling, not a lock: anyone can turn it back.",
            (Item("header", encoded[0], "header"), Item("payload", encoded[1], "payload")),
            "RFC 7515 §2",
        ),
        SigningStep(
            "signing-input",
            "Join them with a dot",
            "This is the signing input: exactly these ASCII bytes are signed, header and payload together.",
            (Item("signing input", signing_input.decode("ascii")),),
            "RFC 7515 §5.1",
        ),
    )


def _finishing(signing_input: bytes, signature: bytes) -> tuple[SigningStep, ...]:
    encoded = base64url.encode(signature)
    return (
        SigningStep(
            "encode-signature",
            "Encode the signature",
            "The signature is bytes too, so it gets the same spelling.",
            (Item("signature", encoded, "signature"),),
            "RFC 7515 §5.1",
        ),
        SigningStep(
            "token",
            "Add it with a second dot",
            "Three parts, two dots: the token is complete.",
            (Item("token", f"{signing_input.decode('ascii')}.{encoded}"),),
            "RFC 7515 §7.1",
        ),
    )


def _hmac_steps(
    algorithm: Algorithm, key: Key, signing_input: bytes, signature: bytes
) -> tuple[SigningStep, ...]:
    size = _BLOCK[algorithm.hash]
    secret = key.secret if len(key.secret) <= size else hashlib.new(algorithm.hash, key.secret).digest()
    padded = secret.ljust(size, b"\0")
    inner_pad, outer_pad = (bytes(b ^ mask for b in padded) for mask in (0x36, 0x5C))
    inner = hashlib.new(algorithm.hash, inner_pad + signing_input).digest()
    name = algorithm.hash.upper().replace("SHA", "SHA-")
    return (
        SigningStep(
            "hmac-key",
            "Stretch the secret to one block",
            f"{name} works on blocks of {size} bytes. The secret is filled up with zeros, "
            "then mixed with two fixed patterns.",
            (
                Item("secret, filled up", padded),
                Item("⊕ 36 36 36 …", inner_pad),
                Item("⊕ 5c 5c 5c …", outer_pad),
            ),
            "RFC 2104 §2",
        ),
        SigningStep(
            "hmac-inner",
            "Inner hash",
            "Hash the first mixture followed by the signing input: every bit of the token has its say.",
            (Item("inner hash", inner),),
            "RFC 2104 §2",
        ),
        SigningStep(
            "hmac-outer",
            "Outer hash",
            "Hash the second mixture followed by the inner hash. The result is the signature. Without the "
            "secret nobody can compute it; with the secret everybody can, so who can check can also forge.",
            (Item("signature", signature, "signature"),),
            "RFC 7518 §3.2",
        ),
    )


def _hash_step(algorithm: Algorithm, signing_input: bytes) -> SigningStep:
    digest = hashlib.new(algorithm.hash, signing_input).digest()
    name = algorithm.hash.upper().replace("SHA", "SHA-")
    return SigningStep(
        "hash",
        "Hash the signing input",
        f"{name} boils any number of bytes down to {len(digest)}. One changed letter gives a wholly other hash.",
        (Item("hash", digest),),
        algorithm.spec,
    )


def _pkcs1_steps(
    algorithm: Algorithm, key: Key, signing_input: bytes, signature: bytes
) -> tuple[SigningStep, ...]:
    digest = hashlib.new(algorithm.hash, signing_input).digest()
    info = _DIGEST_INFO[algorithm.hash] + digest
    size = (key.bits + 7) // 8
    block = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
    return (
        _hash_step(algorithm, signing_input),
        SigningStep(
            "padding",
            "Fill a block as long as the modulus",
            f"00 01, then ff until it is full, 00, the name of the hash function, the hash: {size} bytes.",
            (Item("padded block", block),),
            "RFC 8017 §9.2",
        ),
        SigningStep(
            "rsa",
            "Raise it to the private exponent",
            "Read as one large number, to the power of d modulo n. Anyone can undo it with the public exponent "
            "e and compare the block; only the holder of d can make it.",
            (Item("signature", signature, "signature"),),
            "RFC 8017 §5.2.1",
        ),
    )


def _pss_steps(
    algorithm: Algorithm, key: Key, signing_input: bytes, signature: bytes
) -> tuple[SigningStep, ...]:
    encoded = pow(int.from_bytes(signature), key.exponent, key.modulus).to_bytes((key.bits + 7) // 8)
    return (
        _hash_step(algorithm, signing_input),
        SigningStep(
            "pss",
            "Mix the hash with a random salt",
            "PSS adds fresh random bytes, so the same token is signed differently every time. "
            "The block ends in bc.",
            (Item("encoded block", encoded),),
            "RFC 8017 §9.1.1",
        ),
        SigningStep(
            "rsa",
            "Raise it to the private exponent",
            "To the power of d modulo n, as one large number. Anyone can undo it with the public key.",
            (Item("signature", signature, "signature"),),
            "RFC 8017 §8.1.1",
        ),
    )


def _ecdsa_steps(
    algorithm: Algorithm, key: Key, signing_input: bytes, signature: bytes
) -> tuple[SigningStep, ...]:
    r, s = split_signature(signature)
    half = len(signature) // 2
    return (
        _hash_step(algorithm, signing_input),
        SigningStep(
            "ecdsa",
            "Compute the two numbers r and s",
            f"From the hash, the private key and a number used only once, on the curve {algorithm.crv}. Used "
            "twice, that number gives the private key away; here it is computed from key and hash (RFC 6979).",
            (Item("r", signature[:half], "signature"), Item("s", signature[half:], "signature")),
            "RFC 7518 §3.4",
        ),
        SigningStep(
            "raw",
            "Put r and s side by side",
            "JWS writes both numbers at full length, one behind the other. Certificates and OpenSSL wrap the same "
            "numbers in DER: other bytes, and a frequent cause of signatures that do not match.",
            (
                Item("JWS: r ‖ s", signature, "signature"),
                Item("the same in DER", utils.encode_dss_signature(r, s)),
            ),
            "RFC 7518 §3.4",
        ),
    )


def _eddsa_steps(
    algorithm: Algorithm, key: Key, signing_input: bytes, signature: bytes
) -> tuple[SigningStep, ...]:
    half = len(signature) // 2
    return (
        SigningStep(
            "eddsa",
            f"Let {algorithm.crv} do it all",
            "It hashes by itself, twice, and needs no random number. Out come a point R and a number S.",
            (Item("R", signature[:half], "signature"), Item("S", signature[half:], "signature")),
            "RFC 8032 §5.1.6",
        ),
        SigningStep(
            "raw",
            "Put R and S side by side",
            f"{len(signature)} bytes: that is the signature.",
            (Item("signature", signature, "signature"),),
            "RFC 8037 §3.1",
        ),
    )


_ALGORITHM_STEPS = {
    "HMAC": _hmac_steps,
    "RSASSA-PKCS1-v1_5": _pkcs1_steps,
    "RSASSA-PSS": _pss_steps,
    "ECDSA": _ecdsa_steps,
    "EdDSA": _eddsa_steps,
}
