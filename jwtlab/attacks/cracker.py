"""A dictionary attack on HMAC tokens: every word is tried as the secret (RFC 8725 §2.2, §3.5).

Only for tokens of the lab, and your own.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterable, Sized
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from jwtlab.attacks.workers import Part, SearchTarget, answers
from jwtlab.errors import UsageError, kind

Words = str | os.PathLike[str] | Iterable[bytes | str]

CHUNK_BYTES = 262_144
CHUNK_WORDS = 16_384


@dataclass(frozen=True)
class SearchProgress:
    """How far the search has come.

    Attributes:
        tried: words so far.
        seconds: since the start.
        share: how much of the list is done, 0 to 1, or ``None`` where its length is unknown.
        secret: the secret, once found.
    """

    tried: int
    seconds: float
    share: float | None = None
    secret: bytes | None = None

    @property
    def rate(self) -> float:
        """Words a second."""
        return self.tried / self.seconds if self.seconds else 0.0


def crack(
    token: str | bytes,
    words: Words,
    workers: int | None = None,
    *,
    progress: bool | Callable[[SearchProgress], object] = True,
) -> bytes | None:
    """Find an HMAC secret in a list of words.

    Words are bytes and are tried as they stand: blank lines, bytes that are no UTF-8 and spaces at
    the edge are words too. Memory stays the same for a list of any length (a file's longest line
    has to fit). *Interrupt kernel* or Ctrl+C ends it at once and leaves no process behind.

    Args:
        token: a token signed with HS256, HS384 or HS512.
        words: the path of a file with a word a line, or an iterable of words (text is taken as UTF-8).
        workers: how many processes; by default one for each core. The result does not depend on it:
            it is the first word of the list that fits. Short lists, and places where no process
            can be started, are served by this process alone.
        progress: show a bar with the rate; or a function that is called with `SearchProgress` now and then.

    Returns:
        The secret, or ``None`` if it is not in the list.

    Raises:
        UsageError: the token is not HMAC, or there is no such list. It is raised at once.
        MalformedToken: it is no token.
    """
    steps = attempts(token, words, workers)
    with closing(steps):
        if callable(progress):
            return _last(_told(steps, progress))
        return _last(_with_bar(steps) if progress else steps)


def attempts(token: str | bytes, words: Words, workers: int | None = None) -> Generator[SearchProgress]:
    """`crack` step by step: yields `SearchProgress` after every batch, the last one with the secret.

    Closing the iterator stops the search and its processes.
    """
    target = SearchTarget.of(token)
    count = _cores() if workers is None else workers
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise UsageError(f"workers is a number of processes, 1 or more; this is {workers!r}")
    return _attempts(target, _batches(words), count)


def _attempts(target: SearchTarget, batches: Generator[Part], workers: int) -> Generator[SearchProgress]:
    # The clock measures our own speed and nothing else: no token is judged by it.
    began, total = time.perf_counter(), 0
    with closing(answers(target, batches, workers)) as found:
        for (tried, secret), share in found:
            total += tried
            yield SearchProgress(total, time.perf_counter() - began, share, secret)
            if secret is not None:
                return


def _last(steps: Iterable[SearchProgress]) -> bytes | None:
    secret = None
    for step in steps:
        secret = step.secret
    return secret


def _told(
    steps: Iterable[SearchProgress], tell: Callable[[SearchProgress], object]
) -> Generator[SearchProgress]:
    for step in steps:
        tell(step)
        yield step


def _with_bar(steps: Iterable[SearchProgress]) -> Generator[SearchProgress]:
    from tqdm.auto import tqdm  # type: ignore[import-untyped]  # knows whether it is in a notebook or a terminal

    with tqdm(desc="trying", unit=" words", unit_scale=True) as bar:
        for step in steps:
            if step.share:
                bar.total = round(step.tried / step.share)
            bar.update(step.tried - bar.n)
            yield step


# Where words come from.


def _batches(words: Words) -> Generator[Part]:
    if isinstance(words, str | os.PathLike):
        try:
            file = open(words, "rb")  # noqa: SIM115 (closed by _file_batches)
        except (OSError, ValueError) as error:  # ValueError: a path with a zero byte
            raise UsageError(f"the word list cannot be opened: {error}") from error
        return _file_batches(file)
    if isinstance(words, bytes | bytearray) or not isinstance(words, Iterable):
        raise UsageError(f"words is the path of a file or an iterable of words; this is {kind(words)}")
    return _list_batches(words)


def _file_batches(file: BinaryIO) -> Generator[Part]:
    with file:
        size, done, begun = os.fstat(file.fileno()).st_size, 0, []
        while block := file.read(CHUNK_BYTES):
            done += len(block)
            cut = block.rfind(b"\n") + 1
            begun.append(block[:cut] if cut else block)
            if cut:
                yield b"".join(begun), min(1.0, done / size) if size else None
                begun = [block[cut:]]
        rest = b"".join(begun)
        if rest:
            yield rest, 1.0


def _list_batches(words: Iterable[bytes | str]) -> Generator[Part]:
    length = len(words) if isinstance(words, Sized) else None
    source, done = iter(words), 0
    while batch := [w if type(w) is bytes else _as_bytes(w) for w in islice(source, CHUNK_WORDS)]:
        done += len(batch)
        yield batch, min(1.0, done / length) if length else None


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _as_bytes(word: object) -> bytes:
    if isinstance(word, str):
        return word.encode("utf-8", "surrogateescape")
    if isinstance(word, bytes | bytearray):
        return bytes(word)
    raise UsageError(f"a word is bytes or text; this is {kind(word)}")
