"""Lesson 04: keys. Who holds which half, how keys are written, chosen, found and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from jwtlab.checks import Policy
from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call
from jwtlab.jose import base64url
from jwtlab.jose.jwk import Key
from jwtlab.lab import Lab

NO_QUESTIONS = Policy((), "no questions asked")
"""Signing with unfit keys: the lab has to be able to make what it then refuses."""


NOTHING = "Your function gives nothing yet. Write it, end it with a return, and run this cell again."


@cache
def lesson_key(name: str) -> Key:
    """A P-256 key of this lesson, made from its name; so everybody knows it. For learning only."""
    number = int.from_bytes(hashlib.sha256(f"jwtlab lesson 04: {name}".encode()).digest())
    pair = ec.derive_private_key(number, ec.SECP256R1())
    pem = pair.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Key.from_pem(pem, kid=name, alg="ES256")


SMALL: Mapping[str, Any] = {
    "kty": "RSA",
    "n": "u5QIGG4XfNEMPNXtKlHitRE9lIQmuBjH68cYLi4GRYvWWrjrHYHQHwMPnmH7ezJT9eMufAtrpPCUOGEU_uiYV-0ZVzSXDC4Thl_r"
    "VmqFE7NRoWKDNcg9FBmwmb6BhXSoLgkudHvSGgJhRUuG3Y-raHY5miADFgswko2MZMm0rlc",
    "e": "AQAB",
    "kid": "small",
    "alg": "RS256",
}
"""An RSA key of 1024 bits: too short."""

SMALL_TOKEN = (
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InNtYWxsIn0."
    "eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUiLCJzdWIiOiJhbGljZSIsImF1ZCI6Imh0dHBzOi8vYXBpLmV4YW1wbGUiLCJpYXQiOjE3Njcy"
    "MjU2MDAsImV4cCI6MTc2NzIyNjUwMH0."
    "p8LBLminkKsnOz_0DNyu8ZuHqY8vSQkC79HXOUwZs_NztUkTVj4iuhNTm04JCPCzGPDS_VuVK5o2cdTwI-sE_gzkd_P9P1eTzGZCO00wqhMx"
    "48Z3hBH3EkPvvflbVbrL0LLbAz35F534mbYEhCaPTWdrQSMJH4M5uBgMjftLZ8k"
)
"""Signed once with a 1024-bit key, which was then thrown away."""


# 04.1

PRIVATE_JWK: Mapping[str, Any] = Lab("04").key("RS256").to_jwk(private=True)
"""The issuer's key pair; exercise 04.1 asks for what may be published of it."""

_RSA_PRIVATE = ("d", "p", "q", "dp", "dq", "qi")


def _judge_public(answer: Any) -> str:
    if isinstance(answer, Key):
        raise Wrong("This is a Key object. Published is its JSON form, a dict: build that, member by member.")
    if isinstance(answer, str | bytes):
        raise Wrong("The answer is the JWK as a dict, not as text or PEM.")
    if not isinstance(answer, Mapping):
        raise Wrong(f"The answer is a JWK, a dict; this is {kind(answer)}.")
    if "keys" in answer:
        raise Wrong("This is a key set. Asked for is the one JWK, without the list around it.")
    left = [name for name in _RSA_PRIVATE if name in answer]
    if left and "d" not in left:
        raise Wrong(
            f"d is gone, but {', '.join(left)} stayed. Whoever has a prime of n computes d in no time: "
            "all of these are private."
        )
    if left:
        raise Wrong(f"Stop: {', '.join(left)} would be published. With these everybody signs in your name.")
    missing = [name for name in ("kty", "n", "e") if name not in answer]
    if missing:
        raise Wrong(f"Too much is gone: {', '.join(missing)}. Without these nobody can verify.")
    if any(answer[name] != PRIVATE_JWK[name] for name in ("kty", "n", "e")):
        raise Wrong("kty, n or e was changed. The public half consists of these members as they are.")
    lost = [name for name in ("kid", "alg") if answer.get(name) != PRIVATE_JWK[name]]
    if lost:
        raise Wrong(
            f"It verifies, but {' and '.join(lost)} got lost: the name by which verifiers find the key, and what it "
            "is for. Both may be published."
        )
    lab = Lab("04")
    if not lab.verify(lab.token(alg="RS256"), Key.from_jwk(answer), algorithms=["RS256"]).accepted:
        raise Wrong("A token of the issuer is not accepted with this key. Copy the public members unchanged.")
    return (
        "n and e verify, and nothing in this dict can sign. A token of the issuer was just verified with it."
    )


# 04.2


def _jwks() -> dict[str, Any]:
    jwks = Lab("04").keys().to_jwks()
    nameless = {k: v for k, v in lesson_key("nameless").public().to_jwk().items() if k != "kid"}
    return {"keys": [nameless, *jwks["keys"]]}


def _judge_choice(answer: Any) -> str:
    jwks = _jwks()
    named = [{"alg": jwk["alg"], "kid": jwk["kid"]} for jwk in jwks["keys"][1:]]
    if all(call(answer, header, deepcopy(jwks)) in (None, ...) for header in named):
        raise NotYet(NOTHING)
    for wanted in jwks["keys"][1:]:
        found = call(answer, {"alg": wanted["alg"], "kid": wanted["kid"]}, deepcopy(jwks))
        if found is None:
            raise Wrong(f"For kid {wanted['kid']!r} you gave None, and there is a key of that name.")
        if found != wanted:
            shown = found.get("kid") if isinstance(found, Mapping) else kind(found)
            raise Wrong(f"For kid {wanted['kid']!r} the JWK of that name is wanted; you gave {shown!r}.")
    mallory = Lab("04").key("ES256", "mallory").public().to_jwk()
    for header, reason in (
        (
            {"alg": "ES256", "kid": "moon"},
            "No key is called 'moon', and you gave one all the same. A kid that leads nowhere is a refusal.",
        ),
        (
            {"alg": "ES256"},
            "This header names no kid, and you gave a key. (One key of the set has no kid either: None equals None.)",
        ),
        (
            {"alg": "ES256", "kid": mallory["kid"], "jwk": mallory},
            "This header brought a key along (jwk), and you took it. Keys come from the set you trust, never "
            "from the token.",
        ),
        ({"alg": "ES256", "kid": ["lab-es256"]}, "This kid is a list, not a text, and you gave a key."),
    ):
        if call(answer, header, deepcopy(jwks)) is not None:
            raise Wrong(reason)
    twin = mallory | {"kid": "lab-es256"}
    for keys in ([*jwks["keys"], twin], [twin, *jwks["keys"]]):
        if call(answer, {"alg": "ES256", "kid": "lab-es256"}, deepcopy({"keys": keys})) is not None:
            raise Wrong(
                "Here two keys are called 'lab-es256', and you picked one. Which one would be chance."
            )
    return "The kid only looks something up in a set that was there before. It never leads anywhere else."


# 04.5


def _judge_secret(answer: Any) -> str:
    secret = Lab("04").random.bytes(64)
    text = base64url.encode(secret)
    key = _ask(answer, {"JWT_SECRET": text, "LANG": "C"}, "With a good secret")
    if key in (None, ...):
        raise NotYet(NOTHING)
    if not isinstance(key, Key):
        raise Wrong(f"With a good secret a Key is wanted; you gave {kind(key)}.")
    if key.is_symmetric and key.secret == text.encode():
        raise Wrong("You took the letters themselves as secret. They are base64url: decode them first.")
    if not key.is_symmetric or key.secret != secret:
        raise Wrong("The Key does not hold the bytes that JWT_SECRET spells in base64url.")
    if key.alg not in (None, "HS512"):
        raise Wrong(f"This Key says it is for {key.alg}. The service signs with HS512.")
    for environ, said in (
        ({"LANG": "C"}, "With no JWT_SECRET at all"),
        ({"JWT_SECRET": ""}, "With an empty JWT_SECRET"),
        ({"JWT_SECRET": base64url.encode(b"hello")}, "With a secret of five letters"),
        ({"JWT_SECRET": base64url.encode(secret[:32])}, "With a secret of 32 bytes (enough for HS256)"),
    ):
        key = _ask(answer, environ, said)
        if isinstance(key, Key) and "JWT_SECRET" not in environ:
            raise Wrong(
                f"{said} your function still gave a key. A secret that stands in the source as a fallback is known "
                "to everybody who can read the source."
            )
        if isinstance(key, Key):
            raise Wrong(
                f"{said} your function gave a key of {key.bits} bits; HS512 wants 512 or more. Give None."
            )
        if key is not None:
            raise Wrong(f"{said} None is wanted; you gave {kind(key)}.")
    return (
        "The secret comes from outside, and without a good one the service does not start. So it should be."
    )


def _ask(answer: Callable[..., Any], environ: dict[str, str], said: str) -> Any:
    try:
        return call(answer, dict(environ))
    except Wrong as wrong:
        raise Wrong(f"{said}: {wrong}") from None


__all__ = [
    "LESSON",
    "PRIVATE_JWK",
    "SMALL",
    "SMALL_TOKEN",
    "lesson_key",
]

LESSON = Lesson(
    number="04",
    name="04_keys",
    title="Keys",
    why="A signature is worth exactly as much as the key behind it, and as the care of whoever holds it.",
    minutes=45,
    needs=("03",),
    exercises=(
        Exercise(
            "04.1",
            "Publish the public half",
            _judge_public,
            (
                "Which members verify, and which ones sign? The table above says it for RSA.",
                "Keep kty, n and e, and the two that only describe: kid and alg.",
                "A dict comprehension picks them: {name: jwk[name] for name in (...)}.",
            ),
            """\
public = ("kty", "n", "e", "kid", "alg")
answer = {name: jwk[name] for name in public}""",
        ),
        Exercise(
            "04.2",
            "Find the key",
            _judge_choice,
            (
                "Start with the kid. If it is no text, there is nothing to look up.",
                'Collect the keys of that name: [jwk for jwk in jwks["keys"] if jwk.get("kid") == kid].',
                "One key found: that is it. None or several: None.",
            ),
            """\
def answer(header, jwks):
    kid = header.get("kid")
    if not isinstance(kid, str):
        return None
    found = [jwk for jwk in jwks["keys"] if jwk.get("kid") == kid]
    return found[0] if len(found) == 1 else None""",
        ),
        Exercise(
            "04.5",
            "A secret from outside",
            _judge_secret,
            (
                'environ.get("JWT_SECRET") gives None where there is none. Do not give it a second argument.',
                "jwtlab.base64url.decode turns the text into bytes. Count them: 512 bits are 64 bytes.",
                'In the end: jwtlab.Key.from_secret(secret, alg="HS512").',
            ),
            """\
def answer(environ):
    text = environ.get("JWT_SECRET")
    if not text:
        return None
    secret = jwtlab.base64url.decode(text)
    return jwtlab.Key.from_secret(secret, alg="HS512") if len(secret) >= 64 else None""",
        ),
    ),
    predictions=(
        Question(
            "04.p1",
            "A cinema has five halls. At the till, tickets are signed with HS256; so that every hall can check "
            "them, each doorkeeper is given the secret. One doorkeeper is dishonest. What can he do?",
            (
                Option(
                    "Only check tickets: he was given the secret for checking",
                    "The secret does not know what it was given for. Checking and signing are the same computation.",
                ),
                Option(
                    "Let friends into his own hall, no more",
                    "His forged tickets are good in all five halls, for all use the same secret.",
                ),
                Option(
                    "Make tickets for every hall, and nobody can tell them from real ones",
                    "Whoever can check with a shared secret can also sign with it.",
                    True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            "04.q1",
            "You want to check the tokens of a large login provider in your own small service. What do you need?",
            (
                Option(
                    "The provider's shared secret",
                    "If every customer had it, each of them could sign tokens for all the others.",
                ),
                Option(
                    "The provider's public keys",
                    "They verify and cannot sign. The provider publishes them as a JWK Set for everybody.",
                    True,
                ),
                Option(
                    "The provider's private key",
                    "That one signs, and never leaves the provider. You only want to verify.",
                ),
                Option(
                    "The key in the token's header",
                    "Whoever wrote the token wrote its header too, and would bring a key that fits.",
                ),
            ),
        ),
        Question(
            "04.q2",
            "What does the kid in a token's header tell a verifier?",
            (
                Option(
                    "That the token was signed with that key",
                    "It only claims so. The signature shows it, or does not.",
                ),
                Option(
                    "Which of its trusted keys to try",
                    "A hint for looking up, in a set that the verifier had before.",
                    True,
                ),
                Option(
                    "Where to fetch the key",
                    "A verifier that follows a stranger's directions ends up with a stranger's key.",
                ),
            ),
        ),
        Question(
            "04.q3",
            "Your HS256 secret is in the source code, and the repository was public for ten minutes. "
            "What now?",
            (
                Option(
                    "Delete the line and make the repository private",
                    "Copies remain: in its history, in forks, with everybody who looked. The secret is known.",
                ),
                Option(
                    "Rename the secret's kid",
                    "The name is not the secret. The same bytes still sign.",
                ),
                Option(
                    "Make a new secret at once, and trust the old one no more",
                    "Everybody has to log in again. That is the cheap part.",
                    True,
                ),
                Option(
                    "Wait until the last token has expired, then exchange it",
                    "That is right for a planned rotation. Here others may be signing tokens of their own already.",
                ),
            ),
        ),
    ),
    checks=(
        "key-found",
        "key-type",
        "key-alg",
        "key-use",
        "key-size",
        "signature-valid",
    ),
)
