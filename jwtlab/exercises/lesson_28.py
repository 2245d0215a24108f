"""Lesson 28: passwordless. The word in a link, somebody who opens it, somebody who types a code."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Exercise, Lesson, NotYet, Option, Question, Wrong
from jwtlab.exercises.safely import call

_IN_AN_ADDRESS = re.compile(r"[A-Za-z0-9\-._~]+")


class _Dice:
    """Random bytes that know how many were drawn."""

    def __init__(self, seed: str) -> None:
        self.seed, self.drawn = seed, 0

    def __call__(self, count: int) -> bytes:
        if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= 4096:
            raise ValueError("random(count): count is a number of bytes, such as 16")
        self.drawn += count
        return hashlib.shake_256(f"{self.seed}:{self.drawn}".encode()).digest(count)


def _judge_word(answer: Any) -> str:
    dice = _Dice("one")
    made = call(answer, dice)
    if made in (None, ...):
        raise NotYet
    if not isinstance(made, tuple | list) or len(made) != 2:
        raise Wrong(f"Return two things: the word, and what is stored. This is {kind(made)}.")
    word, stored = made
    if not isinstance(word, str):
        raise Wrong(
            f"The word is a text for an address; this is {kind(word)}. jwtlab.base64url.encode writes bytes so."
        )
    if not _IN_AN_ADDRESS.fullmatch(word):
        raise Wrong(
            "The word has letters that do not go into an address as they are; use base64url or .hex()."
        )
    if dice.drawn * 8 < 128:
        raise Wrong(
            f"You draw {dice.drawn} random bytes, which are {dice.drawn * 8} bits; 128 bits are 16 bytes."
        )
    if len(word) * _bits_of_a_letter(word) < 128:
        raise Wrong(f"The word has {len(word)} letters of this kind, which cannot hold 128 bits.")
    other = call(answer, _Dice("two"))
    if isinstance(other, tuple | list) and len(other) == 2 and other[0] == word:
        raise Wrong("With other dice the word is the same. It has to come from random(...).")
    if _random_bits(answer) < 128:
        raise Wrong("Not all of the random bytes get into the word: change one, and it stays the same.")
    if stored == word:
        raise Wrong("You store the word itself: whoever reads the database can log in as everybody.")
    if isinstance(stored, bytes):
        raise Wrong("The hash is given as bytes; .hexdigest() gives hexadecimal digits.")
    if stored != hashlib.sha256(word.encode()).hexdigest():
        raise Wrong(
            "What is stored should be hashlib.sha256(word.encode()).hexdigest(): the hash of the word as it is sent."
        )
    return "The database knows a hash, the mailbox knows the word, and nobody gets from one to the other."


def _bits_of_a_letter(word: str) -> float:
    if re.fullmatch("[0-9]+", word):
        return 3.32
    return 4 if re.fullmatch("[0-9a-f]+|[0-9A-F]+", word) else 6


def _random_bits(answer: Any) -> int:
    """Bits of the dice that change the word."""

    def word(changed: int) -> Any:
        drawn = 0

        def dice(count: int) -> bytes:
            nonlocal drawn
            found = bytearray(hashlib.shake_256(f"bits:{drawn}".encode()).digest(count))
            if drawn <= changed < drawn + count:
                found[changed - drawn] ^= 1
            drawn += count
            return bytes(found)

        made = call(answer, dice)
        return made[0] if isinstance(made, tuple | list) and made else None

    same = word(-1)
    return sum(8 for index in range(32) if word(index) != same)


_LINK = {"browser": "b-alice", "used": False, "expires": 1600}
_VISITS: tuple[tuple[dict[str, Any] | None, str, str | None, float, str, str], ...] = (
    (_LINK, "GET", "b-alice", 1000, "page", "She opens her own link: show the page with the button."),
    (_LINK, "POST", "b-alice", 1000, "in", "She presses the button in time, in her browser."),
    (None, "GET", "b-alice", 1000, "refused", "We did not send this link."),
    (None, "POST", "b-alice", 1000, "refused", "We did not send this link."),
    (_LINK | {"used": True}, "POST", "b-alice", 1000, "refused", "The link has been used."),
    (_LINK, "POST", "b-alice", 1600, "refused", "At expires it is over: now < expires."),
    (_LINK, "POST", "b-mallory", 1000, "refused", "Another browser than the one that asked."),
    (_LINK, "POST", None, 1000, "refused", "A browser without our cookie did not ask."),
    (_LINK | {"browser": None}, "POST", None, 1000, "refused",
     "Nobody's cookie is noted, and nobody's cookie comes: None == None is no proof."),
    (_LINK, "HEAD", "b-alice", 1000, "not in", "HEAD is what a scanner may send; only POST logs in."),
    (_LINK, "OPTIONS", "b-alice", 1000, "not in", "OPTIONS changes nothing either; only POST logs in."),
    (_LINK | {"used": True}, "GET", "b-alice", 1000, "refused", "It has been used: there is no button any more."),
    (_LINK, "GET", "b-alice", 1600, "refused", "It is over: there is no button any more."),
    (_LINK, "GET", "b-mallory", 1000, "refused", "Mallory opens it: another browser gets no button."),
)  # fmt: skip


def _judge_visit(answer: Any) -> str:
    def ask(record: dict[str, Any] | None, *rest: Any) -> Any:
        return call(answer, None if record is None else dict(record), *rest)

    if all(ask(*visit[:4]) in (None, ...) for visit in _VISITS):
        raise NotYet
    for record, method, browser, now, expected, advice in _VISITS:
        mine = None if record is None else dict(record)
        found = call(answer, mine, method, browser, now)
        if found not in ("page", "in", "refused"):
            raise Wrong(f'Return "page", "in" or "refused"; this is {found!r}. {advice}')
        if (found == "in") if expected == "not in" else (found != expected):
            raise Wrong(f"For {method} with {record} from {browser} at {now} you say {found!r}. {advice}")
        after = mine if record is None else record | ({"used": True} if expected == "in" else {})
        if mine != after:
            if expected == "in":
                raise Wrong('Somebody got in, and the record is not marked: record["used"] = True.')
            raise Wrong(f"The record is changed by a {method} that lets nobody in: that burns the link.")
    again = dict(_LINK)
    for _ in range(3):
        call(answer, again, "GET", "b-alice", 1000)
    if call(answer, again, "POST", "b-alice", 1001) != "in":
        raise Wrong("After three GETs (a scanner, a preview, Alice) the button should still work.")
    if call(answer, again, "POST", "b-alice", 1002) != "refused":
        raise Wrong("The second press logs in again. Mark the record as used.")
    return "A GET looks, a POST acts, once, in time, at home: the scanner may come as often as it likes."


def _judge_code(answer: Any) -> str:
    fresh: dict[str, Any] = {"code": "048213", "guesses": 0, "used": False, "expires": 1600}
    if all(call(answer, dict(fresh), each, 1000) in (None, ...) for each in ("048213", "000000")):
        raise NotYet

    def ask(record: dict[str, Any], typed: str, expected: str, advice: str, now: float = 1000) -> None:
        found = call(answer, record, typed, now)
        if found != expected:
            raise Wrong(f"For {typed!r} you say {found!r}; it should be {expected!r}. {advice}")

    right = dict(fresh)
    ask(right, "048213", "in", "This is the right code.")
    if right["used"] is not True:
        raise Wrong('Somebody got in, and the record is not marked: record["used"] = True.')
    ask(right, "048213", "wrong", "It has been used.")
    late = dict(fresh)
    ask(late, "048213", "wrong", "At expires it is over: now < expires.", now=1600)
    short = dict(fresh)
    ask(short, "48213", "wrong", "The zero in front counts: compare texts, not numbers.")
    ask(dict(fresh), "", "wrong", "Nothing is no code.")
    ask(dict(fresh), "0482130", "wrong", "The code is the whole of it, and not its beginning.")
    ask(
        dict(fresh),
        "０４８２１３",
        "wrong",
        "These digits come from another keyboard; they are other letters.",
    )
    guessed = dict(fresh)
    for number in range(5):
        ask(guessed, f"00000{number}", "wrong", f"This is wrong guess number {number + 1}.")
        if guessed["guesses"] != number + 1:
            raise Wrong(f'After {number + 1} wrong guesses record["guesses"] is {guessed["guesses"]!r}.')
    ask(guessed, "048213", "locked", "Five wrong ones have been typed; now even the right one is too late.")
    if guessed["used"] is not False:
        raise Wrong("A locked record is marked as used, though nobody got in.")
    almost = fresh | {"guesses": 4}
    ask(almost, "048213", "in", "Four wrong ones are allowed.")
    return "One chance in 200,000 for each code: that is what counting makes of six digits."


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
                "jwtlab.base64url.encode(random(32)) is the word.",
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
            judge_answer=_judge_visit,
            hints=(
                "First everything that refuses: no record, used, over, another browser.",
                "What is left is good: a POST logs in, everything else shows the page.",
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
            judge_answer=_judge_code,
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
                Option(text="It is shorter", why="It is longer, if anything. Length is not the point."),
                Option(
                    text="Whoever reads the database, or its backup, has no links",
                    why="The word is random and long, so nobody finds it by trying.",
                    right=True,
                ),
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
