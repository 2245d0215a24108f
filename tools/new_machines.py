"""The awkward machines of ``tools/machines.py`` that need an environment of their own: other Pythons, other places,
no make, no git, the oldest packages and the newest.

Every case works in a copy of what git knows of this checkout. A case for a Python that is not here says so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import driven_lab

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LESSONS = ("01_three_parts.ipynb", "23_authorization_code.ipynb", "41_server_side_app.ipynb")
OPTIONS = ("--no-browser", "--port=0")
INSTALLING = 1500.0
"""Seconds: everything is fetched."""


class Fault(Exception):
    """What one sees that one should not."""


CASES: dict[str, Callable[[Any], str]] = {}


def case(name: str) -> Callable[[Callable[[Any], str]], Callable[[Any], str]]:
    def note(function: Callable[[Any], str]) -> Callable[[Any], str]:
        CASES[name] = function
        return function

    return note


def checkout(folder: Path, name: str = "jwtlab") -> Path:
    """A copy of what git knows here or would take, changes included."""
    target = folder / name
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    ).stdout
    for path in filter(None, listed.decode().split("\0")):
        if (ROOT / path).is_file():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, target / path)
    return target


def python(version: str) -> str:
    """A Python of this version: on the PATH, or of pyenv.

    Raises:
        Fault: there is none here.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    places = [
        shutil.which(f"python{version}") or "",
        *map(str, sorted(pyenv.glob(f"{version}.*/bin/python"))),
    ]
    for place in filter(None, reversed(places)):
        probe = [place, "-c", "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"]
        answer = subprocess.run(probe, capture_output=True, text=True)
        if answer.stdout.strip() == version:
            return place
    raise Fault(f"there is no Python {version} here")


def opens(command: Sequence[str | Path], env: Mapping[str, str], folder: Path) -> str:
    with driven_lab.opened(command, env, folder, INSTALLING) as lab:
        for lesson in LESSONS:
            for number, cell in enumerate(lab.run_lesson(lesson), 1):
                if cell.error or cell.stderr:
                    raise Fault(f"{lesson}, code cell {number}: {(cell.error or cell.stderr)[-600:]}")
    return "opens, lessons run"


def make_lab(machine: Any, folder: Path, *words: str) -> str:
    return opens(["make", "lab", f"ARGS={' '.join(OPTIONS)}", *words], machine.env, folder)


def with_python(version: str) -> Callable[[Any], str]:
    def run(machine: Any) -> str:
        return make_lab(machine, checkout(machine.folder), f"PYTHON={python(version)}")

    return run


for _version in PYTHONS:
    CASES[f"python-{_version}"] = with_python(_version)


@case("checkout-with-odd-letters")
def odd_letters(machine: Any) -> str:
    return make_lab(machine, checkout(machine.folder, "mein Übungsraum 🎓"))


@case("two-make-lab-at-once")
def two_at_once(machine: Any) -> str:
    folder = checkout(machine.folder)
    command = ["make", "lab", f"ARGS={' '.join(OPTIONS)}"]
    with driven_lab.opened(command, machine.env, folder, INSTALLING) as first:
        first.ask("api/status")
    shutil.rmtree(folder / ".venv")
    with subprocess.Popen(
        ["make", ".venv-lab"], cwd=folder, env=machine.env, stdout=subprocess.DEVNULL
    ) as other:
        said = opens(command, machine.env, folder)
        if other.wait(INSTALLING):
            raise Fault("the other call failed")
    return f"{said}; the second waits for the first"


def pip_lab(machine: Any, folder: Path, *pip: str, version: str = "3.11") -> str:
    """README's way without make."""
    venv = folder / ".venv"
    run(machine, folder, python(version), "-m", "venv", str(venv))
    run(machine, folder, str(venv / "bin" / "pip"), "install", "-q", *pip)
    return opens([venv / "bin" / "jwtlab", "lab", "work", *OPTIONS], machine.env, folder)


def run(machine: Any, folder: Path, *command: str) -> str:
    answer = subprocess.run(command, cwd=folder, env=machine.env, capture_output=True, text=True)
    if answer.returncode:
        raise Fault(f"{' '.join(command)}: {answer.stderr[-800:]}")
    return answer.stdout


@case("no-make-no-git")
def no_make(machine: Any) -> str:
    """A PATH that holds neither make nor git."""
    tools = machine.folder / "tools only"
    tools.mkdir()
    for name in ("sh", "env", "uname", "cat", "ls"):
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    machine.env["PATH"] = str(tools)
    folder = checkout(machine.folder)
    if shutil.which("git", path=machine.env["PATH"]) or shutil.which("make", path=machine.env["PATH"]):
        raise Fault("they are there all the same")
    return pip_lab(machine, folder, "-c", "constraints.txt", "-e", ".")


@case("newest-packages")
def newest(machine: Any) -> str:
    return pip_lab(machine, checkout(machine.folder), "-e", ".")


def lower_bounds(text: str) -> list[str]:
    """The lowest version of every dependency in a pyproject.toml."""
    block = text.partition("\ndependencies = [")[2].partition("\n]")[0]
    return [f"{name}=={low}.*" for name, low in re.findall(r'^\s*"([\w-]+)>=([\d.]+)', block, re.M)]


@case("lowest-packages")
def lowest(machine: Any) -> str:
    folder = checkout(machine.folder)
    bounds = lower_bounds((folder / "pyproject.toml").read_text("utf-8"))
    return pip_lab(machine, folder, *bounds, "-e", ".")


@case("jupyterlab-4.4")
def jupyterlab_44(machine: Any) -> str:
    return pip_lab(machine, checkout(machine.folder), "jupyterlab==4.4.*", "-e", ".")


if __name__ == "__main__":
    sys.exit("run: python tools/machines.py --new")
