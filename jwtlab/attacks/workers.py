"""Who tries the words: this process, or several others. What is asked stays in order.

The workers are separate programs (`jwtlab.attacks.search` run as a script) that live on pipes: no
fork of a busy kernel, no second import of the learner's own script, nothing left behind.
"""

from __future__ import annotations

import pickle
import queue
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from jwtlab.attacks import search
from jwtlab.attacks.search import Answer, Batch
from jwtlab.errors import UsageError
from jwtlab.jose.algorithms import ALGORITHMS
from jwtlab.jose.token import decode

Part = tuple[Batch, float | None]
"""A batch of words, and how much of the list is done with it (0 to 1, or ``None``)."""


@dataclass(frozen=True)
class SearchTarget:
    """What is searched for: the secret that makes this signature over these bytes."""

    hash: str
    message: bytes
    signature: bytes

    @classmethod
    def of(cls, token: str | bytes) -> SearchTarget:
        """The target that a token is.

        Raises:
            UsageError: it is not signed with HMAC, so there is no secret to be guessed.
            MalformedToken: it is no token.
        """
        parts = decode(token)
        alg = parts.header.get("alg")
        algorithm = ALGORITHMS.get(alg) if isinstance(alg, str) else None
        if algorithm is None or not algorithm.symmetric:
            raise UsageError(
                f"this token says alg {str(alg)[:40]!r}; only HS256, HS384 and HS512 have a shared secret "
                "that could stand in a word list"
            )
        if len(parts.signature) != algorithm.signature_bytes:
            raise UsageError(
                f"the signature has {len(parts.signature)} bytes and one of {algorithm.name} has "
                f"{algorithm.signature_bytes}: no secret makes it. Was the end cut off while copying?"
            )
        return cls(algorithm.hash, parts.signing_input, parts.signature)

    def find(self, batch: Batch) -> Answer:
        """Try a batch in this process."""
        return search.find(self.hash, self.message, self.signature, batch)

    def first_of(self, words: Iterable[bytes]) -> bytes | None:
        """The first of a few words that is the secret, or ``None``."""
        return self.find(list(words))[1]


def answers(
    target: SearchTarget, batches: Generator[Part], workers: int
) -> Generator[tuple[Answer, float | None]]:
    """The answer to every batch, in the order of the batches."""
    with closing(batches):
        for batch, share in islice(batches, 1):  # a short list is done before a process has started
            yield target.find(batch), share
        second = list(islice(batches, 1))
        rest = chain(second, batches)
        team = Workers(target, workers) if workers > 1 and second else None
        if team is None or not team.processes:
            yield from ((target.find(batch), share) for batch, share in rest)
            return
        with closing(team):
            yield from team.answers(rest)


class Workers:
    """Processes that try batches, and one thread each that talks to them."""

    def __init__(self, target: SearchTarget, size: int) -> None:
        self._target = target
        self._closed = False
        self._idle: queue.SimpleQueue[subprocess.Popen[bytes]] = queue.SimpleQueue()
        self.processes = [process for _ in range(size) if (process := _start())]
        self._threads = ThreadPoolExecutor(max(1, len(self.processes)))
        for process in self.processes:
            with suppress(OSError):
                _send(process, (target.hash, target.message, target.signature))
            self._idle.put(process)

    def answers(self, batches: Iterator[Part]) -> Iterator[tuple[Answer, float | None]]:
        waiting: deque[tuple[Future[Answer], float | None]] = deque()
        for batch, share in batches:
            waiting.append((self._threads.submit(self._ask, batch), share))
            if len(waiting) >= 3 * len(self.processes):
                yield _wait(waiting[0][0]), waiting.popleft()[1]
        while waiting:
            yield _wait(waiting[0][0]), waiting.popleft()[1]

    def _ask(self, batch: Batch) -> Answer:
        process = self._idle.get()
        try:
            _send(process, batch)
            answer: Answer = pickle.load(process.stdout)  # type: ignore[arg-type]
            return answer
        except (OSError, EOFError, pickle.UnpicklingError):
            # The worker is gone. Either we ended it, or somebody else did and we take its place.
            return (0, None) if self._closed else self._target.find(batch)
        finally:
            self._idle.put(process)

    def close(self) -> None:
        self._closed = True
        for process in self.processes:
            process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in self.processes:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]


def _start() -> subprocess.Popen[bytes] | None:
    """A worker in a process group of its own, so that Ctrl+C comes to us alone; or ``None``."""
    own_group: dict[str, Any] = {"process_group": 0}
    if sys.platform == "win32":
        own_group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    command = [sys.executable or "python", "-I", "-S", search.__file__]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    try:
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, **own_group)
    except (OSError, ValueError, RuntimeError):
        return None  # no processes here (Pyodide, a strict sandbox)


def _send(process: subprocess.Popen[bytes], message: object) -> None:
    if process.stdin is not None:
        process.stdin.write(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))
        process.stdin.flush()


def _wait(future: Future[Answer]) -> Answer:
    while True:
        try:
            return future.result(timeout=0.2)  # in slices: elsewhere than on POSIX a wait hears no Ctrl+C
        except TimeoutError:
            if future.done():
                raise
