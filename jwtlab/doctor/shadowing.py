"""Files of the learner's own that Python takes for others."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from jwtlab.doctor.diagnosis import Diagnosis

# Names in Python's own library that nothing here needs, and that learners like to give.
HARMLESS = frozenset({"antigravity", "idlelib", "lib2to3", "test", "this", "turtle", "turtledemo"})


def shadows(
    places: Mapping[str, Iterable[Path]], known: Callable[[str], bool] | None = None
) -> list[Diagnosis]:
    """Files of the learner's own that Python would take for one of its own modules, or for a package of ours.

    Args:
        places: in words, and the folders, in which Python looks before it looks at its own.
        known: name → whether a module of this name is needed; by default Python's own and the installed ones.
    """
    found = []
    for where, folders in places.items():
        for folder in folders:
            names = [each for each in _modules_in(folder) if (known or _is_needed)(each.stem)]
            if names:
                listed = ", ".join(sorted(each.name for each in names)[:5]) + (" …" if len(names) > 5 else "")
                finding = f"{listed} in {folder} ({where}) hides the module of the same name"
                mend = "Take the folder out of PYTHONPATH" if where == "PYTHONPATH" else "Rename it"
                found.append(Diagnosis("names", False, finding, f"{mend}, then restart the kernel."))
    return found


def _modules_in(folder: Path) -> list[Path]:
    try:
        entries = list(folder.iterdir())
    except OSError:
        return []
    ours = Path(__file__).resolve().parents[1]
    return [
        each
        for each in entries
        if (each.suffix == ".py" or (each / "__init__.py").is_file()) and each.resolve() != ours
    ]


def _is_needed(name: str) -> bool:
    if name in sys.stdlib_module_names:
        return name not in HARMLESS
    installed = Path(sysconfig.get_path("purelib"))
    return (
        name == "jwtlab"
        or (installed / name / "__init__.py").is_file()
        or (installed / f"{name}.py").is_file()
    )


def python_path() -> list[Path]:
    installed = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib", "stdlib")}
    folders = (Path(each) for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each)
    return [folder for folder in folders if folder.resolve() not in installed]
