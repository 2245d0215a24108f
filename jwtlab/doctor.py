"""What is wrong with an installation, in plain words, and how to mend it.

Each examination is a function of what it looks at, so that a test can show it a broken machine.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

OLDEST_PYTHON = (3, 11)
# What a lesson needs, and the first version that works.
NEEDED = {
    "cryptography": "44",
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
PORT = 8888

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
# What a lesson's first cell imports. A folder without a file is no package, but can be imported all the same.
_IMPORTS = """
import jwt, cryptography, flask, httpx, jinja2, matplotlib, ipywidgets, anywidget, jwtlab.widgets
print(jwtlab.__file__ or "")
"""
_HAS_JWTLAB = (
    "import importlib.util as u, sys; s = u.find_spec('jwtlab'); sys.exit(s is None or s.origin is None)"
)
# Names in Python's own library that nothing here needs, and that learners like to give.
HARMLESS = frozenset({"antigravity", "idlelib", "lib2to3", "test", "this", "turtle", "turtledemo"})


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


def examine(folder: Path | None = None) -> list[Diagnosis]:
    """Look at this installation from every side.

    Args:
        folder: where the learner's copies are, and so where kernels run; by default this folder.
    """
    folder = Path.cwd() if folder is None or not folder.is_dir() else folder
    command = _kernel_spec()
    return [
        python_version(sys.version_info[:2]),
        *packages(installed_version),
        *serving_environment(Path(sys.executable), _probe),
        *other_jupyterlab(jupyterlab_on_path(), _probe),
        kernel(command, lambda interpreter: _has_jwtlab(interpreter, folder)),
        *lesson_imports(command, lambda interpreter: _imports(interpreter, folder)),
        *shadows({"the folder of your lessons": [folder], "PYTHONPATH": _python_path()}),
        home(home_folders(), can_write),
        *proxy(_proxies()),
        port(PORT, port_is_free),
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
    ours = f" Or start the lessons with: {_python_in_words()} -m jwtlab lab"
    return [replace(d, remedy=d.remedy + ours) if d.remedy else d for d in serving_environment(python, probe)]


def _is_ours(seen: Mapping[str, str | None]) -> bool:
    return seen.get("prefix") == sys.prefix


def _front_end(name: str, major: int, seen: Mapping[str, str | None], python: Path, where: str) -> Diagnosis:
    version = seen.get(name)
    remedy = f'Run: "{python}" -m pip install --force-reinstall "{name}>={major},<{major + 1}"'
    remedy += ", then start JupyterLab again."
    if version is None:
        return Diagnosis(name, False, f"is missing in {where}, which serves JupyterLab", remedy)
    if _numbers(version)[:1] != (major,):
        finding = f"version {version} in {where} does not match ours, which needs version {major}"
        return Diagnosis(name, False, finding, remedy)
    if seen.get(f"front of {name}") is None:
        finding = f"version {version} in {where} has lost its front end: JupyterLab will not show widgets"
        return Diagnosis(name, False, finding, remedy)
    return Diagnosis(name, True, f"version {version} in {where}")


def kernel(command: list[str] | None, has_jwtlab: Callable[[str], bool]) -> Diagnosis:
    """Is there a Python kernel, does its interpreter exist, and has it got jwtlab?

    Args:
        command: the kernel's command line, or ``None`` if there is no kernel called python3.
        has_jwtlab: interpreter → whether ``import jwtlab`` would find it.
    """
    mend = f"Run: {_python_in_words()} -m ipykernel install --sys-prefix"
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


def shadows(
    places: Mapping[str, Iterable[Path]], known: Callable[[str], bool] | None = None
) -> list[Diagnosis]:
    """Files of the learner's own that Python would take for one of its own modules, or for a package of ours.

    Args:
        places: in words, and the folders, in which Python looks before it looks at its own.
        known: name → whether a module of this name is needed; by default Python's own and the installed ones.
    """
    found = []
    for where, folders in places.items():
        for folder in folders:
            names = [each for each in _modules_in(folder) if (known or _is_needed)(each.stem)]
            if names:
                listed = ", ".join(sorted(each.name for each in names)[:5]) + (" …" if len(names) > 5 else "")
                finding = f"{listed} in {folder} ({where}) hides the module of the same name"
                mend = "Take the folder out of PYTHONPATH" if where == "PYTHONPATH" else "Rename it"
                found.append(Diagnosis("names", False, finding, f"{mend}, then restart the kernel."))
    return found


def _modules_in(folder: Path) -> list[Path]:
    try:
        entries = list(folder.iterdir())
    except OSError:
        return []
    ours = Path(__file__).resolve().parent
    return [
        each
        for each in entries
        if (each.suffix == ".py" or (each / "__init__.py").is_file()) and each.resolve() != ours
    ]


def _is_needed(name: str) -> bool:
    if name in sys.stdlib_module_names:
        return name not in HARMLESS
    installed = Path(sysconfig.get_path("purelib"))
    return (
        name == "jwtlab"
        or (installed / name / "__init__.py").is_file()
        or (installed / f"{name}.py").is_file()
    )


def _python_path() -> list[Path]:
    installed = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib", "stdlib")}
    folders = (Path(each) for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each)
    return [folder for folder in folders if folder.resolve() not in installed]


def home(places: Mapping[str, Path], writable: Callable[[Path], bool]) -> Diagnosis:
    """Can Jupyter write its own files?

    Args:
        places: environment variable that moves it → folder.
        writable: folder → whether it can be written to, or made.
    """
    bad = sorted({str(folder) for folder in places.values() if not writable(folder)})
    if not bad:
        return Diagnosis("home", True, "Jupyter can keep its files")
    remedy = "jwtlab lab keeps them in .jwtlab beside your lessons instead. Or set HOME to a folder of yours."
    return Diagnosis("home", False, f"Jupyter cannot write to {', '.join(bad)}", remedy)


def home_folders() -> dict[str, Path]:
    """Where Jupyter, IPython and matplotlib keep their own files: environment variable → folder."""
    own = Path(os.path.expanduser("~"))
    places = {
        "IPYTHONDIR": Path(os.environ.get("IPYTHONDIR") or own / ".ipython"),
        "MPLCONFIGDIR": Path(os.environ.get("MPLCONFIGDIR") or own),
    }
    try:
        from jupyter_core import paths
    except ImportError:
        return places
    return places | {
        "JUPYTER_DATA_DIR": Path(paths.jupyter_data_dir()),
        "JUPYTER_RUNTIME_DIR": Path(paths.jupyter_runtime_dir()),
        "JUPYTER_CONFIG_DIR": Path(paths.jupyter_config_dir()),
    }


def can_write(folder: Path) -> bool:
    """Can a file be made in this folder, or the folder itself?"""
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def proxy(proxies: Mapping[str, str]) -> list[Diagnosis]:
    """Is there a proxy, and can the explorer of lesson 32 go through it?

    Args:
        proxies: scheme → address, as the environment names them.
    """
    named = proxies.get("https") or proxies.get("all")
    if not named:
        return []
    shown = re.sub(r"//[^/]*@", "//", named)  # without a password
    if "://" in named and not named.startswith(("http://", "https://")):
        finding = f"{shown} is of a kind that the explorer of lesson 32 cannot use"
        return [Diagnosis("proxy", False, finding, "Set HTTPS_PROXY to an http:// proxy, if there is one.")]
    return [Diagnosis("proxy", True, f"{shown}; only the explorer of lesson 32 goes through it")]


def _proxies() -> dict[str, str]:
    from urllib.request import getproxies  # late: it loads a good part of Python's own library

    return getproxies()


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


def _probe(python: Path) -> Mapping[str, str | None] | None:
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


def _kernel_spec() -> list[str] | None:
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


def _has_jwtlab(interpreter: str, folder: Path) -> bool:
    try:
        command = [interpreter, "-c", _HAS_JWTLAB]
        return subprocess.run(command, cwd=folder, capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _imports(interpreter: str, folder: Path) -> tuple[str, str]:
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


def port_is_free(number: int) -> bool:
    """Can a server listen on this port of the loopback interface?"""
    with socket.socket() as probe:
        # As the server does it: a port that has just been left may be taken at once.
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True


def first_free_port() -> int:
    """JupyterLab's usual port, or the next one that is free, or any."""
    for number in range(PORT, PORT + 50):
        if port_is_free(number):
            return number
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
