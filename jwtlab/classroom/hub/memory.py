"""The memory of a learner's processes together: measured, and kept within its limit.

A limit of the system on each process (RLIMIT_DATA) turns most of what is too much into a ``MemoryError``. It
does not see the sum of several kernels; this does, every few seconds. It is no wall: between two looks a program
can take more.
"""

from __future__ import annotations

import contextlib

import psutil


def family(pid: int) -> list[psutil.Process]:
    """A process and everything that it has started."""
    try:
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    except psutil.Error:
        return []


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


def is_kernel(process: psutil.Process) -> bool:
    """Is it a kernel, rather than the server?"""
    with contextlib.suppress(psutil.Error):
        words = process.cmdline()
        return "ipykernel_launcher" in words or words[3:5] == ["jwtlab.classroom.hub.lean", "kernel"]
    return False


def keep_within(pid: int, limit: int, most_processes: int) -> list[str]:
    """End what is too much.

    Args:
        pid: of the first process.
        limit: bytes for all of them; 0 for no limit.
        most_processes: how many there may be.

    Returns:
        What was done, in words.
    """
    processes = family(pid)
    if len(processes) > most_processes:
        for each in processes[1:]:
            with contextlib.suppress(psutil.Error):
                each.kill()
        return [f"{len(processes)} processes are more than {most_processes}; they were ended"]
    if not limit or sum(map(resident, processes)) <= limit:
        return []
    sizes = {each: proportional(each) for each in processes}
    if sum(sizes.values()) <= limit:
        return []
    kernels = [each for each in processes if is_kernel(each)] or processes[1:]
    if not kernels:
        return []
    largest = max(kernels, key=lambda each: sizes[each])
    with contextlib.suppress(psutil.Error):
        largest.kill()
    return [
        f"{sum(sizes.values()) // 1024**2} MB are more than {limit // 1024**2} MB; "
        f"the largest kernel ({sizes[largest] // 1024**2} MB) was ended"
    ]
