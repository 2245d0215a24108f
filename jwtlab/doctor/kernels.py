"""The Python that runs a lesson: is it there, and can it import what a lesson imports?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from jwtlab.doctor.diagnosis import Diagnosis, python_in_words

# What a lesson's first cell imports. A folder without a file is no package, but can be imported all the same.
_IMPORTS = """
import jwt, cryptography, flask, httpx, jinja2, matplotlib, ipywidgets, anywidget, jwtlab.widgets
print(jwtlab.__file__ or "")
"""


_HAS_JWTLAB = (
    "import importlib.util as u, sys; s = u.find_spec('jwtlab'); sys.exit(s is None or s.origin is None)"
)


def kernel(command: list[str] | None, has_jwtlab: Callable[[str], bool]) -> Diagnosis:
    """Is there a Python kernel, does its interpreter exist, and has it got jwtlab?

    Args:
        command: the kernel's command line, or ``None`` if there is no kernel called python3.
        has_jwtlab: interpreter → whether ``import jwtlab`` would find it.
    """
    mend = f"Run: {python_in_words()} -m ipykernel install --sys-prefix"
    if command is None:
        return Diagnosis("kernel", False, "there is no kernel called python3", mend)
    interpreter = command[0] if command else ""
    if not interpreter or shutil.which(interpreter) is None:
        return Diagnosis("kernel", False, f"its interpreter does not exist: {interpreter or '(none)'}", mend)
    if not has_jwtlab(interpreter):
        return Diagnosis("kernel", False, f"its interpreter has no jwtlab: {interpreter}", mend)
    return Diagnosis("kernel", True, f"python3, run by {interpreter}")


def lesson_imports(command: list[str] | None, imports: Callable[[str], tuple[str, str]]) -> list[Diagnosis]:
    """Can the kernel import what a lesson's first cell imports?

    Args:
        command: the kernel's command line, or ``None`` if there is no kernel.
        imports: interpreter → where it finds jwtlab, and the last line of what it complains about.
    """
    if not command or shutil.which(command[0]) is None:
        return []  # said by `kernel`
    place, complaint = imports(command[0])
    if complaint or not place:
        finding = f"the first cell of a lesson fails: {complaint or 'jwtlab is an empty folder there'}"
        remedy = "If a file of yours is named below, rename it. Otherwise, in a checkout, run: make lab"
        return [Diagnosis("imports", False, finding, remedy)]
    return [Diagnosis("imports", True, f"jwtlab comes from {Path(place).parent}")]


def kernel_spec() -> list[str] | None:
    try:  # inside, because a missing package is the very thing that a doctor must live with
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
        from jupyter_core.paths import jupyter_path
    except Exception:  # a file of the learner's own that is called like a module may stand in the way
        return None
    # This environment's kernel before one of the same name in the home, as jupyterlab is told by cli.
    folders = [str(Path(sys.prefix) / "share" / "jupyter" / "kernels"), *jupyter_path("kernels")]
    try:
        command: list[str] = KernelSpecManager(kernel_dirs=folders).get_kernel_spec("python3").argv
    except (NoSuchKernel, ImportError):
        return None
    # jupyter_client runs a bare "python" with the interpreter that serves.
    return [sys.executable, *command[1:]] if command and command[0] in ("python", "python3") else command


def has_jwtlab(interpreter: str, folder: Path) -> bool:
    try:
        command = [interpreter, "-c", _HAS_JWTLAB]
        return subprocess.run(command, cwd=folder, capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def imports(interpreter: str, folder: Path) -> tuple[str, str]:
    """As a kernel in this folder would: where jwtlab is, or what the interpreter complains about."""
    try:
        answer = subprocess.run(
            [interpreter, "-c", _IMPORTS],
            cwd=folder,
            capture_output=True,
            timeout=120,
            env=os.environ | _UTF_8,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return "", str(error)
    complaint = (
        answer.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] if answer.returncode else []
    )
    return answer.stdout.decode("utf-8", "replace").strip(), "".join(complaint)


_UTF_8 = {"PYTHONIOENCODING": "utf-8"}
