"""Awkward machines, one after the other: the lab is opened on each, and lessons are run in its kernel.

    python tools/machines.py                    every case that needs no new environment (two minutes)
    python tools/machines.py NAME ...           these cases; NAME may be the beginning of a name
    python tools/machines.py --new              the cases with an environment of their own (a network, half an hour)
    python tools/machines.py --list

Each case prints one line: its name, and what one sees. The exit code says whether all were as they should be.
docs/machines.md is the table of all this. Linux only; the environment of ``make test`` is needed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import driven_lab
import new_machines
from driven_lab import Lab

ROOT = Path(__file__).resolve().parents[1]
LESSONS = ("01_three_parts.ipynb", "23_authorization_code.ipynb")
OPTIONS = ("--no-browser", "--port=0")


class Fault(Exception):
    """What one sees that one should not."""


@dataclass
class Machine:
    """A folder with nothing of the real user's, and an environment to change."""

    folder: Path

    def __post_init__(self) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON", "JWTLAB"))}
        self.home = self.folder / "home"
        self.home.mkdir()
        self.env: dict[str, str] = {**kept, "HOME": str(self.home)}
        self.work = self.folder / "work"
        self.before: tuple[str, ...] = ()
        self.umask = -1

    def write(self, place: str, text: str) -> Path:
        """A file in the home folder."""
        path = self.home / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def opened(self) -> driven_lab.contextlib.AbstractContextManager[Lab]:
        command = [*self.before, sys.executable, "-m", "jwtlab", "lab", self.work, *OPTIONS]
        return driven_lab.opened(command, self.env, self.folder, umask=self.umask)

    def said(self, *words: str) -> subprocess.CompletedProcess[str]:
        """What a command of ours says."""
        return subprocess.run(
            [sys.executable, "-m", "jwtlab", *words],
            env=self.env,
            cwd=self.folder,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=180,
        )


def runs(lab: Lab, lessons: Sequence[str] = LESSONS, more: Sequence[str] = ()) -> str:
    """Run lessons in the lab.

    Raises:
        Fault: a learner would see a traceback, words on standard error, or no widget.
    """
    for lesson in lessons:
        cells = lab.run_lesson(lesson, more)
        for number, cell in enumerate(cells, 1):
            if cell.error or cell.stderr:
                raise Fault(f"{lesson}, code cell {number}: {(cell.error or cell.stderr)[-600:]}")
        if not any(cell.widgets for cell in cells):
            raise Fault(f"{lesson} shows no widget")
    before = lab.said().partition("Address: ")[0]  # what Jupyter logs later is its own business
    if "Traceback" in before and "jupyter_" not in before:
        raise Fault(before[-1500:])
    return "opens, lessons run"


def usual(machine: Machine) -> str:
    """Run the lab and two lessons on a machine as it is."""
    with machine.opened() as lab:
        return runs(lab)


CASES: dict[str, Callable[[Machine], str]] = {"as-it-is": usual}


def case(function: Callable[[Machine], str]) -> Callable[[Machine], str]:
    CASES[function.__name__.replace("_", "-")] = function
    return function


@case
def folder_with_odd_letters(machine: Machine) -> str:
    machine.work = machine.folder / "meine Übungen 🎓 'n' #1 50% & more"
    return usual(machine)


@case
def home_read_only(machine: Machine) -> str:
    bwrap = shutil.which("bwrap")
    if not bwrap:
        raise Fault("needs bubblewrap (bwrap)")
    machine.before = (bwrap, "--dev-bind", "/", "/", "--ro-bind", str(machine.home), str(machine.home))
    with machine.opened() as lab:
        if "cannot be written" not in lab.said():
            raise Fault("the learner is not told")
        return runs(lab) + "; said where Jupyter keeps its files instead"


@case
def home_missing(machine: Machine) -> str:
    machine.home.rmdir()
    return usual(machine)


@case
def home_not_set(machine: Machine) -> str:
    del machine.env["HOME"]
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):
        machine.env[name] = str(machine.folder / name.lower())  # the real user's own is left alone
    return usual(machine)


@case
def own_kernelspec(machine: Machine) -> str:
    words = '{"argv": ["false"], "display_name": "mine", "language": "python"}'
    machine.write(".local/share/jupyter/kernels/python3/kernel.json", words)
    return usual(machine)


@case
def own_jupyterlab_settings(machine: Machine) -> str:
    settings = ".jupyter/lab/user-settings/@jupyterlab"
    machine.write(f"{settings}/apputils-extension/themes.jupyterlab-settings", '{"theme": "JupyterLab Dark"}')
    machine.write(f"{settings}/notebook-extension/tracker.jupyterlab-settings", '{"half": ')
    machine.write(
        ".jupyter/jupyter_server_config.py",
        "c.ServerApp.base_url = '/mine/'\nc.ServerApp.root_dir = '/nowhere'\n",
    )
    machine.write(".jupyter/jupyter_lab_config.py", "c.LabApp.default_url = '/tree'\n")
    with machine.opened() as lab:
        if not lab.place.endswith("/mine/"):
            raise Fault("the learner's own settings are not followed")
        return runs(lab)


@case
def broken_jupyter_settings(machine: Machine) -> str:
    machine.write(".jupyter/jupyter_server_config.json", '{"ServerApp": ')
    machine.write(".jupyter/jupyter_lab_config.py", "raise RuntimeError('mine')\n")
    try:
        return usual(machine)
    except driven_lab.DidNotOpen as error:
        raise Fault(str(error)[-1200:]) from None


@case
def ipython_startup_files(machine: Machine) -> str:
    startup = ".ipython/profile_default/startup"
    machine.write(f"{startup}/00-mine.py", "print('hello from my start-up file')\njwtlab = lab = check = 5\n")
    machine.write(
        f"{startup}/10-mine.py", "import json, base64\njson_dumps, b64 = json.dumps, base64.b64encode\n"
    )
    machine.write(
        ".ipython/profile_default/ipython_config.py",
        "c.InteractiveShell.ast_node_interactivity = 'all'\nc.InteractiveShellApp.exec_lines = ['x = 1']\n",
    )
    return usual(machine)


@case
def ipython_startup_file_that_fails(machine: Machine) -> str:
    machine.write(".ipython/profile_default/startup/00-mine.py", "import a_module_of_the_office\n")
    return usual(machine)


@case
def pythonpath_that_shadows(machine: Machine) -> str:
    mine = machine.folder / "mine"
    mine.mkdir()
    (mine / "jwt.py").write_text("raise RuntimeError('mine')\n", "utf-8")
    machine.env["PYTHONPATH"] = str(mine)
    with machine.opened() as lab:
        if f"jwt.py in {mine}" not in lab.said():
            raise Fault(f"jwtlab lab does not name the file: {lab.said()[:400]}")
    doctor = machine.said("doctor", str(machine.work)).stdout
    if str(mine) not in doctor:
        raise Fault("the doctor does not name it")
    return "jwtlab lab and the doctor name the file, and the way out"


@case
def pythonwarnings_error(machine: Machine) -> str:
    machine.env["PYTHONWARNINGS"] = "error"
    return usual(machine)


@case
def company_proxy(machine: Machine) -> str:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        machine.env[name] = machine.env[name.upper()] = "http://192.0.2.1:3128"  # nobody is there (RFC 5737)
    machine.env["no_proxy"] = machine.env["NO_PROXY"] = ""
    with machine.opened() as lab:
        return runs(lab, (*LESSONS, "32_your_own_issuer.ipynb", "41_server_side_app.ipynb"))


@case
def lang_c(machine: Machine) -> str:
    for name in [*machine.env]:
        if name.startswith("LC_") or name in ("PYTHONUTF8", "PYTHONIOENCODING"):
            del machine.env[name]
    machine.env.update({"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"})
    machine.work = machine.folder / "Übungen"
    return usual(machine)


@case
def terminal_of_40_columns(machine: Machine) -> str:
    machine.env.update({"COLUMNS": "40", "LINES": "10", "TERM": "dumb"})
    for words in (["--help"], ["serve", "--help"], ["lab", "--help"], ["doctor", str(machine.folder)]):
        answer = machine.said(*words)
        if "Traceback" in answer.stderr or not answer.stdout:
            raise Fault(f"jwtlab {' '.join(words)}: {answer.stderr[-600:]}")
    return usual(machine)  # the address is found on one line


@case
def umask_077(machine: Machine) -> str:
    machine.umask = 0o077
    with machine.opened() as lab:
        said = runs(lab)
    open_to_others = [path for path in machine.work.rglob("*") if path.stat().st_mode & 0o077]
    if open_to_others:
        raise Fault(f"others may read {open_to_others[0]}")
    return f"{said}; nobody else may read the copies"


@case
def two_labs_at_once(machine: Machine) -> str:
    with machine.opened() as first, machine.opened() as second:
        if first.place == second.place:
            raise Fault("both say the same address")
        runs(first, LESSONS[:1])
        return runs(second, LESSONS[:1]) + " in both, each at a port of its own"


@case
def lessons_read_only(machine: Machine) -> str:
    with machine.opened() as lab:
        lab.ask("api/status")
    bwrap = shutil.which("bwrap")
    if not bwrap:
        raise Fault("needs bubblewrap (bwrap)")
    machine.before = (bwrap, "--dev-bind", "/", "/", "--ro-bind", str(machine.work), str(machine.work))
    try:
        with machine.opened() as lab:
            return runs(lab) + "; said that nothing can be kept" if "cannot be" in lab.said() else runs(lab)
    except driven_lab.DidNotOpen as error:
        if "Traceback" in str(error) or str(machine.work) not in str(error):
            raise Fault(str(error)[-1200:]) from None
        return f"refused in a sentence: {str(error).strip().splitlines()[-1]}"


@case
def work_folder_of_an_older_version(machine: Machine) -> str:
    """Copies of before: one that the learner has changed, a record that no version of today wrote, old progress."""
    with machine.opened() as lab:
        lab.ask("api/status")
    lesson = machine.work / LESSONS[0]
    lesson.write_text(lesson.read_text("utf-8").replace("Three parts", "My three parts"), "utf-8")
    (machine.work / ".jwtlab" / "copies.json").write_text('{"version": 0, "lessons": []}', "utf-8")
    (machine.work / "progress.json").write_text('{"done": ["04.3", "01.1"]}', "utf-8")
    with machine.opened() as lab:
        said = runs(lab)
    if "My three parts" not in lesson.read_text("utf-8"):
        raise Fault("the learner's version was overwritten")
    return f"{said}; the learner's changes are kept"


@case
def notebook_7(machine: Machine) -> str:
    machine.said("lab", str(machine.work), "--version")  # copies the lessons
    command = [sys.executable, "-m", "notebook", *OPTIONS, "--IdentityProvider.token=t"]
    if os.geteuid() == 0:
        command.append("--allow-root")
    with driven_lab.opened(command, machine.env, machine.work, token="t") as lab:
        page = lab.ask(f"notebooks/{LESSONS[0]}")
        if b"jupyter-config-data" not in page:
            raise Fault("the page of the lesson is not there")
        return runs(lab)


def run(name: str, function: Callable[[Machine], str]) -> bool:
    with tempfile.TemporaryDirectory(prefix="machine ") as folder:
        try:
            print(f"ok    {name}: {function(Machine(Path(folder)))}", flush=True)
        except (Fault, new_machines.Fault, driven_lab.DidNotOpen) as fault:
            print(f"FAULT {name}: {str(fault)[-1500:]}", flush=True)
            return False
    return True


def chosen(words: Sequence[str], cases: Mapping[str, object]) -> list[str]:
    return [name for name in cases if not words or name.startswith(tuple(words))]


def main(words: list[str]) -> int:
    if words in (["--help"], ["-h"]):
        print(__doc__)
        return 0
    every = {**CASES, **new_machines.CASES}
    if words == ["--list"]:
        print("\n".join(every))
        return 0
    here = new_machines.CASES if words[:1] == ["--new"] else CASES if not words else every
    names = chosen([word for word in words if not word.startswith("--")], here)
    if not names:
        print(f"there is no such case; there are: {', '.join(every)}", file=sys.stderr)
        return 2
    done = [run(name, every[name]) for name in names]
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
