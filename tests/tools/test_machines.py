"""The tool that opens the lab on awkward machines, and one machine on which most things are awkward at once."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("machines", ROOT / "tools" / "machines.py")
machines = importlib.util.module_from_spec(_spec)
sys.modules["machines"] = machines
_spec.loader.exec_module(machines)
TABLE = (ROOT / "docs" / "machines.md").read_text("utf-8")
EVERY = {**machines.CASES, **machines.new_machines.CASES}


@pytest.mark.long
def test_most_of_it_at_once(tmp_path):
    """Each alone: python tools/machines.py"""
    machine = machines.Machine(tmp_path)
    machine.work = tmp_path / "meine Übungen 🎓"
    machine.umask = 0o077
    words = '{"argv": ["false"], "display_name": "mine", "language": "python"}'
    machine.write(".local/share/jupyter/kernels/python3/kernel.json", words)
    machine.write(".ipython/profile_default/startup/00-mine.py", "import a_module_of_the_office\n")
    machine.write(".jupyter/jupyter_server_config.json", '{"ServerApp": ')
    machine.env.update({"PYTHONWARNINGS": "error", "COLUMNS": "40", "TERM": "dumb"})
    machine.env.update({"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"})
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        machine.env[name] = "http://192.0.2.1:3128"
    with machine.opened() as lab:
        assert machines.runs(lab, ("01_three_parts.ipynb",)) == "opens, lessons run"
        # A cell too early, in a kernel in which nothing has run yet.
        body = {
            "path": "05_verifying.ipynb",
            "name": "05_verifying.ipynb",
            "type": "notebook",
            "kernel": {"name": "python3"},
        }
        session = lab.ask("api/sessions", body)
        (cell,) = lab._run(session["kernel"]["id"], ['Predict("05.p1")'])
    assert "first code cell of this lesson" in cell.trace
    assert [path for path in machine.work.rglob("*") if path.stat().st_mode & 0o077] == []


def test_cell_that_fails_is_a_fault(tmp_path):
    class Lab:
        def said(self):
            return ""

        def run_lesson(self, name, more):
            return [machines.driven_lab.Cell(error="NameError: x")]

    with pytest.raises(machines.Fault, match="NameError: x"):
        machines.runs(Lab())


def test_every_case_stands_in_the_table_and_every_name_in_the_table_is_there():
    named = set(re.findall(r"`tools/machines\.py ([\w.-]+)`", TABLE))
    assert named == set(EVERY)
    for file, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TABLE):
        assert re.search(rf"^def {test}\b", (ROOT / file).read_text("utf-8"), re.M), (file, test)
    for file in re.findall(r"`((?:tests|tools|\.github)/[\w./]+)`", TABLE):
        assert (ROOT / file).exists(), file


def test_lowest_versions_are_those_of_every_dependency():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    bounds = machines.new_machines.lower_bounds(text)
    block = text.partition("\ndependencies = [")[2].partition("\n]")[0]
    assert len(bounds) == len(re.findall(r'^\s*"', block, re.M))
    assert "cryptography==45.0.1.*" in bounds
