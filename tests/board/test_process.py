"""`jwtlab board` as a process on a real socket: a class of 300, a restart in the middle, and whom it lets reach it."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from crowd import Pupil, live_through

from jwtlab.board import server
from jwtlab.board.store import BoardStore
from jwtlab.errors import UsageError

CLASS = 300


@contextlib.contextmanager
def running(folder, *options, env=None):
    """The process, and what it says about itself; killed at the end, as a machine that loses power would."""
    command = [
        sys.executable,
        "-m",
        "jwtlab",
        "board",
        "--json",
        "--store",
        str(folder / "board.sqlite"),
        *options,
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    ) as process:
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            yield process, json.loads(line)
        finally:
            if process.poll() is None:
                process.kill()


@pytest.mark.long
def test_class_of_300_at_once_with_a_restart_in_the_middle(tmp_path):
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    client = httpx.Client(trust_env=False, timeout=60, limits=limits)

    def come(number):
        pupil = Pupil(client, told["address"], told["word"], f"learner {number}")
        live_through(pupil, "02", number)
        return pupil

    def stay(pupil):
        return pupil.send(pupil.wrong("03.1", "raised"), pupil.help("03.1")).status_code

    with client, ThreadPoolExecutor(60) as pool:
        with running(tmp_path, "--port", "0") as (_, told):
            pupils = list(pool.map(come, range(CLASS)))
        port = told["address"].rpartition(":")[2]
        with running(tmp_path, "--port", port) as (process, again):
            assert again == told
            assert set(pool.map(stay, pupils)) == {200}
            room = client.get(again["teacher"] + "&lesson=03", follow_redirects=True).text
            assert "300</b> learners have joined" in room
            assert "Half the room is stuck" in room
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
    store = BoardStore(tmp_path / "board.sqlite", lambda: 0)
    assert len({who.name for who in store.learners()}) == CLASS
    assert sum(each.exercise == "03.1" for each in store.answers()) == CLASS
    assert {each.learner for each in store.answers() if each.exercise == "02.1"} == {p.id for p in pupils}
    store.close()


def test_it_answers_under_its_own_name_only(tmp_path):
    with running(tmp_path, "--port", "0") as (_, told), httpx.Client(trust_env=False) as client:
        assert told["address"].startswith("http://127.0.0.1:")
        assert client.get(told["address"]).status_code == 200
        assert client.get(told["address"], headers={"Host": "rebound.example"}).status_code == 421


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "board.example"])
def test_others_reach_it_only_when_that_is_said_in_words(host):
    with pytest.raises(UsageError, match="--reachable-by-others"):
        server.place(server.BoardOptions(host=host))
    assert server.place(server.BoardOptions(host=host, others=True)) == host


def test_said_in_words_it_listens_everywhere_and_names_an_address_that_others_can_use(tmp_path):
    assert server.place(server.BoardOptions()) == "127.0.0.1"
    assert server.place(server.BoardOptions(others=True)) == "0.0.0.0"
    with running(tmp_path, "--port", "0", "--reachable-by-others") as (_, told):
        assert "0.0.0.0" not in told["address"]
        assert told["teacher"].startswith("http://127.0.0.1:")
        assert httpx.get(told["address"], trust_env=False, headers={"Host": "teacher.lan"}).status_code == 200


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--port", "70000"], "a port is a number"),
        (["--host", "0.0.0.0"], "--reachable-by-others"),
        (["--store", "/nowhere/at/all.sqlite"], "cannot be used to keep the board"),
    ],
)
def test_foreseeable_mistakes_get_a_sentence(tmp_path, options, said):
    command = [sys.executable, "-m", "jwtlab", "board", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_file_that_is_no_board_and_port_in_use_are_named(tmp_path):
    (tmp_path / "board.sqlite").write_text("my shopping list, and more of it " * 100)
    command = [sys.executable, "-m", "jwtlab", "board", "--store", str(tmp_path / "board.sqlite")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert "cannot be used to keep the board" in done.stderr
    assert (tmp_path / "board.sqlite").read_text().startswith("my shopping list")
    with running(tmp_path / "..", "--port", "0", "--store", str(tmp_path / "good.sqlite")) as (_, told):
        port = told["address"].rpartition(":")[2]
        command = [
            sys.executable,
            "-m",
            "jwtlab",
            "board",
            "--port",
            port,
            "--store",
            str(tmp_path / "x.sqlite"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert f"port {port}" in done.stderr
        assert "--port 0" in done.stderr


def test_under_a_hub_it_listens_where_the_hub_says_and_under_its_path(tmp_path):
    import os
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = os.environ | {
        "JUPYTERHUB_SERVICE_NAME": "board",
        "JUPYTERHUB_SERVICE_PREFIX": "/services/board/",
        "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{port}",
    }
    with running(tmp_path, env=env) as (_, told), httpx.Client(trust_env=False) as client:
        assert told["address"] == f"http://127.0.0.1:{port}/services/board"
        assert told["teacher"].startswith("/services/board/teacher/?key=")
        pupil = Pupil(client, told["address"], told["word"], "alice")
        assert pupil.send(pupil.right("02.1")).status_code == 200
        # As the hub's proxy hands it on: under the hub's own name.
        headers = {"Host": "hub.school.example"}
        seen = client.get(f"http://127.0.0.1:{port}{told['teacher']}", headers=headers)
        assert seen.status_code == 303
        assert seen.headers["Location"] == "/services/board/teacher/"


@pytest.mark.parametrize("url", ["", "http://127.0.0.1", "nonsense"])
def test_hub_service_without_an_address_is_named(url):
    given = {
        "JUPYTERHUB_SERVICE_NAME": "b",
        "JUPYTERHUB_SERVICE_PREFIX": "/x/",
        "JUPYTERHUB_SERVICE_URL": url,
    }
    with pytest.raises(UsageError, match="no address"):
        server.hub_place(given)
    assert server.hub_place({}) is None
