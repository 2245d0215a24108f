"""Secrets that can be guessed: a word of a list, or nothing at all.

Here the weakness lies in a key, so the repair is another key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jwtlab.attacks import material, pyjwt
from jwtlab.attacks.model import Attack, Stage, Variant
from jwtlab.attacks.workers import SearchTarget
from jwtlab.errors import UsageError
from jwtlab.jose import jwt
from jwtlab.jose.key import Key

Goal = Mapping[str, Any]

WORDS = (b"123456", b"password", b"secret", b"changeme", b"your-256-bit-secret")


def forge_weak(goal: Goal, *, original: str, words: Iterable[bytes]) -> str:
    """Try words until one makes the original's signature; then sign other claims with it.

    Raises:
        UsageError: none of the words is the secret.
    """
    found = SearchTarget.of(original).first_of(words)
    if found is None:
        raise UsageError("none of these words is the secret")
    text = material.signing_input(original, goal)
    return material.seal(text, material.hs256(found, text))


def forge_empty(goal: Goal, *, original: str) -> str:
    """HMAC with a secret of no bytes at all."""
    text = material.signing_input(original, goal)
    return material.seal(text, material.hs256(b"", text))


def _stage(secret: bytes, **knowledge: Any) -> Stage:
    weak = Key.from_secret(secret, kid="lab-hs256", alg="HS256")
    good = material.token("HS256", signer=weak)
    repaired = (material.token("HS256"), material.verifier(material.key("HS256"), algorithms=("HS256",)))
    victim = jwt.STANDARD.without("key-size")
    verifier = material.verifier(weak, algorithms=("HS256",))
    note = "STANDARD refuses every token of this key, good ones too: the repair is another key."
    return Stage(good, {"original": good, **knowledge}, verifier, victim, repaired=repaired, notes=(note,))


WEAK = Attack(
    id="weak-secret",
    title="A secret that stands in a dictionary",
    knows="one token, such as their own, and a list of words",
    story="Whoever has one HS256 token can try secrets at home, a million a second, and nobody notices. "
    "A secret that somebody made up is found; one of 256 random bits is not.",
    spec="RFC 8725 §2.2, §3.5; RFC 7518 §3.2",
    cves=(),
    forge=forge_weak,
    variants=(
        Variant(
            name="dictionary",
            title="the secret is 'changeme'",
            stage=lambda goal: _stage(b"changeme", words=WORDS),
            stopped_by=("key-size",),
        ),
    ),
    code='SECRET = "changeme"\nclaims = jwt.decode(token, SECRET, algorithms=["HS256"])',
    pyjwt=pyjwt.ask,
)

EMPTY = Attack(
    id="empty-secret",
    title="No secret at all",
    knows="that the secret was never configured",
    story="The secret comes from a setting that nobody set, and the empty text passes for it. "
    "HMAC works with an empty key as with any other, and everybody knows that one.",
    spec="RFC 8725 §3.5; RFC 7518 §3.2",
    cves=("CVE-2019-20933",),
    forge=forge_empty,
    variants=(
        Variant(
            name="empty",
            title="the secret is the empty text",
            stage=lambda goal: _stage(b""),
            stopped_by=("key-size",),
        ),
    ),
    code='SECRET = os.environ.get("JWT_SECRET", "")\nclaims = jwt.decode(token, SECRET, algorithms=["HS256"])',
    pyjwt=pyjwt.ask,
)
