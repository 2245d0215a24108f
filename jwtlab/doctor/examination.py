"""Every examination, in order."""

from __future__ import annotations

import sys
from pathlib import Path

from jwtlab.doctor.diagnosis import Diagnosis
from jwtlab.doctor.front_ends import jupyterlab_on_path, other_jupyterlab, probe, serving_environment
from jwtlab.doctor.kernels import has_jwtlab, imports, kernel, kernel_spec, lesson_imports
from jwtlab.doctor.machine import (
    PORT,
    can_write,
    home,
    home_folders,
    port,
    port_is_free,
    proxies_named,
    proxy,
)
from jwtlab.doctor.packages import installed_version, packages, python_version
from jwtlab.doctor.shadowing import python_path, shadows


def examine(folder: Path | None = None) -> list[Diagnosis]:
    """Look at this installation from every side.

    Args:
        folder: where the learner's copies are, and so where kernels run; by default this folder.
    """
    folder = Path.cwd() if folder is None or not folder.is_dir() else folder
    command = kernel_spec()
    return [
        python_version(sys.version_info[:2]),
        *packages(installed_version),
        *serving_environment(Path(sys.executable), probe),
        *other_jupyterlab(jupyterlab_on_path(), probe),
        kernel(command, lambda interpreter: has_jwtlab(interpreter, folder)),
        *lesson_imports(command, lambda interpreter: imports(interpreter, folder)),
        *shadows({"the folder of your lessons": [folder], "PYTHONPATH": python_path()}),
        home(home_folders(), can_write),
        *proxy(proxies_named()),
        port(PORT, port_is_free),
    ]
