"""The Python that serves JupyterLab: can it draw widgets?"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from jwtlab.doctor.diagnosis import Diagnosis, numbers, python_in_words

# What JupyterLab loads into the page so that it can draw a widget: package → its folder among the
# front ends. A package can be installed and its front end be missing all the same.
FRONT_ENDS = {"jupyterlab_widgets": "@jupyter-widgets/jupyterlab-manager", "anywidget": "anywidget"}


# Run by the Python that serves JupyterLab, which may be another one than ours.
_PROBE = """
import importlib.metadata as m, json, os, sys
from jupyter_core.paths import jupyter_path
def version(name):
    try: return m.version(name)
    except m.PackageNotFoundError: return None
def front(folder):
    files = [os.path.join(p, *folder.split("/"), "package.json") for p in jupyter_path("labextensions")]
    return next((f for f in files if os.path.exists(f)), None)
seen = {"prefix": sys.prefix}
for name, folder in json.loads(sys.argv[1]).items():
    seen[name], seen["front of " + name] = version(name), front(folder)
print(json.dumps(seen))
"""


Probe = Callable[[Path], Mapping[str, str | None] | None]


def serving_environment(python: Path, probe: Probe) -> list[Diagnosis]:
    """Can the Python that serves JupyterLab show widgets?

    "Error displaying widget: model not found" nearly always means that ``jupyterlab_widgets`` is
    missing there: the page then has nothing that could draw a widget, however well the kernel is.

    Args:
        python: the interpreter that serves JupyterLab.
        probe: interpreter → what it has (see `_PROBE`), or ``None`` if it cannot be asked.
    """
    seen = probe(python)
    if seen is None:
        remedy = f'Run: "{python}" -m pip install --upgrade --force-reinstall jupyterlab'
        return [Diagnosis("jupyter-lab", False, f"{python} does not answer", remedy)]
    where = "this environment" if _is_ours(seen) else f"another environment ({python})"
    return [
        _front_end("jupyterlab_widgets", 3, seen, python, where),
        _front_end("anywidget", 0, seen, python, where),
    ]


def other_jupyterlab(python: Path | None, probe: Probe) -> list[Diagnosis]:
    """Would the shell's ``jupyter-lab`` be another one than ours, and could that one show widgets?

    Args:
        python: the interpreter behind the ``jupyter-lab`` on the PATH; ``None`` if there is none.
        probe: as for `serving_environment`.
    """
    seen = None if python is None else probe(python)
    if python is None or (seen is not None and _is_ours(seen)):
        return []
    ours = f" Or start the lessons with: {python_in_words()} -m jwtlab lab"
    return [replace(d, remedy=d.remedy + ours) if d.remedy else d for d in serving_environment(python, probe)]


def _is_ours(seen: Mapping[str, str | None]) -> bool:
    return seen.get("prefix") == sys.prefix


def _front_end(name: str, major: int, seen: Mapping[str, str | None], python: Path, where: str) -> Diagnosis:
    version = seen.get(name)
    remedy = f'Run: "{python}" -m pip install --force-reinstall "{name}>={major},<{major + 1}"'
    remedy += ", then start JupyterLab again."
    if version is None:
        return Diagnosis(name, False, f"is missing in {where}, which serves JupyterLab", remedy)
    if numbers(version)[:1] != (major,):
        finding = f"version {version} in {where} does not match ours, which needs version {major}"
        return Diagnosis(name, False, finding, remedy)
    if seen.get(f"front of {name}") is None:
        finding = f"version {version} in {where} has lost its front end: JupyterLab will not show widgets"
        return Diagnosis(name, False, finding, remedy)
    return Diagnosis(name, True, f"version {version} in {where}")


def jupyterlab_on_path() -> Path | None:
    """The interpreter in the first line of the ``jupyter-lab`` script that the shell would start.

    The line may name a shell instead (pip writes it so where the path is long or has a space); then
    it is the interpreter beside the script.
    """
    script = shutil.which("jupyter-lab")
    if script is None:
        return None
    beside = Path(script).parent / ("python.exe" if sys.platform == "win32" else "python")
    try:
        first = Path(script).read_bytes().split(b"\n", 1)[0].decode("utf-8", "replace")
    except OSError:
        first = ""
    named = Path(first.removeprefix("#!").strip())
    return named if named.name.startswith("python") and named.exists() else beside


def probe(python: Path) -> Mapping[str, str | None] | None:
    try:
        # In its own folder and with no PYTHONPATH: a file that hides a module is said by `shadows`.
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        command = [str(python), "-c", _PROBE, json.dumps(FRONT_ENDS)]
        answer = subprocess.run(
            command, cwd=python.parent, env=env, capture_output=True, timeout=60, check=True
        )
        versions: Mapping[str, str | None] = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return versions
