"""The innermost loop of the cracker, and the process that runs it.

This file needs the standard library only. The cracker imports it, and also starts it as a script:
then it reads batches of words from its standard input and answers on its standard output, until
its input ends. So a worker can outlive neither its parent nor the parent's interest.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
from itertools import repeat

Batch = bytes | list[bytes]
"""Lines of a file as they stand in it, or a list of words."""
Answer = tuple[int, bytes | None]
"""How many words were tried, and the secret if it was among them."""

_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


def find(hash_name: str, message: bytes, signature: bytes, batch: Batch) -> Answer:
    """Try words in order until one makes this HMAC of the message.

    HMAC is spelled out (RFC 2104 §2): ``hmac.digest`` would look its hash function up anew for
    every word, which takes longer than the hashing. Copying a fresh hash object does not.
    """
    words = lines(batch) if isinstance(batch, bytes) else batch
    fresh = hashlib.new(hash_name).copy
    block = fresh().block_size
    keys = (
        words if max(map(len, words), default=0) <= block else [_fitted(w, hash_name, block) for w in words]
    )
    padded = map(bytes.ljust, keys, repeat(block), repeat(b"\0"))
    for position, key in enumerate(padded):
        inner = fresh()
        inner.update(key.translate(_INNER) + message)
        outer = fresh()
        outer.update(key.translate(_OUTER) + inner.digest())
        if outer.digest() == signature:
            return position + 1, words[position]
    return len(words), None


def lines(chunk: bytes) -> list[bytes]:
    """The words of a piece of a file: its lines as they stand, blank ones too.

    Only the line feed ends a line. A word with a carriage return at its end is tried with it, and
    then without, since a list made on Windows has one everywhere.
    """
    words = chunk.split(b"\n")
    if not words[-1]:
        words.pop()  # a line feed ends the last line, it begins no other
    if b"\r" not in chunk:
        return words
    return [form for word in words for form in ((word, word[:-1]) if word.endswith(b"\r") else (word,))]


def _fitted(word: bytes, hash_name: str, block: int) -> bytes:
    return word if len(word) <= block else hashlib.new(hash_name, word).digest()


def serve() -> None:
    """First what is searched for, then batches; one answer for each."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    hash_name, message, signature = pickle.load(source)
    while True:
        pickle.dump(find(hash_name, message, signature, pickle.load(source)), sink)
        sink.flush()


if __name__ == "__main__":
    try:
        serve()
    except (EOFError, OSError, KeyboardInterrupt):
        sys.exit()
