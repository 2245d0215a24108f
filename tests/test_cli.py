"""The command jwtlab: arguments, environment, and words instead of tracebacks."""

from __future__ import annotations

import os
import socket

import pytest

from jwtlab import cli, lessons


@pytest.fixture(autouse=True)
def own_place(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def started(monkeypatch):
    """What would have been started, instead of starting it."""
    calls = []
    monkeypatch.setattr(cli, "_serve", lambda command, env: calls.append((command, env)) or 0)
    return calls


def test_lab_copies_lessons_and_starts_on_the_first(started, tmp_path, capsys):
    assert cli.main(["lab", "mine"]) == 0
    ((command, env),) = started
    assert f"--ServerApp.root_dir={tmp_path / 'mine'}" in command
    assert f"--LabApp.default_url=/lab/tree/{lessons.FIRST}" in command
    assert "--ServerApp.ip=127.0.0.1" in command
    assert (tmp_path / "mine" / lessons.FIRST).exists()
    assert env["JWTLAB_PROGRESS"] == str(tmp_path / "mine" / "progress.json")
    assert "Address: http://127.0.0.1:" in capsys.readouterr().out


def test_lab_without_a_folder_uses_this_one_and_hands_arguments_on(started, tmp_path):
    assert cli.main(["lab", "--no-browser", "--collaborative"]) == 0
    ((command, _),) = started
    assert command[-2:] == ["--no-browser", "--collaborative"]
    assert (tmp_path / lessons.FIRST).exists()


@pytest.mark.parametrize("words", [["--port", "8917"], ["--port=8917"], ["--ServerApp.port=8917"]])
def test_port_that_was_asked_for_is_taken(started, words, capsys):
    assert cli.main(["lab", "work", *words]) == 0
    ((command, _),) = started
    assert [word for word in command if word.startswith(("--port", "--ServerApp.port"))] == [
        "--ServerApp.port=8917"
    ]
    assert "http://127.0.0.1:8917/lab" in capsys.readouterr().out


def test_port_in_use_is_said_in_words(started, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert cli.main(["lab", "work", "--port", str(port)]) == 1
    assert f"port {port} is in use" in capsys.readouterr().err
    assert started == []


@pytest.mark.parametrize(
    "words",
    [["--port", "abc"], ["--port=99999"], ["--port"], ["--port="], ["--port=-1"], ["--port", "--no-browser"]],
)
def test_what_is_no_port_is_said_in_words_and_leaves_nothing_behind(started, words, capsys, tmp_path):
    assert cli.main(["lab", "work", *words]) == 1
    assert "is no port" in capsys.readouterr().err
    assert started == []
    assert not (tmp_path / "work").exists()


def test_port_zero_means_any_free_one(started, capsys):
    assert cli.main(["lab", "work", "--port", "0"]) == 0
    assert "127.0.0.1:0/" not in capsys.readouterr().out


def test_learners_own_option_wins(started):
    cli.main(["lab", "work", "--LabApp.extension_manager=pypi", "--IdentityProvider.token=mine"])
    ((command, _),) = started
    assert [word for word in command if "extension_manager" in word] == ["--LabApp.extension_manager=pypi"]
    assert [word for word in command if "token" in word] == ["--IdentityProvider.token=mine"]


@pytest.mark.parametrize(
    ("env", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, "linux", False),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_display_is_found_where_there_is_one(env, platform, expected):
    assert cli.has_display(env, platform) is expected


def test_environment_brings_settings_and_keeps_what_was_there(tmp_path):
    outer = {"JUPYTER_CONFIG_PATH": "/etc/there", "JWTLAB_PROGRESS": "/home/me/p.json", "PATH": "/bin"}
    env = cli.environment(tmp_path, outer)
    assert env["JUPYTER_CONFIG_PATH"] == os.pathsep.join([str(cli.SETTINGS), "/etc/there"])
    assert env["JWTLAB_PROGRESS"] == "/home/me/p.json"
    assert env["PATH"] == "/bin"
    assert (cli.SETTINGS / "labconfig" / "default_setting_overrides.json").exists()


def test_reset_says_where_the_learners_version_is(capsys, tmp_path):
    lessons.copy_missing(tmp_path)
    assert cli.main(["reset", "01"]) == 0
    assert "01_three_parts.backup-1.ipynb" in capsys.readouterr().out


def test_unknown_lesson_is_said_in_words(capsys):
    assert cli.main(["reset", "77"]) == 1
    error = capsys.readouterr().err
    assert "there is no lesson '77'" in error
    assert "Traceback" not in error


def test_folder_that_cannot_be_made_is_said_in_words(started, capsys, tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    assert cli.main(["lab", "file"]) == 1
    assert "file" in capsys.readouterr().err
    assert started == []


def test_help_and_version(capsys):
    assert cli.main([]) == 0
    assert "doctor" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
