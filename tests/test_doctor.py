"""The doctor sees each way in which an installation is broken, and says how to mend it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from jwtlab import doctor

HERE = Path(sys.executable)
GOOD = {"jupyterlab": "4.6.6", "jupyterlab_widgets": "3.0.17", "anywidget": "0.11.0", "httpx": "0.28.1"}


def bad(diagnoses):
    return [diagnosis for diagnosis in diagnoses if not diagnosis.fine]


def test_this_installation_is_in_order():
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
    ],
)
def test_serving_environment_without_the_widgets_front_end_is_named(change, subject, words):
    (diagnosis,) = bad(doctor.serving_environment(HERE, lambda python: {**GOOD, **change}))
    assert diagnosis.subject == subject
    assert words in diagnosis.finding
    assert str(HERE) in diagnosis.remedy


def test_serving_environment_that_is_another_one_is_named(tmp_path):
    other = tmp_path / "python"
    (diagnosis,) = doctor.serving_environment(other, lambda python: GOOD)
    assert diagnosis.fine
    assert f"another environment ({other})" in diagnosis.finding


def test_serving_environment_that_does_not_answer_is_named(tmp_path):
    (diagnosis,) = bad(doctor.serving_environment(tmp_path / "python", doctor._probe))
    assert "does not answer" in diagnosis.finding


def test_no_jupyter_lab_on_the_path_is_no_fault():
    assert not bad(doctor.serving_environment(None, lambda python: None))


@pytest.mark.parametrize("command", [None, [], ["/nowhere/python", "-m", "ipykernel_launcher"]])
def test_missing_kernel_is_named(command):
    diagnosis = doctor.kernel(command)
    assert not diagnosis.fine
    assert "ipykernel install" in diagnosis.remedy


def test_port_in_use_is_named_with_the_way_out():
    diagnosis = doctor.port(8888, lambda number: False)
    assert "in use" in diagnosis.finding
    assert "--port" in diagnosis.remedy


def test_report_counts_what_is_to_be_mended():
    text, code = doctor.report([doctor.kernel(None), doctor.python_version((3, 12))])
    assert code == 1
    assert "FIX kernel" in text
    assert text.endswith("1 thing to mend, see FIX above.")
