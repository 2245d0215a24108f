"""The word on the beamer: two plain words and a number, easy to read aloud and to type."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

_WORDS = (Path(__file__).parent / "words.txt").read_text("utf-8").split()


def new_word() -> str:
    """A word that nobody guesses: about 21 bits, and wrong ones are counted (`limits`)."""
    one, other = secrets.choice(_WORDS), secrets.choice(_WORDS)
    return f"{one}-{other}-{secrets.randbelow(90) + 10}"


def same(given: object, word: str) -> bool:
    """Is this the word? Capitals, spaces and hyphens do not matter: people type it from a screen."""
    return isinstance(given, str) and hmac.compare_digest(plain(given[:200]).encode(), plain(word).encode())


def plain(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())
