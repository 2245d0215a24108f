"""What attacks are made of: demo keys, names, verifiers, and the scissors and glue to take tokens apart."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from jwtlab import demo
from jwtlab.checks import Check, Policy, Refusal
from jwtlab.errors import InvalidSignature, JwtlabError
from jwtlab.jose import base64url, jws, jwt, strict_json
from jwtlab.jose.key import Key
from jwtlab.jose.key_checks import KEY_CHECKS
from jwtlab.jose.key_set import KeySet
from jwtlab.jose.token import decode
from jwtlab.jose.verifier import Verifier

NOW, ISSUER, AUDIENCE = demo.EPOCH, demo.ISSUER, demo.AUDIENCE
KEY_CHECK_IDS = KEY_CHECKS.ids
key = demo.demo_key


def trusted(*keys: Key) -> KeySet:
    """What a verifier holds: public halves, and secrets for HMAC."""
    return KeySet(key.public() if key.is_private and not key.is_symmetric else key for key in keys)


def verifier(*keys: Key, algorithms: tuple[str, ...] = ("ES256",), typ: str | None = None) -> Verifier:
    """A sound verifier at the lab's API; it trusts the lab's own key, unless others are given."""
    return Verifier(
        trusted(*keys or (key(),)), algorithms=algorithms, issuer=ISSUER, audience=AUDIENCE, typ=typ
    )


@cache
def special_key(name: str) -> Key:
    """A key of a peculiar make: ``"exponent-3"`` or ``"roca"``."""
    return replace(Key.from_jwk(_json("jwtlab.attacks", "material.json")[name]), kid=name, alg="RS256")


def mallory_certificate() -> bytes:
    """Mallory's self-signed certificate "for as.example", in DER."""
    return base64.b64decode(_json("jwtlab.attacks", "material.json")["mallory-certificate"])


@cache
def _json(package: str, name: str) -> dict[str, Any]:
    text = resources.files(package).joinpath(name).read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def claims(**more: Any) -> dict[str, Any]:
    """Claims of a good token for mallory, an ordinary user; ``None`` leaves a claim out."""
    usual = {
        "iss": ISSUER,
        "sub": "mallory",
        "aud": AUDIENCE,
        "iat": NOW,
        "exp": NOW + 900,
        "jti": "demo-1",
        "admin": False,
    }
    return {name: value for name, value in (usual | more).items() if value is not None}


def token(
    alg: str = "ES256", header: Mapping[str, Any] | None = None, signer: Key | None = None, **more: Any
) -> str:
    """A token that the issuer gives: `claims`, signed by the issuer's own key."""
    lax = KEY_CHECKS.without(*KEY_CHECK_IDS)
    return jwt.issue(claims(**more), signer or key(alg), alg=alg, header=header, policy=lax)


# Scissors and glue.


def segment(members: Mapping[str, Any]) -> str:
    """An object as a token's header or payload."""
    return base64url.encode(strict_json.write(members, "members"))


def signing_input(original: str, goal: Mapping[str, Any], **header: Any) -> str:
    """``header.payload`` of a token, with some claims and header parameters exchanged."""
    old = decode(original)
    new_header = {name: value for name, value in (old.header | header).items() if value is not None}
    return f"{segment(new_header)}.{segment(old.claims | dict(goal))}"


def seal(text: str, signature: bytes) -> str:
    """``header.payload`` and a signature, joined."""
    return f"{text}.{base64url.encode(signature)}"


def hs256(secret: bytes, text: str | bytes) -> bytes:
    """HMAC with SHA-256, with no question asked about the secret."""
    return hmac.digest(secret, text.encode() if isinstance(text, str) else text, "sha256")


def present(goal: Mapping[str, Any], *, taken: str) -> str:
    """Nothing is forged: a token that fell into the wrong hands is sent as it stands."""
    return taken


# Weak checks. Each is labelled, so that no checklist shows one as if it were sound.


def weak_check(check_id: str, title: str, run: Callable[[Any], str | None]) -> Check:
    """A faulty stand-in for a check of `STANDARD`; its title says so."""
    sound = jwt.STANDARD[check_id]
    return Check(
        id=check_id,
        title=f"⚠ {title}",
        spec="",
        run=run,
        group=sound.group,
        purpose=f"Vulnerable on purpose; sound: {sound.title}.",
    )


def with_weak(check_id: str, title: str, run: Callable[[Any], str | None], *without: str) -> Policy:
    """`STANDARD` with one check replaced by a faulty one, and others taken out."""
    weakened = jwt.STANDARD.without(*without) if without else jwt.STANDARD
    policy = weakened.replacing(weak_check(check_id, title, run))
    return policy.named(f"{policy.name}: {title}")


def weak_signature(title: str, holds: Callable[[jws.Case], bool], *without: str) -> Policy:
    """`STANDARD` with a faulty signature check."""

    def run(case: jws.Case) -> str:
        try:
            held = holds(case)
        except JwtlabError as error:  # an algorithm that is none, or one that its key cannot serve
            raise Refusal(str(error), error=InvalidSignature) from error
        if not held:
            raise Refusal("the signature does not match", error=InvalidSignature)
        return "⚠ by a faulty check"

    return with_weak("signature-valid", title, run, *without)
