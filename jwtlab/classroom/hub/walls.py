"""The walls around a learner's server: what it can see of this machine.

bubblewrap starts it in a file system of its own: the system's programs and this Python, read-only; the learner's
own folder, as ``/home/learner``; an empty ``/tmp`` in memory. Other learners' folders, the hub's database and the
teacher's files are not there. Nor are the processes of others. The network is shared: the hub and its proxy have to
reach the server, and what listens on this machine is protected by its own passwords and tokens.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jwtlab import lessons
from jwtlab.classroom.bubblewrap import SHARED, memory_folder, python_folders, system_folders
from jwtlab.errors import UsageError

HOME = "/home/learner"
RELEASES = "/srv/assignments"
TEMPORARY_BYTES = 256 * 1024**2
_ETC = (
    "/etc/hosts",
    "/etc/resolv.conf",
    "/etc/nsswitch.conf",
    "/etc/ssl",
    "/etc/localtime",
    "/etc/fonts",
    "/etc/mime.types",
)


def folder_name(username: str) -> str:
    """The name of a learner's folder: two usernames never have the same, and none leads elsewhere."""
    if re.fullmatch(r"[a-z0-9][a-z0-9._@-]{0,63}", username):
        return username
    return "=" + quote(username, safe="").replace(".", "%2E")


@cache
def bubblewrap() -> str:
    """The program ``bwrap``.

    Raises:
        UsageError: it is missing, or may make no walls here.
    """
    found = shutil.which("bwrap")
    if found is None:
        raise UsageError(
            "bubblewrap is missing, and without it learners could read each other's files: install it "
            "(Debian, Ubuntu: apt install bubblewrap). Or say --without-walls, for a class that trusts one another"
        )
    probe = [found, *_base(), "--", "/bin/true"]
    try:
        done = subprocess.run(probe, capture_output=True, text=True, timeout=30, check=False)
        said, code = done.stderr.strip(), done.returncode
    except (OSError, subprocess.TimeoutExpired) as error:
        said, code = str(error), 1
    if code != 0:
        raise UsageError(
            f"bubblewrap may make no walls here ({said[:200]}). In a container it needs permission for user "
            "namespaces. Or say --without-walls, for a class that trusts one another"
        )
    return found


def _base() -> list[str]:
    words = ["--unshare-user", "--uid", "1000", "--gid", "1000", "--unshare-pid", "--unshare-ipc"]
    words += ["--unshare-uts", "--hostname", "hub", "--unshare-cgroup-try"]
    words += ["--die-with-parent", "--new-session", "--tmpfs", "/"]
    words += system_folders()
    for path in _ETC:
        words += ["--ro-bind-try", path, path]
    words += ["--proc", "/proc", "--dev", "/dev"]
    return [*words, *memory_folder("/dev/shm", SHARED), *memory_folder("/tmp", TEMPORARY_BYTES)]


def command(
    learner: Path, *, passwd: Path, releases: Path, inner: list[str], environment: Mapping[str, str]
) -> list[str]:
    """The command line that runs something behind the walls.

    Args:
        learner: the learner's folder; it is the only one that can be written to.
        passwd: a small password file, in which the learner has a name.
        releases: the folder of assignments, which may be missing.
        inner: what is run.
        environment: variables that differ from those of the process itself.
    """
    words = [bubblewrap(), *_base(), "--ro-bind", str(passwd), "/etc/passwd"]
    for folder in [*python_folders(), str(lessons.source().resolve())]:
        words += ["--ro-bind", folder, folder]
    words += ["--ro-bind-try", str(releases.resolve()), RELEASES]
    # Last, so that nothing is laid over it.
    words += ["--bind", str(learner.resolve()), HOME, "--chdir", HOME]
    words += ["--remount-ro", "/"]  # it lies in memory, and nobody is to fill that
    for name, value in environment.items():
        words += ["--setenv", name, value]
    return [*words, "--", *inner]


def home_environment(home: str) -> dict[str, str]:
    """Where the server's programs keep their own files: what need not last lies in memory, not on a full disk."""
    return {
        "HOME": home,
        "SHELL": "/bin/bash" if os.path.exists("/bin/bash") else "/bin/sh",
        "TMPDIR": "/tmp",
        "JUPYTER_RUNTIME_DIR": "/tmp/jupyter",
        "JUPYTER_CONFIG_DIR": f"{home}/.jwtlab/jupyter",
        "JUPYTER_DATA_DIR": f"{home}/.jwtlab/share",
        "IPYTHONDIR": f"{home}/.jwtlab/ipython",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "OPENBLAS_NUM_THREADS": "1",  # each thread keeps memory of its own, and no lesson multiplies matrices
    }
