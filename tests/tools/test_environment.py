"""An environment that is not whole is noticed and mended, by real processes in a small project of the same name."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="make is no way in on Windows")

PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "jwtlab"
version = "0"
[project.optional-dependencies]
dev = []
"""
# Builds without a network, as an editable installation of the real project does.
BACKEND = """
import os, zipfile
META = "Metadata-Version: 2.1\\nName: jwtlab\\nVersion: 0\\nProvides-Extra: dev\\n"
WHEEL = "Wheel-Version: 1.0\\nGenerator: here\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
def build_editable(folder, config_settings=None, metadata_directory=None):
    if os.path.exists("broken"):
        raise RuntimeError("no network today")
    name = "jwtlab-0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("_jwtlab.pth", os.getcwd())
        wheel.writestr("jwtlab-0.dist-info/METADATA", META)
        wheel.writestr("jwtlab-0.dist-info/WHEEL", WHEEL)
        wheel.writestr("jwtlab-0.dist-info/entry_points.txt", "[console_scripts]\\njwtlab = jwtlab:main\\n")
        wheel.writestr("jwtlab-0.dist-info/RECORD", "")
    return name
build_wheel = build_editable
"""
PACKAGE = "def main():\n    print('at work in', __file__)\n"


def clean_environment(**more):
    kept = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH")}
    return kept | {"PIP_NO_INDEX": "1"} | more


def start(folder, kind="lab", **more):
    command = [sys.executable, "-I", folder / "tools" / "environment.py", kind]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=clean_environment(**more), stdout=pipe, stderr=pipe, text=True)


def set_up(folder, kind="lab", **more):
    process = start(folder, kind, **more)
    out, err = process.communicate(timeout=300)
    assert "Traceback" not in err
    return process.returncode, out + err


def at_work(folder, **more):
    """What the installed command says."""
    script = folder / ".venv" / "bin" / "jwtlab"
    answer = subprocess.run(
        [script], cwd="/", env=clean_environment(**more), capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def expected(folder):
    return f"at work in {folder / 'jwtlab' / '__init__.py'}"


def make_project(folder):
    (folder / "tools").mkdir(parents=True)
    (folder / "jwtlab").mkdir()
    shutil.copy(ROOT / "tools" / "environment.py", folder / "tools")
    (folder / "jwtlab" / "__init__.py").write_text(PACKAGE, "utf-8")
    (folder / "pyproject.toml").write_text(PROJECT, "utf-8")
    (folder / "constraints.txt").write_text("", "utf-8")
    (folder / "backend.py").write_text(BACKEND, "utf-8")
    return folder


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Made from nothing, once."""
    folder = make_project(tmp_path_factory.mktemp("template") / "project")
    code, said = set_up(folder)
    assert code == 0, said
    assert "is made" in said
    assert at_work(folder) == expected(folder)
    return folder


@pytest.fixture
def project(template, tmp_path):
    """A copy that has been told its new place."""
    folder = tmp_path / "project"
    shutil.copytree(template, folder, symlinks=True)
    assert set_up(folder)[0] == 0
    return folder


def test_environment_that_is_whole_is_left_alone(project):
    before = (project / ".venv" / ".lab").stat().st_mtime_ns
    assert set_up(project) == (0, "")
    assert (project / ".venv" / ".lab").stat().st_mtime_ns == before


def test_changed_list_of_packages_is_installed(project):
    later = time.time() + 10
    os.utime(project / "constraints.txt", (later, later))
    before = (project / ".venv" / ".lab").stat().st_mtime_ns
    assert set_up(project)[0] == 0
    assert (project / ".venv" / ".lab").stat().st_mtime_ns > before


@pytest.mark.parametrize("name", ["renamed", "with a blank", "mit-ümläuten", "n" * 120])
def test_renamed_folder_is_mended_without_making_anew(project, name):
    moved = project.with_name(name)
    project.rename(moved)
    mark = moved.joinpath(".venv", "mark")
    mark.write_text("", "utf-8")
    (moved / "broken").write_text("", "utf-8")  # nothing can be installed now
    code, said = set_up(moved)
    assert code == 0, said
    assert "renamed or moved" in said
    assert mark.exists()
    assert at_work(moved) == expected(moved)
    assert at_work(moved, LC_ALL="C", PYTHONIOENCODING="utf-8") == expected(moved)
    assert set_up(moved) == (0, "")


def python_is_gone(folder):
    for link in (folder / ".venv" / "bin").glob("python*"):
        link.unlink()
        link.symlink_to("/nowhere/python3")


def python_is_too_old(folder):
    for link in (folder / ".venv" / "bin").glob("python*"):
        link.unlink()
    script = folder / ".venv" / "bin" / "python"
    script.write_text(f"#!/bin/sh\nprintf '3.10\\n{folder}/.venv\\nTrue\\nNone\\n'\n", "utf-8")
    script.chmod(0o755)


def pip_is_missing(folder):
    (pip,) = (folder / ".venv" / "lib").glob("python*/site-packages/pip")
    shutil.rmtree(pip)


def was_interrupted(folder):
    (folder / ".venv" / ".unfinished").write_text("", "utf-8")


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (python_is_gone, "is gone or does not start"),
        (python_is_too_old, "older than 3.11"),
        (pip_is_missing, "no pip"),
        (was_interrupted, "interrupted"),
    ],
)
@pytest.mark.long
def test_environment_that_is_not_whole_is_made_anew(project, break_it, words):
    break_it(project)
    code, said = set_up(project)
    assert code == 0, said
    assert words in said
    assert at_work(project) == expected(project)
    assert not (project / ".venv.old").exists()


@pytest.mark.long
def test_environment_killed_while_it_was_made_is_made_anew(tmp_path):
    folder = make_project(tmp_path / "project")
    first = start(folder)
    deadline = time.monotonic() + 60
    while not (folder / ".venv" / "pyvenv.cfg").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert (folder / ".venv").exists()
    assert not (folder / ".venv" / ".lab").exists()
    code, said = set_up(folder)
    assert code == 0, said
    assert at_work(folder) == expected(folder)


@pytest.mark.long
def test_two_calls_at_once_wait_for_each_other(tmp_path):
    folder = make_project(tmp_path / "project")
    first, second = start(folder), start(folder, "dev")
    told = [process.communicate(timeout=300) for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], told
    assert sum("goes on when it is ready" in out for out, _ in told) == 1
    assert at_work(folder) == expected(folder)
    assert (folder / ".venv" / ".dev").exists()


@pytest.mark.long
def test_old_environment_comes_back_where_no_new_one_can_be_made(project):
    was_interrupted(project)
    (project / "broken").write_text("", "utf-8")
    mark = project / ".venv" / "mark"
    mark.write_text("", "utf-8")
    code, said = set_up(project)
    assert code == 1
    assert "cannot be installed" in said
    assert mark.exists()
    assert not (project / ".venv.old").exists()


def test_failed_update_leaves_a_whole_environment_whole(project):
    later = time.time() + 10
    os.utime(project / "constraints.txt", (later, later))
    (project / "broken").write_text("", "utf-8")
    code, said = set_up(project)
    assert code == 1
    assert said.count("\n") == 1
    (project / "broken").unlink()
    code, said = set_up(project)
    assert (code, said) == (0, "")
    assert at_work(project) == expected(project)


def test_python_without_venv_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.syspath_prepend(ROOT / "tools")
    import environment

    monkeypatch.setitem(sys.modules, "ensurepip", None)
    for name in ("VENV", "OLD", "LOCK", "UNFINISHED"):
        monkeypatch.setattr(environment, name, str(tmp_path / name.lower()))
    assert environment.main(["lab"]) == 1
    assert "python3-venv" in capsys.readouterr().err
    assert not (tmp_path / "venv").exists()


def test_older_python_is_told_so(monkeypatch, capsys):
    monkeypatch.syspath_prepend(ROOT / "tools")
    import environment

    monkeypatch.setattr(environment.sys, "version_info", (3, 10, 4))
    assert environment.main(["lab"]) == 1
    assert "3.11 or newer; this is 3.10" in capsys.readouterr().out


@pytest.mark.parametrize(("newest", "is_told"), [((3, 11), False), ((3, 10), True)])
def test_python_for_which_packages_are_missing_is_told_the_way_out(
    tmp_path, monkeypatch, capsys, newest, is_told
):
    monkeypatch.syspath_prepend(ROOT / "tools")
    import environment

    def no_wheel(command, failure):
        if "pip" in command:
            raise environment.Refusal(f"{failure}: Unknown compiler")

    monkeypatch.setattr(environment, "NEWEST", newest)
    monkeypatch.setattr(environment, "run", no_wheel)
    monkeypatch.setattr(environment, "probe", lambda venv: ["3.11", str(venv), "True", "None"])
    for name in ("VENV", "OLD", "LOCK", "UNFINISHED"):
        monkeypatch.setattr(environment, name, str(tmp_path / name.lower()))
    assert environment.main(["lab"]) == 1
    told = capsys.readouterr().err
    assert "Unknown compiler" in told
    assert ("make lab PYTHON=" in told) is is_told
