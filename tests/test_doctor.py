"""The doctor sees each way in which an installation is broken, and says how to mend it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jwtlab import doctor

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


def test_this_installation_is_in_order(monkeypatch):
    # Not the jupyter-lab of the machine, which is none of our business here.
    monkeypatch.setenv("PATH", str(HERE.parent), prepend=os.pathsep)
    text, code = doctor.report(doctor.examine())
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
        ("cryptography", "43.0.1", "older than 44"),
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
    (diagnosis,) = bad(doctor.serving_environment(tmp_path / "python", doctor._probe))
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
    root = Path(doctor.__file__).parents[1]
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
