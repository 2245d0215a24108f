"""What a submission may use of the machine that grades it: processes, memory, room for files, the judge's line."""

from __future__ import annotations

import os
import time

import psutil
import pytest

pytest.importorskip("IPython")
if os.name != "posix":
    pytest.skip("students' code runs on Linux and macOS", allow_module_level=True)

from jwtlab.classroom import bubblewrap, processes, sandbox
from jwtlab.classroom.sandbox import Dead, Limits, StudentProcess

WALLS = pytest.mark.skipif(bubblewrap.program() is None, reason="bubblewrap is not installed here")
LIMITS = Limits(cell=20, whole=60)


@pytest.fixture
def no_walls(monkeypatch):
    monkeypatch.setattr(bubblewrap, "program", lambda: None)


def run(code, limits=LIMITS):
    """What a cell printed."""
    outputs = {}
    with StudentProcess(limits) as process:
        process.run([(0, code)], outputs)
    return "".join(each.get("text", each.get("evalue", "")) for each in outputs[0])


def until_gone(find):
    """Wait until the processes have ended."""
    until = time.monotonic() + 30
    while any(map(alive, find())):
        assert time.monotonic() < until
        time.sleep(0.05)


def alive(process):
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


MANY = """
import os, time
for _ in range(200):
    if os.fork() == 0:
        time.sleep(60)
        os._exit(0)
time.sleep(60)
"""


@pytest.mark.parametrize("walls", [True, False], ids=["walls", "no-walls"])
def test_too_many_processes_end_all_of_them(walls, request):
    if not walls:
        request.getfixturevalue("no_walls")
    elif bubblewrap.program() is None:
        pytest.skip("bubblewrap is not installed here")
    with StudentProcess(LIMITS) as process:
        started = process.process.pid
        with pytest.raises(Dead, match="started more than 64 processes"):
            process.run([(0, MANY)], {})
    until_gone(lambda: processes.session(started))


TOGETHER = """
import subprocess, sys, time
code = "import time; x = b'a' * (60 * 1024**2); time.sleep(60)"
children = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(4)]
time.sleep(60)
"""


def test_memory_of_all_processes_together_is_limited(monkeypatch):
    monkeypatch.setattr(sandbox, "MEMORY_TOGETHER", 200 * 1024**2)
    with pytest.raises(Dead, match="took more than 200 MB of memory"):
        run(TOGETHER)


@WALLS
@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm"])
def test_files_in_memory_have_little_room(folder):
    code = f"""
try:
    for number in range(20):
        with open("{folder}/" + str(number), "wb") as file:
            file.write(bytes(40 * 1024**2))
except OSError as error:
    print(number, error.strerror)
"""
    number, _, words = run(code).partition(" ")
    assert words == "No space left on device\n"
    assert int(number) < 8


@WALLS
def test_nothing_but_the_folder_for_temporary_files_can_be_written_to():
    code = """
for folder in ("/", "/dev/", "/etc/", "/usr/", "/tmp/", "/tmp/home/"):
    try:
        open(folder + "mine", "w").close()
        print(folder)
    except OSError:
        pass
open("/dev/null", "w").write("x")
"""
    assert run(code).split() == ["/tmp/", "/tmp/home/"]


FORGED = """
import json, os
line = json.dumps({message!r}).encode() + b"\\n"
for number in range(3, 1024):
    try:
        os.write(number, line)
    except OSError:
        pass
"""


@pytest.mark.parametrize(
    "message",
    [
        {"done": 7, "outputs": []},
        {"done": 0, "outputs": "x"},
        {"start": 1},
        {"end": True},
        {"done": True, "outputs": []},
        [1],
    ],
    ids=str,
)
def test_whoever_speaks_on_the_judges_line_is_not_listened_to_any_more(message):
    """It would fill the memory of whoever grades: a message for every cell that there is none of."""
    outputs = {}
    with (
        StudentProcess(LIMITS) as process,
        pytest.raises(Dead, match="it spoke on the judge's line"),
    ):
        process.run([(0, FORGED.replace("{message!r}", repr(message))), (1, "2")], outputs)
    assert 7 not in outputs


LEFT_BEHIND = """
import os
reading, writing = os.pipe()
if os.fork() == 0:
    child = os.fork()  # its parent ends at once: it is nobody's child any more
    if child == 0:
        import time
        time.sleep(600)
    os.write(writing, str(child).encode())
    os._exit(0)
os.wait()
print(os.read(reading, 20).decode())
"""


def test_nothing_of_a_submission_is_left_without_walls_either(no_walls):
    child = int(run(LEFT_BEHIND))
    until_gone(lambda: [psutil.Process(child)] if psutil.pid_exists(child) else [])


def test_tasks_of_this_account_are_counted():
    assert 0 < processes.tasks_of_this_account() < 100_000
