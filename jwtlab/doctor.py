"""What is wrong with an installation, in plain words, and how to mend it.

Each examination is a function of what it looks at, so that a test can show it a broken machine.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

OLDEST_PYTHON = (3, 11)
# What a lesson needs, and the first version that works.
NEEDED = {
    "cryptography": "44",
    "PyJWT": "2.13",
    "ipywidgets": "8.1",
    "anywidget": "0.9.18",
    "jinja2": "3.1",
    "matplotlib": "3.9",
    "flask": "3.1",
    "httpx": "0.28",
    "tqdm": "4.66",
    "jupyterlab": "4.4",
    "ipykernel": "6.29",
}
PORT = 8888

# Run by the Python that serves JupyterLab, which may be another one than ours.
_PROBE = """
import importlib.metadata as m, json, sys
def version(name):
    try: return m.version(name)
    except m.PackageNotFoundError: return None
print(json.dumps({n: version(n) for n in ("jupyterlab", "jupyterlab_widgets", "anywidget", "httpx")}))
"""


@dataclass(frozen=True)
class Diagnosis:
    """One thing that was looked at.

    Attributes:
        subject: what.
        fine: ``True`` if it is in order.
        finding: what was seen, in a sentence.
        remedy: how to mend it; empty if there is nothing to mend.
    """

    subject: str
    fine: bool
    finding: str
    remedy: str = ""

    def __str__(self) -> str:
        mark = "ok  " if self.fine else "FIX "
        return f"{mark}{self.subject}: {self.finding}" + (f"\n      {self.remedy}" if self.remedy else "")


def examine() -> list[Diagnosis]:
    """Look at this installation from every side."""
    return [
        python_version(sys.version_info[:2]),
        *packages(installed_version),
        *serving_environment(_serving_python(), _probe),
        kernel(_kernel_spec()),
        port(PORT, _port_is_free),
    ]


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
    mend = f'Run: {_python_in_words()} -m pip install --upgrade "jwtlab"'
    found = []
    for name, oldest in needed.items():
        version = version_of(name)
        if version is None:
            found.append(Diagnosis(name, False, "is missing", mend))
        elif _numbers(version) < _numbers(oldest):
            found.append(Diagnosis(name, False, f"version {version} is older than {oldest}", mend))
    httpx = version_of("httpx")
    if httpx is not None and _numbers(httpx) >= (1,):
        found.append(Diagnosis("httpx", False, f"version {httpx}: JupyterLab needs one below 1", mend))
    return found or [Diagnosis("packages", True, f"{len(needed)} packages in good versions")]


def serving_environment(
    python: Path | None, probe: Callable[[Path], Mapping[str, str | None] | None]
) -> list[Diagnosis]:
    """Can the Python that serves JupyterLab show widgets?

    "Error displaying widget: model not found" nearly always means that ``jupyterlab_widgets`` is
    missing there: the page then has nothing that could draw a widget, however well the kernel is.

    Args:
        python: the interpreter behind the ``jupyter-lab`` that the shell would start.
        probe: interpreter → its versions, or ``None`` if it cannot be asked.
    """
    if python is None:
        remedy = f"Start the lessons with: {_python_in_words()} -m jwtlab lab"
        return [Diagnosis("jupyter-lab", True, "not on the PATH; jwtlab lab does not need it there", remedy)]
    versions = probe(python)
    if versions is None:
        return [Diagnosis("jupyter-lab", False, f"{python} does not answer", "Install JupyterLab again.")]
    same = python.resolve() == Path(sys.executable).resolve()
    where = "this environment" if same else f"another environment ({python})"
    found = [_widgets_there(versions, python, where)]
    if versions.get("anywidget") is None:
        remedy = f'Run: "{python}" -m pip install anywidget'
        found.append(Diagnosis("anywidget", False, f"is missing in {where}, which serves JupyterLab", remedy))
    return found


def _widgets_there(versions: Mapping[str, str | None], python: Path, where: str) -> Diagnosis:
    version = versions.get("jupyterlab_widgets")
    remedy = f'Run: "{python}" -m pip install "jupyterlab_widgets>=3,<4", then start JupyterLab again.'
    if version is None:
        return Diagnosis(
            "jupyterlab_widgets", False, f"is missing in {where}, which serves JupyterLab", remedy
        )
    if _numbers(version)[:1] != (3,):
        finding = f"version {version} in {where} does not match ipywidgets 8, which needs version 3"
        return Diagnosis("jupyterlab_widgets", False, finding, remedy)
    return Diagnosis("jupyterlab_widgets", True, f"version {version} in {where}")


def kernel(command: list[str] | None) -> Diagnosis:
    """Is there a Python kernel, and does its interpreter exist?

    Args:
        command: the kernel's command line, or ``None`` if there is no kernel called python3.
    """
    mend = f"Run: {_python_in_words()} -m ipykernel install --sys-prefix"
    if command is None:
        return Diagnosis("kernel", False, "there is no kernel called python3", mend)
    interpreter = command[0] if command else ""
    if not interpreter or shutil.which(interpreter) is None:
        return Diagnosis("kernel", False, f"its interpreter does not exist: {interpreter or '(none)'}", mend)
    return Diagnosis("kernel", True, f"python3, run by {interpreter}")


def port(number: int, is_free: Callable[[int], bool]) -> Diagnosis:
    """Is JupyterLab's usual port free? If not, it takes the next one by itself."""
    if is_free(number):
        return Diagnosis("port", True, f"{number} is free")
    finding = f"{number} is in use, probably by another JupyterLab; jwtlab lab takes the next free one"
    return Diagnosis("port", True, finding, "To choose one yourself: jwtlab lab --port 8900")


def installed_version(name: str) -> str | None:
    """The version of a package in this environment."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def report(diagnoses: Iterable[Diagnosis]) -> tuple[str, int]:
    """The diagnoses as text, and the exit code: 0 if everything is in order."""
    found = list(diagnoses)
    bad = sum(not diagnosis.fine for diagnosis in found)
    counted = "1 thing" if bad == 1 else f"{bad} things"
    verdict = "Everything is in order." if not bad else f"{counted} to mend, see FIX above."
    return "\n".join([*map(str, found), "", verdict]), 1 if bad else 0


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _python_in_words() -> str:
    return f'"{sys.executable}"' if " " in sys.executable else sys.executable


def _serving_python() -> Path | None:
    """The interpreter in the first line of the ``jupyter-lab`` script that the shell would start."""
    script = shutil.which("jupyter-lab")
    if script is None:
        return None
    beside = Path(script).parent / ("python.exe" if sys.platform == "win32" else "python")
    try:
        first = Path(script).read_bytes().split(b"\n", 1)[0].decode("utf-8", "replace")
    except OSError:
        first = ""
    named = Path(first.removeprefix("#!").strip()) if first.startswith("#!/") else beside
    return named if named.exists() else beside


def _probe(python: Path) -> Mapping[str, str | None] | None:
    try:
        answer = subprocess.run([python, "-c", _PROBE], capture_output=True, timeout=60, check=True)
        versions: Mapping[str, str | None] = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return versions


def _kernel_spec() -> list[str] | None:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        command: list[str] = KernelSpecManager().get_kernel_spec("python3").argv
    except NoSuchKernel:
        return None
    # jupyter_client runs a bare "python" with the interpreter that serves.
    return [sys.executable, *command[1:]] if command and command[0] in ("python", "python3") else command


def _port_is_free(number: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True
