"""macOS and Windows, which the tests have not run on: what differs by system, each difference simulated here.

docs/machines.md has the list. The simulated system is a fresh interpreter in which a thing is missing or other.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import httpx
import pytest

from jwtlab import cli, lab_command, lessons
from jwtlab.classroom import sandbox
from jwtlab.errors import UsageError

ROOT = Path(__file__).resolve().parents[1]
NOT_IN_WINDOWS = ("fcntl", "grp", "pwd", "resource", "termios", "tty", "pty")
# What a Python in Windows lacks, taken away before anything of ours is loaded.
AS_IN_WINDOWS = f"""
import sys, os, signal
for name in {NOT_IN_WINDOWS}:
    sys.modules[name] = None
for name in ("SIGUSR1", "SIGHUP", "SIGKILL", "SIGALRM"):
    if hasattr(signal, name):
        delattr(signal, name)
for name in ("fork", "geteuid", "getuid", "killpg", "setsid"):
    if hasattr(os, name):
        delattr(os, name)
"""


def fresh(code: str, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    more = {"cwd": env.pop("cwd", None), "timeout": 120, "capture_output": True}
    return subprocess.run(command, env={**os.environ, **env}, text=True, encoding="utf-8", **more)


def files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if listed.returncode:
        pytest.skip("this is no checkout")
    return [each for each in listed.stdout.decode().split("\0") if each]


def test_no_module_needs_what_only_unix_has():
    # Other people's packages look at sys.platform, which is not changed: they are loaded before.
    code = (
        "import nbgrader.api, filelock, psutil, tqdm, waitress\n"
        + AS_IN_WINDOWS
        + """
import importlib, pkgutil, jwtlab
for module in pkgutil.walk_packages(jwtlab.__path__, "jwtlab."):
    parts = module.name.split(".")
    if parts[-1] == "__main__" or "hub" in parts or "nbgrader" in module.name:
        continue  # JupyterHub and nbgrader are for Linux and macOS
    importlib.import_module(module.name)
    print(module.name)
"""
    )
    done = fresh(code)
    assert done.returncode == 0, done.stderr[-1500:]
    assert {"jwtlab.serve", "jwtlab.classroom.sandbox", "jwtlab.widgets.flow"} <= set(done.stdout.split())


def test_serve_works_without_the_signals_of_unix():
    code = AS_IN_WINDOWS + "from jwtlab import cli\nsys.exit(cli.main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "serve", "--json", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            told = json.loads(process.stdout.readline())
            assert httpx.get(f"{told['issuer']}/jwks", trust_env=False).status_code == 200
            process.send_signal(signal.SIGINT)  # Ctrl+C
            assert process.wait(30) == 0
            assert "Traceback" not in process.stderr.read()
        finally:
            process.kill()


def test_where_nothing_can_take_our_place_the_lab_is_a_child_and_ctrl_c_is_no_traceback(
    monkeypatch, tmp_path
):
    called = []

    def call(command, env):
        called.append(command)
        raise KeyboardInterrupt

    monkeypatch.setattr(lab_command.subprocess, "call", call)
    monkeypatch.setattr(lab_command, "os", _windows(os))  # it has no exec, and no user 0
    assert cli.main(["lab", str(tmp_path / "work")]) == 130
    assert "jupyterlab" in called[0]
    assert "--allow-root" not in called[0]


def _windows(real):
    """What `os` has in Windows, as far as it is asked for here."""
    return SimpleNamespace(name="nt", environ=real.environ, path=real.path, pathsep=real.pathsep)


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "cp932", "ascii"])
def test_every_command_speaks_to_a_console_of_few_letters(tmp_path, encoding):
    """Arrows and check marks are in no old code page: they may look odd, and must not end the command."""
    (tmp_path / "übung").mkdir()
    har = next((ROOT / "tests" / "reading").rglob("*.har"), None) or _a_har(tmp_path)
    words = (
        ["--help"],
        ["doctor", "übung"],
        ["progress", "export", "ü.json"],
        ["read", str(har)],
        ["reset", "99"],
    )
    code = """
import sys
from jwtlab import cli
for words in %r:
    try:
        cli.main(words)
    except SystemExit:
        pass
"""
    done = subprocess.run(
        [sys.executable, "-c", code % (words,)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": encoding, "JWTLAB_PROGRESS": str(tmp_path / "none.json")},
        capture_output=True,
        timeout=180,
    )
    said = (done.stdout + done.stderr).decode(encoding)
    assert done.returncode == 0, said[-1500:]
    assert "Traceback" not in said
    assert "doctor" in said


def _a_har(folder: Path) -> Path:
    path = folder / "a.har"
    path.write_text(
        '{"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": []}}', "utf-8"
    )
    return path


def test_every_file_is_opened_with_its_encoding_named():
    """Else it would be the console's, and so another one in each country."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--preview",
            "--select",
            "PLW1514",
            "--no-cache",
            "jwtlab",
            "tools",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-1500:]


def test_names_of_files_are_possible_everywhere():
    found = files()
    assert len({each.casefold() for each in found}) == len(found)  # macOS and Windows tell no case apart
    for each in found:
        assert not re.search(r'[<>:"|?*\\]', each), each
        assert each.isascii(), each  # macOS may write an umlaut as two signs
        assert not PureWindowsPath(each).is_reserved() if sys.version_info < (3, 13) else True
        assert not each.endswith((".", " ")), each
        assert len(each) < 150, each  # Windows' 260, with room for the folder


def test_bytes_that_are_compared_stay_as_they_are_in_windows():
    done = subprocess.run(
        ["git", "check-attr", "eol", "notebooks/00_start_here.ipynb"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip("this is no checkout")
    assert done.stdout.strip().endswith("eol: lf")


def test_copies_with_the_line_ends_of_windows_are_renewed_like_others(tmp_path, monkeypatch):
    """Lessons from a checkout that turned LF into CR LF."""
    shipped = tmp_path / "notebooks"
    shipped.mkdir()
    for path in lessons.originals()[:2]:
        (shipped / path.name).write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setattr(lessons, "source", lambda: shipped)
    folder = tmp_path / "work"
    assert len(lessons.copy_missing(folder).new) == 2
    changed = (shipped / lessons.FIRST).read_bytes().replace(b"Start here", b"Begin here")
    (shipped / lessons.FIRST).write_bytes(changed)
    assert lessons.copy_missing(folder).renewed == (lessons.FIRST,)
    assert json.loads((folder / lessons.FIRST).read_bytes())["nbformat"] == 4


def test_folder_behind_a_symbolic_link_is_one_folder(tmp_path):
    """As /tmp and /var in macOS, which are links into /private."""
    (tmp_path / "private").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "private")
    assert len(lessons.copy_missing(tmp_path / "private" / "work").new) > 30
    again = lessons.copy_missing(tmp_path / "link" / "work")
    assert (again.new, again.renewed) == ((), ())


def test_workers_are_started_and_not_forked():
    """macOS and Windows start a process anew: what it is to run must be found by its name."""
    code = """
import multiprocessing
from jwtlab import Lab
from jwtlab.attacks import cracker
import jwtlab
if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    key = jwtlab.Key.from_secret(b"changeme" * 4)
    token = jwtlab.issue({"sub": "alice"}, key, alg="HS256")
    found = cracker.crack(token, [b"no", b"changeme" * 4], workers=2)
    print("found", found)
"""
    done = fresh(AS_IN_WINDOWS + code)
    assert done.returncode == 0, done.stderr[-800:]
    assert "changeme" in done.stdout


def test_students_code_is_refused_in_words_where_it_cannot_be_walled_in(monkeypatch):
    monkeypatch.setattr(sandbox, "os", _windows(os))
    with pytest.raises(UsageError, match="WSL"):
        sandbox.StudentProcess(sandbox.Limits())


def test_limit_that_the_system_does_not_know_is_left_out(monkeypatch):
    """macOS refuses a limit of the address space."""
    import resource

    asked = []

    def setrlimit(name, limits):
        if name == resource.RLIMIT_AS:
            raise ValueError("current limit exceeds maximum limit")
        asked.append(name)

    monkeypatch.setattr(resource, "setrlimit", setrlimit)
    monkeypatch.setattr(sandbox.processes, "end_with", lambda parent: None)
    sandbox._limit_resources(1000, os.getppid())
    assert asked == [resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC]


def test_hub_is_refused_in_words_in_windows(monkeypatch, tmp_path):
    from jwtlab.classroom.hub import start

    monkeypatch.setattr(start, "os", _windows(os))
    monkeypatch.setattr(start, "NEEDED", ())
    with pytest.raises(UsageError, match="WSL"):
        start.run(SimpleNamespace(folder=tmp_path / "hub"))
