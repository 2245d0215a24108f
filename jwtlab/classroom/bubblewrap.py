"""The program bubblewrap: is it here, and what of this machine is seen behind its walls."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path

IN_MEMORY = 256 * 1024**2
"""Bytes that temporary files may take: they lie in memory."""
SHARED = 64 * 1024**2
"""Bytes of shared memory."""


@cache
def program() -> str | None:
    """The program ``bwrap``, if it is there and may make walls here."""
    found = shutil.which("bwrap")
    if found is None:
        return None
    probe = [found, *walls(), "--", "/bin/true"]
    try:
        done = subprocess.run(probe, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found if done.returncode == 0 else None


def walls() -> list[str]:
    """Arguments of bwrap: nothing of the machine but its programs, and little room for files, all in memory."""
    words = ["--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--tmpfs", "/"]
    words += system_folders()
    words += ["--proc", "/proc", "--dev", "/dev"]
    return [*words, *memory_folder("/dev/shm", SHARED), *memory_folder("/tmp", IN_MEMORY)]


def memory_folder(path: str, size: int) -> list[str]:
    """Arguments of bwrap: a folder in memory that holds no more than so many bytes."""
    return [*(["--size", str(size)] if _knows_sizes() else []), "--tmpfs", path]


@cache
def _knows_sizes() -> bool:
    """Versions before 0.7 know no size of a folder in memory; that of the kernel is half of the memory."""
    found = shutil.which("bwrap")
    if found is None:
        return False
    try:
        done = subprocess.run([found, "--help"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "--size " in done.stdout + done.stderr


def system_folders() -> list[str]:
    """Arguments of bwrap: the system's programs and libraries, read-only."""
    words: list[str] = []
    for folder in (
        "/usr",
        "/bin",
        "/lib",
        "/lib32",
        "/lib64",
        "/sbin",
        "/etc/alternatives",
        "/etc/ld.so.cache",
    ):
        if os.path.exists(folder):
            words += ["--ro-bind", folder, folder]
    return words


def python_folders() -> list[str]:
    """Where this Python and its packages are; and nothing beside them."""
    package = str(Path(__file__).resolve().parents[1])
    wanted = [
        sys.prefix,
        sys.base_prefix,
        sysconfig.get_path("purelib"),
        sysconfig.get_path("platlib"),
        package,
    ]
    found: list[str] = []
    for folder in dict.fromkeys(os.path.realpath(each) for each in wanted):
        if not any(folder == each or folder.startswith(each.rstrip("/") + "/") for each in [*found, "/usr"]):
            found.append(folder)
    return found
