"""Words that people use as secrets, rules that make more of them, and how long guessing takes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from jwtlab.jose import times

YEARS = range(2015, 2027)
ENDINGS = ("1", "12", "123", "1234", "12345", "!", "?", ".", "01", "007", "@", "#", "1!", "123!")
LEET = str.maketrans("aeiost", "431057")
LETTERS = 62
"""a to z, A to Z and 0 to 9."""


@cache
def word_list() -> tuple[bytes, ...]:
    """The project's own short list: secrets of examples, defaults, passwords, keyboard walks."""
    text = resources.files("jwtlab.attacks").joinpath("words.txt").read_bytes()
    return tuple(text.splitlines())


def words_with_rules(words: Iterable[bytes | str] | None = None) -> Iterator[bytes]:
    """Every word as it stands, and then what people make of it to please a password rule.

    Capitals, leet spelling, a year, digits or a sign at the end, twice the same. A word may come
    more than once.

    Args:
        words: the words to start from; by default `word_list`.
    """
    for word in word_list() if words is None else words:
        raw = word.encode() if isinstance(word, str) else word
        yield raw
        yield from (form.encode() for form in _forms(raw.decode("utf-8", "ignore")))


def _forms(word: str) -> Iterator[str]:
    cases = dict.fromkeys((word, word.lower(), word.capitalize(), word.upper(), word.translate(LEET)))
    for form in cases:
        yield form
        yield form * 2
        yield form[::-1]
        yield from (form + ending for ending in ENDINGS)
        yield from (f"{form}{joint}{year}" for year in YEARS for joint in ("", "-", "_", "@"))


@dataclass(frozen=True)
class Estimate:
    """How long a kind of secret withstands guessing.

    Attributes:
        what: the kind of secret.
        candidates: how many there are.
        seconds: to try them all.
        words: the same for people.
    """

    what: str
    candidates: int
    seconds: float
    words: str


def estimate(rate: float, *, dictionary: int = 1_000_000) -> tuple[Estimate, ...]:
    """How long it takes to try every secret of a kind, at a measured rate.

    Args:
        rate: candidates a second, such as ``Progress.rate``.
        dictionary: how many words the dictionary has.
    """
    kinds = {
        "a word of a dictionary": dictionary,
        "4 random characters": LETTERS**4,
        "6 random characters": LETTERS**6,
        "8 random characters": LETTERS**8,
        "256 random bits": 2**256,
    }
    return tuple(
        Estimate(what, count, count / rate, _in_words(count / rate)) for what, count in kinds.items()
    )


def _in_words(seconds: float) -> str:
    years = seconds / 31_536_000
    if years >= 100_000:
        return f"about 10^{round(math.log10(years))} years"
    return "less than a second" if seconds < 1 else times.span(seconds)
