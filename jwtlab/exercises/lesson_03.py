"""Lesson 03: what a signature is, three families of them, and how to sign and verify by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from jwtlab.errors import kind
from jwtlab.exercises.by_hand import CLAIMS, SECRET, judge_signing, judge_verifier
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes
from jwtlab.exercises.table import Case, Table
from jwtlab.jose import base64url
from jwtlab.jose.token import decode
from jwtlab.lab import Lab

__all__ = ["CLAIMS", "LESSON", "SECRET", "THREE", "E", "N"]

_LAB = Lab("03")
_RSA = _LAB.key("RS256")
N, E = (int.from_bytes(base64url.decode(_RSA.public().to_jwk()[name]), "big") for name in "ne")
"""The public RSA key of exercise 03.2, as two numbers."""


def _three() -> dict[str, str]:
    found = {name: _LAB.token(name, alg="RS256", admin=False) for name in ("red", "green", "blue")}
    header, payload, signature = found["green"].split(".")
    claims = json.loads(base64url.decode(payload)) | {"admin": True}
    payload = base64url.encode(json.dumps(claims, separators=(",", ":")).encode())
    return found | {"green": f"{header}.{payload}.{signature}"}


THREE: Mapping[str, str] = _three()
"""Three tokens; one was changed after it had been signed."""


@mistakes(
    {
        "not-text": "The answer is a name: one of {names}. This is {what}.",
        "token": "This is the token itself. Its name is asked for.",
        "no-such-name": "There is no {said!r}; there are: {names}.",
        "whole": "The seal of {said} is whole: what pow(signature, e, n) opens ends with the SHA-256 hash of its "
        "signing input, and in front of it stands what has to stand there. Look at the others.",
    }
)
def _judge_seal(answer: Any) -> str:
    names = ", ".join(THREE)
    if not isinstance(answer, str):
        raise Wrong("not-text", names=names, what=kind(answer))
    said = answer.strip().lower()
    if answer in THREE.values():
        raise Wrong("token")
    if said not in THREE:
        raise Wrong("no-such-name", said=answer[:30], names=names)
    if said != "green":
        raise Wrong("whole", said=said)
    return (
        "Its seal opens like the others, but it shows the hash of another message: the one before the change."
    )


def _der(name: str, r: int, s: int) -> Case:
    octets = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return Case("other", (encode_dss_signature(r, s),), octets, "This is {name}, and the 64 bytes are not r and s. "
                "Cutting DER at fixed places does not work.", {"name": name})  # fmt: skip


def _ordinary() -> tuple[int, int]:
    signature = decode(_LAB.token("alice")).signature
    return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")


def _look_at_der(found: Any, case: Case) -> None:
    if not isinstance(found, bytes):
        raise Wrong("not-bytes", what=kind(found))
    r, s = case.expected[:32], case.expected[32:]
    if found == case.given[0]:
        raise Wrong("der")
    if found == s + r:
        raise Wrong("swapped")
    if found == r[::-1] + s[::-1]:
        raise Wrong("backwards")
    if len(found) != 64:
        raise Wrong("length", name=case.values["name"], count=len(found))


_judge_der = Table(
    cases=(
        _der("an ordinary signature", *_ordinary()),
        _der("a signature with a small r (31 bytes)", 2**244 + 7, 2**255 + 11),
        _der("a signature with a small s (30 bytes)", 2**255 + 5, 2**236 + 3),
        _der("a signature with the highest bit set", 2**255 + 1, 2**255 + 9),
        _der("a signature with a tiny r", 1, 2**200),
    ),
    look=_look_at_der,
    own={
        "not-bytes": "Your function returns {what} instead of bytes.",
        "der": "This is the DER as it came. Take r and s out of it first.",
        "swapped": "The two are swapped: r comes first.",
        "backwards": 'The bytes run backwards. JOSE writes numbers with the highest byte first: "big".',
        "length": "For {name} your function returns {count} bytes. Both numbers take 32 bytes, with zeros in front "
        "where they are small.",
    },
    praise="{count} signatures, small numbers and large ones: always 64 bytes. ES384 has 96, ES512 has 132.",
)


LESSON = Lesson(
    number="03",
    name="03_signatures",
    title="Signatures",
    why="The signature is the one part of a token that not everyone can write.",
    minutes=65,
    needs=("02",),
    exercises=(
        Exercise(
            id="03.1",
            title="Sign by hand",
            judge_answer=judge_signing,
            hints=(
                "The first two parts are those of exercise 01.2. The third is HMAC over both, with the dot.",
                "hmac.new(lesson_03.SECRET, signing_input, hashlib.sha256).digest() gives 32 bytes.",
                'Encode these bytes too: token = signing_input + "." + base64url.encode(signature).',
            ),
            solution="""\
import hashlib, hmac, json

def part(value):
    return base64url.encode(json.dumps(value).encode())

signing_input = part(header) + "." + part(dict(claims))
signature = hmac.new(lesson_03.SECRET, signing_input.encode(), hashlib.sha256).digest()
answer = signing_input + "." + base64url.encode(signature)""",
        ),
        Exercise(
            id="03.2",
            title="Open the seal",
            judge_answer=_judge_seal,
            hints=(
                "Do for each token what the lesson did for one, and compare the two hashes.",
                "jwtlab.decode(token) gives .signature and .signing_input, both as bytes.",
                "pow(int.from_bytes(signature, 'big'), e, n).to_bytes(256, 'big') opens it; the hash is "
                "its last 32 bytes. "
                "A verifier compares all 256: 00 01, many ff, 00, the name of the hash, the hash.",
            ),
            solution=r"""import hashlib
digest_info = bytes.fromhex("3031300d060960864801650304020105000420")
for name, token in three.items():
    parts = jwtlab.decode(token)
    opened = pow(int.from_bytes(parts.signature, "big"), e, n).to_bytes(256, "big")
    right = digest_info + hashlib.sha256(parts.signing_input).digest()
    if opened != b"\x00\x01" + b"\xff" * (256 - len(right) - 3) + b"\x00" + right:
        answer = name""",
        ),
        Exercise(
            id="03.3",
            title="From DER to JOSE",
            judge_answer=_judge_der,
            hints=(
                "r, s = decode_dss_signature(der) gives two numbers.",
                "A number becomes bytes with .to_bytes(32, 'big'): 32 bytes, however small it is.",
                "Put the bytes of r before those of s.",
            ),
            solution="""\
def answer(der):
    r, s = decode_dss_signature(der)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")""",
        ),
        Exercise(
            id="03.4",
            title="Verify by hand",
            judge_answer=judge_verifier,
            hints=(
                "Compute the signature yourself and compare. What if there are not three parts?",
                "Look into the header as well: its alg has to be HS256. jwtlab.decode reads it for you.",
                "Put everything into try and except jwtlab.MalformedToken: return False.",
            ),
            solution="""\
import hashlib, hmac

def answer(token, secret):
    try:
        parts = jwtlab.decode(token)
    except jwtlab.MalformedToken:
        return False
    right = hmac.new(secret, parts.signing_input, hashlib.sha256).digest()
    return parts.header.get("alg") == "HS256" and hmac.compare_digest(right, parts.signature)""",
        ),
    ),
    predictions=(
        Question(
            id="03.p1",
            text="Alice's token is signed with a perfect algorithm and a perfect key. Mallory, the "
            "attacker, has a copy. "
            "What can she not do?",
            options=(
                Option(
                    text="See what is in it",
                    why="She can: a signature hides nothing. Lesson 01 needed no key to read a token.",
                ),
                Option(
                    text="Send it to the server herself",
                    why="She can: a copy is as good as the original. Against that helps encryption on the way (TLS), "
                    "and a short life.",
                ),
                Option(
                    text="Change a letter of it without being noticed",
                    why="This is what a signature is for: a change is noticed. That is called integrity.",
                    right=True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="03.q1",
            text="The notes service verifies HS256 tokens. What else can it do with the same secret?",
            options=(
                Option(
                    text="Nothing; verifying is all",
                    why="HMAC has one key. Whoever can compute it to compare can compute it to sign.",
                ),
                Option(
                    text="Decrypt the payload",
                    why="There is nothing to decrypt: the payload is encoded, not encrypted.",
                ),
                Option(
                    text="Sign tokens itself",
                    why="With a shared secret, every verifier is an issuer.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="03.q2",
            text="The lab signs the same claims twice with PS256 and gets two different signatures. What is wrong?",
            options=(
                Option(
                    text="Nothing: PSS mixes in fresh random bytes",
                    why="RSASSA-PSS has a random salt in each signature. The verifier finds it inside.",
                    right=True,
                ),
                Option(text="A bug: one of them is bad", why="Both are good; try it with lab.verify."),
                Option(
                    text="The clock has moved",
                    why="The time is in the claims, not in the signature, and the claims were the same.",
                ),
            ),
        ),
        Question(
            id="03.q3",
            text="Why does one not compare signatures with == ?",
            options=(
                Option(
                    text="== does not work for bytes",
                    why="It works, and gives the right answer. The trouble is how long it takes.",
                ),
                Option(
                    text="It takes longer the more bytes are right",
                    why="That time can be measured, byte by byte. hmac.compare_digest always takes the same.",
                    right=True,
                ),
                Option(
                    text="Two signatures may differ and both be good",
                    why="That is true of PS256 and some ECDSA, but HMAC gives one signature for one message.",
                ),
            ),
        ),
    ),
    checks=(
        "algorithm-allowed",
        "signature-valid",
    ),
)
