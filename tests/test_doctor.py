"""The doctor sees each way in which an installation is broken, and says how to mend it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jwtlab import doctor
from jwtlab.doctor import front_ends, kernels

HERE = Path(sys.executable)
GOOD = {
    "jupyterlab_widgets": "3.0.17",
    "anywidget": "0.11.0",
    "front of jupyterlab_widgets": "package.json",
    "front of anywidget": "package.json",
    "prefix": sys.prefix,
}
OTHER = {**GOOD, "prefix": "elsewhere"}


def bad(diagnoses):
    return [diagnosis for diagnosis in diagnoses if not diagnosis.fine]


def test_this_installation_is_in_order(monkeypatch, tmp_path):
    # Not the jupyter-lab of the machine, which is none of our business here.
    monkeypatch.setenv("PATH", str(HERE.parent), prepend=os.pathsep)
    text, code = doctor.report(doctor.examine(tmp_path))
    assert code == 0, text
    assert "Everything is in order." in text


def test_old_python_is_named():
    diagnosis = doctor.python_version((3, 10))
    assert not diagnosis.fine
    assert "3.10 is too old" in diagnosis.finding
    assert doctor.python_version((3, 11)).fine
    assert doctor.python_version((4, 0)).fine


@pytest.mark.parametrize(
    ("name", "version", "words"),
    [
        ("anywidget", None, "is missing"),
        ("cryptography", "43.0.1", "older than 45"),
        ("httpx", "1.0.0", "below 1"),
    ],
)
def test_package_missing_old_or_too_new_is_named_with_a_remedy(name, version, words):
    versions = {**{n: doctor.installed_version(n) for n in doctor.NEEDED}, name: version}
    (diagnosis,) = bad(doctor.packages(versions.get))
    assert diagnosis.subject == name
    assert words in diagnosis.finding
    assert "-m pip install" in diagnosis.remedy


@pytest.mark.parametrize(
    ("change", "subject", "words"),
    [
        ({"jupyterlab_widgets": None}, "jupyterlab_widgets", "is missing"),
        ({"jupyterlab_widgets": "1.1.10"}, "jupyterlab_widgets", "does not match"),
        ({"anywidget": None}, "anywidget", "is missing"),
        ({"anywidget": "1.0.0"}, "anywidget", "does not match"),
        ({"front of jupyterlab_widgets": None}, "jupyterlab_widgets", "lost its front end"),
        ({"front of anywidget": None}, "anywidget", "lost its front end"),
    ],
)
def test_serving_environment_without_the_widgets_front_end_is_named(change, subject, words):
    (diagnosis,) = bad(doctor.serving_environment(HERE, lambda python: {**GOOD, **change}))
    assert diagnosis.subject == subject
    assert words in diagnosis.finding
    assert str(HERE) in diagnosis.remedy


def test_jupyterlab_of_another_environment_is_looked_at_too(tmp_path):
    other = tmp_path / "python"
    found = doctor.other_jupyterlab(other, lambda python: OTHER)
    assert not bad(found)
    assert all(f"another environment ({other})" in diagnosis.finding for diagnosis in found)
    (broken,) = bad(doctor.other_jupyterlab(other, lambda python: {**OTHER, "jupyterlab_widgets": None}))
    assert str(other) in broken.remedy
    assert "-m jwtlab lab" in broken.remedy


def test_jupyterlab_on_the_path_that_is_our_own_is_not_named_twice():
    assert doctor.other_jupyterlab(HERE, lambda python: GOOD) == []


@pytest.mark.skipif(os.name != "posix", reason="scripts begin with #! on POSIX systems only")
@pytest.mark.parametrize(
    "first", ["#!{folder}/python3", "#!/bin/sh", "#!/usr/bin/env python3", "#!/gone/python3"]
)
def test_interpreter_behind_jupyter_lab_is_found(tmp_path, monkeypatch, first):
    for name in ("python3", "python", "jupyter-lab"):
        (tmp_path / name).write_text(first.format(folder=tmp_path) + "\n", "utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    expected = "python3" if first.startswith("#!{") else "python"
    assert doctor.jupyterlab_on_path() == tmp_path / expected


def test_serving_environment_that_does_not_answer_is_named(tmp_path):
    (diagnosis,) = bad(doctor.serving_environment(tmp_path / "python", front_ends.probe))
    assert "does not answer" in diagnosis.finding


def test_no_jupyter_lab_on_the_path_is_no_fault():
    assert doctor.other_jupyterlab(None, lambda python: None) == []


@pytest.mark.parametrize("command", [None, [], ["/nowhere/python", "-m", "ipykernel_launcher"]])
def test_missing_kernel_is_named(command):
    diagnosis = doctor.kernel(command, lambda interpreter: True)
    assert not diagnosis.fine
    assert "ipykernel install" in diagnosis.remedy


def test_kernel_without_jwtlab_is_named():
    diagnosis = doctor.kernel([sys.executable], lambda interpreter: False)
    assert not diagnosis.fine
    assert "has no jwtlab" in diagnosis.finding


def test_doctor_can_be_asked_where_nothing_else_is_installed():
    """The doctor must not need what it looks for: only the standard library, and jwtlab."""
    code = "from jwtlab import cli; import sys; sys.exit(cli.main(['doctor']))"
    root = Path(doctor.__file__).parents[2]
    env = {"PYTHONPATH": str(root), "PATH": ""}
    # -S: without the folder of installed packages
    command = [sys.executable, "-S", "-c", code]
    answer = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 1, answer.stderr
    assert "Traceback" not in answer.stderr
    assert "FIX jupyterlab: is missing" in answer.stdout


def test_port_in_use_is_named_with_the_way_out():
    diagnosis = doctor.port(8888, lambda number: False)
    assert "in use" in diagnosis.finding
    assert "--port" in diagnosis.remedy


def test_report_counts_what_is_to_be_mended():
    text, code = doctor.report([doctor.kernel(None, bool), doctor.python_version((3, 12))])
    assert code == 1
    assert "FIX kernel" in text
    assert text.endswith("1 thing to mend, see FIX above.")


# --- what kernels find before ours -------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["jwt.py", "http.py", "token.py", "jwt/__init__.py", "matplotlib.py", "jwtlab.py"]
)
def test_file_that_hides_a_module_is_named(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("", "utf-8")
    (tmp_path / "notes.py").write_text("", "utf-8")
    for where in ("the folder of your lessons", "PYTHONPATH"):
        (diagnosis,) = bad(doctor.shadows({where: [tmp_path]}))
        assert name.partition("/")[0] in diagnosis.finding
        assert str(tmp_path) in diagnosis.finding
        assert "notes.py" not in diagnosis.finding
        assert ("PYTHONPATH" in diagnosis.remedy) == (where == "PYTHONPATH")


def test_files_that_hide_nothing_are_not_named(tmp_path):
    for name in ("my_jwt.py", "test.py", "http.txt", "jwt.ipynb"):
        (tmp_path / name).write_text("", "utf-8")
    (tmp_path / "jwt").mkdir()  # without __init__.py the installed package comes first
    assert doctor.shadows({"here": [tmp_path, tmp_path / "nowhere"]}) == []
    assert doctor.shadows({"a checkout": [Path(doctor.__file__).parents[2]]}) == []


@pytest.mark.parametrize("way", ["the folder of the lessons", "PYTHONPATH"])
def test_doctor_itself_survives_such_files_and_names_them(tmp_path, way):
    for name in ("jwt", "http", "random"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('mine')", "utf-8")
    env = {**os.environ, **({"PYTHONPATH": str(tmp_path)} if way == "PYTHONPATH" else {})}
    place = tmp_path if way != "PYTHONPATH" else tmp_path.parent
    command = [sys.executable, "-m", "jwtlab", "doctor"]
    answer = subprocess.run(command, env=env, cwd=place, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    named = [line for line in answer.stdout.splitlines() if line.startswith("FIX ")]
    assert [line.partition(":")[0] for line in named] == ["FIX imports", "FIX names"]
    assert "http.py, jwt.py, random.py" in named[1]


def test_kernel_whose_jwtlab_is_an_empty_folder_is_named(tmp_path):
    """As after a renamed checkout: the folder can be imported, and holds nothing."""
    (tmp_path / "jwtlab").mkdir()
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -I -S -c "import sys; sys.path.append(\'.\'); exec(sys.argv[2])" "$@"\n',
        "utf-8",
    )
    python.chmod(0o755)
    assert not kernels.has_jwtlab(str(python), tmp_path)
    assert kernels.has_jwtlab(sys.executable, tmp_path)
    command = [str(python)]
    (diagnosis,) = bad(doctor.lesson_imports(command, lambda interpreter: ("", "")))
    assert "empty folder" in diagnosis.finding


def test_import_that_fails_in_the_kernel_is_named_with_its_reason(tmp_path):
    (tmp_path / "jwt.py").write_text("raise RuntimeError('mine')", "utf-8")
    place, complaint = kernels.imports(sys.executable, tmp_path)
    assert (place, complaint) == ("", "RuntimeError: mine")
    (diagnosis,) = bad(doctor.lesson_imports([sys.executable], lambda interpreter: (place, complaint)))
    assert "RuntimeError: mine" in diagnosis.finding


# --- home and proxy ----------------------------------------------------------------------------------


def test_home_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    places = {"JUPYTER_DATA_DIR": tmp_path / "file" / "data", "IPYTHONDIR": tmp_path / "new" / "folder"}
    diagnosis = doctor.home(places, doctor.can_write)
    assert not diagnosis.fine
    assert str(tmp_path / "file" / "data") in diagnosis.finding
    assert str(tmp_path / "new") not in diagnosis.finding
    assert doctor.home({"IPYTHONDIR": tmp_path}, doctor.can_write).fine
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_home_folders_are_those_that_jupyter_would_take(monkeypatch, tmp_path):
    for name in (
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTER_CONFIG_DIR",
        "IPYTHONDIR",
        "MPLCONFIGDIR",
    ):
        monkeypatch.setenv(name, str(tmp_path / name))
        assert doctor.home_folders()[name] == tmp_path / name


@pytest.mark.parametrize(
    ("proxies", "fine"),
    [
        ({"https": "http://alice:secret@proxy.example:3128"}, True),
        ({"all": "proxy.example:3128"}, True),
        ({"all": "socks5://alice:secret@proxy.example:1080"}, False),
    ],
)
def test_proxy_is_named_without_its_password(proxies, fine):
    (diagnosis,) = doctor.proxy(proxies)
    assert diagnosis.fine is fine
    assert "proxy.example" in diagnosis.finding
    assert "secret" not in str(diagnosis)


def test_no_proxy_is_no_word():
    assert doctor.proxy({}) == doctor.proxy({"no": "localhost"}) == []
