"""The lessons themselves: a kernel's memory after each, its first imports, all of them under nbval."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from growth import AS_A_LEARNER, DRAWN, MEMORY, PLAIN, _megabytes
from measure import Row, start_up

HERE = Path(__file__).parent
NOTEBOOKS = HERE.parent / "notebooks"

# A kernel's shell without its sockets: cells run as in a lesson, and displays are made and thrown away.
LESSON = """
import ipykernel.kernelapp, json
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
shell = InteractiveShell.instance()
for cell in json.load(open({path!r}, encoding="utf-8"))["cells"]:
    if cell["cell_type"] == "code":
        with capture_output():
            done = shell.run_cell("".join(cell["source"]))
        assert done.success or "raises-exception" in cell["metadata"].get("tags", ()), done
"""


def lessons() -> list[Path]:
    return sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


def memory(seconds: float) -> Iterator[Row]:
    """Proportional set size when the last cell has run, beside kernels with the usual libraries. Aim: +25 MB.

    One of these has drawn a figure, as a PNG; the other has only loaded what it takes to draw one.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        return
    plain, drawn = _megabytes(PLAIN), _megabytes(DRAWN)
    for lesson in lessons():
        ours = _after(lesson)
        values = {
            "jwtlab": ours,
            "ipywidgets and matplotlib": plain,
            "one that drew a figure": drawn,
            "more": ours - plain,
            "more than with a figure": ours - drawn,
        }
        yield Row(f"kernel after lesson {lesson.stem[:2]}", "MB", values)


def _after(lesson: Path) -> float:
    code = AS_A_LEARNER + MEMORY.format(code=LESSON.format(path=str(lesson)))
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "JWTLAB_PROGRESS": f"{folder}/progress.json",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "IPYTHONDIR": folder,
        }
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
            cwd=NOTEBOOKS,
            timeout=300,
        )
    return float(done.stdout.splitlines()[-1])


def under_nbval(seconds: float) -> Iterator[Row]:
    """Every lesson, its outputs compared strictly, in two processes, as `make test-notebooks` does. Aim: 45 s."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-c",
            str(HERE.parent / "tests" / "nbval.ini"),
            "--rootdir=.",
        ]
        command += ["-p", "no:cacheprovider", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=60"]
        command += ["-n", "2", "--dist", "loadfile", "-q", *(lesson.name for lesson in lessons())]
        began = time.perf_counter()
        done = subprocess.run(
            command,
            cwd=NOTEBOOKS,
            env=os.environ | {"JWTLAB_PROGRESS": f"{folder}/progress.json"},
            capture_output=True,
            text=True,
        )
        spent = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"the lessons do not pass, so their time says nothing:\n{done.stdout[-2000:]}")
    yield Row(f"{len(lessons())} lessons under nbval, two processes", "s", {"jwtlab": spent})


def importing(seconds: float) -> Iterator[Row]:
    """What the first cell of a lesson waits for, beside the libraries that any notebook imports."""
    ours = start_up("import jwtlab\nfrom jwtlab.widgets import FlowStepper", 5)
    plain = start_up("import ipywidgets, matplotlib.pyplot", 5)
    yield Row("imports of a first cell", "ms", {"jwtlab": ours, "ipywidgets and matplotlib": plain})


BENCHMARKS = [importing, memory, under_nbval]
