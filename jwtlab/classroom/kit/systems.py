"""For which computers a kit is made: what a wheel may be called there, and which requirements apply there."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from packaging import tags

from jwtlab.errors import UsageError

PYTHONS = ("3.11", "3.12", "3.13")
_GLIBC = range(5, 29)
"""manylinux_2_5 to manylinux_2_28: every Linux since Debian 10, Ubuntu 18.10, Fedora 29."""
_OLD_NAMES = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}
_MACOS = (13, 0)


@dataclass(frozen=True)
class Kind:
    """A kind of computer.

    Attributes:
        name: as in ``--platform``.
        title: for people.
        os_name, sys_platform, system, machine: as Python says it there (``os.name`` and so on).
    """

    name: str
    title: str
    os_name: str
    sys_platform: str
    system: str
    machine: str

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platform tags of wheels that fit, the best first."""
        if self.system == "Windows":
            return ("win_amd64",)
        if self.system == "Darwin":
            return tuple(tags.mac_platforms(_MACOS, self.machine))
        found = []
        for minor in reversed(_GLIBC):
            found.append(f"manylinux_2_{minor}_{self.machine}")
            if minor in _OLD_NAMES and (minor == 17 or self.machine == "x86_64"):
                found.append(f"{_OLD_NAMES[minor]}_{self.machine}")
        return tuple(found)


KINDS = (
    Kind("windows", "Windows", "nt", "win32", "Windows", "AMD64"),
    Kind("macos-arm", "macOS, Apple silicon", "posix", "darwin", "Darwin", "arm64"),
    Kind("macos-x86", "macOS, Intel", "posix", "darwin", "Darwin", "x86_64"),
    Kind("linux-x86", "Linux, x86", "posix", "linux", "Linux", "x86_64"),
    Kind("linux-arm", "Linux, ARM", "posix", "linux", "Linux", "aarch64"),
)
"""One row a kind; ``--platform`` knows these names."""


@dataclass(frozen=True)
class System:
    """A kind of computer with a version of Python."""

    kind: Kind
    python: str

    @property
    def title(self) -> str:
        return f"{self.kind.title}, Python {self.python}"

    @property
    def tags(self) -> tuple[tags.Tag, ...]:
        """The tags of wheels that can be installed there, the best first."""
        major, minor = map(int, self.python.split("."))
        interpreter, platforms = f"cp{major}{minor}", self.kind.platforms
        return (
            *tags.cpython_tags((major, minor), abis=[interpreter], platforms=platforms),
            *tags.compatible_tags((major, minor), interpreter, platforms),
        )

    @property
    def environment(self) -> dict[str, str]:
        """What markers such as ``sys_platform == "win32"`` are compared with there."""
        return {
            "os_name": self.kind.os_name,
            "sys_platform": self.kind.sys_platform,
            "platform_system": self.kind.system,
            "platform_machine": self.kind.machine,
            "platform_release": "",
            "platform_version": "",
            "platform_python_implementation": "CPython",
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.0",
            "python_version": self.python,
            # The first of its line: what only early ones need is taken along.
            "python_full_version": f"{self.python}.0",
        }

    @property
    def pip_options(self) -> list[str]:
        """How pip is told to fetch for there."""
        interpreter = f"cp{self.python.replace('.', '')}"
        words = ["--python-version", self.python, "--implementation", "cp"]
        for abi in (interpreter, "abi3", "none"):
            words += ["--abi", abi]
        for each in self.kind.platforms:
            words += ["--platform", each]
        return words


def this_kind() -> Kind:
    """The kind of this computer.

    Raises:
        UsageError: it is none of those for which kits are made.
    """
    for each in KINDS:
        if each.sys_platform == sys.platform and each.machine.lower() == platform.machine().lower():
            return each
    known = ", ".join(each.name for each in KINDS)
    raise UsageError(f"this computer ({sys.platform}, {platform.machine()}) is none of: {known}")


def chosen(kinds: Iterable[str], pythons: Iterable[str]) -> list[System]:
    """The systems of ``--platform`` and ``--python``; by default all.

    Raises:
        UsageError: a name that is not known; the message lists those that are.
    """
    by_name = {each.name: each for each in KINDS}
    found_kinds: dict[str, Kind] = {}
    for name in kinds:
        kind = this_kind() if name == "this" else by_name.get(name)
        if kind is None:
            raise UsageError(f"--platform {name} is not known; there are: {', '.join(by_name)}, and this")
        found_kinds[kind.name] = kind
    versions = list(dict.fromkeys(pythons)) or list(PYTHONS)
    for version in versions:
        if not re.fullmatch(r"3\.\d{1,2}", version, re.ASCII) or int(version[2:]) < 11:
            raise UsageError(f"--python {version}: jwtlab needs 3.11 or newer, written like 3.12")
    return [System(kind, version) for kind in (found_kinds or by_name).values() for version in versions]
