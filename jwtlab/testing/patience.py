"""Calling code that may wait for ever, end the process, or be a coroutine: what it does is a finding, no accident."""

from __future__ import annotations

import asyncio
import inspect
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import FrameType
from typing import Any

SECONDS = 20.0
"""For one answer; a client of HTTP gives up before."""
AFTERWARDS = 2.0
"""For one answer of an application that has kept us waiting before: there are eighty forgeries."""


class TookTooLong(Exception):
    """No answer within the time."""


class WantedToLeave(Exception):
    """It would have ended the process, and the test run with it."""


class _Late(BaseException):
    """Thrown into the application. Not an Exception, so that its ``except Exception`` lets it by."""


class _Leaving(BaseException):
    """In place of `os._exit`."""


class Patience:
    """Calls the application under test.

    Args:
        seconds: how long one answer may take. Where no signal can interrupt (another thread than the main one,
            Windows), it takes as long as it takes.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """``function(*arguments)``; a coroutine is awaited.

        Raises:
            TookTooLong: there was no answer in time.
            WantedToLeave: it called ``sys.exit()``, ``os._exit()`` or ``os.abort()``.
            Exception: whatever it raises itself.
        """
        try:
            with _limit(self.seconds):
                return finished(function(*arguments))
        except _Late:
            after, self.seconds = self.seconds, min(self.seconds, AFTERWARDS)
            raise TookTooLong(
                f"no answer within {after:g} seconds: whoever sends this keeps your service busy"
            ) from None
        except (SystemExit, _Leaving) as error:
            said = f"({error})" if str(error) else ""
            raise WantedToLeave(f"it ends the process {said}".rstrip()) from error
        except asyncio.CancelledError as error:
            raise WantedToLeave("it cancels whoever waits for it (CancelledError)") from error


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Interrupt the main thread after some seconds, and leave the alarms of others as they were."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    others, _ = signal.getitimer(signal.ITIMER_REAL)
    if 0 < others <= seconds:  # the test run's own time limit comes first
        yield
        return

    def late(number: int, frame: FrameType | None) -> None:
        raise _Late

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds, AFTERWARDS)  # again and again: a library may swallow one
    try:
        yield
    finally:
        left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if others:
            signal.setitimer(signal.ITIMER_REAL, max(others - seconds + left, 0.01))


# Coroutines


class _Loop:
    """One event loop for a whole attack: what a client opened in one answer, it needs in the next."""

    def __init__(self) -> None:
        self._runner: asyncio.Runner | None = None
        self._pool: ThreadPoolExecutor | None = None

    def wait(self, found: Any) -> Any:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return self._run(found)
        if self._pool is None:  # a loop runs here already: ours needs a thread of its own
            self._pool = ThreadPoolExecutor(1)
        return self._pool.submit(self._run, found).result()

    def _run(self, found: Any) -> Any:
        async def wait() -> Any:
            return await found

        if self._runner is None:
            self._runner = asyncio.Runner()
        return self._runner.run(wait())

    def close(self) -> None:
        if self._runner is not None:
            end = self._runner.close
            end() if self._pool is None else self._pool.submit(end).result()
        if self._pool is not None:
            self._pool.shutdown()


_LOOPS = threading.local()


def finished(found: Any) -> Any:
    """What a coroutine comes to; everything else is what it is."""
    if not inspect.isawaitable(found):
        return found
    known: _Loop | None = getattr(_LOOPS, "current", None)
    if known is not None:
        return known.wait(found)
    loop = _Loop()
    try:
        return loop.wait(found)
    finally:
        loop.close()


@contextmanager
def attacking() -> Iterator[None]:
    """For the length of an attack: one event loop, and a process that nobody ends."""
    before: _Loop | None = getattr(_LOOPS, "current", None)
    loop = _LOOPS.current = _Loop()
    try:
        with _nobody_leaves():
            yield
    finally:
        _LOOPS.current = before
        loop.close()


@contextmanager
def _nobody_leaves() -> Iterator[None]:
    """`os._exit` would end the test run, with an exit code that says that all is well."""
    exit_, abort, own = os._exit, os.abort, os.getpid()

    def stay(code: int = 0) -> Any:
        if os.getpid() != own:  # a child that a fork made may leave
            exit_(code)
        raise _Leaving(f"os._exit({code})")

    os._exit, os.abort = stay, stay  # type: ignore[assignment]
    try:
        yield
    finally:
        os._exit, os.abort = exit_, abort
