"""``jwtlab doctor --class``: is this machine ready for a class? Each finding a sentence, each trouble a way out.

Beside what the doctor looks at for one learner (versions, kernel, widgets), it looks at ports, memory for
everybody, disk, a browser, and whether a lesson runs without a network.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from jwtlab import doctor
from jwtlab.classroom.hub import walls
from jwtlab.doctor import Diagnosis
from jwtlab.errors import UsageError
from jwtlab.loopback import own_address

LEARNERS = 30
MEMORY_EACH = 180
"""MiB for a learner of a hub on this machine: 77 of a server and 101 of a kernel after lesson 23, measured
as proportional set size."""
MEMORY_ALONE = 1024
"""MiB for one learner on a machine of their own: JupyterLab, two kernels and a browser."""
MEMORY_KEPT = 1024
"""MiB that the system keeps for itself."""
DISK_EACH = 50
"""MiB for a learner: ten times what the lessons take (5, by ``du -sm notebooks``), for saved outputs and notes."""
DISK_KEPT = 1024
PORTS: Mapping[int, str] = {
    8000: "JupyterHub",
    8765: "jwtlab serve",
    8766: "jwtlab board",
    8888: "JupyterLab",
}
HUB_PORTS: Mapping[int, str] = {8001: "the hub's login"}
"""Beside them with a hub that logs in through ``jwtlab serve``."""
HUB_PROGRAMS: Mapping[str, str] = {
    "node": "nodejs",
    "npm": "npm",
}
"""Programs that the hub's proxy needs, and the Debian package of each."""
BROWSERS = {
    "linux": (
        "firefox",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "microsoft-edge",
    ),
    "darwin": ("/Applications/Safari.app", "/Applications/Google Chrome.app", "/Applications/Firefox.app"),
    "win32": ("msedge", "chrome", "firefox"),
}
# What a lesson does, with every way to the network shut: a name that is looked up or a connection is an error.
_OFFLINE = """
import socket
def shut(*_, **__): raise OSError("a lesson asked for the network")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = shut
import jwtlab
from jwtlab.widgets import lesson, FlowStepper
lab = jwtlab.Lab()
assert lab.verify(lab.token("alice")).accepted
lab.flow("authorization-code").run()
repr(lesson("23")); FlowStepper()
print("fine")
"""


def examine(folder: Path, learners: int = LEARNERS, hub: bool = False) -> list[Diagnosis]:
    """Look at this machine as a teacher's machine.

    Args:
        folder: where the course's files are to be.
        learners: how many will come.
        hub: they all work on this machine, through a hub; else each has a machine of their own.

    Raises:
        UsageError: no such number of learners.
    """
    if not 1 <= learners <= 100_000:
        raise UsageError(f"--learners is a number from 1 to 100000; this is {learners}")
    here = folder if folder.is_dir() else Path.cwd()
    return [
        *doctor.examine(folder),
        *ports({**PORTS, **HUB_PORTS} if hub else PORTS, doctor.port_is_free),
        network(own_address()),
        memory(memory_free(), learners, hub),
        disk(shutil.disk_usage(here).free // 2**20, learners if hub else 1, here),
        browser(BROWSERS.get(sys.platform, BROWSERS["linux"]), _found),
        offline(_run_offline()),
        *versions(doctor.installed_version, hub),
        *(hub_programs(_found, walls.bubblewrap) if hub else []),
    ]


def ports(wanted: Mapping[int, str], is_free: Callable[[int], bool]) -> list[Diagnosis]:
    """Are the ports free that a class uses?

    Args:
        wanted: port → who listens there.
        is_free: port → whether somebody could.
    """
    found = []
    for number, who in wanted.items():
        if is_free(number):
            found.append(Diagnosis(f"port {number}", True, f"free for {who}"))
            continue
        another = next((each for each in range(number + 10, number + 60) if is_free(each)), 0)
        remedy = f"End what listens there, or give {who} another port, such as --port {another}."
        found.append(Diagnosis(f"port {number}", False, f"in use, and {who} wants it", remedy))
    return found


def hub_programs(is_there: Callable[[str], bool], bubblewrap: Callable[[], object]) -> list[Diagnosis]:
    """What the hub needs that pip does not bring.

    Args:
        is_there: program → whether it can be started.
        bubblewrap: raises `UsageError` where learners cannot be kept apart.
    """
    found = []
    for name, package in HUB_PROGRAMS.items():
        if is_there(name):
            found.append(Diagnosis(name, True, "is there, for the hub's proxy"))
        else:
            remedy = f"Debian, Ubuntu: apt install {package}"
            found.append(Diagnosis(name, False, "is missing, and the hub's proxy needs it", remedy))
    try:
        bubblewrap()
    except UsageError as error:
        finding, _, remedy = str(error).partition(": ")
        return [*found, Diagnosis("bubblewrap", False, finding, remedy or finding)]
    return [*found, Diagnosis("bubblewrap", True, "keeps learners apart here")]


def network(address: str) -> Diagnosis:
    """Under which address could the class's machines reach the board?"""
    if address.startswith("127."):
        finding = "this machine is in no network; a board can be reached from this machine only"
        return Diagnosis(
            "network", True, finding, "If you want a board for the room, join the class's network first."
        )
    finding = f"this machine is {address} in its network"
    return Diagnosis("network", True, f"{finding}; jwtlab board --reachable-by-others shows it to the class")


def memory(free: int | None, learners: int, hub: bool) -> Diagnosis:
    """Is there memory for everybody?

    Args:
        free: MiB that are available, or ``None`` where that cannot be told.
        learners: how many.
        hub: all of them on this machine.
    """
    needed = MEMORY_KEPT + learners * MEMORY_EACH if hub else MEMORY_ALONE
    whom = f"{learners} learners on this machine need" if hub else "one learner on this machine needs"
    if free is None:
        remedy = f"Look for yourself whether {needed:,} MiB are available."
        return Diagnosis("memory", True, f"cannot be told here; {whom} about {needed:,} MiB", remedy)
    if free >= needed:
        return Diagnosis("memory", True, f"{free:,} MiB are available; {whom} about {needed:,} MiB")
    fits = max(0, (free - MEMORY_KEPT) // MEMORY_EACH)
    remedy = "Close other programs, in particular browsers with many tabs."
    if hub:
        remedy = (
            f"About {fits} learners fit. Let the others work on machines of their own, or take a larger one."
        )
    return Diagnosis("memory", False, f"{free:,} MiB are available; {whom} about {needed:,} MiB", remedy)


def memory_free() -> int | None:
    """MiB that programs could still have, also of what the system only keeps as a cache; within a container's limit."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        free = next(int(line.split()[1]) // 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        return _memory_by_system()
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text("ascii").strip()
        used = Path("/sys/fs/cgroup/memory.current").read_text("ascii").strip()
        return min(free, (int(limit) - int(used)) // 2**20)
    except (OSError, ValueError):  # no container, or one without a limit ("max")
        return free


def _memory_by_system() -> int | None:
    """macOS tells all memory only; half of it is a fair guess of what is available."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**21
    except (AttributeError, ValueError, OSError):
        return None


def disk(free: int, learners: int, folder: Path) -> Diagnosis:
    """Is there room on the disk?

    Args:
        free: MiB.
        learners: how many have their copies here.
        folder: where.
    """
    needed = DISK_KEPT + learners * DISK_EACH
    finding = f"{free:,} MiB are free in {folder}; about {needed:,} MiB are needed"
    if free >= needed:
        return Diagnosis("disk", True, finding)
    remedy = "Make room, or use a folder on another disk. A full disk keeps learners from logging in."
    return Diagnosis("disk", False, finding, remedy)


def browser(names: tuple[str, ...], find: Callable[[str], bool]) -> Diagnosis:
    """Is there a browser?

    Args:
        names: of those that JupyterLab supports on this system.
        find: name → whether it is there.
    """
    found = [Path(each).stem for each in names if find(each)]
    if found:
        return Diagnosis("browser", True, f"{', '.join(found)}; the lessons are tested in Chromium")
    remedy = "Install Firefox, Chrome, Edge or Safari in a version of the last two years, on each machine of the class."
    return Diagnosis("browser", False, "no browser was found on this machine", remedy)


def _found(name: str) -> bool:
    if shutil.which(name) or (name.startswith("/") and Path(name).exists()):
        return True
    if sys.platform != "win32":
        return False
    roots = (os.environ.get(each) for each in ("ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"))
    places = (
        "Microsoft/Edge/Application/msedge.exe",
        "Google/Chrome/Application/chrome.exe",
        "Mozilla Firefox/firefox.exe",
    )
    return any(Path(root, place).exists() for root in roots if root for place in places if name in place)


def offline(complaint: str) -> Diagnosis:
    """Did a lesson run with the network shut?

    Args:
        complaint: the last line of what went wrong; empty if nothing did.
    """
    if not complaint:
        return Diagnosis(
            "offline", True, "a lesson was opened, a token verified and a flow run with the network shut"
        )
    remedy = "Make the environment anew (in a checkout: make lab), and look at the lines above marked FIX."
    return Diagnosis("offline", False, f"a lesson does not run with the network shut: {complaint}", remedy)


def _run_offline() -> str:
    try:
        command = [sys.executable, "-P", "-c", _OFFLINE]
        done = subprocess.run(command, capture_output=True, timeout=120, text=True, errors="replace")
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    if done.returncode == 0 and done.stdout.strip().endswith("fine"):
        return ""
    return "".join(done.stderr.strip().splitlines()[-1:]) or f"it ended with {done.returncode}"


def versions(version_of: Callable[[str], str | None], hub: bool) -> list[Diagnosis]:
    """What has to be the same on every machine, and what a class needs beside the lessons.

    Args:
        version_of: package name → version, or ``None``.
        hub: a hub is to run here.
    """
    ours = version_of("jwtlab") or "?"
    system = f"Python {platform.python_version()}, jwtlab {ours}"
    found = [Diagnosis("versions", True, f"{system}; have the same jwtlab on every machine of the class")]
    needed = {"nbgrader": ("graded assignments", 'pip install "jwtlab[classroom]"')}
    if hub:
        needed["jupyterhub"] = ("the hub", 'pip install "jwtlab[hub]"')
    for name, (what, how) in needed.items():
        version = version_of(name)
        if version:
            found.append(Diagnosis(name, True, f"version {version}, for {what}"))
        else:  # wanted by a hub; by others only if they grade
            wanted = name == "jupyterhub"
            words = (
                f"is not installed; only {what} need it"
                if not wanted
                else f"is not installed, and {what} needs it"
            )
            found.append(Diagnosis(name, not wanted, words, f"If you want it: {how}" if not wanted else how))
    return found
