"""From a fresh clone to the open lab, with empty caches, beside JupyterLab alone; and the second start.

Both are set up by pip into a new environment, in a home of their own, without a cache. What is measured ends when
the server gives out the first lesson (beside it: a notebook of the same name). How fast packages come differs from
minute to minute: the two are made in turn.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from measure import Row

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tools"))
import lab_opens  # noqa: E402

PEER = "pip install jupyterlab"


def starts(seconds: float) -> Iterator[Row]:
    """Seconds until the first lesson is there."""
    if shutil.which("make") is None or shutil.which("git") is None:
        print("no make or no git: the start of the lab is not measured", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as place:
        room = Path(place)
        ours, theirs = _home(room / "ours"), _home(room / "theirs")
        clone, lab = room / "ours" / "jwtlab", ["make", "-s", "lab", "ARGS=--no-browser --port=0"]
        began = time.perf_counter()
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        first = time.perf_counter() - began + _opens(lab, clone, ours)
        python, plain = _plain(room / "theirs", theirs)
        command = [python, "-m", "jupyterlab", "--no-browser", "--port=0", "--allow-root"]
        plain += _opens(command, room / "theirs" / "work", theirs)
        yield Row("fresh clone to open lab, no caches", "s", {"jwtlab": first, PEER: plain})
        again, beside = [], []
        for _ in range(3):
            again.append(_opens(lab, clone, ours))
            beside.append(_opens(command, room / "theirs" / "work", theirs))
        yield Row("second start, best of 3", "s", {"jwtlab": min(again), PEER: min(beside)})


def _home(folder: Path) -> dict[str, str]:
    """The environment of somebody who has installed nothing yet."""
    home = folder / "home"
    home.mkdir(parents=True)
    left = ("JUPYTER", "IPYTHON", "XDG_", "JWTLAB", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left)}
    return kept | {"HOME": str(home), "PIP_CACHE_DIR": str(home / "pip")}


def _plain(folder: Path, environment: dict[str, str]) -> tuple[str, float]:
    """JupyterLab alone, in an environment of its own: its Python, and the seconds that it took."""
    (folder / "work").mkdir()
    shutil.copy(ROOT / "notebooks" / lab_opens.LESSON, folder / "work")
    venv = folder / "venv"
    python = str(venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    base = getattr(sys, "_base_executable", None) or sys.executable
    began = time.perf_counter()
    subprocess.run([base, "-m", "venv", str(venv)], check=True, env=environment)
    pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "jupyterlab"]
    subprocess.run(pip, check=True, env=environment)
    return python, time.perf_counter() - began


def _opens(command: list[str], folder: Path, environment: dict[str, str]) -> float:
    """Seconds until the command's server has the first lesson; it is ended then."""
    with tempfile.TemporaryFile() as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            found = lab_opens.wait(process, log, pause=0.05)
            spent = time.perf_counter() - began
        finally:
            lab_opens.end(process)
        if not found:
            raise SystemExit(f"{' '.join(command)} did not open: {lab_opens.said(log)[-2000:]}")
    return spent


BENCHMARKS = [starts]
