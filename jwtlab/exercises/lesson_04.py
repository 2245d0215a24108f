"""Lesson 04: keys. Who holds which half, how keys are written, chosen, found and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes
from jwtlab.exercises.table import Case, Table, near_misses
from jwtlab.exercises.unfit_keys import SMALL, SMALL_TOKEN, lesson_key
from jwtlab.jose import base64url
from jwtlab.jose.key import Key
from jwtlab.lab import Lab

__all__ = ["LESSON", "PRIVATE_JWK", "SMALL", "SMALL_TOKEN", "lesson_key"]

_LAB = Lab("04")

PRIVATE_JWK: Mapping[str, Any] = _LAB.key("RS256").to_jwk(private=True)
"""The issuer's key pair; exercise 04.1 asks for what may be published of it."""

_RSA_PRIVATE = ("d", "p", "q", "dp", "dq", "qi")


@mistakes(
    {
        "key-object": "This is a Key object. Published is its JSON form, a dict: build that, member by member.",
        "text": "The answer is the JWK as a dict, not as text or PEM.",
        "not-a-dict": "The answer is a JWK, a dict; this is {what}.",
        "key-set": "This is a key set. Asked for is the one JWK, without the list around it.",
        "private-primes": "d is gone, but {left} stayed. Whoever has a prime of n computes d in no time: all of these "
        "are private.",
        "private": "Stop: {left} would be published. With these everybody signs in your name.",
        "too-little": "Too much is gone: {missing}. Without these nobody can verify.",
        "changed": "{name} was changed. The public half consists of these members as they are.",
        "nameless": "It verifies, but {lost} got lost: the name by which verifiers find the key, and what it is for. "
        "Both may be published.",
        "added": "{name} was added, and is not in the pair. Take members out; put none in.",
    }
)
def _judge_public(answer: Any) -> str:
    if isinstance(answer, Key):
        raise Wrong("key-object")
    if isinstance(answer, str | bytes):
        raise Wrong("text")
    if not isinstance(answer, Mapping):
        raise Wrong("not-a-dict", what=kind(answer))
    if "keys" in answer:
        raise Wrong("key-set")
    left = [name for name in _RSA_PRIVATE if name in answer]
    if left:
        raise Wrong("private" if "d" in left else "private-primes", left=", ".join(left))
    missing = [name for name in ("kty", "n", "e") if name not in answer]
    if missing:
        raise Wrong("too-little", missing=", ".join(missing))
    for name in ("kty", "n", "e"):
        if answer[name] != PRIVATE_JWK[name]:
            raise Wrong("changed", name=name)
    lost = [name for name in ("kid", "alg") if answer.get(name) != PRIVATE_JWK[name]]
    if lost:
        raise Wrong("nameless", lost=" and ".join(lost))
    for name in answer:
        if name not in PRIVATE_JWK:
            raise Wrong("added", name=str(name)[:40])
    return "n and e verify, and nothing in this dict can sign."


def _jwks(*more: Mapping[str, Any]) -> dict[str, Any]:
    nameless, null = (lesson_key(name).public().to_jwk() for name in ("nameless", "null"))
    del nameless["kid"]
    moon = lesson_key("moon/").public().to_jwk()
    return {"keys": [nameless, null | {"kid": None}, *_LAB.keys().to_jwks()["keys"], moon, *more]}


def _choices() -> Iterable[Case]:
    jwks, mallory = _jwks(), _LAB.key("ES256", "mallory").public().to_jwk()
    for wanted in jwks["keys"][2:]:
        header = {"alg": wanted["alg"], "kid": wanted["kid"]}
        yield Case("by-name", (header, jwks), wanted, "Wanted is the JWK of that name: {kid!r} is in the set.",
                   {"kid": wanted["kid"]})  # fmt: skip

    def none(mistake: str, header: dict[str, Any], why: str, jwks: dict[str, Any] = jwks) -> Case:
        return Case(mistake, ({"alg": "ES256", **header}, jwks), None, why)

    yield none("unknown", {"kid": "moon"}, "No key is called 'moon', and you gave one all the same. A kid that leads "
               "nowhere is a refusal.")  # fmt: skip
    yield none("nameless", {}, "This header names no kid, and you gave a key. (One key of the set has no kid either: "
               "None equals None.)")  # fmt: skip
    yield none("null", {"kid": None}, "This header's kid is null, and you gave a key: null is no name.")
    one = {"keys": [mallory | {"kid": "lab-1"}]}
    yield none("null", {"kid": None}, "", one)
    yield none("nameless", {}, "", one)
    yield none("empty", {"kid": ""}, "This kid is an empty text, and you gave a key.")
    yield none("empty", {"kid": ""}, "", one)
    yield none("brought-along", {"kid": mallory["kid"], "jwk": mallory}, "This header brought a key along (jwk), and "
               "you took it. Keys come from the set you trust, never from the token.")  # fmt: skip
    yield none("kind", {"kid": ["lab-es256"]}, "This kid is no text, and you gave a key, or fell over it.")
    for other in ({"lab-es256": 1}, 7, True, 0, False):
        yield none("kind", {"kid": other}, "")
    yield none("number", {"kid": 7}, "kid is the number 7 here, and a key of the set has it. A number is no name.",
               _jwks(mallory | {"kid": 7}))  # fmt: skip
    twin = mallory | {"kid": "lab-es256"}
    for keys in ([*jwks["keys"], twin], [twin, *jwks["keys"]]):
        yield none("twins", {"kid": "lab-es256"}, "Here two keys are called 'lab-es256', and you picked one. Which one "
                   "would be chance.", {"keys": keys})  # fmt: skip
    yield none("empty-set", {"kid": "lab-es256"}, "The set is empty.", {"keys": []})
    for _, how, text in near_misses("lab-es256"):
        yield Case("kid-loosely", ({"alg": "ES256", "kid": text}, jwks), None,
                   "kid {value!r} is not the name of a key: {how}.", {"value": text, "how": how})  # fmt: skip


_judge_choice = Table(
    cases=tuple(_choices()),
    fits=lambda found, expected: found == expected,
    praise="The kid only looks something up in a set that was there before. It never leads anywhere else.",
)


_SECRET = bytes([0xFB, 0xEF, 0xFF]) + _LAB.random.bytes(61)  # its text has both - and _
_TEXT = base64url.encode(_SECRET)


def _read_key(found: Any) -> Any:
    """The secret that the key holds, or what is no key."""
    if isinstance(found, Key) and found.alg not in (None, "HS512"):
        raise Wrong("other-alg", alg=found.alg)
    return found.secret if isinstance(found, Key) and found.is_symmetric else found


def _look_at_key(found: Any, case: Case) -> None:
    if case.expected is not None and not isinstance(found, Key | bytes):
        raise Wrong("no-key", what=kind(found))
    if case.expected is not None and found == case.given[0]["JWT_SECRET"].encode():
        raise Wrong("letters")


def _environ(mistake: str, environ: dict[str, str], why: str, expected: bytes | None = None) -> Case:
    return Case(mistake, ({"LANG": "C", **environ},), expected, why)


_judge_secret = Table(
    cases=(
        _environ("bytes", {"JWT_SECRET": _TEXT},
                 "The Key does not hold the bytes that JWT_SECRET spells in base64url.", _SECRET),
        _environ("bytes", {"JWT_SECRET": base64url.encode(b"s" * 80)}, "", b"s" * 80),
        _environ("fallback", {}, "There is no JWT_SECRET, and your function gave a key, or fell over it. A "
                 "secret that stands in the source is known to everybody who can read the source."),
        _environ("empty", {"JWT_SECRET": ""}, "JWT_SECRET is empty: give None."),
        _environ("short", {"JWT_SECRET": base64url.encode(b"hello")},
                 "That secret is too short: HS512 wants 512 bits or more. Give None."),
        _environ("short", {"JWT_SECRET": base64url.encode(_SECRET[:32])}, ""),
        _environ("short", {"JWT_SECRET": base64url.encode(_SECRET[:63])}, ""),
        _environ("other-name", {"SECRET": _TEXT, "JWT_SECRETS": _TEXT, "jwt_secret": _TEXT},
                 "The variable is called JWT_SECRET, and it is not there."),
    ),
    read=_read_key,
    look=_look_at_key,
    own={
        "other-alg": "This Key says it is for {alg}. The service signs with HS512.",
        "no-key": "With a good secret a Key is wanted; you gave {what}.",
        "letters": "You took the letters themselves as secret. They are base64url: decode them first.",
    },
    praise="The secret comes from outside, and without a good one the service does not start. So it should be.",
)  # fmt: skip


LESSON = Lesson(
    number="04",
    name="04_keys",
    title="Keys",
    why="A signature is worth exactly as much as the key behind it, and as the care of whoever holds it.",
    minutes=45,
    needs=("03",),
    exercises=(
        Exercise(
            id="04.1",
            title="Publish the public half",
            judge_answer=_judge_public,
            hints=(
                "Which members verify, and which ones sign? The table above says it for RSA.",
                "Keep kty, n and e, and the two that only describe: kid and alg.",
                "A dict comprehension picks them: {name: jwk[name] for name in (...)}.",
            ),
            solution="""\
public = ("kty", "n", "e", "kid", "alg")
answer = {name: jwk[name] for name in public}""",
        ),
        Exercise(
            id="04.2",
            title="Find the key",
            judge_answer=_judge_choice,
            hints=(
                "Start with the kid. If it is no text, there is nothing to look up.",
                'Collect the keys of that name: [jwk for jwk in jwks["keys"] if jwk.get("kid") == kid].',
                "One key found: that is it. None or several: None.",
            ),
            solution="""\
def answer(header, jwks):
    kid = header.get("kid")
    if not isinstance(kid, str):
        return None
    found = [jwk for jwk in jwks["keys"] if jwk.get("kid") == kid]
    return found[0] if len(found) == 1 else None""",
        ),
        Exercise(
            id="04.5",
            title="A secret from outside",
            judge_answer=_judge_secret,
            hints=(
                'environ.get("JWT_SECRET") gives None where there is none. Do not give it a second argument.',
                "jwtlab.base64url.decode turns the text into bytes. Count them: 512 bits are 64 bytes.",
                'In the end: jwtlab.Key.from_secret(secret, alg="HS512").',
            ),
            solution="""\
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
            id="04.p1",
            text="A cinema has five halls. At the till, tickets are signed with HS256; so that every hall can check "
            "them, each doorkeeper is given the secret. One doorkeeper is dishonest. What can he do?",
            options=(
                Option(
                    text="Only check tickets: he was given the secret for checking",
                    why="The secret does not know what it was given for. Checking and signing are the "
                    "same computation.",
                ),
                Option(
                    text="Let friends into his own hall, no more",
                    why="His forged tickets are good in all five halls, for all use the same secret.",
                ),
                Option(
                    text="Make tickets for every hall, and nobody can tell them from real ones",
                    why="Whoever can check with a shared secret can also sign with it.",
                    right=True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="04.q1",
            text="You want to check the tokens of a large login provider in your own small service. What do you need?",
            options=(
                Option(
                    text="The provider's shared secret",
                    why="If every customer had it, each of them could sign tokens for all the others.",
                ),
                Option(
                    text="The key in the token's header",
                    why="Whoever wrote the token wrote its header too, and would bring a key that fits.",
                ),
                Option(
                    text="The provider's private key",
                    why="That one signs, and never leaves the provider. You only want to verify.",
                ),
                Option(
                    text="The provider's public keys",
                    why="They verify and cannot sign. The provider publishes them as a JWK Set for everybody.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="04.q2",
            text="What does the kid in a token's header tell a verifier?",
            options=(
                Option(
                    text="That the token was signed with that key",
                    why="It only claims so. The signature shows it, or does not.",
                ),
                Option(
                    text="Where to fetch the key",
                    why="A verifier that follows a stranger's directions ends up with a stranger's key.",
                ),
                Option(
                    text="Which of its trusted keys to try",
                    why="A hint for looking up, in a set that the verifier had before.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="04.q3",
            text="Your HS256 secret is in the source code, and the repository was public for ten minutes. "
            "What now?",
            options=(
                Option(
                    text="Delete the line and make the repository private",
                    why="Copies remain: in its history, in forks, with everybody who looked. The secret is known.",
                ),
                Option(
                    text="Rename the secret's kid",
                    why="The name is not the secret. The same bytes still sign.",
                ),
                Option(
                    text="Wait until the last token has expired, then exchange it",
                    why="That is right for a planned rotation. Here others may be signing tokens of their own already.",
                ),
                Option(
                    text="Make a new secret at once, and trust the old one no more",
                    why="Everybody has to log in again. That is the cheap part.",
                    right=True,
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
