"""Lesson 01: a token is three parts. What they are, how to read them, and why reading proves nothing."""

from __future__ import annotations

import json
from typing import Any

from jwtlab.errors import InvalidToken
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong
from jwtlab.jose import base64url
from jwtlab.jose.token import decode
from jwtlab.lab import Lab

MYSTERY = Lab("01").token("bob", minutes=60, role="gardener", iss=None, aud=None, jti=None)
"""Somebody's token; exercise 01.1 asks what it says."""

HEADER = {"alg": "HS256", "typ": "JWT"}
CLAIMS = {"sub": "alice", "note": "is it safe???"}
"""What exercise 01.2 asks to encode; the letters are chosen so that base64 and base64url differ."""

ORIGINAL = Lab("01").token("alice", admin=False, jti=None)
"""The token that exercise 01.3 asks to change."""


def _judge_role(answer: Any) -> str:
    secret = decode(MYSTERY)
    if isinstance(answer, bytes):
        raise Wrong(
            "These are bytes. The value of one claim is text: json.loads turns the bytes into a dict first."
        )
    if isinstance(answer, dict):
        raise Wrong('This is the whole payload. Only the value of one claim is asked for: payload["role"].')
    if not isinstance(answer, str):
        raise Wrong("The role is a text, in quotes.")
    if answer in (secret.header["alg"], secret.header["typ"], secret.header["kid"]):
        raise Wrong("This stands in the header, the first part. The role is in the payload, the second part.")
    if answer == secret.claims["sub"]:
        raise Wrong(
            "This is the subject (sub), whom the token is about. The role is in another claim of the payload."
        )
    if answer in secret.segments:
        raise Wrong("This part is still encoded. Turn it back into bytes, then into a dict.")
    if answer.strip().lower() != secret.claims["role"]:
        raise Wrong(
            "That is not what the payload says. Decode the second part and look at the claim called role."
        )
    return "No key was needed: whoever holds a token can read it."


def _judge_encoding(answer: Any) -> str:
    if isinstance(answer, bytes):
        raise Wrong("Almost: these are bytes, and a token is text. End with .decode().")
    if not isinstance(answer, str):
        raise Wrong("The answer is one text: two encoded parts with a dot between them.")
    if answer.count(".") != 1:
        raise Wrong(
            f"There should be exactly one dot, between header and payload; here there are {answer.count('.')}."
        )
    if "=" in answer:
        raise Wrong("There is padding (=) left. JWS leaves it off: .rstrip('=').")
    if "+" in answer or "/" in answer:
        raise Wrong(
            "There is a + or a /: that is plain base64. Use base64.urlsafe_b64encode, which writes - and _."
        )
    header, payload = (
        _json_part(part, name) for part, name in zip(answer.split("."), ("first", "second"), strict=True)
    )
    if (header, payload) == (CLAIMS, HEADER):
        raise Wrong("The two are swapped: the header comes first.")
    if header != HEADER or payload != CLAIMS:
        raise Wrong(
            "Both parts decode, but not to header and claims as they are given. Encode them unchanged."
        )
    return "This is the signing input: exactly these bytes get signed in lesson 03."


def _json_part(part: str, name: str) -> Any:
    try:
        octets = base64url.decode(part, f"the {name} part")
    except InvalidToken as error:
        raise Wrong(f"{str(error).capitalize()}.") from None
    try:
        return json.loads(octets)
    except ValueError:
        raise Wrong(
            f"The {name} part decodes to {octets[:40]!r}, which is no JSON. Python's str(dict) writes single "
            "quotes; json.dumps writes JSON."
        ) from None


def _judge_forgery(answer: Any) -> str:
    if not isinstance(answer, str):
        raise Wrong("The answer is a token: a text with three parts.")
    original = decode(ORIGINAL)
    if answer == ORIGINAL:
        raise Wrong("This is the token as it was. Decode the payload, set admin to True, encode it again.")
    try:
        forged = decode(answer)
        claims = forged.claims
    except InvalidToken as error:
        raise Wrong(f"This can no longer be read as a token: {error}.") from None
    if not forged.signature:
        raise Wrong("The signature is gone. Keep the third part of the original token, unchanged.")
    if forged.segments[0] != original.segments[0] or forged.signature != original.signature:
        raise Wrong("Only the payload should differ. Keep the first and the third part letter by letter.")
    if claims.get("admin") is not True:
        raise Wrong(f"The claim admin is {claims.get('admin')!r}; it should be True, without quotes.")
    if claims != original.claims | {"admin": True}:
        raise Wrong("More than admin has changed. Leave the other claims as they were.")
    return (
        "It reads as well as the real one, and jwtlab.decode shows it without complaint. But lab.verify refuses it: "
        "the signature no longer belongs to these bytes. Reading is not verifying."
    )


LESSON = Lesson(
    number="01",
    name="01_three_parts",
    title="Three parts",
    why="The most common kind of token is three pieces of text with dots between them.",
    minutes=30,
    needs=("00",),
    exercises=(
        Exercise(
            "01.1",
            "Read somebody's role",
            _judge_role,
            (
                "A token has three parts with dots between them. Which one holds the claims?",
                'Take the second part: mystery.split(".")[1]. Add the padding, then base64.urlsafe_b64decode.',
                'payload = json.loads(...) gives a dict; the answer is payload["role"].',
            ),
            """\
import base64, json
part = mystery.split(".")[1]
payload = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
answer = payload["role"]""",
        ),
        Exercise(
            "01.2",
            "Write the first two parts",
            _judge_encoding,
            (
                "The way there has three steps: JSON text, UTF-8 bytes, base64url without padding. Twice.",
                'base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode() does one part.',
                'Write a small function for one part, and join two of them with ".".',
            ),
            """\
import base64, json

def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

answer = part(header) + "." + part(claims)""",
        ),
        Exercise(
            "01.3",
            "Make yourself an administrator",
            _judge_forgery,
            (
                "Take the token apart at the dots, and put it together again with another second part.",
                "Decode the payload to a dict, set admin to True, encode it as in exercise 01.2.",
                'header, payload, signature = original.split("."), and in the end '
                'f"{header}.{new_payload}.{signature}".',
            ),
            """\
import base64, json
header, payload, signature = original.split(".")
claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
claims["admin"] = True
payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
answer = f"{header}.{payload}.{signature}" """.rstrip(),
        ),
    ),
    predictions=(
        Question(
            "01.p1",
            "Alice logs in and gets a token. Her browser sends it along with every request. "
            "Who can read what the token says?",
            (
                Option(
                    "Only the server that issued it",
                    "The server made it, but nothing in it is locked. You will read one yourself in a minute.",
                ),
                Option(
                    "Only whoever has the key",
                    "The key is for making and checking the signature. Reading needs no key at all.",
                ),
                Option(
                    "Everybody who gets hold of it",
                    "It is encoded, not encrypted: a postcard with a seal, not a letter in a safe.",
                    True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            "01.q1",
            "Which part of a token may hold Alice's credit card number?",
            (
                Option(
                    "The payload: that is what it is for",
                    "Whoever gets hold of the token can read the payload.",
                ),
                Option(
                    "The header: nobody looks there", "It is encoded just like the payload; anyone can look."
                ),
                Option(
                    "The signature: it is secret", "A signature is computed, it carries no data of yours."
                ),
                Option(
                    "None of them",
                    "Whatever is in a signed token, whoever holds it can read.",
                    True,
                ),
            ),
        ),
        Question(
            "01.q2",
            "Why does a token use base64url and not plain base64?",
            (
                Option(
                    "It is safer: it encrypts", "Neither hides anything; both are only spellings of bytes."
                ),
                Option(
                    "Its letters survive in addresses and headers",
                    "Plain base64's + / and = have meanings of their own in a URL; - and _ have none.",
                    True,
                ),
                Option(
                    "It is shorter by a third",
                    "Both write 3 bytes as 4 characters; only the padding is saved.",
                ),
            ),
        ),
        Question(
            "01.q3",
            "jwtlab.decode(token) shows sub: alice. What do you know?",
            (
                Option("Alice logged in", "Anyone could have written that token. You did, in exercise 01.3."),
                Option(
                    "The token was not changed on the way", "Only checking the signature can tell you that."
                ),
                Option(
                    "That somebody wrote sub: alice into it, no more",
                    "decode looks and verifies nothing. Trust begins with verify.",
                    True,
                ),
            ),
        ),
    ),
    checks=(
        "compact-form",
        "base64url-strict",
        "signature-valid",
    ),
)
