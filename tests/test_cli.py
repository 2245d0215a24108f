"""The command jwtlab: arguments, environment, and words instead of tracebacks."""

from __future__ import annotations

import datetime
import errno
import ipaddress
import os
import socket
import ssl
import subprocess
import sys
import urllib.request
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jwtlab import address, cli, jupyter_settings, lab_command, lessons


@pytest.fixture(autouse=True)
def own_place(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def started(monkeypatch):
    """What would have been started, instead of starting it."""
    calls = []
    monkeypatch.setattr(lab_command, "_serve", lambda command, env: calls.append((command, env)) or 0)
    return calls


def test_lab_copies_lessons_and_starts_on_the_first(started, tmp_path, capsys):
    assert cli.main(["lab", "mine"]) == 0
    ((command, env),) = started
    assert f"--ServerApp.root_dir={tmp_path / 'mine'}" in command
    assert f"--LabApp.default_url=/lab/tree/{lessons.FIRST}" in command
    assert "--ServerApp.ip=127.0.0.1" in command
    assert (tmp_path / "mine" / lessons.FIRST).exists()
    assert env["JWTLAB_PROGRESS"] == str(tmp_path / "mine" / "progress.json")
    assert f"Lessons in {tmp_path / 'mine'}" in capsys.readouterr().out


def test_lab_in_a_courses_folder_is_the_teachers_and_gets_no_lessons(started, tmp_path, capsys, monkeypatch):
    for name in (".secret", "nbgrader_config.py"):
        (tmp_path / name).write_text("")
    other = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    other.mkdir()
    monkeypatch.chdir(other)
    assert cli.main(["lab", str(tmp_path), "--no-browser"]) == 0
    ((command, env),) = started
    assert os.getcwd() == str(tmp_path)  # nbgrader's settings are found here
    assert f"--ServerApp.root_dir={tmp_path}" in command
    assert "--LabApp.default_url=/lab" in command
    assert env["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0] == str(jupyter_settings.SETTINGS)
    assert not list(tmp_path.glob("*.ipynb"))
    assert "Formgrader" in capsys.readouterr().out


def test_lab_without_a_folder_uses_this_one_and_hands_arguments_on(started, tmp_path):
    assert cli.main(["lab", "--no-browser", "--collaborative"]) == 0
    ((command, _),) = started
    assert command[-2:] == ["--no-browser", "--collaborative"]
    assert (tmp_path / lessons.FIRST).exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--port", "8917"],
        ["--port=8917"],
        ["--ServerApp.port=8917"],
        ["-p", "8917"],
        ["-p8917"],
        ["-p=8917"],
    ],
)
def test_port_that_was_asked_for_is_taken(started, words):
    assert cli.main(["lab", "work", *words]) == 0
    ((command, _),) = started
    named = [word for word in command if word.startswith(("-p", "--port", "--ServerApp.port", "8917"))]
    assert named == ["--ServerApp.port=8917"]


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
    [
        ["--port", "abc"],
        ["--port=99999"],
        ["--port"],
        ["--port="],
        ["--port=-1"],
        ["--port", "--no-browser"],
        ["-p", "x"],
    ],
)
def test_what_is_no_port_is_said_in_words_and_leaves_nothing_behind(started, words, capsys, tmp_path):
    assert cli.main(["lab", "work", *words]) == 1
    assert "is no port" in capsys.readouterr().err
    assert started == []
    assert not (tmp_path / "work").exists()


def test_port_zero_means_any_free_one(started):
    assert cli.main(["lab", "work", "--port", "0"]) == 0
    ((command, _),) = started
    assert "--ServerApp.port=0" not in command


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
    assert lab_command.has_display(env, platform) is expected


def test_environment_brings_settings_and_keeps_what_was_there(tmp_path):
    outer = {"JUPYTER_CONFIG_PATH": "/etc/there", "JWTLAB_PROGRESS": "/home/me/p.json", "PATH": "/bin"}
    env = lab_command.environment(tmp_path, outer)
    assert env["JUPYTER_CONFIG_PATH"] == os.pathsep.join([str(jupyter_settings.SETTINGS), "/etc/there"])
    assert env["JWTLAB_PROGRESS"] == "/home/me/p.json"
    assert env["PATH"] == os.pathsep.join([os.path.dirname(sys.executable), "/bin"])
    assert (jupyter_settings.SETTINGS / "labconfig" / "default_setting_overrides.json").exists()


def test_reset_says_where_the_learners_version_is(capsys, tmp_path):
    lessons.copy_missing(tmp_path)
    assert cli.main(["reset", "01"]) == 0
    assert "01_three_parts.backup-1.ipynb" in capsys.readouterr().out


def test_unknown_lesson_is_said_in_words(capsys):
    assert cli.main(["reset", "77"]) == 1
    error = capsys.readouterr().err
    assert "there is no lesson '77'" in error
    assert "Traceback" not in error


@pytest.mark.parametrize("words", [["lab", "file"], ["lab", "file/below"], ["reset", "00", "file"]])
def test_folder_that_is_a_file_is_said_in_words(started, capsys, tmp_path, words):
    (tmp_path / "file").write_text("x", "utf-8")
    assert cli.main(words) == 1
    error = capsys.readouterr().err
    assert str(tmp_path / "file") in error or "file is a file" in error
    assert error.count("\n") == 1
    assert started == []
    assert (tmp_path / "file").read_text("utf-8") == "x"


def test_reset_in_the_folder_of_the_originals_is_refused(monkeypatch, capsys):
    before = {path.name: path.read_bytes() for path in lessons.source().iterdir()}
    monkeypatch.chdir(lessons.source())
    assert cli.main(["reset", "03"]) == 1
    assert "original lessons" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in lessons.source().iterdir()} == before


def test_renewed_and_outdated_copies_are_both_said(started, monkeypatch, capsys, tmp_path):
    copied = lessons.Copied((), ("01_a.ipynb",), ("02_b.ipynb", "03_c.ipynb"), ("01_a.ipynb",))
    monkeypatch.setattr(lessons, "copy_missing", lambda folder: copied)
    assert cli.main(["lab", "mine"]) == 0
    said = capsys.readouterr().out
    assert "0 new, 2 renewed, 1 as you left them" in said
    assert "had not changed them: 02, 03" in said
    assert "jwtlab reset 01" in said


def test_disk_that_is_full_is_said_in_one_sentence_that_names_the_lesson(
    started, monkeypatch, capsys, tmp_path
):
    def full(number):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(lessons.os, "fsync", full)
    for words in (["lab", "mine"], ["reset", "00", "mine"]):
        assert cli.main(words) == 1
        assert capsys.readouterr().err == (
            f"jwtlab: {tmp_path / 'mine' / lessons.FIRST}: cannot be written (No space left on device)\n"
            if words[0] == "lab"
            else f"jwtlab: mine/{lessons.FIRST}: cannot be written (No space left on device)\n"
        )
    assert started == []


def test_home_that_cannot_be_written_is_replaced_and_said(started, monkeypatch, capsys, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    for name in (*lab_command.HOMES, "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, "")  # so that it is put back afterwards
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "file" / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "file" / "home"))
    assert cli.main(["lab", "mine"]) == 0
    ((_, env),) = started
    for name in lab_command.HOMES:
        assert env[name].startswith(str(tmp_path / "mine" / ".jwtlab")), name
    assert "cannot be written" in capsys.readouterr().out


def test_home_that_can_be_written_stays(tmp_path):
    assert lab_command.homes(tmp_path) == {}


def test_path_with_letters_that_the_terminal_lacks_is_printed_all_the_same(tmp_path):
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    with socket.socket() as other:  # so that it ends after the first lines
        other.bind(("127.0.0.1", 0))
        other.listen()
        command = [sys.executable, "-m", "jwtlab", "lab", "übung", f"-p{other.getsockname()[1]}"]
        answer = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in answer.stderr
    assert r"\xfcbung: " in answer.stdout
    assert answer.returncode == 1


# --- the printed address -----------------------------------------------------------------------------


def app(public="http://127.0.0.1:8888/lab?token=...", ip="127.0.0.1", token="t", custom=""):
    local = "http://127.0.0.1:8888/lab?token=..."
    identity = SimpleNamespace(token=token)
    return SimpleNamespace(
        public_url=public, local_url=local, ip=ip, custom_display_url=custom, identity_provider=identity
    )


@pytest.mark.parametrize(
    ("running", "command", "expected"),
    [
        (app(), ["--IdentityProvider.token=t"], "http://127.0.0.1:8888/lab?token=t"),
        (app(), [], "http://127.0.0.1:8888/lab"),  # out of the learner's configuration: not shown
        (app(token=""), ["--IdentityProvider.token="], "http://127.0.0.1:8888/lab"),
        (app("https://127.0.0.1:8888/x/lab"), [], "https://127.0.0.1:8888/x/lab"),
        (app("http://0.0.0.0:8888/lab", ip="0.0.0.0"), [], "http://127.0.0.1:8888/lab"),
        (
            app("https://hub.example/lab", ip="0.0.0.0", custom="https://hub.example"),
            [],
            "https://hub.example/lab",
        ),
    ],
)
def test_address_is_the_servers_own(running, command, expected):
    assert address.words(running, command)[0] == f"Address: {expected}"


def test_printed_address_is_the_real_one_with_base_url_certificate_and_a_port_taken_in_between(tmp_path):
    key, certificate = self_signed(tmp_path)
    env = {k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")} | {"HOME": str(tmp_path)}
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]  # after jwtlab has looked for a port, and before Jupyter takes it
        options = ["--ServerApp.base_url=/class/a/", f"--ServerApp.certfile={certificate}"]
        options.append(f"--ServerApp.keyfile={key}")
        command = lab_command.jupyterlab_command(tmp_path, options, taken, "secret", display=False)
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            command,
            env=lab_command.environment(tmp_path, env),
            stdout=pipe,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            printed = process.stdout.readline().strip()
            trusting = ssl.create_default_context(cafile=certificate)
            with urllib.request.urlopen(
                printed.removeprefix("Address: "), context=trusting, timeout=60
            ) as page:
                assert page.status == 200
                assert page.url.startswith(printed.removeprefix("Address: ").partition("?")[0])
        finally:
            process.terminate()
            process.communicate(timeout=60)
    assert printed.startswith("Address: https://127.0.0.1:")
    assert f":{taken}/" not in printed
    assert printed.endswith(f"/class/a/lab/tree/{lessons.FIRST}?token=secret")


def self_signed(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    return folder / "key.pem", folder / "certificate.pem"


def test_files_of_the_folder_do_not_stop_the_command(tmp_path):
    for name in ("token", "random", "http", "jwt", "secrets"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('mine')", "utf-8")
    for env in (os.environ, {**os.environ, "PYTHONPATH": str(tmp_path)}):
        command = [sys.executable, "-m", "jwtlab", "--version"]
        answer = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert answer.stdout.startswith("jwtlab "), answer.stderr
    command = lab_command.jupyterlab_command(tmp_path, ["--version"], 1, "", display=False)
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stderr


def test_help_and_version(capsys):
    assert cli.main([]) == 0
    assert "doctor" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
