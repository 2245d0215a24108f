"""The memory of a learner's processes together: measured, and kept within its limit.

A limit of the system on each process (RLIMIT_DATA) turns most of what is too much into a ``MemoryError``. It
does not see the sum of several kernels; this does, every few seconds. It is no wall: between two looks a program
can take more.
"""

from __future__ import annotations

import contextlib

import psutil

from jwtlab.classroom.processes import end, family, proportional, resident


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
        end(processes[1:])
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
    end([largest])
    return [
        f"{sum(sizes.values()) // 1024**2} MB are more than {limit // 1024**2} MB; "
        f"the largest kernel ({sizes[largest] // 1024**2} MB) was ended"
    ]
