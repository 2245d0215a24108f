"""Lesson 28: passwordless. The word in a link, somebody who opens it, somebody who types a code."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from jwtlab.exercises.dice import BITS, PAIR, Dice, bits_of_a_letter, pair, random_bits
from jwtlab.exercises.mailed import judge_code, judge_visit
from jwtlab.exercises.model import Exercise, Lesson, Option, Question, Wrong, mistakes
from jwtlab.exercises.origin import uses_random

_IN_AN_ADDRESS = re.compile(r"[A-Za-z0-9\-._~]+")


def _look_at_stored(word: str, stored: Any) -> None:
    digest = hashlib.sha256(word.encode())
    plain = base64.b64encode(digest.digest()).decode()
    if stored == word:
        raise Wrong("stored-word")
    if isinstance(stored, bytes):
        raise Wrong("stored-bytes")
    if isinstance(stored, str) and stored.replace("-", "+").replace("_", "/").rstrip("=") == plain.rstrip(
        "="
    ):
        raise Wrong("stored-base64")
    if not isinstance(stored, str) or stored != digest.hexdigest():
        raise Wrong("stored-other")


@mistakes(
    {
        "letters": "The word {word!r} has letters that do not go into an address as they are; use base64url or .hex().",
        "toy": "The module random is made for games: who sees some of its numbers can compute the next. Take "
        "random(count), or secrets.",
        "not-drawn": "Nothing is drawn for the word: whoever knows what it is made of, knows the word.",
        "few-bytes": "You draw {count} random bytes, which are {bits} bits; 128 bits are 16 bytes.",
        "short": "The word has {count} letters of this kind, which cannot hold 128 bits.",
        "cut": "Only {count:g} random bits get into the word. The rest can be changed, and the word stays the same.",
        "stored-word": "You store the word itself: whoever reads the database can log in as everybody.",
        "stored-bytes": "The hash is given as bytes; .hexdigest() gives hexadecimal digits.",
        "stored-base64": "The hash is right, and written in base64; .hexdigest() gives hexadecimal digits.",
        "stored-other": "What is stored should be hashlib.sha256(word.encode()).hexdigest(): the hash of the word as "
        "it is sent.",
    },
    PAIR,
)
def _judge_word(answer: Any) -> str:
    for seed in range(8):
        dice = Dice(f"word {seed}")
        word, stored = pair(answer, dice)
        if not _IN_AN_ADDRESS.fullmatch(word):
            raise Wrong("letters", word=word[:60])
    if uses_random(answer):
        raise Wrong("toy")
    if dice.drawn * 8 < BITS:
        raise Wrong("few-bytes" if dice.drawn else "not-drawn", count=dice.drawn, bits=dice.drawn * 8)
    if len(word) * bits_of_a_letter(word) < BITS:
        raise Wrong("short", count=len(word))
    bits = random_bits(answer, dice.drawn)
    if bits < BITS:
        raise Wrong("cut", count=bits)
    _look_at_stored(word, stored)
    return "The database knows a hash, the mailbox knows the word, and nobody gets from one to the other."


LESSON = Lesson(
    number="28",
    name="28_passwordless",
    title="Passwordless",
    why="No password to forget, to guess or to steal: a link in an e-mail logs you in. Then the mailbox is the key, "
    "and a link passes through many hands.",
    minutes=40,
    needs=("23",),
    exercises=(
        Exercise(
            id="28.1",
            title="Make the word",
            judge_answer=_judge_word,
            hints=(
                "16 bytes are 128 bits; take 32, they cost nothing.",
                "jwtlab.base64url.encode(random(32)) is the word; so is secrets.token_urlsafe(32).",
                "hashlib.sha256(word.encode()).hexdigest() is what is stored.",
            ),
            solution="""\
def answer(random):
    word = jwtlab.base64url.encode(random(32))
    return word, hashlib.sha256(word.encode()).hexdigest()""",
        ),
        Exercise(
            id="28.2",
            title="Somebody opens a link",
            judge_answer=judge_visit,
            hints=(
                "First everything that refuses: no record, used, over, another browser.",
                "What is left is good: a POST logs in, every other method shows the page.",
                "A browser without a cookie is None, and None is never the right browser.",
            ),
            solution="""\
def answer(record, method, browser, now):
    if record is None or record["used"] or now >= record["expires"]:
        return "refused"
    if browser is None or not hmac.compare_digest(record["browser"] or "", browser):
        return "refused"
    if method != "POST":
        return "page"
    record["used"] = True
    return "in\"""",
        ),
        Exercise(
            id="28.3",
            title="Somebody types a code",
            judge_answer=judge_code,
            hints=(
                "Ask for the lock first, before the code is looked at.",
                "Compare texts: 048213 and 48213 are different codes. (hmac.compare_digest wants both .encode()d.)",
                "Wrong: guesses + 1. Right, in time and unused: used = True.",
            ),
            solution="""\
def answer(record, typed, now):
    if record["guesses"] >= 5:
        return "locked"
    same = hmac.compare_digest(record["code"].encode(), typed.encode())
    if record["used"] or now >= record["expires"] or not same:
        record["guesses"] += 1
        return "wrong"
    record["used"] = True
    return "in\"""",
        ),
    ),
    predictions=(
        Question(
            id="28.p1",
            text="A customer writes: whenever my people click your login link, it says that it has already been used. "
            "What has happened?",
            options=(
                Option(
                    text="They click twice",
                    why="Some do. All of them, in one company, do not.",
                ),
                Option(
                    text="A machine of the company opened the link before they did",
                    why="Mail scanners open links to see whether they are dangerous. If opening logs in, "
                    "the link is gone.",
                    right=True,
                ),
                Option(
                    text="Somebody reads their mail",
                    why="Possible, and worth a thought. But a machine does so every day, on purpose.",
                ),
            ),
        ),
    ),
    quiz=(
        Question(
            id="28.q1",
            text="Mallory asks for a link with Alice's address, and Alice clicks it without thinking. "
            "What happens here?",
            options=(
                Option(
                    text="Mallory is logged in as Alice",
                    why="Only where it is good in any browser, or where her waiting page asks until somebody clicks.",
                ),
                Option(
                    text="Nothing: the link is good only in the browser that asked",
                    why="Alice's browser did not ask, and Mallory's browser has no link.",
                    right=True,
                ),
                Option(
                    text="Alice is logged in as Mallory",
                    why="The link is for the account of the address: Alice's.",
                ),
            ),
        ),
        Question(
            id="28.q2",
            text="Why does the server store a hash of the word, and not the word?",
            options=(
                Option(
                    text="Whoever reads the database, or its backup, has no links",
                    why="The word is random and long, so nobody finds it by trying.",
                    right=True,
                ),
                Option(text="It is shorter", why="It is longer, if anything. Length is not the point."),
                Option(
                    text="The link can then be used twice",
                    why="How often it is used has nothing to do with it.",
                ),
            ),
        ),
        Question(
            id="28.q3",
            text="Which of these protects against a false page that asks Alice for her one-time code?",
            options=(
                Option(text="A longer code", why="She types that one, too."),
                Option(
                    text="A shorter life", why="The false page types it into the true one within seconds."
                ),
                Option(
                    text="A passkey: the browser signs for the origin that it is at",
                    why="The false page has another origin, and gets a signature that is worth nothing.",
                    right=True,
                ),
            ),
        ),
    ),
)
