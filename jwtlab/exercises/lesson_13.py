"""Lesson 13: secrets that can be guessed, how long guessing takes, and secrets that withstand it."""

from __future__ import annotations

import string
from typing import Any

from jwtlab.attacks import ATTACKS
from jwtlab.attacks.material import token as issue
from jwtlab.errors import kind
from jwtlab.exercises.forging import FORGED, as_token, forged
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong, mistakes
from jwtlab.exercises.origin import drawn, uses_random
from jwtlab.exercises.safely import call
from jwtlab.jose.key import Key
from jwtlab.jose.token import decode

RATE = 1_000_000
"""Guesses a second, rounded; measured with make bench ARGS=cracker on two cores."""

_WEAK = ATTACKS["weak-secret"].scenario()
TOKEN = _WEAK.good
"""A token whose secret stands in the shortest of lists."""

_SECRET = b"Dragon2019"
CLEVER = issue("HS256", signer=Key.from_secret(_SECRET, kid="lab-hs256", alg="HS256"))
"""A token whose secret is a word, changed a little."""

_CHARACTERS = 43


@mistakes(
    {
        "kind": "The secret is bytes, such as b'changeme'; this is {what}.",
        "first-token": "This is the secret of the first token. The one in this exercise has another.",
        "nearly": "Very near, but every byte counts: capital letters and spaces too. What did crack return?",
        "other": "This is not the secret. crack(clever, words_with_rules()) returns it, or None.",
    }
)
def _judge_secret(answer: Any) -> str:
    if isinstance(answer, str):
        answer = answer.encode()
    if not isinstance(answer, bytes):
        raise Wrong("kind", what=kind(answer))
    if answer == _SECRET:
        return "A capital letter and a year: every list of rules has that. It took less than a second."
    if answer == b"changeme":
        raise Wrong("first-token")
    raise Wrong("nearly" if answer.strip().lower() == _SECRET.lower() else "other")


@mistakes(
    {"others": "You are in. But other claims than sub and admin have changed; leave them as they were."},
    FORGED,
)
def _judge_issuer(answer: Any) -> str:
    text = as_token(answer)
    reading = forged(text, _WEAK)
    if reading.claims != decode(TOKEN).claims | {"sub": "admin", "admin": True}:
        raise Wrong("others")
    return "No verifier on earth can tell this token from one of the issuer. There is no difference."


@mistakes(
    {
        "not-a-number": "The answer is a number of characters; this is {what}.",
        "bytes": "32 bytes have 256 bits if each may be any of 256 values. A character has only 62 here.",
        "bits": "A character is more than one bit. How many does one of 62 carry?",
        "one-less": "With 42 you are just below: 62 ** 42 is about 2 ** 250.",
        "logarithm": "That is the logarithm. Half a character does not exist: round up.",
        "other": "Find the smallest n with 62 ** n >= 2 ** 256. Python's integers are large enough to try.",
    }
)
def _judge_count(answer: Any) -> str:
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        raise Wrong("not-a-number", what=kind(answer))
    if answer == _CHARACTERS:
        return "62 to the power 43 is just above 2 to the power 256: each character carries nearly 6 bits."
    if 42 < answer < 43:
        raise Wrong("logarithm")
    own: dict[float, str] = {32: "bytes", 256: "bits", 42: "one-less"}
    raise Wrong(own.get(answer, "other"))


_PRINTABLE = frozenset(string.printable.encode())
_HEX = frozenset(string.hexdigits.encode())


@mistakes(
    {
        "text": "This is text. Take bytes: secrets.token_bytes(32). They need not be typed by anyone.",
        "kind": "Your function returns {what}; a secret is bytes.",
        "short": "It has {count} bytes. HS256 needs 32 at least (RFC 7518 §3.2).",
        "same": "Two calls gave the same secret. It has to be drawn anew each time.",
        "hexadecimal": "Only hexadecimal digits occur. Each has 4 bits, so 256 bits are 64 of them.",
        "letters": "It is long enough in bytes, but only letters and digits occur: that is less than 256 bits.",
        "few-bytes": "There are hardly any different bytes in it. Draw every byte at random.",
        "repeated": "It is one shorter secret, written several times. Draw every byte at random.",
        "random": "It looks right. But random is made for games: who sees some numbers can compute the next. Take "
        "secrets.",
        "computed": "It looks right. But it is computed from what the program holds, such as a clock, a counter or a "
        "name, and nothing is drawn: whoever knows that, knows the secret. Take secrets.",
        "too-few-drawn": "It looks right. But only {count} random bytes are drawn for it, and the rest is computed: "
        "that is less than 256 bits. Draw 32.",
    }
)
def _judge_good_secret(answer: Any) -> str:
    made = [call(answer) for _ in range(8)]
    if all(secret is None or secret is ... for secret in made):
        raise NotYet
    for secret in made:
        _look_at_secret(secret)
    if len(set(made)) < len(made):
        raise Wrong("same")
    if all(_HEX.issuperset(secret) for secret in made) and min(map(len, made)) < 64:
        raise Wrong("hexadecimal")
    if all(_PRINTABLE.issuperset(secret) for secret in made) and min(map(len, made)) < _CHARACTERS:
        raise Wrong("letters")
    if any(len(set(secret)) < 12 for secret in made):  # after the digits, of which there are sixteen
        raise Wrong("few-bytes")
    if uses_random(answer):
        raise Wrong("random")
    count = min(drawn(answer) for _ in range(3))
    if count < 32:
        raise Wrong("too-few-drawn" if count else "computed", count=count)
    return "At least 256 bits, drawn anew each time: no list has them, and nobody can try them all."


def _look_at_secret(secret: Any) -> None:
    if isinstance(secret, str):
        raise Wrong("text")
    if not isinstance(secret, bytes):
        raise Wrong("kind", what=kind(secret))
    if len(secret) < 32:
        raise Wrong("short", count=len(secret))
    if any(
        secret == (secret[:length] * len(secret))[: len(secret)]
        for length in range(1, min(len(secret) // 2, 64) + 1)
    ):
        raise Wrong("repeated")


LESSON = Lesson(
    number="13",
    name="13_weak_secrets",
    title="Weak secrets",
    why="A shared secret can be guessed offline, a million times a second.",
    minutes=35,
    needs=("12",),
    exercises=(
        Exercise(
            id="13.1",
            title="Find the secret",
            judge_answer=_judge_secret,
            hints=(
                "crack(token, words) tries one word after the other, and returns the secret or None.",
                "The short list alone does not have it. Which words does the lesson name that have more?",
                "answer = crack(clever, words_with_rules())",
            ),
            solution="answer = crack(clever, words_with_rules(), progress=False)",
        ),
        Exercise(
            id="13.2",
            title="Be the issuer",
            judge_answer=_judge_issuer,
            hints=(
                "The secret was found in the second cell of the lesson.",
                "Header as it is; other claims; hmac.new(b'changeme', ...) over header.payload.",
                "Keep the first part of the original. Encode the new claims as the second, sign, encode.",
            ),
            solution="""\
import hashlib, hmac

claims = {**jwtlab.decode(original).claims, "sub": "admin", "admin": True}
text = original.split(".")[0] + "." + base64url.encode(json.dumps(claims).encode())
answer = text + "." + base64url.encode(hmac.new(b"changeme", text.encode(), hashlib.sha256).digest())""",
        ),
        Exercise(
            id="13.3",
            title="How many characters?",
            judge_answer=_judge_count,
            hints=(
                "n characters of 62 have 62 ** n possibilities.",
                "256 divided by the logarithm of 62 to the base 2, rounded up.",
                "math.log2(62) is 5.95.",
            ),
            solution="""\
answer = next(n for n in range(1, 257) if 62**n >= 2**256)""",
        ),
        Exercise(
            id="13.4",
            title="A secret that holds out",
            judge_answer=_judge_good_secret,
            hints=(
                "The module is called secrets, and it is part of Python.",
                "secrets.token_bytes(n) gives n random bytes.",
                "HS256 needs 32 of them.",
            ),
            solution="""\
import secrets

def answer():
    return secrets.token_bytes(32)""",
        ),
    ),
    predictions=(
        Question(
            id="13.p1",
            text="A server locks an account after ten wrong passwords. Its tokens are signed with HS256 and the secret "
            "summer2015. How many guesses does Mallory have?",
            options=(
                Option(
                    text="Ten",
                    why="That is for passwords, which the server checks. It does not see guesses at a secret.",
                ),
                Option(
                    text="Ten for each account",
                    why="No account is involved at all: she does not ask the server.",
                ),
                Option(
                    text="As many as she likes",
                    why="She has a token, and the token says whether a guess is right. The server is not asked.",
                    right=True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="13.q1",
            text="What does Mallory need to guess an HS256 secret?",
            options=(
                Option(text="Many tokens of many users", why="One is enough, and it may be her own."),
                Option(
                    text="One token",
                    why="It holds message and HMAC: all that is needed to test a guess.",
                    right=True,
                ),
                Option(text="Access to the server", why="The guessing happens on her own computer."),
            ),
        ),
        Question(
            id="13.q2",
            text="Which secret for HS256 is the best?",
            options=(
                Option(
                    text="32 bytes from secrets.token_bytes",
                    why="Every one of 2²⁵⁶ is as likely as any other.",
                    right=True,
                ),
                Option(
                    text="Tr0ub4dor&3!Tr0ub4dor&3!Tr0ub4dor&3!",
                    why="Long, but made up: words, rules, repetition.",
                ),
                Option(
                    text="The SHA-256 hash of the company's name",
                    why="It has 32 bytes, and one guess finds it.",
                ),
            ),
        ),
        Question(
            id="13.q3",
            text="A secret was found to be weak. What has to happen?",
            options=(
                Option(
                    text="Nothing, until somebody is seen attacking",
                    why="Forged tokens look exactly like good ones.",
                ),
                Option(
                    text="A shorter lifetime of tokens", why="Whoever has the secret writes exp as they like."
                ),
                Option(
                    text="A new secret, and no token of the old one is accepted any more",
                    why="Whoever had it may have signed any number of tokens, with any date.",
                    right=True,
                ),
            ),
        ),
    ),
    checks=(
        "key-size",
        "signature-valid",
    ),
)
