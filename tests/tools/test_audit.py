"""make audit: what is said of packages that are sound, that are not, and that nobody could ask about."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import audit  # noqa: E402

SOUND = {"name": "good", "version": "1", "vulns": []}
FLAWED = {"name": "bad", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["2.1"]}]}
UNKNOWN = {"name": "own", "skip_reason": "Dependency not found on PyPI and could not be audited: own (3)"}


@pytest.mark.parametrize(
    ("packages", "code", "words"),
    [
        ([SOUND], 0, "1 packages were looked up, 0 were not: 0 known vulnerabilities."),
        ([SOUND, FLAWED], 1, "bad 2: CVE-1; mended in 2.1"),
        ([SOUND, UNKNOWN], 0, "not looked at: own"),
        ([UNKNOWN, UNKNOWN], 2, "could not be asked, so nothing is known"),
        ([], 2, "could not be asked"),
    ],
    ids=["sound", "flawed", "one unknown", "all unknown", "none"],
)
def test_what_was_not_looked_at_is_never_called_sound(packages, code, words, capsys):
    assert audit.report(packages) == code
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    "program",
    [
        "raise ConnectionError('Name or service not known')",
        "import sys; print('ERROR:pip_audit: no route to host', file=sys.stderr); sys.exit(1)",
        "print('[]')",
        "",
    ],
    ids=["a traceback", "an error", "other JSON", "nothing"],
)
def test_database_out_of_reach_is_a_sentence(program, monkeypatch, capsys):
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda command, **how: run([sys.executable, "-c", program], **how))
    assert audit.audit([]) == 2
    said = capsys.readouterr()
    assert said.out.startswith("The database of known vulnerabilities could not be asked")
    assert "Traceback" not in said.out + said.err


def test_database_that_never_answers_is_a_sentence(monkeypatch, capsys):
    def slow(command, **how):
        raise subprocess.TimeoutExpired(command, how["timeout"])

    monkeypatch.setattr(subprocess, "run", slow)
    assert audit.audit([]) == 2
    assert "did not answer within 10 minutes" in capsys.readouterr().out


def test_answer_is_read_as_pip_audit_writes_it(monkeypatch, capsys):
    run = subprocess.run
    answer = json.dumps({"dependencies": [SOUND], "fixes": []})
    program = f"print({answer!r})"
    monkeypatch.setattr(subprocess, "run", lambda command, **how: run([sys.executable, "-c", program], **how))
    assert audit.audit([]) == 0
    assert "1 packages" in capsys.readouterr().out
