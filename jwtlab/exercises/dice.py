"""Judging a word that has to be random: it is made with dice that know what was drawn, and whose bits can be turned."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from jwtlab.errors import kind
from jwtlab.exercises.model import Mistake, NotYet, Wrong
from jwtlab.exercises.origin import drawing_from
from jwtlab.exercises.safely import call
from jwtlab.exercises.table import NOTHING

BITS = 128
"""What a word in a link has to have."""

PAIR = (
    Mistake(id="pair", hint="Return two things: the word, and what is stored. This is {what}."),
    Mistake(
        id="word-kind",
        hint="The word is a text for an address; this is {what}. jwtlab.base64url.encode writes bytes so.",
    ),
)
"""What `pair` tells apart."""


class Dice:
    """Random bytes, the same each time for one seed.

    Args:
        seed: other seeds give other bytes.
        turned: the number of one bit that is the other way round.
    """

    def __init__(self, seed: str, turned: int = -1) -> None:
        self.seed, self.drawn, self.turned = seed, 0, turned

    def __call__(self, count: int) -> bytes:
        if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= 4096:
            raise ValueError("random(count): count is a number of bytes, such as 16")
        octets = bytearray(hashlib.shake_256(f"{self.seed}:{self.drawn}".encode()).digest(count))
        at = self.turned // 8 - self.drawn
        if 0 <= at < count:
            octets[at] ^= 1 << self.turned % 8
        self.drawn += count
        return bytes(octets)


def pair(answer: Any, dice: Dice) -> tuple[str, Any]:
    """Word and what is stored, made with these dice, also where the learner asks the system (``secrets``).

    Raises:
        NotYet: the function gives nothing.
        Wrong: it is no function, or gives something else (`PAIR`).
    """

    def run() -> Any:
        with drawing_from(dice, answer):
            return answer(dice)

    if not callable(answer):
        raise Wrong("no-function")
    made = call(run)
    if made is None or made is ...:
        raise NotYet(NOTHING)
    if not isinstance(made, tuple | list) or len(made) != 2:
        raise Wrong("pair", what=kind(made))
    word, stored = made
    if not isinstance(word, str):
        raise Wrong("word-kind", what=kind(word))
    return word, stored


def bits_of_a_letter(word: str) -> float:
    """What one letter can hold, by the letters that there are."""
    if re.fullmatch("[0-9]+", word):
        return 3.32
    return 4 if re.fullmatch("[0-9a-f]+|[0-9A-F]+", word) else 6


def random_bits(answer: Any, drawn: int) -> float:
    """How many bits that were drawn change the word; no more than what changes of it can hold."""
    same, _ = pair(answer, Dice("bits"))
    bits, found, places = bits_of_a_letter(same), 0, set()
    for bit in range(min(drawn, 64) * 8):
        word, _ = pair(answer, Dice("bits", bit))
        found += word != same
        places |= {place for place, (one, other) in enumerate(zip(word, same, strict=False)) if one != other}
        if min(found, len(places) * bits) >= BITS:
            return BITS
    return min(found, len(places) * bits)
