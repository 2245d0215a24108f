"""Python and its packages: are they there, and new enough?"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Mapping

from jwtlab.doctor.diagnosis import Diagnosis, numbers, python_in_words

OLDEST_PYTHON = (3, 11)


# What a lesson needs, and the first version that works.
NEEDED = {
    "cryptography": "45.0.1",
    "PyJWT": "2.14",
    "ipywidgets": "8.1",
    "anywidget": "0.9.18",
    "jinja2": "3.1",
    "matplotlib": "3.9",
    "flask": "3.1",
    "authlib": "1.7",
    "httpx": "0.28",
    "filelock": "3.16",
    "tqdm": "4.66",
    "jupyterlab": "4.4",
    "ipykernel": "6.29",
}


def python_version(version: tuple[int, ...]) -> Diagnosis:
    """Is Python new enough?"""
    said = ".".join(map(str, version))
    if version >= OLDEST_PYTHON:
        return Diagnosis("Python", True, f"version {said}")
    wanted = ".".join(map(str, OLDEST_PYTHON))
    return Diagnosis(
        "Python", False, f"version {said} is too old", f"Install Python {wanted} or newer, then again."
    )


def packages(version_of: Callable[[str], str | None], needed: Mapping[str, str] = NEEDED) -> list[Diagnosis]:
    """Are the packages there, and new enough?

    Args:
        version_of: package name → version, or ``None`` if it is not installed.
        needed: package name → first version that works.
    """
    mend = f'Run: {python_in_words()} -m pip install --upgrade "jwtlab"'
    found = []
    for name, oldest in needed.items():
        version = version_of(name)
        if version is None:
            found.append(Diagnosis(name, False, "is missing", mend))
        elif numbers(version) < numbers(oldest):
            found.append(Diagnosis(name, False, f"version {version} is older than {oldest}", mend))
    httpx = version_of("httpx")
    if httpx is not None and numbers(httpx) >= (1,):
        found.append(Diagnosis("httpx", False, f"version {httpx}: JupyterLab needs one below 1", mend))
    return found or [Diagnosis("packages", True, f"{len(needed)} packages in good versions")]


def installed_version(name: str) -> str | None:
    """The version of a package in this environment."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
