"""The tool that runs a command in a Debian of its own, as far as it needs no Debian."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
sys.path.append(str(TOOLS))
_spec = importlib.util.spec_from_file_location("in_debian", TOOLS / "in_debian.py")
in_debian = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(in_debian)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "sources.list",
            "# deb http://old.example/debian sid main\ndeb http://mirror.example/debian trixie main\n",
        ),
        ("sources.list", "deb [signed-by=/a/key.gpg] http://mirror.example/debian trixie main\n"),
        ("debian.sources", "Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie\n"),
    ],
)
def test_packages_come_from_where_apt_takes_them(tmp_path, monkeypatch, name, text):
    (tmp_path / name).write_text(text)
    (tmp_path / "notes.txt").write_text("deb http://wrong.example/debian sid main\n")
    monkeypatch.setattr(in_debian, "SOURCES", (tmp_path / "missing", tmp_path))
    assert list(in_debian.mirrors()) == ["http://mirror.example/debian"]


def test_nothing_of_this_machine_is_seen_inside(tmp_path):
    words = in_debian.walls(tmp_path)
    bound = [words[at + 1] for at, word in enumerate(words) if word in ("--bind", "--ro-bind", "--dev-bind")]
    assert bound == [str(tmp_path)]
    assert "--clearenv" in words


def test_a_system_that_was_not_made_to_its_end_is_made_anew(tmp_path):
    assert not in_debian.is_whole(tmp_path, ["python3"])
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "jwtlab-packages").write_text("python3\nmake")
    assert in_debian.is_whole(tmp_path, ["python3", "make"])
    assert not in_debian.is_whole(tmp_path, ["python3"])


def test_without_a_command_or_its_programs_it_says_so(capsys, monkeypatch):
    with pytest.raises(SystemExit) as ended:
        in_debian.main(["forky"])
    assert ended.value.code == 2
    assert "make lab" in capsys.readouterr().err
    monkeypatch.setattr(in_debian.shutil, "which", lambda name: None)
    assert in_debian.main(["forky", "make", "lab"]) == 2
    assert "debootstrap" in capsys.readouterr().err
