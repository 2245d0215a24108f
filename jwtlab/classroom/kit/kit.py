"""Make a kit: the folder for a stick."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from jwtlab import lessons
from jwtlab.classroom.kit import own, wheels
from jwtlab.classroom.kit.systems import System
from jwtlab.classroom.kit.wheels import Found, WheelFolder
from jwtlab.errors import UsageError
from jwtlab.style import style
from jwtlab.widgets.view import render

CONTENTS = "contents.json"
SUMS = "SHA256SUMS"
PAGE = "START-HERE.html"
SCRIPTS = {"start-windows.bat": "\r\n", "start-macos.command": "\n", "start-linux.sh": "\n"}
"""Name → line ends. They are shipped beside this module."""


@dataclass(frozen=True)
class Made:
    """A kit.

    Attributes:
        folder: where it is.
        found: what each system gets.
        own: the name of jwtlab's own wheel.
        octets: the size of everything.
    """

    folder: Path
    found: tuple[Found, ...]
    own: str
    octets: int

    @property
    def whole(self) -> tuple[Found, ...]:
        """The systems for which nothing is missing."""
        return tuple(each for each in self.found if not each.missing)


def make(
    folder: Path,
    systems: Sequence[System],
    *,
    extras: Sequence[str] = (),
    sources: Sequence[Path] = (),
    offline: bool = False,
    tell: Callable[[str], None] = lambda words: None,
    own_wheel: Path | None = None,
) -> Made:
    """Make the kit, or bring one up to date.

    Args:
        folder: where to.
        systems: for which.
        extras: of jwtlab, such as ``"classroom"``.
        sources: folders with wheels that are there already.
        offline: ask no registry.
        tell: is told how far it is.
        own_wheel: jwtlab's own wheel; by default it is made.

    Raises:
        UsageError: the folder holds something else, or pip or a source is missing.
        OSError: the folder cannot be written to.
    """
    wheels.need_pip()
    for each in extras:
        if each not in own.extras():
            raise UsageError(f"--extra {each} is not known; there are: {', '.join(own.extras())}")
    _prepare(folder, sources)
    store_folder = folder / "wheels"
    if own_wheel is None:
        tell("jwtlab's own wheel")
        wheel = own.make(store_folder)
    else:
        wheel = Path(shutil.copy(own_wheel, store_folder))
    constraints = own.ROOT / "constraints.txt" if own.in_checkout() else None
    store = WheelFolder(store_folder, wheels.known_versions(constraints), sources, offline)
    found = []
    for number, system in enumerate(systems, 1):
        tell(f"{number} of {len(systems)}: {system.title}")
        found.append(store.collect(_first(wheel, extras, system), system))
    _forget(store_folder, {wheel, *(path for each in found for path in each.wheels.values())})
    _write_rest(folder, found, wheel, extras)
    octets = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Made(folder, tuple(found), wheel.name, octets)


def _prepare(folder: Path, sources: Sequence[Path]) -> None:
    for each in sources:
        if not each.is_dir():
            raise UsageError(f"--wheels {each} is no folder")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder for the kit")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / CONTENTS).is_file():
        raise UsageError(f"{folder} holds something else already; name a new folder, or an earlier kit")
    (folder / "wheels").mkdir(parents=True, exist_ok=True)
    # From here on it is a kit, if only half of one: the command can be given again.
    if not (folder / CONTENTS).exists():
        (folder / CONTENTS).write_text("{}\n", "utf-8")


def _first(wheel: Path, extras: Sequence[str], system: System) -> list[Requirement]:
    return wheels.requirements_of(wheel, extras, system)


def _forget(folder: Path, kept: set[Path]) -> None:
    """Wheels of an earlier kit, or of an older jwtlab, would only lie there."""
    for path in folder.glob("*.whl"):
        if path not in kept:
            path.unlink()


def _write_rest(folder: Path, found: Sequence[Found], wheel: Path, extras: Sequence[str]) -> None:
    lessons.copy_missing(folder / "lessons")
    shutil.rmtree(folder / "lessons" / ".jwtlab", ignore_errors=True)  # the record of a learner's folder
    version = wheels.version_of(wheel)
    asked = f"jwtlab[{','.join(extras)}]=={version}" if extras else f"jwtlab=={version}"
    pythons = sorted({each.system.python for each in found}, key=lambda each: int(each[2:]), reverse=True)
    for name, end in SCRIPTS.items():
        text = (Path(__file__).parent / "scripts" / name).read_text("utf-8")
        text = text.replace("@JWTLAB@", asked).replace("@PYTHONS@", " ".join(pythons))
        target = folder / name
        target.write_bytes(text.replace("\n", end).encode())
        target.chmod(0o755)
    facts = {
        "jwtlab": str(version),
        "systems": [
            {
                "platform": each.system.kind.name,
                "python": each.system.python,
                "wheels": sorted(path.name for path in each.wheels.values()),
                "missing": each.missing,
                "other": each.other,
            }
            for each in found
        ],
    }
    (folder / CONTENTS).write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    page = render(
        "kit_start_here.html",
        style=Markup(style()),
        kinds=_by_kind(found),
        version=version,
        asked=asked,
        pythons=pythons,
    )
    (folder / PAGE).write_text(str(page), "utf-8")
    _write_sums(folder)


def _by_kind(found: Sequence[Found]) -> list[tuple[str, str, list[Found]]]:
    """Name and title of each kind of computer, with what was found for each Python."""
    names = dict.fromkeys((each.system.kind.name, each.system.kind.title) for each in found)
    return [(name, title, [each for each in found if each.system.kind.name == name]) for name, title in names]


def _write_sums(folder: Path) -> None:
    """Check sums of all files, as ``sha256sum -c`` reads them: a stick may lose something."""
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != SUMS:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            lines.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    fresh = folder / f".{SUMS}.{os.getpid()}"
    fresh.write_text("".join(lines), "utf-8")
    fresh.replace(folder / SUMS)


def names_of(found: Found) -> str:
    """What is missing, for people."""
    return "; ".join(f"{canonicalize_name(name)}: {why}" for name, why in sorted(found.missing.items()))
