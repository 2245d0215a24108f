"""Lesson 01: a token is three parts. What they are, how to read them, and why reading proves nothing."""

from __future__ import annotations

import json
from typing import Any

from jwtlab.errors import InvalidToken
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes
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


@mistakes(
    {
        "bytes": "These are bytes. The value of one claim is text: json.loads turns the bytes into a dict first.",
        "payload": 'This is the whole payload. Only the value of one claim is asked for: payload["role"].',
        "not-text": "The role is a text, in quotes.",
        "header": "This stands in the header, the first part. The role is in the payload, the second part.",
        "subject": "This is the subject (sub), whom the token is about. The role is in another claim of the payload.",
        "encoded": "This part is still encoded. Turn it back into bytes, then into a dict.",
        "letters": "That is the role, but not letter by letter: no capital letters, no spaces, no quotes around it.",
        "other": "That is not what the payload says. Decode the second part and look at the claim called role.",
    }
)
def _judge_role(answer: Any) -> str:
    secret = decode(MYSTERY)
    role = secret.claims["role"]
    if isinstance(answer, bytes):
        raise Wrong("bytes")
    if isinstance(answer, dict):
        raise Wrong("payload")
    if not isinstance(answer, str):
        raise Wrong("not-text")
    if answer in (secret.header["alg"], secret.header["typ"], secret.header["kid"]):
        raise Wrong("header")
    if answer == secret.claims["sub"]:
        raise Wrong("subject")
    if answer in secret.segments:
        raise Wrong("encoded")
    if answer != role:
        raise Wrong("letters" if answer.strip(" \n\t\"'").lower() == role else "other")
    return "No key was needed: whoever holds a token can read it."


@mistakes(
    {
        "bytes": "Almost: these are bytes, and a token is text. End with .decode().",
        "not-text": "The answer is one text: two encoded parts with a dot between them.",
        "dots": "There should be exactly one dot, between header and payload; here there are {count}.",
        "padding": "There is padding (=) left. JWS leaves it off: .rstrip('=').",
        "plain-base64": "There is a + or a /: that is plain base64. base64.urlsafe_b64encode writes - and _.",
        "not-base64url": "{said}.",
        "not-json": "The {name} part decodes to {octets}, which is no JSON. Python's str(dict) writes single quotes; "
        "json.dumps writes JSON.",
        "swapped": "The two are swapped: the header comes first.",
        "header": "The first part decodes, but not to the header as it is given. Encode it unchanged.",
        "claims": "The second part decodes, but not to the claims as they are given. Encode them unchanged.",
    }
)
def _judge_encoding(answer: Any) -> str:
    if isinstance(answer, bytes):
        raise Wrong("bytes")
    if not isinstance(answer, str):
        raise Wrong("not-text")
    if answer.count(".") != 1:
        raise Wrong("dots", count=answer.count("."))
    if "=" in answer:
        raise Wrong("padding")
    if "+" in answer or "/" in answer:
        raise Wrong("plain-base64")
    header, payload = (
        _json_part(part, name) for part, name in zip(answer.split("."), ("first", "second"), strict=True)
    )
    if (header, payload) == (CLAIMS, HEADER):
        raise Wrong("swapped")
    if header != HEADER:
        raise Wrong("header")
    if payload != CLAIMS:
        raise Wrong("claims")
    return "This is the signing input: exactly these bytes get signed in lesson 03."


def _json_part(part: str, name: str) -> Any:
    try:
        octets = base64url.decode(part, f"the {name} part")
    except InvalidToken as error:
        raise Wrong("not-base64url", said=str(error).capitalize()) from None
    try:
        return json.loads(octets)
    except ValueError:
        raise Wrong("not-json", name=name, octets=repr(octets[:40])) from None


@mistakes(
    {
        "not-text": "The answer is a token: a text with three parts.",
        "original": "This is the token as it was. Decode the payload, set admin to True, encode it again.",
        "unreadable": "This can no longer be read as a token: {error}.",
        "signature-gone": "The signature is gone. Keep the third part of the original token, unchanged.",
        "header-changed": "Only the payload should differ. Keep the first part letter by letter.",
        "signature-changed": "Only the payload should differ. Keep the third part letter by letter.",
        "admin": "The claim admin is {said}; it should be True, without quotes.",
        "others": "More than admin has changed. Leave the other claims as they were.",
    }
)
def _judge_forgery(answer: Any) -> str:
    if not isinstance(answer, str):
        raise Wrong("not-text")
    original = decode(ORIGINAL)
    if answer == ORIGINAL:
        raise Wrong("original")
    try:
        forged = decode(answer)
        claims = forged.claims
    except InvalidToken as error:
        raise Wrong("unreadable", error=error) from None
    if not forged.signature:
        raise Wrong("signature-gone")
    if forged.segments[0] != original.segments[0]:
        raise Wrong("header-changed")
    if forged.signature != original.signature:
        raise Wrong("signature-changed")
    if claims.get("admin") is not True:
        raise Wrong("admin", said=repr(claims.get("admin")))
    if claims != original.claims | {"admin": True}:
        raise Wrong("others")
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
            id="01.1",
            title="Read somebody's role",
            judge_answer=_judge_role,
            hints=(
                "A token has three parts with dots between them. Which one holds the claims?",
                'Take the second part: mystery.split(".")[1]. Add the padding, then base64.urlsafe_b64decode.',
                'payload = json.loads(...) gives a dict; the answer is payload["role"].',
            ),
            solution="""\
import base64, json
part = mystery.split(".")[1]
payload = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
answer = payload["role"]""",
        ),
        Exercise(
            id="01.2",
            title="Write the first two parts",
            judge_answer=_judge_encoding,
            hints=(
                "The way there has three steps: JSON text, UTF-8 bytes, base64url without padding. Twice.",
                'base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode() does one part.',
                'Write a small function for one part, and join two of them with ".".',
            ),
            solution="""\
import base64, json

def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

answer = part(header) + "." + part(claims)""",
        ),
        Exercise(
            id="01.3",
            title="Make yourself an administrator",
            judge_answer=_judge_forgery,
            hints=(
                "Take the token apart at the dots, and put it together again with another second part.",
                "Decode the payload to a dict, set admin to True, encode it as in exercise 01.2.",
                'header, payload, signature = original.split("."), and in the end '
                'f"{header}.{new_payload}.{signature}".',
            ),
            solution="""\
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
            id="01.p1",
            text="Alice logs in and gets a token. Her browser sends it along with every request. "
            "Who can read what the token says?",
            options=(
                Option(
                    text="Only the server that issued it",
                    why="The server made it, but nothing in it is locked. You will read one yourself in a minute.",
                ),
                Option(
                    text="Only whoever has the key",
                    why="The key is for making and checking the signature. Reading needs no key at all.",
                ),
                Option(
                    text="Everybody who gets hold of it",
                    why="It is encoded, not encrypted: a postcard with a seal, not a letter in a safe.",
                    right=True,
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="01.q1",
            text="Which part of a token may hold Alice's credit card number?",
            options=(
                Option(
                    text="The payload: that is what it is for",
                    why="Whoever gets hold of the token can read the payload.",
                ),
                Option(
                    text="The header: nobody looks there",
                    why="It is encoded just like the payload; anyone can look.",
                ),
                Option(
                    text="The signature: it is secret",
                    why="A signature is computed, it carries no data of yours.",
                ),
                Option(
                    text="None of them",
                    why="Whatever is in a signed token, whoever holds it can read.",
                    right=True,
                ),
            ),
        ),
        Question(
            id="01.q2",
            text="Why does a token use base64url and not plain base64?",
            options=(
                Option(
                    text="It is safer: it encrypts",
                    why="Neither hides anything; both are only spellings of bytes.",
                ),
                Option(
                    text="Its letters survive in addresses and headers",
                    why="Plain base64's + / and = have meanings of their own in a URL; - and _ have none.",
                    right=True,
                ),
                Option(
                    text="It is shorter by a third",
                    why="Both write 3 bytes as 4 characters; only the padding is saved.",
                ),
            ),
        ),
        Question(
            id="01.q3",
            text="jwtlab.decode(token) shows sub: alice. What do you know?",
            options=(
                Option(
                    text="Alice logged in",
                    why="Anyone could have written that token. You did, in exercise 01.3.",
                ),
                Option(
                    text="The token was not changed on the way",
                    why="Only checking the signature can tell you that.",
                ),
                Option(
                    text="That somebody wrote sub: alice into it, no more",
                    why="decode looks and verifies nothing. Trust begins with verify.",
                    right=True,
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
