"""What is wrong with an installation, in plain words, and how to mend it.

Each examination is a function of what it looks at, so that a test can show it a broken machine.
"""

from __future__ import annotations

from jwtlab.doctor.diagnosis import Diagnosis, numbers, python_in_words, report
from jwtlab.doctor.examination import examine
from jwtlab.doctor.front_ends import (
    FRONT_ENDS,
    Probe,
    jupyterlab_on_path,
    other_jupyterlab,
    probe,
    serving_environment,
)
from jwtlab.doctor.kernels import has_jwtlab, imports, kernel, kernel_spec, lesson_imports
from jwtlab.doctor.machine import (
    PORT,
    can_write,
    first_free_port,
    home,
    home_folders,
    port,
    port_is_free,
    proxies_named,
    proxy,
)
from jwtlab.doctor.packages import NEEDED, OLDEST_PYTHON, installed_version, packages, python_version
from jwtlab.doctor.shadowing import HARMLESS, python_path, shadows

__all__ = [
    "FRONT_ENDS",
    "HARMLESS",
    "NEEDED",
    "OLDEST_PYTHON",
    "PORT",
    "Diagnosis",
    "Probe",
    "can_write",
    "examine",
    "first_free_port",
    "has_jwtlab",
    "home",
    "home_folders",
    "imports",
    "installed_version",
    "jupyterlab_on_path",
    "kernel",
    "kernel_spec",
    "lesson_imports",
    "numbers",
    "other_jupyterlab",
    "packages",
    "port",
    "port_is_free",
    "probe",
    "proxies_named",
    "proxy",
    "python_in_words",
    "python_path",
    "python_version",
    "report",
    "serving_environment",
    "shadows",
]
