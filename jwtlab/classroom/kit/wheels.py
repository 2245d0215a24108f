"""The wheels of a kit: everything that jwtlab needs on another system, fetched by pip.

pip can fetch wheels for another system (``pip download --platform``), but it compares markers such as
``sys_platform == "win32"`` with the system it runs on: fetched on Linux, a kit for Windows would lack colorama and
pywinpty. So what is needed there is found out here, from the metadata of each wheel, and pip fetches without
dependencies.
"""

from __future__ import annotations

import email
import importlib.metadata
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from jwtlab.classroom.kit.systems import System
from jwtlab.errors import UsageError

PATIENCE = 900
"""Seconds for one call of pip."""


@dataclass
class Found:
    """What a system gets.

    Attributes:
        system: for which.
        wheels: the files, by name of the package.
        missing: package → why there is no wheel for it.
        other: package → the version, where the known-good one has no wheel there.
    """

    system: System
    wheels: dict[str, Path] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    other: dict[str, str] = field(default_factory=dict)


@dataclass
class WheelFolder:
    """The folder of wheels, filled by pip.

    Args:
        folder: where they are kept.
        pins: package → the version that is known to work.
        sources: folders with wheels that are there already.
        offline: ask no registry.
    """

    folder: Path
    pins: Mapping[str, str]
    sources: Sequence[Path] = ()
    offline: bool = False

    def collect(self, first: Iterable[Requirement], system: System) -> Found:
        """Fetch what is required, and what that requires, until nothing is missing that can be had."""
        found = Found(system)
        asked: dict[str, SpecifierSet] = {}
        wanted = {(each.name, frozenset(each.extras)): each for each in first}
        seen: set[tuple[str, frozenset[str]]] = set()
        while wanted:
            self._fetch_all(list(wanted.values()), found, asked)
            seen |= wanted.keys()
            following: dict[tuple[str, frozenset[str]], Requirement] = {}
            for each in wanted.values():
                wheel = found.wheels.get(canonicalize_name(each.name))
                for need in requirements_of(wheel, each.extras, system) if wheel else ():
                    name = canonicalize_name(need.name)
                    asked[name] = asked.get(name, SpecifierSet()) & need.specifier
                    key = (name, frozenset(need.extras))
                    if key not in seen:
                        following[key] = need
            wanted = following
        for package, limits in asked.items():
            wheel = found.wheels.get(package)
            if wheel is not None and not limits.contains(version_of(wheel), prereleases=True):
                found.missing[package] = f"{version_of(wheel)} was found, and {limits} is asked for"
        return found

    def _fetch_all(self, wanted: list[Requirement], found: Found, asked: Mapping[str, SpecifierSet]) -> None:
        names: list[str] = [canonicalize_name(each.name) for each in wanted]
        open_ = [
            name for name in dict.fromkeys(names) if name not in found.wheels and name not in found.missing
        ]
        pinned = [name for name in open_ if name in self.pins and not self._has(name, found.system)]
        if pinned:  # all at once: pip takes a second to start
            self._pip([f"{name}=={self.pins[name]}" for name in pinned], found.system)
        limits = {str(canonicalize_name(each.name)): each.specifier for each in wanted}
        for name in open_:
            pin = self._has(name, found.system)
            if pin is None and name in self.pins:  # one of the others may have stopped pip
                self._pip([f"{name}=={self.pins[name]}"], found.system)
                pin = self._has(name, found.system)
            if pin is not None:
                found.wheels[name] = pin
                continue
            self._fetch_another(name, asked.get(name, limits[name]), found)

    def _fetch_another(self, name: str, limits: SpecifierSet, found: Found) -> None:
        """A version for which there is a wheel, though it is not the known one."""
        fitting = None if name in self.pins else self.best(name, found.system, limits)
        said = "" if fitting else self._pip([f"{name}{limits}"], found.system)
        fitting = fitting or self.best(name, found.system, limits)
        if fitting is None:
            found.missing[name] = said or "no wheel"
            return
        found.wheels[name] = fitting
        if name in self.pins:
            found.other[name] = str(version_of(fitting))

    def _has(self, name: str, system: System) -> Path | None:
        return self.best(name, system, SpecifierSet(f"=={self.pins[name]}")) if name in self.pins else None

    def best(self, name: str, system: System, limits: SpecifierSet) -> Path | None:
        """The newest wheel of a package in the folder that can be installed there."""
        fitting, rank = set(system.tags), {}
        for path in self.folder.glob("*.whl"):
            try:
                package, version, build, tags = parse_wheel_filename(path.name)
            except InvalidWheelFilename:
                continue
            if package == name and tags & fitting and limits.contains(version, prereleases=True):
                rank[path] = (version, build)
        return max(rank, key=lambda path: rank[path], default=None)

    def _pip(self, requirements: list[str], system: System) -> str:
        """Fetch without dependencies; gives why it did not work, or ``""``."""
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        command += ["--disable-pip-version-check", "--no-input", "--dest", str(self.folder)]
        command += [*system.pip_options, *(["--no-index"] if self.offline else [])]
        for each in self.sources:
            command += ["--find-links", str(each)]
        try:
            done = subprocess.run(
                [*command, *requirements],
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
                env={**os.environ, "NO_COLOR": "1"},
            )
        except subprocess.TimeoutExpired:
            return f"pip did not come to an end within {PATIENCE} seconds"
        return "" if done.returncode == 0 else reason(done.stderr)


def reason(said: str) -> str:
    """Why pip failed, in a line, without the places that it asked."""
    if re.search(r"No matching distribution|Could not find a version", said):
        return "there is no wheel for this system"
    lines = [line for line in said.splitlines() if line.strip()]
    text = next(
        (line for line in lines if line.startswith("ERROR")), lines[-1] if lines else "pip said nothing"
    )
    return re.sub(r"https?://\S+", "the registry", text.removeprefix("ERROR: "))[:200]


def requirements_of(wheel: Path, extras: Iterable[str], system: System) -> list[Requirement]:
    """What a wheel requires on a system.

    Raises:
        UsageError: the file is no wheel.
    """
    try:
        with zipfile.ZipFile(wheel) as packed:
            name = next(
                each for each in packed.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", each)
            )
            lines = email.message_from_bytes(packed.read(name)).get_all("Requires-Dist") or []
    except (OSError, StopIteration, zipfile.BadZipFile) as error:
        raise UsageError(f"{wheel} is no wheel that can be read; delete it and make the kit again") from error
    found = []
    for line in lines:
        try:
            need = Requirement(str(line))
        except InvalidRequirement:
            continue  # old metadata; pip would not know it either
        chosen = [{**system.environment, "extra": extra} for extra in (*extras, "")]
        if need.marker is None or any(need.marker.evaluate(each) for each in chosen):
            found.append(need)
    return found


def version_of(wheel: Path) -> Version:
    """The version in a wheel's name."""
    return parse_wheel_filename(wheel.name)[1]


def known_versions(constraints: Path | None) -> dict[str, str]:
    """Package → the version that is known to work: of the constraints file, or what is installed here."""
    if constraints is not None and constraints.exists():
        lines = constraints.read_text("utf-8").splitlines()
        pairs = (re.match(r"([A-Za-z0-9_.-]+)==([^\s;]+)", line) for line in lines)
        return {canonicalize_name(pair[1]): pair[2] for pair in pairs if pair}
    return {canonicalize_name(each.name): each.version for each in importlib.metadata.distributions()}


def need_pip() -> None:
    """Raise if pip is missing here.

    Raises:
        UsageError: it is.
    """
    try:
        importlib.metadata.version("pip")
    except importlib.metadata.PackageNotFoundError:
        raise UsageError(
            "pip is missing from this Python, and it fetches the wheels: python -m ensurepip"
        ) from None
