"""The hub's end: at once, and with no traceback in its log, also where it was started by a script."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

pytest.importorskip("jupyterhub")

import hub_class


def deaf():
    """What a shell does for a command that a script starts in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def test_hub_and_all_that_it_starts_hear_the_signal_that_a_script_had_silenced(tmp_path):
    (tmp_path / "hub").mkdir()
    code = f"""
import os, sys
from pathlib import Path
from jwtlab.classroom.hub import start
become = os.execve
HEARD = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
os.execve = lambda program, words, environment: become(program, [program, "-c", HEARD], environment)
start._become_hub(Path({str(tmp_path)!r}), start.HubOptions(Path({str(tmp_path)!r})))
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, preexec_fn=deaf)
    assert (done.stdout, done.stderr) == ("True\n", "")


SERVICE = """
import asyncio, sys
from jwtlab.classroom.hub import service
async def work():
    try:
        print("up", flush=True)
        await asyncio.Event().wait()
    finally:
        print("put away", flush=True)
service.run(work())
print("ended")
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("before", [None, deaf], ids=["heard", "ignored"])
def test_service_puts_its_things_away_and_says_nothing_at_its_end(number, before):
    with subprocess.Popen(
        [sys.executable, "-c", SERVICE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=before,
    ) as process:
        assert process.stdout.readline() == "up\n"
        process.send_signal(number)
        said, errors = process.communicate(timeout=60)
    assert (said, errors, process.returncode) == ("put away\nended\n", "", 0)


def test_service_that_fails_says_why():
    code = "from jwtlab.classroom.hub import service\nasync def work(): raise OSError('no port')\nservice.run(work())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "no port" in done.stderr


@pytest.mark.long
def test_hub_in_the_background_ends_its_services_quietly(tmp_path, machine):
    folder = tmp_path / "course"
    hub_class.make_class(folder, 1, "board = true\n")
    with hub_class.hub(folder, background=True):
        pass
    log = (folder / "hub.log").read_text()
    assert "initiating shutdown" in log
    assert "...done" in log  # it ended on its own, before anybody lost patience
    assert "Traceback" not in log
