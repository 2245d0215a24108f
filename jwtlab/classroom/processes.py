"""Processes that somebody else's code has started: which there are, how much memory they take, and their end."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys

import psutil

_PR_SET_PDEATHSIG = 1  # prctl(2)
# Found now: between fork and exec as little as possible is to happen.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def family(pid: int) -> list[psutil.Process]:
    """A process and everything that it has started."""
    try:
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    except psutil.Error:
        return []


def session(pid: int) -> list[psutil.Process]:
    """A process that leads a session, all that belong to it, and all that those have started.

    A child whose parent has ended is nobody's child any more; it belongs to its session still.
    """
    found = {each.pid: each for each in family(pid)}
    for each in psutil.process_iter():
        with contextlib.suppress(OSError, AttributeError):  # it has ended; or this system knows no sessions
            if os.getsid(each.pid) == pid and each.pid not in found:
                found |= {one.pid: one for one in family(each.pid)}
    return list(found.values())


def end(processes: list[psutil.Process]) -> None:
    """End processes at once; those that have ended by themselves are none any more."""
    for each in processes:
        with contextlib.suppress(psutil.Error):
            each.kill()


def end_with(parent: int) -> None:
    """End this process when its parent ends, in whatever way (Linux only).

    Args:
        parent: its parent; if that has ended already, this process ends now.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def proportional(process: psutil.Process) -> int:
    """Bytes of a process, shared pages counted in parts (Linux: PSS); 0 if it is gone."""
    with contextlib.suppress(psutil.Error, OSError):
        found = process.memory_full_info()
        return int(getattr(found, "pss", found.rss))
    return 0


def resident(process: psutil.Process) -> int:
    """Bytes of a process with all that it shares: quick to ask, and never too few."""
    with contextlib.suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0


def tasks_of_this_account() -> int:
    """How many threads of the account that runs this there are, in all of its processes."""
    mine = os.getuid()
    count = 0
    for each in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if each.uids().real == mine:
                count += each.num_threads()
    return count
